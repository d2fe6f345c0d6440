/// IAM Identity Center: permission sets, who is assigned them in which account, and its directory.
extension AccessChanges {
    mutating func collectIdentityCenter() {
        switch event.operation {
        case "CreateAccountAssignment", "DeleteAccountAssignment": assignment()
        case "UpdateSsoConfiguration", "AssociateDirectory", "DisassociateDirectory":
            put("identity-center", .federation, "", event.uid)
        case "CreatePermissionSet", "UpdatePermissionSet", "DeletePermissionSet",
            "PutInlinePolicyToPermissionSet", "DeleteInlinePolicyFromPermissionSet",
            "AttachManagedPolicyToPermissionSet", "DetachManagedPolicyFromPermissionSet",
            "AttachCustomerManagedPolicyReferenceToPermissionSet",
            "DetachCustomerManagedPolicyReferenceFromPermissionSet",
            "PutPermissionsBoundaryToPermissionSet", "DeletePermissionsBoundaryFromPermissionSet":
            permissionSet()
        default: directory()
        }
    }

    private mutating func assignment() {
        let set = parameter("permissionSetArn")
        let kind = parameter("principalType")?.lowercased() ?? "user"
        let principal = parameter("principalId").map { "\(kind)/\($0)" }
        let target = parameter("targetId") ?? ""
        let value = AccessAssignment(
            principal: principal ?? "", role: set ?? "permission set not told", scope: target)
        put(
            principal, .assignment, "\(set ?? "?")@\(target)",
            event.operation.hasPrefix("Create") ? value.text : nil)
    }

    private mutating func permissionSet() {
        let set = parameter("permissionSetArn")
        switch event.operation {
        case "CreatePermissionSet":
            let made = response("permissionSet", "permissionSetArn")?.string
            put(made, .identity, "", response("permissionSet", "name")?.string ?? parameter("name") ?? made)
        case "DeletePermissionSet": put(set, .identity, "", nil)
        case "PutInlinePolicyToPermissionSet": put(set, .inline, "inline", document("inlinePolicy"))
        case "DeleteInlinePolicyFromPermissionSet": put(set, .inline, "inline", nil)
        case "AttachManagedPolicyToPermissionSet":
            put(set, .attachment, parameter("managedPolicyArn"), "attached")
        case "DetachManagedPolicyFromPermissionSet":
            put(set, .attachment, parameter("managedPolicyArn"), nil)
        case "AttachCustomerManagedPolicyReferenceToPermissionSet":
            put(set, .attachment, reference, "attached")
        case "DetachCustomerManagedPolicyReferenceFromPermissionSet":
            put(set, .attachment, reference, nil)
        case "PutPermissionsBoundaryToPermissionSet":
            let boundary = parameter(["permissionsBoundary"])
            put(set, .boundary, "", boundary.flatMap { IdentityCenterItem.boundary($0) ?? $0.plainJSON })
        case "DeletePermissionsBoundaryFromPermissionSet": put(set, .boundary, "", nil)
        default: break
        }
    }

    private var reference: String? {
        IdentityCenterItem.customer(parameter(["customerManagedPolicyReference"]))
    }

    // MARK: The directory

    private mutating func directory() {
        let member = parameter(["memberId", "userId"])?.string ?? parameter("memberId")
        switch event.operation {
        case "CreateUser":
            let id = response("user", "userId")?.string ?? response("userId")?.string
            put(id.map { "user/\($0)" }, .identity, "", shown(parameter("userName")) ?? id)
        case "DeleteUser": put(parameter("userId").map { "user/\($0)" }, .identity, "", nil)
        case "CreateGroup":
            let id = response("group", "groupId")?.string ?? response("groupId")?.string
            put(id.map { "group/\($0)" }, .identity, "", shown(parameter("displayName")) ?? id)
        case "DeleteGroup": put(parameter("groupId").map { "group/\($0)" }, .identity, "", nil)
        case "CreateGroupMembership", "AddMemberToGroup":
            put(member.map { "user/\($0)" }, .membership, parameter("groupId"), "member")
        case "DeleteGroupMembership", "RemoveMemberFromGroup":
            guard let member, let group = parameter("groupId") else { return unnamed() }
            put("user/\(member)", .membership, group, nil)
        case "PatchGroup", "PutGroup": unnamed()
        default: break
        }
    }

    /// Somebody's membership changed, and the call does not say whose: the next snapshot shows it.
    private mutating func unnamed() {
        put(IdentityCenterItem.unnamed, .membership, event.uid, nil)
    }

    /// AWS hides names of people in its records.
    private func shown(_ name: String?) -> String? {
        name.flatMap { $0.hasPrefix("HIDDEN_DUE_TO") || $0.hasPrefix("***") ? nil : $0 }
    }
}
