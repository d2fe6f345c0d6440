import Engine
import Pipeline
import Simulation
import Testing

@testable import martlet

@Suite struct DemoSummaryTests {
    private static func tally(_ events: String...) -> DemoTally {
        var tally = DemoTally()
        tally.take(Array(events.joined().utf8), with: RecordReader())
        return tally
    }

    private static func finding(_ rule: String, on uid: String, by session: String) -> String {
        """
        {"time":1,"event":{"class_name":"Detection Finding","class_uid":2004,"severity_id":4,"finding_info":{"uid":"f-\(uid)",\
        "title":"\(rule)","analytic":{"uid":"r","name":"\(rule)"},"related_events":[{"uid":"\(uid)"}]},"evidences":[{"actor":\
        {"user":{"uid":"AROAEXAMPLE:\(session)","name":"Deploy"},"session":{"issuer":"arn:aws:iam::1:role/aws-reserved/AWSReservedSSO_Developer_0123456789abcdef"}}}]}}
        """
    }

    @Test("Counts events by class and findings by rule and by who stands behind them")
    func counts() {
        let tally = Self.tally(
            #"{"time":1,"event":{"class_name":"API Activity","class_uid":6003}}"#,
            #"{"time":1,"event":{"class_name":"API Activity","class_uid":6003}}"#,
            #"{"class_name":"Authentication","class_uid":3002}"#,
            #"{"class_name":"Detection Finding","class_uid":2004,"metadata":{"product":{"name":"CloudTrail"}}}"#,
            Self.finding("A trail is stopped", on: "e1", by: "ada@example.com"))
        #expect(tally.events == 4 && tally.findingCount == 1)
        #expect(tally.classes == ["API Activity": 2, "Authentication": 1, "Detection Finding": 1])
        #expect(tally.rules["A trail is stopped"]?.principals == ["ada@example.com via Developer": 1])
        #expect(tally.findings.map(\.events) == [["e1"]])
        #expect(tally.principals["ada@example.com via Developer"]?.severity == 4)
    }

    @Test("A storyline counts as found only by a finding on one of its own records")
    func recall() {
        var options = SyntheticTrail.Options()
        options.days = 1
        options.identities = 20
        options.mebibytes = 4
        options.storylines = ["role-chain", "insider"]
        var trail = SyntheticTrail(options)
        while trail.next() != nil {}
        let hit = trail.labels.first { $0.storyline == "role-chain" }?.eventID ?? ""
        let tally = Self.tally(
            Self.finding("A", on: hit, by: "x"), Self.finding("B", on: "innocent", by: "y"))
        let recall = DemoRecall(trail.labels, tally.findings)
        #expect(recall.found == 1 && recall.lines.count == 2 && recall.elsewhere == 1)
        #expect(recall.precision == [4: .init(findings: 2, onAttacks: 1)] && recall.mistaken == ["B": 1])
        #expect(recall.lines.first { $0.storyline == "role-chain" }?.rules == ["A"])
        #expect(recall.lines.filter(\.isWithinRights).map(\.storyline) == ["insider"])
    }

    @Test(
        "The summary fits 80 columns, keeps its colours to terminals, and says when the ledger does not balance"
    )
    func layout() {
        var collector = RunSnapshot.Collector(name: "trail", feed: "aws.cloudtrail")
        collector.records = 4
        collector.events = 3
        var snapshot = RunSnapshot(pipeline: "demo", startedAt: .epoch)
        snapshot.collectors = [collector]
        let rule = String(repeating: "A very long title of a rule ", count: 6)
        var summary = DemoSummary(
            title: "A week", snapshot: snapshot,
            tally: Self.tally(
                #"{"class_name":"API Activity"}"#,
                Self.finding(rule, on: "e", by: String(repeating: "session-", count: 20))),
            recall: nil, objects: 1, inputBytes: 1_000, seconds: 1.25, places: [("State", "demo/state")],
            commands: [("the ledger", "martlet ledger --state demo/state")])
        summary.skipped = [.init(path: String(repeating: "folder/", count: 20), reason: "text, not JSON")]
        summary.broken = (0..<20).map { .init(path: "\($0).json", reason: "it is cut off") }
        let plain = summary.text(usesColor: false)
        #expect(plain.contains("Refused  20 files") && plain.contains("and 12 more"))
        #expect(plain.split(separator: "\n").allSatisfy { $0.count <= 80 })
        #expect(!plain.contains("\u{1B}") && summary.text(usesColor: true).contains("\u{1B}[1m"))
        #expect(plain.contains("It does not balance."))
        summary.snapshot.collectors[0].duplicate = 1
        #expect(summary.text(usesColor: false).contains("It balances."))
    }
}
