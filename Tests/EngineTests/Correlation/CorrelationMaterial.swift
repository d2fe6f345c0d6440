import Codecs
import Testing

@testable import Engine

/// Correlations from text, signals by hand, and the findings that are left when everything has come.
enum CorrelationMaterial {
    static let start = Timestamp(seconds: 1_790_000_000)

    /// Three base rules, `a`, `b` and `c`, and what is written after them.
    static func ruleSet(_ correlations: String) throws -> RuleSet {
        let base = ["a", "b", "c"].map { name in
            """
            title: Base \(name)
            name: \(name)
            logsource: {product: aws, service: cloudtrail}
            detection: {s: {eventName: "\(name)"}, condition: s}
            """
        }
        let text = (base + [correlations]).joined(separator: "\n---\n")
        return RuleSet(reading: try YAMLReader.documents(in: Array(text.utf8), file: "rules.yml"))
    }

    static func signal(
        _ member: Int, at second: Int, uid: String, group: String = "g", value: Int = 0, correlation: Int = 0
    ) -> CorrelationSignal {
        var signal = CorrelationSignal(
            correlation: Int32(correlation), member: Int32(member),
            time: start + .seconds(second), uid: Array(uid.utf8), group: [Array("\"\(group)\"".utf8)])
        signal.values = [Array("\(value)".utf8)]
        signal.number = CorrelationSignal.number(in: signal.values[0])
        return signal
    }

    /// The last version of each finding that still stands, by uid, after signals in batches.
    static func standing(
        _ plan: CorrelationPlan, _ batches: [[CorrelationSignal]], limits: Correlator.Limits = .init(),
        notes: inout Correlator.Notes
    ) -> [String: String] {
        var correlator = Correlator(plan, limits: limits)
        var standing: [String: String] = [:]
        for batch in batches {
            for signal in batch { correlator.take(signal) }
            var findings = EventBatch()
            correlator.evaluate(into: &findings)
            for event in findings.events {
                let uid = findings.uid(of: event)
                standing[uid] = event.activityID == 3 ? nil : findings.json(of: event)
            }
        }
        notes = correlator.notes
        return standing
    }

    static func standing(_ plan: CorrelationPlan, _ batches: [[CorrelationSignal]]) -> [String: String] {
        var notes = Correlator.Notes()
        return standing(plan, batches, notes: &notes)
    }
}
