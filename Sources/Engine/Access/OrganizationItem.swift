/// A unit, an account, a policy of an organization, or where one is attached, as AWS Organizations lists it.
struct OrganizationItem {
    private static let policyTypes = ["SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"]

    private let kind: String
    /// The organization's own account: the changes are told there as well.
    private let account: String
    private let id: String
    private let details: Document

    /// Out of an event of `aws.organizations`; `nil` for what says nothing of access.
    init?(event: Document) {
        guard let kind = event["metadata"]?["event_code"]?.string,
            let subject = event["resources"]?.list?.first, let id = subject["uid_alt"]?.string,
            // Not the account that asked, which may be a delegated administrator's.
            let account = subject["owner"]?["account"]?["uid"]?.string, let details = subject["data"]
        else { return nil }
        self.kind = kind
        self.account = account
        self.id = id
        self.details = details
    }

    func facts(_ texts: PolicyTexts) -> [AccessState.Key: String] {
        var facts: [AccessState.Key: String] = [:]
        func put(_ subject: String, _ kind: AccessState.Kind, _ part: String, _ value: String?) {
            facts[AccessState.Key(account, subject, kind, part)] = value
        }
        switch kind {
        case "organizational_unit": put("target/\(id)", .placement, "", details["ParentId"]?.string)
        case "account":
            put("target/\(id)", .placement, "", details["ParentId"]?.string)
            put("target/\(id)", .guardrailTarget, "organization", "member")
        case "root":
            put("organization", .guardrailTarget, "management", "member")
            put("target/\(id)", .guardrailTarget, "root", "root")
            for type in details["PolicyTypes"]?.list ?? [] where type["Status"]?.string == "ENABLED" {
                guard let name = type["Type"]?.string, Self.policyTypes.contains(name) else { continue }
                put("target/\(id)", .guardrailTarget, name, "enabled")
            }
        case "policy":
            // What AWS attaches by itself is the same everywhere, and allows everything.
            guard details["AwsManaged"]?.bool != true, let type = details["Type"]?.string,
                Self.policyTypes.contains(type), let content = details["Content"]
            else { break }
            put("policy/\(id)", .guardrail, "", content.string.map(texts.canonical) ?? content.plainJSON)
        case "policy_target":
            guard let policy = details["PolicyId"]?.string else { break }
            put("target/\(id)", .guardrailTarget, policy, "attached")
        default: break
        }
        return facts
    }
}
