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
        /// See `Storyline.isWithinRights`.
        var isWithinRights: Bool
        var isFound: Bool { findings > 0 }
    }

    /// Findings of one severity or of several that are told together.
    struct Precision: Sendable, Equatable {
        var findings = 0
        /// Those whose evidence belongs to an attack.
        var onAttacks = 0
    }

    var lines: [Line] = []
    /// By `severity_id`.
    var precision: [Int: Precision] = [:]
    /// Rules of medium severity or more that were raised on records of no attack, and how often.
    var mistaken: [String: Int] = [:]
    /// Findings on records that belong to no attack.
    var elsewhere: Int { precision.values.reduce(0) { $0 + $1.findings - $1.onAttacks } }

    init(_ labels: [Label], _ findings: [DemoTally.Finding]) {
        var storylineOf: [String: String] = [:]
        for label in labels { storylineOf[label.eventID] = label.storyline }
        var rules: [String: [String: Int]] = [:]
        for finding in findings {
            let touched = Set(finding.events.compactMap { storylineOf[$0] })
            precision[finding.severity, default: Precision()].findings += 1
            if !touched.isEmpty { precision[finding.severity]?.onAttacks += 1 }
            if touched.isEmpty, finding.severity >= 3 { mistaken[finding.rule, default: 0] += 1 }
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
                    rules: raised.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key),
                    isWithinRights: storyline.isWithinRights))
        }
    }

    var found: Int { lines.count { $0.isFound } }
}
