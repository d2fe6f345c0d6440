import Codecs
package import Engine
package import Ports

/// AWS Signature Version 4, to the letter of the official test suite.
///
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html
package struct SigV4: Sendable {
    /// How the path is written into the canonical request.
    package enum PathRule: Hashable, Sendable {
        /// Dot segments and doubled slashes resolved, then percent-encoded once more than on the wire.
        case normalized
        /// Percent-encoded once more, otherwise as sent.
        case encoded
        /// As sent: S3, where `//` and `.` are part of a key.
        case asSent
    }

    package static let emptyPayload = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    package var service: String
    package var region: String
    package var pathRule: PathRule
    /// Whether the payload's digest is sent (and signed) as `x-amz-content-sha256`; S3 insists.
    package var sendsPayloadDigest: Bool

    package init(service: String, region: String) {
        self.service = service
        self.region = region
        pathRule = service == "s3" ? .asSent : .normalized
        sendsPayloadDigest = service == "s3"
    }

    /// The request with `X-Amz-Date`, the session token and `Authorization`.
    ///
    /// Every header of the request is signed, so nothing may change it on its way out.
    package func sign(_ request: HTTPRequest, with credentials: AWSCredentials, at time: Timestamp)
        -> HTTPRequest
    {
        var signed = request
        let stamp = Stamp(time, region: region, service: service)
        let payload = payloadDigest(request)
        signed.headers["X-Amz-Date"] = stamp.time
        if let token = credentials.sessionToken { signed.headers["X-Amz-Security-Token"] = token.revealed }
        if sendsPayloadDigest { signed.headers["x-amz-content-sha256"] = payload }
        let canonical = canonicalRequest(signed, query: nil, payload: payload)
        let signature = Self.signature(of: canonical.text, stamp: stamp, secret: credentials.secretAccessKey)
        signed.headers["Authorization"] =
            "AWS4-HMAC-SHA256 Credential=\(credentials.accessKeyID)/\(stamp.scope), "
            + "SignedHeaders=\(canonical.signedHeaders), Signature=\(signature)"
        return signed
    }

    /// The request's URL with the signature in its query, good for `expiry` from `time`.
    package func presign(
        _ request: HTTPRequest, with credentials: AWSCredentials, at time: Timestamp, expiry: Duration
    ) -> HTTPRequest {
        let stamp = Stamp(time, region: region, service: service)
        let names = headerFields(request).map(\.name).joined(separator: ";")
        var added = [
            ("X-Amz-Algorithm", "AWS4-HMAC-SHA256"),
            ("X-Amz-Credential", "\(credentials.accessKeyID)/\(stamp.scope)"),
            ("X-Amz-Date", stamp.time),
            ("X-Amz-SignedHeaders", names),
            ("X-Amz-Expires", String(expiry.components.seconds)),
        ]
        if let token = credentials.sessionToken { added.append(("X-Amz-Security-Token", token.revealed)) }
        let target = Target(request.url)
        let query = target.query + added.map { (PercentEncoding.encode($0), PercentEncoding.encode($1)) }
        let payload = service == "s3" ? "UNSIGNED-PAYLOAD" : payloadDigest(request)
        let canonical = canonicalRequest(request, query: query, payload: payload)
        let signature = Self.signature(of: canonical.text, stamp: stamp, secret: credentials.secretAccessKey)
        var signed = request
        let joined = query.map { "\($0.0)=\($0.1)" }.joined(separator: "&")
        signed.url = "\(target.origin)\(target.path)?\(joined)&X-Amz-Signature=\(signature)"
        return signed
    }

    private func payloadDigest(_ request: HTTPRequest) -> String {
        request.body.isEmpty ? Self.emptyPayload : Digest.sha256Hex(request.body)
    }

    // MARK: The canonical request

    /// When and for what a signature is good.
    private struct Stamp {
        /// `YYYYMMDDTHHMMSSZ`.
        var time: String
        var day: String
        var region: String
        var service: String
        var scope: String { "\(day)/\(region)/\(service)/aws4_request" }

        init(_ timestamp: Timestamp, region: String, service: String) {
            let digits = Timestamp(seconds: timestamp.seconds).iso8601.filter { $0 != "-" && $0 != ":" }
            time = digits
            day = String(digits.prefix(8))
            self.region = region
            self.service = service
        }
    }

    /// A URL taken apart: `https://host:port`, the path as sent, the query's pairs encoded but not sorted.
    struct Target {
        var origin: String
        var host: String
        var path: String
        var query: [(String, String)]

        init(_ url: String) {
            let scheme = url.hasPrefix("https://") ? 8 : url.hasPrefix("http://") ? 7 : 0
            let schemeEnd = url.index(url.startIndex, offsetBy: scheme)
            let authorityEnd = url[schemeEnd...].firstIndex { $0 == "/" || $0 == "?" } ?? url.endIndex
            origin = String(url[..<authorityEnd])
            let authority = url[schemeEnd..<authorityEnd]
            let isDefaultPort =
                url.hasPrefix("https://") && authority.hasSuffix(":443")
                || url.hasPrefix("http://") && authority.hasSuffix(":80")
            host = String(
                isDefaultPort ? authority[..<(authority.lastIndex(of: ":") ?? authority.endIndex)] : authority
            )
            let rest = url[authorityEnd...]
            let mark = rest.firstIndex(of: "?")
            path = String(rest[..<(mark ?? rest.endIndex)])
            if path.isEmpty { path = "/" }
            query =
                mark.map { rest[rest.index(after: $0)...].split(separator: "&") }?.map { pair in
                    let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                    func recoded(_ text: Substring) -> String {
                        PercentEncoding.encode(PercentEncoding.decode(String(text)) ?? String(text))
                    }
                    return (recoded(parts[0]), parts.count > 1 ? recoded(parts[1]) : "")
                } ?? []
        }
    }

    private func canonicalRequest(
        _ request: HTTPRequest, query: [(String, String)]?, payload: String
    ) -> (text: String, signedHeaders: String) {
        let target = Target(request.url)
        let pairs = (query ?? target.query).map { ($0.0, $0.1) }.sorted { a, b in
            a.0 == b.0
                ? a.1.utf8.lexicographicallyPrecedes(b.1.utf8) : a.0.utf8.lexicographicallyPrecedes(b.0.utf8)
        }
        let headers = headerFields(request)
        let names = headers.map(\.name).joined(separator: ";")
        var text = "\(request.method.rawValue)\n\(canonicalPath(target.path))\n"
        text += pairs.map { "\($0.0)=\($0.1)" }.joined(separator: "&") + "\n"
        for header in headers { text += "\(header.name):\(header.value)\n" }
        text += "\n\(names)\n\(payload)"
        return (text, names)
    }

    /// Lower-case names in byte order, values of one name joined in the order sent, runs of space collapsed.
    private func headerFields(_ request: HTTPRequest) -> [(name: String, value: String)] {
        var values: [String: [String]] = [:]
        for field in request.headers.fields {
            let value = field.value.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            values[field.name.lowercased(), default: []].append(value)
        }
        if values["host"] == nil { values["host"] = [Target(request.url).host] }
        values["authorization"] = nil
        return values.map { ($0.key, $0.value.joined(separator: ",")) }
            .sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }
    }

    private func canonicalPath(_ path: String) -> String {
        switch pathRule {
        case .asSent: return path
        case .encoded: return PercentEncoding.encode(path, keepingSlash: true)
        case .normalized:
            var segments: [Substring] = []
            for segment in path.split(separator: "/") where segment != "." {
                if segment == ".." { _ = segments.popLast() } else { segments.append(segment) }
            }
            let isFolder = path.hasSuffix("/") || path.hasSuffix("/.") || path.hasSuffix("/..")
            let joined = "/" + segments.joined(separator: "/") + (isFolder && !segments.isEmpty ? "/" : "")
            return PercentEncoding.encode(joined, keepingSlash: true)
        }
    }

    private static func signature(of canonical: String, stamp: Stamp, secret: Secret) -> String {
        let digest = Digest.sha256Hex(Array(canonical.utf8))
        let text = "AWS4-HMAC-SHA256\n\(stamp.time)\n\(stamp.scope)\n\(digest)"
        var key = Array("AWS4\(secret.revealed)".utf8)
        for part in [stamp.day, stamp.region, stamp.service, "aws4_request"] {
            key = Digest.hmacSHA256(Array(part.utf8), key: key)
        }
        return Hex.encode(Digest.hmacSHA256(Array(text.utf8), key: key))
    }
}
