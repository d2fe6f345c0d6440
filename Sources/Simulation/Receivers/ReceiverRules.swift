import Codecs
import Engine
import Ports

// What each product demands of a request and how it answers, from its own documentation.

extension StrictReceiver.Rules {
    package typealias Entry = StrictReceiver.Entry
    package typealias Breach = StrictReceiver.Breach

    static func reply(_ status: Int, _ body: String = "") -> HTTPResponse {
        HTTPResponse(
            status: status, headers: body.isEmpty ? [:] : ["Content-Type": "application/json"],
            body: Array(body.utf8))
    }

    static func document(_ bytes: some Sequence<UInt8>, _ what: String) throws -> Document {
        guard let document = try? JSONReader.document(in: Array(bytes), file: what) else {
            throw Breach("\(what) is no JSON")
        }
        return document
    }

    /// The only members that may stand there.
    static func check(_ document: Document, _ allowed: Set<String>, _ what: String) throws {
        for entry in document.map ?? [] where !allowed.contains(entry.key) {
            throw Breach("\(what) has the member \(entry.key)")
        }
    }

    /// An OCSF event in a text, whose uid must be the one said beside it.
    static func entry(_ text: String?, uid: String?, key: String? = nil) throws -> Entry {
        guard let text else { throw Breach("an event without its text") }
        let event = try document(text.utf8, "event")
        guard let own = event["metadata"]?["uid"]?.string else { throw Breach("an event without a uid") }
        if let uid, uid != own { throw Breach("the uid beside the event is \(uid), not \(own)") }
        return Entry(uid: own, text: text, key: key)
    }

    /// As the entry of an event that is not a text but stands there itself.
    static func entry(_ event: Document?, uid: String?) throws -> Entry {
        guard let own = event?["metadata"]?["uid"]?.string else { throw Breach("an event without a uid") }
        if let uid, uid != own { throw Breach("the uid beside the event is \(uid), not \(own)") }
        let isPoison = event?["message"]?.string?.contains("poison") == true
        return Entry(uid: own, text: isPoison ? "poison" : own)
    }

    /// All or nothing: a batch with poison is refused whole.
    static func whole(_ answer: HTTPResponse)
        -> @Sendable ([StrictReceiver.Entry]) -> (HTTPResponse, [Int])
    {
        { _ in (answer, []) }
    }

    package static func datadog(key: String) -> Self {
        Self(
            path: "/api/v2/logs", headers: [("DD-API-KEY", key)],
            stranger: reply(403, #"{"errors":[{"status":"403","title":"Forbidden"}]}"#),
            contentType: "application/json", bodyBytesMax: 5_000_000, rowsMax: 1_000,
            entries: { body in
                guard let logs = try document(body, "logs").list else { throw Breach("no array") }
                return try logs.map { log in
                    try check(
                        log,
                        [
                            "ddsource", "ddtags", "hostname", "message", "service", "status", "timestamp",
                            "uid",
                        ],
                        "log")
                    guard log["timestamp"]?.integer != nil, log["status"]?.string != nil else {
                        throw Breach("a log without time or status")
                    }
                    return try entry(log["message"]?.string, uid: log["uid"]?.string)
                }
            }, accepted: { _ in reply(202, "{}") },
            poisoned: whole(reply(400, #"{"errors":[{"status":"400","title":"Bad Request"}]}"#)),
            unreadable: reply(400, #"{"errors":[{"status":"400","title":"Bad Request"}]}"#))
    }

    package static func loki(tenant: String) -> Self {
        Self(
            path: "/loki/api/v1/push", headers: [("X-Scope-OrgID", tenant)],
            stranger: reply(401, "no org id"), contentType: "application/json", bodyBytesMax: 4 << 20,
            entries: { body in
                try (document(body, "push")["streams"]?.list ?? []).flatMap { stream in
                    guard let labels = stream["stream"]?.map, labels.count <= 15 else {
                        throw Breach("no labels, or too many")
                    }
                    return try (stream["values"]?.list ?? []).map { value in
                        let parts = value.list ?? []
                        guard parts.count == 3, let time = parts[0].string, let line = parts[1].string,
                            Int64(time) != nil,
                            parts[2].map?.allSatisfy({ $0.value.string != nil }) == true
                        else { throw Breach("an entry that is not [time, line, texts]") }
                        return try entry(line, uid: parts[2]["uid"]?.string, key: "\(time) \(line)")
                    }
                }
            }, accepted: { _ in reply(204) },
            // What is sound of a refused push is kept.
            poisoned: { entries in
                let sound = entries.indices.filter { !entries[$0].text.contains("poison") }
                return (reply(400, "entry out of order"), sound)
            }, unreadable: reply(400, "couldn't parse push request"))
    }

    package static func sentinel(token: String) -> Self {
        Self(
            path: "/dataCollectionRules/dcr-1/streams/Custom-Martlet_CL?api-version=2023-01-01",
            headers: [("Authorization", "Bearer \(token)")],
            stranger: reply(403, #"{"error":{"code":"OperationFailed","message":"not authorized"}}"#),
            contentType: "application/json", bodyBytesMax: 1_000_000,
            entries: { body in
                guard let rows = try document(body, "rows").list else { throw Breach("no array") }
                return try rows.map { row in
                    guard row["TimeGenerated"]?.string.flatMap({ Timestamp(iso8601: $0) }) != nil else {
                        throw Breach("a row without TimeGenerated")
                    }
                    for column in row.map ?? [] where column.key.utf8.count > 45 {
                        throw Breach("the column \(column.key) is too long")
                    }
                    return try entry(row["Event"], uid: row["Uid"]?.string)
                }
            }, accepted: { _ in reply(204) },
            poisoned: whole(reply(400, #"{"error":{"code":"InvalidPayload","message":"bad"}}"#)),
            unreadable: reply(400, #"{"error":{"code":"InvalidPayload","message":"bad"}}"#))
    }

    package static func otlp(key: String) -> Self {
        Self(
            path: "/v1/logs", headers: [("api-key", key)], stranger: reply(401, #"{"code":16}"#),
            contentType: "application/json",
            entries: { body in
                try (document(body, "logs")["resourceLogs"]?.list ?? []).flatMap { resource in
                    try (resource["scopeLogs"]?.list ?? []).flatMap { scope in
                        try (scope["logRecords"]?.list ?? []).map { record in
                            guard record["timeUnixNano"]?.string.flatMap({ Int64($0) }) != nil,
                                let severity = record["severityNumber"]?.integer, (1...24).contains(severity)
                            else { throw Breach("a record with a wrong time or severity") }
                            let uid = record["attributes"]?.list?.first { $0["key"]?.string == "event.uid" }
                            return try entry(
                                record["body"]?["stringValue"]?.string,
                                uid: uid?["value"]?["stringValue"]?.string)
                        }
                    }
                }
            }, accepted: { _ in reply(200, #"{"partialSuccess":{}}"#) },
            poisoned: { entries in
                let sound = entries.indices.filter { !entries[$0].text.contains("poison") }
                let bad = entries.count - sound.count
                return (
                    reply(
                        200,
                        #"{"partialSuccess":{"rejectedLogRecords":"\#(bad)","errorMessage":"too odd"}}"#),
                    sound
                )
            }, unreadable: reply(400, #"{"code":3}"#))
    }

    package static func clickhouse(password: String) -> Self {
        Self(
            path: "/?database=logs&query=INSERT%20INTO%20martlet%20FORMAT%20JSONEachRow&",
            headers: [("X-ClickHouse-User", "default"), ("X-ClickHouse-Key", password)],
            stranger: reply(403, "Code: 516. DB::Exception: Authentication failed"), contentType: "",
            entries: { body in
                try body.split(separator: UInt8(ascii: "\n")).map { line in
                    let row = try document(line, "row")
                    try check(
                        row,
                        [
                            "uid", "time", "kind", "class_uid", "activity_id", "severity_id", "status_id",
                            "event",
                        ],
                        "row")
                    return try entry(row["event"]?.string, uid: row["uid"]?.string)
                }
            }, accepted: { _ in HTTPResponse(status: 200, headers: ["X-ClickHouse-Query-Id": "1"]) },
            poisoned: whole(reply(500, "Code: 53. DB::Exception: Type mismatch")),
            unreadable: reply(400, "Code: 27. DB::Exception: Cannot parse input"))
    }

    package static func secopsRaw(
        token: String, forwarder: String = "projects/p/locations/us/instances/i/forwarders/f"
    ) -> Self {
        Self(
            path: "/v1alpha/projects/p/locations/us/instances/i/logTypes/OCSF/logs:import",
            headers: [("Authorization", "Bearer \(token)")],
            stranger: reply(403, #"{"error":{"code":403,"status":"PERMISSION_DENIED"}}"#),
            contentType: "application/json", bodyBytesMax: 4_000_000,
            entries: { body in
                let source = try document(body, "import")["inline_source"]
                guard source?["forwarder"]?.string == forwarder else { throw Breach("no forwarder") }
                return try (source?["logs"]?.list ?? []).map { log in
                    guard let data = log["data"]?.string.flatMap({ Base64.decode($0) }),
                        log["log_entry_time"]?.string.flatMap({ Timestamp(iso8601: $0) }) != nil
                    else { throw Breach("a log without data or time") }
                    return try entry(String(decoding: data, as: UTF8.self), uid: nil)
                }
            }, accepted: { _ in reply(200, "{}") },
            poisoned: whole(reply(400, #"{"error":{"code":400,"status":"INVALID_ARGUMENT"}}"#)),
            unreadable: reply(400, #"{"error":{"code":400,"status":"INVALID_ARGUMENT"}}"#))
    }

    package static func newRelic(key: String) -> Self {
        Self(
            path: "/log/v1", headers: [("Api-Key", key)], stranger: reply(403),
            contentType: "application/json",
            bodyBytesMax: 1_000_000,
            entries: { body in
                try (document(body, "logs").list ?? []).flatMap { part in
                    try (part["logs"]?.list ?? []).map { log in
                        guard log["timestamp"]?.integer != nil else { throw Breach("a log without a time") }
                        return try entry(log["message"]?.string, uid: log["attributes"]?["uid"]?.string)
                    }
                }
            }, accepted: { _ in reply(202, #"{"requestId":"1"}"#) }, poisoned: whole(reply(400)),
            unreadable: reply(400))
    }

    package static func logScale(token: String) -> Self {
        Self(
            path: "/services/collector", headers: [("Authorization", "Bearer \(token)")],
            stranger: reply(401),
            contentType: "application/json", bodyBytesMax: 5_000_000,
            entries: { body in
                try body.split(separator: UInt8(ascii: "\n")).map { line in
                    let envelope = try document(line, "event")
                    try check(envelope, ["time", "sourcetype", "event", "fields"], "envelope")
                    return try entry(envelope["event"], uid: envelope["fields"]?["uid"]?.string)
                }
            }, accepted: { _ in reply(200, #"{"text":"Success","code":0}"#) }, poisoned: whole(reply(400)),
            unreadable: reply(400))
    }
}
