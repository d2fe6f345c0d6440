/// A permission set, an assignment of one, a user, a group or a membership, as IAM Identity Center lists them.
struct IdentityCenterItem {
    /// Whose memberships calls change that name nobody.
    static let unnamed = "directory/memberships"

    private let kind: String
    /// The account that has Identity Center, not the one that access is given to.
    private let account: String
    private let event: Document
    private let subject: Document

    /// Out of an event of `aws.identity_center`; `nil` for what says nothing of access.
    init?(event: Document) {
        let metadata = event["metadata"]
        guard let kind = metadata?["event_code"]?.string,
            // An assignment's own account is the one that it is for: who was asked stands in the snapshot's id.
            let account = metadata?["correlation_uid"]?.string?.split(separator: "/").first,
            let subject = kind == "user" ? event["user"] : event["resources"]?.list?.first
        else { return nil }
        self.kind = kind
        self.account = String(account)
        self.event = event
        self.subject = subject
    }

    func facts(_ texts: PolicyTexts) -> [AccessState.Key: String] {
        var facts: [AccessState.Key: String] = [:]
        func put(_ subject: String, _ kind: AccessState.Kind, _ part: String, _ value: String?) {
            facts[AccessState.Key(account, subject, kind, part)] = value
        }
        guard let id = subject["uid"]?.string else { return [:] }
        let details = subject["data"]
        switch kind {
        case "user":
            put("user/\(id)", .identity, "", subject["name"]?.string ?? subject["email_addr"]?.string ?? id)
        case "group": put("group/\(id)", .identity, "", subject["name"]?.string ?? id)
        case "group_membership":
            guard let group = details?["GroupId"]?.string,
                let member = details?["MemberId"]?["UserId"]?.string
            else { break }
            put("user/\(member)", .membership, group, "member")
        case "account_assignment":
            guard let principal = details?["PrincipalId"]?.string,
                let target = subject["owner"]?["account"]?["uid"]?.string
            else { break }
            let holder = "\(details?["PrincipalType"]?.string?.lowercased() ?? "user")/\(principal)"
            put(
                holder, .assignment, "\(id)@\(target)",
                AccessAssignment(principal: holder, role: id, scope: target).text)
        case "permission_set":
            // Where nobody may ask for its name it still has one.
            put(id, .identity, "", subject["name"]?.string)
            if let policy = details?["InlinePolicy"] {
                put(id, .inline, "inline", policy.string.map(texts.canonical) ?? policy.plainJSON)
            }
            for policy in details?["ManagedPolicies"]?.list ?? [] {
                if let arn = policy["Arn"]?.string { put(id, .attachment, arn, "attached") }
            }
            for policy in details?["CustomerManagedPolicyReferences"]?.list ?? [] {
                if let name = Self.customer(policy) { put(id, .attachment, name, "attached") }
            }
            if let boundary = details?["PermissionsBoundary"] {
                put(id, .boundary, "", Self.boundary(boundary))
            }
        default: break
        }
        return facts
    }

    /// A policy that each account has its own of, by path and name: `customer:/teams/extra`.
    static func customer(_ reference: Document?) -> String? {
        guard let reference, let name = reference.member("name")?.string else { return nil }
        let path = reference.member("path")?.string ?? "/"
        return "\(customerPrefix)\(path.hasSuffix("/") ? path : path + "/")\(name)"
    }

    static let customerPrefix = "customer:"

    /// What limits a permission set: a policy's ARN, or one of the accounts' own.
    static func boundary(_ document: Document) -> String? {
        document.member("managedPolicyArn")?.string
            ?? customer(document.member("customerManagedPolicyReference"))
    }
}
