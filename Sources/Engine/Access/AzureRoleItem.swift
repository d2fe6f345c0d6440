/// An assignment, a role definition or a denial of Azure, as Resource Manager lists them.
///
/// It fills in what is older than the activity log. What a later list shows otherwise, or lacks, proves nothing: lists write
/// ids and documents otherwise than the log does.
struct AzureRoleItem {
    private let account: String
    private let type: String
    private let id: String
    private let item: Document

    /// Out of an event of `azure.roles`; `nil` for what is none.
    init?(event: Document) {
        guard let item = event["resources"]?.list?.first, let id = item["uid"]?.string,
            let type = item["type"]?.string,
            // What a management group has is in no subscription.
            let account = event["cloud"]?["account"]?["uid"]?.string ?? Self.group(of: id)
        else { return nil }
        self.account = account
        self.type = type.lowercased()
        self.id = id.lowercased()
        self.item = item
    }

    private static func group(of id: String) -> String? {
        let parts = id.lowercased().split(separator: "/")
        guard let place = parts.firstIndex(of: "managementgroups"), place + 1 < parts.count else {
            return nil
        }
        return String(parts[place + 1])
    }

    var facts: [AccessState.Key: String] {
        let name = id.split(separator: "/").last.map { String($0) } ?? ""
        switch type {
        case "microsoft.authorization/roleassignments":
            return [AccessState.Key(account, "assignment/\(name)", .assignment): assignment.text]
        case "microsoft.authorization/roleeligibilityscheduleinstances":
            var eligible = assignment
            eligible.isEligible = true
            return [AccessState.Key(account, "eligible/\(name)", .assignment): eligible.text]
        case "microsoft.authorization/roledefinitions":
            guard let details = item["data"], details["permissions"] != nil else { return [:] }
            return [AccessState.Key(account, "role/\(name)", .roleDefinition): details.plainJSON]
        case "microsoft.authorization/denyassignments":
            let scope = item["namespace"]?.string ?? "/"
            return [AccessState.Key(account, "denyassignments/\(name)", .guardrailTarget, scope): "set"]
        default: return [:]
        }
    }

    private var assignment: AccessAssignment {
        var assignment = AccessAssignment(
            principal: item["user"]?["uid"]?.string ?? item["group"]?["uid"]?.string ?? "",
            role: item["uid_alt"]?.string ?? "", scope: item["namespace"]?.string ?? "/")
        assignment.condition = item["data"]?["condition"]?.string ?? ""
        assignment.isGroups = item["user"]?["type"]?.string == "Group" || item["group"] != nil
        return assignment
    }
}
