package import Codecs
package import Credentials
package import Engine
package import Ports

/// Any receiver of HTTP: one POST for each batch, and 2xx means that all of it was taken.
///
/// Each request carries a key that is the same at every try of the same bytes (`Idempotency-Key`), by which a
/// receiver can tell a repetition.
package struct GenericHTTP: Exporter {
    package static let name = "http"

    package enum Format: Sendable {
        /// One event a line.
        case ndjson
        /// One JSON array.
        case array
    }

    package enum Authorization: Sendable {
        case none
        case bearer(Secret)
        case basic(user: String, password: Secret)
    }

    package enum Signature: Sendable {
        case none
        /// `sha256=` and the hexadecimal HMAC-SHA256 of the body as sent, under a header of the user's choice.
        case simple(secret: Secret, header: String)
        /// Standard Webhooks: `webhook-id`, `webhook-timestamp`, `webhook-signature`. The secret is Base64, with
        /// `whsec_` before it or not; one that is not Base64 is taken as it stands.
        case standardWebhooks(secret: Secret)
    }

    package struct Config: Sendable {
        package var url: String
        package var format = Format.ndjson
        package var headers: [(name: String, value: Secret)] = []
        package var authorization = Authorization.none
        package var signature = Signature.none
        package var compression = Compressor.Form.plain

        package init(url: String) { self.url = url }
    }

    private let config: Config
    private let time: any TimeSource

    package init(_ config: Config, time: any TimeSource) {
        self.config = config
        self.time = time
    }

    package func encode(_ batch: borrowing EventBatch, into body: inout [UInt8]) {
        body.reserveCapacity(body.count + batch.bytes.count + batch.count + 2)
        let isArray = config.format == .array
        if isArray { body.append(UInt8(ascii: "[")) }
        for index in 0..<batch.count {
            if isArray, index > 0 { body.append(UInt8(ascii: ",")) }
            body += batch.bytes[batch.events[index].json.range]
            if !isArray { body.append(UInt8(ascii: "\n")) }
        }
        if isArray { body.append(UInt8(ascii: "]")) }
    }

    /// A frame's text is the body of its batch, to the byte.
    package var takesPackedText: Bool {
        config.format == .ndjson && config.compression == .zstd(level: SpoolFrame.packingLevel)
    }

    package func request(carrying body: consuming [UInt8], batchID: String) -> HTTPRequest {
        // Row numbers begin again with a new state folder; the content's hash keeps the key unique.
        let hash = XXHash64.of(body)
        guard config.compression != .plain else { return request(body, batchID, hash) }
        var packed: [UInt8] = []
        var compressor = Compressor(config.compression)
        compressor.pack(body, into: &packed)
        return request(packed, batchID, hash)
    }

    package func request(carryingPacked text: consuming [UInt8], batchID: String) -> HTTPRequest {
        let hash = XXHash64.of(text)
        return request(text, batchID, hash)
    }

    private func request(_ body: consuming [UInt8], _ batchID: String, _ hash: UInt64) -> HTTPRequest {
        var request = HTTPRequest(.POST, config.url)
        request.headers["Content-Type"] =
            config.format == .array ? "application/json" : "application/x-ndjson"
        let key = "\(batchID)-\(hexadecimal(hash))"
        request.headers["Idempotency-Key"] = key
        request.headers["Content-Encoding"] = config.compression.contentEncoding
        request.body = body
        switch config.authorization {
        case .none: break
        case .bearer(let token): request.headers["Authorization"] = "Bearer \(token.revealed)"
        case .basic(let user, let password):
            request.headers["Authorization"] =
                "Basic \(Base64.encode(Array("\(user):\(password.revealed)".utf8)))"
        }
        sign(&request, key: key)
        for (name, value) in config.headers { request.headers[name] = value.revealed }
        return request
    }

    private func sign(_ request: inout HTTPRequest, key: String) {
        switch config.signature {
        case .none: break
        case .simple(let secret, let header):
            let tag = Digest.hmacSHA256(request.body, key: Array(secret.revealed.utf8))
            request.headers[header] = "sha256=\(Hex.encode(tag))"
        case .standardWebhooks(let secret):
            let text = secret.revealed
            let encoded = text.hasPrefix("whsec_") ? String(text.dropFirst(6)) : text
            let seconds = "\(time.now.seconds)"
            let tag = Digest.hmacSHA256(
                Array("\(key).\(seconds).".utf8) + request.body,
                key: Base64.decode(encoded) ?? Array(text.utf8))
            request.headers["webhook-id"] = key
            request.headers["webhook-timestamp"] = seconds
            request.headers["webhook-signature"] = "v1,\(Base64.encode(tag))"
        }
    }

    package func verdict(on response: HTTPResponse, rows: Int, now: Timestamp) -> Verdict {
        switch response.status {
        case 200..<300: .accepted
        case 400, 422:
            .tooLarge(reason: "the receiver refuses it (HTTP status \(response.status)): \(response.excerpt)")
        case 413: .tooLarge(reason: "larger than the receiver takes")
        case 501: .denied(reason: "the receiver takes no POST (HTTP status 501)")
        case 408, 425, 429, 500...: .retry(after: response.retryTime(after: now))
        case 300..<400:
            .denied(reason: "this address redirects: use the address itself (HTTP status \(response.status))")
        case 401, 403, 407:
            .denied(reason: "the receiver refuses the credentials (HTTP status \(response.status))")
        default:
            .denied(reason: "the receiver answers with HTTP status \(response.status): \(response.excerpt)")
        }
    }
}
