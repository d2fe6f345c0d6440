import Ports
import Testing

@testable import Engine
@testable import Pipeline

/// Lists of Entra's roles and groups and of Okta's groups, held against what their audit logs told.
@Suite struct DirectorySnapshotTests {
    typealias Directory = DirectoryMaterial

    static func moment(_ day: Int) -> Timestamp {
        Timestamp(iso8601: Directory.time(day, 12)) ?? .epoch
    }

    /// `subject part` of what was there, `!` before what nobody told, with the day since when it must have happened.
    static func access(
        _ run: DriftRun, _ kind: AccessState.Kind, _ account: String, day: Int
    ) -> [String] {
        run.drift.state.allSubjects.filter { $0.account == account }.flatMap { subject in
            run.drift.state.parts(account, subject.name, kind, at: moment(day)).map { part in
                let since = part.entry.unseenSince.map { " !\(DriftFinding.text($0).prefix(10).suffix(2))" }
                return "\(subject.name) \(part.name)\(since ?? "")"
            }
        }
    }

    static func gaps(_ run: DriftRun) -> [String] {
        run.report().findings.filter { $0.code == .telemetryGap }.map(\.subject).sorted()
    }

    static func who(_ run: DriftRun, _ action: String, on resource: String = "*", day: Int = 9)
        -> [String]
    {
        AccessInquiry(
            run.drift.state, at: moment(day), shortfalls: run.drift.shortfalls(at: moment(day))
        ).answers(to: AccessInquiry.Question(action: action, resource: resource)).map { answer in
            let via = answer.via.isEmpty ? "" : " by \(answer.via.joined(separator: ", "))"
            let unknown = answer.unknown.isEmpty ? "" : " (\(answer.unknown.joined(separator: "; ")))"
            return "\(answer.isAllowed ? "" : "?")\(answer.principal)\(via)\(unknown)"
        }
    }

    // MARK: Entra

    private static func roles(
        _ day: Int, _ assignments: [String], definitions: [String] = [Directory.definition()],
        status: String = "complete"
    ) -> [String] {
        Directory.list("entra.roles", "assignments", day: day, assignments, status: status)
            + Directory.list("entra.roles", "definitions", day: day, definitions)
    }

    private static let given = Directory.entra(
        "Add member to role", day: 4, target: Directory.person("cy@example.com", 3),
        changes: ["Role.DisplayName": "Global Administrator"])

    @Test(
        "Entra's roles are told under their names; what no event told is a gap, and what is no more is closed"
    )
    func entraRoles() async throws {
        let (bo, cy) = (Directory.assignment("bo@example.com", 2), Directory.assignment("cy@example.com", 3))
        let records = Self.roles(3, [bo]) + Self.roles(5, [cy])
        let run = try await DriftMaterial.run(records)
        #expect(
            Self.access(run, .assignment, "Azure", day: 4) == ["bo@example.com Global Administrator"])
        #expect(
            Self.access(run, .assignment, "Azure", day: 6)
                == ["cy@example.com Global Administrator !03"])
        #expect(Self.gaps(run) == ["bo@example.com", "cy@example.com"])
        let told = try await DriftMaterial.run(records + [Self.given])
        #expect(Self.gaps(told) == ["bo@example.com"])
        // In whatever order: the lists of one moment, and what the log told.
        let other = try await DriftMaterial.run((records + [Self.given]).reversed())
        #expect(other.drift.state.facts(at: Self.moment(9)) == told.drift.state.facts(at: Self.moment(9)))
        // A list that broke off closes nothing, and it is said.
        let partial = try await DriftMaterial.run(
            Self.roles(3, [bo]) + Self.roles(5, [cy], status: "partial"))
        #expect(Self.access(partial, .assignment, "Azure", day: 6).count == 2)
        #expect(
            partial.drift.shortfalls(at: Self.moment(6)).map(\.what).contains {
                $0 == "what entra.roles (assignments) in Azure does not show"
            })
    }

    @Test("An activation keeps its end when a list shows it, and a role whose name nobody told is no gap")
    func entraDetails() async throws {
        let activated = Directory.entra(
            "Add member to role completed (PIM activation)", day: 4,
            target: Directory.person("cy@example.com", 3),
            changes: ["Role.DisplayName": "Global Administrator"])
        let list = Self.roles(3, []) + Self.roles(5, [Directory.assignment("cy@example.com", 3)])
        let run = try await DriftMaterial.run(list + [activated])
        #expect(Self.gaps(run).isEmpty)
        let key = AccessState.Key("Azure", "cy@example.com", .assignment, "Global Administrator")
        let value = run.drift.state.value(key, at: Self.moment(6))
        #expect(value.map { AccessAssignment(text: $0).expiry } == "activation")
        let nameless = try await DriftMaterial.run(
            Self.roles(3, [], definitions: [])
                + Self.roles(5, [Directory.assignment("cy@example.com", 3)], definitions: [])
                + Self.roles(6, [Directory.assignment("cy@example.com", 3)]))
        #expect(
            Self.access(nameless, .assignment, "Azure", day: 5) == [
                "cy@example.com \(Directory.administrator)"
            ])
        let named = Self.access(nameless, .assignment, "Azure", day: 7)
        #expect(named.map { $0.prefix { $0 != "!" } } == ["cy@example.com Global Administrator "])
    }

    @Test("Who could activate a role is known from its own list, and is said not to be active")
    func eligible() async throws {
        let more =
            ",\"memberType\":\"Direct\",\"endDateTime\":\"2027-01-01T00:00:00Z\",\"roleDefinition\":{\"displayName\":\"Global Administrator\"}"
        let item = Directory.assignment("bo@example.com", 2, more: more)
        let records =
            Directory.list("entra.eligibilities", day: 3, [item])
            + Directory.list("entra.eligibilities", day: 5, [])
        let run = try await DriftMaterial.run(records)
        #expect(
            Self.who(run, "role:Global Administrator", day: 4)
                == ["?bo@example.com (whether the role is activated)"])
        #expect(Self.who(run, "role:Global Administrator", day: 6) == [])
        #expect(Self.gaps(run) == ["bo@example.com"])
    }

    @Test("A group's role reaches its members, through groups in it that go round as well")
    func nested() async throws {
        let (admins, helpers) = (("Admins", 81), ("Helpers", 82))
        let groups = Directory.list(
            "entra.groups", day: 3,
            [
                Directory.member(of: admins, "Helpers", 82, kind: "group"),
                Directory.member(of: helpers, "Admins", 81, kind: "group"),
                Directory.member(of: helpers, "bo@example.com", 2),
            ])
        let reset = "microsoft.directory/users/password/update"
        let lists = Self.roles(3, [Directory.assignment("Admins", 81, kind: "group")])
        #expect(
            Self.who(try await DriftMaterial.run(lists), reset)
                == ["the members of group Admins (who is in group Admins)"])
        let run = try await DriftMaterial.run(lists + groups)
        #expect(Self.who(run, reset) == ["bo@example.com by group Admins, group Helpers"])
        #expect(Self.who(run, "microsoft.directory/applications/create") == [])
        #expect(
            Self.who(run, "role:global administrator") == ["bo@example.com by group Admins, group Helpers"])
        #expect(
            run.drift.state.groups(of: "bo@example.com", in: "Azure", at: Self.moment(9)).map(\.name)
                == ["group/Admins", "group/Helpers"])
        // Without definitions it is not known what the role permits.
        let untold = try await DriftMaterial.run([Self.given])
        #expect(
            Self.who(untold, reset)
                == ["?cy@example.com (what directory role Global Administrator permits)"])
        // A group that was deleted gives nobody anything any more.
        let deleted = Directory.entra(
            "Delete group", day: 4, target: Directory.group("Admins", 81), changes: [:])
        #expect(
            Self.who(try await DriftMaterial.run(lists + groups + [deleted]), reset)
                == ["?group Admins (group Admins was deleted)"])
    }

    @Test(
        "Who was deleted in Entra and is still assigned a role stands as dangling, under the name before it")
    func deleted() async throws {
        let mangled = "\(Directory.id(3).filter { $0 != "-" })cy@example.com"
        let gone = Directory.entra(
            "Delete user", day: 6, target: Directory.person(mangled, 3), changes: [:])
        let run = try await DriftMaterial.run([Self.given, gone])
        let findings = run.report().findings
        #expect(findings.filter { $0.code == .dangling }.map(\.subject) == ["cy@example.com"])
        #expect(
            Self.who(run, "role:Global Administrator") == ["?cy@example.com (cy@example.com was deleted)"])
        #expect(Self.who(run, "role:Global Administrator", day: 5) == ["cy@example.com"])
    }

    // MARK: Okta

    private static let added = Directory.okta(
        "group.user_membership.add", day: 4,
        [("User", "cy@example.com"), ("UserGroup", "Platform Admins")])

    @Test("Okta's memberships are told by the log and by lists; a gap, an end, and what Okta gives by itself")
    func okta() async throws {
        func list(_ day: Int, _ users: [String], status: String = "complete") -> [String] {
            Directory.list(
                "okta.groups", day: day,
                users.map { Directory.okta("Platform Admins", $0) }
                    + users.map { Directory.okta("Everyone", $0, type: "BUILT_IN") }, status: status)
        }
        let records = list(3, ["bo@example.com"]) + list(5, ["cy@example.com"])
        let run = try await DriftMaterial.run(records)
        #expect(
            Self.access(run, .membership, "Okta", day: 6)
                == ["cy@example.com Everyone", "cy@example.com Platform Admins !03"])
        #expect(Self.gaps(run) == ["bo@example.com", "cy@example.com"])
        #expect(Self.gaps(try await DriftMaterial.run(records + [Self.added])) == ["bo@example.com"])
        #expect(Self.who(run, "group:Platform Admins", day: 4) == ["bo@example.com by group Platform Admins"])
        #expect(Self.who(run, "group:platform admins") == ["cy@example.com by group Platform Admins"])
        // Who is deleted is in no group any more, and nobody says that of each.
        let gone = Directory.okta("user.lifecycle.delete.completed", day: 4, [("User", "bo@example.com")])
        #expect(Self.gaps(try await DriftMaterial.run(records + [gone])) == ["cy@example.com"])
        let partial = try await DriftMaterial.run(
            list(3, ["bo@example.com"]) + list(5, ["cy@example.com"], status: "partial"))
        #expect(Self.access(partial, .membership, "Okta", day: 6).count == 4)
    }

    @Test("Lists of two organizations that name none close nothing of each other, and that is said")
    func rivals() async throws {
        func list(_ day: Int, _ user: String, by collector: String) -> [String] {
            Directory.list("okta.groups", day: day, [Directory.okta("Admins", user)], by: collector)
        }
        let run = try await DriftMaterial.run(
            list(3, "bo@example.com", by: "east") + list(4, "cy@example.com", by: "west")
                + list(5, "bo@example.com", by: "east") + list(6, "cy@example.com", by: "west"))
        #expect(
            Self.access(run, .membership, "Okta", day: 7).map { $0.prefix { $0 != "!" } }
                == ["bo@example.com Admins", "cy@example.com Admins"])
        #expect(Self.gaps(run).isEmpty)
        let said = run.drift.shortfalls(at: Self.moment(7)).map(\.why)
        #expect(said.contains { $0.hasPrefix("east, west list it") })
    }
}
