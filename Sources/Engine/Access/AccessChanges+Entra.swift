/// Entra: roles, groups, policies, and what vouches for identities.
extension AccessChanges {
    mutating func collectEntra() {
        let resources = event.member("resources")?.list ?? []
        let operation = event.operation
        func modified(_ name: String) -> (old: String?, new: String?) {
            for resource in resources {
                for item in resource["data"]?["modifiedProperties"]?.list ?? []
                where item["displayName"]?.string == name {
                    return (Self.unquoted(item["oldValue"]?.string), Self.unquoted(item["newValue"]?.string))
                }
            }
            return (nil, nil)
        }
        let member = resources.first { $0["type"]?.string != "Role" && $0["type"]?.string != "Request" }
        let user = event.member("user")
        let name =
            user?["name"]?.string ?? member?["data"]?["userPrincipalName"]?.string ?? member?["name"]?.string
            ?? user?["uid"]?.string
        let isGroup = user == nil && member?["type"]?.string == "Group"
        let who = isGroup ? name.map { "group/\($0)" } : name
        let id = user?["uid"]?.string ?? member?["uid"]?.string
        let role = resources.first { $0["type"]?.string == "Role" }?["name"]?.string
        if operation.hasPrefix("Add member to role"), !operation.contains("request") {
            let title = modified("Role.DisplayName").new ?? role ?? "role not told"
            let isTimed = operation.contains("PIM activation") || operation.contains("timebound")
            let assignment = AccessAssignment(
                principal: who ?? "", role: title, scope: EntraRoleItem.tenant,
                expiry: isTimed ? "activation" : "")
            put(who, .assignment, title, assignment.text)
            known(who, id)
        } else if operation.hasPrefix("Remove member from role") {
            put(who, .assignment, modified("Role.DisplayName").old ?? role ?? "role not told", nil)
        } else if operation.hasPrefix("Add eligible member to role"), !operation.contains("request") {
            let assignment = AccessAssignment(
                principal: who ?? "", role: role ?? "role not told", scope: EntraRoleItem.tenant,
                isEligible: true)
            put(who, .assignment, EntraRoleItem.part(assignment), assignment.text)
            known(who, id)
        } else if operation.hasPrefix("Remove eligible member from role"), !operation.contains("request") {
            put(who, .assignment, "\(EntraRoleItem.eligible)\(role ?? "role not told")", nil)
        } else if operation == "Add member to group" {
            let (group, title) = (modified("Group.ObjectID").new, modified("Group.DisplayName").new)
            put(who, .membership, title ?? "group not told", "member")
            known(who, id)
            known(title.map { "group/\($0)" }, group)
        } else if operation == "Remove member from group" {
            put(who, .membership, modified("Group.DisplayName").old ?? "group not told", nil)
        } else if operation == "Add service principal credentials"
            || operation.hasPrefix("Update application – Certificates and secrets")
        {
            let app = member?["name"]?.string ?? who
            put(app.map { "app/\($0)" }, .accessKey, modified("KeyDescription").new ?? event.uid, "Active")
        } else if operation == "Remove service principal credentials" {
            put(
                (member?["name"]?.string ?? who).map { "app/\($0)" }, .accessKey,
                modified("KeyDescription").old ?? event.uid, nil)
        } else {
            lives(operation, who, id)
            policies(operation, modified("ConditionalAccessPolicy").new)
        }
    }

    /// What the directory knows somebody by, which is all that Azure says of whom it gives a role.
    private mutating func known(_ who: String?, _ id: String?) {
        guard let id, who != id else { return }
        put(who, .identity, DirectoryID.part, id)
    }

    /// Users and groups that come and go. Whoever is deleted is renamed: the id stands before the name then.
    private mutating func lives(_ operation: String, _ who: String?, _ id: String?) {
        guard let who else { return }
        let prefix = (id ?? "").filter { $0 != "-" }
        let name = prefix.isEmpty || !who.hasPrefix(prefix) ? who : String(who.dropFirst(prefix.count))
        switch operation {
        case "Add user", "Restore user":
            put(name, .identity, "", name)
            known(name, id)
        case "Add group", "Restore group":
            let group = name.hasPrefix("group/") ? name : "group/\(name)"
            put(group, .identity, "", String(group.dropFirst("group/".utf8.count)))
            known(group, id)
        case "Delete user", "Hard Delete user": put(name, .identity, "", nil)
        case "Delete group", "Hard Delete group":
            put(name.hasPrefix("group/") ? name : "group/\(name)", .identity, "", nil)
        default: break
        }
    }

    private mutating func policies(_ operation: String, _ new: String?) {
        let entity = event.member("entity")
        let name = entity?["name"]?.string ?? entity?["uid"]?.string
        switch operation {
        case "Add conditional access policy", "Update conditional access policy":
            let state = new.flatMap { texts.document($0) }?["state"]?.string ?? "enabled"
            put(
                name.map { "conditional access/\($0)" }, .guardrailTarget, "",
                ["disabled", "Disabled"].contains(state) ? nil : "enabled")
        case "Delete conditional access policy":
            put(name.map { "conditional access/\($0)" }, .guardrailTarget, "", nil)
        case "Disable Strong Authentication":
            put(event.member("user")?["name"]?.string, .mfa, "strong authentication", nil)
        case "Enable Strong Authentication", "User registered security info":
            put(event.member("user")?["name"]?.string, .mfa, "strong authentication", "enabled")
        case "Set federation settings on domain", "Set domain authentication",
            "Add unverified domain", "Verify domain":
            put(name.map { "domain/\($0)" }, .federation, "", event.uid)
        case "Remove unverified domain": put(name.map { "domain/\($0)" }, .federation, "", nil)
        default: break
        }
    }

    private static func unquoted(_ text: String?) -> String? {
        guard let text, text != "null", text != "\"\"" else { return nil }
        if text.count >= 2, text.hasPrefix("\""), text.hasSuffix("\"") {
            return String(text.dropFirst().dropLast())
        }
        return text
    }
}
