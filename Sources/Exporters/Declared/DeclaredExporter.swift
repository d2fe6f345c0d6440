package import Codecs
package import Engine
package import Ports

/// The one machine that carries out every `ReceiverProtocol`.
package struct DeclaredExporter: Exporter {
    package static let name = "declared"

    package struct Config: Sendable {
        package var parameters: [String: String?] = [:]
        /// Scheme, host and port instead of the declaration's own.
        package var endpoint: String?
        package var compression = Compressor.Form.plain

        package init() {}
    }

    package let declaration: ReceiverProtocol
    private let compression: Compressor.Form
    private let endpoint: String?
    private let post: EventTemplate
    private let headers: [(name: String, value: EventTemplate)]
    private let begin: EventTemplate
    private let event: EventTemplate
    private let between: [UInt8]
    private let end: EventTemplate
    private let fields: FieldPaths

    package init(_ declaration: ReceiverProtocol, _ config: Config) throws(EventTemplate.Flaw) {
        self.declaration = declaration
        compression = config.compression
        endpoint = config.endpoint
        let names = EventTemplate.Names(
            parameters: config.parameters,
            addresses: Set(declaration.parameters.all.filter(\.isURL).map(\.name)),
            tables: declaration.tables.all,
            escapes: Dictionary(
                declaration.body.escape.all.compactMap { entry in
                    entry.name.utf8.first.map { ($0, Array(entry.value.utf8)) }
                }, uniquingKeysWith: { first, _ in first }))
        var fields = FieldPaths()
        post = try EventTemplate(declaration.post, at: .url, names, fields: &fields)
        var headers: [(name: String, value: EventTemplate)] = []
        for entry in declaration.headers.all {
            headers.append(
                (entry.name, try EventTemplate(entry.value, at: .plain, names, fields: &fields)))
        }
        self.headers = headers
        let body = declaration.body
        begin = try EventTemplate(body.begin, at: .json, names, fields: &fields)
        event = try EventTemplate(body.event, at: .json, names, fields: &fields)
        between = Array(body.between.utf8)
        end = try EventTemplate(body.end, at: .json, names, fields: &fields)
        self.fields = fields
    }

    package var bodyBytesMax: Int { declaration.limits.bytes ?? .max }

    package func encode(_ batch: borrowing EventBatch, into body: inout [UInt8]) {
        body.reserveCapacity(body.count + batch.bytes.count + batch.count * 128)
        var writer = TemplateWriter(fields)
        body += writer.fixed(begin)
        for (index, event) in batch.events.enumerated() {
            if index > 0 { body += between }
            writer.begin(event, of: batch)
            writer.write(self.event, event, of: batch, into: &body)
        }
        body += writer.fixed(end)
    }

    package func unsendable(in batch: borrowing EventBatch) -> [Int: String] {
        guard let limit = declaration.limits.event else { return [:] }
        var refused: [Int: String] = [:]
        // What is wrapped around an event adds little, but escaping may double it: only then it is written to be measured.
        for (row, event) in batch.events.enumerated() where Int(event.json.count) > limit / 2 {
            var writer = TemplateWriter(fields)
            var text: [UInt8] = []
            writer.begin(event, of: batch)
            writer.write(self.event, event, of: batch, into: &text)
            if text.count > limit {
                refused[row] =
                    "the event is \(text.count) bytes, more than the \(limit) that \(declaration.receiver) takes"
            }
        }
        return refused
    }

    package func request(carrying body: consuming [UInt8], batchID: String) -> HTTPRequest {
        // Row numbers begin again with a new state folder; the content's digest keeps the key unique.
        let key = "\(batchID)-\(Hex.encode(Digest.sha256(body).prefix(8)))"
        let writer = TemplateWriter(fields, batchID: key)
        func text(_ template: EventTemplate) -> String {
            String(decoding: writer.fixed(template), as: UTF8.self)
        }
        var request = HTTPRequest(.POST, address(text(post)))
        for (name, value) in headers {
            let value = text(value)
            if !value.isEmpty { request.headers[name] = value }
        }
        if let encoding = compression.contentEncoding {
            request.headers["Content-Encoding"] = encoding
            var compressor = Compressor(compression)
            compressor.pack(body, into: &request.body)
        } else {
            request.body = body
        }
        return request
    }

    private func address(_ url: String) -> String {
        guard let endpoint, let scheme = url.firstRange(of: "://") else { return url }
        let path = url[scheme.upperBound...].drop { $0 != "/" }
        return (endpoint.hasSuffix("/") ? String(endpoint.dropLast()) : endpoint) + path
    }

    package func verdict(on response: HTTPResponse, rows: Int, now: Timestamp) -> Verdict {
        for answer in declaration.answers where answer.status.contains(response.status) {
            if let text = answer.has, !Self.stands(Array(text.utf8), in: response.body) { continue }
            if let text = answer.begins, !response.body.starts(with: text.utf8) { continue }
            if let text = answer.equals, !response.body.elementsEqual(text.utf8) { continue }
            if answer.isEmpty, !response.body.isEmpty { continue }
            if let path = answer.count, (Self.number(at: path, in: response.body) ?? 0) <= 0 { continue }
            return verdict(answer.then, answer.say, response, rows, now)
        }
        switch response.status {
        case 413: return verdict(.halves, nil, response, rows, now)
        case 400, 422: return verdict(.halves, nil, response, rows, now)
        case 408, 425, 429, 500...:
            return response.status == 501
                ? verdict(.denied, nil, response, rows, now) : verdict(.retry, nil, response, rows, now)
        case 200..<300:
            return verdict(
                .denied, "this address answers like no \(declaration.receiver)", response, rows, now)
        case 300..<400:
            let target = response.headers["Location"].map { " to \($0)" } ?? ""
            return .denied(reason: "this address redirects\(target): use the address itself")
        default: return verdict(.denied, nil, response, rows, now)
        }
    }

    private func verdict(
        _ meaning: ReceiverAnswer.Meaning, _ say: String?, _ response: HTTPResponse, _ rows: Int,
        _ now: Timestamp
    ) -> Verdict {
        let told = response.excerpt.isEmpty ? "" : ": \(response.excerpt)"
        let reason = "\(say ?? declaration.receiver) (HTTP status \(response.status))\(told)"
        return switch meaning {
        case .accepted: .accepted
        case .retry: .retry(after: response.retryTime(after: now))
        case .halves: .tooLarge(reason: reason)
        case .refused: .rejected(rows: Array(0..<rows), reason: reason)
        case .denied: .denied(reason: reason)
        }
    }

    /// Whether a text stands in an answer; a number at its end is all of that number: `Code: 27` is not `Code: 279`.
    private static func stands(_ text: [UInt8], in body: [UInt8]) -> Bool {
        func isDigit(_ byte: UInt8?) -> Bool { byte.map { $0 &- 0x30 < 10 } ?? false }
        var rest = body[...]
        while let found = rest.firstRange(of: text) {
            let next = found.upperBound < body.endIndex ? body[found.upperBound] : nil
            if !isDigit(text.last) || !isDigit(next) { return true }
            rest = body[found.upperBound...]
        }
        return false
    }

    /// A number, or a text that is one, as 64-bit numbers are written in JSON.
    private static func number(at path: String, in body: [UInt8]) -> Int64? {
        guard var document = try? JSONReader.document(in: body, file: "answer") else { return nil }
        for step in path.split(separator: ".") {
            guard let next = document[String(step)] else { return nil }
            document = next
        }
        return document.integer ?? document.string.flatMap { Int64($0) }
    }
}
