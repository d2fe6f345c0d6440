import Codecs
import Engine
import Foundation

/// What comparing two policies costs: microseconds a pair, over real changes.
///
/// The pairs are lines of JSON with `before.document` and `after.document`. Reading the text is told beside it.
enum PolicyStage {
    private static let rounds = 20

    static func run(_ words: [String]) throws {
        guard let path = words.first else { return print("usage: Bench policy PAIRS.jsonl") }
        let lines = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))).split(
            separator: UInt8(ascii: "\n"))
        var pairs: [(old: AccessPolicy, new: AccessPolicy)] = []
        var reading: [Double] = []
        for line in lines {
            let document = try JSONReader.document(in: Array(line), file: path)
            guard let before = document["before"]?["document"], let after = document["after"]?["document"]
            else {
                continue
            }
            let start = ContinuousClock.now
            pairs.append((try AccessPolicy(before, for: .identity), try AccessPolicy(after, for: .identity)))
            reading.append(microseconds(ContinuousClock.now - start))
        }
        var best = [Double](repeating: .infinity, count: pairs.count)
        var verdicts: [String: Int] = [:]
        for round in 0..<rounds {
            for (number, pair) in pairs.enumerated() {
                let start = ContinuousClock.now
                let comparison = PolicyComparison(old: pair.old, new: pair.new, place: .identity)
                best[number] = min(best[number], microseconds(ContinuousClock.now - start))
                if round == 0 {
                    verdicts["\(comparison.verdict.rawValue) (\(comparison.method.rawValue))", default: 0] +=
                        1
                }
            }
        }
        for (name, count) in verdicts.sorted(by: { $0.key < $1.key }) { print("\(count)\t\(name)") }
        report("comparing", best)
        report("statements of two documents", reading)
    }

    private static func microseconds(_ duration: Duration) -> Double { Double(duration.nanoseconds) / 1_000 }

    private static func report(_ name: String, _ times: [Double]) {
        let sorted = times.sorted()
        guard !sorted.isEmpty else { return }
        func at(_ share: Double) -> String {
            String(format: "%.1f", sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))])
        }
        print("\(name)\tmedian \(at(0.5)) µs\tp90 \(at(0.9)) µs\tp99 \(at(0.99)) µs\tmost \(at(1)) µs")
    }
}
