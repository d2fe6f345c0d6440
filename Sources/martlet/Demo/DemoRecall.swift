import Simulation

/// How the findings compare with the truth that the generator wrote down.
struct DemoRecall: Sendable {
    struct Line: Sendable {
        var storyline: String
        var summary: String
        var records: Int
        /// Findings whose evidence is one of its records.
        var findings: Int
        /// The rules that raised them, the most frequent first.
        var rules: [String]
        var isFound: Bool { findings > 0 }
    }

    var lines: [Line] = []
    /// Findings on records that belong to no attack.
    var elsewhere = 0

    init(_ labels: [Label], _ findings: [DemoTally.Finding]) {
        var storylineOf: [String: String] = [:]
        for label in labels { storylineOf[label.eventID] = label.storyline }
        var rules: [String: [String: Int]] = [:]
        for finding in findings {
            let touched = Set(finding.events.compactMap { storylineOf[$0] })
            if touched.isEmpty { elsewhere += 1 }
            for storyline in touched { rules[storyline, default: [:]][finding.rule, default: 0] += 1 }
        }
        for storyline in Storyline.all {
            let records = labels.count { $0.storyline == storyline.name }
            if records == 0 { continue }
            let raised = rules[storyline.name] ?? [:]
            lines.append(
                Line(
                    storyline: storyline.name, summary: storyline.summary, records: records,
                    findings: raised.values.reduce(0, +),
                    rules: raised.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)))
        }
    }

    var found: Int { lines.count { $0.isFound } }
}
