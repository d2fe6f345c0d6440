import Ports
import Testing

@testable import Engine
@testable import Pipeline

/// Who may do something, by everything that the state of access tells.
@Suite struct AccessInquiryTests {
    typealias Material = DriftMaterial
    typealias Organization = OrganizationMaterial

    static func time(_ text: String) -> Timestamp { Timestamp(iso8601: text) ?? .epoch }

    /// `principal: by …: reason`, of those who may; `?principal: …` of those of whom it is not known.
    static func answers(
        _ records: [String], _ action: String, on resource: String = "*",
        at time: String = "2026-05-09T00:00:00Z",
        context: PolicyContext = PolicyContext()
    ) async throws -> [String] {
        let run = try await Material.run(records)
        return AccessInquiry(run.drift.state, at: Self.time(time)).answers(
            to: AccessInquiry.Question(action: action, resource: resource, context: context)
        ).map { answer in
            let name = answer.principal.split(separator: "/").last.map { String($0) } ?? ""
            let unknown = answer.unknown.isEmpty ? "" : " (\(answer.unknown.joined(separator: ", ")))"
            let via = answer.via.isEmpty ? "" : " by \(answer.via.joined(separator: ", "))"
            return "\(answer.isAllowed ? "" : "?")\(name)\(via)\(unknown)"
        }
    }

    // MARK: Organizations

    private static let administrator = [
        Material.call(
            1, "iam", "CreateUser", "{\"userName\":\"bo\"}",
            response: "{\"user\":{\"userName\":\"bo\",\"arn\":\"arn:aws:iam::111122223333:user/bo\"}}"),
        Material.call(
            2, "iam", "PutUserPolicy",
            "{\"userName\":\"bo\",\"policyName\":\"all\",\"policyDocument\":\(Material.document(Material.allow("*")))}"
        ),
    ]

    private static func document(_ effect: String, _ action: String) -> String {
        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"\(effect)\",\"Action\":\"\(action)\",\"Resource\":\"*\"}]}"
    }

    private static func listed(_ attached: [String: [String]], status: String = "complete") -> [String] {
        Organization.snapshot(
            day: 5, attached: attached,
            policies: ["p-list": document("Allow", "s3:*"), "p-deny": document("Deny", "iam:*")],
            status: status)
    }

    @Test(
        "A level where a whole snapshot shows no FullAWSAccess allows only what its policies list",
        arguments: ["r-ab12", "ou-ab12-prod", Organization.account])
    func allowLists(level: String) async throws {
        var attached = Organization.everywhere
        attached[level] = ["p-list"]
        let records = Self.administrator + Self.listed(attached)
        #expect(try await Self.answers(records, "s3:GetObject") == ["bo"])
        #expect(try await Self.answers(records, "ec2:RunInstances") == [])
        // Nothing at all attached allows nothing at all.
        attached[level] = []
        #expect(try await Self.answers(Self.administrator + Self.listed(attached), "s3:GetObject") == [])
    }

    @Test("Of a level that only a broken snapshot tells of, it is said that it is not known")
    func unknownLevels() async throws {
        var attached = Organization.everywhere
        attached["ou-ab12-prod"] = ["p-list"]
        let records = Self.administrator + Self.listed(attached, status: "partial")
        #expect(
            try await Self.answers(records, "ec2:RunInstances")
                == ["bo (the service control policies of ou-ab12-prod)"])
        #expect(try await Self.answers(Self.administrator, "ec2:RunInstances") == ["bo"])
    }

    @Test("A denial holds at every level, and not where service control policies are off")
    func denials() async throws {
        var attached = Organization.everywhere
        attached["r-ab12"]?.append("p-deny")
        #expect(try await Self.answers(Self.administrator + Self.listed(attached), "iam:PassRole") == [])
        #expect(try await Self.answers(Self.administrator + Self.listed(attached), "s3:GetObject") == ["bo"])
        let off = Organization.snapshot(
            day: 5, attached: [:], policies: ["p-deny": Self.document("Deny", "iam:*")], isOn: false)
        #expect(try await Self.answers(Self.administrator + off, "iam:PassRole") == ["bo"])
    }

    @Test("The organization's own account is under no service control policy")
    func management() async throws {
        var attached = Organization.everywhere
        attached["r-ab12"] = ["p-list"]
        let own = Self.administrator.map { $0.replacing(Organization.account, with: Organization.management) }
        #expect(try await Self.answers(own + Self.listed(attached), "ec2:RunInstances") == ["bo"])
    }

    @Test("Policies that are switched off and on again leave what allows everything, and nothing else")
    func switchedAgain() async throws {
        var attached = Organization.everywhere
        attached["r-ab12"] = ["p-list", "p-deny"]
        func organization(_ minute: Int, _ operation: String) -> String {
            Material.call(
                minute, "organizations", operation,
                "{\"rootId\":\"r-ab12\",\"policyType\":\"SERVICE_CONTROL_POLICY\"}",
                account: Organization.management
            ).replacing("2026-05-04T", with: "2026-05-06T")
        }
        let records = Self.administrator + Self.listed(attached)
        #expect(try await Self.answers(records, "ec2:RunInstances") == [])
        let off = records + [organization(1, "DisablePolicyType")]
        #expect(try await Self.answers(off, "iam:PassRole") == ["bo"])
        let on = off + [organization(2, "EnablePolicyType")]
        #expect(try await Self.answers(on, "ec2:RunInstances") == ["bo"])
    }

    @Test(
        "A change is blocked by an allow-list that only snapshots tell of, and taking the list away is drift")
    func consequences() async throws {
        var attached = Organization.everywhere
        attached["ou-ab12-prod"] = ["p-list"]
        let change = Material.call(
            30, "iam", "AttachUserPolicy",
            "{\"userName\":\"cy\",\"policyArn\":\"arn:aws:iam::aws:policy/IAMFullAccess\"}"
        ).replacing("2026-05-04T", with: "2026-05-06T")
        let report = try await Material.run(Self.listed(attached) + [change]).report()
        let wider = try #require(report.wider.first { $0.subject == "user/cy" })
        #expect(wider.consequence.contains("still blocks it"))
        let broken = try await Material.run(Self.listed(attached, status: "partial") + [change]).report()
        #expect(
            broken.wider.first { $0.subject == "user/cy" }?.consequence.contains(
                "not known: the service control policies of ou-ab12-prod") == true)

        func organization(_ minute: Int, _ operation: String, _ policy: String) -> String {
            Material.call(
                minute, "organizations", operation,
                "{\"policyId\":\"\(policy)\",\"targetId\":\"ou-ab12-prod\"}", account: Organization.management
            ).replacing("2026-05-04T", with: "2026-05-06T")
        }
        func guardrails(_ records: [String]) async throws -> [String] {
            try await Material.run(Self.listed(attached) + records).report().findings
                .filter { $0.code == .guardrail }.map(\.object)
        }
        #expect(
            try await guardrails([organization(1, "AttachPolicy", "p-FullAWSAccess")]) == ["p-FullAWSAccess"])
        // Where what only allows is taken off, less is allowed.
        #expect(try await guardrails([organization(1, "DetachPolicy", "p-list")]) == [])
    }

    // MARK: Keys

    private static let key = "0a1b2c3d-0000-4000-8000-000000000001"
    private static let keyARN = "arn:aws:kms:eu-west-1:111122223333:key/\(key)"

    private static func kms(_ minute: Int, _ operation: String, _ request: String, response: String = "null")
        -> String
    {
        Material.call(minute, "kms", operation, request, response: response)
    }

    private static let granted = kms(
        10, "CreateGrant",
        "{\"keyId\":\"\(keyARN)\",\"granteePrincipal\":\"arn:aws:iam::111122223333:role/backup\",\"operations\":[\"Decrypt\"],"
            + "\"constraints\":{\"encryptionContextSubset\":{\"app\":\"payments\"}}}",
        response: "{\"grantId\":\"g-1\"}")

    @Test(
        "A key's policy, its account's policies and grants say who may decrypt; a grant that is over does not"
    )
    func keys() async throws {
        let made = Self.kms(
            5, "CreateKey", "{}",
            response: "{\"keyMetadata\":{\"keyId\":\"\(Self.key)\",\"arn\":\"\(Self.keyARN)\"}}")
        let records = Self.administrator + [made, Self.granted]
        func who(_ more: [String], _ action: String = "kms:Decrypt") async throws -> [String] {
            try await Self.answers(records + more, action, on: Self.keyARN)
        }
        #expect(try await who([]) == ["backup (the policies in account 111122223333)", "bo"])
        #expect(try await who([], "kms:Encrypt") == ["bo"])
        #expect(
            try await Self.answers(records, "kms:Decrypt", on: Self.keyARN, at: "2026-05-04T00:07:00Z")
                == ["bo"])
        let retired = Self.kms(20, "RetireGrant", "null").replacing(
            "\"readOnly\":false",
            with:
                "\"readOnly\":false,\"additionalEventData\":{\"grantId\":\"g-1\"},\"resources\":[{\"ARN\":\"\(Self.keyARN)\"}]"
        )
        #expect(try await who([retired]) == ["bo"])
        let revoked = Self.kms(20, "RevokeGrant", "{\"keyId\":\"\(Self.keyARN)\",\"grantId\":\"g-1\"}")
        #expect(try await who([revoked]) == ["bo"])
        // A policy that names one role leaves the account's own policies without a say.
        let narrow = Material.document(
            "{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::444455556666:role/other\"},\"Action\":\"kms:Decrypt\",\"Resource\":\"*\"}"
        )
        let put = Self.kms(
            20, "PutKeyPolicy", "{\"keyId\":\"\(Self.key)\",\"policyName\":\"default\",\"policy\":\(narrow)}")
        #expect(
            try await who([revoked, put]) == ["other (the policies in account 444455556666)"])
    }

    @Test("A key and its grants are known from a snapshot, and a grant that no event ended is a gap")
    func keySnapshots() async throws {
        func snapshot(day: Int, grants: [String]) -> [String] {
            let material = SnapshotMaterial(
                "kms", day: day, account: "111122223333", region: "eu-west-1")
            let policy =
                "{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::111122223333:root\"},"
                + "\"Action\":\"kms:*\",\"Resource\":\"*\"}]}"
            let key = material.item(
                "key", Self.key, "\"Arn\":\"\(Self.keyARN)\",\"KeyId\":\"\(Self.key)\",\"Policy\":\(policy)")
            return material.whole(
                [key]
                    + grants.map {
                        material.item(
                            "grant", $0,
                            "\"GrantId\":\"\($0)\",\"KeyId\":\"\(Self.keyARN)\",\"Operations\":[\"Decrypt\"],"
                                + "\"GranteePrincipal\":\"arn:aws:iam::111122223333:role/backup\"")
                    })
        }
        let first = snapshot(day: 3, grants: ["g-9"])
        #expect(
            try await Self.answers(first, "kms:Decrypt", on: Self.keyARN)
                == ["backup (the policies in account 111122223333)"])
        let second = first + snapshot(day: 5, grants: [])
        #expect(try await Self.answers(second, "kms:Decrypt", on: Self.keyARN) == [])
        let gaps = try await Material.run(second).report().findings.filter { $0.code == .telemetryGap }
        #expect(gaps.map(\.subject) == ["kms/\(Self.key)"])
        // Another region's snapshot says nothing of this one's keys.
        let other = SnapshotMaterial("kms", day: 6, account: "111122223333", region: "us-east-1").whole([])
        #expect(
            try await Self.answers(first + other, "kms:Decrypt", on: Self.keyARN)
                == ["backup (the policies in account 111122223333)"])
    }

    // MARK: Buckets and roles

    @Test("A bucket's policy lets in strangers and everybody, unless its public access block keeps them out")
    func buckets() async throws {
        let open = Material.document(
            "{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::pay/*\"},"
                + "{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::444455556666:root\"},\"Action\":\"s3:*\","
                + "\"Resource\":\"arn:aws:s3:::pay/*\"}")
        let put = Material.call(
            5, "s3", "PutBucketPolicy", "{\"bucketName\":\"pay\",\"bucketPolicy\":\(open)}")
        let shown = try await Self.answers([put], "s3:GetObject", on: "arn:aws:s3:::pay/x")
        #expect(shown == ["account 444455556666 (the policies in account 444455556666)", "everybody"])
        let block = Material.call(
            6, "s3", "PutBucketPublicAccessBlock",
            "{\"bucketName\":\"pay\",\"PublicAccessBlockConfiguration\":{\"BlockPublicAcls\":true}}")
        #expect(
            try await Self.answers([put, block], "s3:GetObject", on: "arn:aws:s3:::pay/x")
                == ["account 444455556666 (the policies in account 444455556666)"])
    }

    @Test("A role's trust says who may take it")
    func trusts() async throws {
        let role = Material.call(
            5, "iam", "CreateRole",
            "{\"roleName\":\"deploy\",\"assumeRolePolicyDocument\":"
                + "\(Material.document(Material.trust("{\"AWS\":\"arn:aws:iam::111122223333:user/bo\"}")))}",
            response: "{\"role\":{\"roleName\":\"deploy\",\"arn\":\"arn:aws:iam::111122223333:role/deploy\"}}"
        )
        let arn = "arn:aws:iam::111122223333:role/deploy"
        #expect(try await Self.answers(Self.administrator + [role], "sts:AssumeRole", on: arn) == ["bo"])
        #expect(try await Self.answers(Self.administrator + [role], "iam:PassRole", on: arn) == ["bo"])
    }
}
