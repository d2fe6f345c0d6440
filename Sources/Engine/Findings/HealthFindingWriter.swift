/// Writes the finding that tells of Martlet itself: what threatens that everything is delivered.
package struct HealthFindingWriter {
    /// One thing that is not well.
    package struct Trouble: Sendable {
        /// `dead_letter_nearly_full`.
        package var code: String
        package var title: String
        /// What is wrong, where, and what to do.
        package var text: String
        package var severity: DriftFinding.Severity
        /// The pipeline that it is about.
        package var pipeline: String

        package init(
            code: String, title: String, text: String, severity: DriftFinding.Severity, pipeline: String
        ) {
            self.code = code
            self.title = title
            self.text = text
            self.severity = severity
            self.pipeline = pipeline
        }
    }

    package init() {}

    /// - Parameter day: when the day began in which it was found: a day's trouble of one kind is one finding.
    package func append(_ trouble: Trouble, day: Timestamp, at time: Timestamp, to findings: inout EventBatch)
    {
        let uid = StableDigest.identifier(
            of: ["martlet.health", trouble.code, trouble.pipeline, String(day.milliseconds)])
        var out: [UInt8] = []
        JSONFragment.append(
            raw: "{\"activity_id\":1,\"activity_name\":\"Create\",\"category_name\":\"Findings\","
                + "\"category_uid\":2,\"class_name\":\"Detection Finding\",\"class_uid\":2004,"
                + "\"is_alert\":true,\"message\":", to: &out)
        JSONFragment.append("\(trouble.pipeline): \(trouble.title)", to: &out)
        JSONFragment.append(
            raw: ",\"severity\":\"\(trouble.severity.name)\",\"severity_id\":\(trouble.severity.rawValue),"
                + "\"status\":\"New\",\"status_id\":1,\"finding_info\":{\"uid\":\"\(uid)\",\"title\":",
            to: &out)
        JSONFragment.append(trouble.title, to: &out)
        JSONFragment.append(raw: ",\"desc\":", to: &out)
        JSONFragment.append(trouble.text, to: &out)
        JSONFragment.append(
            raw: ",\"analytic\":{\"category\":\"Health\",\"type\":\"Rule\",\"type_id\":1,"
                + "\"uid\":\"martlet.health.\(trouble.code)\",\"name\":", to: &out)
        JSONFragment.append(trouble.title, to: &out)
        JSONFragment.append(
            raw: "},\"types\":[\"Health\"],\"created_time\":\(time.milliseconds),"
                + "\"first_seen_time\":\(time.milliseconds),\"last_seen_time\":\(time.milliseconds)},"
                + "\"evidences\":[{\"data\":{\"pipeline\":", to: &out)
        JSONFragment.append(trouble.pipeline, to: &out)
        ReportFindingWriter.finish(out, uid, at: time, trouble.severity, to: &findings)
    }
}
