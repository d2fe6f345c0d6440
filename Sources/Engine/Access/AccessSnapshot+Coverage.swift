/// What a snapshot proves by what it lacks.
extension AccessSnapshot {
    /// A call without which a snapshot does not show a thing.
    struct Requirement: Hashable {
        var operation: String
        /// What it has to be asked about, as coverage names it; `nil` where that is many things.
        var subject: String?

        init(_ operation: String, about subject: String? = nil) {
            self.operation = operation
            self.subject = subject
        }
    }

    /// Whether this snapshot is whole in what the key is about: it would show it if it were there.
    func isWhole(in key: AccessState.Key) -> Bool {
        guard isAlone, shows(key) else { return false }
        return Self.isProved(key, by: service, isWhole: isWhole, lacking)
    }

    /// Whether the calls that tell of a key came whole.
    static func isProved(
        _ key: AccessState.Key, by service: Service, isWhole: Bool, _ lacking: [SnapshotLack]
    ) -> Bool {
        if isWhole { return true }
        if lacking.isEmpty { return false }
        return requirements(of: key, service).allSatisfy { requirement in
            lacking.allSatisfy { lack in
                if lack.operation != requirement.operation { return true }
                guard let subject = requirement.subject, !lack.subjects.isEmpty else { return false }
                return !lack.subjects.contains { names($0, subject) }
            }
        }
    }

    /// Whether coverage's name of a thing is the key's: a KMS key's ARN is the key that is known by its id.
    private static func names(_ told: String, _ subject: String) -> Bool {
        told == subject || subject.hasPrefix("kms/") && KeyGrant.subject(ofKey: told) == subject
    }

    /// Whether it would show a thing at all, were it there and every call answered.
    private func shows(_ key: AccessState.Key) -> Bool {
        switch service {
        case .iam: return Self.covers(key)
        case .organizations:
            return switch key.kind {
            case .guardrail: key.subject.hasPrefix("policy/p-")
            case .guardrailTarget, .placement: key.subject.hasPrefix("target/")
            default: false
            }
        case .identityCenter:
            guard Self.isOfIdentityCenter(key.subject) else { return false }
            return switch key.kind {
            case .identity, .membership, .inline, .attachment, .boundary: true
            case .assignment: AccessAssignment.isPermissionSet(key.part)
            default: false
            }
        case .kms:
            // Of keys that it lists: one that is gone had to be off for a week, and its grants with it.
            return key.kind == .sharing
                && facts[AccessState.Key(key.account, key.subject, .resourcePolicy)] != nil
        case .googleRoles:
            // One list has Google's own, another a project's or an organization's.
            return key.kind == .roleDefinition
        // Lists call many a resource otherwise than the logs do.
        case .googleBindings, .azureRoles: return false
        case .entraRoles:
            return EntraRoleItem.shows(key, isEligible: false) && source.list == "assignments"
        case .entraEligibilities: return EntraRoleItem.shows(key, isEligible: true)
        case .entraGroups, .oktaGroups:
            return key.kind == .membership && !key.part.hasSuffix(EntraRoleItem.untold)
        }
    }

    private static func requirements(of key: AccessState.Key, _ service: Service) -> [Requirement] {
        switch service {
        case .iam: [Requirement("iam:GetAccountAuthorizationDetails")]
        case .organizations: organizations(key)
        case .identityCenter: identityCenter(key)
        case .kms: [Requirement("kms:ListKeys"), Requirement("kms:ListGrants", about: key.subject)]
        default: []
        }
    }

    private static func organizations(_ key: AccessState.Key) -> [Requirement] {
        let (roots, policies) = (
            Requirement("organizations:ListRoots"), Requirement("organizations:ListPolicies")
        )
        switch key.kind {
        case .guardrail:
            let id = key.subject.split(separator: "/").last.map { String($0) }
            return [policies, Requirement("organizations:DescribePolicy", about: id)]
        case .guardrailTarget where key.part.hasPrefix("p-"):
            return [policies, Requirement("organizations:ListTargetsForPolicy", about: key.part)]
        case .guardrailTarget where key.part != "organization": return [roots]
        default:
            // An account's place is told by the units above it, and an account that moved is in one of those.
            let units = [roots, Requirement("organizations:ListOrganizationalUnitsForParent")]
            return key.subject.hasPrefix("target/ou-")
                ? units : units + [Requirement("organizations:ListAccountsForParent")]
        }
    }

    private static func identityCenter(_ key: AccessState.Key) -> [Requirement] {
        let instances = Requirement("sso:ListInstances")
        if AccessAssignment.isPermissionSet(key.subject) {
            let operation =
                switch key.kind {
                case .inline: "sso:GetInlinePolicyForPermissionSet"
                case .boundary: "sso:GetPermissionsBoundaryForPermissionSet"
                case .attachment:
                    key.part.hasPrefix(IdentityCenterItem.customerPrefix)
                        ? "sso:ListCustomerManagedPolicyReferencesInPermissionSet"
                        : "sso:ListManagedPoliciesInPermissionSet"
                default: "sso:DescribePermissionSet"
                }
            return [
                instances, Requirement("sso:ListPermissionSets"), Requirement(operation, about: key.subject),
            ]
        }
        switch key.kind {
        case .assignment:
            let set = key.part.split(separator: "@").first.map { String($0) } ?? ""
            let account = key.part.split(separator: "@").last ?? ""
            return [
                instances, Requirement("sso:ListPermissionSets"),
                Requirement("sso:ListAccountsForProvisionedPermissionSet", about: set),
                Requirement("sso:ListAccountAssignments", about: "\(set) in \(account)"),
            ]
        case .membership:
            return [
                instances, Requirement("identitystore:ListGroups"),
                Requirement("identitystore:ListGroupMemberships", about: key.part),
            ]
        default:
            return [
                instances,
                Requirement(
                    key.subject.hasPrefix("group/") ? "identitystore:ListGroups" : "identitystore:ListUsers"),
            ]
        }
    }
}
