import Ports
import Testing

@testable import Engine
@testable import Pipeline

/// Lists that come in another order, contradict each other, rename or go round.
@Suite struct DirectoryTroubleTests {
    typealias Directory = DirectoryMaterial
    typealias Directories = DirectorySnapshotTests

    @Test("Who has a role waits for what roles are called, no longer than for an event")
    func order() throws {
        let account = "Azure"
        let taken = Directories.moment(3)
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
        #expect(
            run.drift.state.facts(at: Directories.moment(9))
                == other.drift.state.facts(at: Directories.moment(9)))
        #expect(Directories.gaps(run) == Directories.gaps(other))
        #expect(Directories.gaps(run).contains("cy@example.com"))
    }

    @Test("Groups within groups as deep as one likes, and in a circle, are gone through once")
    func depth() {
        var state = AccessState()
        func put(_ subject: String, in group: String) {
            state.apply(
                AccessState.Change(
                    AccessState.Key("Azure", subject, .membership, group),
                    AccessState.Entry(
                        time: Directories.moment(1), uid: subject, value: "member", actor: "", operation: "x")
                ))
        }
        let deep = 20_000
        for number in 0..<deep { put("group/\(number)", in: "\((number + 1) % deep)") }
        put("bo@example.com", in: "0")
        let members = state.members(of: "group/\(deep - 1)", in: "Azure", at: Directories.moment(2))
        #expect(members.people.map(\.name) == ["bo@example.com"])
        #expect(
            state.groups(of: "bo@example.com", in: "Azure", at: Directories.moment(2)).count
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
        #expect(Directories.access(run, .membership, "Azure", day: 6) == ["bo@example.com Finance"])
        #expect(Directories.gaps(run).isEmpty)
    }

    @Test("Of two groups that share a name it is said that nobody knows which is meant")
    func shared() async throws {
        let lists =
            Directory.list("entra.roles", "definitions", day: 3, [Directory.definition()])
            + Directory.list(
                "entra.roles", "assignments", day: 3, [Directory.assignment("Finance", 82, kind: "group")])
        let run = try await DriftMaterial.run(
            lists
                + Directory.list(
                    "entra.groups", day: 3,
                    [
                        Directory.member(of: ("Finance", 82), "bo@example.com", 2),
                        Directory.member(of: ("Finance", 83), "cy@example.com", 3),
                    ]))
        let unknown = "which group Finance is meant, of those that share the name"
        #expect(
            Directories.who(run, "microsoft.directory/users/password/update")
                == [
                    "?bo@example.com by group Finance (\(unknown))",
                    "?cy@example.com by group Finance (\(unknown))",
                ])
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
            Directories.access(run, .assignment, tenant, day: 4) == ["bo@example.com Global Administrator"])
    }
}
