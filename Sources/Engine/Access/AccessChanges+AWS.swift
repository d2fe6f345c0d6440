/// Organizations, and what resources say themselves.
extension AccessChanges {
    mutating func collectOrganizations() {
        let policy = parameter("policyId")
        switch event.operation {
        case "CreatePolicy", "UpdatePolicy":
            let id = policy ?? response("policy", "policySummary", "id")?.string
            let kind = parameter("type") ?? response("policy", "policySummary", "type")?.string
            // Of other types (tags, backups) nothing is access.
            if let kind, !["SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"].contains(kind) { return }
            guard let content = document("content") ?? document(response("policy", "content")) else { return }
            put(id.map { "policy/\($0)" }, .guardrail, "", content)
        case "DeletePolicy": put(policy.map { "policy/\($0)" }, .guardrail, "", nil)
        case "AttachPolicy": put(target, .guardrailTarget, policy, "attached")
        case "DetachPolicy": put(target, .guardrailTarget, policy, nil)
        case "DisablePolicyType": put(rootID, .guardrailTarget, parameter("policyType"), nil)
        case "EnablePolicyType": put(rootID, .guardrailTarget, parameter("policyType"), "enabled")
        case "LeaveOrganization", "RemoveAccountFromOrganization":
            put("target/\(parameter("accountId") ?? event.account)", .guardrailTarget, "organization", nil)
            put("target/\(parameter("accountId") ?? event.account)", .placement, "", nil)
        case "MoveAccount":
            put(
                parameter("accountId").map { "target/\($0)" }, .placement, "",
                parameter("destinationParentId"))
        case "CreateOrganizationalUnit":
            let unit = response("organizationalUnit", "id")?.string
            put(unit.map { "target/\($0)" }, .placement, "", parameter("parentId"))
        case "DeleteOrganizationalUnit":
            put(parameter("organizationalUnitId").map { "target/\($0)" }, .placement, "", nil)
        case "InviteAccountToOrganization", "AcceptHandshake":
            put(
                "target/\(parameter("accountId") ?? event.account)", .guardrailTarget, "organization",
                "member")
        case "RegisterDelegatedAdministrator":
            put(
                parameter("accountId").map { "account/\($0)" }, .assignment, parameter("servicePrincipal"),
                AccessAssignment(
                    principal: "account/\(parameter("accountId") ?? "")", role: "delegated administrator",
                    scope: parameter("servicePrincipal") ?? ""
                ).text)
        case "DeregisterDelegatedAdministrator":
            put(
                parameter("accountId").map { "account/\($0)" }, .assignment, parameter("servicePrincipal"),
                nil)
        default: break
        }
    }

    private var target: String? { parameter("targetId").map { "target/\($0)" } }
    private var rootID: String? { parameter("rootId").map { "target/\($0)" } }

    /// Calls of other services that say who may use a resource.
    static let resourceOperations: Set<String> = [
        "PutBucketPolicy", "DeleteBucketPolicy", "PutBucketPublicAccessBlock",
        "DeleteBucketPublicAccessBlock", "PutAccountPublicAccessBlock", "DeleteAccountPublicAccessBlock",
        "PutPublicAccessBlock", "DeletePublicAccessBlock", "DeleteBucket", "PutBucketAcl", "CreateKey",
        "PutKeyPolicy",
        "CreateGrant", "RevokeGrant", "RetireGrant", "PutResourcePolicy", "DeleteResourcePolicy",
        "SetRepositoryPolicy", "DeleteRepositoryPolicy", "AddPermission20150331v2", "AddPermission20150331",
        "RemovePermission20150331v2", "RemovePermission20150331", "SetQueueAttributes",
        "SetTopicAttributes", "ModifySnapshotAttribute", "ModifyImageAttribute", "ModifyDBSnapshotAttribute",
        "ModifyDBClusterSnapshotAttribute", "ResetSnapshotAttribute", "ResetImageAttribute",
    ]

    mutating func collectResources() {
        let bucket = parameter("bucketName").map { "s3/\($0)" }
        switch event.operation {
        case "PutBucketPolicy":
            put(bucket, .resourcePolicy, "", document("bucketPolicy") ?? document("policy"))
        case "DeleteBucketPolicy": put(bucket, .resourcePolicy, "", nil)
        case "PutBucketPublicAccessBlock", "PutPublicAccessBlock", "PutAccountPublicAccessBlock":
            put(bucket ?? "s3/account \(event.account)", .publicAccessBlock, "", block)
        case "DeleteBucketPublicAccessBlock", "DeletePublicAccessBlock", "DeleteAccountPublicAccessBlock":
            put(bucket ?? "s3/account \(event.account)", .publicAccessBlock, "", nil)
        case "DeleteBucket":
            put(bucket, .identity, "", nil)
        case "PutBucketAcl": accessList(bucket)
        case "CreateKey", "PutKeyPolicy", "CreateGrant", "RevokeGrant", "RetireGrant": key()
        case "PutResourcePolicy":
            put(named, .resourcePolicy, "", document("resourcePolicy") ?? document("policy"))
        case "DeleteResourcePolicy": put(named, .resourcePolicy, "", nil)
        case "SetRepositoryPolicy":
            put(parameter("repositoryName").map { "ecr/\($0)" }, .resourcePolicy, "", document("policyText"))
        case "DeleteRepositoryPolicy":
            put(parameter("repositoryName").map { "ecr/\($0)" }, .resourcePolicy, "", nil)
        case "AddPermission20150331v2", "AddPermission20150331":
            put(function, .sharing, parameter("statementId"), parameter("principal"))
        case "RemovePermission20150331v2", "RemovePermission20150331":
            put(function, .sharing, parameter("statementId"), nil)
        case "SetQueueAttributes":
            guard let policy = parameter(["attributes", "Policy"]) else { return }
            put(parameter("queueUrl").map { "sqs/\($0)" }, .resourcePolicy, "", document(policy))
        case "SetTopicAttributes":
            guard parameter("attributeName") == "Policy" else { return }
            put(parameter("topicArn").map { "sns/\($0)" }, .resourcePolicy, "", document("attributeValue"))
        default: shared()
        }
    }

    /// Keys of KMS: their policies, and what is granted on them.
    private mutating func key() {
        guard event.service == "kms.amazonaws.com" else { return }
        // Whoever retires a grant by its token names neither the key nor the grant.
        let id =
            parameter("keyId") ?? response("keyMetadata", "keyId")?.string ?? response("keyId")?.string
            ?? event.resource
        let subject = id.map { KeyGrant.subject(ofKey: $0) }
        switch event.operation {
        case "CreateKey":
            // A key that is made without a policy gets one by which its account's policies decide.
            put(subject, .resourcePolicy, "", document("policy") ?? ownPolicy)
        case "PutKeyPolicy": put(subject, .resourcePolicy, "", document("policy"))
        case "CreateGrant":
            let grant = event.request.flatMap { KeyGrant($0) }
            put(subject, .sharing, response("grantId")?.string ?? event.uid, grant?.text)
        default:
            let grant =
                parameter("grantId") ?? response("grantId")?.string ?? event.additional?["grantId"]?.string
            put(subject, .sharing, grant, nil)
        }
    }

    private var ownPolicy: String {
        texts.canonical(
            "{\"Version\":\"2012-10-17\",\"Id\":\"key-default-1\",\"Statement\":[{\"Sid\":\"Enable IAM User "
                + "Permissions\",\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::\(event.account):root\"},"
                + "\"Action\":\"kms:*\",\"Resource\":\"*\"}]}")
    }

    private var function: String? {
        parameter("functionName").map { "lambda/\($0.split(separator: ":").last ?? "")" }
    }

    /// A secret, a table, a stream: by whichever name the call has.
    private var named: String? {
        let service = event.service.prefix { $0 != "." }
        for name in ["secretId", "resourceArn", "resourceARN", "functionArn", "domainName"] {
            if let value = parameter(name) { return "\(service)/\(value)" }
        }
        return nil
    }

    /// The switches that are off, by name; `on` where none is.
    private var block: String {
        let given = parameter(["PublicAccessBlockConfiguration"])
        let names = ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"]
        func isOn(_ name: String) -> Bool? { given?[name].flatMap { $0.bool ?? ($0.string == "true") } }
        // A record does not show what is false.
        let off = names.filter { isOn($0) == false }
        return off.isEmpty ? "on" : "off: \(off.joined(separator: ", "))"
    }

    private mutating func accessList(_ bucket: String?) {
        let open = ["public-read", "public-read-write", "authenticated-read"]
        var lists: [String] = []
        for item in [event.request?["x-amz-acl"]].compactMap(\.self) {
            lists += item.list?.compactMap(\.string) ?? [item.string].compactMap(\.self)
        }
        let text = parameter(["AccessControlPolicy"])?.plainJSON ?? ""
        let isOpen =
            lists.contains { open.contains($0) } || text.contains("/global/AllUsers")
            || text.contains("/global/AuthenticatedUsers")
        put(bucket, .sharing, "access list", isOpen ? "all" : nil)
    }

    /// Snapshots and images that are given to other accounts.
    private mutating func shared() {
        let names = ["snapshotId", "imageId", "dBSnapshotIdentifier", "dBClusterSnapshotIdentifier"]
        guard let name = names.compactMap({ parameter($0) }).first else { return }
        let subject = "\(event.service.prefix { $0 != "." })/\(name)"
        for list in ["createVolumePermission", "launchPermission"] {
            for (change, isAdded) in [("add", true), ("remove", false)] {
                for item in parameter([list, change, "items"])?.list ?? [] {
                    let who = item["group"]?.string ?? item["userId"]?.string
                    put(subject, .sharing, who, isAdded ? who : nil)
                }
            }
        }
        for (list, isAdded) in [("valuesToAdd", true), ("valuesToRemove", false)] {
            for item in parameter([list])?.list ?? [] {
                put(subject, .sharing, item.string, isAdded ? item.string : nil)
            }
        }
    }

    /// What is no longer recorded.
    mutating func collectTrails() {
        let name = parameter("name") ?? parameter("trailName")
        let trail = name.map { "trail/\($0.split(separator: "/").last ?? "")" }
        switch event.operation {
        case "CreateTrail", "StartLogging": put(trail, .recording, "", "on")
        case "StopLogging", "DeleteTrail": put(trail, .recording, "", nil)
        case "PutEventSelectors":
            let isWhole = (parameter(["eventSelectors"])?.list ?? []).contains {
                $0["includeManagementEvents"]?.bool != false && $0["readWriteType"]?.string ?? "All" == "All"
            }
            // Advanced selectors say too much to be judged here.
            guard parameter(["eventSelectors"]) != nil else { return }
            put(trail, .recording, "management events", isWhole ? "on" : nil)
        case "StopConfigurationRecorder", "DeleteConfigurationRecorder":
            put(parameter("configurationRecorderName").map { "recorder/\($0)" }, .recording, "", nil)
        case "StartConfigurationRecorder":
            put(parameter("configurationRecorderName").map { "recorder/\($0)" }, .recording, "", "on")
        case "DeleteDetector", "DisassociateFromMasterAccount":
            put(parameter("detectorId").map { "detector/\($0)" }, .recording, "", nil)
        case "CreateDetector":
            put(response("detectorId").flatMap(\.string).map { "detector/\($0)" }, .recording, "", "on")
        case "UpdateDetector":
            guard let isOn = parameter(["enable"])?.bool else { return }
            put(parameter("detectorId").map { "detector/\($0)" }, .recording, "", isOn ? "on" : nil)
        default: break
        }
    }
}
