/// Identities of an AWS account.
extension AccessChanges {
    /// The one that a call is about, whichever kind of principal it is.
    private var subject: String? {
        if let name = parameter("userName") { return "user/\(name)" }
        if let name = parameter("roleName") { return "role/\(name)" }
        return parameter("groupName").map { "group/\($0)" }
    }

    mutating func collectIAM() {
        let operation = event.operation
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
            let arn = response(kind, "arn")?.string ?? "arn:aws:iam::\(event.account):\(kind)/\(name)"
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
        var arn = parameter("policyArn") ?? response("policy", "arn")?.string
        switch operation {
        case "CreatePolicy":
            if arn == nil, let name = parameter("policyName") {
                let path = parameter("path") ?? "/"
                arn = "arn:aws:iam::\(event.account):policy\(path.hasSuffix("/") ? path : path + "/")\(name)"
            }
            put(arn, .version, "v1", document())
            put(arn, .defaultVersion, "", "v1")
        case "CreatePolicyVersion":
            // A record that does not tell the version's number: one of its own, by its event.
            let version = response("policyVersion", "versionId")?.string ?? "of \(event.uid)"
            put(arn, .version, version, document())
            let isDefault = event.request?["setAsDefault"]?.bool ?? false
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
        let own = RequestPrincipal(event.actor).userName.map { "user/\($0)" }
        let user = response("accessKey", "userName")?.string.map { "user/\($0)" } ?? subject ?? own
        switch operation {
        case "CreateAccessKey":
            put(user, .accessKey, response("accessKey", "accessKeyId")?.string ?? "of \(event.uid)", "Active")
        case "UpdateAccessKey": put(user, .accessKey, parameter("accessKeyId"), parameter("status"))
        case "DeleteAccessKey": put(user, .accessKey, parameter("accessKeyId"), nil)
        case "CreateLoginProfile", "UpdateLoginProfile": put(user, .password, "", "set")
        case "DeleteLoginProfile": put(user, .password, "", nil)
        case "EnableMFADevice": put(user, .mfa, parameter("serialNumber"), "enabled")
        case "DeactivateMFADevice": put(user, .mfa, parameter("serialNumber"), nil)
        case "CreateSAMLProvider":
            put(
                response("sAMLProviderArn")?.string ?? response("samlProviderArn")?.string
                    ?? parameter("name").map { "arn:aws:iam::\(event.account):saml-provider/\($0)" },
                .federation, "", signature("sAMLMetadataDocument", "samlMetadataDocument"))
        case "UpdateSAMLProvider":
            put(
                parameter("sAMLProviderArn") ?? parameter("samlProviderArn"), .federation, "",
                signature("sAMLMetadataDocument", "samlMetadataDocument"))
        case "DeleteSAMLProvider":
            put(parameter("sAMLProviderArn") ?? parameter("samlProviderArn"), .federation, "", nil)
        case "CreateOpenIDConnectProvider":
            put(
                response("openIDConnectProviderArn")?.string
                    ?? parameter("url").map { "arn:aws:iam::\(event.account):oidc-provider/\($0)" },
                .federation, "", event.request?.plainJSON ?? "created")
        case "AddClientIDToOpenIDConnectProvider":
            put(parameter("openIDConnectProviderArn"), .federation, parameter("clientID") ?? "", "client")
        case "RemoveClientIDFromOpenIDConnectProvider":
            put(parameter("openIDConnectProviderArn"), .federation, parameter("clientID") ?? "", nil)
        case "UpdateOpenIDConnectProviderThumbprint":
            put(
                parameter("openIDConnectProviderArn"), .federation, "thumbprints",
                parameter(["thumbprintList"])?.plainJSON ?? "changed")
        case "DeleteOpenIDConnectProvider":
            put(parameter("openIDConnectProviderArn"), .federation, "", nil)
        default: break
        }
    }

    /// What a text too long to keep is told apart by.
    private func signature(_ names: String...) -> String {
        for name in names {
            if let text = parameter(name) { return StableDigest.identifier(of: [text]) }
        }
        return event.uid
    }
}
