import Engine
import Pipeline
import Testing

/// What is said of grants, and of sessions that outlive them.
@Suite struct GrantQualityTests {
    private func flags(_ records: [String], _ id: String = "g1", _ policy: GrantPolicy = GrantPolicy())
        async throws -> [String]
    {
        let review = try await GrantBench.review(records, policy)
        let found = try #require(review.grants.first { $0.grant.key.uid == id })
        return found.flags.map(\.code)
    }

    private static let later = GrantBench.act("z", at: 2_300, who: "zed@example.com", key: "ASIAEXAMPLE9")
    private static func given(
        _ more: String = "", by approver: String = "bo@example.com", to end: Int = 1_100
    )
        -> String
    {
        GrantBench.phase("g1", "approved", at: 955, from: 1_000, to: end, by: approver, more: more)
    }

    @Test("Used, unused, and not yet to be said")
    func use() async throws {
        #expect(try await flags([Self.given(), Self.later]) == ["unused"])
        #expect(try await flags([Self.given()]) == [])
        #expect(try await flags([Self.given(), GrantBench.act("a", at: 1_030), Self.later]) == [])
        let onlyWrites = GrantBench.act("a", at: 1_030, name: "RunInstances", service: "ec2")
        #expect(try await flags([Self.given(), onlyWrites, Self.later]) == ["wider-than-used"])
    }

    @Test("Approved by who asked, or with the same hands")
    func approval() async throws {
        let act = GrantBench.act("a", at: 1_030)
        #expect(try await flags([Self.given(by: "Ana@Example.com"), act]) == ["self-approved"])
        let asked = GrantBench.phase(
            "g1", "requested", at: 950, more: #","source_ip":"192.0.2.7""#)
        let approved = Self.given(#","source_ip":"192.0.2.7","actor":"bo@example.com""#)
        #expect(try await flags([asked, approved, act]) == ["same-hands"])
        let elsewhere = Self.given(#","source_ip":"192.0.2.8","actor":"bo@example.com""#)
        #expect(try await flags([asked, elsewhere, act]) == [])
    }

    @Test("Too long, without an end, for an emergency without a ticket")
    func terms() async throws {
        let act = GrantBench.act("a", at: 1_030)
        #expect(try await flags([Self.given(to: 2_000), act]) == ["too-long"])
        var policy = GrantPolicy()
        policy.durationMax = .hours(12)
        #expect(try await flags([Self.given(to: 2_000), act], "g1", policy) == [])
        let open = GrantBench.phase("g1", "approved", at: 955)
        #expect(try await flags([open, act]) == ["standing"])
        let emergency = GrantBench.phase(
            "g1", "activated", at: 1_000, from: 1_000, to: 1_100, more: #","emergency":true"#)
        #expect(try await flags([emergency, act]) == ["emergency-without-ticket"])
        let ticket = GrantBench.phase(
            "g1", "activated", at: 1_000, from: 1_000, to: 1_100, more: #","emergency":true,"ticket":"INC-1""#
        )
        #expect(try await flags([ticket, act]) == [])
    }

    @Test("Renewed back to back more often than the house allows")
    func renewals() async throws {
        let chain = (0..<5).map { number in
            GrantBench.phase(
                "g\(number)", "approved", at: 1_000 + number * 100, from: 1_000 + number * 100,
                to: 1_100 + number * 100)
        }
        let used = (0..<5).map { GrantBench.act("a\($0)", at: 1_010 + $0 * 100) }
        let review = try await GrantBench.review(chain + used)
        #expect(review.grants.map { $0.flags.map(\.code) } == [[], [], [], ["renewed"], ["renewed"]])
        #expect(review.grants.last?.flags == [.renewed(4)])
    }

    @Test("A session that goes on after its grant is told with what ends it")
    func outliving() async throws {
        let review = try await GrantBench.review([
            Self.given(), GrantBench.act("a", at: 1_030), GrantBench.act("b", at: 1_130),
            GrantBench.act("c", at: 1_145),
            // Another session, which began after the end.
            GrantBench.act("d", at: 1_150, key: "ASIAEXAMPLE2"),
        ])
        let session = try #require(review.sessions.first)
        #expect(review.sessions.count == 1 && session.acts == 2 && session.uids == ["b", "c"])
        #expect(
            session.revocation == [
                "aws iam put-role-policy --role-name PlatformAdmin --policy-name AWSRevokeOlderSessions "
                    + #"--policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":["*"],"#
                    + #""Resource":["*"],"Condition":{"DateLessThan":{"aws:TokenIssueTime":"2026-11-02T11:45:00Z"},"#
                    + #""StringLike":{"aws:userid":"*:ana@example.com"}}}]}'"#
            ])
        #expect(review.grants.first?.flags == [.usedAfterEnd(3)])
    }

    @Test("What a log holds is one word to the shell")
    func hostile() async throws {
        let role = "x'; rm -rf ~; echo '"
        let escaped = role
        let review = try await GrantBench.review([
            GrantBench.phase("g1", "approved", at: 955, from: 1_000, to: 1_100, role: escaped),
            GrantBench.act("a", at: 1_030, role: escaped), GrantBench.act("b", at: 1_130, role: escaped),
        ])
        let line = try #require(review.sessions.first?.revocation.first)
        #expect(line.contains(#"--role-name 'x'\''; rm -rf ~; echo '\''' --policy-name"#), "\(line)")
    }

    @Test("Problems of a policy file are told where they stand")
    func policyFile() throws {
        func problems(_ text: String) -> [String] {
            do throws(Problems) {
                _ = try GrantPolicyFile.policy(Array(text.utf8), named: "grants.yaml")
                return []
            } catch { return error.list.map(\.description) }
        }
        #expect(problems("duration_max: 8h\nbreak_glass: [root]\nbrokered: [{system: aws}]\n") == [])
        let found = problems(
            "duration_maxx: 8h\nskew: soon\nscopes:\n  - {role: x}\n  - {system: aws, rolls: [a]}\nrenewals_max: -1\n"
        )
        #expect(found.count == 5, "\(found)")
        #expect(
            found.first?.hasPrefix("grants.yaml:1:1: there is no key duration_maxx here") == true, "\(found)")
        #expect(problems("- a\n").count == 1)
        #expect(!problems("{").isEmpty)
        let policy = try GrantPolicyFile.policy(
            Array("scopes: [{system: aws, accounts: [111122223333], provider: Teleport}]".utf8), named: "g")
        #expect(policy.scopes.first?.accounts == ["111122223333"])
    }
}
