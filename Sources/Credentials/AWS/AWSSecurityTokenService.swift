import Codecs
import Engine
package import Ports

/// What is asked of STS when a role is assumed.
package struct AWSRole: Hashable, Sendable {
    /// Chained roles get an hour at most.
    static let durationSeconds = 900...43_200

    package var arn: String
    package var sessionName: String
    package var externalID: String?
    package var durationSeconds: Int?

    package init(
        arn: String, sessionName: String = "martlet", externalID: String? = nil, durationSeconds: Int? = nil
    ) {
        self.arn = arn
        self.sessionName = sessionName
        self.externalID = externalID
        self.durationSeconds = durationSeconds
    }
}

/// `AssumeRole` with the credentials of another source, signed.
package struct AWSAssumedRole: AWSCredentialSource {
    private let role: AWSRole
    private let parent: AWSCredentialCache
    private let surroundings: AWSSurroundings
    private let signer: AWSSigner

    package init(_ role: AWSRole, from parent: any AWSCredentialSource, in surroundings: AWSSurroundings) {
        self.role = role
        self.surroundings = surroundings
        let cache = AWSCredentialCache(parent, time: surroundings.caller.time)
        self.parent = cache
        signer = AWSSigner(
            service: "sts", region: surroundings.endpoints.region, credentials: cache,
            time: surroundings.caller.time)
    }

    package var origin: String { "role \(role.arn), assumed with \(parent.origin)" }

    package func credentials() async throws(Fault) -> AWSCredentials? {
        var form = [
            ("Action", "AssumeRole"), ("Version", "2011-06-15"), ("RoleArn", role.arn),
            ("RoleSessionName", role.sessionName),
        ]
        if let id = role.externalID { form.append(("ExternalId", id)) }
        if let seconds = role.durationSeconds { form.append(("DurationSeconds", String(seconds))) }
        return try await AWSSecurityTokenService.issue(
            form, result: "AssumeRoleResult", authorizer: signer, surroundings: surroundings,
            action: "assuming \(role.arn) with \(parent.origin)",
            permission: "sts:AssumeRole on \(role.arn), and the role's trust policy must name them")
    }
}

/// `AssumeRoleWithWebIdentity`: the token file is read anew each time, the call carries no signature.
package struct AWSWebIdentity: AWSCredentialSource {
    let role: AWSRole
    let tokenFile: String
    let surroundings: AWSSurroundings

    package var origin: String { "role \(role.arn), assumed with the token in \(tokenFile)" }

    package func credentials() async throws(Fault) -> AWSCredentials? {
        let token = try await surroundings.text(of: tokenFile)
        let form = [
            ("Action", "AssumeRoleWithWebIdentity"), ("Version", "2011-06-15"), ("RoleArn", role.arn),
            ("RoleSessionName", role.sessionName), ("WebIdentityToken", token),
        ]
        return try await AWSSecurityTokenService.issue(
            form, result: "AssumeRoleWithWebIdentityResult", authorizer: Anonymous(),
            surroundings: surroundings,
            action: "assuming \(role.arn) with the token in \(tokenFile)",
            permission: "a trust policy on \(role.arn) that names the token's issuer, subject and audience")
    }
}

enum AWSSecurityTokenService {
    static let attempts = 4

    static func issue(
        _ fields: [(String, String)], result: String, authorizer: any Authorizer,
        surroundings: AWSSurroundings,
        action: String, permission: String
    ) async throws(Fault) -> AWSCredentials {
        var request = HTTPRequest(
            .POST, surroundings.endpoints.url(of: "sts") + "/",
            headers: ["Content-Type": "application/x-www-form-urlencoded; charset=utf-8"],
            body: Array(form(fields).utf8))
        request.timeout = .seconds(30)
        request.responseBytesMax = 1 << 20
        let response = try await surroundings.caller.send(
            request, authorizer: authorizer, rule: .aws, attempts: attempts)
        if let error = AWSError(response) { throw error.fault(action, permission: permission) }
        guard let issued = XMLElement(xml: response.body)?.first(result)?["Credentials"],
            let id = issued.text("AccessKeyId"), let secret = issued.text("SecretAccessKey"),
            let token = issued.text("SessionToken"), !id.isEmpty, !secret.isEmpty,
            let expiration = issued.text("Expiration").flatMap({ Timestamp(iso8601: $0) })
        else { throw Fault(.transient, "\(action): STS's answer holds no credentials") }
        return AWSCredentials(
            accessKeyID: id, secretAccessKey: Secret(secret), sessionToken: Secret(token),
            expiration: expiration)
    }
}
