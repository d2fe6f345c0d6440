import Ports
import Testing

@testable import Engine
@testable import Pipeline

/// Lists of Entra's roles and groups and of Okta's groups, held against what their audit logs told.
@Suite struct DirectorySnapshotTests {
    typealias Directory = DirectoryMaterial

    private static func moment(_ day: Int) -> Timestamp {
        Timestamp(iso8601: Directory.time(day, 12)) ?? .epoch
    }

    /// `subject part` of what was there, `!` before what nobody told, with the day since when it must have happened.
    private static func access(
        _ run: DriftRun, _ kind: AccessState.Kind, _ account: String, day: Int
    ) -> [String] {
        run.drift.state.allSubjects.filter { $0.account == account }.flatMap { subject in
            run.drift.state.parts(account, subject.name, kind, at: moment(day)).map { part in
                let since = part.entry.unseenSince.map { " !\(DriftFinding.text($0).prefix(10).suffix(2))" }
                return "\(subject.name) \(part.name)\(since ?? "")"
            }
        }
    }

    private static func gaps(_ run: DriftRun) -> [String] {
        run.report().findings.filter { $0.code == .telemetryGap }.map(\.subject).sorted()
    }

    private static func who(_ run: DriftRun, _ action: String, on resource: String = "*", day: Int = 9)
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

    // MARK: Snowflake

    @Test("Snowflake's rows tell who had which role and privilege when, through roles in roles that go round")
    func snowflake() async throws {
        let table =
            "\"GRANTED_ON\":\"TABLE\",\"NAME\":\"ORDERS\",\"TABLE_CATALOG\":\"SALES\",\"TABLE_SCHEMA\":\"PUBLIC\""
        func role(_ name: String) -> String {
            "\"PRIVILEGE\":\"USAGE\",\"GRANTED_ON\":\"ROLE\",\"NAME\":\"\(name)\""
        }
        let rows = [
            Directory.snowflake("\"ROLE\":\"ENGINEER\"", to: "USER", "ANA", day: 2),
            Directory.snowflake("\"ROLE\":\"ANALYST\"", to: "USER", "BO", day: 2, until: 5),
            Directory.snowflake(role("ANALYST"), to: "ROLE", "ENGINEER", day: 2),
            Directory.snowflake(role("ENGINEER"), to: "ROLE", "ANALYST", day: 2),
            Directory.snowflake("\"PRIVILEGE\":\"SELECT\",\(table)", to: "ROLE", "ANALYST", day: 2),
            Directory.snowflake(
                "\"PRIVILEGE\":\"SELECT\",\(table)", to: "ROLE", "ANALYST", day: 2, until: 3, by: "SYSADMIN"),
            Directory.snowflake(
                "\"PRIVILEGE\":\"USAGE\",\"GRANTED_ON\":\"DATABASE\",\"NAME\":\"SALES\"", to: "ROLE",
                "ANALYST", day: 2),
            Directory.snowflake("\"ROLE\":\"ACCOUNTADMIN\"", to: "USER", "ANA", day: 2),
        ]
        let run = try await DriftMaterial.run(rows)
        let unknown = "(whether it can use schema sales.public)"
        #expect(
            Self.who(run, "SELECT", on: "SALES.PUBLIC.ORDERS", day: 4) == [
                "user/ANA by role ANALYST, role ENGINEER \(unknown)", "user/BO by role ANALYST \(unknown)",
            ])
        #expect(
            Self.who(run, "select", on: "sales.public.orders", day: 6)
                == ["user/ANA by role ANALYST, role ENGINEER \(unknown)"])
        #expect(Self.who(run, "SELECT", on: "SALES.PUBLIC.ORDERS", day: 1) == [])
        #expect(Self.who(run, "role:ANALYST", day: 6) == ["user/ANA by role ENGINEER"])
        // A privilege that stands is its role's; that somebody has the administrator's role for good is told.
        #expect(
            run.report().findings.filter { $0.code == .standing }.map(\.subject) == ["user/ANA"])
        let other = try await DriftMaterial.run(rows.reversed())
        #expect(other.drift.state.facts(at: Self.moment(4)) == run.drift.state.facts(at: Self.moment(4)))
    }

    // MARK: Trouble

    @Test("Who has a role waits for what roles are called, no longer than for an event")
    func order() throws {
        let account = "Azure"
        let taken = Self.moment(3)
        func end(_ id: String, _ list: String, _ taken: Timestamp) -> SnapshotFact {
            .end(
                SnapshotEnd(
                    snapshot: id, service: .entraRoles, account: account, part: list, begun: taken,
                    taken: taken,
                    items: 1, isComplete: true))
        }
        let assigned = SnapshotFact.item(
            snapshot: "a", uid: "1",
            facts: [AccessState.Key(account, "bo", .assignment, Directory.administrator): "x"])
        let defined = SnapshotFact.item(
            snapshot: "d", uid: "2",
            facts: [EntraRoleItem.definition(of: Directory.administrator, in: account): "{}"])
        var book = SnapshotBook()
        for fact in [assigned, end("a", "assignments", taken), defined] { book.take(fact, at: taken) }
        let wait = SnapshotBook.wait
        #expect(book.due(at: taken + wait).isEmpty)
        #expect(book.nextLook == taken + wait * 2)
        var late = book
        #expect(late.due(at: taken + wait * 2).map(\.end.snapshot) == ["a"])
        book.take(end("d", "definitions", taken + .seconds(90)), at: taken + .seconds(90))
        #expect(book.due(at: taken + wait + .seconds(90)).first?.end.snapshot == "d")
        #expect(book.due(at: taken + wait + .seconds(90)).map(\.end.snapshot) == ["a"])
    }

    @Test(
        "Lists of one moment that contradict each other come to the same in whatever order, and that is a gap"
    )
    func contradiction() async throws {
        func list(_ name: String, _ users: [String]) -> [String] {
            Directory.list("okta.groups", day: 5, users.map { Directory.okta("Admins", $0) }).map {
                $0.replacing("okta.groups-all-lists-5", with: name)
            }
        }
        let (one, two) = (list("list-1", ["bo@example.com"]), list("list-2", ["cy@example.com"]))
        let first = Directory.list("okta.groups", day: 3, [Directory.okta("Admins", "bo@example.com")])
        let run = try await DriftMaterial.run(first + one + two)
        let other = try await DriftMaterial.run(two + one + first)
        #expect(run.drift.state.facts(at: Self.moment(9)) == other.drift.state.facts(at: Self.moment(9)))
        #expect(Self.gaps(run) == Self.gaps(other))
        #expect(Self.gaps(run).contains("cy@example.com"))
    }

    @Test("Groups within groups as deep as one likes, and in a circle, are gone through once")
    func depth() {
        var state = AccessState()
        func put(_ subject: String, in group: String) {
            state.apply(
                AccessState.Change(
                    AccessState.Key("Azure", subject, .membership, group),
                    AccessState.Entry(
                        time: Self.moment(1), uid: subject, value: "member", actor: "", operation: "x")))
        }
        let deep = 20_000
        for number in 0..<deep { put("group/\(number)", in: "\((number + 1) % deep)") }
        put("bo@example.com", in: "0")
        let members = state.members(of: "group/\(deep - 1)", in: "Azure", at: Self.moment(2))
        #expect(members.people.map(\.name) == ["bo@example.com"])
        #expect(
            state.groups(of: "bo@example.com", in: "Azure", at: Self.moment(2)).count
                == AccessState.nestingMax)
    }

    @Test("A group and a person that were renamed are the same by their ids, and that is no gap")
    func renamed() async throws {
        let (old, new) = (("Finance", 82), ("Finance team", 82))
        let added = Directory.entra(
            "Add member to group", day: 2, target: Directory.person("bo@example.com", 2),
            changes: ["Group.ObjectID": Directory.id(82), "Group.DisplayName": "Finance"])
        let run = try await DriftMaterial.run(
            [added]
                + Directory.list("entra.groups", day: 3, [Directory.member(of: old, "bo@example.com", 2)])
                + Directory.list("entra.groups", day: 5, [Directory.member(of: new, "Bo@example.com", 2)]))
        #expect(Self.access(run, .membership, "Azure", day: 6) == ["bo@example.com Finance"])
        #expect(Self.gaps(run).isEmpty)
    }

    @Test("A tenant that its collector names is the account of what it lists, as it is of its log")
    func tenant() async throws {
        let tenant = "11111111-2222-4333-8444-555555555555"
        let parameters = "{\"tenant\":\"\(tenant)\"}"
        let run = try await DriftMaterial.run(
            Directory.list(
                "entra.roles", "definitions", day: 3, [Directory.definition()], parameters: parameters)
                + Directory.list(
                    "entra.roles", "assignments", day: 3, [Directory.assignment("bo@example.com", 2)],
                    parameters: parameters))
        #expect(
            Self.access(run, .assignment, tenant, day: 4) == ["bo@example.com Global Administrator"])
    }
}
