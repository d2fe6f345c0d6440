package import Credentials
package import Engine

/// The `auth:` block of a collector: as whom it speaks to a vendor, by the kind of credentials it has.
package enum AuthConfig: ConfigDecodable {
    case apiToken(APITokenConfig)
    case basic(BasicAuthConfig)
    case oauth2(OAuth2Config)
    case entra(EntraConfig)
    case azureManagedIdentity(ManagedIdentityConfig)
    case google(GoogleConfig)
    case okta(OktaConfig)
    case githubApp(GitHubAppConfig)
    case snowflakeKeyPair(SnowflakeConfig)

    package static var configType: ConfigType {
        .tagged(
            key: "kind",
            [
                ("api_token", APITokenConfig.object), ("basic", BasicAuthConfig.object),
                ("oauth2", OAuth2Config.object), ("entra", EntraConfig.object),
                ("azure_managed_identity", ManagedIdentityConfig.object), ("google", GoogleConfig.object),
                ("okta", OktaConfig.object), ("github_app", GitHubAppConfig.object),
                ("snowflake_key_pair", SnowflakeConfig.object),
            ])
    }
    package var configText: String? { nil }

    /// The names of all kinds, as feeds list those that they accept.
    package static var kinds: [String] {
        guard case .tagged(_, let kinds) = configType else { return [] }
        return kinds.map(\.tag)
    }

    package static func decode(_ document: Document, by decoder: inout ConfigDecoder) -> AuthConfig? {
        func read<Kind: ConfigValue>(_ make: (Kind) -> AuthConfig) -> AuthConfig? {
            Kind.decode(document, ignoring: ["kind"], by: &decoder).map(make)
        }
        return switch decoder.tag("kind", of: document, among: configType) {
        case "api_token": read { .apiToken($0) }
        case "basic": read { .basic($0) }
        case "oauth2": read { .oauth2($0) }
        case "entra": read { .entra($0) }
        case "azure_managed_identity": read { .azureManagedIdentity($0) }
        case "google": read { .google($0) }
        case "okta": read { .okta($0) }
        case "github_app": read { .githubApp($0) }
        case "snowflake_key_pair": read { .snowflakeKeyPair($0) }
        default: nil
        }
    }

    package var kind: String {
        switch self {
        case .apiToken: "api_token"
        case .basic: "basic"
        case .oauth2: "oauth2"
        case .entra: "entra"
        case .azureManagedIdentity: "azure_managed_identity"
        case .google: "google"
        case .okta: "okta"
        case .githubApp: "github_app"
        case .snowflakeKeyPair: "snowflake_key_pair"
        }
    }
}

/// What a feed's API wants of credentials, whatever kind they are.
package struct AuthNeeds: Sendable {
    /// What a token is asked for: `https://graph.microsoft.com/.default`, `okta.logs.read`.
    package var scopes: [String]
    /// Where a token that was made by hand stands, unless the file says otherwise: Okta's `SSWS`.
    package var tokenPlace: TokenPlace

    package init(scopes: [String] = [], tokenPlace: TokenPlace = TokenPlace()) {
        self.scopes = scopes
        self.tokenPlace = tokenPlace
    }
}

extension AuthConfig {
    /// What puts these credentials on requests. Tokens are fetched at the first use, not here.
    ///
    /// - Parameter absolute: a path as seen from the pipeline file.
    package func authorizer(
        for needs: AuthNeeds, in surroundings: TokenSurroundings, absolute: (String) -> String
    ) -> any Authorizer {
        switch self {
        case .apiToken(let config):
            var place = needs.tokenPlace
            if let header = config.header { place = TokenPlace(header: header, scheme: "") }
            if let scheme = config.scheme { place.scheme = scheme }
            return FixedAuthorizer(token: config.token, place: place)
        case .basic(let config): return FixedAuthorizer(user: config.user, password: config.password)
        case .okta(let config):
            return OAuthClient.okta(
                config.client(needs), origin: "client \(config.clientID) of \(config.organization.host)",
                in: surroundings)
        default:
            guard let found = source(for: needs, in: surroundings, absolute: absolute) else {
                preconditionFailure("\(kind) has neither tokens nor an authorizer")
            }
            return TokenAuthorizer(found.source, place: found.place, time: surroundings.caller.time)
        }
    }

    /// Where tokens come from, and where they stand on a request; `nil` for kinds without any that are bearer tokens.
    func source(
        for needs: AuthNeeds, in surroundings: TokenSurroundings, absolute: (String) -> String
    ) -> (source: any TokenSource, place: TokenPlace)? {
        switch self {
        case .apiToken, .basic, .okta: return nil
        case .oauth2(let config):
            let client = OAuthClient(
                config.client(needs, in: surroundings, absolute),
                origin: "client \(config.clientID) at \(config.tokenURL.host)", in: surroundings)
            return (client, TokenPlace())
        case .entra(let config):
            let client = OAuthClient(
                config.client(needs, in: surroundings, absolute),
                origin: "client \(config.clientID) of Entra tenant \(config.tenant)", in: surroundings)
            return (client, TokenPlace())
        case .azureManagedIdentity(let config):
            let scope = config.scope ?? needs.scopes.first ?? ""
            return (AzureManagedIdentity(scope: scope, choice: config.choice, in: surroundings), TokenPlace())
        case .google(let config): return (GoogleTokens(config.tokens(needs), in: surroundings), TokenPlace())
        case .githubApp(let config): return (config.app(in: surroundings), TokenPlace())
        case .snowflakeKeyPair(let config):
            return (config.tokens(surroundings.caller.time), TokenPlace(headers: SnowflakeKeyPair.headers))
        }
    }
}
