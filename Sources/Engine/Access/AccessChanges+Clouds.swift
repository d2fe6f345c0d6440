/// Azure and Google.
extension AccessChanges {
    // MARK: Azure

    static let azureServices: Set<String> = ["microsoft.authorization", "microsoft.management"]

    mutating func collectAzure() {
        let operation = event.operation.lowercased()
        let id = event.member("resources")?.list?.first?["uid"]?.string?.lowercased() ?? ""
        let name = id.split(separator: "/").last.map { String($0) } ?? ""
        if operation.hasPrefix("microsoft.management/") { return managementGroups(operation, id) }
        let given = properties(event.request) ?? properties(event.response)
        func text(_ key: String) -> String? { given.flatMap { Self.member($0, key)?.string } }
        switch operation {
        case "microsoft.authorization/roleassignments/write":
            var assignment = AccessAssignment(
                principal: text("principalId") ?? "", role: text("roleDefinitionId") ?? "",
                scope: text("scope") ?? Self.parent(of: id))
            assignment.condition = text("condition") ?? ""
            assignment.isGroups = text("principalType") == "Group"
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

    /// Which management group a subscription or a group is in.
    private mutating func managementGroups(_ operation: String, _ id: String) {
        let group = AzureScope.group(of: id)
        switch operation {
        case "microsoft.management/managementgroups/subscriptions/write":
            put(
                AzureScope.subscription(of: id).map(AzureScope.subject(ofSubscription:)), .placement, "",
                group)
        case "microsoft.management/managementgroups/subscriptions/delete":
            put(AzureScope.subscription(of: id).map(AzureScope.subject(ofSubscription:)), .placement, "", nil)
        case "microsoft.management/managementgroups/write":
            let given = properties(event.request) ?? properties(event.response)
            let parent = given.flatMap { Self.member($0, "details") }.flatMap { Self.member($0, "parent") }
            guard let above = parent.flatMap({ Self.member($0, "id")?.string }) else { return }
            put(
                group.map(AzureScope.subject(ofGroup:)), .placement, "",
                AzureScope.group(of: above) ?? above)
        case "microsoft.management/managementgroups/delete":
            put(group.map(AzureScope.subject(ofGroup:)), .placement, "", nil)
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
