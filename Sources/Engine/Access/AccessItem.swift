/// A user, group, role or managed policy as IAM describes it.
struct AccessItem {
    /// `user`, `group`, `role` or `policy`.
    var kind: String
    var account: String
    var name: String
    var arn: String
    var groups: [String] = []
    /// Which version of a policy counts.
    var version: String?
    /// The rest of it, under IAM's own names.
    var details: Document

    /// Out of an answer of `get-account-authorization-details`; `nil` where nothing names it.
    init?(_ kind: String, _ item: Document, of account: String) {
        let field =
            kind == "user" ? "UserName" : kind == "role" ? "RoleName" : kind == "group" ? "GroupName" : "Arn"
        guard let name = item[field]?.string else { return nil }
        self.kind = kind
        self.account = account
        self.name = name
        arn = item["Arn"]?.string ?? ""
        groups = (item["GroupList"]?.list ?? []).compactMap(\.string)
        version = item["DefaultVersionId"]?.string
        details = item
    }

    /// Out of an event of `aws.iam`; `nil` for what is none of the four.
    init?(event: Document) {
        guard let kind = event["metadata"]?["event_code"]?.string,
            ["user", "group", "role", "policy"].contains(kind),
            let account = event["cloud"]?["account"]?["uid"]?.string
        else { return nil }
        let subject = kind == "user" ? event["user"] : event["resources"]?.list?.first
        guard let subject, let name = subject["name"]?.string, let arn = subject["uid"]?.string,
            let details = kind == "user" ? event["unmapped"] : subject["data"]
        else { return nil }
        self.kind = kind
        self.account = account
        self.name = name
        self.arn = arn
        groups = (subject["groups"]?.list ?? []).compactMap { $0["name"]?.string }
        version = subject["version"]?.string
        self.details = details
    }

    func facts(_ texts: PolicyTexts) -> [AccessState.Key: String] {
        kind == "policy" ? policyFacts(texts) : holderFacts(texts)
    }

    private func holderFacts(_ texts: PolicyTexts) -> [AccessState.Key: String] {
        var facts: [AccessState.Key: String] = [:]
        func put(_ kind: AccessState.Kind, _ part: String, _ value: String) {
            facts[AccessState.Key(account, "\(self.kind)/\(name)", kind, part)] = value
        }
        func text(_ document: Document) -> String {
            document.string.map(texts.canonical) ?? document.plainJSON
        }
        put(.identity, "", arn)
        for group in groups { put(.membership, group, "member") }
        for policy in details["AttachedManagedPolicies"]?.list ?? [] {
            if let arn = policy["PolicyArn"]?.string { put(.attachment, arn, "attached") }
        }
        for list in ["UserPolicyList", "RolePolicyList", "GroupPolicyList"] {
            for policy in details[list]?.list ?? [] {
                guard let name = policy["PolicyName"]?.string, let document = policy["PolicyDocument"] else {
                    continue
                }
                put(.inline, name, text(document))
            }
        }
        if let boundary = details["PermissionsBoundary"]?["PermissionsBoundaryArn"]?.string {
            put(.boundary, "", boundary)
        }
        if let trust = details["AssumeRolePolicyDocument"] { put(.trust, "", text(trust)) }
        return facts
    }

    private func policyFacts(_ texts: PolicyTexts) -> [AccessState.Key: String] {
        var facts: [AccessState.Key: String] = [:]
        if let version { facts[AccessState.Key(account, arn, .defaultVersion)] = version }
        for version in details["PolicyVersionList"]?.list ?? [] {
            guard let id = version["VersionId"]?.string, let document = version["Document"] else { continue }
            facts[AccessState.Key(account, arn, .version, id)] =
                document.string.map(texts.canonical) ?? document.plainJSON
        }
        return facts
    }
}
