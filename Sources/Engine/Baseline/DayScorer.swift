/// Scores the days of identities against a baseline, one after the other.
///
/// Its room is used again from day to day, and what is the same for all of a class is read once.
struct DayScorer {
    /// Tenths, by what an action can do.
    private static let levelWeights: InlineArray<4, Int32> = [8, 10, 13, 17]
    private static let origins = DimensionSet([.network, .country])
    private static let programs = DimensionSet([.agent, .device, .method, .client])
    /// Members of the sum of actions.
    private static let actionsMax = 8
    /// A rule counts at most so much, by its level: one that says only where to look is no proof for being rare.
    private static let rulePointsMaxByLevel: InlineArray<5, Int32> = [2_048, 4_096, 6_144, 9_216, 9_216]
    /// A fact less surprising than one nat is no sign.
    private static let signPointsMin: Int32 = 1_024
    /// What a day is made of is kept for those that no more than one in twenty comes up to: neither an alert nor a line of
    /// the risk ledger rests on others.
    static let toldChanceMax = 0.05
    /// Days of a kind before the rarity of combinations and rules is believed.
    private static let daysMin = 50.0
    private static let presenceMin = 20.0

    private let baseline: Baseline
    private let settings: BehaviourSettings
    /// What a group takes up on the day, in eighths, by `Baseline.peerKey`.
    var rollOuts = CountTable()
    private var benches: [DayBench] = []

    private var past: Past?
    private var score = DayScore(dayClass: DayClass(kind: 0, activity: 0, isWeekend: false))
    private var shares: [DayScore.Share] = []
    private var surprises: [Surprise] = []
    private var novelties: [UInt32] = []
    private var candidates: [(points: Int32, place: Int)] = []
    private var bench = 0

    init(_ baseline: Baseline, _ settings: BehaviourSettings) {
        self.baseline = baseline
        self.settings = settings
    }

    /// What is new to an identity on a day, whatever anybody else does on it; and its peers.
    func novelties(
        of entity: borrowing EntityDay, into values: inout [UInt32]
    ) -> UInt32 {
        values.removeAll(keepingCapacity: true)
        let past = baseline.profiles.past(of: entity.key)
        let expected = settings.expected(entity.key, on: entity.day)
        for fact in entity.facts where fact.dimension.isHabit {
            if !expected.isEmpty, expected.contains(fact.value) { continue }
            if past?.habits.hours(of: fact.value) ?? 0 == 0 { values.append(fact.value) }
        }
        return past?.profile.peer ?? 0
    }

    mutating func score(_ entity: borrowing EntityDay) -> DayScore {
        let past = baseline.profiles.past(of: entity.key)
        self.past = past
        let kind = EntityKind(entity.traits, odds: Int(past?.profile.odds ?? 0) * 2 + entity.traits.odds)
        score = DayScore(dayClass: baseline.dayClass(past?.profile, kind, day: entity.day))
        score.kind = kind
        score.peer = past?.profile.peer ?? 0
        bench = bench(of: score.dayClass)
        shares.removeAll(keepingCapacity: true)
        let expected = settings.expected(entity.key, on: entity.day)
        readSurprises(entity, expected)
        let last = baseline.lastPlaces.isEmpty ? nil : baseline.lastPlaces[entity.key]
        let detectors = Detectors(
            copy entity, past, kind, isNew: surprises.map { $0.isNew && !$0.isRollOut }, last: last,
            isShared: { self.baseline.isShared(egress: $0) })
        score.firings = detectors.firings
        addGreatest(of: Self.origins, entity)
        addGreatest(of: Self.programs, entity)
        addHour(entity)
        addActions(entity)
        addVolume()
        addCombination(entity)
        addRules(entity, expected)
        score.points = shares.reduce(0) { $0 + $1.points }
        let judge = benches[bench]
        score.chance = judge.tails?.chance(score.points) ?? 1
        score.outOf = judge.tails?.days ?? 0
        score.judge = judge.judge
        if score.chance > Self.toldChanceMax {
            // Nobody asks what an ordinary day is made of, and there are very many of them.
            score.covered = []
        } else {
            score.shares = shares
        }
        return score
    }

    private mutating func readSurprises(_ entity: borrowing EntityDay, _ expected: Set<UInt32>) {
        surprises.removeAll(keepingCapacity: true)
        novelties.removeAll(keepingCapacity: true)
        let reported = baseline.reported.isEmpty ? [] : baseline.reported[entity.key] ?? []
        for fact in entity.facts {
            if !expected.isEmpty, expected.contains(fact.value) {
                surprises.append(.none)
                continue
            }
            let surprise = Surprise.of(
                fact, by: past, score.kind, in: baseline,
                rollOut: RollOut(
                    eighths: UInt8(clamping: rollOuts[Baseline.peerKey(score.peer, fact.value)])),
                isReported: reported.contains(fact.value))
            surprises.append(surprise)
            if surprise.isNew { novelties.append(fact.value) }
        }
        score.novelties = novelties.map { $0 }
    }

    /// What the days of a class are held against, read when one of them is met first.
    private mutating func bench(of dayClass: DayClass) -> Int {
        if let known = benches.firstIndex(where: { $0.dayClass == dayClass }) { return known }
        let active = max(baseline.active.weekday, baseline.active.weekend)
        benches.append(
            DayBench(dayClass, baseline, daysNeeded: max(50, 2 * active / max(0.1, settings.budget))))
        return benches.count - 1
    }

    /// Dependent dimensions never add up: the greatest takes all, the others are covered by it.
    private mutating func addGreatest(of dimensions: DimensionSet, _ entity: borrowing EntityDay) {
        var greatest: Int?
        var others: [Int] = []
        for (place, fact) in entity.facts.enumerated() where dimensions.contains(fact.dimension) {
            guard surprises[place].points > 0 else { continue }
            if let best = greatest, surprises[best].points >= surprises[place].points {
                others.append(place)
            } else {
                if let best = greatest { others.append(best) }
                greatest = place
            }
        }
        guard let greatest else { return }
        shares.append(
            DayScore.Share(points: surprises[greatest].points, part: .fact(greatest, surprises[greatest])))
        score.covered += others
        for place in [greatest] + others where surprises[place].points >= Self.signPointsMin {
            sign(Int(entity.facts[place].dimension.rawValue))
        }
    }

    private mutating func sign(_ bit: Int) { score.combination |= 1 << UInt64(bit) }

    private mutating func addHour(_ entity: borrowing EntityDay) {
        guard score.kind == .human, let profile = past?.profile else { return }
        let isWeekend = Baseline.isWeekend(entity.day)
        var (least, at) = (1.0, -1)
        for hour in 0..<24 where entity.hours >> UInt32(hour) & 1 == 1 {
            let (here, all) = profile.presence(hour: hour, isWeekend: isWeekend)
            guard all > Self.presenceMin else { continue }
            let chance = min(1, 24 * (here + 0.3) / (all + 7.2))
            if chance < least { (least, at) = (chance, hour) }
        }
        let points = Natural.surprise(least) / 2
        guard at >= 0, points > 0 else { return }
        shares.append(DayScore.Share(points: points, part: .hour(at)))
        if points >= Self.signPointsMin { sign(14) }
    }

    private mutating func addActions(_ entity: borrowing EntityDay) {
        candidates.removeAll(keepingCapacity: true)
        for (place, fact) in entity.facts.enumerated() where surprises[place].points > 0 {
            var points = surprises[place].points
            switch fact.dimension {
            case .action:
                points = points * Self.levelWeights[Int(min(3, fact.level))] / 10
                if fact.isCatalogued { points = points * 3 / 2 }
                guard surprises[place].points >= Self.signPointsMin else { break }
                sign(10)
                if fact.level == 2 { sign(11) }
                if fact.level == 3 { sign(12) }
                if fact.isCatalogued { sign(13) }
            case .region, .account, .role, .service:
                if surprises[place].points >= Self.signPointsMin { sign(Int(fact.dimension.rawValue)) }
                // A new service comes with new actions, which say it already.
                if fact.dimension == .service { continue }
            default: continue
            }
            candidates.append((points, place))
        }
        candidates.sort { ($0.points, $1.place) > ($1.points, $0.place) }
        for (rank, candidate) in candidates.enumerated() {
            guard rank < Self.actionsMax else {
                score.covered.append(candidate.place)
                continue
            }
            shares.append(
                DayScore.Share(
                    points: Natural.damped(candidate.points, rank: rank + 1),
                    part: .fact(candidate.place, surprises[candidate.place])))
        }
    }

    private mutating func addVolume() {
        var greatest: Int?
        for (place, firing) in score.firings.enumerated()
        where firing.points > greatest.map({ score.firings[$0].points }) ?? 0 {
            greatest = place
        }
        guard let greatest else { return }
        shares.append(
            DayScore.Share(points: score.firings[greatest].points, part: .volume(greatest)))
    }

    /// The rarity of this set of signs among the days of the kind: what adding up points does not see.
    private mutating func addCombination(_ entity: borrowing EntityDay) {
        for firing in score.firings { sign(16 + Int(firing.rule.rawValue)) }
        for fact in entity.facts where fact.dimension == .rule {
            // What its peers set off every day is as little a sign as an action that they all have.
            guard rarity(of: fact.value).points >= Self.signPointsMin else { continue }
            if let own = BehaviourRule.of(fact.value) {
                sign(16 + Int(own.rawValue))
            } else {
                sign(40 + Int(min(4, fact.level)))
            }
        }
        guard score.combination != 0, let kind = benches[bench].kind, kind.days >= Self.daysMin else {
            return
        }
        let frequency = benches[bench].frequency(of: score.combination)
        let points = 2 * Natural.surprise(frequency)
        guard points > 0 else { return }
        shares.append(DayScore.Share(points: points, part: .combination(frequency)))
    }

    private func rarity(of rule: UInt32) -> RuleRarity {
        guard let record = benches[bench].kind, record.days >= Self.daysMin else { return RuleRarity() }
        return RuleRarity(of: rule, record, past, in: baseline)
    }

    /// One term for each rule and day: how much likelier it is under attack than its rate says it is otherwise.
    private mutating func addRules(_ entity: borrowing EntityDay, _ expected: Set<UInt32>) {
        for (place, firing) in score.firings.enumerated() {
            let value = firing.rule.value
            guard !expected.contains(value) else { continue }
            score.fired.append(value)
            let rarity = rarity(of: value)
            guard rarity.points > 0 else { continue }
            shares.append(DayScore.Share(points: rarity.points, part: .detector(place, rarity)))
        }
        var hits: [(share: DayScore.Share, place: Int)] = []
        for (place, fact) in entity.facts.enumerated() where fact.dimension == .rule {
            guard !expected.contains(fact.value) else { continue }
            score.fired.append(fact.value)
            let rarity = rarity(of: fact.value)
            let points = min(rarity.points, Self.rulePointsMaxByLevel[Int(min(4, fact.level))])
            if points > 0 { hits.append((DayScore.Share(points: points, part: .rule(place, rarity)), place)) }
        }
        addGreatestOfEvents(hits, entity)
    }

    /// Rules that fire on one event say one thing: the greatest takes all, the others are covered by it.
    private mutating func addGreatestOfEvents(
        _ hits: [(share: DayScore.Share, place: Int)], _ entity: borrowing EntityDay
    ) {
        if hits.isEmpty { return }
        let bytes = entity.bytes
        var counted: [Extent] = []
        for (share, place) in hits.sorted(by: { ($0.share.points, $1.place) > ($1.share.points, $0.place) }) {
            let uid = entity.facts[place].uid
            let isCovered = counted.contains { bytes[$0.range] == bytes[uid.range] }
            if isCovered {
                score.covered.append(place)
            } else {
                counted.append(uid)
                shares.append(share)
            }
        }
    }
}

/// What days of one class are held against: read from the baseline once for all of them.
private struct DayBench {
    let dayClass: DayClass
    /// The conformal p-value is told among the days of the narrowest class that has enough of them.
    private(set) var judge: DayClass
    private(set) var tails: ClassRecord.Tails?
    /// The days of the kind.
    let kind: ClassRecord?
    private var frequencies: [UInt64: Double] = [:]

    init(_ dayClass: DayClass, _ baseline: Baseline, daysNeeded: Double) {
        self.dayClass = dayClass
        judge = dayClass
        kind = baseline.classes[dayClass.wholeKind]
        for wider in dayClass.wider {
            guard let record = baseline.classes[wider] else { continue }
            tails = record.tails
            judge = wider
            if record.days >= daysNeeded { return }
        }
    }

    /// The share of the kind's days that had these signs.
    mutating func frequency(of combination: UInt64) -> Double {
        if let known = frequencies[combination] { return known }
        let frequency = kind?.frequency(of: combination) ?? 1
        frequencies[combination] = frequency
        return frequency
    }
}
