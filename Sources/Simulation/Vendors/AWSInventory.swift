import Codecs

/// A small organization's access, as AWS's APIs give it, and what a snapshot of each service must hold.
package struct AWSInventory: Sendable {
    struct Detail: Sendable {
        var kind: String
        var arn: String
        var xml: String
    }

    static let detailLists = [
        ("UserDetailList", "user"), ("GroupDetailList", "group"), ("RoleDetailList", "role"),
        ("Policies", "policy"),
    ]

    /// The member that holds a list, by operation.
    static let lists = [
        "ListInstances": "Instances", "ListPermissionSets": "PermissionSets",
        "ListManagedPoliciesInPermissionSet": "AttachedManagedPolicies",
        "ListCustomerManagedPolicyReferencesInPermissionSet": "CustomerManagedPolicyReferences",
        "ListAccountsForProvisionedPermissionSet": "AccountIds",
        "ListAccountAssignments": "AccountAssignments", "ListUsers": "Users", "ListGroups": "Groups",
        "ListGroupMemberships": "GroupMemberships", "ListRoots": "Roots", "ListAccountsForParent": "Accounts",
        "ListOrganizationalUnitsForParent": "OrganizationalUnits", "ListPolicies": "Policies",
        "ListTargetsForPolicy": "Targets", "ListKeys": "Keys", "ListGrants": "Grants",
        "ListCertificates": "CertificateSummaryList", "DescribeDirectories": "DirectoryDescriptions",
        "ListAnalyzers": "analyzers", "ListFindings": "findings", "Scan": "Items",
    ]

    package let account: String
    var details: [Detail] = []
    /// Lists by operation and what they are about.
    var items: [String: [String]] = [:]
    /// Single answers by operation and what they are about.
    var answers: [String: String] = [:]
    var credentialReport = "user,arn,user_creation_time,password_enabled,mfa_active\n"
    private var accessKeys: [String: [String]] = [:]
    let servicesLastAccessed = (0..<5).map {
        "<ServiceName>Service \($0)</ServiceName><ServiceNamespace>s\($0)</ServiceNamespace>"
            + "<TotalAuthenticatedEntities>\($0)</TotalAuthenticatedEntities>"
    }
    /// What each service's snapshot holds, by what its items are known by.
    package private(set) var expected: [String: Set<String>] = [:]

    /// - Parameter size: how many there are of each kind of thing.
    package init(account: String = "111122223333", size: Int = 5) {
        self.account = account
        addIAM(size)
        addIdentityCenter(size)
        addOrganization(size)
        addResources(size)
    }

    private mutating func expect(_ service: String, _ id: String) {
        expected[service, default: []].insert(id)
    }

    private mutating func list(_ operation: String, _ subject: String, _ item: String) {
        items["\(operation) \(subject)", default: []].append(item)
    }

    private static let policy = #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*"}]}"#

    private mutating func addIAM(_ size: Int) {
        let document = PercentEncoding.encode(Self.policy)
        for number in 0..<size {
            for (kind, name, extra) in [
                ("user", "User", "<GroupList><member>g0</member></GroupList><AttachedManagedPolicies/>"),
                ("group", "Group", "<GroupPolicyList/>"),
                ("role", "Role", "<AssumeRolePolicyDocument>\(document)</AssumeRolePolicyDocument>"),
                (
                    "policy", "Policy",
                    "<AttachmentCount>1</AttachmentCount><IsAttachable>true</IsAttachable><PolicyVersionList>"
                        + "<member><Document>\(document)</Document><VersionId>v1</VersionId></member></PolicyVersionList>"
                ),
            ] {
                let arn = "arn:aws:iam::\(account):\(kind)/\(kind)-\(number)"
                let xml =
                    "<Path>/</Path><\(name)Name>\(kind)-\(number)</\(name)Name><\(name)Id>ID\(number)</\(name)Id>"
                    + "<Arn>\(arn)</Arn><CreateDate>2026-01-0\(number % 9 + 1)T00:00:00Z</CreateDate>\(extra)"
                details.append(Detail(kind: kind, arn: arn, xml: xml))
                expect("iam", arn)
                if kind != "policy" { expect("last_accessed", arn) }
            }
            let user = "user-\(number)"
            for key in 0..<(number % 3) {
                let id = "AKIA\(number)X\(key)"
                accessKeys[user, default: []].append(
                    "<UserName>\(user)</UserName><AccessKeyId>\(id)</AccessKeyId><Status>Active</Status>")
                expect("iam", id)
            }
            let arn = "arn:aws:iam::\(account):user/\(user)"
            credentialReport += "\(user),\(arn),2026-01-01T00:00:00+00:00,true,false\n"
            expect("iam", "credentials/\(arn)")
        }
        // Services are listed in pages of three: five are two of them.
        for arn in expected["last_accessed"] ?? [] { expect("last_accessed", "\(arn)/page-2") }
    }

    func iamList(_ operation: String, _ subject: String) -> (String, [String])? {
        switch operation {
        case "ListAccessKeys": ("AccessKeyMetadata", accessKeys[subject] ?? [])
        case "ListUsers": ("Users", details.filter { $0.kind == "user" }.map(\.xml))
        case "ListGroups": ("Groups", details.filter { $0.kind == "group" }.map(\.xml))
        case "ListRoles": ("Roles", details.filter { $0.kind == "role" }.map(\.xml))
        default: nil
        }
    }

    private mutating func addIdentityCenter(_ size: Int) {
        let instance = "arn:aws:sso:::instance/ssoins-1"
        list("ListInstances", "", #"{"InstanceArn":"\#(instance)","IdentityStoreId":"d-1"}"#)
        for number in 0..<size {
            let arn = "arn:aws:sso:::permissionSet/ssoins-1/ps-\(number)"
            list("ListPermissionSets", "", "\"\(arn)\"")
            answers["DescribePermissionSet \(arn)"] =
                #"{"PermissionSet":{"PermissionSetArn":"\#(arn)","Name":"set-\#(number)"}}"#
            let inline = number % 2 == 0 ? "" : Self.policy.replacing("\"", with: "\\\"")
            answers["GetInlinePolicyForPermissionSet \(arn)"] = "{\"InlinePolicy\":\"\(inline)\"}"
            for policy in 0..<number {
                list(
                    "ListManagedPoliciesInPermissionSet", arn,
                    #"{"Name":"p\#(policy)","Arn":"arn:aws:iam::aws:policy/p\#(policy)"}"#)
            }
            if number % 2 == 1 {
                answers["GetPermissionsBoundaryForPermissionSet \(arn)"] =
                    #"{"PermissionsBoundary":{"ManagedPolicyArn":"arn:aws:iam::aws:policy/b"}}"#
            }
            expect("identity_center", arn)
            for holder in 0...number % 2 {
                let account = "99990000000\(holder)"
                list("ListAccountsForProvisionedPermissionSet", arn, "\"\(account)\"")
                let kind = holder == 0 ? "USER" : "GROUP"
                list(
                    "ListAccountAssignments", "\(account) \(arn)",
                    #"{"AccountId":"\#(account)","PermissionSetArn":"\#(arn)","PrincipalType":"\#(kind)","PrincipalId":"p-\#(number)"}"#
                )
                expect("identity_center", "\(arn)/\(account)/\(kind)/p-\(number)")
            }
            list(
                "ListUsers", "d-1",
                #"{"UserId":"p-\#(number)","UserName":"u\#(number)","IdentityStoreId":"d-1"}"#)
            list(
                "ListGroups", "d-1", #"{"GroupId":"g-\#(number)","DisplayName":"g","IdentityStoreId":"d-1"}"#)
            list(
                "ListGroupMemberships", "g-\(number)",
                #"{"MembershipId":"m-\#(number)","GroupId":"g-\#(number)","IdentityStoreId":"d-1","MemberId":{"UserId":"p-0"}}"#
            )
            for id in ["p-\(number)", "g-\(number)", "m-\(number)"] { expect("identity_center", id) }
        }
    }

    private mutating func addOrganization(_ size: Int) {
        func arn(_ kind: String, _ id: String) -> String {
            "arn:aws:organizations::\(account):\(kind)/o-1/\(id)"
        }
        list("ListRoots", "", #"{"Id":"r-1","Arn":"\#(arn("root", "r-1"))","Name":"Root"}"#)
        expect("organizations", arn("root", "r-1"))
        var parent = "r-1"
        for number in 0..<size {
            let unit = "ou-\(number)"
            list(
                "ListOrganizationalUnitsForParent", parent,
                #"{"Id":"\#(unit)","Arn":"\#(arn("ou", unit))","Name":"\#(unit)"}"#)
            expect("organizations", arn("ou", unit))
            for child in 0..<2 {
                let id = "80000000\(number)00\(child)"
                list(
                    "ListAccountsForParent", unit,
                    #"{"Id":"\#(id)","Arn":"\#(arn("account", id))","Name":"a","State":"ACTIVE","JoinedMethod":"CREATED"}"#
                )
                expect("organizations", arn("account", id))
            }
            let type = number % 2 == 0 ? "SERVICE_CONTROL_POLICY" : "RESOURCE_CONTROL_POLICY"
            let policy = "p-\(number)"
            let own = arn("policy", policy)
            list(
                "ListPolicies", type,
                #"{"Id":"\#(policy)","Arn":"\#(own)","Name":"\#(policy)","Type":"\#(type)","AwsManaged":false}"#
            )
            answers["DescribePolicy \(policy)"] =
                "{\"Policy\":{\"Content\":\"\(Self.policy.replacing("\"", with: "\\\""))\"}}"
            expect("organizations", own)
            list(
                "ListTargetsForPolicy", policy,
                #"{"TargetId":"\#(unit)","Arn":"\#(arn("ou", unit))","Type":"ORGANIZATIONAL_UNIT"}"#)
            expect("organizations", "\(policy)/\(unit)")
            parent = unit
        }
    }

    private mutating func addResources(_ size: Int) {
        let analyzer = "arn:aws:access-analyzer:us-east-1:\(account):analyzer/a"
        list(
            "ListAnalyzers", "", #"{"arn":"\#(analyzer)","name":"a","type":"ORGANIZATION","status":"ACTIVE"}"#
        )
        for number in 0..<size {
            let key = "arn:aws:kms:us-east-1:\(account):key/k-\(number)"
            list("ListKeys", "", #"{"KeyId":"k-\#(number)","KeyArn":"\#(key)"}"#)
            answers["DescribeKey \(key)"] =
                #"{"KeyMetadata":{"KeyId":"k-\#(number)","Arn":"\#(key)","KeyState":"Enabled","KeyManager":"CUSTOMER"}}"#
            answers["GetKeyPolicy \(key)"] =
                "{\"Policy\":\"\(Self.policy.replacing("\"", with: "\\\""))\"}"
            expect("kms", key)
            for grant in 0..<number {
                list(
                    "ListGrants", key,
                    #"{"GrantId":"g-\#(grant)","KeyId":"\#(key)","GranteePrincipal":"arn:aws:iam::\#(account):role/role-0","Operations":["Decrypt"]}"#
                )
                expect("kms", "\(key)/g-\(grant)")
            }
            let certificate = "arn:aws:acm:us-east-1:\(account):certificate/c-\(number)"
            list(
                "ListCertificates", "",
                #"{"CertificateArn":"\#(certificate)","DomainName":"d\#(number).example.com","NotAfter":1.8E9}"#
            )
            expect("acm", certificate)
            list(
                "DescribeDirectories", "",
                #"{"DirectoryId":"d-\#(number)","Name":"corp\#(number).example.com","Stage":"Active"}"#)
            expect("directory_service", "d-\(number)")
            let status = number % 3 == 0 ? "ARCHIVED" : "ACTIVE"
            let finding =
                #""id":"f-\#(number)","resourceType":"AWS::S3::Bucket","resource":"arn:aws:s3:::b\#(number)","findingType":"ExternalAccess","status":"\#(status)","createdAt":"2026-11-01T00:00:00Z","analyzedAt":"2026-11-01T00:00:00Z","updatedAt":"2026-11-01T00:00:00Z""#
            list("ListFindings", analyzer, "{\(finding)}")
            answers["GetFinding f-\(number)"] =
                "{\(finding),\"findingDetails\":[{\"externalAccessDetails\":{\"isPublic\":true,\"principal\":{\"AWS\":\"*\"}}}]}"
            expect("access_analyzer", "f-\(number)")
            list(
                "Scan", "",
                #"{"id":{"S":"t-\#(number)"},"email":{"S":"alice@example.com"},"status":{"S":"pending"},"accountId":{"S":"\#(account)"},"updatedAt":{"S":"2026-11-01T00:00:00Z"},"approvers":{"L":[{"S":"bob@example.com"}]}}"#
            )
            expect("team", "t-\(number)")
        }
    }
}
