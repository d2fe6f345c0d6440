/// Whether a grant is for what an act was done to, leaving the time aside.
struct GrantCover {
    enum Fit: UInt8 {
        /// The broker gives no access to the act's system.
        case unrelated = 0
        /// It gives access there, but not to this.
        case elsewhere
        case covers
    }

    /// Brokers that give access to others' systems: what their grants are for is told by the account.
    private static let brokers: Set<String> = [
        "generic", "britive", "conductorone", "sym", "delinea", "cyberark", "beyondtrust", "boundary",
        "vault",
        "okta",
    ]

    /// An act as far as it matters here.
    struct Place: Hashable {
        var system: String
        var account: String
        var role: String
        var resource: String
    }

    private let policy: GrantPolicy
    /// What roles are called whose id is all that a grant has: `ps-…` of Identity Center.
    private var roleNames: [String: String] = [:]

    init(_ policy: GrantPolicy, _ grants: [GrantHistory]) {
        self.policy = policy
        for role in grants.flatMap(\.roles) {
            guard let uid = role.uid, let name = role.name, !uid.hasSuffix("/\(name)"), uid != name else {
                continue
            }
            // Of two names the first in order, whichever came first.
            roleNames[uid] = min(name, roleNames[uid] ?? name)
        }
    }

    func fit(_ grant: GrantHistory, _ place: Place) -> Fit {
        var fit = Fit.unrelated
        for scope in policy.scopes where scope.system == place.system && isOf(grant, scope) {
            let isThere =
                GrantPolicy.matches(scope.accounts, place.account)
                && GrantPolicy.matches(scope.roles, place.role)
            if isThere { return .covers }
            fit = .elsewhere
        }
        if fit != .unrelated { return fit }
        let account = Self.account(grant, place)
        if grant.system != place.system {
            guard Self.brokers.contains(grant.system), Self.cloud(of: grant) ?? place.system == place.system
            else { return .unrelated }
            if account != true { return Self.cloud(of: grant) == nil ? .unrelated : .elsewhere }
        } else if Self.brokers.contains(grant.system), grant.account != nil, account != true {
            return .elsewhere
        }
        if account == false { return .elsewhere }
        if resource(grant, place) == false { return .elsewhere }
        return role(grant, place) == false ? .elsewhere : .covers
    }

    private func isOf(_ grant: GrantHistory, _ scope: GrantPolicy.Scope) -> Bool {
        guard GrantPolicy.matches([scope.provider], grant.key.provider) else { return false }
        if scope.role == "*" { return true }
        return grant.roles.contains { role in
            [role.name, role.uid].compactMap { $0 }.contains { GrantPolicy.matches([scope.role], $0) }
        }
    }

    /// The cloud that an account's number is of: twelve digits are AWS's, a GUID is a subscription of Azure's.
    private static func cloud(of grant: GrantHistory) -> String? {
        guard let uid = grant.account?.uid else { return nil }
        if uid.utf8.count == 12, uid.utf8.allSatisfy({ (0x30...0x39).contains($0) }) { return "aws" }
        return uid.utf8.count == 36 && uid.split(separator: "-").count == 5 ? "azure" : nil
    }

    /// `nil` where one of the two says nothing.
    private static func account(_ grant: GrantHistory, _ place: Place) -> Bool? {
        guard let account = grant.account, !place.account.isEmpty else { return nil }
        return account.uid?.lowercased() == place.account.lowercased()
            || account.uid == nil && account.name?.lowercased() == place.account.lowercased()
    }

    private func resource(_ grant: GrantHistory, _ place: Place) -> Bool? {
        var isTold: Bool?
        for resource in grant.resources {
            guard let uid = resource.uid else { continue }
            switch place.system {
            case "azure":
                guard uid.hasPrefix("/") else { continue }
                if uid == "/" || Self.isBelow(place.resource, uid) { return true }
                if place.resource.isEmpty { continue }
            case "gcp":
                guard uid.hasPrefix("//") else { continue }
                // What is in a folder or an organization, a log does not tell.
                if uid.contains("/folders/") || uid.contains("/organizations/") { return true }
                guard let project = uid.split(separator: "/").last else { continue }
                if place.account == project || place.resource.contains("projects/\(project)/") { return true }
                if place.account.isEmpty, place.resource.isEmpty { continue }
            case "aws":
                guard uid.hasPrefix("arn:"), !place.resource.isEmpty else { continue }
                if place.resource == uid || place.resource.hasPrefix(uid + "/") { return true }
            default: continue
            }
            isTold = false
        }
        return isTold
    }

    /// Whether one Azure scope is within another: segment by segment, without case.
    private static func isBelow(_ resource: String, _ scope: String) -> Bool {
        let resource = resource.lowercased()
        let scope = scope.lowercased()
        return resource == scope || resource.hasPrefix(scope.hasSuffix("/") ? scope : scope + "/")
    }

    /// Only AWS tells in which role somebody acts.
    private func role(_ grant: GrantHistory, _ place: Place) -> Bool? {
        guard place.system == "aws", !place.role.isEmpty, !grant.roles.isEmpty else { return nil }
        let acting = Self.roleName(place.role).lowercased()
        var isTold: Bool?
        for role in grant.roles {
            let named = role.uid.flatMap { roleNames[$0] } ?? role.name ?? role.uid ?? ""
            let last = named.split(separator: "/").last.map(String.init) ?? named
            // A permission set's id says nothing of its name.
            if last.hasPrefix("ps-") { return nil }
            if acting == Self.roleName(last).lowercased() { return true }
            isTold = false
        }
        return isTold
    }

    /// `AWSReservedSSO_PlatformAdmin_372f8b0ed5df8099` is the permission set `PlatformAdmin`.
    static func roleName(_ role: String) -> String {
        let mark = "AWSReservedSSO_"
        guard role.hasPrefix(mark), let end = role.lastIndex(of: "_") else { return role }
        let start = role.index(role.startIndex, offsetBy: mark.count)
        return start < end ? String(role[start..<end]) : role
    }
}
