import Engine
import Ports
import Simulation
import Testing

@testable import Collectors
@testable import Credentials

/// Buckets and queues of other feeds than CloudTrail's.
@Suite struct AnyFeedObjectsTests {
    static let endpoint = "https://aws.example.com"

    @Test("A bucket with folders by date: late objects of a day, several streams", arguments: UInt64(1)...40)
    func dated(seed: UInt64) throws {
        let setting = CollectorWorld(seed: seed, refuses: 0.1)
        let store = ObjectStore(buckets: ["findings"])
        setting.network.serve(Self.endpoint, store, faults: CollectorWorld.storm)
        var expected: Set<String> = []
        var config = BucketCollector.Config(bucket: S3Bucket("findings", identity: setting.identity()))
        config.prefix = "security/"
        config.interval = .seconds(20)
        config.discoveryInterval = .seconds(40)
        config.pageObjectsMax = 3
        let finalConfig = config
        try CollectorContractTests.endure(
            setting, endpoint: Self.endpoint,
            publish: { life in
                for index in 0..<Int(setting.world.next() % 9) {
                    let line = "\(life)-\(index)"
                    let day = CloudTrailKey.minute(of: setting.world.now).prefix(8)
                    let region = ["eu-west-1", "us-east-1"][Int(setting.world.next() % 2)]
                    // Names are of chance, as GuardDuty's are: a later one may sort before an earlier.
                    let key =
                        "security/AWSLogs/111111111111/GuardDuty/\(region)/\(day.prefix(4))/"
                        + "\(day.dropFirst(4).prefix(2))/\(day.suffix(2))/\(setting.world.next()).jsonl.gz"
                    store.put(.bytes(Array(line.utf8)), as: key, in: "findings", at: setting.world.now)
                    expected.insert(line)
                }
                store.put(
                    .bytes([1]), as: "security/AWSLogs/readme.txt", in: "findings", at: setting.world.now)
            },
            collector: { BucketCollector(feed: "aws.guardduty", source: "b", config: finalConfig) })
        #expect(Set(setting.lines) == expected, "seed \(seed)")
        #expect(setting.lines.count == expected.count, "seed \(seed): a page was delivered twice")
        #expect(Set(setting.pages.pages.map(\.feed)) == ["aws.guardduty"])
    }

    @Test("Keys are dated by their first folders that are a date")
    func keys() throws {
        let key = try #require(
            CloudTrailKey(dated: "a/1111/GuardDuty/eu-west-1/2026/11/29/b4c6.jsonl.gz"))
        #expect(key.stream == "a/1111/GuardDuty/eu-west-1/" && key.minute == "20261129T0000Z")
        #expect(CloudTrailKey(dated: "2026/11/29/07/events-1")?.stream == "")
        for other in ["a/b.json", "a/2026/11/29/", "a/2026/11/x.json", ""] {
            #expect(CloudTrailKey(dated: other) == nil, "\(other)")
        }
    }

    private static let finding =
        #"{"version":"0","id":"e","detail-type":"GuardDuty Finding","source":"aws.guardduty","detail":{"id":"f"}}"#

    @Test("A message that is an event of EventBridge is the record, direct and through SNS")
    func events() {
        #expect(ObjectNotice(Self.finding) == .record(Self.finding))
        let wrapped = JSONValue.object(["Type": "Notification", "Message": .string(Self.finding)]).bytes
        #expect(ObjectNotice(String(decoding: wrapped, as: UTF8.self)) == .record(Self.finding))
        // What a topic was sent by an application is one only where the feed says so.
        let request = #"{"id":"1","status":"approved"}"#
        #expect(ObjectNotice(request, mayBeRecord: true) == .record(request))
        guard case .unreadable = ObjectNotice(request) else {
            Issue.record("a trail's queue takes anything")
            return
        }
        #expect(ObjectNotice(#"{"Event":"s3:TestEvent"}"#, mayBeRecord: true) == .objects([]))
    }

    @Test(
        "A queue of events: each delivered once and then deleted, beside objects", arguments: UInt64(1)...40)
    func queue(seed: UInt64) throws {
        let setting = CollectorWorld(seed: seed, refuses: 0.1)
        let queue = Queue(url: "\(Self.endpoint)/111111111111/findings")
        setting.network.serve(Self.endpoint + "/", queue, faults: CollectorWorld.storm)
        let identity = setting.identity()
        var config = QueueCollector.Config(queue: SQSQueue(queue.url, identity: identity), identity: identity)
        config.visibilitySeconds = 60
        config.waitSeconds = 1
        let finalConfig = config
        var expected: Set<String> = []
        try CollectorContractTests.endure(
            setting, endpoint: Self.endpoint + "/",
            publish: { life in
                for index in 0..<Int(setting.world.next() % 12) {
                    let text = Self.finding.replacing("\"f\"", with: "\"\(life)-\(index)\"")
                    queue.send(text, at: setting.world.now)
                    expected.insert(text)
                }
            },
            collector: { QueueCollector(feed: "aws.guardduty", source: "q", config: finalConfig) })
        #expect(Set(setting.lines) == expected, "seed \(seed)")
        #expect(queue.count == 0, "seed \(seed): every message was deleted")
        #expect(setting.notes.codes.isDisjoint(with: ["message-unreadable", "object-unreadable"]))
    }
}
