import Codecs
import Ports
import Simulation
import Testing

@testable import Engine
@testable import Pipeline

/// A directory's lists in a pipeline that runs, and is started anew.
@Suite struct DirectoryStreamTests {
    typealias Directory = DirectoryMaterial

    private static let pipeline = """
        name: p
        collectors:
          items: {feed: okta.groups, from: files, paths: /items}
          marks: {feed: martlet.snapshot, from: files, paths: /marks}
          changes: {feed: okta.system_log, from: files, paths: /changes}
        rules: []
        behaviour: {enabled: false}
        attribution: {enabled: false}
        drift: {enabled: true}
        store: {enabled: false}
        exporters:
          out: {to: file, path: /out, compression: none}
        """

    /// Whose gaps stand, and since when.
    private static func gaps(_ lines: [String]) throws -> [String] {
        var standing: [String: String] = [:]
        for line in lines where line.contains("\"martlet.drift.telemetry_gap\"") {
            let finding = try JSONReader.document(in: Array(line.utf8), file: "out")
            let drift = finding["enrichments"]?.list?.first { $0["name"]?.string == "drift" }
            guard let uid = finding["metadata"]?["uid"]?.string else { continue }
            let words =
                "\(drift?["data"]?["subject"]?.string ?? "") \(drift?["data"]?["not_before"]?.string ?? "-")"
            standing[uid] = finding["status_id"]?.integer == 6 ? nil : words
        }
        return standing.values.sorted()
    }

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
        #expect(try Self.gaps(pipeline.delivered).isEmpty)
        try pipeline.world.run(for: .hours(2)) { [world = pipeline.world] in
            try await world.sleep(until: world.now + .hours(1))
        }
        pipeline.restart()
        try pipeline.run()
        let gaps = try Self.gaps(pipeline.delivered)
        #expect(gaps.count == 1 && gaps.allSatisfy { $0.hasSuffix("2026-05-03T06:00:00Z") })
        let added = Directory.okta(
            "group.user_membership.add", day: 4,
            [("User", "cy@example.com"), ("UserGroup", "Platform Admins")])
        pipeline.write(added + "\n", to: "/changes/1.json")
        pipeline.restart()
        try pipeline.run()
        #expect(try Self.gaps(pipeline.delivered).isEmpty)
    }
}
