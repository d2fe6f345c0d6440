import Codecs
import Engine
package import Ports

/// Access tokens of Google: from a credentials file, or from the metadata server where there is none.
package struct GoogleTokens: TokenSource {
    package struct Config: Sendable {
        /// The file's text as read; `nil` looks where Google's tools look.
        package var file: GoogleKeyFile?
        package var scopes: [String]
        /// The Workspace user in whose name a service account with domain-wide delegation acts.
        package var subject: String?
        /// A service account to act as, with the right to create tokens for it.
        package var impersonate: String?

        package init(file: GoogleKeyFile? = nil, scopes: [String]) {
            self.file = file
            self.scopes = scopes
        }
    }

    static let cloudScope = "https://www.googleapis.com/auth/cloud-platform"
    static let assertionGrant = "urn:ietf:params:oauth:grant-type:jwt-bearer"
    static let exchangeGrant = "urn:ietf:params:oauth:grant-type:token-exchange"
    static let accessTokenType = "urn:ietf:params:oauth:token-type:access_token"
    /// Google takes this as the audience, whatever address the file names.
    static let audience = "https://oauth2.googleapis.com/token"
    static let credentialsAddress = "https://iamcredentials.googleapis.com"
    static let metadataHost = "metadata.google.internal"

    private let config: Config
    private let surroundings: TokenSurroundings
    private let clock: VendorClock
    package let origin: String

    package init(_ config: Config, in surroundings: TokenSurroundings) {
        self.config = config
        self.surroundings = surroundings
        clock = VendorClock(surroundings.caller.time)
        origin =
            switch config.file {
            case .serviceAccount(let account): "Google service account \(account.email)"
            case .external(let external): "Google identity federation at \(external.audience)"
            case .user: "a Google user's sign-in"
            case .impersonated(_, let account, _): "Google service account \(account)"
            case nil: "this machine's Google credentials"
            }
    }

    private var caller: Caller { surroundings.caller }

    package func token() async throws(Fault) -> AccessToken {
        let file = try await file()
        guard let account = config.impersonate else {
            return try await token(of: file, scopes: config.scopes)
        }
        let own = try await token(of: file, scopes: [Self.cloudScope])
        return try await impersonate(account, with: own, delegates: [])
    }

    /// The configured file, else the one that the environment or `gcloud` names; `nil` where there is none.
    private func file() async throws(Fault) -> GoogleKeyFile? {
        if let file = config.file { return file }
        var path = surroundings.variable("GOOGLE_APPLICATION_CREDENTIALS")
        if path == nil {
            let usual = surroundings.aws.home("~/.config/gcloud/application_default_credentials.json")
            if try await surroundings.files.entry(at: usual) != nil { path = usual }
        }
        guard let path else { return nil }
        let text = try await surroundings.text(of: path)
        do throws(GoogleKeyFile.Refusal) {
            return try GoogleKeyFile(text)
        } catch {
            throw Fault(.denied, "\(path): \(error)")
        }
    }

    private func token(of file: GoogleKeyFile?, scopes: [String]) async throws(Fault) -> AccessToken {
        switch file {
        case .serviceAccount(let account): return try await assert(account, scopes)
        case .user(let clientID, let clientSecret, let refreshToken):
            let call = call(form: GoogleKeyFile.tokenURL, secrets: [clientSecret, refreshToken]) {
                _ throws(Fault) in
                [
                    ("grant_type", "refresh_token"), ("client_id", clientID),
                    ("client_secret", clientSecret.revealed), ("refresh_token", refreshToken.revealed),
                ]
            }
            return try await call.token(caller)
        case .external(let external):
            let own = try await exchange(external, external.account == nil ? scopes : [Self.cloudScope])
            guard let account = external.account else { return own }
            return try await impersonate(account, with: own, delegates: [])
        case .impersonated(let source, let account, let delegates):
            let own = try await token(of: source, scopes: [Self.cloudScope])
            return try await impersonate(account, with: own, delegates: delegates)
        case nil: return try await metadata(scopes)
        }
    }

    private func call(
        form url: String, secrets: [Secret] = [],
        fields: @escaping @Sendable (Timestamp) async throws(Fault) -> [(String, String)]
    ) -> TokenCall {
        TokenCall(
            form: url, clock: clock, action: "getting a token for \(origin)", secrets: secrets, fields: fields
        )
    }

    private func assert(
        _ account: GoogleKeyFile.ServiceAccount, _ scopes: [String]
    ) async throws(Fault) -> AccessToken {
        let subject = config.subject
        let call = call(form: account.tokenURL) { now throws(Fault) in
            var claims: [String: JSONValue] = [
                "iss": .string(account.email), "scope": .string(scopes.joined(separator: " ")),
                "aud": .string(Self.audience), "iat": .integer(now.seconds),
                "exp": .integer((now + .hours(1)).seconds),
            ]
            if let subject { claims["sub"] = .string(subject) }
            let header = account.keyID.map { ["kid": JSONValue.string($0)] } ?? [:]
            let assertion = JSONWebToken.signed(header: header, claims: claims, by: account.key, .rs256)
            return [("grant_type", Self.assertionGrant), ("assertion", assertion)]
        }
        return try await call.token(caller)
    }

    /// `GET …/service-accounts/default/token`, from a server that must say it is Google's.
    private func metadata(_ scopes: [String]) async throws(Fault) -> AccessToken {
        let host = surroundings.variable("GCE_METADATA_HOST") ?? Self.metadataHost
        let query = scopes.isEmpty ? "" : "?" + form([("scopes", scopes.joined(separator: ","))])
        var call = TokenCall(
            HTTPRequest(
                .GET, "http://\(host)/computeMetadata/v1/instance/service-accounts/default/token\(query)",
                headers: ["Metadata-Flavor": "Google"]),
            clock: clock,
            action: "getting a token from Google's metadata server (no credentials file is configured, and "
                + "GOOGLE_APPLICATION_CREDENTIALS is not set)",
            secrets: [], prove: { _, _ in })
        call.hurry()
        call.mustCarry = ("Metadata-Flavor", "Google")
        return try await call.token(caller)
    }

    private func exchange(
        _ external: GoogleKeyFile.External, _ scopes: [String]
    ) async throws(Fault) -> AccessToken {
        let subject = GoogleSubjectToken(external, in: surroundings)
        let call = call(form: external.tokenURL) { now throws(Fault) in
            [
                ("grant_type", Self.exchangeGrant), ("audience", external.audience),
                ("scope", scopes.joined(separator: " ")), ("requested_token_type", Self.accessTokenType),
                ("subject_token", try await subject.subjectToken(at: now).revealed),
                ("subject_token_type", external.subjectTokenType),
            ]
        }
        return try await call.token(caller)
    }

    private func impersonate(
        _ account: String, with own: AccessToken, delegates: [String]
    ) async throws(Fault) -> AccessToken {
        let name = PercentEncoding.encode(account).replacing("%40", with: "@")
        let body: JSONValue = [
            "scope": .array(config.scopes.map { .string($0) }), "lifetime": "3600s",
            "delegates": .array(delegates.map { .string($0) }),
        ]
        let call = TokenCall(
            HTTPRequest(
                .POST, "\(Self.credentialsAddress)/v1/projects/-/serviceAccounts/\(name):generateAccessToken",
                headers: [
                    "Authorization": "Bearer \(own.text.revealed)", "Content-Type": "application/json",
                ], body: body.bytes),
            clock: clock,
            action: "getting a token of \(account), which needs iam.serviceAccounts.getAccessToken on it",
            secrets: [own.text], prove: { _, _ in })
        let json = try await call.json(caller)
        guard let text = json["accessToken"]?.string, !text.isEmpty else {
            throw Fault(.transient, "\(call.action): the answer holds no token")
        }
        let end = json["expireTime"]?.string.flatMap { Timestamp(iso8601: $0) }
        // By Google's clock; ours may differ.
        let left = end.map { $0 - clock.now }
        return AccessToken(Secret(text), expiration: left.map { caller.time.now + $0 })
    }
}
