import Credentials
import Engine

/// A finding as lists show it: its last version that says what it is.
package struct FindingNote: APIObject {
    var uid: String
    var title: String
    var severity: String
    var severityID: Int
    var time: Timestamp
    /// The human behind it where records show one; else the principal.
    var entity: String
    var kind: String
    var rule: String
    var type: String
    var tactics: [String]
    var events: Int
    var isRetracted: Bool
    var verdict: String?
    var until: Timestamp?
    var note: String
    /// The entity's risk, 0 to 100; 0 where nothing is known of it.
    var risk: Double = 0

    package static let name = "Finding"
    package static let what = "What a rule, a correlation or a baseline has raised."
    package static var members: [APIMember<Self>] {
        [
            .init("uid", \.uid, "finding_info.uid"),
            .init("title", \.title, "What happened"),
            .init("severity", \.severity, "Informational, Low, Medium, High or Critical"),
            .init("severity_id", \.severityID, "1 to 5"),
            .init("time", \.time, "The event that completed it"),
            .init("entity", \.entity, "The human or workload behind it, as far as the records say"),
            .init("rule", \.rule, "The id of the rule or baseline"),
            .init("type", \.type, "What kind of rule: Sigma rule, Sigma correlation, baseline"),
            .init("tactics", \.tactics, "MITRE ATT&CK tactics"),
            .init("events", \.events, "Events it rests on"),
            .init("retracted", \.isRetracted, "Whether later events took it back"),
            .init("verdict", \.verdict, "benign, malicious or expected; null while nobody has judged it"),
            .init("verdict_until", \.until, "How long the verdict holds"),
            .init("verdict_note", \.note, "What the judge wrote beside it"),
            .init("risk", \.risk, "The entity's risk, 0 to 100"),
        ]
    }

    /// `nil` for what is no finding.
    init?(_ finding: JSONValue) {
        guard let info = finding["finding_info"], let uid = info["uid"]?.string,
            let time = finding["time"]?.integer
        else { return nil }
        self.uid = uid
        title = info["title"]?.string ?? finding["message"]?.string ?? "A finding"
        severity = finding["severity"]?.string ?? "Unknown"
        severityID = Int(clamping: finding["severity_id"]?.integer ?? 0)
        self.time = Timestamp(milliseconds: time)
        let who = FindingWho(finding)
        entity = who.name
        kind = who.kind
        rule = info["analytic"]?["uid"]?.string ?? ""
        type = info["types"]?.array?.first?.string ?? info["analytic"]?["type"]?.string ?? ""
        var tactics: [String] = []
        for attack in info["attacks"]?.array ?? [] {
            if let name = attack["tactic"]?["name"]?.string, !tactics.contains(name) {
                tactics.append(name)
            }
        }
        self.tactics = tactics
        let related = info["related_events"]?.array?.count ?? 0
        events = Int(clamping: info["related_events_count"]?.integer ?? Int64(related))
        isRetracted = finding["activity_id"]?.integer == 3
        note = ""
    }
}

extension FindingNote {
    mutating func take(_ judgement: Judgement) {
        verdict = judgement.kind.rawValue
        until = judgement.until
        note = judgement.note
    }
}

/// Who stands behind a finding, as its own text says.
struct FindingWho {
    var name: String
    var kind: String

    init(_ finding: JSONValue) {
        let attribution = (finding["enrichments"]?.array ?? []).first {
            $0["name"]?.string == "attribution"
        }
        if let human = attribution?["value"]?.string, !human.isEmpty {
            name = human
            kind = attribution?["data"]?["kind"]?.string ?? ""
            return
        }
        let evidences = finding["evidences"]?.array ?? []
        let named = evidences.lazy.compactMap { evidence -> String? in
            let user = evidence["actor"]?["user"]
            return evidence["data"]?["identity"]?.string ?? user?["email_addr"]?.string
                ?? user?["uid"]?.string ?? user?["name"]?.string
        }
        name =
            named.first ?? finding["resources"]?.array?.first?["uid"]?.string
            ?? finding["resource"]?["uid"]?.string ?? ""
        kind = ""
    }
}
