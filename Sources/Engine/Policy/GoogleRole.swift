/// A role of Google's IAM: a list of permissions, without wildcards.
package struct GoogleRole: Sendable {
    /// `roles/storage.admin`, `projects/p/roles/custom`.
    package var name: String
    package var permissions: Set<String>
    /// `DISABLED` roles grant nothing.
    package var isDisabled: Bool

    /// Reads what `gcloud iam roles describe --format json` answers.
    package init(_ document: Document) throws(Problems) {
        guard document.map != nil else {
            throw Problems([
                Problem(at: document.position, "a role is a mapping, and this is \(document.kind)")
            ])
        }
        guard let list = document["includedPermissions"] ?? document["permissions"] else {
            // A role without permissions has no list of them, but a name.
            guard document["name"]?.string != nil || document["title"]?.string != nil else {
                throw Problems([
                    Problem(at: document.position, "a role has `includedPermissions`, and this has none")
                ])
            }
            self.init(name: document["name"]?.string ?? "", permissions: [], document["stage"])
            return
        }
        var problems: [Problem] = []
        var permissions = Set<String>()
        for item in list.list ?? [list] {
            if let text = item.string, !text.contains("*") {
                permissions.insert(text)
            } else {
                problems.append(
                    Problem(
                        at: item.position, "a permission is a text without wildcards",
                        hint: "storage.objects.get"))
            }
        }
        if !problems.isEmpty { throw Problems(Array(problems.prefix(100))) }
        self.init(name: document["name"]?.string ?? "", permissions: permissions, document["stage"])
    }

    private init(name: String, permissions: Set<String>, _ stage: Document?) {
        self.name = name
        self.permissions = permissions
        isDisabled = stage?.string == "DISABLED"
    }

    /// What it grants as it stands.
    package var granted: Set<String> { isDisabled ? [] : permissions }
}

extension PolicyChange {
    /// What changed between two roles: exactly the permissions that one has and the other has not.
    package static func ofGoogleRoles(old: GoogleRole, new: GoogleRole) -> PolicyChange {
        let gained = new.granted.subtracting(old.granted).sorted()
        let lost = old.granted.subtracting(new.granted).sorted()
        var change = PolicyChange(
            verdict: PolicyComparison.Verdict(gained: !gained.isEmpty, lost: !lost.isEmpty))
        func side(_ permissions: [String], isGained: Bool) -> Side {
            var side = Side()
            side.actions = permissions
            let gravest = permissions.sorted { (gravity($1), $0) < (gravity($0), $1) }
            side.witnesses = gravest.prefix(PolicyComparison.witnessesMax).map { permission in
                Witness(
                    action: permission, resource: "any resource on which the role is granted",
                    before: isGained ? .implicitDeny : .allow, after: isGained ? .allow : .implicitDeny,
                    because: "includedPermissions of the \(isGained ? "new" : "old") role")
            }
            return side
        }
        change.gained = side(gained, isGained: true)
        change.lost = side(lost, isGained: false)
        if old.isDisabled != new.isDisabled {
            change.notes.append("the role was \(new.isDisabled ? "disabled" : "enabled")")
        }
        return change
    }

    /// Graver ones are greater: those that lead to other permissions first, then what changes things.
    private static func gravity(_ permission: String) -> Int {
        let verb = permission.split(separator: ".").last ?? ""
        if verb == "setIamPolicy" || verb == "actAs" || verb == "getAccessToken" || verb == "signBlob" {
            return 4
        }
        if permission.hasPrefix("iam.serviceAccountKeys.create") || verb == "signJwt" { return 4 }
        if verb == "delete" || verb == "update" || verb == "create" || verb == "set" { return 2 }
        return verb == "get" || verb == "list" || verb == "search" ? 0 : 1
    }
}
