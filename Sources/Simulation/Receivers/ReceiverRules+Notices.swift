import Codecs
import Engine
import Ports

// Receivers of notices: one message for each finding.

extension StrictReceiver.Rules {
    private static func text(_ status: Int, _ body: String) -> HTTPResponse {
        HTTPResponse(status: status, headers: ["Content-Type": "text/plain"], body: Array(body.utf8))
    }

    private static func read(_ body: [UInt8]) throws -> Document {
        guard let document = try? JSONReader.document(in: body, file: "notice") else {
            throw StrictReceiver.Breach("the notice is no JSON")
        }
        return document
    }

    private static func refusing(
        _ answer: HTTPResponse
    ) -> @Sendable ([StrictReceiver.Entry]) -> (HTTPResponse, [Int]) {
        { _ in (answer, []) }
    }

    /// Blocks as Slack checks them; the uid is the last word of the context.
    package static var slack: Self {
        Self(
            path: "/services/T/B/x", headers: [], stranger: text(403, "invalid_token"),
            contentType: "application/json", compressions: [], rowsMax: 1,
            entries: { body in
                let message = try read(body)
                guard let blocks = message["blocks"]?.list, blocks.count <= 50,
                    let said = message["text"]?.string, said.utf8.count <= 40_000
                else { throw StrictReceiver.Breach("no text or blocks") }
                for block in blocks {
                    if let words = block["text"]?["text"]?.string, words.count > 3_000 {
                        throw StrictReceiver.Breach("a section of \(words.count) characters")
                    }
                }
                if said.contains("<!") { throw StrictReceiver.Breach("a log's text calls the channel") }
                let context = blocks.last?["elements"]?.list?.first?["text"]?.string ?? ""
                let uid = context.split(separator: " ").last.map(String.init) ?? ""
                return [StrictReceiver.Entry(uid: uid, text: said)]
            }, accepted: { _ in text(200, "ok") }, poisoned: refusing(text(400, "invalid_payload")),
            unreadable: text(400, "invalid_payload"))
    }

    package static var teams: Self {
        Self(
            path: "/workflows/x", headers: [], stranger: text(401, ""), contentType: "application/json",
            compressions: [], bodyBytesMax: 28_000, rowsMax: 1,
            entries: { body in
                let card = try read(body)["attachments"]?.list?.first?["content"]
                guard card?["type"]?.string == "AdaptiveCard", let parts = card?["body"]?.list,
                    let title = parts.first?["text"]?.string,
                    let uid = parts.last?["facts"]?.list?.last?["value"]?.string
                else { throw StrictReceiver.Breach("no adaptive card") }
                return [StrictReceiver.Entry(uid: uid, text: title)]
            }, accepted: { _ in HTTPResponse(status: 202) }, poisoned: refusing(text(400, "bad card")),
            unreadable: text(400, "bad card"))
    }

    package static func pagerDuty(key: String) -> Self {
        Self(
            path: "/v2/enqueue", headers: [], stranger: text(403, "{}"), contentType: "application/json",
            compressions: [], bodyBytesMax: 512_000, rowsMax: 1,
            entries: { body in
                let event = try read(body)
                let payload = event["payload"]
                guard event["routing_key"]?.string == key, event["event_action"]?.string == "trigger",
                    let dedup = event["dedup_key"]?.string, dedup.utf8.count <= 255,
                    let summary = payload?["summary"]?.string, summary.count <= 1_024,
                    payload?["source"]?.string != nil,
                    ["critical", "error", "warning", "info"].contains(payload?["severity"]?.string ?? "")
                else { throw StrictReceiver.Breach("not an event") }
                return [StrictReceiver.Entry(uid: dedup, text: summary, key: dedup)]
            },
            accepted: {
                text(
                    202,
                    #"{"status":"success","message":"Event processed","dedup_key":"\#($0[0].uid)"}"#)
            }, poisoned: refusing(text(400, #"{"status":"invalid event"}"#)),
            unreadable: text(400, #"{"status":"invalid event"}"#))
    }
}
