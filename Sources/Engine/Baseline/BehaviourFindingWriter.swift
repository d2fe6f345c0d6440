/// Writes OCSF Detection Findings (2004, version 1.9.0) for days of identities, and for those of the whole tenant.
///
/// A finding is a function of a day's facts and of what was usual before it.
struct BehaviourFindingWriter: Sendable {
    typealias Text = CorrelationFindingWriter.Text

    static let analytic = "martlet.behaviour.entity_day"
    static let stormAnalytic = "martlet.behaviour.tenant_day"
    private static let title = "Unusual behaviour of an identity"
    private static let stormTitle = "Unusually many identities behave unusually"
    private static let relatedMax = 100
    private static let sharesMax = 24
    private static let stormIdentitiesMax = 20

    func uid(_ entity: EntityDay) -> String {
        StableDigest.identifier(of: [
            Self.analytic, String(decoding: entity.name, as: UTF8.self), String(entity.day),
        ])
    }

    func stormUID(_ day: Int32) -> String { StableDigest.identifier(of: [Self.stormAnalytic, String(day)]) }

    func finding(
        _ entity: EntityDay, _ score: DayScore, _ limit: AlertLimit, _ baseline: Baseline
    ) -> Text {
        let uid = uid(entity)
        let name = String(decoding: entity.name, as: UTF8.self)
        let parts = score.parts(of: entity)
        let times = parts.compactMap(\.time)
        let time = times.max() ?? Timestamp(day: entity.day)
        var history = baseline.risks[entity.key] ?? RiskHistory(name: entity.name, kind: score.kind)
        let before = history.ledger(asOf: entity.day)
        history.days.append(
            RiskDay(
                day: entity.day,
                lines: RiskDay.lines(of: entity, score, finding: uid, isCalibrated: true)))
        let risk = history.ledger(asOf: entity.day)
        let severity = Self.severity(risk)
        let confidence = score.outOf >= 2 * limit.daysNeeded ? ("High", 3) : ("Medium", 2)
        var out = Self.opening(
            "Create", 1, message: "\(Self.title): \(name)", confidence: confidence, severity: severity,
            risk: risk)
        JSONFragment.append(raw: ",\"status\":\"New\",\"status_id\":1,\"finding_info\":", to: &out)
        let desc =
            "\(name) had a day as unusual as \(score.rarity) of \(score.judge.words): "
            + parts.prefix(4).map(\.name).joined(separator: "; ")
        Self.appendInfo(
            uid, Self.title, Self.analytic, desc, techniques: parts.flatMap(\.techniques),
            first: times.min() ?? time, last: time, events: Self.events(parts), to: &out)
        JSONFragment.append(raw: ",\"evidences\":[", to: &out)
        appendSummary(entity, score, limit, before, risk, to: &out)
        for part in parts.prefix(Self.sharesMax) { Self.append(part, to: &out) }
        JSONFragment.append(raw: "]", to: &out)
        return Self.finish(&out, uid, time, severity.1, "Create", 1)
    }

    /// What the number is, against what it was held, and what the identity's risk was without it.
    private func appendSummary(
        _ entity: EntityDay, _ score: DayScore, _ limit: AlertLimit, _ before: RiskLedger, _ risk: RiskLedger,
        to out: inout [UInt8]
    ) {
        let name = String(decoding: entity.name, as: UTF8.self)
        JSONFragment.append(raw: "{\"data\":{\"identity\":", to: &out)
        JSONFragment.append(name, to: &out)
        JSONFragment.append(
            raw: ",\"kind\":\"\(score.kind.name)\",\"surprise\":\(Self.nats(score.points))"
                + ",\"as_unusual_as\":\"\(score.rarity)\",\"class\":", to: &out)
        JSONFragment.append(score.judge.words, to: &out)
        JSONFragment.append(
            raw:
                ",\"class_days\":\(Int(score.outOf)),\"limit\":\"one in \(Int((1 / limit.chance).rounded()))\""
                + ",\"budget\":\(Self.short(limit.budget)),\"effective_budget\":\(Self.short(limit.effective))"
                + ",\"risk\":\(RiskLedger.text(risk.hundredths))"
                + ",\"risk_without\":\(RiskLedger.text(before.hundredths))}", to: &out)
        if score.kind != .address {
            JSONFragment.append(raw: ",\"actor\":{\"user\":{\"name\":", to: &out)
            JSONFragment.append(name, to: &out)
            JSONFragment.append(raw: ",\"uid\":", to: &out)
            JSONFragment.append(name, to: &out)
            JSONFragment.append(raw: "}}", to: &out)
        }
        JSONFragment.append(raw: "}", to: &out)
    }

    /// One alert in place of many, on a day on which something has happened to the whole tenant.
    func storm(
        _ day: Int32, _ alerts: [(EntityDay, DayScore)], _ unusual: Int, _ limit: AlertLimit
    ) -> Text {
        let uid = stormUID(day)
        let worst = alerts.sorted { ($0.1.points, $1.0.key) > ($1.1.points, $0.0.key) }
            .prefix(Self.stormIdentitiesMax)
        let parts = worst.map { $0.1.parts(of: $0.0) }
        let times = parts.flatMap { $0.compactMap(\.time) }
        let time = times.max() ?? Timestamp(day: day)
        var out = Self.opening(
            "Create", 1, message: Self.stormTitle, confidence: ("Medium", 2), severity: ("High", 4), risk: nil
        )
        JSONFragment.append(raw: ",\"status\":\"New\",\"status_id\":1,\"finding_info\":", to: &out)
        let desc =
            "\(unusual) of about \(Int(limit.identities)) identities had days as unusual as one in a hundred. "
            + "A change of the whole organization is likelier than an attack on each of them, so they are "
            + "reported as one."
        Self.appendInfo(
            uid, Self.stormTitle, Self.stormAnalytic, desc, techniques: [], first: times.min() ?? time,
            last: time, events: Self.events(parts.compactMap(\.first)), to: &out)
        JSONFragment.append(raw: ",\"evidences\":[", to: &out)
        for (place, alert) in worst.enumerated() {
            JSONFragment.append(
                raw: place == 0 ? "{\"data\":{\"identity\":" : ",{\"data\":{\"identity\":", to: &out)
            JSONFragment.append(String(decoding: alert.0.name, as: UTF8.self), to: &out)
            JSONFragment.append(raw: ",\"surprise\":\(Self.nats(alert.1.points)),\"first\":", to: &out)
            JSONFragment.append(parts[place].first?.name ?? "", to: &out)
            JSONFragment.append(raw: "}}", to: &out)
        }
        if worst.isEmpty { JSONFragment.append(raw: "{\"data\":{\"identities\":\(unusual)}}", to: &out) }
        JSONFragment.append(raw: "]", to: &out)
        return Self.finish(&out, uid, time, 4, "Create", 1)
    }

    /// Says that a finding no longer stands, and which one does.
    func retraction(_ told: BehaviourTold, successor: String?) -> Text {
        var out = Self.opening(
            "Close", 3, message: Self.title, confidence: nil, severity: ("Informational", 1), risk: nil)
        let reason =
            successor.map { "it is part of what the whole organization does on that day; see \($0)" }
            ?? "facts that came late, or a verdict, took away what it rests on"
        JSONFragment.append(
            raw: ",\"status\":\"Deleted\",\"status_id\":6,\"status_detail\":\"\(reason)\"", to: &out)
        JSONFragment.append(raw: ",\"finding_info\":", to: &out)
        Self.appendInfo(
            told.uid, Self.title, Self.analytic, reason, techniques: [], first: told.time, last: told.time,
            events: successor.map { [$0] } ?? [], to: &out)
        return Self.finish(&out, told.uid, told.time, 1, "Close", 3)
    }

    // MARK: Parts

    /// There are few of these by design: none is of low severity.
    private static func severity(_ risk: RiskLedger) -> (String, UInt8) {
        switch risk.level.id {
        case 3, 4: ("Critical", 5)
        case 2: ("High", 4)
        default: ("Medium", 3)
        }
    }

    private static func opening(
        _ activity: String, _ id: Int, message: String, confidence: (String, Int)?, severity: (String, UInt8),
        risk: RiskLedger?
    ) -> [UInt8] {
        var out: [UInt8] = []
        JSONFragment.append(
            raw: "{\"activity_id\":\(id),\"activity_name\":\"\(activity)\",\"category_name\":\"Findings\","
                + "\"category_uid\":2,\"class_name\":\"Detection Finding\",\"class_uid\":2004,", to: &out)
        if let confidence {
            JSONFragment.append(
                raw: "\"confidence\":\"\(confidence.0)\",\"confidence_id\":\(confidence.1),", to: &out)
        }
        JSONFragment.append(raw: "\"is_alert\":true,\"message\":", to: &out)
        JSONFragment.append(message, to: &out)
        if let risk {
            JSONFragment.append(
                raw: ",\"risk_level\":\"\(risk.level.name)\",\"risk_level_id\":\(risk.level.id)"
                    + ",\"risk_score\":\((risk.hundredths + 50) / 100)", to: &out)
        }
        JSONFragment.append(
            raw: ",\"severity\":\"\(severity.0)\",\"severity_id\":\(severity.1)", to: &out)
        return out
    }

    private static func appendInfo(
        _ uid: String, _ title: String, _ analytic: String, _ desc: String, techniques: [String],
        first: Timestamp, last: Timestamp, events: [String], to out: inout [UInt8]
    ) {
        JSONFragment.append(raw: "{\"uid\":\"\(uid)\",\"title\":\"\(title)\",\"desc\":", to: &out)
        JSONFragment.append(desc, to: &out)
        JSONFragment.append(
            raw: ",\"analytic\":{\"category\":\"Behaviour\",\"type\":\"Behavioral\",\"type_id\":2,"
                + "\"uid\":\"\(analytic)\",\"name\":\"\(title)\"},\"types\":[\"Behaviour\"]", to: &out)
        var seen: Set<String> = []
        FindingWriter.Wording.appendAttacks(techniques.filter { seen.insert($0).inserted }, to: &out)
        JSONFragment.append(
            raw: ",\"created_time\":\(last.milliseconds),\"first_seen_time\":\(first.milliseconds)"
                + ",\"last_seen_time\":\(last.milliseconds)", to: &out)
        if !events.isEmpty {
            JSONFragment.append(raw: ",\"related_events\":[", to: &out)
            for (place, event) in events.prefix(relatedMax).enumerated() {
                // A uid stands as it does in its event: escaped already.
                JSONFragment.append(raw: (place == 0 ? "" : ",") + "{\"uid\":\"\(event)\"}", to: &out)
            }
            JSONFragment.append(raw: "]", to: &out)
        }
        JSONFragment.append(raw: ",\"related_events_count\":\(events.count)}", to: &out)
    }

    private static func events(_ parts: [DayScore.Described]) -> [String] {
        var seen: Set<String> = []
        return parts.flatMap(\.events).filter { seen.insert($0).inserted }
    }

    private static func append(_ part: DayScore.Described, to out: inout [UInt8]) {
        JSONFragment.append(
            raw:
                ",{\"data\":{\"surprise\":\(nats(part.points)),\"dimension\":\"\(part.dimension)\",\"what\":",
            to: &out)
        JSONFragment.append(part.name, to: &out)
        JSONFragment.append(raw: ",\"value\":", to: &out)
        JSONFragment.append(part.value, to: &out)
        JSONFragment.append(raw: ",\"why\":", to: &out)
        JSONFragment.append(part.why, to: &out)
        if let journey = part.journey {
            JSONFragment.append(raw: ",\"from\":", to: &out)
            JSONFragment.append(journey.from, to: &out)
            JSONFragment.append(raw: ",\"to\":", to: &out)
            JSONFragment.append(journey.to, to: &out)
            JSONFragment.append(
                raw: ",\"km\":\(journey.kilometres),\"uncertain_km\":\(journey.uncertainty),"
                    + "\"hours\":\(journey.hours),\"km_per_hour\":\(journey.kilometresPerHour)", to: &out)
        }
        JSONFragment.append(raw: "}}", to: &out)
    }

    /// Nats with three decimals; a day's shares, each in 1/1024, add up before they are rounded for show.
    static func nats(_ points: Int32) -> String { short(Double(points) / 1_024) }

    private static func short(_ value: Double) -> String {
        let thousandths = Int((value * 1_000).rounded())
        let rest = String(thousandths % 1_000)
        return "\(thousandths / 1_000)." + String(repeating: "0", count: 3 - rest.count) + rest
    }

    private static func finish(
        _ out: inout [UInt8], _ uid: String, _ time: Timestamp, _ severity: UInt8, _ activity: String,
        _ id: Int
    ) -> Text {
        JSONFragment.append(
            raw: ",\"metadata\":{\"product\":{\"name\":\"Martlet\",\"vendor_name\":\"Martlet\"},"
                + "\"profiles\":[\"datetime\"],\"uid\":\"", to: &out)
        let start = out.count
        out += Array(uid.utf8)
        JSONFragment.append(
            raw: "\",\"version\":\"1.9.0\"},\"time\":\(time.milliseconds),"
                + "\"type_name\":\"Detection Finding: \(activity)\",\"type_uid\":\(200_400 + id)}", to: &out)
        return Text(
            bytes: out, uid: Extent(start: start, count: uid.utf8.count), time: time, severityID: severity,
            activityID: UInt16(id), statusID: id == 3 ? 6 : 1)
    }

    /// Appends a finding as a row.
    static func append(_ text: Text, to findings: inout EventBatch) {
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
        findings.events.append(row)
    }
}
