package import Codecs
import Engine
package import Ports

/// Tokens that Snowflake takes from whoever has the private half of a user's registered key; nobody is asked for them.
package struct SnowflakeKeyPair: TokenSource {
    static let lifetime = Duration.minutes(59)
    package static let headers: HTTPHeaders = ["X-Snowflake-Authorization-Token-Type": "KEYPAIR_JWT"]

    private let name: String
    private let key: PrivateKey
    private let time: any TimeSource

    /// - Parameter account: the account's name without its region, as `SELECT CURRENT_ACCOUNT()` or `ORG-ACCOUNT`.
    package init(account: String, user: String, key: PrivateKey, time: any TimeSource) {
        let bare = account.hasSuffix(".global") ? account[...] : account.prefix { $0 != "." }
        name = "\(bare.uppercased()).\(user.uppercased())"
        self.key = key
        self.time = time
    }

    package var origin: String { "Snowflake user \(name)" }

    package func token() async throws(Fault) -> AccessToken {
        let now = time.now
        let print = Base64.encode(Digest.sha256(key.publicKeySPKI))
        let end = now + Self.lifetime
        let claims: [String: JSONValue] = [
            "iss": .string("\(name).SHA256:\(print)"), "sub": .string(name), "iat": .integer(now.seconds),
            "exp": .integer(end.seconds),
        ]
        return AccessToken(
            Secret(JSONWebToken.signed(claims: claims, by: key, .rs256)), expiration: end)
    }
}
