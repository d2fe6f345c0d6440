package import Codecs

/// A JSON Web Token signed by one of our keys (RFC 7515, compact form).
package enum JSONWebToken {
    /// `header` is joined by `alg`, and by `typ: JWT` where it has none.
    package static func signed(
        header: [String: JSONValue] = [:], claims: [String: JSONValue], by key: PrivateKey,
        _ algorithm: PrivateKey.Algorithm
    ) -> String {
        var header = header
        header["alg"] = .string(algorithm.rawValue)
        if header["typ"] == nil { header["typ"] = "JWT" }
        let signed = "\(part(.object(header))).\(part(.object(claims)))"
        return "\(signed).\(base64URL(key.sign(Array(signed.utf8), algorithm)))"
    }

    /// The claims of a token as they stand in it; nothing is verified.
    package static func claims(of token: String) -> JSONValue? {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        return Base64.decode(String(parts[1])).flatMap { JSONValue(json: $0) }
    }

    /// Base64 for URLs, without padding.
    package static func base64URL(_ bytes: [UInt8]) -> String {
        let text = Base64.encode(bytes, .url)
        return String(text.prefix { $0 != "=" })
    }

    private static func part(_ value: JSONValue) -> String { base64URL(value.bytes) }
}
