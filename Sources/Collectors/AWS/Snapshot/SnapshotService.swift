import Engine

/// What a snapshot can be taken of.
package enum SnapshotService: String, CaseIterable, Hashable, Sendable {
    case iam
    case lastAccessed = "last_accessed"
    case identityCenter = "identity_center"
    case organizations, kms, acm
    case directoryService = "directory_service"
    case accessAnalyzer = "access_analyzer"
    case team

    /// The feed of its items.
    var feed: String { self == .lastAccessed ? "aws.iam" : "aws.\(rawValue)" }

    /// Whether each region has its own.
    var isRegional: Bool {
        switch self {
        case .iam, .lastAccessed, .organizations: false
        case .identityCenter, .kms, .acm, .directoryService, .accessAnalyzer, .team: true
        }
    }

    /// What a policy must allow for all of it.
    package var permissions: [String] {
        switch self {
        case .iam:
            [
                "iam:GetAccountAuthorizationDetails", "iam:GenerateCredentialReport",
                "iam:GetCredentialReport", "iam:ListAccessKeys", "iam:GetAccessKeyLastUsed",
            ]
        case .lastAccessed:
            [
                "iam:ListUsers", "iam:ListRoles", "iam:ListGroups", "iam:GenerateServiceLastAccessedDetails",
                "iam:GetServiceLastAccessedDetails",
            ]
        case .identityCenter:
            [
                "sso:ListInstances", "sso:ListPermissionSets", "sso:DescribePermissionSet",
                "sso:GetInlinePolicyForPermissionSet", "sso:ListManagedPoliciesInPermissionSet",
                "sso:ListCustomerManagedPolicyReferencesInPermissionSet",
                "sso:GetPermissionsBoundaryForPermissionSet", "sso:ListAccountsForProvisionedPermissionSet",
                "sso:ListAccountAssignments", "identitystore:ListUsers", "identitystore:ListGroups",
                "identitystore:ListGroupMemberships",
            ]
        case .organizations:
            [
                "organizations:ListRoots", "organizations:ListAccountsForParent",
                "organizations:ListOrganizationalUnitsForParent", "organizations:ListPolicies",
                "organizations:DescribePolicy", "organizations:ListTargetsForPolicy",
            ]
        case .kms: ["kms:ListKeys", "kms:DescribeKey", "kms:GetKeyPolicy", "kms:ListGrants"]
        case .acm: ["acm:ListCertificates"]
        case .directoryService: ["ds:DescribeDirectories"]
        case .accessAnalyzer:
            ["access-analyzer:ListAnalyzers", "access-analyzer:ListFindings", "access-analyzer:GetFinding"]
        case .team: ["dynamodb:Scan"]
        }
    }
}
