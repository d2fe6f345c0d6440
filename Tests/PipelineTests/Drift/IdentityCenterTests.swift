import Ports
import Testing

@testable import Engine
@testable import Pipeline

/// People who have access through IAM Identity Center.
@Suite struct IdentityCenterTests {
    typealias Material = DriftMaterial

    private static let set = "arn:aws:sso:::permissionSet/ssoins-1111222233334444/ps-aaaabbbbccccdddd"
    private static let alice = "93673c4a-0002-4000-8000-000000000002"
    private static let bob = "93673c4a-0003-4000-8000-000000000003"
    private static let admins = "93673c4a-0001-4000-8000-000000000001"
    private static let target = "444455556666"

    /// Alice is in the group, which has the permission set in one account.
    private static func snapshot(
        day: Int, members: [String] = [alice], assigned: [(kind: String, id: String)] = [("GROUP", admins)],
        inline: String = "s3:*", status: String = "complete"
    ) -> [String] {
        let material = SnapshotMaterial("identity_center", day: day, region: "eu-central-1")
        let policy =
            "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"\(inline)\",\"Resource\":\"*\"}]}"
        var items = [
            material.item(
                "permission_set", set,
                "\"PermissionSetArn\":\"\(set)\",\"Name\":\"Platform\",\"InlinePolicy\":\(policy),"
                    + "\"ManagedPolicies\":[{\"Name\":\"ReadOnlyAccess\",\"Arn\":\"arn:aws:iam::aws:policy/ReadOnlyAccess\"}],"
                    + "\"CustomerManagedPolicyReferences\":[{\"Name\":\"extra\",\"Path\":\"/teams/\"}],"
                    + "\"PermissionsBoundary\":{\"ManagedPolicyArn\":\"arn:aws:iam::aws:policy/PowerUserAccess\"}"
            ),
            material.item("group", admins, "\"GroupId\":\"\(admins)\",\"DisplayName\":\"platform-admins\""),
        ]
        for (id, name) in [(alice, "alice@example.com"), (bob, "bob@example.com")] {
            items.append(
                material.item(
                    "user", id,
                    "\"UserId\":\"\(id)\",\"UserName\":\"\(name)\",\"IdentityStoreId\":\"d-99670example\""))
        }
        for member in members {
            items.append(
                material.item(
                    "group_membership", "m-\(member)",
                    "\"MembershipId\":\"m-\(member)\",\"GroupId\":\"\(admins)\",\"MemberId\":{\"UserId\":\"\(member)\"}"
                ))
        }
        for one in assigned {
            items.append(
                material.item(
                    "account_assignment", "\(set)/\(target)/\(one.id)",
                    "\"AccountId\":\"\(target)\",\"PermissionSetArn\":\"\(set)\",\"PrincipalId\":\"\(one.id)\","
                        + "\"PrincipalType\":\"\(one.kind)\""))
        }
        return material.whole(items, status: status)
    }

    private static func call(
        _ minute: Int, _ operation: String, _ request: String, response: String = "null",
        service: String = "sso"
    ) -> String {
        Material.call(minute, service, operation, request, response: response, account: "999900001111")
    }

    private static func who(
        _ records: [String], _ action: String, at time: String = "2026-05-09T00:00:00Z"
    ) async throws -> [String] {
        try await AccessInquiryTests.answers(records, action, at: time)
    }

    private static let missing =
        "(arn:aws:iam::aws:policy/ReadOnlyAccess, customer:/teams/extra)"

    @Test("Who may is told by name, with the group and the permission set, within its boundary")
    func snapshots() async throws {
        let by = "by group platform-admins, permission set Platform"
        let records = Self.snapshot(day: 3)
        #expect(try await Self.who(records, "s3:GetObject") == ["alice@example.com \(by) \(Self.missing)"])
        // The policies that nobody told may allow it; what the boundary leaves out they cannot.
        #expect(
            try await Self.who(records, "ec2:RunInstances") == ["?alice@example.com \(by) \(Self.missing)"])
        #expect(try await Self.who(records, "iam:CreateUser") == [])
        #expect(try await Self.who(records, "s3:GetObject", at: "2026-05-02T00:00:00Z") == [])
        let straight = Self.snapshot(day: 3, members: [], assigned: [("USER", Self.bob)])
        #expect(
            try await Self.who(straight, "s3:GetObject")
                == ["bob@example.com by permission set Platform \(Self.missing)"])
    }

    @Test("A policy that each account has its own of counts as the account has it")
    func customerPolicies() async throws {
        let made = Material.call(
            5, "iam", "CreatePolicy",
            "{\"policyName\":\"extra\",\"path\":\"/teams/\",\"policyDocument\":\(Material.document(Material.allow("ec2:*")))}",
            response: "{\"policy\":{\"arn\":\"arn:aws:iam::444455556666:policy/teams/extra\"}}",
            account: Self.target)
        let shown = try await Self.who(Self.snapshot(day: 3) + [made], "ec2:RunInstances")
        #expect(shown.count == 1 && shown[0].hasPrefix("alice@example.com by group"))
    }

    @Test("Changes are followed from events: sets, policies, assignments, memberships")
    func events() async throws {
        let document = Material.document(Material.allow("dynamodb:*"))
        let made = [
            Self.call(
                1, "CreatePermissionSet",
                "{\"name\":\"Data\",\"instanceArn\":\"arn:aws:sso:::instance/ssoins-1\"}",
                response: "{\"permissionSet\":{\"name\":\"Data\",\"permissionSetArn\":\"\(Self.set)\"}}"),
            Self.call(
                2, "PutInlinePolicyToPermissionSet",
                "{\"permissionSetArn\":\"\(Self.set)\",\"inlinePolicy\":\(document)}"),
            Self.call(
                3, "CreateAccountAssignment",
                "{\"permissionSetArn\":\"\(Self.set)\",\"principalType\":\"GROUP\",\"principalId\":\"\(Self.admins)\","
                    + "\"targetId\":\"\(Self.target)\",\"targetType\":\"AWS_ACCOUNT\"}"),
            Self.call(
                4, "AddMemberToGroup",
                "{\"groupId\":\"\(Self.admins)\",\"memberId\":\"\(Self.alice)\"}", service: "sso-directory"),
        ]
        let by = "by group \(Self.admins), permission set Data"
        #expect(try await Self.who(made, "dynamodb:Scan") == ["\(Self.alice) \(by)"])
        #expect(
            try await Self.who(made, "dynamodb:Scan", at: "2026-05-04T00:03:30Z") == [
                "the members of \(Self.admins) \(by)"
            ])
        let ended = Self.call(
            5, "DeleteAccountAssignment",
            "{\"permissionSetArn\":\"\(Self.set)\",\"principalType\":\"GROUP\",\"principalId\":\"\(Self.admins)\","
                + "\"targetId\":\"\(Self.target)\",\"targetType\":\"AWS_ACCOUNT\"}")
        #expect(try await Self.who(made + [ended], "dynamodb:Scan") == [])
        let bounded = Self.call(
            5, "PutPermissionsBoundaryToPermissionSet",
            "{\"permissionSetArn\":\"\(Self.set)\",\"permissionsBoundary\":{\"managedPolicyArn\":"
                + "\"arn:aws:iam::aws:policy/IAMFullAccess\"}}")
        #expect(try await Self.who(made + [bounded], "dynamodb:Scan") == [])
    }

    /// What no event told, as `subject object`.
    private static func gaps(_ records: [String]) async throws -> [String] {
        try await Material.run(records).report().findings.filter { $0.code == .telemetryGap }
            .map { "\($0.subject) \($0.object)" }.sorted()
    }

    @Test("What changed between two snapshots and no event told is a gap")
    func unseen() async throws {
        let first = Self.snapshot(day: 3)
        #expect(try await Self.gaps(first + Self.snapshot(day: 5)) == [])
        let assigned = Self.snapshot(
            day: 5, assigned: [("GROUP", Self.admins), ("USER", Self.bob)])
        let gap = "user/\(Self.bob) assignment \(Self.set)@\(Self.target)"
        #expect(try await Self.gaps(first + assigned) == [gap])
        let told = Self.call(
            5, "CreateAccountAssignment",
            "{\"permissionSetArn\":\"\(Self.set)\",\"principalType\":\"USER\",\"principalId\":\"\(Self.bob)\","
                + "\"targetId\":\"\(Self.target)\",\"targetType\":\"AWS_ACCOUNT\"}")
        #expect(try await Self.gaps(first + [told] + assigned) == [])
        #expect(
            try await Self.gaps(first + Self.snapshot(day: 5, inline: "*")) == ["\(Self.set) inline inline"])
        #expect(
            try await Self.gaps(first + Self.snapshot(day: 5, assigned: []))
                == ["group/\(Self.admins) assignment \(Self.set)@\(Self.target)"])
        // One that is not whole shows nothing to be gone.
        #expect(try await Self.gaps(first + Self.snapshot(day: 5, assigned: [], status: "partial")) == [])
    }

    @Test("A membership that is ended by a call that names nobody is told, though nobody knows whose it was")
    func unnamed() async throws {
        let first = Self.snapshot(day: 3)
        let second = Self.snapshot(day: 5, members: [])
        #expect(try await Self.gaps(first + second) == ["user/\(Self.alice) membership \(Self.admins)"])
        let call = Self.call(
            5, "DeleteGroupMembership", "{\"membershipId\":\"m-1\"}", service: "identitystore")
        #expect(try await Self.gaps(first + [call] + second) == [])
        #expect(
            try await Self.who(first + [call] + second, "s3:GetObject").map { $0.prefix(11) } == [
                "the members"
            ])
    }

    @Test("An account's IAM snapshot says nothing of the directory's users and permission sets")
    func otherSnapshots() async throws {
        let material = SnapshotMaterial("iam", day: 6)
        let arn = "arn:aws:iam::999900001111:user/ops"
        let iam = material.whole([
            material.item(
                "user", "ops",
                "\"UserName\":\"ops\",\"Arn\":\"\(arn)\",\"UserId\":\"AIDAEXAMPLE\",\"CreateDate\":\"2026-01-05T10:00:00Z\""
            )
        ])
        let records = Self.snapshot(day: 3) + iam
        #expect(try await Self.gaps(records) == [])
        #expect(try await Self.who(records, "s3:GetObject").count == 1)
    }

    @Test("An assignment that was not approved differs from the baseline, until it is taken away")
    func baseline() async throws {
        let approved = try await Material.run(Self.snapshot(day: 3)).drift.state
        var settings = DriftSettings()
        settings.baseline = DriftBaseline(
            name: "approved", facts: approved.facts(at: .distantFuture),
            time: AccessInquiryTests.time("2026-05-03T12:00:00Z"), isWhole: true)
        func differences(_ records: [String]) async throws -> [String] {
            try await Material.run(Self.snapshot(day: 3) + records, settings).report().findings
                .filter { $0.code == .baselineDifference && $0.isOpen }.map(\.subject)
        }
        let both = [("GROUP", Self.admins), ("USER", Self.bob)].map { (kind: $0.0, id: $0.1) }
        #expect(try await differences(Self.snapshot(day: 5)) == [])
        #expect(try await differences(Self.snapshot(day: 5, assigned: both)) == ["user/\(Self.bob)"])
        #expect(
            try await differences(Self.snapshot(day: 5, assigned: both) + Self.snapshot(day: 6)) == [])
    }

    @Test("An assignment is as grave as what its permission set gives")
    func standing() async throws {
        func found(_ inline: String) async throws -> [String] {
            try await Material.run(Self.snapshot(day: 3, assigned: [("USER", Self.bob)], inline: inline))
                .report()
                .findings.filter { $0.code == .standing }.map(\.subject)
        }
        let grave = try await found("iam:*")
        #expect(grave == ["user/\(Self.bob)"])
        #expect(try await found("s3:GetObject") == [])
    }

    @Test("Who is in a group of the directory is told by the names that it has")
    func group() async throws {
        #expect(
            try await AccessInquiryTests.answers(Self.snapshot(day: 3), "group:platform-admins")
                == ["alice@example.com by group platform-admins"])
    }
}
