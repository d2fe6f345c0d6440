import Codecs
import Engine
import Ports

/// `AWS_ACCESS_KEY_ID` and its companions.
struct AWSEnvironmentVariables: AWSCredentialSource {
    let surroundings: AWSSurroundings
    var origin: String { "the environment" }

    func credentials() async throws(Fault) -> AWSCredentials? {
        guard let id = surroundings.variable("AWS_ACCESS_KEY_ID") else { return nil }
        guard let secret = surroundings.variable("AWS_SECRET_ACCESS_KEY") else {
            throw Fault(.denied, "AWS_ACCESS_KEY_ID is set but AWS_SECRET_ACCESS_KEY is not")
        }
        let token = surroundings.variable("AWS_SESSION_TOKEN") ?? surroundings.variable("AWS_SECURITY_TOKEN")
        return AWSCredentials(
            accessKeyID: id, secretAccessKey: Secret(secret), sessionToken: token.map(Secret.init),
            expiration: surroundings.variable("AWS_CREDENTIAL_EXPIRATION").flatMap { Timestamp(iso8601: $0) })
    }
}

/// A role's credentials for the token of `aws sso login`.
struct AWSSingleSignOn: AWSCredentialSource {
    let account: String
    let role: String
    let region: String
    let token: AWSSignInToken
    let profile: String
    let surroundings: AWSSurroundings

    var origin: String { "the AWS sign-in of profile \(profile)" }

    func credentials() async throws(Fault) -> AWSCredentials? {
        let token = try await token.current()
        var request = HTTPRequest(
            .GET,
            surroundings.endpoints.inRegion(region).url(of: "sso") + "/federation/credentials?"
                + form([("role_name", role), ("account_id", account)]),
            headers: ["x-amz-sso_bearer_token": token.revealed])
        request.timeout = .seconds(30)
        request.responseBytesMax = 1 << 20
        let response = try await surroundings.caller.send(request, rule: .aws, attempts: 4)
        if let error = AWSError(response) {
            throw error.fault(
                "signing in as \(role) of account \(account)",
                permission:
                    "an assignment of that permission set in Identity Center (or: \(self.token.advice))")
        }
        guard let issued = JSONValue(json: response.body)?["roleCredentials"],
            let id = issued["accessKeyId"]?.string, let secret = issued["secretAccessKey"]?.string,
            let session = issued["sessionToken"]?.string, let until = issued["expiration"]?.integer
        else { throw Fault(.transient, "signing in as \(role): the answer holds no credentials") }
        return AWSCredentials(
            accessKeyID: id, secretAccessKey: Secret(secret), sessionToken: Secret(session),
            expiration: Timestamp(milliseconds: until))
    }
}

/// A program of the user's own that prints credentials.
struct AWSCredentialProcess: AWSCredentialSource {
    let command: String
    let profile: String
    let surroundings: AWSSurroundings

    var origin: String { "the credential_process of profile \(profile)" }

    func credentials() async throws(Fault) -> AWSCredentials? {
        guard let arguments = Self.words(command), !arguments.isEmpty else {
            throw Fault(.denied, "the credential_process of profile \(profile) has an unclosed quote")
        }
        let result = try await surroundings.processes.run(ChildCommand(arguments))
        guard result.status == 0 else {
            let said = String(decoding: result.errorOutput.prefix(500), as: UTF8.self)
            throw Fault(.denied, "\(origin) ended with status \(result.status): \(said)")
        }
        guard let json = JSONValue(json: result.output), json["Version"]?.integer == 1,
            let id = json["AccessKeyId"]?.string, let secret = json["SecretAccessKey"]?.string
        else {
            throw Fault(
                .denied,
                "\(origin) must print JSON with Version 1, AccessKeyId and SecretAccessKey")
        }
        var expiration: Timestamp?
        if let text = json["Expiration"]?.string {
            guard let time = Timestamp(iso8601: text) else {
                throw Fault(.denied, "\(origin) printed an Expiration that is no RFC 3339 time")
            }
            guard time > surroundings.caller.time.now else {
                throw Fault(.denied, "\(origin) printed credentials that have expired")
            }
            expiration = time
        }
        return AWSCredentials(
            accessKeyID: id, secretAccessKey: Secret(secret),
            sessionToken: json["SessionToken"]?.string.map(Secret.init), expiration: expiration)
    }

    /// Words as a shell would split them, with both quotes and the backslash; nothing is expanded.
    static func words(_ line: String) -> [String]? {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var isEscaped = false
        for character in line {
            if isEscaped {
                word = (word ?? "") + String(character)
                isEscaped = false
            } else if character == "\\", quote != "'" {
                isEscaped = true
            } else if let mark = quote {
                if character == mark { quote = nil } else { word = (word ?? "") + String(character) }
            } else if character == "\"" || character == "'" {
                quote = character
                word = word ?? ""
            } else if character.isWhitespace {
                if let done = word { words.append(done) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        guard quote == nil, !isEscaped else { return nil }
        if let done = word { words.append(done) }
        return words
    }
}
