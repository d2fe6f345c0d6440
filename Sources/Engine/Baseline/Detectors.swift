/// What the detectors see in one identity's day: facts about several facts.
///
/// All of them read sets, so that the order and the repetition of events change nothing.
struct Detectors {
    struct Firing {
        var rule: BehaviourRule
        /// What it rests on: when, and where the event's uid stands in the day's bytes.
        var time: Timestamp
        var uids: [Extent]
        var why: String
        /// Surprise of a volume in 1/1024 nat; 0 for the others.
        var points: Int32 = 0
        /// The way from one place to the other, where a database tells both.
        var journey: Journey?

        /// The uids of the events that it rests on, the earliest first.
        func events(of entity: EntityDay) -> [String] {
            let earlier = journey.map(\.earlier).flatMap { $0.isEmpty ? nil : $0 }
            let own = uids.map { entity.bytes[$0.range] }
            return ([earlier?[...]].compactMap { $0 } + own).map { String(decoding: $0, as: UTF8.self) }
        }
    }

    private static let dormantDays: Int32 = 30
    private static let sprayVictims = 8
    private static let fatigueDenials = 3
    private static let fatigueWithin = Duration.minutes(15)
    private static let enumerationActions = 8
    private static let enumerationWithin = Duration.minutes(10)
    /// A volume less likely than e to the minus this, among all hours and metrics of a day, fires: 1/1024 nat.
    private static let volumePointsMin: Int32 = 7_168
    private static let volumeThingsMin = 8
    /// Hours times metrics that a day's volumes are looked at in.
    private static let volumeTrials = 96.0

    let entity: EntityDay
    let past: Past?
    let kind: EntityKind
    private(set) var firings: [Firing] = []

    /// - Parameters:
    ///   - isNew: whether a value counts as new to the identity, by its fact's place.
    ///   - last: where it was when the day before ended.
    ///   - isShared: whether many come from an egress.
    init(
        _ entity: EntityDay, _ past: Past?, _ kind: EntityKind, isNew: [Bool], last: LastPlace? = nil,
        isShared: (UInt32) -> Bool = { _ in false }
    ) {
        self.entity = entity
        self.past = past
        self.kind = kind
        if kind == .address {
            watchSource()
            return
        }
        if kind == .human, let journey = Journey.firing(on: entity, after: last, isShared: isShared) {
            firings.append(journey)
        }
        watchSessions()
        watchReturn()
        watchFactors(isNew)
        watchVolumes()
        watchEnumeration(isNew)
        watchRoles(isNew)
    }

    private mutating func watchSessions() {
        for (place, use) in entity.uses.enumerated() {
            for other in entity.uses[..<place]
            where other.session == use.session && other.network != use.network && other.agent != use.agent {
                guard other.agent != 0, use.agent != 0 else { continue }
                let (first, second) = other.first <= use.first ? (other, use) : (use, other)
                firings.append(
                    Firing(
                        rule: .sessionSplit, time: second.first, uids: [first.uid, second.uid],
                        why: "the credential changed both its network and its program within its life"))
                return
            }
        }
    }

    private mutating func watchReturn() {
        guard let profile = past?.profile, let first = entity.facts.min(by: { $0.time < $1.time }) else {
            return
        }
        let gap = entity.day - profile.lastDay
        guard gap > max(Self.dormantDays, 8 * Int32(profile.longestGap)) else { return }
        firings.append(
            Firing(
                rule: .dormantReturn, time: first.time, uids: [first.uid],
                why: "silent for \(gap) days; its longest silence before was \(profile.longestGap)"))
    }

    private mutating func watchFactors(_ isNew: [Bool]) {
        let denials = entity.moments.filter { $0.kind == .factorDenied }
        if denials.count >= Self.fatigueDenials {
            for last in (Self.fatigueDenials - 1)..<denials.count {
                let first = last - Self.fatigueDenials + 1
                guard denials[last].time - denials[first].time <= Self.fatigueWithin else { continue }
                let end = denials[last].time
                let isApproved = entity.moments.contains {
                    $0.kind == .factorApproved && $0.time >= end && $0.time - end <= Self.fatigueWithin
                }
                firings.append(
                    Firing(
                        rule: .factorFatigue, time: end, uids: denials[first...last].map(\.uid),
                        why: "\(denials.count) refusals of a second factor"
                            + (isApproved ? ", then it was approved" : "")))
                break
            }
        }
        guard let reset = entity.moments.first(where: { $0.kind == .factorReset }) else { return }
        for (place, fact) in entity.facts.enumerated()
        where isNew[place] && fact.time > reset.time
            && [.network, .agent, .device, .country].contains(fact.dimension)
        {
            firings.append(
                Firing(
                    rule: .factorDowngrade, time: fact.time, uids: [reset.uid, fact.uid],
                    why: "a factor was removed before a new \(fact.dimension.noun) was seen"))
            return
        }
    }

    private mutating func watchVolumes() {
        for metric in [Sketch.Metric.changes, .deletions, .reads, .denials] {
            var worst: Firing?
            for sketch in entity.sketches where sketch.metric == metric {
                let count = sketch.count
                guard count >= Self.volumeThingsMin else { continue }
                let pace = past?.profile.pace(of: metric) ?? Pace()
                let chance = min(1, Self.volumeTrials * pace.tail(count))
                let points = Natural.surprise(chance)
                guard points >= Self.volumePointsMin, points > worst?.points ?? 0 else { continue }
                let rule: BehaviourRule =
                    switch metric {
                    case .deletions: .massDeletion
                    case .reads: .exfiltration
                    case .denials: .deniedProbe
                    default: .burst
                    }
                let usual = Double(pace.things) / Double(pace.hours)
                worst = Firing(
                    rule: rule, time: sketch.time, uids: [sketch.uid],
                    why: "\(count) different ones between \(sketch.hour):00 and \(sketch.hour):59 UTC; "
                        + "usual are \(Int(usual.rounded(.up))) in an active hour",
                    points: points)
            }
            if let worst { firings.append(worst) }
        }
    }

    private mutating func watchEnumeration(_ isNew: [Bool]) {
        var looks: [Fact] = []
        for (place, fact) in entity.facts.enumerated()
        where isNew[place] && fact.dimension == .action && fact.level <= AccessLevel.read.rawValue {
            looks.append(fact)
        }
        guard looks.count >= Self.enumerationActions else { return }
        looks.sort { ($0.time, $0.value) < ($1.time, $1.value) }
        for last in (Self.enumerationActions - 1)..<looks.count {
            let first = last - Self.enumerationActions + 1
            guard looks[last].time - looks[first].time <= Self.enumerationWithin else { continue }
            firings.append(
                Firing(
                    rule: .enumeration, time: looks[last].time, uids: looks[first...last].map(\.uid),
                    why: "\(looks.count) listing and reading actions that it never used before"))
            return
        }
    }

    private mutating func watchRoles(_ isNew: [Bool]) {
        guard let past, past.profile.activeDays >= UInt16(Surprise.learningDays) else { return }
        for (place, fact) in entity.facts.enumerated() where isNew[place] {
            if fact.dimension == .role, kind == .human, !firings.contains(where: { $0.rule == .newChain }) {
                firings.append(
                    Firing(rule: .newChain, time: fact.time, uids: [fact.uid], why: "never before"))
            }
            if fact.dimension == .network, kind != .human, entity.traits.contains(.workload),
                !firings.contains(where: { $0.rule == .outsideWorkload })
            {
                firings.append(
                    Firing(
                        rule: .outsideWorkload, time: fact.time, uids: [fact.uid],
                        why:
                            "its credentials have only been used from \(past.habits.distinct(.network)) networks"
                    ))
            }
        }
    }

    private mutating func watchSource() {
        for sketch in entity.sketches where sketch.metric == .victims && sketch.count >= Self.sprayVictims {
            let entered = entity.sketches.filter { $0.metric == .successes && $0.hour >= sketch.hour }
            let inHour = entered.first { $0.hour == sketch.hour }?.count ?? 0
            guard sketch.count >= 2 * inHour else { continue }
            firings.append(
                Firing(
                    rule: .spray, time: sketch.time, uids: [sketch.uid],
                    why: "\(sketch.count) users' sign-ins failed within an hour"))
            if let success = entered.first {
                firings.append(
                    Firing(
                        rule: .stuffingHit, time: success.time, uids: [success.uid],
                        why: "\(success.count) users got in"))
            }
            return
        }
    }
}
