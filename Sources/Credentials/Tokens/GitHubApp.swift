package import Codecs
import Engine
package import Ports

/// Tokens of a GitHub App's installation: an hour each, got with a token of the app's own key.
package struct GitHubApp: TokenSource {
    package enum Installation: Hashable, Sendable {
        case id(String)
        /// Whichever the organization has.
        case organization(String)
    }

    /// GitHub allows ten minutes from its own now, and refuses what is dated in its future.
    static let past = Duration.seconds(60)
    static let lifetime = Duration.minutes(9)
    static let version = "2022-11-28"

    private let api: String
    private let app: String
    private let key: PrivateKey
    private let installation: Installation
    private let surroundings: TokenSurroundings
    private let clock: VendorClock

    /// - Parameter app: the app's client id, or its number.
    package init(
        _ app: String, key: PrivateKey, installation: Installation, api: String,
        in surroundings: TokenSurroundings
    ) {
        self.app = app
        self.key = key
        self.installation = installation
        self.api = api.hasSuffix("/") ? String(api.dropLast()) : api
        self.surroundings = surroundings
        clock = VendorClock(surroundings.caller.time)
    }

    package var origin: String { "GitHub App \(app)" }

    package func token() async throws(Fault) -> AccessToken {
        let id: String
        switch installation {
        case .id(let given): id = given
        case .organization(let name):
            let call = call(
                .GET, "/orgs/\(PercentEncoding.encode(name))/installation", "finding \(origin) in \(name)")
            guard let found = try await call.json(surroundings.caller)["id"]?.integer else {
                throw Fault(.transient, "\(call.action): the answer holds no id")
            }
            id = "\(found)"
        }
        let call = call(
            .POST, "/app/installations/\(PercentEncoding.encode(id))/access_tokens",
            "getting a token for \(origin)")
        let json = try await call.json(surroundings.caller)
        guard let text = json["token"]?.string, !text.isEmpty else {
            throw Fault(.transient, "\(call.action): the answer holds no token")
        }
        let end = json["expires_at"]?.string.flatMap { Timestamp(iso8601: $0) }
        // By GitHub's clock; ours may differ.
        let left = end.map { $0 - clock.now }
        return AccessToken(Secret(text), expiration: left.map { surroundings.caller.time.now + $0 })
    }

    private func call(_ method: HTTPRequest.Method, _ path: String, _ action: String) -> TokenCall {
        TokenCall(
            HTTPRequest(
                method, api + path,
                headers: ["Accept": "application/vnd.github+json", "X-GitHub-Api-Version": Self.version]),
            clock: clock, action: action, secrets: []
        ) { request, now throws(Fault) in
            let claims: [String: JSONValue] = [
                "iss": .string(app), "iat": .integer((now - Self.past).seconds),
                "exp": .integer((now + Self.lifetime).seconds),
            ]
            request.headers["Authorization"] =
                "Bearer \(JSONWebToken.signed(claims: claims, by: key, .rs256))"
        }
    }
}
