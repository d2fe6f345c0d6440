/// One day's facts have become final: what the next day is measured against.
extension Baseline {
    /// What of a day was reported, and what somebody has said about it.
    struct Outcome: Sendable {
        /// Identities whose day was raised as a finding, with the finding's uid.
        var alerts: [UInt64: String] = [:]
        /// Reported days that somebody has judged: what was held is learned, or thrown away.
        var benign: Set<JudgedDay> = []
        var malicious: Set<JudgedDay> = []
    }

    /// How long the facts of a reported day wait for somebody's verdict: days.
    private static let heldDays: Int32 = 7
    private static let fadesMax: Int32 = 60
    /// A role or group that fewer have in common says nothing of what is usual; all of their account do then.
    private static let peersMin: UInt32 = 5
    /// More identities than this are too many to remember: those longest idle are forgotten.
    static let identitiesMax = 2_000_000

    func closing(
        _ day: Int32, _ facts: FactBook.Day, _ scores: [DayScore], _ outcome: Outcome, budget: Double
    ) -> Baseline {
        var next = self
        next.fade(to: day)
        let entities = facts.entities.span
        var keys: [(key: UInt64, place: Int)] = []
        keys.reserveCapacity(entities.count)
        for place in entities.indices { keys.append((entities[place].key, place)) }
        keys.sort { $0.key < $1.key }
        next.judgeByDays(keys, scores)
        let isCalibrated = daysClosed >= BehaviourSettings.learningDays
        for (key, place) in keys where RiskDay.mayWeigh(scores[place], isCalibrated: isCalibrated) {
            next.noteRisk(
                of: facts.entities[place], scores[place], finding: outcome.alerts[key],
                isCalibrated: isCalibrated)
        }
        next.count(day, active: entities.count, alerts: outcome.alerts.count, budget: budget)
        next.learn(day, facts, keys.map(\.place), scores, outcome)
        next.settlePeers(keys.map(\.key))
        next.lastDay = day
        next.daysClosed += 1
        return next
    }

    /// Adds the days to those that later ones of their classes are held against.
    private mutating func judgeByDays(_ keys: [(key: UInt64, place: Int)], _ scores: [DayScore]) {
        // Few classes and very many days: each is looked for once.
        var met: [(dayClass: DayClass, wider: [Int])] = []
        var names: [DayClass] = []
        var records: [ClassRecord] = []
        let scores = scores.span
        for (_, place) in keys {
            let own = scores[place].dayClass
            let at: Int
            if let known = met.firstIndex(where: { $0.dayClass == own }) {
                at = known
            } else {
                let wider = own.wider.map { name in
                    if let known = names.firstIndex(of: name) { return known }
                    names.append(name)
                    records.append(classes.removeValue(forKey: name) ?? ClassRecord())
                    return names.count - 1
                }
                met.append((own, wider))
                at = met.count - 1
            }
            for record in met[at].wider {
                records[record].add(
                    scores[place].points, combination: scores[place].combination, rules: scores[place].fired)
            }
        }
        for (name, record) in zip(names, records) { classes[name] = record }
    }

    /// The past counts less with every day, whether anything happened on it or not.
    private mutating func fade(to day: Int32) {
        lastPlaces = [:]
        let gap = max(1, min(Self.fadesMax, day - (lastDay ?? day - 1)))
        for _ in 0..<gap {
            for key in classes.keys { classes[key]?.fade() }
            for i in tallies.indices {
                tallies[i].seen = (tallies[i].seen * 63_000) >> 16
                tallies[i].novel = (tallies[i].novel * 63_000) >> 16
                tallies[i].novelToPeers = (tallies[i].novelToPeers * 63_000) >> 16
            }
        }
        for key in risks.keys {
            risks[key]?.days.removeAll { day - $0.day > RiskHistory.daysMax }
            if risks[key]?.days.isEmpty == true { risks[key] = nil }
        }
    }

    /// Keeps the promise: more alerts than promised make the next day's budget smaller, fewer make it larger.
    private mutating func count(_ day: Int32, active identities: Int, alerts: Int, budget: Double) {
        let count = Double(identities)
        if Self.isWeekend(day) {
            active.weekend = active.weekend == 0 ? count : 0.8 * active.weekend + 0.2 * count
        } else {
            active.weekday = active.weekday == 0 ? count : 0.8 * active.weekday + 0.2 * count
        }
        raised.append((day, Int32(clamping: alerts)))
        raised.removeAll { day - $0.day >= 28 }
        guard daysClosed >= BehaviourSettings.learningDays, budget > 0 else { return }
        let limit = 1.386_294_361_119_890_6
        budgetShift = max(-limit, min(limit, budgetShift + 0.1 * (1 - Double(alerts) / budget)))
    }

    // MARK: Learning

    private mutating func learn(
        _ day: Int32, _ facts: FactBook.Day, _ order: [Int], _ scores: [DayScore], _ outcome: Outcome
    ) {
        var waiting: [HeldDay] = []
        var habits: [Habit] = []
        for one in held {
            let judged = JudgedDay(key: one.entity.key, day: one.entity.day)
            if outcome.malicious.contains(judged) { continue }
            if one.until <= day || outcome.benign.contains(judged) {
                learn(one.entity, kind: nil, &habits)
            } else {
                waiting.append(one)
            }
        }
        let entities = facts.entities.span
        let kinds = scores.span
        for place in order {
            let kind = kinds[place].kind
            let judged = JudgedDay(key: entities[place].key, day: day)
            // Where somebody was is no habit: it is known of a reported day, too.
            if kind == .human, entities[place].traits.contains(.located), !outcome.malicious.contains(judged)
            {
                let last = LastPlace(of: facts.entities[place]) { isShared(egress: $0) }
                if let last { lastPlaces[judged.key] = last }
            }
            if outcome.alerts[judged.key] != nil, !outcome.benign.contains(judged) {
                if !outcome.malicious.contains(judged) {
                    waiting.append(HeldDay(entity: facts.entities[place], until: day + Self.heldDays))
                }
            } else if kind != .address {
                learn(entities[place], kind: kind, &habits)
            }
        }
        held = waiting
        reported = [:]
        for one in waiting {
            reported[one.entity.key, default: []].formUnion(one.entity.facts.map(\.value))
        }
    }

    /// Merges a day's facts into what is usual for its identity.
    ///
    /// - Parameter habits: room that is used again.
    private mutating func learn(
        _ entity: borrowing EntityDay, kind: EntityKind?, _ habits: inout [Habit]
    ) {
        habits.removeAll(keepingCapacity: true)
        let place: Int
        if let known = profiles.place(of: entity.key) {
            place = known
            habits += profiles.habits(at: known)
        } else {
            place = profiles.add(Profile(key: entity.key, day: entity.day))
        }
        var profile = profiles[place]
        let kind = kind ?? EntityKind(rawValue: profile.kind) ?? .human
        profile.odds = Int8(clamping: max(-20, min(20, Int(profile.odds) + entity.traits.odds)))
        profile.kind = kind.rawValue
        let gap = entity.day - profile.lastDay
        if gap > 0, profile.activeDays > 0 {
            profile.longestGap = max(profile.longestGap, UInt16(clamping: gap))
        }
        profile.lastDay = max(profile.lastDay, entity.day)
        profile.firstDay = min(profile.firstDay, entity.day)
        profile.activeDays = profile.activeDays == .max ? .max : profile.activeDays + 1
        for slot in profile.seen.indices {
            profile.seen[slot] *= 0.98
            profile.novel[slot] *= 0.98
        }
        var shown = 0
        for fact in entity.facts where fact.dimension.isRemembered {
            if fact.dimension != .rule, fact.dimension != .egress { shown += fact.count }
            learn(fact, on: entity.day, kind, &profile, &habits)
        }
        let base = Baseline.isWeekend(entity.day) ? 24 : 0
        for hour in 0..<24 where entity.hours >> UInt32(hour) & 1 == 1 {
            if profile.hours[base + hour] == .max {
                for i in 0..<24 { profile.hours[base + i] /= 2 }
            }
            profile.hours[base + hour] += 1
        }
        profile.activity = UInt16(clamping: (Int(profile.activity) * 7 + shown * 8) / 8)
        profile.learnPaces(entity)
        profiles.put(profile, habits, at: place)
    }

    private mutating func learn(
        _ fact: Fact, on day: Int32, _ kind: EntityKind, _ profile: inout Profile, _ habits: inout [Habit]
    ) {
        let isNew = habits[...].hours(of: fact.value) == 0
        let peerKey = Self.peerKey(profile.peer, fact.value)
        if fact.dimension.isHabit {
            let slot = Int(fact.dimension.rawValue)
            profile.seen[slot] += Float(fact.count)
            let tally = Int(kind.rawValue) * Dimension.count + slot
            tallies[tally].seen += Int64(fact.count) * 1_024
            // A newcomer's first days are no sign of how often its kind shows something new.
            if isNew, profile.activeDays > UInt16(Surprise.learningDays) {
                profile.novel[slot] += 1
                tallies[tally].novel += 1_024
                if peerHolders[peerKey] == 0 { tallies[tally].novelToPeers += 1_024 }
            }
        }
        if isNew {
            holders.add(UInt64(fact.value))
            peerHolders.add(peerKey)
        }
        guard let forgotten = habits.show(fact.value, count: fact.count, day: day) else { return }
        holders.release(UInt64(forgotten))
        peerHolders.release(Self.peerKey(profile.peer, forgotten))
    }

    /// Puts the day's identities among their peers, and says how active a third and two thirds of all are at most.
    private mutating func settlePeers(_ keys: [UInt64]) {
        let places = keys.compactMap { profiles.place(of: $0) }
        for place in places {
            let (old, new) = (profiles[place].group, profiles[place].commonGroup(profiles.habits(at: place)))
            guard old != new else { continue }
            groupSizes.release(UInt64(old))
            if new != 0 { groupSizes.add(UInt64(new)) }
            profiles[place].group = new
        }
        for place in places {
            let (old, group) = (profiles[place].peer, profiles[place].group)
            var peer = group
            if groupSizes[UInt64(group)] < Self.peersMin {
                let account = profiles[place].accountGroup(profiles.habits(at: place))
                if account != 0 { peer = account }
            }
            guard peer != old else { continue }
            if old != 0 { peerSizes.release(UInt64(old)) }
            for habit in profiles.habits(at: place) {
                peerHolders.release(Self.peerKey(old, habit.value))
                peerHolders.add(Self.peerKey(peer, habit.value))
            }
            peerSizes.add(UInt64(peer))
            profiles[place].peer = peer
        }
        if profiles.count > Self.identitiesMax { forgetIdle() }
        var activities = places.map { profiles[$0].activity }
        guard activities.count >= 3 else { return }
        activities.sort()
        activityCuts = (activities[activities.count / 3], activities[activities.count * 2 / 3])
    }

    private mutating func forgetIdle() {
        let newest = (lastDay ?? 0) + 1
        let days = (0..<profiles.count).map { newest - profiles[$0].lastDay }.sorted()
        let limit = max(1, days[Self.identitiesMax * 9 / 10])
        profiles = profiles.filtered { newest - $0.lastDay <= limit }
    }

    // MARK: Risk

    /// Remembers what of a day weighs on an identity's risk.
    private mutating func noteRisk(
        of entity: EntityDay, _ score: DayScore, finding: String?, isCalibrated: Bool
    ) {
        let lines = RiskDay.lines(of: entity, score, finding: finding, isCalibrated: isCalibrated)
        guard !lines.isEmpty else { return }
        var history = risks[entity.key] ?? RiskHistory(name: entity.name, kind: score.kind)
        history.kind = score.kind
        history.days.append(RiskDay(day: entity.day, lines: lines))
        risks[entity.key] = history
    }
}
