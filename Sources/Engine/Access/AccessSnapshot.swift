/// All that `get-account-authorization-details` lists, by key.
package struct AccessSnapshot {
    package var account: String
    package private(set) var facts: [AccessState.Key: String] = [:]
    private let texts: PolicyTexts

    /// `nil` where the document is none.
    package init?(authorizationDetails document: Document, _ texts: PolicyTexts) {
        let lists = [("UserDetailList", "user"), ("GroupDetailList", "group"), ("RoleDetailList", "role")]
        let items = lists.flatMap { list, kind in (document[list]?.list ?? []).map { (kind, $0) } }
        let policies = document["Policies"]?.list ?? []
        guard document["UserDetailList"] != nil || document["RoleDetailList"] != nil,
            let arn = items.lazy.compactMap({ $0.1["Arn"]?.string }).first,
            let account = RequestPrincipal(arn).account
        else { return nil }
        self.account = account
        self.texts = texts
        for (kind, item) in items { add(kind, item) }
        for policy in policies { add(policy: policy) }
    }

    /// Whether the snapshot would show the key if it were there.
    package static func covers(_ key: AccessState.Key) -> Bool {
        switch key.kind {
        case .identity, .membership, .attachment, .inline, .boundary, .trust: true
        // Of AWS's own policies it lists only those in use, and neither keys, passwords nor devices at all.
        case .version, .defaultVersion: !key.subject.contains(":aws:policy/")
        default: false
        }
    }

    /// What it shows as of a time that the changes before it did not tell.
    package func differences(from state: AccessState, at time: Timestamp, uid: String) -> [AccessState.Change]
    {
        state.differences(of: facts, of: account, at: time, uid: uid, covering: Self.covers)
    }

    private mutating func put(_ subject: String, _ kind: AccessState.Kind, _ part: String, _ value: String) {
        facts[AccessState.Key(account, subject, kind, part)] = value
    }

    private mutating func add(_ kind: String, _ item: Document) {
        let field = kind == "user" ? "UserName" : kind == "role" ? "RoleName" : "GroupName"
        guard let name = item[field]?.string else { return }
        let subject = "\(kind)/\(name)"
        put(subject, .identity, "", item["Arn"]?.string ?? "")
        for group in item["GroupList"]?.list ?? [] {
            if let group = group.string { put(subject, .membership, group, "member") }
        }
        for policy in item["AttachedManagedPolicies"]?.list ?? [] {
            if let arn = policy["PolicyArn"]?.string { put(subject, .attachment, arn, "attached") }
        }
        for list in ["UserPolicyList", "RolePolicyList", "GroupPolicyList"] {
            for policy in item[list]?.list ?? [] {
                guard let name = policy["PolicyName"]?.string, let document = policy["PolicyDocument"] else {
                    continue
                }
                put(subject, .inline, name, document.string.map(texts.canonical) ?? document.plainJSON)
            }
        }
        if let boundary = item["PermissionsBoundary"]?["PermissionsBoundaryArn"]?.string {
            put(subject, .boundary, "", boundary)
        }
        if let trust = item["AssumeRolePolicyDocument"] {
            put(subject, .trust, "", trust.string.map(texts.canonical) ?? trust.plainJSON)
        }
    }

    private mutating func add(policy: Document) {
        guard let arn = policy["Arn"]?.string else { return }
        if let version = policy["DefaultVersionId"]?.string { put(arn, .defaultVersion, "", version) }
        for version in policy["PolicyVersionList"]?.list ?? [] {
            guard let id = version["VersionId"]?.string, let document = version["Document"] else { continue }
            put(arn, .version, id, document.string.map(texts.canonical) ?? document.plainJSON)
        }
    }
}
