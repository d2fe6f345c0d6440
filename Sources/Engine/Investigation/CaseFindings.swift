/// Findings that are about an investigation's subject, each in its last version.
package struct CaseFindings: Sendable {
    /// Findings held; of more the gravest and newest stay.
    static let findingsMax = 5_000
    private static let evidenceMax = 100

    private struct Held {
        var finding: CaseFinding
        var isRetracted: Bool
        /// What tells the later of two versions.
        var version: (Timestamp, [UInt8])
    }

    private var held: [String: Held] = [:]
    private let acts: Set<String>
    private let names: Set<String>
    package private(set) var leftOut = 0

    /// For what rests on what was gathered, or is about whom it was gathered of.
    package init(about gathered: Investigator) {
        acts = Set(gathered.acts.keys)
        names = Set([gathered.human, gathered.entity.name].compactMap { $0 })
    }

    /// Takes a finding's OCSF text, in any order and as often as it comes.
    package mutating func take(_ text: [UInt8]) {
        guard let values = EventValues(text), let time = values.integer("time") else { return }
        let uid = values.text("finding_info.uid")
        guard !uid.isEmpty else { return }
        let severity = Int(values.integer("severity_id") ?? 1)
        var who: [String] = []
        for enrichment in values.list("enrichments")
        where values.text("name", of: enrichment) == Attributor.enrichmentName {
            who.append(values.text("value", of: enrichment))
        }
        for evidence in values.list("evidences") {
            who.append(values.text("data.identity", of: evidence))
            for path in ["actor.user.uid", "actor.user.email_addr", "actor.session.credential_uid"] {
                who.append(values.text(path, of: evidence))
            }
        }
        let related = values.list("finding_info.related_events").map { values.text("uid", of: $0) }
        let finding = CaseFinding(
            uid: uid, title: values.text("finding_info.title"), severity: values.text("severity"),
            severityID: max(0, min(6, severity)), rule: values.text("finding_info.analytic.uid"),
            time: Timestamp(milliseconds: time), evidence: Array(related.prefix(Self.evidenceMax)))
        guard related.contains(where: acts.contains) || who.contains(where: names.contains) else { return }
        let version = (finding.time, text)
        if let known = held[uid], !Self.isLater(version, known.version) { return }
        let isRetracted = values.integer("activity_id") == 3
        held[uid] = Held(finding: finding, isRetracted: isRetracted, version: version)
        if held.count > 2 * Self.findingsMax { shrink() }
    }

    private mutating func shrink() {
        let sorted = held.values.map(\.finding).sorted {
            ($0.severityID, $0.time, $0.uid) > ($1.severityID, $1.time, $1.uid)
        }
        for finding in sorted.dropFirst(Self.findingsMax) { held[finding.uid] = nil }
        leftOut += max(0, sorted.count - Self.findingsMax)
    }

    private static func isLater(_ a: (Timestamp, [UInt8]), _ b: (Timestamp, [UInt8])) -> Bool {
        a.0 != b.0 ? a.0 > b.0 : b.1.lexicographicallyPrecedes(a.1)
    }

    /// Those that still stand, in the order of time.
    var standing: [CaseFinding] {
        held.values.filter { !$0.isRetracted }.map(\.finding).sorted { ($0.time, $0.uid) < ($1.time, $1.uid) }
    }

    /// The risk after each finding, of the findings before it, faded by half in a week.
    static func scores(_ findings: [CaseFinding]) -> [CaseScore] {
        findings.indices.map { place in
            let now = findings[place].time
            let earlier = findings[...place].suffix(200).sorted {
                ($0.severityID, $0.time, $0.uid) > ($1.severityID, $1.time, $1.uid)
            }
            var ranks: [String: Int] = [:]
            let lines = earlier.enumerated().map { rank, finding in
                ranks[finding.rule, default: 0] += 1
                let days = Double((now - finding.time).nanoseconds) / 86_400e9
                let whole = RiskLedger.natsOfLevel[max(0, min(4, finding.severityID - 1))]
                let nats = Natural.damped(whole, rank: rank + ranks[finding.rule, default: 1])
                return RiskLedger.Line(
                    nats: Int32((Double(nats) * Natural.exp(-0.693_147_180_559_945_3 * days / 7)).rounded()),
                    why: finding.title, finding: finding.uid, events: [])
            }
            return CaseScore(
                time: now, hundredths: RiskLedger(lines).hundredths, finding: findings[place].uid)
        }
    }
}
