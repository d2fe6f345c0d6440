import Ports
import Simulation
import Testing

@testable import Engine
@testable import Pipeline

/// A directory's lists in a pipeline that runs, and is started anew.
@Suite struct DirectoryStreamTests {
    typealias Directory = DirectoryMaterial

    private static let pipeline = DriftMaterial.pipeline(
        [("items", "okta.groups"), ("marks", "martlet.snapshot"), ("changes", "okta.system_log")])

    @Test("A membership that no event told is a gap half an hour after the list; a late event takes it back")
    func gap() throws {
        func list(_ day: Int, _ users: [String]) -> (items: String, mark: String) {
            let lines = Directory.list(
                "okta.groups", day: day, users.map { Directory.okta("Platform Admins", $0) })
            return (
                lines.dropLast().map { $0 + "\n" }.joined(), lines.last.map { $0 + "\n" } ?? ""
            )
        }
        let (first, second) = (list(3, ["bo@example.com"]), list(5, ["bo@example.com", "cy@example.com"]))
        var pipeline = RestartedPipeline(
            Self.pipeline,
            ["/items/1.json": first.items, "/marks/1.json": first.mark, "/changes/0.json": ""],
            in: Simulation(seed: 7, start: Timestamp(iso8601: "2026-05-05T06:10:00Z") ?? .epoch))
        try pipeline.run()
        pipeline.write(second.items, to: "/items/2.json")
        pipeline.write(second.mark, to: "/marks/2.json")
        pipeline.restart()
        try pipeline.run()
        #expect(try DriftMaterial.gaps(pipeline.delivered).isEmpty)
        try pipeline.world.run(for: .hours(2)) { [world = pipeline.world] in
            try await world.sleep(until: world.now + .hours(1))
        }
        pipeline.restart()
        try pipeline.run()
        #expect(try DriftMaterial.gaps(pipeline.delivered).map(\.since) == ["2026-05-03T06:00:00Z"])
        let added = Directory.okta(
            "group.user_membership.add", day: 4,
            [("User", "cy@example.com"), ("UserGroup", "Platform Admins")])
        pipeline.write(added + "\n", to: "/changes/1.json")
        pipeline.restart()
        try pipeline.run()
        #expect(try DriftMaterial.gaps(pipeline.delivered).isEmpty)
    }
}
