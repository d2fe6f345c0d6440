import Ports
import Testing

@testable import Engine
@testable import Pipeline

/// A snapshot of AWS proves what its calls that came whole cover, and says what the others would have told.
@Suite struct SnapshotCoverageTests {
    private static let account = "999900001111"
    private static let set = "arn:aws:sso:::permissionSet/ssoins-1/ps-1"
    private static let ada = "93673c4a-0002-4000-8000-000000000002"

    private static func moment(_ day: Int) -> Timestamp {
        Timestamp(iso8601: "2026-05-0\(day)T12:00:00Z") ?? .epoch
    }

    /// One that shows a person, a permission set with a policy, and that the one has the other.
    private static func directory(
        _ day: Int, without: Set<String> = [], denied: [(operation: String, about: [String])] = []
    ) -> [String] {
        let material = SnapshotMaterial("identity_center", day: day, region: "eu-west-1")
        let policy = "{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}]}"
        let name = without.contains("name") ? "" : ",\"Name\":\"Data\""
        let inline = without.contains("policy") ? "" : ",\"InlinePolicy\":\(policy)"
        let items = [
            (
                "user",
                material.item(
                    "user", ada,
                    "\"UserId\":\"\(ada)\",\"UserName\":\"ada@example.com\",\"IdentityStoreId\":\"d-1\"")
            ),
            ("set", material.item("permission_set", set, "\"PermissionSetArn\":\"\(set)\"\(name)\(inline)")),
            (
                "assignment",
                material.item(
                    "account_assignment", "a",
                    "\"AccountId\":\"111122223333\",\"PermissionSetArn\":\"\(set)\",\"PrincipalId\":\"\(ada)\","
                        + "\"PrincipalType\":\"USER\"")
            ),
        ].filter { !without.contains($0.0) }.map(\.1)
        return material.whole(items, status: denied.isEmpty ? "complete" : "partial", denied: denied)
    }

    private static let listUsers = (operation: "identitystore:ListUsers", about: [String]())

    @Test("Where users were refused nothing is said of users, and of the rest all the same")
    func directory() async throws {
        let run = try await DriftMaterial.run(
            Self.directory(3) + Self.directory(5, without: ["user", "assignment"], denied: [Self.listUsers]))
        let state = run.drift.state
        let user = AccessState.Key(Self.account, "user/\(Self.ada)", .identity)
        #expect(state.value(user, at: Self.moment(6)) == "ada@example.com")
        let assigned = AccessState.Key(
            Self.account, "user/\(Self.ada)", .assignment, "\(Self.set)@111122223333")
        #expect(state.value(assigned, at: Self.moment(4)) != nil)
        #expect(state.value(assigned, at: Self.moment(6)) == nil)
        #expect(
            run.report().findings.filter { $0.code == .telemetryGap }.map(\.subject) == ["user/\(Self.ada)"])
        let shortfalls = run.drift.shortfalls(at: Self.moment(6))
        #expect(shortfalls.map(\.what) == ["users of the directory in 999900001111"])
        #expect(
            shortfalls.map(\.why) == [
                "identitystore:ListUsers was denied to the snapshot of 2026-05-05T06:00:00Z: allow it to the collector"
            ])
        #expect(
            run.report().limits.contains("Not known: \(shortfalls[0].what): \(shortfalls[0].why)."))
        // As of a time at which all was known, nothing is unknown.
        #expect(run.drift.shortfalls(at: Self.moment(4)).isEmpty)
        let answers = AccessInquiry(state, at: Self.moment(6), shortfalls: shortfalls)
            .answers(to: AccessInquiry.Question(action: "s3:GetObject", resource: "*"))
        #expect(answers.map(\.principal) == ["users of the directory in 999900001111"])
        #expect(answers.first?.isAllowed == false)
    }

    @Test("What a refused call would have told of one thing stays as it was, and is proved of the others")
    func parts() async throws {
        let denied: [(operation: String, about: [String])] = [
            ("sso:GetInlinePolicyForPermissionSet", [Self.set]), ("sso:DescribePermissionSet", [Self.set]),
        ]
        let run = try await DriftMaterial.run(
            Self.directory(3) + Self.directory(5, without: ["policy", "name"], denied: denied))
        let inline = AccessState.Key(Self.account, Self.set, .inline, "inline")
        #expect(run.drift.state.value(inline, at: Self.moment(6)) != nil)
        #expect(
            run.drift.state.value(AccessState.Key(Self.account, Self.set, .identity), at: Self.moment(6))
                == "Data")
        #expect(run.report().findings.filter { $0.code == .telemetryGap }.isEmpty)
        let other = try await DriftMaterial.run(
            Self.directory(3)
                + Self.directory(
                    5, without: ["policy"],
                    denied: [
                        ("sso:GetInlinePolicyForPermissionSet", ["arn:aws:sso:::permissionSet/ssoins-1/ps-2"])
                    ]))
        #expect(other.drift.state.value(inline, at: Self.moment(6)) == nil)
    }

    @Test(
        "A gap is bounded by the last snapshot that was whole in it, though other calls were refused to that")
    func since() async throws {
        let run = try await DriftMaterial.run(
            Self.directory(2) + Self.directory(3, without: ["assignment", "user"], denied: [Self.listUsers])
                + Self.directory(5))
        let gap = try #require(
            run.report().findings.last { $0.code == .telemetryGap && $0.notBefore != nil && $0.isOpen })
        #expect(gap.notBefore == Timestamp(iso8601: "2026-05-03T06:00:00Z"))
    }

    @Test("One key's grants that nobody may list leave the other keys' proved")
    func keys() async throws {
        func snapshot(_ day: Int, granted: [String], denied: [(operation: String, about: [String])] = [])
            -> [String]
        {
            let material = SnapshotMaterial("kms", day: day, account: "111122223333", region: "eu-west-1")
            func arn(_ key: String) -> String { "arn:aws:kms:eu-west-1:111122223333:key/\(key)" }
            let policy =
                "{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"kms:*\",\"Resource\":\"*\"}]}"
            let keys = ["k-1", "k-2"].map {
                material.item(
                    "key", arn($0), "\"Arn\":\"\(arn($0))\",\"KeyId\":\"\($0)\",\"Policy\":\(policy)")
            }
            let grants = granted.map {
                material.item(
                    "grant", "g-\($0)",
                    "\"KeyId\":\"\(arn($0))\",\"GrantId\":\"g-\($0)\",\"GranteePrincipal\":\"arn:aws:iam::111122223333:role/r\","
                        + "\"Operations\":[\"Decrypt\"]")
            }
            return material.whole(
                keys + grants, status: denied.isEmpty ? "complete" : "partial",
                denied: denied.map { ($0.operation, $0.about.map(arn)) })
        }
        func grants(_ denied: [(operation: String, about: [String])]) async throws -> [String] {
            let run = try await DriftMaterial.run(
                snapshot(3, granted: ["k-1", "k-2"]) + snapshot(5, granted: [], denied: denied))
            return ["k-1", "k-2"].filter {
                !run.drift.state.parts("111122223333", "kms/\($0)", .sharing, at: Self.moment(6)).isEmpty
            }
        }
        #expect(try await grants([("kms:ListGrants", ["k-1"])]) == ["k-1"])
        #expect(try await grants([("kms:ListGrants", [])]) == ["k-1", "k-2"])
        #expect(try await grants([("kms:DescribeKey", ["k-1"])]) == [])
    }

    @Test(
        "Of an organization whose policies' words nobody may read, what they are attached to is proved still")
    func organization() async throws {
        typealias Organization = OrganizationMaterial
        let content = "{\"Statement\":[{\"Effect\":\"Deny\",\"Action\":\"iam:*\",\"Resource\":\"*\"}]}"
        var attached = Organization.everywhere
        attached["ou-ab12-prod"] = ["p-FullAWSAccess", "p-deny1"]
        let run = try await DriftMaterial.run(
            Organization.snapshot(day: 3, attached: attached, policies: ["p-deny1": content])
                + Organization.snapshot(
                    day: 5, attached: Organization.everywhere, status: "partial",
                    denied: [("organizations:DescribePolicy", ["p-deny1"])]))
        let state = run.drift.state
        #expect(state.guardrail("p-deny1", at: Self.moment(6)) != nil)
        let target = AccessState.Key(
            Organization.management, "target/ou-ab12-prod", .guardrailTarget, "p-deny1")
        #expect(state.value(target, at: Self.moment(4)) != nil)
        #expect(state.value(target, at: Self.moment(6)) == nil)
    }
}
