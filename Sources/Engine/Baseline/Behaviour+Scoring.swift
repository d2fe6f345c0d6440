/// Days are scored against what was usual before them.
extension Behaviour {
    /// A group's members who take up a value on one day before it is a roll-out: so many, and this share of them.
    static let rollOutMembersMin: UInt32 = 3
    static let rollOutShare = 0.05

    /// Brings a day's scores up to date: of all its identities, or of those to which something came.
    ///
    /// What is new to each is told first: what enough of a group takes up on the day surprises the less in each of them,
    /// so each is scored once, when that is known.
    mutating func rescore(_ day: Int32, against baseline: Baseline, isWhole: Bool) {
        guard let facts = book.days[day] else { return }
        // Taken out while it changes: a copy of a day's scores is as much as the scores.
        var state = open.removeValue(forKey: day) ?? OpenDay()
        var places = facts.touched.all
        if isWhole || state.scores.isEmpty {
            state.scores.removeAll(keepingCapacity: true)
            state.takers = CountTable()
            state.rollOuts = CountTable()
            places = facts.entities.indices.map { Int32($0) }
        }
        places.sort()
        var scorer = DayScorer(baseline, settings)
        count(places, facts, scorer, &state)
        let before = state.rollOuts
        state.rollOuts = rollOuts(state.takers, baseline)
        scorer.rollOuts = state.rollOuts
        let entities = facts.entities.span
        for place in places {
            let score = scorer.score(entities[Int(place)])
            if Int(place) < state.scores.count {
                state.scores[Int(place)] = score
            } else {
                state.scores.append(score)
            }
        }
        if places.count < facts.entities.count {
            for place in state.affected(since: before, but: places) {
                state.scores[place] = scorer.score(entities[place])
            }
        }
        open[day] = state
        book.days[day]?.settleTouched()
    }

    /// Counts who shows a value that is new to them.
    private func count(
        _ places: [Int32], _ facts: FactBook.Day, _ scorer: DayScorer, _ state: inout OpenDay
    ) {
        let entities = facts.entities.span
        var values: [UInt32] = []
        for place in places {
            if Int(place) < state.scores.count {
                let old = state.scores[Int(place)]
                for value in old.novelties { state.takers.release(Baseline.peerKey(old.peer, value)) }
            }
            let peer = scorer.novelties(of: entities[Int(place)], into: &values)
            for value in values { state.takers.add(Baseline.peerKey(peer, value)) }
        }
    }

    /// What enough of a group takes up, in eighths of it.
    private func rollOuts(
        _ takers: CountTable, _ baseline: Baseline
    ) -> CountTable {
        var rollOuts = CountTable()
        takers.forEach { key, members in
            guard members >= Self.rollOutMembersMin else { return }
            let peer = UInt32(key >> 32)
            let size = peer == 0 ? baseline.profiles.count : Int(baseline.peerSizes[UInt64(peer)])
            guard Double(members) >= Self.rollOutShare * Double(size) else { return }
            rollOuts[key] = UInt32(RollOut(Int(members), of: size).eighths)
        }
        return rollOuts
    }
}

extension Behaviour.OpenDay {
    /// Those besides `places` for whom something that is new to them is a roll-out now to another extent than before.
    fileprivate func affected(since before: CountTable, but places: [Int32]) -> [Int] {
        var changed = CountTable()
        rollOuts.forEach { if before[$0] != $1 { changed[$0] = 1 } }
        before.forEach { if rollOuts[$0] != $1 { changed[$0] = 1 } }
        if changed.isEmpty { return [] }
        var isDone = [Bool](repeating: false, count: scores.count)
        for place in places { isDone[Int(place)] = true }
        var affected: [Int] = []
        for place in scores.indices where !isDone[place] {
            let peer = scores[place].peer
            if scores[place].novelties.contains(where: { changed[Baseline.peerKey(peer, $0)] != 0 }) {
                affected.append(place)
            }
        }
        return affected
    }
}
