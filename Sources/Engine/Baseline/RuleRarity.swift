/// How rarely a rule fires for one identity, and the numbers that say so: what it says of a day that it fired.
///
/// Its rate among the days of all of that kind is not the identity's own: a team that operates the audit logs sets off
/// the rules about them every week, and nobody else ever does. So the rate is taken times how much more often the rule
/// has fired for the identity's peers than for as many of all (both plus one, so that few peers say little), and a rule
/// that keeps firing for the identity itself is a habit like any other.
struct RuleRarity: Sendable, Hashable {
    /// In 1/1024 nat: -ln of the rate, `pointsMax` at most.
    var points: Int32 = 0
    /// On how many of its kind's days the rule fires: the upper end of the 95 % interval.
    var kindRate = 1.0
    /// The same for an identity of its peer group.
    var rate = 1.0
    /// Peers, and all identities, for which it has fired.
    var peers = 0
    var ofPeers = 0
    var others = 0
    var ofOthers = 0

    private static let pointsMax: Int32 = 9 * 1_024

    /// A rule of which nothing is known yet, and that says nothing therefore.
    init() {}

    /// - Parameter record: the days of the identity's kind.
    init(of rule: UInt32, _ record: ClassRecord, _ past: Past?, in baseline: Baseline) {
        kindRate = record.upperRate(of: rule)
        let group = past?.profile.peer ?? 0
        peers = Int(baseline.peerHolders[Baseline.peerKey(group, rule)])
        ofPeers = max(peers, Int(baseline.peerSizes[UInt64(group)]))
        others = Int(baseline.holders[UInt64(rule)])
        ofOthers = max(others, baseline.profiles.count)
        let expected = Double(ofPeers) * Double(others) / Double(max(1, ofOthers))
        rate = min(1, kindRate * Double(peers + 1) / (expected + 1))
        if let past, past.habits.hours(of: rule) >= Surprise.habitHours { rate = 1 }
        points = min(Self.pointsMax, Natural.surprise(rate))
    }

    var words: String {
        let text = "fires on at most \(Surprise.percent(kindRate)) of such days"
        guard others > 0 else { return text }
        let whom = "\(peers) of \(ofPeers) peers and \(others) of \(ofOthers) identities"
        return "\(text); it has fired for \(whom), so on at most \(Surprise.percent(rate)) of this identity's"
    }
}
