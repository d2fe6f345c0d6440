/// Writes OCSF 1.9.0 findings for drift: Compliance Finding (2003), Detection Finding (2004) or IAM Analysis Finding
/// (2008), as the code's form says.
///
/// A finding is written once when it opens and once when it closes, under the same uid; both texts are functions of the
/// finding. What OCSF has no place for stands in the enrichment `drift`, whose data reads back as the finding.
package struct DriftFindingWriter: Sendable {
    package static let enrichmentName = "drift"
    private static let privilegesMax = 100

    package init() {}

    /// The text of a finding as it stands, open or closed.
    func text(_ finding: DriftFinding, uid: String) -> CorrelationFindingWriter.Text {
        let time = finding.closed?.time ?? finding.opened.time
        let isOpen = finding.isOpen
        let form = finding.code.form
        let severity: DriftFinding.Severity = isOpen ? finding.severity : .informational
        let activity = isOpen ? ("Create", 1) : ("Close", 3)
        var out: [UInt8] = []
        JSONFragment.append(
            raw: "{\"activity_id\":\(activity.1),\"activity_name\":\"\(activity.0)\","
                + "\"category_name\":\"Findings\",\"category_uid\":2,\"class_name\":\"\(Self.name(form))\","
                + "\"class_uid\":\(form.rawValue)", to: &out)
        if form == .detection { JSONFragment.append(raw: ",\"is_alert\":\(isOpen)", to: &out) }
        Self.member("message", finding.words, to: &out)
        JSONFragment.append(
            raw: ",\"severity\":\"\(severity.name)\",\"severity_id\":\(severity.rawValue)"
                + (isOpen
                    ? ",\"status\":\"New\",\"status_id\":1" : ",\"status\":\"Resolved\",\"status_id\":4"),
            to: &out)
        if let closed = finding.closed {
            Self.member("status_detail", "closed by \(closed.operation)", to: &out)
        }
        appendInfo(finding, uid, to: &out)
        switch form {
        case .compliance: appendCompliance(finding, to: &out)
        case .detection: break
        case .analysis: appendAnalysis(finding, to: &out)
        }
        if form != .analysis { appendEvidence(finding, to: &out) }
        appendResources(finding, to: &out)
        if !finding.remedies.isEmpty {
            JSONFragment.append(raw: ",\"remediation\":{\"desc\":", to: &out)
            JSONFragment.append(finding.remedies.joined(separator: "\n"), to: &out)
            JSONFragment.append(raw: "}", to: &out)
        }
        JSONFragment.append(
            raw: ",\"enrichments\":[{\"name\":\"\(Self.enrichmentName)\",\"provider\":\"Martlet\","
                + "\"value\":\"\(finding.code.name)\",\"data\":", to: &out)
        out += finding.json(at: time, uid: uid)
        JSONFragment.append(
            raw: "}],\"metadata\":{\"product\":{\"name\":\"Martlet\",\"vendor_name\":\"Martlet\"},"
                + "\"profiles\":[\"datetime\"],\"uid\":\"", to: &out)
        let start = out.count
        out += uid.utf8
        JSONFragment.append(
            raw: "\",\"version\":\"1.9.0\"},\"time\":\(time.milliseconds),"
                + "\"type_name\":\"\(Self.name(form)): \(activity.0)\","
                + "\"type_uid\":\(form.rawValue * 100 + activity.1)}", to: &out)
        return CorrelationFindingWriter.Text(
            bytes: out, uid: Extent(start: start, count: uid.utf8.count), time: time,
            severityID: severity.rawValue, activityID: UInt16(activity.1), statusID: isOpen ? 1 : 4)
    }

    /// Appends a finding as a row.
    func append(_ finding: DriftFinding, uid: String, to findings: inout EventBatch) {
        let text = text(finding, uid: uid)
        BehaviourFindingWriter.append(text, to: &findings)
        findings.events[findings.events.count - 1].classUID = UInt32(finding.code.form.rawValue)
    }

    /// Appends that a finding does not stand, and never should have been said.
    func append(retraction told: DriftTold, to findings: inout EventBatch) {
        let form = told.code.form
        var out: [UInt8] = []
        JSONFragment.append(
            raw:
                "{\"activity_id\":3,\"activity_name\":\"Close\",\"category_name\":\"Findings\",\"category_uid\":2,"
                + "\"class_name\":\"\(Self.name(form))\",\"class_uid\":\(form.rawValue),"
                + "\"message\":\"\(told.code.title)\",\"severity\":\"Informational\",\"severity_id\":1,"
                + "\"status\":\"Deleted\",\"status_id\":6,"
                + "\"status_detail\":\"changes that came late took away what it rested on\","
                + "\"finding_info\":{\"uid\":\"\(told.uid)\",\"title\":\"\(told.code.title)\",\"analytic\":"
                + "{\"type\":\"Rule\",\"type_id\":1,\"uid\":\"martlet.drift.\(told.code.word)\"}},", to: &out)
        if form == .compliance {
            JSONFragment.append(
                raw: "\"compliance\":{\"control\":\"martlet.drift.\(told.code.word)\","
                    + "\"standards\":[\"Martlet drift taxonomy\"],\"status\":\"Pass\",\"status_id\":1},",
                to: &out)
        } else if form == .analysis {
            JSONFragment.append(raw: "\"access_analysis_result\":{\"accessors\":[", to: &out)
            appendUser(told.subject.name, to: &out)
            JSONFragment.append(raw: "]},", to: &out)
        }
        JSONFragment.append(
            raw: "\"metadata\":{\"product\":{\"name\":\"Martlet\",\"vendor_name\":\"Martlet\"},"
                + "\"profiles\":[\"datetime\"],\"uid\":\"", to: &out)
        let start = out.count
        out += told.uid.utf8
        JSONFragment.append(
            raw: "\",\"version\":\"1.9.0\"},\"time\":\(told.time.milliseconds),"
                + "\"type_name\":\"\(Self.name(form)): Close\",\"type_uid\":\(form.rawValue * 100 + 3)}",
            to: &out)
        let text = CorrelationFindingWriter.Text(
            bytes: out, uid: Extent(start: start, count: told.uid.utf8.count), time: told.time, severityID: 1,
            activityID: 3, statusID: 6)
        BehaviourFindingWriter.append(text, to: &findings)
        findings.events[findings.events.count - 1].classUID = UInt32(form.rawValue)
    }

    /// The text of a finding as one line of OCSF.
    package func line(_ finding: DriftFinding) -> [UInt8] { text(finding, uid: finding.uid).bytes }

    // MARK: Parts

    private static func name(_ form: DriftCode.Form) -> String {
        switch form {
        case .compliance: "Compliance Finding"
        case .detection: "Detection Finding"
        case .analysis: "IAM Analysis Finding"
        }
    }

    private static func member(_ name: String, _ text: String, to out: inout [UInt8]) {
        JSONFragment.append(raw: ",\"\(name)\":", to: &out)
        JSONFragment.append(text, to: &out)
    }

    private func appendInfo(_ finding: DriftFinding, _ uid: String, to out: inout [UInt8]) {
        let last = finding.closed?.time ?? finding.opened.time
        let title = finding.code.title
        JSONFragment.append(raw: ",\"finding_info\":{\"uid\":\"\(uid)\",\"title\":\"\(title)\"", to: &out)
        let parts = [finding.words, finding.witness, finding.consequence].filter { !$0.isEmpty }
        Self.member("desc", parts.joined(separator: "\n"), to: &out)
        JSONFragment.append(
            raw: ",\"analytic\":{\"category\":\"Drift\",\"type\":\"Rule\",\"type_id\":1,"
                + "\"uid\":\"martlet.drift.\(finding.code.word)\",\"name\":\"\(title)\"},"
                + "\"types\":[\"Drift\",\"\(finding.code.name)\"]", to: &out)
        let first = finding.notBefore.map { max($0, .epoch) } ?? finding.opened.time
        JSONFragment.append(
            raw: ",\"created_time\":\(finding.opened.time.milliseconds)"
                + ",\"first_seen_time\":\(min(first, finding.opened.time).milliseconds)"
                + ",\"last_seen_time\":\(last.milliseconds)", to: &out)
        var events = finding.evidence
        if let closed = finding.closed, !closed.uid.isEmpty, !events.contains(closed.uid) {
            events.append(closed.uid)
        }
        if !events.isEmpty {
            JSONFragment.append(raw: ",\"related_events\":[", to: &out)
            for (place, event) in events.prefix(DriftFinding.listMax).enumerated() {
                JSONFragment.append(raw: place == 0 ? "{\"uid\":" : ",{\"uid\":", to: &out)
                JSONFragment.append(event, to: &out)
                JSONFragment.append(raw: "}", to: &out)
            }
            JSONFragment.append(raw: "]", to: &out)
        }
        JSONFragment.append(raw: ",\"related_events_count\":\(events.count)}", to: &out)
    }

    private func appendCompliance(_ finding: DriftFinding, to out: inout [UInt8]) {
        JSONFragment.append(
            raw: ",\"compliance\":{\"control\":\"martlet.drift.\(finding.code.word)\","
                + "\"standards\":[\"Martlet drift taxonomy\"],"
                + (finding.isOpen
                    ? "\"status\":\"Fail\",\"status_id\":3" : "\"status\":\"Pass\",\"status_id\":1"),
            to: &out)
        Self.member("desc", finding.words, to: &out)
        JSONFragment.append(raw: "}", to: &out)
    }

    private func appendAnalysis(_ finding: DriftFinding, to out: inout [UInt8]) {
        JSONFragment.append(raw: ",\"access_analysis_result\":{\"accessors\":[", to: &out)
        appendUser(finding.subject, to: &out)
        JSONFragment.append(raw: "]", to: &out)
        if finding.effect > .none {
            JSONFragment.append(raw: ",\"access_level\":\"\(finding.effect.name)\"", to: &out)
        }
        if !finding.gained.isEmpty {
            JSONFragment.append(raw: ",\"granted_privileges\":[", to: &out)
            for (place, action) in finding.gained.prefix(Self.privilegesMax).enumerated() {
                if place > 0 { out.append(UInt8(ascii: ",")) }
                JSONFragment.append(action, to: &out)
            }
            JSONFragment.append(raw: "]", to: &out)
        }
        JSONFragment.append(raw: "},\"user\":", to: &out)
        appendUser(finding.subject, to: &out)
    }

    private func appendUser(_ subject: String, to out: inout [UInt8]) {
        JSONFragment.append(raw: "{\"name\":", to: &out)
        JSONFragment.append(subject, to: &out)
        JSONFragment.append(raw: "}", to: &out)
    }

    private func appendEvidence(_ finding: DriftFinding, to out: inout [UInt8]) {
        JSONFragment.append(raw: ",\"evidences\":[{", to: &out)
        let cause = finding.opened
        if !cause.actor.isEmpty {
            JSONFragment.append(raw: "\"actor\":{\"user\":", to: &out)
            appendUser(cause.actor, to: &out)
            JSONFragment.append(raw: "},", to: &out)
        }
        JSONFragment.append(raw: "\"api\":{\"operation\":", to: &out)
        JSONFragment.append(cause.operation, to: &out)
        JSONFragment.append(raw: "}}]", to: &out)
    }

    private func appendResources(_ finding: DriftFinding, to out: inout [UInt8]) {
        JSONFragment.append(raw: ",\"resources\":[{\"name\":", to: &out)
        // What was opened, or records no more, is the resource; by whom or how stands in the object.
        let isSubject = finding.object.isEmpty || finding.code.isAboutResource
        JSONFragment.append(isSubject ? finding.subject : finding.object, to: &out)
        if !finding.account.isEmpty {
            JSONFragment.append(raw: ",\"owner\":{\"account\":{\"uid\":", to: &out)
            JSONFragment.append(finding.account, to: &out)
            JSONFragment.append(raw: "}}", to: &out)
        }
        JSONFragment.append(raw: "}]", to: &out)
    }
}
