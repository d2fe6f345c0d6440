/// What enough of a group takes up on one day: how many of its members, in eighths and rounded up, so that one member
/// more seldom changes what is said of the others.
struct RollOut: Sendable, Hashable {
    private static let parts = 8

    /// At least one.
    let eighths: UInt8

    /// What a table counts as eighths; `nil` where it counts none.
    init?(eighths: UInt8) {
        if eighths == 0 { return nil }
        self.eighths = eighths
    }

    init(_ members: Int, of size: Int) {
        let (members, size) = (min(members, 1 << 32), max(1, size))
        eighths = UInt8(clamping: min(Self.parts, (members * Self.parts + size - 1) / size))
    }

    var share: Double { Double(eighths) / Double(Self.parts) }
}

/// How surprising it is that an identity shows a value, and the numbers that say so.
struct Surprise: Sendable, Hashable {
    /// In 1/1024 nat: -ln of the chance.
    var points: Int32
    /// How often the identity shows something new in this dimension, and its kind.
    var ownRate = 0.0
    var kindRate = 0.0
    /// Peers, and all identities, that have shown it.
    var peers = 0
    var ofPeers = 0
    var others = 0
    var ofOthers = 0
    /// Hours in which the identity showed it before.
    var before = 0
    var isNew = false
    /// Enough of the group took it up today.
    var isRollOut = false

    static let learningDays = 3
    /// How many facts the rate of an identity's kind counts for beside its own.
    private static let prior = 20.0
    /// Below so many facts nothing is called less likely than `uncertain`.
    private static let factsMin = 10.0
    private static let uncertain = 0.05
    /// Shown in so many hours, a value is a habit.
    static let habitHours = 4

    private static let places = DimensionSet([.network, .country, .device])

    static let none = Surprise(points: 0)

    /// The predictive chance with back-off: identity, peer group, tenant.
    static func of(
        _ fact: Fact, by past: Past?, _ kind: EntityKind, in baseline: Baseline,
        rollOut: RollOut?, isReported: Bool
    ) -> Surprise {
        let dimension = fact.dimension
        let slot = Int(dimension.rawValue)
        guard dimension.isHabit else { return none }
        let n = past.map { Double($0.profile.seen[slot]) } ?? 0
        let u = past.map { Double($0.profile.novel[slot]) } ?? 0
        let tally = baseline.tally(kind, dimension)
        let kindRate = (Double(tally.novel) + 1_024) / (Double(tally.seen) + 20_480)
        let ownRate = (u + prior * kindRate) / (n + prior)
        var surprise = Surprise(points: 0, ownRate: min(1, ownRate), kindRate: kindRate)
        surprise.before = past?.habits.hours(of: fact.value) ?? 0
        surprise.ofOthers = baseline.profiles.count
        var chance: Double
        if surprise.before >= habitHours { return surprise }
        if surprise.before > 0 {
            let distinct = Double(past?.habits.distinct(dimension) ?? 1)
            chance = min(1, distinct * (Double(surprise.before) + 0.5) / (n + 1))
        } else {
            surprise.isNew = true
            surprise.isRollOut = rollOut != nil
            let group = past?.profile.peer ?? 0
            surprise.peers = Int(baseline.peerHolders[Baseline.peerKey(group, fact.value)])
            surprise.ofPeers = max(surprise.peers, Int(baseline.peerSizes[UInt64(group)]))
            surprise.others = Int(baseline.holders[UInt64(fact.value)])
            let all = Double(max(surprise.others, surprise.ofOthers))
            var shared = 1.0
            if rollOut == nil {
                if surprise.peers > 0 {
                    shared = Double(surprise.peers + 1) / Double(surprise.ofPeers + 1)
                } else {
                    let loneliness = (Double(tally.novelToPeers) + 512) / (Double(tally.novel) + 1_024)
                    shared =
                        loneliness
                        * (surprise.others > 0
                            ? Double(surprise.others + 1) / (all + 1) : 1 / (2 * max(1, all)))
                }
            }
            chance = min(1, ownRate * min(1, shared))
            // What half of a group is given is no surprise in any of them. A new network that several come from on one day
            // may be one intruder's, and counts by the identity's own rate.
            if let rollOut, !places.contains(dimension) {
                chance = max(chance, rollOut.share)
            }
        }
        if n < factsMin || isReported { chance = max(chance, uncertain) }
        // An empty past is no evidence: who is new is compared with others who are.
        if (past?.profile.activeDays ?? 0) < UInt16(learningDays) { chance = max(chance, 0.5) }
        surprise.points = Natural.surprise(chance)
        return surprise
    }

    /// The formula read aloud.
    func words(_ dimension: Dimension) -> String {
        if before > 0 { return "seen in only \(before) hours before" }
        var text = "\(Self.percent(ownRate)) of what this identity shows is a new \(dimension.noun)"
        text += " (its kind: \(Self.percent(kindRate)))"
        if isRollOut { return text + "; its group is taking it up today" }
        if ofPeers > 0 { text += "; \(peers) of \(ofPeers) peers" } else { text += "; no peers are known" }
        return text + " and \(others) of \(ofOthers) identities have shown it"
    }

    static func percent(_ rate: Double) -> String {
        let tenths = Int((min(1, rate) * 1_000).rounded())
        return tenths == 0 ? "under 0.1 %" : "\(tenths / 10).\(tenths % 10) %"
    }
}
