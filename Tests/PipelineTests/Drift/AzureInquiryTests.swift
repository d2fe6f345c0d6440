import Testing

@testable import Engine
@testable import Pipeline

/// Who may do something in Azure, by what its lists and its activity log tell.
@Suite struct AzureInquiryTests {
    typealias Material = DriftMaterial

    private static let subscription = "00000051-0000-4000-8000-000000000051"
    private static let scope = "/subscriptions/\(subscription)"
    private static let machine = "\(scope)/resourceGroups/app/providers/Microsoft.Compute/virtualMachines/vm1"
    private static let delete = "Microsoft.Compute/virtualMachines/delete"

    private static func id(_ type: String, _ name: String) -> String {
        "\(scope)/providers/Microsoft.Authorization/\(type)/\(name)"
    }

    private static func item(_ stream: String, _ type: String, _ name: String, _ properties: String) -> String
    {
        "{\"id\":\"\(id(type, name))\",\"name\":\"\(name)\",\"type\":\"Microsoft.Authorization/\(type)\","
            + "\"properties\":{\(properties)},\"snapshot\":{\"feed\":\"azure.roles\",\"id\":\"\(stream)-1\","
            + "\"stream\":\"\(stream)\",\"taken_at\":\"2026-05-05T06:00:04Z\"}}"
    }

    private static func whole(_ stream: String, _ items: [String]) -> [String] {
        items + [
            "{\"begun_at\":\"2026-05-05T06:00:00Z\",\"coverage\":[],\"items\":\(items.count),\"status\":\"complete\","
                + "\"snapshot\":{\"feed\":\"azure.roles\",\"id\":\"\(stream)-1\",\"mark\":\"end\",\"stream\":\"\(stream)\","
                + "\"taken_at\":\"2026-05-05T06:00:09Z\"}}"
        ]
    }

    private static func given(
        _ role: String, _ principal: String, at scope: String = scope, condition: String = "null"
    ) -> String {
        "\"roleDefinitionId\":\"\(id("roleDefinitions", role))\",\"principalId\":\"\(principal)\","
            + "\"principalType\":\"User\",\"scope\":\"\(scope)\",\"condition\":\(condition)"
    }

    private static func definition(_ name: String, _ actions: String, except: String = "") -> String {
        item(
            "definitions", "roleDefinitions", name,
            "\"roleName\":\"\(name)\",\"type\":\"BuiltInRole\",\"assignableScopes\":[\"/\"],\"permissions\":[{\"actions\":"
                + "[\(actions)],\"notActions\":[\(except)],\"dataActions\":[],\"notDataActions\":[]}]")
    }

    private static let definitions = whole(
        "definitions",
        [
            definition("owner", "\"*\""), definition("reader", "\"*/read\""),
            definition("contributor", "\"*\"", except: "\"Microsoft.Compute/*\""),
        ])

    private static let assignments = whole(
        "assignments",
        [
            item("assignments", "roleAssignments", "a1", given("owner", "ada")),
            item(
                "assignments", "roleAssignments", "a2",
                given("READER", "bo", at: "\(scope)/resourcegroups/APP")),
            item("assignments", "roleAssignments", "a3", given("contributor", "cy")),
            item("assignments", "roleAssignments", "a4", given("untold", "dee")),
            item(
                "assignments", "roleAssignments", "a5",
                given("owner", "eve", at: "\(scope)/resourceGroups/other")),
            item(
                "assignments", "roleAssignments", "a6",
                given("owner", "flo", condition: "\"@Resource[x] StringEquals 'y'\"")),
        ])

    private static func answers(
        _ records: [String], _ action: String, on resource: String = machine,
        at time: String = "2026-05-09T00:00:00Z"
    ) async throws -> [String] {
        let run = try await Material.run(records)
        return AccessInquiry(run.drift.state, at: Timestamp(iso8601: time) ?? .epoch).answers(
            to: AccessInquiry.Question(action: action, resource: resource)
        ).map { "\($0.isAllowed ? "" : "?")\($0.principal)" }
    }

    @Test(
        "Whoever has a role whose definition permits it at the resource or above may; what nobody told is said"
    )
    func lists() async throws {
        let all = Self.definitions + Self.assignments
        #expect(try await Self.answers(all, Self.delete) == ["ada", "?dee", "?flo"])
        let read = "Microsoft.Compute/virtualMachines/read"
        #expect(try await Self.answers(all, read) == ["ada", "bo", "?dee", "?flo"])
        // Nobody's role permits anything with data.
        let data = "data:Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read"
        #expect(try await Self.answers(all, data) == ["?dee"])
        // Without definitions it is known of nobody.
        #expect(
            try await Self.answers(Self.assignments, Self.delete) == ["?ada", "?bo", "?cy", "?dee", "?flo"])
    }

    @Test("A role that could be activated, and a deny assignment, leave it open")
    func open() async throws {
        let eligible = Self.whole(
            "eligible",
            [
                Self.item(
                    "eligible", "roleEligibilityScheduleInstances", "e1",
                    Self.given("owner", "gus") + ",\"memberType\":\"Direct\"")
            ])
        #expect(try await Self.answers(Self.definitions + eligible, Self.delete) == ["?gus"])
        let denial = Self.whole(
            "denials",
            [
                Self.item(
                    "denials", "denyAssignments", "d1",
                    "\"denyAssignmentName\":\"stay\",\"scope\":\"\(Self.scope)/resourceGroups/app\",\"permissions\":[],"
                        + "\"principals\":[],\"excludePrincipals\":[]")
            ])
        let run = try await Material.run(Self.definitions + Self.assignments + denial)
        let answers = AccessInquiry(run.drift.state, at: Timestamp(iso8601: "2026-05-09T00:00:00Z") ?? .epoch)
            .answers(to: AccessInquiry.Question(action: Self.delete, resource: Self.machine))
        let ada = try #require(answers.first { $0.principal == "ada" })
        #expect(ada.unknown == ["what the deny assignment at \(Self.scope)/resourceGroups/app refuses"])
    }

    // MARK: Groups, management groups

    private static let finance = "00000082-0000-4000-8000-000000000000"
    private static let group = "/providers/Microsoft.Management/managementGroups/corp"

    @Test("A group that is assigned a role stands for its members, by lists and by the directory's log")
    func groups() async throws {
        let assigned = Self.whole(
            "assignments",
            [
                Self.item(
                    "assignments", "roleAssignments", "a1",
                    Self.given("owner", Self.finance).replacing("\"User\"", with: "\"Group\""))
            ])
        let all = Self.definitions + assigned
        #expect(try await Self.answers(all, Self.delete) == ["the members of group \(Self.finance)"])
        let list = DirectoryMaterial.list(
            "entra.groups", day: 4, [DirectoryMaterial.member(of: ("Finance", 82), "bo@example.com", 2)])
        #expect(try await Self.answers(all + list, Self.delete) == ["bo@example.com"])
        let added = DirectoryMaterial.entra(
            "Add member to group", day: 4, target: DirectoryMaterial.person("cy@example.com", 3),
            changes: ["Group.ObjectID": Self.finance, "Group.DisplayName": "Finance"])
        #expect(try await Self.answers(all + [added], Self.delete) == ["cy@example.com"])
        let removed = DirectoryMaterial.entra(
            "Remove member from group", day: 6, target: DirectoryMaterial.person("cy@example.com", 3),
            changes: ["Group.ObjectID": Self.finance, "Group.DisplayName": "Finance"], isGone: true)
        #expect(
            try await Self.answers(all + [added, removed], Self.delete) == ["the members of group Finance"])
    }

    /// A record of the activity log about management groups.
    private static func activity(_ operation: String, _ id: String, request: String = "null") -> String {
        "{\"eventDataId\":\"m-\(id.count)\",\"eventTimestamp\":\"2026-05-05T08:00:00Z\",\"operationName\":{\"value\":\"\(operation)\"},"
            + "\"resourceId\":\"\(id)\",\"resourceProviderName\":{\"value\":\"Microsoft.Management\"},\"status\":{\"value\":"
            + "\"Succeeded\"},\"caller\":\"ada@example.com\",\"category\":{\"value\":\"Administrative\"},\"level\":\"Informational\","
            + "\"tenantId\":\"11111111-2222-4333-8444-555555555555\",\"properties\":{\"requestbody\":\(request)}}"
    }

    @Test(
        "What is assigned at a management group holds below it where lists or the activity log say what is below"
    )
    func managementGroups() async throws {
        func assigned(_ scope: String) -> [String] {
            let item = Self.item(
                "assignments", "roleAssignments", "a1", Self.given("owner", "ada", at: Self.group)
            ).replacing("\"id\":\"\(Self.scope)/", with: "\"id\":\"\(Self.group)/")
            return Self.whole("assignments", [item]).map {
                $0.replacing(
                    "\"mark\":\"end\",",
                    with: "\"mark\":\"end\",\"source\":\"azure\",\"parameters\":{\"scope\":\"\(scope)\"},")
            }
        }
        let above = Self.definitions + assigned("providers/Microsoft.Management/managementGroups/corp")
        #expect(try await Self.answers(above, Self.delete) == ["?ada"])
        // A subscription's own list has it, so it is inherited.
        let inherited = Self.definitions + assigned("subscriptions/\(Self.subscription)")
        #expect(try await Self.answers(inherited, Self.delete) == ["ada"])
        let other = "/subscriptions/00000052-0000-4000-8000-000000000052/resourceGroups/x"
        #expect(try await Self.answers(inherited, Self.delete, on: other) == ["?ada"])
        // Group in group, and up to the tenant's own: then nothing more stands above.
        let moved = [
            Self.activity(
                "Microsoft.Management/managementGroups/subscriptions/write",
                "/providers/Microsoft.Management/managementGroups/lab/subscriptions/\(Self.subscription)"),
            Self.activity(
                "Microsoft.Management/managementGroups/write",
                "/providers/Microsoft.Management/managementGroups/lab",
                request:
                    "\"{\\\"properties\\\":{\\\"details\\\":{\\\"parent\\\":{\\\"id\\\":\\\"\(Self.group)\\\"}}}}\""
            ),
        ]
        #expect(try await Self.answers(above + moved, Self.delete) == ["ada"])
        let tenant = "/providers/Microsoft.Management/managementGroups/11111111-2222-4333-8444-555555555555"
        let elsewhere = moved.map { $0.replacing(Self.group, with: tenant) }
        #expect(try await Self.answers(above + elsewhere, Self.delete) == [])
    }
}
