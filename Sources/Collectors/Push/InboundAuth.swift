import Codecs
package import Credentials
package import Engine
package import Ports

/// How whoever pushes shows that it may.
package enum InboundAuth: Sendable {
    case bearer(Secret)
    case basic(user: String, password: Secret)
    /// A header with a value that only the sender knows.
    case header(name: String, value: Secret)
    /// `Authorization: Splunk TOKEN`, or basic authentication with the token as password.
    case hecToken(Secret)
    case signature(WebhookSignature)
    /// A certificate of an authority that the listener trusts; with names, one of these must be in it.
    case certificate(names: [String])

    /// Whether the headers show it, as far as that can be said before the body is there.
    package func admits(headersOf request: HTTPRequest) -> Bool {
        let given = request.headers["Authorization"] ?? ""
        switch self {
        case .bearer(let token): return Self.same(given, "Bearer \(token.revealed)")
        case .basic(let user, let password):
            return Self.same(given, "Basic \(Base64.encode(Array("\(user):\(password.revealed)".utf8)))")
        case .header(let name, let value): return Self.same(request.headers[name] ?? "", value.revealed)
        case .hecToken(let token):
            if given.hasPrefix("Basic "), let pair = Base64.decode(String(given.dropFirst(6))) {
                let text = String(decoding: pair, as: UTF8.self)
                let password = text.firstIndex(of: ":").map { String(text[text.index(after: $0)...]) }
                return Self.same(password ?? "", token.revealed)
            }
            return Self.same(given, "Splunk \(token.revealed)")
        case .signature(let signature): return request.headers[signature.header] != nil
        case .certificate(let names):
            guard let sender = request.sender else { return false }
            return names.isEmpty || names.contains(sender)
        }
    }

    /// Whether the whole request shows it.
    package func admits(_ request: HTTPRequest, at now: Timestamp) -> Bool {
        guard case .signature(let signature) = self else { return admits(headersOf: request) }
        return signature.isValid(on: request, at: now)
    }

    /// Compares without telling by its time how much is right.
    static func same(_ a: String, _ b: String) -> Bool {
        Digest.equalInConstantTime(Digest.sha256(Array(a.utf8)), Digest.sha256(Array(b.utf8)))
    }
}

/// An HMAC-SHA256 over a body, as webhooks carry it.
package struct WebhookSignature: Sendable {
    package enum Scheme: Sendable {
        /// Over the body alone; in hexadecimal digits or Base64, with `sha256=` before it or not. GitHub's is one.
        case body
        /// Over a text with the time and the body in it, so that an old request cannot be sent again.
        ///
        /// - Parameter template: `{timestamp}.{body}`; Slack has `v0:{timestamp}:{body}`.
        case timestamped(header: String, template: String)
        /// `webhook-id`, `webhook-timestamp`, `webhook-signature`, with a secret in Base64 behind `whsec_`.
        case standardWebhooks
    }

    /// How far a request's time may be from ours.
    package static let toleranceUsual = Duration.minutes(5)

    package var scheme: Scheme
    package var secret: Secret
    /// Where the signature stands.
    package var header: String
    package var tolerance = toleranceUsual

    package init(_ scheme: Scheme, secret: Secret, header: String) {
        self.scheme = scheme
        self.secret = secret
        self.header = header
    }

    func isValid(on request: HTTPRequest, at now: Timestamp) -> Bool {
        guard let given = request.headers[header] else { return false }
        let key = Array(secret.revealed.utf8)
        switch scheme {
        case .body: return isTag(given, of: request.body, key: key)
        case .timestamped(let timeHeader, let template):
            guard let time = request.headers[timeHeader], isNow(time, now) else { return false }
            let parts = template.replacing("{timestamp}", with: time).split(
                separator: "{body}", maxSplits: 1, omittingEmptySubsequences: false)
            let signed =
                Array((parts.first ?? "").utf8) + request.body + Array((parts.dropFirst().first ?? "").utf8)
            return isTag(given, of: signed, key: key)
        case .standardWebhooks:
            guard let id = request.headers["webhook-id"], let time = request.headers["webhook-timestamp"],
                isNow(time, now)
            else { return false }
            let text = secret.revealed
            let encoded = text.hasPrefix("whsec_") ? String(text.dropFirst(6)) : text
            let signed = Array("\(id).\(time).".utf8) + request.body
            let tag = Digest.hmacSHA256(signed, key: Base64.decode(encoded) ?? key)
            return given.split(separator: " ").contains { part in
                part.hasPrefix("v1,")
                    && Digest.equalInConstantTime(Base64.decode(String(part.dropFirst(3))) ?? [], tag)
            }
        }
    }

    /// Whether a text is the tag of these bytes: `sha256=…`, `v0=…`, hexadecimal digits or Base64.
    private func isTag(_ given: String, of bytes: [UInt8], key: [UInt8]) -> Bool {
        let tag = Digest.hmacSHA256(bytes, key: key)
        var bare = given[...]
        for prefix in ["sha256=", "v0=", "v1="] where bare.hasPrefix(prefix) {
            bare = bare.dropFirst(prefix.count)
        }
        let decoded = bare.utf8.count == 64 ? Hex.decode(String(bare)) : Base64.decode(String(bare))
        return Digest.equalInConstantTime(decoded ?? [], tag)
    }

    private func isNow(_ text: String, _ now: Timestamp) -> Bool {
        guard let seconds = Int64(text) else { return false }
        let difference = Timestamp(seconds: seconds) - now
        return difference <= tolerance && difference >= .zero - tolerance
    }
}
