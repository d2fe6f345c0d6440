import Codecs
import Ports
import Simulation
import Testing

@testable import Engine
@testable import Pipeline

/// What people say about findings, and what follows from it.
@Suite struct JudgementTests {
    private static let rule = """
        title: Key made
        id: 5d4f7a1e-2222-4333-8444-000000000002
        logsource: {product: aws, service: cloudtrail}
        detection: {s: {eventName: CreateAccessKey}, condition: s}
        """

    private static let correlation = """
        title: Many keys
        id: 5d4f7a1e-2222-4333-8444-000000000003
        correlation:
            type: event_count
            rules: [5d4f7a1e-2222-4333-8444-000000000002]
            group-by: [sourceIPAddress]
            timespan: 10m
            condition: {gte: 2}
        """

    private final class Lines { var all: [String] = [] }

    private static func record(_ day: Int, _ user: String, from address: String = "198.51.100.7") -> String {
        let time = (Timestamp(seconds: 1_789_948_800) + .days(day)).iso8601
        return """
            {"eventVersion":"1.08","eventName":"CreateAccessKey","eventSource":"iam.amazonaws.com",\
            "eventTime":"\(time)","eventID":"e\(day)-\(user)-\(address)","sourceIPAddress":"\(address)","awsRegion":"us-east-1",\
            "userAgent":"cli","recipientAccountId":"111122223333","eventType":"AwsApiCall",\
            "userIdentity":{"type":"IAMUser","userName":"\(user)","accountId":"111122223333",\
            "arn":"arn:aws:iam::111122223333:user/\(user)"}}

            """
    }

    private static func findings(
        _ judgements: Judgements = Judgements(), _ text: String = JudgementTests.rule,
        from addresses: [String] = ["198.51.100.7"]
    ) async throws -> [String] {
        let lines = Lines()
        let rules = RuleSet(reading: try YAMLReader.documents(in: Array(text.utf8), file: "r.yml"))
        let run = try DetectionRun(
            feed: "aws.cloudtrail", rules, try MappingCatalog.builtIn(), onlyMatches: false,
            suppressions: judgements.suppressions,
            refused: try await InputRefusals(feed: "aws.cloudtrail", keptIn: nil)
        ) { lines.all.append(String(decoding: $0, as: UTF8.self)) }
        run.begin("log")
        for day in 0..<6 {
            for address in addresses {
                for user in ["ada", "bo"] { run.feed(Array(record(day, user, from: address).utf8).span) }
            }
        }
        run.finish(fault: nil)
        run.close()
        return lines.all
    }

    @Test("An expected rule is silent about that identity until the time, and about nobody else")
    func expected() throws {
        let world = Simulation(seed: 1)
        let volume = SimulatedVolume(world)
        try world.run {
            let all = try await Self.findings()
            #expect(all.count == 12)
            let text = try #require(all.first { $0.contains("e2-ada") })
            let finding = try JSONReader.document(in: Array(text.utf8), file: "f")
            let start = Timestamp(seconds: 1_789_948_800)
            let judgement = try Judgement(
                on: finding, .expected, at: start + .days(3), until: start + .days(4), note: "a \"move\"")
            try await Judgements.add(judgement, to: volume)
            let read = try await Judgements.read(volume)
            #expect(read.all == [judgement])
            let left = try await Self.findings(read)
            let missing = all.filter { !left.contains($0) }
            #expect(missing.count == 3)
            #expect(missing.allSatisfy { $0.contains("user/ada") })
            // The last word counts.
            try await Judgements.add(
                try Judgement(on: finding, .malicious, at: start + .days(5), until: nil, note: ""), to: volume
            )
            #expect(try await Self.findings(try await Judgements.read(volume)) == all)
        }
    }

    @Test("A correlation is silent about what its events have in common, whoever did the last of them")
    func correlations() throws {
        let world = Simulation(seed: 1)
        let volume = SimulatedVolume(world)
        try world.run {
            let text = Self.rule + "\n---\n" + Self.correlation
            let addresses = ["198.51.100.7", "203.0.113.9"]
            let all = try await Self.findings(Judgements(), text, from: addresses)
            #expect(all.count == 12)
            let judged = try #require(all.first { $0.contains("e2-") && $0.contains("203.0.113.9") })
            let finding = try JSONReader.document(in: Array(judged.utf8), file: "f")
            let start = Timestamp(seconds: 1_789_948_800)
            let judgement = try Judgement(
                on: finding, .benign, at: start + .days(3), until: start + .days(4), note: "")
            #expect(judgement.group == [.init(dimension: "sourceIPAddress", value: "203.0.113.9")])
            try await Judgements.add(judgement, to: volume)
            let left = try await Self.findings(try await Judgements.read(volume), text, from: addresses)
            let missing = all.filter { !left.contains($0) }
            #expect(missing.count == 3 && left.count == 9)
            #expect(missing.allSatisfy { $0.contains("203.0.113.9") })
        }
    }

    @Test("A verdict on a program's session holds by the name that the finding gives it")
    func sessions() async throws {
        var suppressions = FindingSuppressions()
        let name = "arn:aws:sts::111122223333:assumed-role/deploy/botocore-session-1700000000"
        suppressions.add("r", name, from: .epoch, until: .epoch + .days(1))
        var batch = EventBatch()
        let text =
            "{\"actor\":{\"user\":{\"uid\":\"\(name)\",\"name\":\"botocore-session-1700000000\"},"
            + "\"session\":{\"issuer\":\"arn:aws:iam::111122223333:role/deploy\"}}}"
        batch.bytes = Array(text.utf8)
        var event = Event(time: .epoch + .hours(1))
        event.json = Extent(start: 0, count: batch.bytes.count)
        #expect(suppressions.silence("r", event, in: batch))
        #expect(!suppressions.silence("s", event, in: batch))
    }

    @Test("What names nobody cannot be judged")
    func nobody() throws {
        let text = #"{"finding_info":{"uid":"u","analytic":{"uid":"a"}},"time":1,"evidences":[{"data":{}}]}"#
        let finding = try JSONReader.document(in: Array(text.utf8), file: "f")
        #expect(throws: Problem.self) {
            try Judgement(on: finding, .benign, at: .epoch, until: nil, note: "")
        }
    }
}
