import Engine

/// Which findings a list shows, and in what order.
struct FindingFilter: Sendable {
    static let severities = ["Critical", "High", "Medium", "Low", "Informational"]
    static let states = ["open", "judged", "retracted", "all"]
    static let orders = ["risk", "time", "severity"]

    static let parameters: [APIParameter] = [
        .text("q", "A text in the title, the entity, the tactic or the uid", max: 256),
        .choice("severity", severities, "Only of this severity"),
        .choice("state", states, "open (without a verdict, the default), judged, retracted, or all"),
        .choice("sort", orders, "By the entity's risk (the default), newest first, or gravest first"),
        .text("entity", "Only of this entity", max: 512),
    ]

    var text: String?
    var severity: String?
    var state: String
    var order: String
    var entity: String?

    init(_ call: ConsoleCall) {
        text = call.text("q")?.lowercased()
        severity = call.text("severity")
        state = call.text("state") ?? "open"
        order = call.text("sort") ?? "risk"
        entity = call.text("entity")?.lowercased()
    }

    func apply(to findings: [FindingNote]) -> [FindingNote] {
        let kept = findings.filter { finding in
            if let severity, finding.severity != severity { return false }
            if let entity, finding.entity.lowercased() != entity { return false }
            switch state {
            case "open": if finding.verdict != nil || finding.isRetracted { return false }
            case "judged": if finding.verdict == nil { return false }
            case "retracted": if !finding.isRetracted { return false }
            default: break
            }
            guard let text else { return true }
            return ([finding.title, finding.entity, finding.uid, finding.rule] + finding.tactics).contains {
                $0.lowercased().contains(text)
            }
        }
        switch order {
        case "time": return kept
        case "severity":
            return kept.sorted { ($0.severityID, $0.time, $1.uid) > ($1.severityID, $1.time, $0.uid) }
        default: return Self.byRisk(kept)
        }
    }

    /// The riskiest entity first, and of one entity the gravest.
    static func byRisk(_ findings: [FindingNote]) -> [FindingNote] {
        findings.sorted {
            ($0.risk, Double($0.severityID), $0.time, $1.uid) > (
                $1.risk, Double($1.severityID), $1.time, $0.uid
            )
        }
    }
}
