package import Codecs
package import Credentials
package import Engine
import Ports

/// A private key in PEM form, as a user hands it over: read at once, so that what is wrong with it has a line.
package struct KeyConfig: ConfigDecodable {
    package var key: PrivateKey

    package static var configType: ConfigType { .secret }
    package var configText: String? { nil }

    package static func decode(_ document: Document, by decoder: inout ConfigDecoder) -> KeyConfig? {
        guard let text = decoder.text(of: document) else { return nil }
        do throws(PrivateKey.Refusal) {
            return KeyConfig(key: try PrivateKey(pem: text))
        } catch {
            decoder.complain(at: document.position, error.description, hint: "write ${file:key.pem}")
            return nil
        }
    }
}

package struct APITokenConfig: ConfigValue {
    package var token = Secret("")
    package var scheme: String?
    package var header: String?

    package init() {}

    package static let name = "an API token"
    package static let summary = "A token that somebody made by hand."
    package static var fields: [ConfigField<Self>] {
        [
            .init("token", \.token, isRequired: true, "The token"),
            .init(
                "scheme", \.scheme,
                "What stands before it (`Bearer`, `SSWS`, `token`); without it what the feed's API wants"),
            .init("header", \.header, "A header of its own for the token, in place of `Authorization`"),
        ]
    }
}

package struct BasicAuthConfig: ConfigValue {
    package var user = ""
    package var password = Secret("")

    package init() {}

    package static let name = "basic authentication"
    package static let summary = "A user and a password, sent with each request."
    package static var fields: [ConfigField<Self>] {
        [
            .init("user", \.user, isRequired: true, "User name"),
            .init("password", \.password, isRequired: true, "Password"),
        ]
    }
}

package enum SecretPlace: String, ConfigChoice { case form, header }

package enum SigningAlgorithm: String, ConfigChoice {
    case rs256 = "RS256"
    case ps256 = "PS256"
    case es256 = "ES256"

    var algorithm: PrivateKey.Algorithm {
        switch self {
        case .rs256: .rs256
        case .ps256: .ps256
        case .es256: .es256
        }
    }

    func complaint(about key: PrivateKey) -> String? {
        key.isRSA == (self != .es256) ? nil : "\(rawValue) needs a key of another kind"
    }
}

package struct OAuth2Config: ConfigValue {
    package var tokenURL = EndpointURL.none
    package var clientID = ""
    package var clientSecret: Secret?
    package var secretIn = SecretPlace.form
    package var privateKey: KeyConfig?
    package var keyID: String?
    package var algorithm: SigningAlgorithm?
    package var tokenFile: String?
    package var scopes: [String] = []
    package var audience: String?

    package init() {}

    package static let name = "OAuth 2 client credentials"
    package static let summary = "A client of any OAuth 2 server: by a secret, a key, or a token in a file."
    package static var fields: [ConfigField<Self>] {
        [
            .init("token_url", \.tokenURL, isRequired: true, "The server's token endpoint"),
            .init("client_id", \.clientID, isRequired: true, "The client's id"),
            .init("client_secret", \.clientSecret, "The client's secret"),
            .init("secret_in", \.secretIn, "Whether the secret goes in the form or as basic authentication"),
            .init("private_key", \.privateKey, "The client's key, to sign assertions with"),
            .init("key_id", \.keyID, "What the server calls that key"),
            .init("algorithm", \.algorithm, "How to sign; without it `RS256` or `ES256`, as the key is"),
            .init("token_file", \.tokenFile, "A file with another issuer's token, read anew each time"),
            .init("scopes", \.scopes, "What to ask for; without it what the feed needs"),
            .init("audience", \.audience, "For servers that want to be told"),
        ]
    }

    package func check(at position: SourcePosition, by decoder: inout ConfigDecoder) {
        ConnectionConfig().checkPlain(tokenURL, "token_url", at: position, by: &decoder)
        let proofs = [clientSecret != nil, privateKey != nil, tokenFile != nil].count { $0 }
        if proofs != 1 {
            decoder.complain(at: position, "one of client_secret, private_key and token_file is needed")
        }
        if let privateKey, let complaint = algorithm?.complaint(about: privateKey.key) {
            decoder.complain(at: position, "algorithm: \(complaint)")
        }
    }

    func client(
        _ needs: AuthNeeds, in surroundings: TokenSurroundings, _ absolute: (String) -> String
    ) -> OAuthClient.Config {
        let proof: ClientProof
        if let clientSecret {
            proof = .secret(clientSecret, inHeader: secretIn == .header)
        } else if let key = privateKey?.key {
            proof = .key(
                key, algorithm?.algorithm ?? key.usualAlgorithm,
                header: keyID.map { ["kid": .string($0)] } ?? [:], lifetime: .minutes(5))
        } else {
            proof = .token(FileToken(absolute(tokenFile ?? ""), in: surroundings))
        }
        var config = OAuthClient.Config(tokenURL: tokenURL.text, clientID: clientID, proof: proof)
        config.scopes = scopes.isEmpty ? needs.scopes : scopes
        if let audience { config.extraFields = [("audience", audience)] }
        return config
    }
}

package struct OktaConfig: ConfigValue {
    package var organization = EndpointURL.none
    package var clientID = ""
    package var privateKey: KeyConfig?
    package var keyID: String?
    package var scopes: [String] = []

    package init() {}

    package static let name = "an Okta service app"
    package static let summary =
        "An API services app of Okta by its key; proofs of possession (DPoP) where the app demands them."
    package static var fields: [ConfigField<Self>] {
        [
            .init("organization", \.organization, isRequired: true, "`https://example.okta.com`"),
            .init("client_id", \.clientID, isRequired: true, "The app's client id"),
            .init("private_key", \.privateKey, isRequired: true, "The app's private key in PEM form"),
            .init("key_id", \.keyID, "The key's `kid`, where the app has several"),
            .init("scopes", \.scopes, "What to ask for; without it what the feed needs"),
        ]
    }

    package func check(at position: SourcePosition, by decoder: inout ConfigDecoder) {
        ConnectionConfig().checkPlain(organization, "organization", at: position, by: &decoder)
    }

    func client(_ needs: AuthNeeds) -> OAuthClient.Config {
        guard let key = privateKey?.key else { preconditionFailure("private_key is required") }
        let base = organization.text.hasSuffix("/") ? String(organization.text.dropLast()) : organization.text
        var config = OAuthClient.Config(
            tokenURL: base + "/oauth2/v1/token", clientID: clientID,
            proof: .key(
                key, key.usualAlgorithm, header: keyID.map { ["kid": .string($0)] } ?? [:],
                lifetime: .minutes(5)))
        config.scopes = scopes.isEmpty ? needs.scopes : scopes
        config.namesClient = false
        return config
    }
}

package struct GitHubAppConfig: ConfigValue {
    package var app = ""
    package var privateKey: KeyConfig?
    package var installation: String?
    package var organization: String?
    package var api = EndpointURL("https://api.github.com") ?? .none

    package init() {}

    package static let name = "a GitHub App"
    package static let summary = "An installation of a GitHub App, by the app's key."
    package static var fields: [ConfigField<Self>] {
        [
            .init("app", \.app, isRequired: true, "The app's client id or number"),
            .init("private_key", \.privateKey, isRequired: true, "The app's private key in PEM form"),
            .init("installation", \.installation, "The installation's number"),
            .init(
                "organization", \.organization, "The organization it is installed in, in place of the number"),
            .init("api", \.api, "The API's address, for GitHub Enterprise Server (`https://host/api/v3`)"),
        ]
    }

    package func check(at position: SourcePosition, by decoder: inout ConfigDecoder) {
        ConnectionConfig().checkPlain(api, "api", at: position, by: &decoder)
        if (installation == nil) == (organization == nil) {
            decoder.complain(at: position, "one of installation and organization is needed")
        }
        if let privateKey, !privateKey.key.isRSA {
            decoder.complain(at: position, "private_key: GitHub Apps have RSA keys")
        }
    }

    func app(in surroundings: TokenSurroundings) -> GitHubApp {
        guard let key = privateKey?.key else { preconditionFailure("private_key is required") }
        return GitHubApp(
            app, key: key, installation: installation.map { .id($0) } ?? .organization(organization ?? ""),
            api: api.text, in: surroundings)
    }
}

package struct SnowflakeConfig: ConfigValue {
    package var account = ""
    package var user = ""
    package var privateKey: KeyConfig?

    package init() {}

    package static let name = "a Snowflake key pair"
    package static let summary = "A Snowflake user by the private half of its registered key."
    package static var fields: [ConfigField<Self>] {
        [
            .init("account", \.account, isRequired: true, "The account's identifier: `ORG-ACCOUNT`"),
            .init("user", \.user, isRequired: true, "The user's name"),
            .init("private_key", \.privateKey, isRequired: true, "The user's private key in PEM form"),
        ]
    }

    package func check(at position: SourcePosition, by decoder: inout ConfigDecoder) {
        if let privateKey, !privateKey.key.isRSA {
            decoder.complain(at: position, "private_key: Snowflake takes RSA keys only")
        }
    }

    func tokens(_ time: any TimeSource) -> SnowflakeKeyPair {
        guard let key = privateKey?.key else { preconditionFailure("private_key is required") }
        return SnowflakeKeyPair(account: account, user: user, key: key, time: time)
    }
}
