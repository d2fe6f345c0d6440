/// Okta and GitHub.
extension AccessChanges {
    mutating func collectOkta() {
        // A group's members stand in a list.
        let user = event.member("user") ?? event.member("users")?.list?.first
        let person = user?["name"]?.string ?? user?["uid"]?.string
        let group = event.member("group")?["name"]?.string
        let entity = event.member("entity")
        let name = entity?["name"]?.string ?? entity?["uid"]?.string
        switch event.operation {
        case "user.account.privilege.grant", "group.privilege.grant":
            privileges(person ?? group.map { "group/\($0)" }, isGiven: true)
        case "user.account.privilege.revoke", "group.privilege.revoke":
            privileges(person ?? group.map { "group/\($0)" }, isGiven: false)
        case "group.user_membership.add": put(person, .membership, group, "member")
        case "group.user_membership.remove": put(person, .membership, group, nil)
        case "user.mfa.factor.reset_all": put(person, .mfa, "", nil)
        case "user.mfa.factor.deactivate": put(person, .mfa, parameter("factor") ?? "", nil)
        case "user.mfa.factor.activate": put(person, .mfa, parameter("factor") ?? "", "enabled")
        case "system.idp.lifecycle.create", "system.idp.lifecycle.update", "system.idp.lifecycle.activate":
            put(name.map { "idp/\($0)" }, .federation, "", event.uid)
        case "system.idp.lifecycle.delete", "system.idp.lifecycle.deactivate":
            put(name.map { "idp/\($0)" }, .federation, "", nil)
        case "policy.rule.deactivate", "policy.rule.delete", "policy.lifecycle.deactivate",
            "policy.lifecycle.delete":
            put(
                name.map { "policy/\($0)" }, .guardrailTarget,
                event.operation.hasPrefix("policy.rule") ? "rule" : "", nil)
        case "policy.rule.activate", "policy.rule.add", "policy.lifecycle.activate":
            put(
                name.map { "policy/\($0)" }, .guardrailTarget,
                event.operation.hasPrefix("policy.rule") ? "rule" : "", "active")
        case "system.api_token.create": put(event.actor, .accessKey, name ?? event.uid, "Active")
        case "system.api_token.revoke": put(event.actor, .accessKey, name ?? "", nil)
        case "user.lifecycle.create", "user.lifecycle.activate", "user.lifecycle.reactivate":
            put(person, .identity, "", person)
        case "group.lifecycle.create": put(group.map { "group/\($0)" }, .identity, "", group)
        case "group.lifecycle.delete": put(group.map { "group/\($0)" }, .identity, "", nil)
        case "user.lifecycle.deactivate", "user.lifecycle.delete.completed": put(person, .identity, "", nil)
        case "system.log_stream.lifecycle.deactivate", "system.log_stream.lifecycle.delete":
            put(name.map { "log stream/\($0)" }, .recording, "", nil)
        case "system.log_stream.lifecycle.create", "system.log_stream.lifecycle.activate":
            put(name.map { "log stream/\($0)" }, .recording, "", "on")
        default: break
        }
    }

    /// Okta tells several at once, with commas between.
    private mutating func privileges(_ who: String?, isGiven: Bool) {
        let text = parameter("privilegeGranted") ?? parameter("privilegeRevoked") ?? "privilege not told"
        for role in text.split(separator: ",") {
            let role = String(role.drop { $0 == " " })
            let value = AccessAssignment(principal: who ?? "", role: role, scope: "organization")
            put(who, .assignment, role, isGiven ? value.text : nil)
        }
    }

    static let githubOperations: Set<String> = [
        "business.add_admin", "business.remove_admin", "org.add_member", "org.remove_member",
        "org.update_member", "org.disable_saml", "org.enable_saml", "business.disable_oidc",
        "business.enable_oidc", "business.disable_saml", "business.enable_saml",
        "two_factor_authentication.disabled", "two_factor_authentication.enabled",
        "org.disable_two_factor_requirement", "org.enable_two_factor_requirement", "ip_allow_list.disable",
        "ip_allow_list.enable", "audit_log_streaming.destroy", "audit_log_streaming.create",
        "protected_branch.destroy", "protected_branch.create", "organization_role.assign",
        "organization_role.revoke",
    ]

    mutating func collectGitHub() {
        let person = event.member("user")?["name"]?.string
        let organization = event.member("entity")?["name"]?.string ?? event.account
        func role(_ name: String, _ isGiven: Bool) {
            let value = AccessAssignment(principal: person ?? "", role: name, scope: organization)
            put(person, .assignment, name, isGiven ? value.text : nil)
        }
        switch event.operation {
        case "business.add_admin": role("enterprise admin", true)
        case "business.remove_admin": role("enterprise admin", false)
        case "org.update_member":
            let after = event.member("resources")?.list?.first?["data"]?["after"]?.string
            role("organization owner", after == "admin")
        case "org.remove_member": role("organization owner", false)
        case "organization_role.assign": role("organization role", true)
        case "organization_role.revoke": role("organization role", false)
        case "two_factor_authentication.disabled": put(person, .mfa, "", nil)
        case "two_factor_authentication.enabled": put(person, .mfa, "", "enabled")
        case "org.disable_saml", "business.disable_saml", "business.disable_oidc":
            put("sign-on/\(organization)", .guardrailTarget, "", nil)
        case "org.enable_saml", "business.enable_saml", "business.enable_oidc":
            put("sign-on/\(organization)", .guardrailTarget, "", "enabled")
        case "org.disable_two_factor_requirement":
            put("two factors/\(organization)", .guardrailTarget, "", nil)
        case "org.enable_two_factor_requirement":
            put("two factors/\(organization)", .guardrailTarget, "", "required")
        case "ip_allow_list.disable": put("addresses/\(organization)", .guardrailTarget, "", nil)
        case "ip_allow_list.enable": put("addresses/\(organization)", .guardrailTarget, "", "enabled")
        case "audit_log_streaming.destroy": put("stream/\(organization)", .recording, "", nil)
        case "audit_log_streaming.create": put("stream/\(organization)", .recording, "", "on")
        case "protected_branch.destroy", "protected_branch.create":
            put(
                "branch/\(organization)", .guardrailTarget, "",
                event.operation.hasSuffix("create") ? "protected" : nil)
        default: break
        }
    }
}
