import Engine
import Pipeline
import Testing

/// What a change comes to under the service control policies of an organization's levels.
@Suite struct DriftOrganizationTests {
    typealias Material = DriftMaterial

    private static let management = "999900001111"

    private static func organization(
        _ minute: Int, _ operation: String, _ request: String, response: String = "null"
    )
        -> String
    {
        Material.call(
            minute, "organizations", operation, request, response: response, account: management,
            uid: "o-\(minute)")
    }

    private static let denial = Material.document(
        "{\"Effect\":\"Deny\",\"Action\":\"iam:*\",\"Resource\":\"*\"}")
    /// A denial at the root, two units below, and an account in the lower one.
    private static let tree = [
        organization(
            1, "CreatePolicy", "{\"type\":\"SERVICE_CONTROL_POLICY\",\"content\":\(denial)}",
            response: "{\"policy\":{\"policySummary\":{\"id\":\"p-1\",\"type\":\"SERVICE_CONTROL_POLICY\"}}}"),
        organization(2, "AttachPolicy", "{\"policyId\":\"p-1\",\"targetId\":\"ou-1\"}"),
        organization(
            3, "CreateOrganizationalUnit", "{\"parentId\":\"r-1\",\"name\":\"all\"}",
            response: "{\"organizationalUnit\":{\"id\":\"ou-1\"}}"),
        organization(
            4, "CreateOrganizationalUnit", "{\"parentId\":\"ou-1\",\"name\":\"some\"}",
            response: "{\"organizationalUnit\":{\"id\":\"ou-2\"}}"),
        organization(
            5, "MoveAccount",
            "{\"accountId\":\"\(Material.account)\",\"sourceParentId\":\"r-1\",\"destinationParentId\":\"ou-2\"}"
        ),
    ]

    private static func consequence(_ records: [String], _ action: String = "iam:AttachUserPolicy")
        async throws
        -> String
    {
        let change = Material.call(
            30, "iam", "PutUserPolicy",
            "{\"userName\":\"bo\",\"policyName\":\"p\",\"policyDocument\":"
                + "\(Material.document(Material.allow(action)))}")
        let report = try await Material.run(records + [change]).report()
        return try #require(report.wider.first { $0.subject == "user/bo" }).consequence
    }

    @Test("A denial two levels up still blocks it, whatever order the records come in")
    func denied() async throws {
        #expect(try await Self.consequence(Self.tree).contains("still blocks it for all 1"))
        #expect(try await Self.consequence(Self.tree.reversed()).contains("still blocks it for all 1"))
        // What only denies leaves the rest.
        #expect(try await Self.consequence(Self.tree, "sts:AssumeRole").contains("can now do sts:assumerole"))
    }

    @Test("An account that was moved away, or a denial that was taken off, blocks nothing")
    func moved() async throws {
        let away = Self.organization(
            20, "MoveAccount",
            "{\"accountId\":\"\(Material.account)\",\"sourceParentId\":\"ou-2\",\"destinationParentId\":\"r-1\"}"
        )
        #expect(try await Self.consequence(Self.tree + [away]).contains("user/bo can now do"))
        let off = Self.organization(20, "DetachPolicy", "{\"policyId\":\"p-1\",\"targetId\":\"ou-1\"}")
        #expect(try await Self.consequence(Self.tree + [off]).contains("user/bo can now do"))
    }

    @Test("Where everything is no longer allowed at a level, only what its policies allow is left")
    func allowed() async throws {
        let list = [
            Self.organization(
                6, "CreatePolicy",
                "{\"type\":\"SERVICE_CONTROL_POLICY\",\"content\":\(Material.document(Material.allow("s3:*")))}",
                response:
                    "{\"policy\":{\"policySummary\":{\"id\":\"p-2\",\"type\":\"SERVICE_CONTROL_POLICY\"}}}"),
            Self.organization(7, "AttachPolicy", "{\"policyId\":\"p-2\",\"targetId\":\"ou-2\"}"),
        ]
        let off = Self.organization(
            8, "DetachPolicy", "{\"policyId\":\"p-FullAWSAccess\",\"targetId\":\"ou-2\"}")
        let place = [Self.tree[4]]
        #expect(try await Self.consequence(place + list, "sts:AssumeRole").contains("can now do"))
        #expect(
            try await Self.consequence(place + list + [off], "sts:AssumeRole").contains("still blocks it"))
    }
}
