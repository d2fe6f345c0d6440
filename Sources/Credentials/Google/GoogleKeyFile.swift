import Codecs

/// A Google credentials file, in any of the forms that `gcloud` and the console write.
package indirect enum GoogleKeyFile: Sendable {
    case serviceAccount(ServiceAccount)
    case user(clientID: String, clientSecret: Secret, refreshToken: Secret)
    case external(External)
    /// Another file's identity, in the role of a service account.
    case impersonated(GoogleKeyFile, account: String, delegates: [String])

    package struct ServiceAccount: Sendable {
        var email: String
        var keyID: String?
        var key: PrivateKey
        var tokenURL: String
    }

    /// Workload identity federation.
    package struct External: Sendable {
        var audience: String
        var subjectTokenType: String
        var tokenURL: String
        var source: Source
        /// The service account to act as; without it the federated identity itself.
        var account: String?

        enum Source: Sendable {
            case file(path: String, field: String?)
            case url(String, headers: [(String, String)], field: String?)
            /// A `GetCallerIdentity` that AWS would answer, signed by this machine's AWS credentials.
            case aws(verificationURL: String)
        }
    }

    /// What is wrong with a file; never any part of a key.
    package struct Refusal: Error, Hashable, Sendable, CustomStringConvertible {
        package var description: String
    }

    static let tokenURL = "https://oauth2.googleapis.com/token"
    static let awsVerification =
        "https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15"
    private static let nestingMax = 4

    package init(_ text: String) throws(Refusal) {
        guard let json = JSONValue(json: text) else {
            throw Refusal(description: "this is no Google credentials file: it is not JSON")
        }
        self = try Self.read(json, nesting: 0)
    }

    private static func read(_ json: JSONValue, nesting: Int) throws(Refusal) -> GoogleKeyFile {
        guard nesting < nestingMax else {
            throw Refusal(description: "the credentials file refers to too many others")
        }
        switch json["type"]?.string {
        case "service_account":
            let key: PrivateKey
            let pem = try text("private_key", json)
            do throws(PrivateKey.Refusal) { key = try PrivateKey(pem: pem) } catch {
                throw Refusal(description: "private_key: \(error)")
            }
            guard key.isRSA else { throw Refusal(description: "private_key: service accounts have RSA keys") }
            return .serviceAccount(
                ServiceAccount(
                    email: try text("client_email", json), keyID: json["private_key_id"]?.string, key: key,
                    tokenURL: try address("token_uri", json, otherwise: tokenURL)))
        case "authorized_user":
            return .user(
                clientID: try text("client_id", json), clientSecret: Secret(try text("client_secret", json)),
                refreshToken: Secret(try text("refresh_token", json)))
        case "external_account":
            return .external(
                External(
                    audience: try text("audience", json),
                    subjectTokenType: try text("subject_token_type", json),
                    tokenURL: try address(
                        "token_url", json, otherwise: "https://sts.googleapis.com/v1/token"),
                    source: try source(json["credential_source"] ?? .null),
                    account: json["service_account_impersonation_url"]?.string.flatMap(account)))
        case "impersonated_service_account":
            guard let url = json["service_account_impersonation_url"]?.string, let account = account(url)
            else {
                throw Refusal(description: "service_account_impersonation_url is missing or names no account")
            }
            return .impersonated(
                try read(json["source_credentials"] ?? .null, nesting: nesting + 1), account: account,
                delegates: json["delegates"]?.array?.compactMap(\.string) ?? [])
        case let other:
            throw Refusal(
                description: "credentials of type “\(other ?? "")” are not known here: service_account, "
                    + "external_account, impersonated_service_account or authorized_user")
        }
    }

    private static func source(_ json: JSONValue) throws(Refusal) -> External.Source {
        let isJSON = json["format"]?["type"]?.string == "json"
        let field = isJSON ? json["format"]?["subject_token_field_name"]?.string ?? "access_token" : nil
        if let environment = json["environment_id"]?.string {
            guard environment == "aws1" else {
                throw Refusal(description: "credential_source: environment \(environment) is not known")
            }
            return .aws(
                verificationURL: try address(
                    "regional_cred_verification_url", json, otherwise: awsVerification))
        }
        if let path = json["file"]?.string { return .file(path: path, field: field) }
        if json["url"] != nil {
            let headers = (json["headers"]?.object ?? [:]).compactMap { name, value in
                value.string.map { (name, $0) }
            }
            return .url(
                try address("url", json, otherwise: nil), headers: headers.sorted { $0.0 < $1.0 },
                field: field)
        }
        throw Refusal(
            description: "credential_source must have file, url or environment_id; programs and certificates "
                + "are not run or read here")
    }

    private static func text(_ name: String, _ json: JSONValue, _ otherwise: String? = nil) throws(Refusal)
        -> String
    {
        guard let text = json[name]?.string ?? otherwise else {
            throw Refusal(description: "\(name) is missing")
        }
        return text
    }

    /// Keys and tokens go to this address, so it is https, this machine, or the metadata server's.
    private static func address(
        _ name: String, _ json: JSONValue, otherwise: String?
    ) throws(Refusal) -> String {
        guard let url = json[name]?.string ?? otherwise else {
            throw Refusal(description: "\(name) is missing")
        }
        guard AWSContainerCredentials.isAllowed(url) || url.hasPrefix("http://169.254.169.254/") else {
            throw Refusal(description: "\(name) must be https")
        }
        return url
    }

    /// The account in `https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/ACCOUNT:generateAccessToken`.
    private static func account(_ url: String) -> String? {
        guard let start = url.firstRange(of: "/serviceAccounts/"), let end = url.lastIndex(of: ":"),
            start.upperBound < end
        else { return nil }
        return String(url[start.upperBound..<end])
    }
}
