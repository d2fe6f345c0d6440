/// Somebody has a role somewhere: the value of what most clouds' access consists of.
package struct AccessAssignment: Hashable, Sendable {
    package var principal: String
    package var role: String
    package var scope: String
    /// Ends by itself: a condition or an activation says when.
    package var expiry = ""
    /// Could be activated, and is not active.
    package var isEligible = false
    /// What has to hold of a request beside; empty for nothing. Google's stands in what the assignment is known by.
    package var condition = ""
    /// The principal is a group, which its id does not say.
    var isGroups = false

    package init(
        principal: String, role: String, scope: String, expiry: String = "", isEligible: Bool = false
    ) {
        self.principal = principal
        self.role = role
        self.scope = scope
        self.expiry = expiry
        self.isEligible = isEligible
    }

    private static let separator = "\u{1F}"

    /// Whether a role, or what an assignment is known by, is a permission set of IAM Identity Center.
    package static func isPermissionSet(_ name: String) -> Bool {
        name.utf8.starts(with: "arn:aws".utf8) && name.contains(":permissionSet/")
    }

    package init(text: String) {
        let parts = text.split(separator: "\u{1F}", omittingEmptySubsequences: false).map { String($0) }
        func part(_ place: Int) -> String { parts.indices.contains(place) ? parts[place] : "" }
        self.init(
            principal: part(0), role: part(1), scope: part(2), expiry: part(3),
            isEligible: part(4) == "eligible")
        condition = part(5)
        isGroups = part(6) == "group"
    }

    package var text: String {
        let own = [principal, role, scope, expiry, isEligible ? "eligible" : ""]
        let more = isGroups ? [condition, "group"] : condition.isEmpty ? [] : [condition]
        return (own + more).joined(separator: Self.separator)
    }

    /// Who the role's definition is told of, for those whose definitions are.
    ///
    /// - Parameter account: the one that the assignment is told in.
    func home(in account: String) -> AccessState.Subject? {
        if Self.isPermissionSet(role) { return AccessState.Subject(account: account, name: role) }
        if role.hasPrefix("ClusterRole/") || role.hasPrefix("Role/") {
            return AccessState.Subject(
                account: account,
                name: "\(role.prefix { $0 != "/" }.lowercased())"
                    + role.drop { $0 != "/" })
        }
        if role.hasPrefix("roles/") || role.hasPrefix("projects/") || role.hasPrefix("organizations/") {
            return AccessState.Subject(account: GoogleRoleItem.account(of: role), name: "role/\(role)")
        }
        if account == AccessChanges.snowflake, scope == AccessChanges.snowflakeAccount {
            return AccessState.Subject(account: account, name: "role/\(role)")
        }
        return azureRole.map { AccessState.Subject(account: account, name: "role/\($0)") }
    }

    /// The id of Azure's role definition, in small letters; `nil` for a role of others.
    var azureRole: String? {
        let parts = role.lowercased().split(separator: "/")
        guard parts.count > 1, parts[parts.count - 2] == "roledefinitions" else { return nil }
        return String(parts[parts.count - 1])
    }

    /// What the role can do at most, by what is known of it and by its name.
    package var effect: DriftFinding.Effect {
        if isEligible { return .cosmetic }
        let folded = role.lowercased()
        let last = folded.split(separator: "/").last.map { String($0) } ?? folded
        if let known = Self.known[last] ?? Self.known[folded] { return known }
        func holds(_ words: String...) -> Bool { words.contains { folded.contains($0) } }
        if holds("admin", "owner", "superuser", "root", "full_control") { return .permissions }
        if holds("viewer", "reader", "read", "audit", "list", "browser") || last == "view" { return .reads }
        return .writes
    }

    /// Roles whose names say less or other than what they can do.
    private static let known: [String: DriftFinding.Effect] = [
        // Azure's built-in roles by their ids: Owner, Contributor, User Access Administrator, Role Based Access Control
        // Administrator, Reader.
        "8e3af657-a8ff-443c-a75c-2fe8c4bcb635": .permissions,
        "b24988ac-6180-42a0-ab88-20f7382dd24c": .writes,
        "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9": .permissions,
        "f58310d9-a9f6-439a-9e8d-f62e7b41a168": .permissions,
        "acdd72a7-3385-48ef-bd42-f606fba81ae7": .reads,
        "contributor": .writes,
        // Of Entra's directory roles.
        "billing administrator": .writes, "global reader": .reads, "directory readers": .reads,
        "reports reader": .reads, "hybrid identity administrator": .permissions, "directory writers": .writes,
        "partner tier2 support": .permissions, "helpdesk administrator": .permissions,
        // Of Google's roles.
        "editor": .permissions, "iam.serviceaccounttokencreator": .permissions,
        "iam.serviceaccountuser": .permissions, "iam.workloadidentityuser": .permissions,
        "deploymentmanager.editor": .permissions, "cloudbuild.builds.editor": .permissions,
        "iam.securityreviewer": .reads, "roles/editor": .permissions,
        // Of Snowflake's privileges.
        "ownership": .writes, "select": .reads, "usage": .reads, "references": .reads, "monitor": .reads,
        "manage grants": .permissions, "create role": .permissions, "create user": .permissions,
        "orgadmin": .permissions,
        // Of Okta's.
        "read-only administrator": .reads, "report administrator": .reads,
    ]
}
