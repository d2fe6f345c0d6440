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
        let order = facts.entities.indices.sorted { facts.entities[$0].key < facts.entities[$1].key }
        for place in order {
            let score = scores[place]
            for wider in score.dayClass.wider {
                next.classes[wider, default: ClassRecord()].add(
                    score.points, combination: score.combination, rules: score.fired)
            }
            let entity = facts.entities[place]
            next.noteRisk(of: entity, score, finding: outcome.alerts[entity.key], in: self)
        }
        next.count(day, active: facts.entities.count, alerts: outcome.alerts.count, budget: budget)
        next.learn(day, facts, order, scores, outcome)
        next.settlePeers(order.map { facts.entities[$0].key })
        next.lastDay = day
        next.daysClosed += 1
        return next
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
        for one in held {
            let judged = JudgedDay(key: one.entity.key, day: one.entity.day)
            if outcome.malicious.contains(judged) { continue }
            if one.until <= day || outcome.benign.contains(judged) {
                learn(one.entity, kind: nil)
            } else {
                waiting.append(one)
            }
        }
        for place in order {
            let entity = facts.entities[place]
            let judged = JudgedDay(key: entity.key, day: day)
            // Where somebody was is no habit: it is known of a reported day, too.
            if scores[place].kind == .human, !outcome.malicious.contains(judged) {
                let last = LastPlace(of: entity) { isShared(egress: $0) }
                if let last { lastPlaces[entity.key] = last }
            }
            if outcome.alerts[entity.key] != nil, !outcome.benign.contains(judged) {
                if !outcome.malicious.contains(judged) {
                    waiting.append(HeldDay(entity: entity, until: day + Self.heldDays))
                }
            } else if scores[place].kind != .address {
                learn(entity, kind: scores[place].kind)
            }
        }
        held = waiting
        reported = [:]
        for one in waiting {
            reported[one.entity.key, default: []].formUnion(one.entity.facts.map(\.value))
        }
    }

    /// Merges a day's facts into what is usual for its identity.
    private mutating func learn(_ entity: EntityDay, kind: EntityKind?) {
        let place =
            profiles.place(of: entity.key) ?? profiles.add(Profile(key: entity.key, day: entity.day))
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
            learn(fact, of: entity, kind, &profile)
        }
        let base = Baseline.isWeekend(entity.day) ? 24 : 0
        for hour in 0..<24 where entity.hours >> UInt32(hour) & 1 == 1 {
            if profile.hours[base + hour] == .max {
                for i in 0..<24 { profile.hours[base + i] /= 2 }
            }
            profile.hours[base + hour] += 1
        }
        profile.activity = UInt16(clamping: (Int(profile.activity) * 7 + shown * 8) / 8)
        learnPaces(entity, &profile)
        profiles[place] = profile
    }

    private mutating func learn(
        _ fact: Fact, of entity: EntityDay, _ kind: EntityKind, _ profile: inout Profile
    ) {
        let isNew = profile.count(of: fact.value) == 0
        if fact.dimension.isHabit {
            let slot = Int(fact.dimension.rawValue)
            profile.seen[slot] += Float(fact.count)
            let tally = Int(kind.rawValue) * Dimension.count + slot
            tallies[tally].seen += Int64(fact.count) * 1_024
            // A newcomer's first days are no sign of how often its kind shows something new.
            if isNew, profile.activeDays > UInt16(Surprise.learningDays) {
                profile.novel[slot] += 1
                tallies[tally].novel += 1_024
                if peerHolders[Self.peerKey(profile.peer, fact.value)] ?? 0 == 0 {
                    tallies[tally].novelToPeers += 1_024
                }
            }
        }
        if isNew {
            holders[fact.value, default: 0] += 1
            peerHolders[Self.peerKey(profile.peer, fact.value), default: 0] += 1
        }
        guard let forgotten = profile.show(fact.value, count: fact.count, day: entity.day) else { return }
        Self.release(&holders, forgotten)
        Self.release(&peerHolders, Self.peerKey(profile.peer, forgotten))
    }

    private static func release<Key>(_ counts: inout [Key: UInt32], _ key: Key) {
        guard let count = counts[key] else { return }
        counts[key] = count > 1 ? count - 1 : nil
    }

    private func learnPaces(_ entity: EntityDay, _ profile: inout Profile) {
        for metric in [Sketch.Metric.changes, .deletions, .reads, .denials] {
            let slot = Int(metric.rawValue)
            for hour in 0..<24 where entity.hours >> UInt32(hour) & 1 == 1 {
                let sketch = entity.sketches.first { $0.metric == metric && Int($0.hour) == hour }
                profile.paces[slot].learn(sketch?.count ?? 0)
            }
        }
    }

    /// Puts the day's identities among their peers, and says how active a third and two thirds of all are at most.
    private mutating func settlePeers(_ keys: [UInt64]) {
        let places = keys.compactMap { profiles.place(of: $0) }
        for place in places {
            let (old, new) = (profiles[place].group, profiles[place].commonGroup)
            guard old != new else { continue }
            Self.release(&groupSizes, old)
            if new != 0 { groupSizes[new, default: 0] += 1 }
            profiles[place].group = new
        }
        for place in places {
            let profile = profiles[place]
            let isSmall = groupSizes[profile.group] ?? 0 < Self.peersMin
            let peer = isSmall && profile.accountGroup != 0 ? profile.accountGroup : profile.group
            guard peer != profile.peer else { continue }
            if profile.peer != 0 { Self.release(&peerSizes, profile.peer) }
            for habit in profile.habits {
                Self.release(&peerHolders, Self.peerKey(profile.peer, habit.value))
                peerHolders[Self.peerKey(peer, habit.value), default: 0] += 1
            }
            peerSizes[peer, default: 0] += 1
            profiles[place].peer = peer
        }
        if profiles.count > Self.identitiesMax { forgetIdle() }
        var activities = keys.compactMap { profiles.profile(of: $0)?.activity }
        guard activities.count >= 3 else { return }
        activities.sort()
        activityCuts = (activities[activities.count / 3], activities[activities.count * 2 / 3])
    }

    private mutating func forgetIdle() {
        let newest = (lastDay ?? 0) + 1
        let days = profiles.sorted.map { newest - $0.lastDay }.sorted()
        let limit = max(1, days[Self.identitiesMax * 9 / 10])
        profiles = profiles.filtered { newest - $0.lastDay <= limit }
    }

    // MARK: Risk

    /// Remembers what of a day weighs on an identity's risk.
    private mutating func noteRisk(
        of entity: EntityDay, _ score: DayScore, finding: String?, in before: Baseline
    ) {
        let lines = RiskDay.lines(
            of: entity, score, finding: finding,
            isCalibrated: before.daysClosed >= BehaviourSettings.learningDays)
        guard !lines.isEmpty else { return }
        var history = risks[entity.key] ?? RiskHistory(name: entity.name, kind: score.kind)
        history.kind = score.kind
        history.days.append(RiskDay(day: entity.day, lines: lines))
        risks[entity.key] = history
    }
}
