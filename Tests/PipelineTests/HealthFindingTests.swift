import Engine
import Ports
import Simulation
import Testing

@testable import Codecs
@testable import Pipeline

/// What threatens delivery itself is told as a finding, before anything comes to harm.
@Suite struct HealthFindingTests {
    private static let pipeline = """
        name: p
        collectors: {in: {from: files, feed: aws.cloudtrail, paths: /logs, interval: 1s}}
        rules: []
        store: {enabled: false}
        dead_letter: {size: 1MiB}
        exporters: {out: {to: file, path: /out, compression: none}}
        """

    private static func rubbish(_ kibibytes: Int, _ name: String) -> String {
        (0..<kibibytes / 20).map {
            "{\"rubbish\": \"\(name)-\($0)-\(String(repeating: "x", count: 20 << 10))" + "\n"
        }
        .joined()
    }

    /// What was delivered, without the files' index.
    private func events(_ pipeline: RestartedPipeline) -> [String] {
        pipeline.delivered.filter { $0.hasPrefix("{") }
    }

    private func findings(_ pipeline: RestartedPipeline) throws -> [Document] {
        try events(pipeline).map { try JSONReader.document(in: Array($0.utf8), file: "line") }.filter {
            $0["finding_info"]?["analytic"]?["uid"]?.string?.hasPrefix("martlet.health.") == true
        }
    }

    @Test("A dead letter that fills up is a valid finding, once a day, before it is full; and one when it is")
    func deadLetter() throws {
        let world = Simulation(seed: 1)
        let pipeline = RestartedPipeline(Self.pipeline, in: world)
        pipeline.write(Self.rubbish(400, "a"), to: "/logs/a.json")
        try pipeline.run()
        #expect(try findings(pipeline).isEmpty)
        pipeline.write(Self.rubbish(500, "b"), to: "/logs/b.json")
        try pipeline.run()
        let first = try findings(pipeline)
        #expect(first.count == 1)
        #expect(
            first[0]["finding_info"]?["analytic"]?["uid"]?.string == "martlet.health.dead_letter_nearly_full")
        #expect(first[0]["severity"]?.string == "High")
        #expect(first[0]["finding_info"]?["desc"]?.string?.contains("martlet deadletter redrive") == true)
        var validator = OCSFValidator(try OCSFContent.schema(.canonical))
        for line in events(pipeline) {
            #expect(validator.findings(in: Array(line.utf8).span).filter(\.isError).isEmpty, "\(line)")
        }
        // More than fits: it is taken, as it began below the limit; from then on it is full.
        pipeline.write(Self.rubbish(300, "c"), to: "/logs/c.json")
        try pipeline.run()
        let codes = try findings(pipeline).compactMap { $0["finding_info"]?["analytic"]?["uid"]?.string }
        #expect(Set(codes).contains("martlet.health.dead_letter_full"), "\(codes)")
        let ledger = try #require(try pipeline.ledger())
        #expect(ledger.total.malformed == 60 && ledger.sorted.allSatisfy { $0.row.isBalanced })
        // What would refuse more waits, nothing of it is lost, and nothing that was kept has gone.
        pipeline.write(Self.rubbish(40, "d"), to: "/logs/d.json")
        try? pipeline.run()
        #expect(try #require(try pipeline.ledger()).total.malformed == 60)
    }
}
