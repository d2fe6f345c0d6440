import Codecs
import Engine
import Exporters
import Ports
import Simulation
import Testing

@testable import Pipeline

/// Baselines in a running pipeline: what stands in the end is what `detect` says of all events at once, whatever the
/// order in which objects come, however often, and wherever the machine stops.
@Suite struct BehaviourRunTests {
    private static let pipeline = """
        name: p
        collectors: {in: {feed: aws.cloudtrail, from: files, paths: /logs}}
        rules: []
        behaviour: {budget: 3}
        store: {enabled: false}
        exporters:
          out: {to: file, path: /out, compression: none}
        """
    private static let days = 13

    private final class Lines { var all: [String] = [] }

    private static func record(
        _ second: Int, _ uid: String, _ person: Int, _ action: String, ip: String, agent: String
    ) -> String {
        let time = (Timestamp(seconds: 1_789_948_800) + .seconds(second)).iso8601
        let parts = action.split(separator: ":")
        return """
            {"eventVersion":"1.08","eventName":"\(parts[1])","eventSource":"\(parts[0]).amazonaws.com",\
            "eventTime":"\(time)","eventID":"\(uid)","sourceIPAddress":"\(ip)","awsRegion":"eu-west-1",\
            "userAgent":"\(agent)","recipientAccountId":"111122223333","eventType":"AwsApiCall",\
            "userIdentity":{"type":"IAMUser","userName":"p\(person)","accountId":"111122223333",\
            "arn":"arn:aws:iam::111122223333:user/p\(person)","accessKeyId":"AKIAEXAMPLE\(person)"}}
            """
    }

    /// Two weeks of twenty people, and one day on which somebody else has the key of one of them.
    private static func logs(_ world: Simulation) -> [String] {
        var records: [String] = []
        for day in 0..<days {
            for person in 0..<20 {
                for number in 0..<5 {
                    let second = day * 86_400 + 28_800 + Int(world.next() % 30_000)
                    records.append(
                        record(
                            second, "d\(day)-\(person)-\(number)", person,
                            "ec2:Describe\(["Instances", "Volumes", "Images"][Int(world.next() % 3)])",
                            ip: "198.\(51 + person % 3).100.\(person + 1)", agent: "aws-cli/2.15 os/linux"))
                }
            }
        }
        for number in 0..<12 {
            records.append(
                record(
                    (days - 2) * 86_400 + 36_000 + number * 30, "theft-\(number)", 7,
                    number < 10 ? "iam:List\(number)" : "iam:CreateAccessKey", ip: "192.0.2.66",
                    agent: "Boto3/1.26 os/windows"))
        }
        records += records.filter { _ in world.next() % 12 == 0 }
        return spread(records, world)
    }

    /// Records over five objects, each of which has a stretch of time and some of its neighbours'.
    static func spread(_ records: [String], _ world: Simulation) -> [String] {
        var files = [[String]](repeating: [], count: 5)
        for (place, record) in records.enumerated() {
            let own = min(4, place * 5 / records.count)
            files[world.next() % 9 == 0 ? Int(world.next() % 5) : own].append(record)
        }
        return files.map { $0.joined(separator: "\n") + "\n" }
    }

    /// Findings of behaviour that stand in the end, by their uid.
    static func standing(_ lines: [String]) throws -> [String: String] {
        var standing: [String: String] = [:]
        for line in lines where line.contains("\"martlet.behaviour.") {
            let finding = try JSONReader.document(in: Array(line.utf8), file: "out")
            let uid = try #require(finding["metadata"]?["uid"]?.string)
            standing[uid] = finding["activity_id"]?.integer == 3 ? nil : line
        }
        return standing
    }

    /// What `detect` finds in the same files.
    static func expected(_ logs: [String], _ geography: Geography? = nil) async throws -> [String: String] {
        let lines = Lines()
        var settings = BehaviourSettings()
        settings.budget = 3
        let run = try DetectionRun(
            feed: "aws.cloudtrail", RuleSet(), try MappingCatalog.builtIn(), onlyMatches: false,
            behaviour: settings, geography: geography,
            refused: try await InputRefusals(feed: "aws.cloudtrail", keptIn: nil)
        ) { lines.all.append(String(decoding: $0.dropLast(), as: UTF8.self)) }
        for log in logs {
            run.begin("log")
            run.feed(Array(log.utf8).span)
            run.finish(fault: nil)
        }
        run.close()
        return try standing(lines.all)
    }

    @Test(
        "The same findings as detect over the same files, through crashes",
        arguments: 1...6 as ClosedRange<UInt64>)
    func crashes(seed: UInt64) throws {
        let world = Simulation(seed: seed)
        var pipeline = RestartedPipeline(Self.pipeline, in: world)
        let logs = Self.logs(world)
        for (place, text) in logs.enumerated() {
            pipeline.write(text, to: "/logs/\(place)")
            pipeline.restart(stoppingBefore: seed % 3 == 0 ? nil : Int(world.next() % 40))
            try? pipeline.run()
        }
        pipeline.restart()
        try pipeline.run()
        let found = try world.run { try await Self.expected(logs) }
        let expected = try #require(found)
        let text = pipeline.delivered
        #expect(expected.values.contains { $0.contains("user/p7 had a day") })
        #expect(try Self.standing(text) == expected)
        let ledger = try #require(try pipeline.ledger())
        #expect(ledger.rows.values.allSatisfy { $0.isBalanced })
    }

    @Test("The log gives back what was written to it, settled days too, and a cut file as far as it is whole")
    func log() throws {
        let world = Simulation(seed: 3)
        let volume = SimulatedVolume(world)
        let logs = Self.logs(world)
        try world.run {
            var settings = BehaviourSettings()
            settings.bytes = 200_000
            let run = try DetectionRun(
                feed: "aws.cloudtrail", RuleSet(), try MappingCatalog.builtIn(), onlyMatches: false,
                behaviour: settings, refused: try await InputRefusals(feed: "aws.cloudtrail", keptIn: nil)
            ) { _ in }
            run.begin("log")
            for log in logs { run.feed(Array(log.utf8).span) }
            run.close()
            let behaviour = try #require(run.behaviour)
            #expect(behaviour.notes.settlements > 0)
            let (settled, open) = behaviour.kept
            let log = BehaviourLog(volume: volume)
            _ = try await log.open()
            try await log.append(open, [])
            try await log.replace(settled: settled, open, behaviour.standing)
            let read = try await BehaviourLog(volume: volume).open()
            #expect(read.settled == settled)
            #expect(read.facts.map(\.encoded) == open.map(\.encoded))
            #expect(read.told == behaviour.standing)
            #expect(read.damaged == 0)
            var again = Behaviour(settings)
            let isRestored = again.restore(settled: settled)
            #expect(isRestored)
            #expect(again.kept.settled == settled)
            for cut in stride(from: 0, to: settled.count, by: max(1, settled.count / 50)) {
                var other = Behaviour(settings)
                let isBroken = !other.restore(settled: Array(settled.prefix(cut)))
                #expect(isBroken)
            }
        }
    }
}
