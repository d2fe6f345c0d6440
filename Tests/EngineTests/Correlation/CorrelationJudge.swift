@testable import Engine

/// Says what a correlation comes to by going through every window anew, without any of the engine's bookkeeping.
struct CorrelationJudge {
    struct Verdict: Hashable {
        var group: [[UInt8]]
        var completed: Timestamp
        var evidence: [[UInt8]]
    }

    let correlation: SigmaCorrelation

    func verdicts(_ signals: [CorrelationSignal]) -> Set<Verdict> {
        var verdicts: Set<Verdict> = []
        for group in Set(signals.map(\.group)) {
            var seen: Set<[UInt8]> = []
            let own = signals.filter { $0.group == group }
                .sorted { ($0.time, $0.member, text($0.uid)) < ($1.time, $1.member, text($1.uid)) }
                .filter { seen.insert($0.uid + [UInt8(truncatingIfNeeded: $0.member)]).inserted }
            verdicts.formUnion(self.verdicts(of: group, own))
        }
        return verdicts
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    private func verdicts(of group: [[UInt8]], _ signals: [CorrelationSignal]) -> [Verdict] {
        var verdicts: [Verdict] = []
        var held = false
        var before: Timestamp?
        var firsts: [[UInt8]] = []
        for (place, signal) in signals.enumerated() {
            let known = Array(signals[...place])
            let window = known.filter { $0.time >= signal.time - correlation.timespan }
            let evidence = evidence(window)
            let isOn = before.map { signal.time - $0 <= correlation.timespan } ?? false
            if let evidence, !(held && isOn), firsts.last != evidence[0].uid {
                verdicts.append(
                    Verdict(group: group, completed: signal.time, evidence: evidence.map(\.uid)))
            }
            if let evidence, !(held && isOn) { firsts.append(evidence[0].uid) }
            held = evidence != nil
            before = signal.time
        }
        return verdicts
    }

    /// The evidence where the condition holds in a window, else nothing.
    private func evidence(_ window: [CorrelationSignal]) -> [CorrelationSignal]? {
        let numbers = window.compactMap { $0.number.map { Double($0) / 1e6 } }
        switch correlation.kind {
        case .eventCount: return meets(Double(window.count)) ? window : nil
        case .valueCount: return meets(Double(Set(window.map(\.values)).count)) ? window : nil
        case .valueSum: return meets(numbers.reduce(0, +)) ? window : nil
        case .valueAverage: return meets(numbers.reduce(0, +) / Double(numbers.count)) ? window : nil
        case .valueMedian, .valuePercentile:
            let rank = Int((correlation.percentile / 100 * Double(numbers.count)).rounded(.up))
            return meets(numbers.sorted()[max(1, rank) - 1]) ? window : nil
        case .temporal:
            let members = Set(window.map(\.member))
            if correlation.bounds.isEmpty {
                return members.count == correlation.references.count ? window : nil
            }
            return meets(Double(members.count)) ? window : nil
        case .temporalOrdered:
            guard let start = latestChain(window, correlation.references.count - 1, endingBy: nil) else {
                return nil
            }
            return window.filter { $0.time >= start }
        }
    }

    /// When the latest-beginning run of different events for members 0 to `member` begins.
    private func latestChain(
        _ window: [CorrelationSignal], _ member: Int, endingBy next: CorrelationSignal?
    ) -> Timestamp? {
        var best: Timestamp?
        for signal in window where Int(signal.member) == member {
            if let next, signal.time > next.time || signal.uid == next.uid { continue }
            let start = member == 0 ? signal.time : latestChain(window, member - 1, endingBy: signal)
            if let start { best = best.map { max($0, start) } ?? start }
        }
        return best
    }

    private func meets(_ value: Double) -> Bool {
        correlation.bounds.allSatisfy { bound in
            switch bound.comparison {
            case .gt: value > bound.value
            case .gte: value >= bound.value
            case .lt: value < bound.value
            case .lte: value <= bound.value
            case .eq: value == bound.value
            case .neq: value != bound.value
            }
        }
    }
}
