import Engine
import Ports

/// Splunk's HTTP Event Collector as senders know it: paths, bodies, numbers of answers.
///
/// A body is taken whole or not at all, so an error never leaves its first half behind. Answers come when everything is
/// durable, so there are no acknowledgements to ask for.
enum HECIntake {
    /// Splunk's own numbers and texts.
    struct Answer: Error {
        var status: Int
        var code: Int
        var text: String
        var event: Int?

        static let success = Answer(status: 200, code: 0, text: "Success")
        static let tokenRequired = Answer(status: 401, code: 2, text: "Token is required")
        static let invalidAuthorization = Answer(status: 401, code: 3, text: "Invalid authorization")
        static let invalidToken = Answer(status: 403, code: 4, text: "Invalid token")
        static let noData = Answer(status: 400, code: 5, text: "No data")
        static func invalidFormat(_ event: Int?) -> Answer {
            Answer(status: 400, code: 6, text: "Invalid data format", event: event)
        }
        static let busy = Answer(status: 503, code: 9, text: "Server is busy")
        static func eventRequired(_ event: Int) -> Answer {
            Answer(status: 400, code: 12, text: "Event field is required", event: event)
        }
        static func eventBlank(_ event: Int) -> Answer {
            Answer(status: 400, code: 13, text: "Event field cannot be blank", event: event)
        }
        static let acknowledgementsOff = Answer(status: 400, code: 14, text: "ACK is disabled")
        static let healthy = Answer(status: 200, code: 17, text: "HEC is healthy")

        var response: HTTPResponse {
            let number = event.map { ",\"invalid-event-number\":\($0)" } ?? ""
            return HTTPResponse(
                status: status, headers: ["Content-Type": "application/json"],
                body: Array("{\"text\":\(quoted(text)),\"code\":\(code)\(number)}".utf8))
        }
    }

    enum Path: Hashable { case event, raw, health, acknowledgement }

    static func path(_ path: Substring) -> Path? {
        switch path {
        case "/services/collector", "/services/collector/event", "/services/collector/event/1.0": .event
        case "/services/collector/raw", "/services/collector/raw/1.0": .raw
        case "/services/collector/health", "/services/collector/health/1.0": .health
        case "/services/collector/ack": .acknowledgement
        default: nil
        }
    }

    /// The records in a body of events, one a line, as they came.
    ///
    /// An event that is an object, or a text that is one, is the record. Any other makes its envelope the record, so that
    /// nothing of it is lost.
    static func records(in body: [UInt8]) throws(Answer) -> [UInt8] {
        guard body.contains(where: { $0 > 0x20 }) else { throw Answer.noData }
        let reader = RecordReader()
        reader.begin()
        var lines: [UInt8] = []
        lines.reserveCapacity(body.count)
        var offset = 0
        while offset < body.count {
            let end = min(body.count, offset + RecordReader.windowBytes)
            reader.feed(body.span.extracting(offset..<end))
            offset = end
            if offset == body.count { reader.finish() }
            while reader.advance() { try take(reader, into: &lines) }
        }
        return lines
    }

    private static func take(_ reader: RecordReader, into lines: inout [UInt8]) throws(Answer) {
        if let refusal = reader.refusals.first { throw .invalidFormat(refusal.ordinal) }
        let tape = reader.tape
        for record in reader.records {
            guard let event = tape.member("event", of: record.open) else {
                throw .eventRequired(record.ordinal)
            }
            var text: String?
            switch tape.kind(event) {
            case .null: throw .eventBlank(record.ordinal)
            case .object: text = tape.text(tape.extent(event))
            case .string:
                let inner = tape.string(event)
                if inner.isEmpty { throw .eventBlank(record.ordinal) }
                if inner.hasPrefix("{"), isObject(inner) { text = inner }
            default: break
            }
            lines += (text ?? tape.text(record.extent)).utf8
            lines.append(0x0A)
        }
    }

    private static func isObject(_ text: String) -> Bool {
        let reader = RecordReader()
        reader.begin()
        reader.feed(Array(text.utf8).span)
        reader.finish()
        return reader.advance() && reader.refusals.isEmpty && reader.records.count == 1
    }
}
