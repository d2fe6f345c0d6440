import Codecs
import Engine
import Ports
import Simulation
import Testing

@testable import martlet

/// `martlet risk` and `martlet benchmark-detection` as a user runs them.
@Suite struct RiskCommandTests {
    private static func record(_ number: Int, _ user: String, _ name: String, service: String = "iam")
        -> String
    {
        let time = (Timestamp(seconds: 1_789_948_800) + .seconds(number * 60)).iso8601
        return """
            {"eventVersion":"1.08","eventName":"\(name)","eventSource":"\(service).amazonaws.com",\
            "eventTime":"\(time)","eventID":"e\(number)","sourceIPAddress":"198.51.100.7","awsRegion":"us-east-1",\
            "userAgent":"cli","recipientAccountId":"111122223333","eventType":"AwsApiCall","readOnly":false,\
            "userIdentity":{"type":"IAMUser","userName":"\(user)","accountId":"111122223333",\
            "arn":"arn:aws:iam::111122223333:user/\(user)"}}

            """
    }

    private static let rule = """
        title: Trail stopped
        level: critical
        logsource: {product: aws, service: cloudtrail}
        detection: {s: {eventName: StopLogging}, condition: s}
        ---
        title: Key made
        level: medium
        logsource: {product: aws, service: cloudtrail}
        detection: {s: {eventName: CreateAccessKey}, condition: s}
        """

    private static func hundredths(_ document: Document?) -> Int? {
        if let integer = document?.integer { return Int(integer) * 100 }
        guard case .number(let number) = document?.value else { return nil }
        return Int((number * 100).rounded())
    }

    @Test("The riskiest come first, and contributions add up to each score exactly")
    func risk() async throws {
        let log =
            Self.record(1, "ada", "CreateAccessKey")
            + Self.record(2, "ada", "StopLogging", service: "cloudtrail")
            + Self.record(3, "bo", "CreateAccessKey") + Self.record(4, "cy", "ListUsers")
        let world = CommandWorld(files: ["/home/ada/log": log, "/home/ada/r.yml": Self.rule])
        #expect(await world.run("risk", "--feed", "aws.cloudtrail", "--rules", "r.yml", "log") == .done)
        let lines = try world.output.text.split(separator: "\n").map {
            try JSONReader.document(in: Array($0.utf8), file: "risk")
        }
        #expect(
            lines.map { $0["entity"]?.string }
                == ["ada", "bo", "cy"].map { "arn:aws:iam::111122223333:user/\($0)" })
        for line in lines {
            let score = try #require(Self.hundredths(line["score"]))
            let points = (line["contributions"]?.list ?? []).compactMap { Self.hundredths($0["points"]) }
            #expect(points.reduce(0, +) == score)
        }
        let events = lines[0]["contributions"]?.list?.flatMap { $0["events"]?.list ?? [] }.compactMap(
            \.string)
        #expect(Set(events ?? []) == ["e1", "e2"])
        // Twice as much at stake doubles the odds.
        let again = CommandWorld(files: [
            "/home/ada/log": log, "/home/ada/r.yml": Self.rule,
            "/home/ada/c.yml": "'arn:aws:iam::111122223333:user/bo': extreme",
        ])
        #expect(
            await again.run(
                "risk", "--feed", "aws.cloudtrail", "--rules", "r.yml", "--criticality", "c.yml", "log")
                == .done)
        let bo = try #require(
            try again.output.text.split(separator: "\n").map {
                try JSONReader.document(in: Array($0.utf8), file: "risk")
            }.first { $0["entity"]?.string?.hasSuffix("/bo") == true })
        let before = Double(try #require(Self.hundredths(lines[1]["score"]))) / 100
        let after = Double(try #require(Self.hundredths(bo["score"]))) / 100
        #expect(abs(RiskLedger.score(before, timesOdds: 2) - after) < 0.03)
    }

    @Test("The benchmark hides recorded attacks in generated life, and replay equals live")
    func benchmark() async throws {
        let calls = ["ListUsers", "ListRoles", "CreateUser", "CreateAccessKey", "AttachUserPolicy"]
        let trace = calls.enumerated().map { Self.record($0.offset, "x", $0.element) }.joined()
        let world = CommandWorld(files: [
            "/t/labels_inferred.json":
                #"{"techniques":[{"technique":"made.up","event_ids":["e0","e1","e2","e3","e4"]}]}"#,
            "/t/CloudTrail/a.json": trace, "/home/ada/r.yml": Self.rule,
        ])
        let status = await world.run(
            "benchmark-detection", "--traces", "/t", "--seed", "3", "--identities", "60", "--days", "35",
            "--attacks", "5", "--rules", "r.yml", "--replay")
        #expect(status == .done || status == .notHeld)
        let lines = try world.output.text.split(separator: "\n").map {
            try JSONReader.document(in: Array($0.utf8), file: "benchmark")
        }
        #expect(lines.count == 2)
        #expect(lines.last?["attacks"]?.integer == 5)
        #expect(lines.last?["replay_differences"]?.integer == 0)
        #expect(world.messages.text.contains("1 recorded attacks"))
    }
}
