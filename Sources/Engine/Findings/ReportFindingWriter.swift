/// Writes the finding by which a report reaches whoever is told of findings: one for each period.
package struct ReportFindingWriter {
    /// A longer text is cut there: chats and mails take no more. Bytes.
    static let textBytesMax = 24 << 10

    package init() {}

    /// - Parameters:
    ///   - text: the report, as people read it.
    ///   - isGrave: whether something in it should be looked at today.
    package func append(
        name: String, from: Timestamp, to: Timestamp, headline: String, text: [UInt8], isGrave: Bool,
        to findings: inout EventBatch
    ) {
        let uid = Self.uid(name, to)
        let severity: DriftFinding.Severity = isGrave ? .high : .informational
        var out: [UInt8] = []
        JSONFragment.append(
            raw:
                "{\"activity_id\":1,\"activity_name\":\"Create\",\"category_name\":\"Findings\",\"category_uid\":2,"
                + "\"class_name\":\"Detection Finding\",\"class_uid\":2004,\"is_alert\":\(isGrave),\"message\":",
            to: &out)
        JSONFragment.append("Access drift, \(name): \(headline)", to: &out)
        JSONFragment.append(
            raw: ",\"severity\":\"\(severity.name)\",\"severity_id\":\(severity.rawValue),\"status\":\"New\","
                + "\"status_id\":1,\"finding_info\":{\"uid\":\"\(uid)\",\"title\":\"Access drift report\",\"desc\":",
            to: &out)
        JSONFragment.append(textOf: text.span, limit: Self.textBytesMax, to: &out)
        JSONFragment.append(
            raw: ",\"analytic\":{\"category\":\"Drift\",\"type\":\"Rule\",\"type_id\":1,"
                + "\"uid\":\"martlet.drift.report\",\"name\":\"Access drift report\"},\"types\":[\"Report\"],"
                + "\"created_time\":\(to.milliseconds),\"first_seen_time\":\(from.milliseconds),"
                + "\"last_seen_time\":\(to.milliseconds)},\"evidences\":[{\"data\":{\"report\":", to: &out)
        JSONFragment.append(name, to: &out)
        Self.finish(out, uid, at: to, severity, to: &findings)
    }

    /// Closes the text of a finding after the value of its only evidence, and appends it.
    static func finish(
        _ text: [UInt8], _ uid: String, at time: Timestamp, _ severity: DriftFinding.Severity,
        to findings: inout EventBatch
    ) {
        var out = text
        JSONFragment.append(
            raw: "}}],\"metadata\":{\"product\":{\"name\":\"Martlet\",\"vendor_name\":\"Martlet\"},"
                + "\"profiles\":[\"datetime\"],\"uid\":\"", to: &out)
        let start = out.count
        out += uid.utf8
        JSONFragment.append(
            raw: "\",\"version\":\"1.9.0\"},\"time\":\(time.milliseconds),"
                + "\"type_name\":\"Detection Finding: Create\",\"type_uid\":200401}", to: &out)
        BehaviourFindingWriter.append(
            CorrelationFindingWriter.Text(
                bytes: out, uid: Extent(start: start, count: uid.utf8.count), time: time,
                severityID: severity.rawValue), to: &findings)
    }

    /// The same for the same period of the same report, whatever crashes.
    package static func uid(_ name: String, _ to: Timestamp) -> String {
        StableDigest.identifier(of: ["martlet.drift.report", name, String(to.milliseconds)])
    }
}
