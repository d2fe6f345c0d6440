/// A role of Google's, with what it permits, as IAM lists them.
struct GoogleRoleItem {
    /// In whose own account Google's predefined roles are.
    static let provider = ""

    private let account: String
    private let name: String
    private let details: Document

    /// Out of an event of `gcp.roles`; `nil` for what is none.
    init?(event: Document) {
        guard let subject = event["resources"]?.list?.first, let name = subject["uid"]?.string,
            let details = subject["data"]
        else { return nil }
        account = Self.account(of: name)
        self.name = name
        self.details = details
    }

    /// A list leaves out roles that are deleted, and shows them only when it is asked to.
    var facts: [AccessState.Key: String] {
        if details["deleted"]?.bool == true { return [:] }
        var permissions = (details["includedPermissions"]?.list ?? []).compactMap(\.string)
        // A role that is switched off permits nothing.
        if details["stage"]?.string == "DISABLED" { permissions = [] }
        return [
            AccessState.Key(account, "role/\(name)", .roleDefinition): GoogleRole.text(permissions)
        ]
    }

    /// `acme-prod` for `projects/acme-prod/roles/deployer`.
    static func account(of name: String) -> String {
        let parts = name.split(separator: "/")
        return parts.count == 4 ? String(parts[1]) : provider
    }
}

extension GoogleRole {
    /// A role's permissions as a document, the same for the same set.
    static func text(_ permissions: [String]) -> String {
        let list = permissions.sorted().map { String(decoding: JSONText.quoted($0), as: UTF8.self) }
        return "{\"includedPermissions\":[\(list.joined(separator: ","))]}"
    }
}
