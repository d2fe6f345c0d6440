/// Whom a statement names: everybody, an account, or one principal.
package enum PrincipalPattern: Hashable, Sendable {
    case everyone
    /// All of an account, by its number; how `arn:aws:iam::111122223333:root` is meant.
    case account(String)
    case arn(String)
    case service(String)
    case federated(String)
    case canonical(String)

    /// A member of `Principal`'s map, by its kind; `nil` for a kind there is not.
    init?(kind: String, _ text: String) {
        switch kind {
        case "AWS":
            if text == "*" {
                self = .everyone
            } else if text.utf8.count == 12, text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) {
                self = .account(text)
            } else if text.hasSuffix(":root"), let account = RequestPrincipal(text).account {
                self = .account(account)
            } else {
                self = .arn(text)
            }
        case "Service": self = text == "*" ? .everyone : .service(text)
        case "Federated": self = text == "*" ? .everyone : .federated(text)
        case "CanonicalUser": self = .canonical(text)
        default: return nil
        }
    }

    package func matches(_ principal: RequestPrincipal) -> Bool {
        switch self {
        case .everyone: true
        case .account(let account): principal.kind.isAWS && principal.account == account
        case .arn(let arn): principal.text == arn || principal.isSession(of: arn)
        case .service(let name): principal.kind == .service && principal.text == name
        case .federated(let name): principal.kind == .federated && principal.text == name
        case .canonical(let id): principal.text == id
        }
    }

    /// As a person writes it.
    package var text: String {
        switch self {
        case .everyone: "*"
        case .account(let account): account
        case .arn(let text), .service(let text), .federated(let text), .canonical(let text): text
        }
    }
}

/// Who makes a request.
package struct RequestPrincipal: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case anonymous, user, role, session, federatedUser, root, service, federated, other

        var isAWS: Bool {
            switch self {
            case .user, .role, .session, .federatedUser, .root, .other: true
            case .anonymous, .service, .federated: false
            }
        }
    }

    package let text: String
    package let kind: Kind
    package let account: String?
    /// What follows the account: `user/ada`, `assumed-role/Deploy/ci`.
    private let name: String

    package init(_ text: String) {
        self.text = text
        let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn" else {
            name = ""
            account = text.utf8.count == 12 && Int(text) != nil ? text : nil
            if text == "*" || text == "anonymous" {
                kind = .anonymous
            } else if text.hasSuffix(".amazonaws.com") || text.hasSuffix(".amazonaws.com.cn"),
                text != "cognito-identity.amazonaws.com"
            {
                kind = .service
            } else if account != nil {
                kind = .root
            } else {
                kind = text.contains(".") ? .federated : .other
            }
            return
        }
        account = parts[4].isEmpty ? nil : String(parts[4])
        name = String(parts[5])
        switch name.prefix(while: { $0 != "/" }) {
        case "user": kind = .user
        case "role": kind = .role
        case "assumed-role": kind = .session
        case "federated-user": kind = .federatedUser
        case "root": kind = .root
        case "saml-provider", "oidc-provider": kind = .federated
        default: kind = .other
        }
    }

    /// The role's name in a session's or a role's ARN, without its path.
    var roleName: Substring? {
        let pieces = name.split(separator: "/")
        return switch kind {
        case .session: pieces.count > 1 ? pieces[1] : nil
        case .role: pieces.last
        default: nil
        }
    }

    /// Whether this is a session of the role: a session's ARN does not show the role's path.
    func isSession(of arn: String) -> Bool {
        guard kind == .session, let roleName else { return false }
        let role = RequestPrincipal(arn)
        return role.kind == .role && role.account == account && role.roleName == roleName
    }

    /// Made by AWS for a service; organizations' limits do not reach it.
    var isServiceLinked: Bool {
        name.hasPrefix("role/aws-service-role/") || (roleName?.hasPrefix("AWSServiceRoleFor") ?? false)
    }

    var userName: Substring? { kind == .user ? name.split(separator: "/").last : nil }
}
