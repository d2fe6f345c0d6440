import Codecs
import Engine
import Exporters
import Ports
import Simulation
import Testing

@testable import Pipeline

/// Correlations in a running pipeline: what stands in the end is what they say of all events at once, whatever the
/// order in which objects come, however often, and wherever the machine stops.
@Suite struct CorrelationRunTests {
    private static let rules = """
        title: Sign-in failed
        name: failed
        logsource: {product: aws, service: cloudtrail}
        detection: {s: {eventName: ConsoleLogin, errorMessage: Failed authentication}, condition: s}
        ---
        title: Key made
        name: key
        logsource: {product: aws, service: cloudtrail}
        detection: {s: {eventName: CreateAccessKey}, condition: s}
        ---
        title: Many failed sign-ins
        name: guessing
        correlation:
          type: event_count
          rules: [failed]
          group-by: [sourceIPAddress]
          timespan: 10m
          condition: {gte: 3}
        ---
        title: A key made by whoever guessed
        correlation:
          type: temporal_ordered
          rules: [guessing, key]
          group-by: [sourceIPAddress]
          timespan: 1h
          generate: true
        """
    private static let pipeline = """
        name: p
        attribution: {enabled: false}
        collectors: {in: {feed: aws.cloudtrail, from: files, paths: /logs}}
        rules: [/rules/r.yml]
        store: {enabled: false}
        exporters:
          out: {to: file, path: /out, compression: none}
        """

    private final class Lines { var all: [String] = [] }

    private static func record(_ minute: Int, _ uid: String, _ ip: String, isKey: Bool) -> String {
        let what =
            isKey
            ? #""eventName":"CreateAccessKey","eventSource":"iam.amazonaws.com""#
            : #""eventName":"ConsoleLogin","eventSource":"signin.amazonaws.com","errorMessage":"Failed authentication""#
        let time = Timestamp(seconds: 1_790_000_000 + Int64(minute) * 60).iso8601
        return """
            {"eventVersion":"1.08",\(what),"eventTime":"\(time)","eventID":"\(uid)","sourceIPAddress":"\(ip)",\
            "awsRegion":"eu-west-1","userAgent":"cli","recipientAccountId":"111122223333",\
            "userIdentity":{"type":"IAMUser","userName":"ada","accountId":"111122223333"}}
            """
    }

    /// Records of a few addresses over some hours, shuffled over files, some in two of them.
    private static func logs(_ world: Simulation) -> [String] {
        var records: [String] = []
        for number in 0..<60 {
            let minute = Int(world.next() % 240)
            let ip = "192.0.2.\(world.next() % 3)"
            records.append(record(minute, "e\(number)", ip, isKey: world.next() % 5 == 0))
        }
        records += records.prefix(8)
        var files = [[String]](repeating: [], count: 6)
        for record in records { files[Int(world.next() % 6)].append(record) }
        return files.map { $0.joined(separator: "\n") + "\n" }
    }

    /// The correlation findings that stand, by uid, of NDJSON lines in the order in which they were delivered.
    private static func standing(_ lines: [String]) throws -> [String: String] {
        var standing: [String: String] = [:]
        for line in lines where line.contains("\"Sigma correlation\"") {
            let finding = try JSONReader.document(in: Array(line.utf8), file: "out")
            let uid = try #require(finding["metadata"]?["uid"]?.string)
            standing[uid] = finding["activity_id"]?.integer == 3 ? nil : line
        }
        return standing
    }

    private static func expected(_ files: SimulatedFiles, _ paths: [String]) async throws -> [String: String]
    {
        let rules = await RuleLibrary.read(["/rules/r.yml"], shownAs: ["/rules/r.yml"], files)
        let lines = Lines()
        let refused = try await InputRefusals(feed: "aws.cloudtrail", keptIn: nil)
        let catalog = try MappingCatalog.builtIn()
        let run = try DetectionRun(
            feed: "aws.cloudtrail", rules, catalog, onlyMatches: false, refused: refused
        ) { line in
            lines.all.append(String(decoding: line.dropLast(), as: UTF8.self))
        }
        for path in paths {
            let bytes = try await files.read(path, bytesMax: 1 << 20)
            run.begin(path)
            run.feed(bytes.span)
            run.finish(fault: nil)
        }
        run.close()
        return try standing(lines.all)
    }

    @Test(
        "The same findings as detect over the same files, through crashes",
        arguments: Array(1...80) + [249, 318, 486, 786, 1147, 1189, 1739, 2831])
    func crashes(seed: UInt64) throws {
        let world = Simulation(seed: seed)
        var pipeline = RestartedPipeline(Self.pipeline, ["/rules/r.yml": Self.rules], in: world)
        let logs = Self.logs(world)
        let paths = logs.indices.map { "/logs/\($0)" }
        for (path, text) in zip(paths, logs) {
            pipeline.write(text, to: path)
            pipeline.restart(stoppingBefore: seed % 4 == 0 ? nil : Int(world.next() % 40))
            try? pipeline.run()
        }
        pipeline.restart()
        try pipeline.run()
        let found = try world.run { [files = pipeline.files, paths] in try await Self.expected(files, paths) }
        let expected = try #require(found)
        let text = pipeline.delivered
        #expect(expected.count > 0)
        #expect(Set(try Self.standing(text).keys) == Set(expected.keys))
        #expect(try Self.standing(text) == expected)
        let ledger = try #require(try pipeline.ledger())
        #expect(ledger.rows.values.allSatisfy { $0.isBalanced })
    }
}
