/// Writes OCSF Detection Findings (2004, version 1.9.0) for correlations.
///
/// A finding is a function of its correlation and its signals: it says nothing of when, or in which order, they came.
struct CorrelationFindingWriter: Sendable {
    /// A finding's text, and where its uid stands in it.
    struct Text: Sendable {
        var bytes: [UInt8]
        var uid: Extent
        var time: Timestamp
        var severityID: UInt8
        var activityID: UInt16 = 1
        var statusID: UInt8 = 1
        /// Who acted last; no part of the text, which is the same whatever attribution knows.
        var acting: CredentialKey?

        /// What tells one version of a finding from another; never 0.
        var digest: UInt64 { max(2, Bytes.hash(bytes.span)) }
    }

    private struct Wording: Sendable {
        var rule: FindingWriter.Wording
        /// `"sourceIPAddress":` and so on, ready to append.
        var groupKeys: [[UInt8]]
        /// What the condition measures: `event_count`.
        var measure: String
        var isTemporal: Bool
    }

    private let wordings: [Wording]

    init(_ correlations: [SigmaCorrelation]) {
        wordings = correlations.map { correlation in
            Wording(
                rule: FindingWriter.Wording(correlation.head, type: CorrelationPlan.findingType),
                groupKeys: correlation.groupBy.map { JSONFragment.quoted($0) + [UInt8(ascii: ":")] },
                measure: correlation.kind.rawValue, isTemporal: correlation.isTemporal)
        }
    }

    private static let opening =
        "\"category_name\":\"Findings\",\"category_uid\":2,\"class_name\":\"Detection Finding\",\"class_uid\":2004,"

    func finding(
        _ index: Int, _ firing: CorrelationGroup.Firing, _ evidence: ArraySlice<CorrelationSignal>
    ) -> Text {
        let wording = wordings[index]
        let first = evidence.first?.time ?? firing.time
        var out: [UInt8] = []
        JSONFragment.append(
            raw: "{\"activity_id\":1,\"activity_name\":\"Create\"," + Self.opening, to: &out)
        out += wording.rule.head
        JSONFragment.append(
            raw: ",\"status\":\"New\",\"status_id\":1,\"finding_info\":{\"uid\":\"\(firing.uid)\",", to: &out)
        out += wording.rule.info
        let completed = firing.time.milliseconds
        JSONFragment.append(raw: ",\"created_time\":\(completed)", to: &out)
        JSONFragment.append(raw: ",\"first_seen_time\":\(first.milliseconds)", to: &out)
        JSONFragment.append(raw: ",\"last_seen_time\":\(completed),\"related_events\":[", to: &out)
        for (place, uid) in CorrelationSignal.events(of: evidence).enumerated() {
            JSONFragment.append(raw: place == 0 ? "{\"uid\":\"" : ",{\"uid\":\"", to: &out)
            out += uid
            JSONFragment.append(raw: "\"}", to: &out)
        }
        let count = evidence.reduce(0) { $0 + $1.eventCount }
        JSONFragment.append(raw: "],\"related_events_count\":\(count)},\"evidences\":[{\"data\":{", to: &out)
        appendData(wording, firing, evidence, to: &out)
        out.append(UInt8(ascii: "}"))
        let actor = evidence.last?.actor ?? []
        if !actor.isEmpty {
            JSONFragment.append(raw: ",\"actor\":", to: &out)
            out += actor
        }
        JSONFragment.append(raw: "}]", to: &out)
        var text = finish(&out, wording, firing.uid, firing.time, "Create", 1)
        text.acting = evidence.last?.acting
        return text
    }

    /// The values that the group has in common, and what the condition came to.
    private func appendData(
        _ wording: Wording, _ firing: CorrelationGroup.Firing, _ evidence: ArraySlice<CorrelationSignal>,
        to out: inout [UInt8]
    ) {
        for (key, value) in zip(wording.groupKeys, evidence.first?.group ?? []) {
            out += key
            out += value
            out.append(UInt8(ascii: ","))
        }
        JSONFragment.append(
            raw: "\"\(wording.isTemporal ? CorrelationPlan.signals : wording.measure)\":", to: &out)
        let isWhole = firing.measure.rounded() == firing.measure && abs(firing.measure) < 1e15
        JSONFragment.append(raw: isWhole ? "\(Int64(firing.measure))" : "\(firing.measure)", to: &out)
    }

    /// Says that a finding no longer stands, and which one does.
    func retraction(_ index: Int, uid: String, time: Timestamp, successor: String?) -> Text {
        let wording = wordings[index]
        var out: [UInt8] = []
        JSONFragment.append(
            raw: "{\"activity_id\":3,\"activity_name\":\"Close\"," + Self.opening, to: &out)
        out += wording.rule.head
        JSONFragment.append(raw: ",\"status\":\"Deleted\",\"status_id\":6", to: &out)
        let reason =
            successor.map { "events that came late changed what it rests on; see \($0)" }
            ?? "events that came late took away what it rests on"
        JSONFragment.append(raw: ",\"status_detail\":\"\(reason)\"", to: &out)
        JSONFragment.append(raw: ",\"finding_info\":{\"uid\":\"\(uid)\",", to: &out)
        out += wording.rule.info
        if let successor {
            JSONFragment.append(raw: ",\"related_events\":[{\"uid\":\"\(successor)\"}]", to: &out)
        }
        out.append(UInt8(ascii: "}"))
        return finish(&out, wording, uid, time, "Close", 3)
    }

    private func finish(
        _ out: inout [UInt8], _ wording: Wording, _ uid: String, _ time: Timestamp, _ activity: String,
        _ activityID: Int
    ) -> Text {
        JSONFragment.append(
            raw: ",\"metadata\":{\"product\":{\"name\":\"Martlet\",\"vendor_name\":\"Martlet\"},"
                + "\"profiles\":[\"datetime\"],\"uid\":\"", to: &out)
        let start = out.count
        out += Array(uid.utf8)
        JSONFragment.append(
            raw: "\",\"version\":\"1.9.0\"},\"time\":\(time.milliseconds),"
                + "\"type_name\":\"Detection Finding: \(activity)\",\"type_uid\":\(200_400 + activityID)}",
            to: &out)
        return Text(
            bytes: out, uid: Extent(start: start, count: uid.utf8.count), time: time,
            severityID: wording.rule.severityID, activityID: UInt16(activityID),
            statusID: activityID == 3 ? 6 : 1)
    }

    /// Appends a finding as a row.
    func append(_ text: Text, to findings: inout EventBatch) {
        let start = findings.bytes.count
        findings.bytes += text.bytes
        var row = Event(time: text.time)
        row.kind = .finding
        row.classUID = 2004
        row.activityID = text.activityID
        row.statusID = text.statusID
        row.severityID = text.severityID
        row.uid = Extent(start: start + Int(text.uid.start), count: Int(text.uid.count))
        row.json = Extent(start: start, count: text.bytes.count)
        row.contentDigest = text.digest
        if let acting = text.acting { Attributor.note(acting, of: &row, in: &findings) }
        findings.events.append(row)
    }
}

/// How a correlation's finding is told from others, and its group from what was measured.
extension CorrelationPlan {
    package static let findingType = "Sigma correlation"
    /// What `temporal` correlations count.
    fileprivate static let signals = "signals"
    /// In `evidences[].data` all else is of the group.
    package static let measures = Set(SigmaCorrelation.Kind.allCases.map(\.rawValue) + [signals])
}
