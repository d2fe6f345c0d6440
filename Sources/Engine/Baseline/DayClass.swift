/// Which entity-days a day is compared with: those of the same kind of identity, about as active, on the same kind
/// of day.
package struct DayClass: Sendable, Hashable {
    /// 0 to 4: `EntityKind`; `any` for all of them.
    var kind: UInt8
    /// 0 to 2 by how active it usually is, 3 for a newcomer.
    var activity: UInt8
    var isWeekend: Bool

    static let any: UInt8 = 255
    /// For `activity`: however active, on any day of the week.
    static let always: UInt8 = 254

    /// From the narrowest to the widest: the first that has enough days counts.
    var wider: [DayClass] {
        [
            self, DayClass(kind: kind, activity: Self.any, isWeekend: isWeekend), wholeKind,
            DayClass(kind: Self.any, activity: Self.always, isWeekend: false),
        ]
    }

    var wholeKind: DayClass { DayClass(kind: kind, activity: Self.always, isWeekend: false) }

    var order: UInt32 { UInt32(kind) << 16 | UInt32(activity) << 8 | (isWeekend ? 1 : 0) }

    /// What explanations call it.
    var words: String {
        let kinds = ["humans", "machines", "services", "break-glass identities", "addresses"]
        var text = kind == Self.any ? "all identities" : kinds[Int(min(kind, 4))]
        switch activity {
        case 0: text = "quiet \(text)"
        case 2: text = "busy \(text)"
        case 3: text += " that are new"
        default: break
        }
        return isWeekend ? text + " on weekends" : text
    }
}

/// What the past days of one class came to, fading by 5 % a day: the judge of what is unusual.
struct ClassRecord: Sendable {
    /// A bin of the statistic: 1/4 nat, in its units of 1/1024.
    static let binWidth: Int32 = 256
    static let bins = 512
    /// A day counts so much, in fixed point.
    static let one: Int64 = 1_024
    /// Combinations of signs remembered; past it the rarest are forgotten.
    private static let combinationsMax = 4_096

    private(set) var histogram: [Int64] = []
    private(set) var total: Int64 = 0
    /// How often each combination of signs came.
    private(set) var combinations: [UInt64: Int64] = [:]
    /// How often each rule fired.
    private(set) var rules: [UInt32: Int64] = [:]

    init() {}

    init(histogram: [Int64], total: Int64, combinations: [UInt64: Int64], rules: [UInt32: Int64]) {
        self.histogram = histogram
        self.total = total
        self.combinations = combinations
        self.rules = rules
    }

    /// Entity-days, as far as they still count.
    var days: Double { Double(total) / Double(Self.one) }

    fileprivate static func bin(_ points: Int32) -> Int { min(bins - 1, Int(max(0, points) / binWidth)) }

    mutating func fade() {
        func faded(_ count: Int64) -> Int64 { (count * 62_259) >> 16 }
        total = 0
        for i in histogram.indices {
            histogram[i] = faded(histogram[i])
            total += histogram[i]
        }
        combinations = combinations.compactMapValues { faded($0) > 8 ? faded($0) : nil }
        rules = rules.compactMapValues { faded($0) > 8 ? faded($0) : nil }
    }

    mutating func add(_ points: Int32, combination: UInt64, rules fired: [UInt32]) {
        if histogram.isEmpty { histogram = Array(repeating: 0, count: Self.bins) }
        histogram[Self.bin(points)] += Self.one
        total += Self.one
        combinations[combination, default: 0] += Self.one
        for rule in fired { rules[rule, default: 0] += Self.one }
        if combinations.count > Self.combinationsMax {
            let kept = combinations.sorted { ($0.value, $1.key) > ($1.value, $0.key) }
            combinations = Dictionary(
                uniqueKeysWithValues: kept.prefix(Self.combinationsMax / 2).map { ($0.key, $0.value) })
        }
    }

    /// How many of the days came to as much as each bin or more.
    var tails: Tails {
        var tails = Tails(days: days)
        var sum: Int64 = 0
        for (bin, count) in histogram.enumerated().reversed() {
            sum += count
            tails.above[bin] = sum
        }
        return tails
    }

    struct Tails: Sendable {
        let days: Double
        fileprivate var above = [Int64](repeating: 0, count: ClassRecord.bins)

        fileprivate init(days: Double) { self.days = days }

        /// The share of the days, the one asked about among them, that came to as much or more.
        func chance(_ points: Int32) -> Double {
            (1 + Double(above[ClassRecord.bin(points)]) / Double(ClassRecord.one)) / (1 + days)
        }
    }

    /// The share of days that had these signs, and perhaps others.
    func frequency(of combination: UInt64) -> Double {
        guard combination != 0 else { return 1 }
        var with: Int64 = 0
        for (other, count) in combinations where other & combination == combination { with += count }
        return (1 + Double(with) / Double(Self.one)) / (1 + days)
    }

    /// The upper end of the 95 % interval (Wilson) of how often a rule fires on a day.
    func upperRate(of rule: UInt32) -> Double {
        let n = days
        guard n > 0 else { return 1 }
        let k = Double(rules[rule] ?? 0) / Double(Self.one)
        let z = 1.96
        let center = k + z * z / 2
        let spread = z * (k * max(0, n - k) / n + z * z / 4).squareRoot()
        return min(1, (center + spread) / (n + z * z))
    }
}
