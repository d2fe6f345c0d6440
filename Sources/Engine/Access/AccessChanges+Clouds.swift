/// Azure, Entra and Google.
extension AccessChanges {
    // MARK: Azure

    mutating func collectAzure() {
        let operation = event.operation.lowercased()
        let id = event.member("resources")?.list?.first?["uid"]?.string?.lowercased() ?? ""
        let name = id.split(separator: "/").last.map { String($0) } ?? ""
        let given = properties(event.request) ?? properties(event.response)
        func text(_ key: String) -> String? { given.flatMap { Self.member($0, key)?.string } }
        switch operation {
        case "microsoft.authorization/roleassignments/write":
            var assignment = AccessAssignment(
                principal: text("principalId") ?? "", role: text("roleDefinitionId") ?? "",
                scope: text("scope") ?? Self.parent(of: id))
            assignment.condition = text("condition") ?? ""
            put("assignment/\(name)", .assignment, "", assignment.text)
        case "microsoft.authorization/roleassignments/delete":
            put("assignment/\(name)", .assignment, "", nil)
        case "microsoft.authorization/elevateaccess/action":
            let assignment = AccessAssignment(
                principal: event.actor, role: "User Access Administrator", scope: "/")
            put("elevation/\(event.actor)", .assignment, "/", assignment.text)
        case "microsoft.authorization/roledefinitions/write":
            let document = given?.plainJSON
            put("role/\(name)", .roleDefinition, "", document)
        case "microsoft.authorization/roledefinitions/delete": put("role/\(name)", .roleDefinition, "", nil)
        case "microsoft.authorization/denyassignments/write", "microsoft.authorization/locks/write",
            "microsoft.authorization/policyassignments/write":
            put("\(Self.kind(of: id))/\(name)", .guardrailTarget, Self.parent(of: id), "set")
        case "microsoft.authorization/denyassignments/delete", "microsoft.authorization/locks/delete",
            "microsoft.authorization/policyassignments/delete":
            put("\(Self.kind(of: id))/\(name)", .guardrailTarget, Self.parent(of: id), nil)
        default: break
        }
    }

    private func properties(_ document: Document?) -> Document? {
        document.flatMap { Self.member($0, "properties") ?? $0 }
    }

    /// Azure writes the same member in either case.
    private static func member(_ document: Document, _ key: String) -> Document? {
        let folded = key.lowercased()
        return document.map?.first { $0.key.lowercased() == folded }?.value
    }

    /// The scope that a thing of `Microsoft.Authorization` is set on.
    private static func parent(of id: String) -> String {
        guard let range = id.range(ofLast: "/providers/microsoft.authorization/") else { return id }
        return range == 0 ? "/" : String(Substring(id.utf8.prefix(range)))
    }

    private static func kind(of id: String) -> String {
        id.split(separator: "/").dropLast().last.map { String($0) } ?? "guardrail"
    }

    // MARK: Entra

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
        let who =
            user?["name"]?.string ?? member?["data"]?["userPrincipalName"]?.string ?? member?["name"]?.string
            ?? user?["uid"]?.string
        if operation.hasPrefix("Add member to role"), !operation.contains("request") {
            let role = resources.first { $0["type"]?.string == "Role" }?["name"]?.string
            let name = modified("Role.DisplayName").new ?? role ?? "role not told"
            let isTimed = operation.contains("PIM activation") || operation.contains("timebound")
            let assignment = AccessAssignment(
                principal: who ?? "", role: name, scope: "tenant", expiry: isTimed ? "activation" : "")
            put(who, .assignment, name, assignment.text)
        } else if operation.hasPrefix("Remove member from role") {
            let role = resources.first { $0["type"]?.string == "Role" }?["name"]?.string
            put(who, .assignment, modified("Role.DisplayName").old ?? role ?? "role not told", nil)
        } else if operation.hasPrefix("Add eligible member to role"), !operation.contains("request") {
            let role = resources.first { $0["type"]?.string == "Role" }?["name"]?.string ?? "role not told"
            put(
                who, .assignment, "eligible: \(role)",
                AccessAssignment(principal: who ?? "", role: role, scope: "tenant", isEligible: true).text)
        } else if operation.hasPrefix("Remove eligible member from role"), !operation.contains("request") {
            let role = resources.first { $0["type"]?.string == "Role" }?["name"]?.string ?? "role not told"
            put(who, .assignment, "eligible: \(role)", nil)
        } else if operation == "Add member to group" {
            put(who, .membership, modified("Group.DisplayName").new ?? "group not told", "member")
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
            policies(operation, modified("ConditionalAccessPolicy").new)
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

    // MARK: Google

    mutating func collectGoogle() {
        let operation = event.operation
        let resource =
            event.member("resources")?.list?.first?["uid"]?.string ?? parameter("resource") ?? event.account
        let last = operation.split(separator: ".").last.map { String($0) } ?? operation
        switch last {
        case "SetIamPolicy", "SetIAMPolicy", "setIamPolicy", "setIamPermissions": bindings(resource)
        case "CreateServiceAccountKey":
            let name = response("name")?.string ?? ""
            put(
                account, .accessKey, name.split(separator: "/").last.map { String($0) } ?? event.uid,
                "Active")
        case "DeleteServiceAccountKey":
            let name = parameter("name") ?? resource
            put(account, .accessKey, name.split(separator: "/").last.map { String($0) } ?? "", nil)
        case "CreateRole", "UpdateRole": role(resource)
        case "DeleteRole": put("role/\(resource)", .roleDefinition, "", nil)
        case "CreateWorkloadIdentityPoolProvider", "UpdateWorkloadIdentityPoolProvider",
            "CreateWorkloadIdentityPool":
            let entity = event.member("entity")?["uid"]?.string ?? resource
            put(entity, .federation, "", event.request?.plainJSON ?? event.uid)
        case "DeleteWorkloadIdentityPoolProvider", "DeleteWorkloadIdentityPool":
            put(event.member("entity")?["uid"]?.string ?? resource, .federation, "", nil)
        case "DeletePolicy" where operation.contains("orgpolicy"):
            put(event.member("entity")?["uid"]?.string, .guardrailTarget, "", nil)
        case "CreatePolicy" where operation.contains("orgpolicy"),
            "UpdatePolicy" where operation.contains("orgpolicy"):
            let spec = parameter(["policy", "spec", "rules"])?.list ?? []
            let isOff = spec.contains { $0["enforce"]?.bool == false || $0["allowAll"]?.bool == true }
            put(event.member("entity")?["uid"]?.string, .guardrailTarget, "", isOff ? nil : "enforced")
        case "DeleteSink", "UpdateSink":
            put("sink/\(resource)", .recording, "", last == "DeleteSink" ? nil : "on")
        default: break
        }
    }

    private var account: String? {
        let user = event.member("user")
        return (user?["email_addr"]?.string ?? user?["name"]?.string).map { "serviceAccount:\($0)" }
    }

    /// The deltas tell what was added and removed; the policy as a whole only what there is.
    private mutating func bindings(_ resource: String) {
        for policy in event.member("policies")?.list ?? [] {
            guard let delta = policy["data"], let role = delta["role"]?.string,
                let member = delta["member"]?.string
            else { continue }
            let condition = delta["condition"]?["expression"]?.string ?? ""
            let isAdded = delta["action"]?.string == "ADD"
            let name = GoogleBindingItem.plain(resource)
            put(
                member, .assignment, GoogleBindingItem.part(role, name, condition),
                isAdded ? GoogleBindingItem.assignment(member, role, name, condition).text : nil,
                in: GoogleBindingItem.account(of: name))
        }
    }

    private mutating func role(_ resource: String) {
        let given =
            parameter(["role", "includedPermissions"]) ?? parameter(["role", "included_permissions"])
        let whole = given?.list?.compactMap(\.string)
        let told = event.member("privileges")?.list?.compactMap(\.string)
        guard let permissions = whole ?? told else { return }
        put("role/\(resource)", .roleDefinition, "", GoogleRole.text(permissions))
    }
}

extension String {
    /// Where the last occurrence of a text begins, in bytes.
    fileprivate func range(ofLast text: String) -> Int? {
        let bytes = Array(utf8)
        let part = Array(text.utf8)
        guard bytes.count >= part.count else { return nil }
        return (0...(bytes.count - part.count)).last { bytes[$0..<$0 + part.count].elementsEqual(part) }
    }
}
