import Engine
import Ports
import Simulation
import Synchronization
import Testing

@testable import Collectors
@testable import Credentials

/// What every collector owes: through throttling, errors, resets, lost answers, a sink that refuses and process
/// death, each thing the vendor had is delivered, and once all is calm nothing comes twice.
@Suite struct CollectorContractTests {
    /// Lives, each killed after a while, with something new before each; then a calm life to the end, and another
    /// in which nothing may come again.
    static func endure(
        _ setting: CollectorWorld, endpoint: String, lives: Int = 4, publish: (Int) -> Void,
        collector: () -> any Collector
    ) throws {
        for life in 0..<lives {
            publish(life)
            let span = Duration.milliseconds(200 + Int(setting.world.next() % 30_000))
            try setting.live(collector(), .continuous, for: span)
        }
        setting.network.setFaults(SimulatedNetwork.Faults(), endpoint)
        publish(lives)
        // Late things have appeared by then, and a queue's messages are visible again, time after time.
        for _ in 0..<4 {
            try setting.live(collector())
            try setting.world.run { try await setting.world.sleep(until: setting.world.now + .minutes(25)) }
        }
        try setting.live(collector())
        let before = setting.lines.count
        try setting.live(collector())
        #expect(setting.lines.count == before, "seed \(setting.world.seed): delivered again without need")
    }

    static let endpoint = "https://aws.example.com"

    @Test("A bucket: late keys, new regions, two accounts of an organization", arguments: UInt64(1)...100)
    func bucket(seed: UInt64) throws {
        let setting = CollectorWorld(seed: seed, refuses: 0.1)
        let store = ObjectStore(buckets: ["trail"])
        setting.network.serve(Self.endpoint, store, faults: CollectorWorld.storm)
        var expected: Set<String> = []
        var config = BucketCollector.Config(bucket: S3Bucket("trail", identity: setting.identity()))
        config.prefix = "org/"
        config.interval = .seconds(20)
        config.discoveryInterval = .seconds(40)
        config.pageObjectsMax = 3
        let finalConfig = config
        try Self.endure(
            setting, endpoint: Self.endpoint,
            publish: { life in
                for index in 0..<Int(setting.world.next() % 9) {
                    let late = Duration.minutes(Int(setting.world.next() % 50))
                    let account = ["o-a1/111111111111", "o-a1/222222222222"][Int(setting.world.next() % 2)]
                    let region = life < 3 ? "us-east-1" : ["us-east-1", "eu-west-1"][index % 2]
                    let number = account.split(separator: "/")[1]
                    let line = "\(life)-\(index)"
                    let key = trailKey(String(number), region, setting.world.now - late, line, prefix: "org/")
                        .replacing("AWSLogs/\(number)", with: "AWSLogs/\(account)")
                    store.put(.bytes(Array(line.utf8)), as: key, in: "trail", at: setting.world.now)
                    store.put(
                        .bytes([1]), as: key.replacing("/CloudTrail/", with: "/CloudTrail-Digest/"),
                        in: "trail",
                        at: setting.world.now)
                    expected.insert(line)
                }
            },
            collector: { BucketCollector(source: "b", config: finalConfig) })
        #expect(Set(setting.lines) == expected, "seed \(seed)")
        #expect(setting.lines.count == expected.count, "seed \(seed): a page was delivered twice")
    }

    @Test(
        "A queue: every form of notification, redelivery, poison and objects that are not there",
        arguments: UInt64(1)...100)
    func queue(seed: UInt64) throws {
        let setting = CollectorWorld(seed: seed, refuses: 0.1)
        let store = ObjectStore(buckets: ["trail"])
        let queue = Queue(url: "\(Self.endpoint)/111111111111/trail", receivesMax: 3)
        setting.network.serve(Self.endpoint, store, faults: CollectorWorld.storm)
        // SQS's JSON protocol posts to the root, S3 in path style never does.
        let front = FrontDoor(store: store, queue: queue)
        setting.network.serve(Self.endpoint + "/", front, faults: CollectorWorld.storm)
        var expected: Set<String> = []
        let identity = setting.identity()
        var config = QueueCollector.Config(queue: SQSQueue(queue.url, identity: identity), identity: identity)
        config.visibilitySeconds = 60
        config.waitSeconds = 1
        config.pageObjectsMax = 4
        let finalConfig = config
        try Self.endure(
            setting, endpoint: Self.endpoint + "/",
            publish: { life in
                let now = setting.world.now
                queue.send(ObjectNotification.test(bucket: "trail", at: now), at: now)
                if life < 3 { queue.send("not json \(life)", at: now) }
                if life == 2 {
                    queue.send(
                        ObjectNotification.direct.body(
                            bucket: "trail", key: "gone.json.gz", size: 1, etag: "e", at: now),
                        at: now)
                }
                for index in 0..<Int(setting.world.next() % 9) {
                    let line = "\(life)-\(index)"
                    let key = trailKey("111111111111", "us-east-1", now, "a b+c-\(line)")
                    let etag = store.put(.bytes(Array(line.utf8)), as: key, in: "trail", at: now)
                    let form = ObjectNotification.allCases[Int(setting.world.next() % 4)]
                    let body = form.body(bucket: "trail", key: key, size: 1, etag: etag, at: now)
                    for _ in 0...Int(setting.world.next() % 2) { queue.send(body, at: now) }
                    expected.insert(line)
                }
            },
            collector: { QueueCollector(source: "q", config: finalConfig) })
        #expect(Set(setting.lines) == expected, "seed \(seed)")
        #expect(queue.count == 0, "seed \(seed): \(queue.count) messages left")
        #expect(
            queue.deadLetters.count == 4,
            "seed \(seed): three poison messages and the one whose object is gone")
        #expect(setting.notes.codes.isSuperset(of: ["message-unreadable", "object-unreadable"]))
    }

    @Test("LookupEvents: late events, empty pages, dead tokens, the rate limit", arguments: UInt64(1)...100)
    func lookup(seed: UInt64) throws {
        let setting = CollectorWorld(seed: seed, refuses: 0.1)
        var oddities = AWSCloudTrailAPI.Oddities()
        oddities.emptyPage = 0.1
        oddities.expiredToken = 0.1
        oddities.seed = seed
        let api = AWSCloudTrailAPI(oddities)
        setting.network.serve(Self.endpoint, api, faults: CollectorWorld.storm)
        var expected: Set<String> = []
        let stream = LookupCollector.Config.Stream(name: "1/us-east-1", identity: setting.identity())
        var config = LookupCollector.Config(streams: [stream])
        config.since = setting.world.start - .hours(20)
        config.interval = .seconds(10)
        let finalConfig = config
        try Self.endure(
            setting, endpoint: Self.endpoint,
            publish: { life in
                let now = setting.world.now
                for index in 0..<Int(setting.world.next() % 60) {
                    let age =
                        life == 0 ? Duration.minutes(Int(setting.world.next() % 1_100)) : .seconds(index * 10)
                    let late = life == 0 ? Duration.zero : .minutes(Int(setting.world.next() % 40))
                    let line = "{\"n\":\"\(life)-\(index)\"}"
                    api.happen(
                        id: "id-\(life)-\(index)", at: now - age, visibleAt: now - age + late, record: line)
                    expected.insert(line)
                }
            },
            collector: { LookupCollector(source: "l", config: finalConfig) })
        #expect(Set(setting.lines) == expected, "seed \(seed)")
    }

    @Test(
        "LookupEvents under a clock that is days ahead for a while, whether AWS says the time or not",
        arguments: [Duration.hours(7), .days(3), .days(100), .zero - .days(3)], [true, false])
    func lookupClock(error: Duration, saysTime: Bool) throws {
        let setting = CollectorWorld(seed: 7, saysTime: saysTime)
        let api = AWSCloudTrailAPI()
        setting.network.serve(Self.endpoint, api)
        var config = LookupCollector.Config(
            streams: [LookupCollector.Config.Stream(name: "1/us-east-1", identity: setting.identity())])
        config.since = setting.world.start - .hours(2)
        config.interval = .seconds(10)
        let finalConfig = config
        var expected: Set<String> = []
        func live(_ tag: String) throws {
            for index in 0..<9 {
                let (line, now) = ("{\"n\":\"\(tag)-\(index)\"}", setting.world.now)
                api.happen(id: "id-\(tag)-\(index)", at: now, visibleAt: now + .minutes(index), record: line)
                expected.insert(line)
            }
            try setting.live(LookupCollector(source: "l", config: finalConfig), .continuous, for: .minutes(4))
        }
        try live("before")
        setting.clock.set(by: error)
        for part in 0..<3 { try live("wrong-\(part)") }
        setting.clock.set(by: .zero - error)
        for part in 0..<5 { try live("after-\(part)") }
        #expect(Set(setting.lines).isSuperset(of: expected.filter { !$0.contains("after") }))
        #expect(!saysTime || error < .zero || setting.notes.codes.contains("clock-off"))
    }

    @Test("A position of LookupEvents in AWS's future is brought back, and that is said")
    func lookupAhead() throws {
        let setting = CollectorWorld(seed: 8)
        let api = AWSCloudTrailAPI()
        setting.network.serve(Self.endpoint, api)
        let now = setting.world.now
        api.happen(id: "1", at: now - .days(2), visibleAt: now, record: "{\"n\":\"skipped\"}")
        setting.pages["l"] = Array(
            "{\"v\":1,\"streams\":{\"1/us-east-1\":\((now + .days(3)).nanoseconds)}}".utf8)
        let stream = LookupCollector.Config.Stream(name: "1/us-east-1", identity: setting.identity())
        let collector = LookupCollector(source: "l", config: LookupCollector.Config(streams: [stream]))
        try setting.live(collector)
        #expect(setting.lines == ["{\"n\":\"skipped\"}"])
        #expect(setting.notes.codes.contains("position-ahead"))
    }

    @Test("Files: new ones, grown ones, a folder without permission for a while", arguments: UInt64(1)...100)
    func files(seed: UInt64) throws {
        let setting = CollectorWorld(seed: seed, refuses: 0.2)
        var expected: Set<String> = []
        var config = FileCollector.Config(paths: ["/logs", "/more/x.json"])
        config.interval = .seconds(3)
        config.pageObjectsMax = 3
        let finalConfig = config
        try Self.endure(
            setting, endpoint: Self.endpoint,
            publish: { life in
                if life == 1 {
                    setting.files.forbid(folder: "/logs/b")
                } else {
                    setting.files.allow(folder: "/logs/b")
                }
                for index in 0..<Int(setting.world.next() % 9) {
                    let line = "\(life)-\(index)"
                    let path = "/logs/\(["a", "b", "a/c"][index % 3])/\(["x", "y"][index % 2])-\(line).json"
                    setting.files.write(Array(line.utf8), to: path, at: setting.world.now)
                    expected.insert(line)
                }
                setting.files.write(Array("more-\(life)".utf8), to: "/more/x.json", at: setting.world.now)
            },
            collector: { FileCollector(feed: "auto", source: "f", config: finalConfig) })
        let lines = setting.lines.filter { !$0.hasPrefix("more") }
        #expect(Set(lines) == expected, "seed \(seed)")
        #expect(lines.count == expected.count, "seed \(seed): a file was delivered twice")
        #expect(setting.lines.contains("more-4"))
    }
}

/// One address for the store and the queue, as emulators have it.
final class FrontDoor: SimulatedServer {
    let store: ObjectStore
    let queue: Queue

    init(store: ObjectStore, queue: Queue) {
        self.store = store
        self.queue = queue
    }

    func answer(_ request: HTTPRequest, at now: Timestamp) -> HTTPResponse {
        request.headers["X-Amz-Target"] == nil
            ? store.answer(request, at: now) : queue.answer(request, at: now)
    }
}
