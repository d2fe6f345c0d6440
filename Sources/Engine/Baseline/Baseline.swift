/// What is usual, as of the close of a day: all that the next day's facts are measured against.
///
/// A value that never changes while a day is scored, so the order of the day's events cannot matter; the next one is
/// made from it and from the day's final facts (`closing`).
package struct Baseline: Sendable {
    /// Facts and novelties of one kind of identity in one dimension, in 1/1024, fading.
    struct Tally: Sendable, Hashable {
        var seen: Int64 = 0
        var novel: Int64 = 0
        /// Of the novelties, those that no peer had shown.
        var novelToPeers: Int64 = 0
    }

    var profiles = ProfileTable()
    /// Identities that have shown a value: in the whole tenant, and in a peer group.
    var holders = CountTable()
    var peerHolders = CountTable()
    var peerSizes = CountTable()
    /// Identities by the group that they have most in common with, whether it is large enough to be their peers or not.
    var groupSizes = CountTable()
    /// By kind and dimension: `kind * Dimension.count + dimension`.
    var tallies = [Tally](repeating: Tally(), count: 5 * Dimension.count)
    var classes: [DayClass: ClassRecord] = [:]
    /// Where a third and two thirds of the identities are less active.
    var activityCuts: (low: UInt16, high: UInt16) = (0, 0)
    /// What the budget has become through what was raised: its natural logarithm less that of the promise.
    var budgetShift = 0.0
    /// Identities active on a weekday and on a day of the weekend: fading averages.
    var active: (weekday: Double, weekend: Double) = (0, 0)
    var daysClosed = 0
    /// The last day closed.
    var lastDay: Int32?
    /// Alerts of the days closed, newest last, at most 28: what the promise is held against.
    var raised: [(day: Int32, alerts: Int32)] = []
    /// Days of identities that were reported: they teach nothing until somebody has judged them, or a week is over.
    var held: [HeldDay] = []
    /// The values of those days, by identity.
    var reported: [UInt64: Set<UInt32>] = [:]
    var risks: [UInt64: RiskHistory] = [:]
    /// Where people were last on the last day closed, where a database tells places.
    var lastPlaces: [UInt64: LastPlace] = [:]

    package init() {}

    struct HeldDay: Sendable {
        var entity: EntityDay
        var until: Int32
    }

    func tally(_ kind: EntityKind, _ dimension: Dimension) -> Tally {
        tallies[Int(kind.rawValue) * Dimension.count + Int(dimension.rawValue)]
    }

    /// So many identities come from the same addresses before those say nothing of where one of them is.
    private static let egressHoldersMin: UInt32 = 5

    /// Whether an address range is one that many come from: an office's, a private network's, a provider's gateway.
    func isShared(egress: UInt32) -> Bool { holders[UInt64(egress)] >= Self.egressHoldersMin }

    static func peerKey(_ peer: UInt32, _ value: UInt32) -> UInt64 { UInt64(peer) << 32 | UInt64(value) }

    func dayClass(_ profile: Profile?, _ kind: EntityKind, day: Int32) -> DayClass {
        var activity: UInt8 = 3
        if let profile, profile.activeDays >= UInt16(Surprise.learningDays) {
            activity =
                profile.activity <= activityCuts.low ? 0 : profile.activity <= activityCuts.high ? 1 : 2
        }
        return DayClass(kind: kind.rawValue, activity: activity, isWeekend: Self.isWeekend(day))
    }

    /// Saturday or Sunday; 1970 began on a Thursday.
    static func isWeekend(_ day: Int32) -> Bool {
        let weekday = (Int(day) % 7 + 7) % 7
        return weekday == 2 || weekday == 3
    }
}

/// An identity's days that weigh on its risk.
struct RiskHistory: Sendable {
    /// Older ones no longer count: days.
    static let daysMax: Int32 = 35

    var name: [UInt8]
    var kind: EntityKind
    /// Ascending by day.
    var days: [RiskDay] = []
}

/// What one day adds to an identity's risk.
struct RiskDay: Sendable, Hashable {
    struct Line: Sendable, Hashable {
        /// In 1/1024 nat.
        var nats: Int32
        var why: String
        var finding: String?
        var events: [String] = []
    }

    var day: Int32
    var lines: [Line]
}
