/// What a correlation's condition is asked of: the signals of one group within one timespan.
///
/// Signals come in and go out in the order of their times. Everything summed is a whole number, so a window that was
/// refilled after a restart answers as one that was never emptied.
struct CorrelationWindow {
    private let correlation: SigmaCorrelation
    private var count = 0
    private var sum: Int128 = 0
    /// Ascending; of percentiles only.
    private var sorted: [Int128] = []
    private var times: [[[UInt8]]: Int] = [:]
    private var ofMembers: [Int]
    /// By the number of rules that have followed each other: when the latest such run began.
    private var runs: [Timestamp?]
    /// The same before the time at hand.
    private var runsBefore: [Timestamp?]
    private var now: Timestamp?
    /// By member: the runs that end at the time at hand, the one that began last first.
    private var best: [[(start: Timestamp, uid: [UInt8])]]

    init(_ correlation: SigmaCorrelation) {
        self.correlation = correlation
        ofMembers = [Int](repeating: 0, count: correlation.references.count)
        runs = [Timestamp?](repeating: nil, count: correlation.references.count)
        runsBefore = runs
        best = .init(repeating: [], count: correlation.references.count)
    }

    mutating func add(_ signal: CorrelationSignal) {
        count += 1
        switch correlation.kind {
        case .eventCount: break
        case .valueCount: for key in keys(of: signal) { times[key, default: 0] += 1 }
        case .temporal: ofMembers[Int(signal.member)] += 1
        case .temporalOrdered: follow(signal)
        case .valueSum, .valueAverage: sum += signal.number ?? 0
        case .valuePercentile, .valueMedian:
            let number = signal.number ?? 0
            sorted.insert(number, at: place(of: number))
        }
    }

    mutating func remove(_ signal: CorrelationSignal) {
        count -= 1
        switch correlation.kind {
        case .eventCount, .temporalOrdered: break
        case .valueCount:
            for key in keys(of: signal) {
                let left = times[key, default: 1] - 1
                times[key] = left == 0 ? nil : left
            }
        case .temporal: ofMembers[Int(signal.member)] -= 1
        case .valueSum, .valueAverage: sum -= signal.number ?? 0
        case .valuePercentile, .valueMedian:
            let place = place(of: signal.number ?? 0)
            if place < sorted.count { sorted.remove(at: place) }
        }
    }

    /// Of several fields the values count together; of one, each of its values does.
    private func keys(of signal: CorrelationSignal) -> [[[UInt8]]] {
        correlation.valueFields.count > 1 ? [signal.values] : signal.values.map { [$0] }
    }

    private func place(of number: Int128) -> Int {
        var low = 0
        var high = sorted.count
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle] < number { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Events at the same time may follow each other either way: many logs tell whole seconds. One event is not two.
    ///
    /// Signals of one time come in the order of their members, so each member's best runs are known when the next asks.
    private mutating func follow(_ signal: CorrelationSignal) {
        if now != signal.time {
            now = signal.time
            runsBefore = runs
            for member in best.indices { best[member] = [] }
        }
        let member = Int(signal.member)
        var start: Timestamp? = member == 0 ? signal.time : runsBefore[member - 1]
        if member > 0, let run = best[member - 1].first(where: { $0.uid != signal.uid }) {
            start = start.map { max($0, run.start) } ?? run.start
        }
        guard let start else { return }
        runs[member] = runs[member].map { max($0, start) } ?? start
        // The best and the next best, of another event, are all that a later member can need.
        best[member].append((start, signal.uid))
        best[member].sort { $0.start > $1.start }
        if best[member].count > 2 { best[member].removeLast() }
    }

    // MARK: Condition

    /// Where the run of rules in order began that ends last.
    var runStart: Timestamp? { runs.last ?? nil }

    /// Whether the condition holds now, at a signal of `time`.
    func holds(at time: Timestamp) -> Bool {
        switch correlation.kind {
        case .temporalOrdered:
            guard let start = runStart else { return false }
            return start >= time - correlation.timespan
        case .temporal:
            if let expression = correlation.expression {
                let names = correlation.references.map(\.name)
                return expression.holds(
                    { name in zip(names, ofMembers).contains { $0 == name && $1 > 0 } }, among: names)
            }
            if correlation.bounds.isEmpty { return ofMembers.allSatisfy { $0 > 0 } }
            return meets(Int128(ofMembers.count { $0 > 0 }), of: 1)
        case .eventCount: return meets(Int128(count), of: 1)
        case .valueCount: return meets(Int128(times.count), of: 1)
        case .valueSum: return meets(sum, of: Self.millionth)
        case .valueAverage: return count > 0 && meets(sum, of: Self.millionth * Int128(count))
        case .valuePercentile, .valueMedian:
            guard let value = ranked else { return false }
            return meets(value, of: Self.millionth)
        }
    }

    static let millionth: Int128 = 1_000_000

    /// The nearest-rank percentile.
    private var ranked: Int128? {
        if sorted.isEmpty { return nil }
        let rank = Int((correlation.percentile / 100 * Double(sorted.count)).rounded(.up))
        return sorted[min(sorted.count, max(1, rank)) - 1]
    }

    /// What the condition compares, for people: a whole number or a decimal one.
    var measure: Double {
        switch correlation.kind {
        case .temporal, .temporalOrdered, .eventCount: Double(count)
        case .valueCount: Double(times.count)
        case .valueSum: Double(sum) / 1e6
        case .valueAverage: count == 0 ? 0 : Double(sum) / 1e6 / Double(count)
        case .valuePercentile, .valueMedian: Double(ranked ?? 0) / 1e6
        }
    }

    /// Whether `numerator / denominator` is within all bounds.
    private func meets(_ numerator: Int128, of denominator: Int128) -> Bool {
        correlation.bounds.allSatisfy { bound in
            let (left, right) = (numerator * Self.millionth, Self.millionths(bound.value) * denominator)
            return switch bound.comparison {
            case .gt: left > right
            case .gte: left >= right
            case .lt: left < right
            case .lte: left <= right
            case .eq: left == right
            case .neq: left != right
            }
        }
    }

    /// A number in millionths; what is beyond 10¹⁵ stands for it.
    static func millionths(_ number: Double) -> Int128 {
        Int128((min(1e15, max(-1e15, number)) * 1e6).rounded())
    }
}
