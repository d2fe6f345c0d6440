import Codecs
import Engine
import Ports

// Receivers that judge a batch row by row, or up to a row; and those of no product.

extension StrictReceiver.Rules {
    /// Splunk takes events in order and stops at the first that it cannot read, naming it.
    package static func splunk(token: String) -> Self {
        Self(
            path: "/services/collector/event", headers: [("Authorization", "Splunk \(token)")],
            stranger: reply(403, #"{"text":"Invalid token","code":4}"#), contentType: "application/json",
            entries: { body in
                try body.split(separator: UInt8(ascii: "\n")).map { line in
                    let envelope = try document(line, "envelope")
                    try check(
                        envelope, ["time", "host", "source", "sourcetype", "index", "event", "fields"],
                        "envelope")
                    guard envelope["time"] != nil else { throw Breach("an event without its time") }
                    return try entry(envelope["event"], uid: envelope["fields"]?["uid"]?.string)
                }
            }, accepted: { _ in reply(200, #"{"text":"Success","code":0}"#) },
            poisoned: { entries in
                let bad = entries.firstIndex { $0.text.contains("poison") } ?? 0
                return (
                    reply(
                        400, #"{"text":"Invalid data format","code":6,"invalid-event-number":\#(bad)}"#),
                    Array(0..<bad)
                )
            }, unreadable: reply(400, #"{"text":"Invalid data format","code":6}"#))
    }

    /// Any receiver of lines that remembers keys of idempotency.
    package static func lines(bearer: String) -> Self {
        Self(
            path: "/in", headers: [("Authorization", "Bearer \(bearer)")], stranger: reply(401),
            contentType: "application/x-ndjson", compressions: ["zstd"],
            entries: { body in
                guard body.last == UInt8(ascii: "\n") else { throw Breach("no newline at the end") }
                return try body.split(separator: UInt8(ascii: "\n")).map { line in
                    try entry(try document(line, "line"), uid: nil)
                }
            }, accepted: { _ in reply(204) }, poisoned: whole(reply(422)), unreadable: reply(400))
    }

    /// Any receiver that takes lines, or one array, wherever it is and from whomever.
    package static var anything: Self {
        Self(
            path: "", headers: [], stranger: reply(401), contentType: "", compressions: ["gzip", "zstd"],
            entries: { body in
                if body.first == UInt8(ascii: "[") {
                    return try (document(body, "array").list ?? []).map { try entry($0, uid: nil) }
                }
                return try body.split(separator: UInt8(ascii: "\n")).map { line in
                    try entry(try document(line, "line"), uid: nil)
                }
            }, accepted: { _ in reply(204) }, poisoned: whole(reply(422)), unreadable: reply(400))
    }

    /// UDM as the ingestion API checks it.
    package static func secopsUDM(token: String) -> Self {
        Self(
            path: "/v1alpha/projects/p/locations/us/instances/i/events:import",
            headers: [("Authorization", "Bearer \(token)")],
            stranger: reply(403, #"{"error":{"code":403,"status":"PERMISSION_DENIED"}}"#),
            contentType: "application/json", bodyBytesMax: 4_000_000,
            entries: { body in
                try (document(body, "import")["inline_source"]?["events"]?.list ?? []).map { event in
                    let metadata = event["udm"]?["metadata"]
                    guard metadata?["eventTimestamp"]?.string.flatMap({ Timestamp(iso8601: $0) }) != nil,
                        let type = metadata?["eventType"]?.string, !type.isEmpty,
                        let uid = metadata?["productLogId"]?.string
                    else { throw Breach("an event without time, type or id") }
                    let isPoison = metadata?["description"]?.string?.contains("poison") == true
                    return Entry(uid: uid, text: isPoison ? "poison" : uid)
                }
            }, accepted: { _ in reply(200, "{}") },
            poisoned: whole(reply(400, #"{"error":{"code":400,"status":"INVALID_ARGUMENT"}}"#)),
            unreadable: reply(400, #"{"error":{"code":400,"status":"INVALID_ARGUMENT"}}"#))
    }

    package static func elastic(key: String) -> Self {
        Self(
            path: "/logs-martlet-default/_bulk?", headers: [("Authorization", "ApiKey \(key)")],
            stranger: reply(401, #"{"error":{"type":"security_exception"},"status":401}"#),
            contentType: "application/x-ndjson", bodyBytesMax: 10_000_000,
            entries: { body in
                guard body.last == UInt8(ascii: "\n") else { throw Breach("no newline at the end") }
                let lines = body.split(separator: UInt8(ascii: "\n"))
                guard lines.count % 2 == 0 else { throw Breach("an action without its document") }
                return try stride(from: 0, to: lines.count, by: 2).map { at in
                    let id = try document(lines[at], "action")["create"]?["_id"]?.string
                    guard let id, (1...512).contains(id.utf8.count) else {
                        throw Breach("no create with an _id")
                    }
                    let event = try document(lines[at + 1], "document")
                    guard event["@timestamp"]?.string.flatMap({ Timestamp(iso8601: $0) }) != nil else {
                        throw Breach("a data stream needs @timestamp")
                    }
                    var entry = try entry(event, uid: nil)
                    entry.key = id
                    return entry
                }
            }, accepted: { bulk($0) },
            poisoned: { entries in
                (bulk(entries), entries.indices.filter { !["later", "poison"].contains(entries[$0].text) })
            }, unreadable: reply(400, #"{"error":{"type":"illegal_argument_exception"},"status":400}"#))
    }

    private static func bulk(_ entries: [StrictReceiver.Entry]) -> HTTPResponse {
        let items = entries.map { entry in
            switch entry.text {
            case "later":
                #"{"create":{"status":429,"error":{"type":"es_rejected_execution_exception","reason":"full"}}}"#
            case "poison":
                #"{"create":{"status":400,"error":{"type":"document_parsing_exception","reason":"no date"}}}"#
            default: #"{"create":{"status":201}}"#
            }
        }
        let hasErrors = entries.contains { ["later", "poison"].contains($0.text) }
        return reply(200, "{\"errors\":\(hasErrors),\"items\":[\(items.joined(separator: ","))]}")
    }
}
