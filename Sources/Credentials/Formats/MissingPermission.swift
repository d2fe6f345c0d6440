package import Ports

/// The permission whose absence an answer gives as the reason for its refusal, in the vendor's own words.
///
/// Each vendor says it elsewhere: AWS and ARM in a sentence, Google in `ErrorInfo`, GitHub in a header, OAuth servers in the
/// challenge. What names none has no value here.
package struct MissingPermission: Hashable, Sendable {
    /// `s3:ListBucket`, `Microsoft.Insights/eventtypes/values/read`, `AuditLog.Read.All`, `okta.logs.read`.
    package var names: [String]
    /// On what it is missing: an ARN, a scope, a resource.
    package var place: String?

    init(_ names: [String], on place: String? = nil) {
        self.names = names
        self.place = place
    }

    package init?(_ response: HTTPResponse) {
        guard [400, 401, 403, 404].contains(response.status) else { return nil }
        let found =
            Self.challenge(response) ?? Self.aws(response)
            ?? VendorError(response).flatMap { Self.microsoft($0) ?? Self.google($0) }
            ?? Self.github(response)
        guard let found, !found.names.isEmpty else { return nil }
        self = found
    }

    /// `needs s3:ListBucket on arn:…`
    package var text: String {
        "needs \(names.joined(separator: " or "))" + (place.map { " on \($0)" } ?? "")
    }

    /// `WWW-Authenticate: … error="insufficient_scope", scope="okta.logs.read"`.
    private static func challenge(_ response: HTTPResponse) -> MissingPermission? {
        guard let challenge = response.headers["WWW-Authenticate"], challenge.contains("insufficient_scope"),
            let scope = text(challenge, after: "scope=\"", until: "\"")
        else { return nil }
        return MissingPermission(scope.split(separator: " ").map { String($0) })
    }

    /// `User: … is not authorized to perform: s3:ListBucket on resource: "arn:…" because no identity-based policy…`
    private static func aws(_ response: HTTPResponse) -> MissingPermission? {
        guard let error = AWSError(response),
            let action = text(error.message, after: "to perform: ", until: " ")
        else { return nil }
        let place = text(error.message, after: "on resource: ", until: " ")
        return MissingPermission([trimmed(action)], on: place.map { trimmed($0) })
    }

    private static func microsoft(_ error: VendorError) -> MissingPermission? {
        // ARM: … does not have authorization to perform action 'X' over scope 'Y' or the scope is invalid.
        if let action = text(error.message, after: "perform action '", until: "'") {
            return MissingPermission([action], on: text(error.message, after: "over scope '", until: "'"))
        }
        // Graph names it in some answers only: PIM's, the reports', and in those of the Management Activity API.
        for mark in [
            "missing permission scope ", "required MSGraph permissions ", "expected permission ",
            "required permissions: ",
        ] {
            guard let list = text(error.message, after: mark, until: " ") else { continue }
            return MissingPermission(list.split(separator: ",").map { trimmed(String($0)) })
        }
        return nil
    }

    private static func google(_ error: VendorError) -> MissingPermission? {
        if error.reason == "SERVICE_DISABLED" {
            let service = error.details["service"] ?? "the API"
            return MissingPermission(["\(service) enabled"], on: error.details["consumer"])
        }
        if error.reason == "ACCESS_TOKEN_SCOPE_INSUFFICIENT" {
            return MissingPermission([
                "a token with more scopes, for \(error.details["method"] ?? "this method")"
            ])
        }
        let named =
            error.details["permission"] ?? text(error.message, after: "Permission '", until: "'")
            ?? text(error.message, after: "Required \"", until: "\"")
        guard let named else { return nil }
        let place = error.details["resource"] ?? text(error.message, after: "on resource '", until: "'")
        return MissingPermission([named], on: place)
    }

    /// GitHub says with each answer what would have been accepted; a 404 may be a refusal, too.
    private static func github(_ response: HTTPResponse) -> MissingPermission? {
        if let accepted = response.headers["X-Accepted-GitHub-Permissions"], !accepted.isEmpty {
            return MissingPermission(accepted.split(separator: ";").map { trimmed(String($0)) })
        }
        guard let scopes = response.headers["X-Accepted-OAuth-Scopes"], !scopes.isEmpty else { return nil }
        let held = Set(
            (response.headers["X-OAuth-Scopes"] ?? "").split(separator: ",").map { trimmed(String($0)) })
        let wanted = scopes.split(separator: ",").map { trimmed(String($0)) }
        return held.isDisjoint(with: wanted) ? MissingPermission(wanted) : nil
    }

    private static func text(_ whole: String, after mark: String, until end: Character) -> String? {
        guard let start = whole.firstRange(of: mark)?.upperBound else { return nil }
        let found = whole[start...].prefix { $0 != end }
        return found.isEmpty ? nil : String(found)
    }

    private static func trimmed(_ text: String) -> String {
        var text = text[...]
        while let last = text.last, ".,;\"' ".contains(last) { text = text.dropLast() }
        return String(text.drop { "\"' ".contains($0) })
    }
}
