package import Codecs
import Engine

/// What Entra wants to know of a client's certificate.
package enum EntraCertificate {
    static let lifetime = Duration.minutes(10)

    /// The proof by a certificate's key. Both stand in PEM form in `text`, or the key in `keyText`.
    package static func proof(
        _ text: String, key keyText: String?, _ algorithm: PrivateKey.Algorithm
    ) throws(PrivateKey.Refusal) -> ClientProof {
        guard let der = PEM.blocks(in: text).first(where: { $0.label == "CERTIFICATE" })?.der else {
            throw PrivateKey.Refusal(description: "there is no certificate in PEM form")
        }
        let key = try PrivateKey(pem: keyText ?? text)
        guard key.isRSA else {
            throw PrivateKey.Refusal(description: "Entra takes certificates with RSA keys only")
        }
        switch key.isKey(ofCertificate: der) {
        case nil: throw PrivateKey.Refusal(description: "the certificate is damaged")
        case false?: throw PrivateKey.Refusal(description: "the private key is not the certificate's")
        default: break
        }
        let thumbprint = JSONWebToken.base64URL(Digest.sha256(der))
        return .key(key, algorithm, header: ["x5t#S256": .string(thumbprint)], lifetime: lifetime)
    }
}

/// A part of Microsoft's cloud with its own sign-in and its own hosts.
package enum AzureCloud: String, Hashable, Sendable, CaseIterable {
    case global = "public"
    case usGovernment = "us_government"
    case china

    package var authority: String {
        switch self {
        case .global: "https://login.microsoftonline.com"
        case .usGovernment: "https://login.microsoftonline.us"
        case .china: "https://login.chinacloudapi.cn"
        }
    }

    package static func tokenURL(authority: String, tenant: String) -> String {
        let base = authority.hasSuffix("/") ? String(authority.dropLast()) : authority
        return "\(base)/\(PercentEncoding.encode(tenant))/oauth2/v2.0/token"
    }

    /// The audience that a token from outside must have to be taken.
    package var exchangeAudience: String {
        switch self {
        case .global: "api://AzureADTokenExchange"
        case .usGovernment: "api://AzureADTokenExchangeUSGov"
        case .china: "api://AzureADTokenExchangeChina"
        }
    }
}
