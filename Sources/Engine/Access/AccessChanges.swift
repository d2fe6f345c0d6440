/// What an IAM event of CloudTrail changes.
///
/// Calls that failed or only read change nothing, and neither does a call that is not in the table.
package struct AccessChanges {
    /// A document's text in the one form in which the same document always has the same text.
    package typealias Canonical = (String) -> String

    private let record: Document
    private let canonical: Canonical
    private let account: String
    private let entry: AccessState.Entry
    private var changes: [AccessState.Change] = []

    /// The changes of one record, in no particular order.
    package static func of(cloudTrail record: Document, canonical: @escaping Canonical) -> [AccessState
        .Change]
    {
        guard record["eventSource"]?.string == "iam.amazonaws.com", record["errorCode"]?.string == nil,
            let operation = record["eventName"]?.string, let time = record["eventTime"]?.string,
            let instant = Timestamp(iso8601: time), let uid = record["eventID"]?.string,
            let account = (record["recipientAccountId"] ?? record["userIdentity"]?["accountId"])?.string
        else { return [] }
        let identity = record["userIdentity"]
        let actor = (identity?["arn"] ?? identity?["principalId"] ?? identity?["type"])?.string ?? ""
        var changes = AccessChanges(
            record: record, canonical: canonical, account: account,
            entry: AccessState.Entry(time: instant, uid: uid, value: nil, actor: actor, operation: operation))
        changes.collect(operation)
        return changes.changes
    }

    private func parameter(_ name: String) -> String? { record["requestParameters"]?[name]?.string }
    private func response(_ path: String...) -> Document? {
        var value = record["responseElements"]
        for name in path { value = value?[name] }
        return value
    }

    private mutating func put(
        _ subject: String?, _ kind: AccessState.Kind, _ part: String? = "", _ value: String?
    ) {
        guard let subject, let part else { return }
        var entry = entry
        entry.value = value
        changes.append(AccessState.Change(AccessState.Key(account, subject, kind, part), entry))
    }

    /// The one that a call is about, whichever kind of principal it is.
    private var subject: String? {
        if let name = parameter("userName") { return "user/\(name)" }
        if let name = parameter("roleName") { return "role/\(name)" }
        return parameter("groupName").map { "group/\($0)" }
    }

    private func document(_ name: String = "policyDocument") -> String? {
        if let text = parameter(name) { return canonical(text) }
        return record["requestParameters"]?[name].flatMap { $0.map == nil ? nil : $0.plainJSON }
    }

    private mutating func collect(_ operation: String) {
        switch operation {
        case "CreateUser", "CreateRole", "CreateGroup", "CreateServiceLinkedRole": created()
        case "DeleteUser", "DeleteRole", "DeleteGroup":
            put(subject, .identity, "", nil)
            put(subject, .trust, "", nil)
        case "UpdateAssumeRolePolicy": put(subject, .trust, "", document())
        case "AddUserToGroup", "RemoveUserFromGroup":
            let user = parameter("userName").map { "user/\($0)" }
            put(user, .membership, parameter("groupName"), operation == "AddUserToGroup" ? "member" : nil)
        case "PutUserPolicy", "PutRolePolicy", "PutGroupPolicy":
            put(subject, .inline, parameter("policyName"), document())
        case "DeleteUserPolicy", "DeleteRolePolicy", "DeleteGroupPolicy":
            put(subject, .inline, parameter("policyName"), nil)
        case "AttachUserPolicy", "AttachRolePolicy", "AttachGroupPolicy":
            put(subject, .attachment, parameter("policyArn"), "attached")
        case "DetachUserPolicy", "DetachRolePolicy", "DetachGroupPolicy":
            put(subject, .attachment, parameter("policyArn"), nil)
        case "PutUserPermissionsBoundary", "PutRolePermissionsBoundary":
            put(subject, .boundary, "", parameter("permissionsBoundary"))
        case "DeleteUserPermissionsBoundary", "DeleteRolePermissionsBoundary":
            put(subject, .boundary, "", nil)
        case "CreatePolicy", "CreatePolicyVersion", "SetDefaultPolicyVersion", "DeletePolicyVersion",
            "DeletePolicy":
            policy(operation)
        default: credentials(operation)
        }
    }

    private mutating func created() {
        for (kind, field) in [("user", "userName"), ("role", "roleName"), ("group", "groupName")] {
            guard let name = (response(kind, field)?.string ?? parameter(field)) else { continue }
            let arn = response(kind, "arn")?.string ?? "arn:aws:iam::\(account):\(kind)/\(name)"
            put("\(kind)/\(name)", .identity, "", arn)
            if let boundary = parameter("permissionsBoundary") {
                put("\(kind)/\(name)", .boundary, "", boundary)
            }
            if kind == "role", let trust = document("assumeRolePolicyDocument") {
                put("\(kind)/\(name)", .trust, "", trust)
            }
            return
        }
    }

    private mutating func policy(_ operation: String) {
        let arn = parameter("policyArn") ?? response("policy", "arn")?.string
        switch operation {
        case "CreatePolicy":
            put(arn, .version, "v1", document())
            put(arn, .defaultVersion, "", "v1")
        case "CreatePolicyVersion":
            let version = response("policyVersion", "versionId")?.string
            put(arn, .version, version, document())
            let isDefault = record["requestParameters"]?["setAsDefault"]?.bool ?? false
            if isDefault || response("policyVersion", "isDefaultVersion")?.bool == true {
                put(arn, .defaultVersion, "", version)
            }
        case "SetDefaultPolicyVersion": put(arn, .defaultVersion, "", parameter("versionId"))
        case "DeletePolicyVersion": put(arn, .version, parameter("versionId"), nil)
        default: put(arn, .defaultVersion, "", nil)
        }
    }

    private mutating func credentials(_ operation: String) {
        // A user who makes a key for themselves is not named in the request.
        let own = record["userIdentity"]?["userName"]?.string.map { "user/\($0)" }
        let user = response("accessKey", "userName")?.string.map { "user/\($0)" } ?? subject ?? own
        switch operation {
        case "CreateAccessKey": put(user, .accessKey, response("accessKey", "accessKeyId")?.string, "Active")
        case "UpdateAccessKey": put(user, .accessKey, parameter("accessKeyId"), parameter("status"))
        case "DeleteAccessKey": put(user, .accessKey, parameter("accessKeyId"), nil)
        case "CreateLoginProfile", "UpdateLoginProfile": put(user, .password, "", "set")
        case "DeleteLoginProfile": put(user, .password, "", nil)
        case "EnableMFADevice": put(user, .mfa, parameter("serialNumber"), "enabled")
        case "DeactivateMFADevice": put(user, .mfa, parameter("serialNumber"), nil)
        default: break
        }
    }
}

// MARK: Snapshots

/// All that `get-account-authorization-details` lists, by key.
package struct AccessSnapshot {
    package var account: String
    package private(set) var facts: [AccessState.Key: String] = [:]
    private let canonical: AccessChanges.Canonical

    /// `nil` where the document is none.
    package init?(authorizationDetails document: Document, canonical: @escaping AccessChanges.Canonical) {
        let lists = [("UserDetailList", "user"), ("GroupDetailList", "group"), ("RoleDetailList", "role")]
        let items = lists.flatMap { list, kind in (document[list]?.list ?? []).map { (kind, $0) } }
        let policies = document["Policies"]?.list ?? []
        guard document["UserDetailList"] != nil || document["RoleDetailList"] != nil,
            let arn = items.lazy.compactMap({ $0.1["Arn"]?.string }).first,
            let account = RequestPrincipal(arn).account
        else { return nil }
        self.account = account
        self.canonical = canonical
        for (kind, item) in items { add(kind, item) }
        for policy in policies { add(policy: policy) }
    }

    /// Whether the snapshot would show the key if it were there.
    package static func covers(_ key: AccessState.Key) -> Bool {
        switch key.kind {
        case .identity, .membership, .attachment, .inline, .boundary, .trust: true
        // AWS lists neither keys, passwords nor devices here, and of AWS's own policies only those in use.
        case .version, .defaultVersion: !key.subject.contains(":aws:policy/")
        case .accessKey, .password, .mfa: false
        }
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
                put(subject, .inline, name, document.string.map(canonical) ?? document.plainJSON)
            }
        }
        if let boundary = item["PermissionsBoundary"]?["PermissionsBoundaryArn"]?.string {
            put(subject, .boundary, "", boundary)
        }
        if let trust = item["AssumeRolePolicyDocument"] {
            put(subject, .trust, "", trust.string.map(canonical) ?? trust.plainJSON)
        }
    }

    private mutating func add(policy: Document) {
        guard let arn = policy["Arn"]?.string else { return }
        if let version = policy["DefaultVersionId"]?.string { put(arn, .defaultVersion, "", version) }
        for version in policy["PolicyVersionList"]?.list ?? [] {
            guard let id = version["VersionId"]?.string, let document = version["Document"] else { continue }
            put(arn, .version, id, document.string.map(canonical) ?? document.plainJSON)
        }
    }
}

extension Document {
    /// The value as compact JSON, members in the order of their names: the same for the same value.
    package var plainJSON: String {
        switch value {
        case .null: "null"
        case .bool(let bool): bool ? "true" : "false"
        case .integer(let integer): String(integer)
        case .number: text ?? "0"
        case .string(let string): String(decoding: JSONText.quoted(string), as: UTF8.self)
        case .list(let list): "[\(list.map(\.plainJSON).joined(separator: ","))]"
        case .map(let entries):
            "{"
                + entries.sorted { $0.key < $1.key }.map { entry in
                    "\(String(decoding: JSONText.quoted(entry.key), as: UTF8.self)):\(entry.value.plainJSON)"
                }.joined(separator: ",") + "}"
        }
    }
}
