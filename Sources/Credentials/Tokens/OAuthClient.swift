package import Codecs
import Engine
package import Ports

/// How a client proves to a token endpoint who it is.
package enum ClientProof: Sendable {
    /// A secret, in the form or, where the server wants it there, as basic authentication.
    case secret(Secret, inHeader: Bool)
    /// A token of the client's own, signed by its key (RFC 7523). `header` says which key: `kid` or `x5t#S256`.
    case key(PrivateKey, PrivateKey.Algorithm, header: [String: JSONValue], lifetime: Duration)
    /// A token that somebody vouches with for this machine or job.
    case token(any SubjectToken)
}

/// A token of another issuer that is exchanged for one of the vendor's, asked for anew each time.
package protocol SubjectToken: Sendable {
    /// For a person: `the token in /var/run/secrets/…`.
    var origin: String { get }
    func subjectToken() async throws(Fault) -> Secret
}

/// OAuth 2 client credentials: at Entra, Okta, Databricks, or any server of this kind.
package struct OAuthClient: TokenSource {
    package struct Config: Sendable {
        package var tokenURL: String
        package var clientID: String
        package var proof: ClientProof
        package var scopes: [String] = []
        /// Fields that this server wants beside those of the standard: `audience`, `resource`.
        package var extraFields: [(String, String)] = []
        /// Whether an assertion goes with the client's id, which it already names; Okta's own clients leave it out.
        package var namesClient = true

        package init(tokenURL: String, clientID: String, proof: ClientProof) {
            self.tokenURL = tokenURL
            self.clientID = clientID
            self.proof = proof
        }
    }

    static let assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

    private let config: Config
    private let surroundings: TokenSurroundings
    private let clock: VendorClock
    private let proofs: DPoPProofs?
    package let origin: String

    package init(_ config: Config, origin: String, in surroundings: TokenSurroundings) {
        self.init(config, origin: origin, clock: VendorClock(surroundings.caller.time), in: surroundings)
    }

    init(
        _ config: Config, origin: String, clock: VendorClock, proofs: DPoPProofs? = nil,
        in surroundings: TokenSurroundings
    ) {
        self.config = config
        self.surroundings = surroundings
        self.clock = clock
        self.proofs = proofs
        self.origin = origin
    }

    package func token() async throws(Fault) -> AccessToken {
        var secrets: [Secret] = []
        if case .secret(let secret, _) = config.proof { secrets = [secret] }
        var call = TokenCall(
            form: config.tokenURL, clock: clock, action: "getting a token for \(origin)", secrets: secrets,
            fields: { now throws(Fault) in try await fields(at: now) })
        call.proofs = proofs
        if case .secret(let secret, inHeader: true) = config.proof {
            let pair = form([(config.clientID, secret.revealed)]).replacing("=", with: ":")
            call.setHeader("Authorization", "Basic \(Base64.encode(Array(pair.utf8)))")
        }
        return try await call.token(surroundings.caller)
    }

    private func fields(at now: Timestamp) async throws(Fault) -> [(String, String)] {
        var fields = [("grant_type", "client_credentials")]
        if !config.scopes.isEmpty { fields.append(("scope", config.scopes.joined(separator: " "))) }
        switch config.proof {
        case .secret(_, inHeader: true): break
        case .secret(let secret, inHeader: false):
            fields += [("client_id", config.clientID), ("client_secret", secret.revealed)]
        case .key(let key, let algorithm, let header, let lifetime):
            let claims: [String: JSONValue] = [
                "aud": .string(config.tokenURL), "iss": .string(config.clientID),
                "sub": .string(config.clientID), "jti": .string(surroundings.uuid()),
                "iat": .integer(now.seconds), "nbf": .integer(now.seconds),
                "exp": .integer((now + lifetime).seconds),
            ]
            fields += assertion(JSONWebToken.signed(header: header, claims: claims, by: key, algorithm))
        case .token(let subject):
            fields += assertion(try await subject.subjectToken().revealed)
        }
        return fields + config.extraFields
    }

    private func assertion(_ token: String) -> [(String, String)] {
        (config.namesClient ? [("client_id", config.clientID)] : [])
            + [("client_assertion_type", Self.assertionType), ("client_assertion", token)]
    }

    /// A client of Okta's org authorization server, whose apps may demand proofs of possession: then everything
    /// this authorizer sends carries one.
    package static func okta(
        _ config: Config, origin: String, in surroundings: TokenSurroundings
    ) -> any Authorizer {
        let clock = VendorClock(surroundings.caller.time)
        let proofs = DPoPProofs(clock: clock) { surroundings.uuid() }
        let client = OAuthClient(config, origin: origin, clock: clock, proofs: proofs, in: surroundings)
        return TokenAuthorizer(
            client, place: TokenPlace(), proofs: proofs, time: surroundings.caller.time)
    }
}

/// A token in a file, which somebody else keeps fresh: Kubernetes, SPIFFE helpers.
package struct FileToken: SubjectToken {
    private let path: String
    private let surroundings: TokenSurroundings

    package init(_ path: String, in surroundings: TokenSurroundings) {
        self.path = path
        self.surroundings = surroundings
    }

    package var origin: String { "the token in \(path)" }

    package func subjectToken() async throws(Fault) -> Secret {
        Secret(try await surroundings.text(of: path))
    }
}

/// The token that GitHub gives to a job whose workflow has `permissions: id-token: write`.
package struct GitHubActionsToken: SubjectToken {
    private let audience: String
    private let surroundings: TokenSurroundings

    package init(audience: String, in surroundings: TokenSurroundings) {
        self.audience = audience
        self.surroundings = surroundings
    }

    package var origin: String { "GitHub's token for this job" }

    package func subjectToken() async throws(Fault) -> Secret {
        guard let url = surroundings.variable("ACTIONS_ID_TOKEN_REQUEST_URL"),
            let bearer = surroundings.variable("ACTIONS_ID_TOKEN_REQUEST_TOKEN"), url.hasPrefix("https://")
        else {
            throw Fault(
                .denied,
                "GitHub gives this job no token: the workflow needs “permissions: id-token: write”")
        }
        let mark = url.contains("?") ? "&" : "?"
        let request = HTTPRequest(
            .GET, "\(url)\(mark)audience=\(PercentEncoding.encode(audience))",
            headers: ["Authorization": "Bearer \(bearer)", "Accept": "application/json"])
        let call = TokenCall(
            request, clock: VendorClock(surroundings.caller.time), action: "getting \(origin)",
            secrets: [Secret(bearer)], prove: { _, _ in })
        guard let token = try await call.json(surroundings.caller)["value"]?.string else {
            throw Fault(.transient, "getting \(origin): the answer holds no token")
        }
        return Secret(token)
    }
}
