import Credentials
import Engine

/// How late a feed's records appear, learned while it is read: what decides how far back it is read again, and what
/// the ledger states about what may be missing.
///
/// Delays are counted in octaves of seconds. A record counts once, when it is first seen, and only if its time had
/// been asked for before or lies within the round: what a first start or an outage brings late says nothing.
package struct DelayCensus: Hashable, Sendable {
    /// The first holds delays below a second, the last everything from 97 days on.
    static let octaves = 24
    /// With so many, old ones begin to weigh less, so that a vendor's change shows.
    static let countedMax: Int64 = 1 << 20
    /// With fewer nothing is stated.
    static let countedMin: Int64 = 100

    private(set) var counts = [Int64](repeating: 0, count: octaves)

    package init() {}

    package var counted: Int64 { counts.reduce(0, +) }

    mutating func add(_ delay: Duration) {
        if counted >= Self.countedMax { counts = counts.map { $0 / 2 } }
        counts[Self.octave(of: delay)] += 1
    }

    /// The octave that a delay is in: 0 below 1 s, n from 2^(n−1) s on.
    static func octave(of delay: Duration) -> Int {
        let seconds = max(0, delay.components.seconds)
        return min(octaves - 1, Int64.bitWidth - seconds.leadingZeroBitCount)
    }

    /// Where an octave ends.
    static func end(of octave: Int) -> Duration { .seconds(Int64(1) << Int64(min(octave, 40))) }

    /// The share of records that are expected to appear later than `reach` after their time: those counted beyond it,
    /// and beyond what could be counted the tail that the last octaves before `horizon` let expect, each octave a
    /// fixed share of the one before (as heavy tails are; lighter ones are overstated).
    func beyond(_ reach: Duration, horizon: Duration) -> Double {
        let total = counted
        guard total > 0 else { return 0 }
        var late: Int64 = 0
        // An octave counts as beyond `reach` when any part of it is.
        for (octave, count) in counts.enumerated() where Self.end(of: octave) > reach { late += count }
        return (Double(late) + tail(behind: horizon)) / Double(total)
    }

    /// Records expected behind the horizon, which no reading could count.
    private func tail(behind horizon: Duration) -> Double {
        let own = Self.octave(of: horizon)
        // An octave that the horizon has hardly entered tells nothing.
        let last = max(1, horizon * 4 >= Self.end(of: own - 1) * 6 ? own : own - 1)
        let (near, before) = (Double(counts[last]), Double(counts[last - 1]))
        let share = min(0.9, near / max(1, before))
        return near * share / (1 - share)
    }

    /// The same with the one record more that may always be: never below what so few records can prove.
    func stated(beyond reach: Duration, horizon: Duration) -> Double {
        let total = Double(counted)
        return (beyond(reach, horizon: horizon) * total + 1) / (total + 2)
    }

    /// The delay that a share of the records does not exceed; `nil` while too few are counted.
    package func quantile(_ share: Double) -> Duration? {
        let total = counted
        guard total >= Self.countedMin else { return nil }
        var sum: Int64 = 0
        for (octave, count) in counts.enumerated() {
            sum += count
            if Double(sum) >= share * Double(total) { return Self.end(of: octave) }
        }
        return Self.end(of: Self.octaves - 1)
    }

    var json: JSONValue { .array(counts.map { .integer($0) }) }

    init?(json: JSONValue?) {
        guard let list = json?.array, list.count == Self.octaves else { return nil }
        let read = list.compactMap(\.integer)
        guard read.count == Self.octaves, read.allSatisfy({ (0...Self.countedMax).contains($0) }) else {
            return nil
        }
        counts = read
    }
}

/// How far back each round of a window feed reads again, and what that leaves to be missed.
///
/// Most rounds read back to where the census has proven that hardly anything is later; every now and then one reads
/// back to the whole horizon, which also is what keeps the census honest. The horizon is the vendor's documented
/// bound to begin with, and grows while the census shows a tail that reaches behind it.
struct Overlap: Hashable, Sendable {
    /// How often the horizon may double.
    static let growthMax = 4

    /// The vendor's bound, or the user's.
    let bound: Duration
    /// Whether the user has said how far: then it neither grows nor shrinks.
    let isFixed: Bool
    /// The share of records that may be missed.
    let residual: Double
    /// Never longer than the vendor keeps records.
    let reach: Duration

    private(set) var horizon: Duration

    init(bound: Duration, isFixed: Bool, residual: Double, reach: Duration, horizon: Duration? = nil) {
        self.bound = min(bound, reach)
        self.isFixed = isFixed
        self.residual = residual
        self.reach = reach
        self.horizon = isFixed ? self.bound : max(self.bound, min(horizon ?? self.bound, reach))
    }

    /// How often a round reads back to the horizon: each time is then read once more at three quarters of it or later.
    var deepEvery: Duration { horizon / 4 }

    /// What is missed, after all rounds.
    func missed(_ census: DelayCensus) -> Double? {
        guard census.counted >= DelayCensus.countedMin else { return nil }
        return census.stated(beyond: horizon, horizon: horizon)
    }

    /// How far an ordinary round reads back.
    func shallow(_ census: DelayCensus) -> Duration {
        guard !isFixed else { return bound }
        for octave in 3..<DelayCensus.octaves {
            let reach = DelayCensus.end(of: octave)
            if reach >= horizon { break }
            if census.stated(beyond: reach, horizon: horizon) <= residual { return reach }
        }
        return horizon
    }

    /// Looks whether the horizon is still far enough.
    mutating func review(_ census: DelayCensus) {
        guard !isFixed, census.counted >= DelayCensus.countedMin, horizon < reach,
            horizon < bound * (1 << Self.growthMax), census.beyond(horizon, horizon: horizon) > residual
        else { return }
        horizon = min(horizon * 2, reach, bound * (1 << Self.growthMax))
    }
}
