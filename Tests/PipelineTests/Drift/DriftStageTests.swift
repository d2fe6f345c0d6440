import Codecs
import Engine
import Ports
import Simulation
import Testing

@testable import Pipeline

/// Drift in a running pipeline: what stands in the end is what `drift` says of all records at once, whatever the order
/// in which they come and wherever the machine stops; and a period has one report.
@Suite struct DriftStageTests {
    typealias Material = DriftMaterial

    private static let pipeline = """
        name: p
        collectors: {in: {feed: aws.cloudtrail, from: files, paths: /logs}}
        rules: []
        behaviour: {enabled: false}
        attribution: {enabled: false}
        drift: {enabled: true}
        store: {enabled: false}
        exporters:
          out: {to: file, path: /out, compression: none}
        """

    private static let records: [String] = DriftTests.rows.flatMap { $0.open }.enumerated().map {
        place, record in
        record.replacing("\"eventID\":\"e-", with: "\"eventID\":\"\(place)-")
    }

    /// What findings say last: uid to status.
    private static func standing(_ lines: [String]) throws -> [String: Int64] {
        var standing: [String: Int64] = [:]
        for line in lines where line.contains("\"martlet.drift.") || line.contains("\"drift\"") {
            let finding = try JSONReader.document(in: Array(line.utf8), file: "out")
            guard let uid = finding["metadata"]?["uid"]?.string, let status = finding["status_id"]?.integer
            else {
                continue
            }
            standing[uid] = status == 6 ? nil : status
        }
        return standing
    }

    @Test("What is delivered in the end is what is so, whatever the order and the crashes", arguments: 1...6)
    func order(seed: UInt64) async throws {
        let report = try await Material.run(Self.records, feed: "aws.cloudtrail").report()
        let expected = Dictionary(
            uniqueKeysWithValues: report.findings.map { ($0.uid, $0.isOpen ? Int64(1) : Int64(4)) })
        #expect(!expected.isEmpty)
        let world = Simulation(seed: seed)
        var shuffled = Self.records
        for index in shuffled.indices { shuffled.swapAt(index, Int(world.next() % UInt64(shuffled.count))) }
        let half = shuffled.count / 2
        var pipeline = RestartedPipeline(
            Self.pipeline, ["/logs/1.json": shuffled[..<half].joined(separator: "\n") + "\n"], in: world)
        pipeline.restart(stoppingBefore: Int(world.next() % 60))
        try? pipeline.run()
        pipeline.restart()
        try pipeline.run()
        pipeline.write(shuffled[half...].joined(separator: "\n") + "\n", to: "/logs/2.json")
        pipeline.restart(stoppingBefore: Int(world.next() % 60))
        try? pipeline.run()
        pipeline.restart()
        try pipeline.run()
        #expect(try Self.standing(pipeline.delivered) == expected)
    }

    @Test("A period has one report, made up for after the machine stood still", arguments: 1...4)
    func report(seed: UInt64) throws {
        let world = Simulation(seed: seed)
        let document =
            Self.pipeline + "\nreports: {daily: {schedule: \"@daily\", delay: 1m, formats: [md]}}\n"
        var pipeline = RestartedPipeline(
            document, ["/logs/1.json": Self.records.joined(separator: "\n") + "\n"], in: world)
        try pipeline.run()
        func reports() throws -> [String] {
            pipeline.delivered.filter { $0.contains("martlet.drift.report") }
        }
        #expect(try reports().isEmpty)
        try world.run(for: .hours(50)) { [world] in try await world.sleep(until: world.now + .hours(49)) }
        pipeline.restart(stoppingBefore: Int(world.next() % 25))
        try? pipeline.run()
        pipeline.restart()
        try pipeline.run()
        pipeline.restart()
        try pipeline.run()
        let uids = try reports().map { line in
            try #require(
                try JSONReader.document(in: Array(line.utf8), file: "out")["metadata"]?["uid"]?.string)
        }
        #expect(Set(uids).count == 2)
    }
}
