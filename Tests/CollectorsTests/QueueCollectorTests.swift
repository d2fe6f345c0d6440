import Engine
import Ports
import Simulation
import Synchronization
import Testing

@testable import Collectors
@testable import Credentials

/// A sink that keeps everybody waiting, as a full spool does.
final class SlowPages: PageSink {
    let world: Simulation
    let delay: Duration
    let queue: Queue
    /// Messages deleted by the time each page became durable.
    let deletedBefore = Mutex<[Int]>([])

    init(_ world: Simulation, delay: Duration, queue: Queue) {
        self.world = world
        self.delay = delay
        self.queue = queue
    }

    func deliver(_ page: RawPage, from mark: inout PageMark) async throws(Fault) -> PageReceipt {
        await world.pass(delay)
        deletedBefore.withLock { $0.append(queue.deleted) }
        return PageReceipt()
    }

    func position(of source: String) async throws(Fault) -> [UInt8]? { nil }
}

@Suite struct QueueCollectorTests {
    static let endpoint = "https://aws.example.com"

    @Test("A message is held for as long as its page waits, and deleted only when that is durable")
    func heldAndDeleted() throws {
        let setting = CollectorWorld(seed: 1)
        let world = setting.world
        let store = ObjectStore(buckets: ["trail"])
        let queue = Queue(url: "\(Self.endpoint)/111111111111/trail", receivesMax: 3)
        setting.network.serve(Self.endpoint, FrontDoor(store: store, queue: queue))
        for index in 0..<3 {
            let key = trailKey("111111111111", "us-east-1", world.now, "\(index)")
            store.put(.bytes([65]), as: key, in: "trail", at: world.now)
            queue.send(
                ObjectNotification.direct.body(bucket: "trail", key: key, size: 1, etag: "e", at: world.now),
                at: world.now)
        }
        let identity = setting.identity()
        var config = QueueCollector.Config(queue: SQSQueue(queue.url, identity: identity), identity: identity)
        config.visibilitySeconds = 30
        config.waitSeconds = 1
        let sink = SlowPages(world, delay: .minutes(20), queue: queue)
        let poller = Poller(
            QueueCollector(source: "q", config: config), mode: .once,
            caller: Caller(transport: setting.network.transport(), time: world, entropy: world),
            files: setting.files, sink: sink, health: setting.notes)
        try world.run { try await poller.run() }
        #expect(sink.deletedBefore.withLock { $0 } == [0], "one page, nothing deleted before it was durable")
        #expect(queue.deleted == 3 && queue.deadLetters.isEmpty && queue.count == 0)
    }

    @Test("A queue that answers at once with nothing is asked less and less often, until there is something")
    func pause() throws {
        let setting = CollectorWorld(seed: 1)
        let store = ObjectStore(buckets: ["trail"])
        let queue = Queue(url: "\(Self.endpoint)/111111111111/trail")
        setting.network.serve(Self.endpoint, FrontDoor(store: store, queue: queue))
        let identity = setting.identity()
        let config = QueueCollector.Config(
            queue: SQSQueue(queue.url, identity: identity), identity: identity)
        try setting.live(QueueCollector(source: "q", config: config), .continuous, for: .minutes(10))
        #expect((40...70).contains(queue.requests), "\(queue.requests) requests in ten minutes")
        let before = queue.requests
        queue.send("not json", at: setting.world.now)
        try setting.live(QueueCollector(source: "q", config: config), .continuous, for: .seconds(5))
        #expect(queue.requests - before >= 4)
    }

    @Test("What a message may name is bounded: no region or bucket leads a signed request elsewhere")
    func hostileNotices() {
        func notice(_ bucket: String, _ region: String) -> ObjectNotice {
            let quoted = { (text: String) in String(decoding: JSONValue.string(text).bytes, as: UTF8.self) }
            return ObjectNotice(
                #"{"Records":[{"eventName":"ObjectCreated:Put","awsRegion":\#(quoted(region)),"#
                    + #""s3":{"bucket":{"name":\#(quoted(bucket))},"object":{"key":"a%2Fb+c"}}}]}"#)
        }
        #expect(
            notice("trail", "us-east-1")
                == .objects([ObjectNotice.Object(bucket: "trail", key: "a/b c", region: "us-east-1")]))
        let refused = ObjectNotice.unreadable("the message names an impossible bucket or region")
        #expect(notice("trail", "x.example.com/#") == refused)
        #expect(notice("a/b", "us-east-1") == refused)
        #expect(notice("", "us-east-1") == refused)
        #expect(ObjectNotice(#"{"Service":"Amazon S3","Event":"s3:TestEvent"}"#) == .objects([]))
        #expect(
            ObjectNotice(#"{"Records":[{"eventName":"ObjectRemoved:Delete","s3":{}}]}"#) == .objects([]))
        var nested = #"{"Event":"s3:TestEvent"}"#
        for _ in 0..<6 {
            nested = String(
                decoding: JSONValue.object(["Type": "Notification", "Message": .string(nested)]).bytes,
                as: UTF8.self)
        }
        #expect(ObjectNotice(nested) == .unreadable("the message is not a JSON object"))
    }
}

@Suite struct CollectorFaultTests {
    static let endpoint = "https://aws.example.com"

    private func end(of setting: CollectorWorld, _ collector: some Collector) -> Fault? {
        do {
            try setting.live(collector)
            return nil
        } catch { return error as? Fault }
    }

    private func bucket(_ setting: CollectorWorld) -> BucketCollector {
        BucketCollector(
            source: "b",
            config: BucketCollector.Config(
                bucket: S3Bucket("trail", expectedOwner: "111111111111", identity: setting.identity())))
    }

    /// A store with one object whose GET is answered so.
    private func world(get status: Int, _ code: String, _ message: String) -> CollectorWorld {
        let setting = CollectorWorld(seed: 1)
        let store = ObjectStore(buckets: ["trail"])
        let good = trailKey("111111111111", "us-east-1", setting.world.now, "a")
        let bad = trailKey("111111111111", "us-east-1", setting.world.now, "b")
        store.put(.bytes(Array("good".utf8)), as: good, in: "trail", at: setting.world.now)
        store.put(.bytes(Array("bad".utf8)), as: bad, in: "trail", at: setting.world.now)
        setting.network.serve(Self.endpoint, store)
        setting.network.serve(
            "\(Self.endpoint)/trail/\(bad)", Refuser(status: status, code: code, message: message))
        return setting
    }

    @Test(
        "A forbidden object stops the feed with the permission that is missing, and is read once it is given")
    func forbidden() throws {
        let setting = world(get: 403, "AccessDenied", "Access Denied")
        let fault = try #require(end(of: setting, bucket(setting)))
        #expect(fault.kind == .denied)
        #expect(fault.message.contains("the credentials need s3:GetObject on arn:aws:s3:::trail/AWSLogs/"))
        #expect(fault.message.contains("the bucket must belong to account 111111111111"))
        setting.network.setDown(
            true, "\(Self.endpoint)/trail/\(trailKey("111111111111", "us-east-1", setting.world.start, "b"))")
        try setting.live(bucket(setting))
        #expect(Set(setting.lines) == ["good", "bad"])
    }

    @Test("A key that may not decrypt is named as such")
    func encrypted() throws {
        let setting = world(get: 403, "AccessDenied", "User is not authorized to perform: kms:Decrypt")
        #expect(
            end(of: setting, bucket(setting))?.message.contains("kms:Decrypt on the key of the object")
                == true)
    }

    @Test("An archived object is refused by name, and the rest is delivered")
    func archived() throws {
        let setting = world(
            get: 403, "InvalidObjectState", "The operation is not valid for the object's storage class")
        try setting.live(bucket(setting))
        #expect(setting.lines == ["good"])
        #expect(setting.pages.objects.compactMap(\.refusal).first?.contains("archived (Glacier)") == true)
        #expect(setting.notes.codes == ["object-unreadable"])
    }

    @Test("A bucket that is not there, and a saved position of another kind, stop the feed with a clear word")
    func hopeless() throws {
        var setting = CollectorWorld(seed: 1)
        setting.network.serve(Self.endpoint, ObjectStore(buckets: []))
        #expect(end(of: setting, bucket(setting))?.message == "listing trail: there is no bucket trail")
        setting = CollectorWorld(seed: 1)
        var collector = bucket(setting)
        #expect(throws: Fault(.denied, "b: the saved position cannot be read")) {
            try collector.resume(from: [1, 2, 3], mode: .once, at: setting.world.now)
        }
    }

    @Test("A dead network is told at once, and ends a run that must end")
    func deadNetwork() throws {
        let setting = CollectorWorld(seed: 1)
        let fault = try #require(end(of: setting, bucket(setting)))
        #expect(fault.kind == .transient && fault.message.contains("connection refused (after 6 tries)"))
        #expect(setting.notes.codes == ["still-trying"])
    }

    @Test("Ninety days away from LookupEvents is a gap that is reported")
    func lookupGap() throws {
        let setting = CollectorWorld(seed: 1)
        setting.network.serve(Self.endpoint, AWSCloudTrailAPI())
        let stream = LookupCollector.Config.Stream(name: "1/us-east-1", identity: setting.identity())
        var config = LookupCollector.Config(streams: [stream])
        config.since = setting.world.now - .hours(1)
        config.window = .days(40)
        let finalConfig = config
        try setting.live(LookupCollector(source: "l", config: finalConfig))
        #expect(setting.notes.codes.isEmpty)
        try setting.world.run { try await setting.world.sleep(until: setting.world.now + .days(100)) }
        try setting.live(LookupCollector(source: "l", config: finalConfig))
        #expect(setting.notes.codes == ["log-gap"])
    }

    @Test("A file that may not be read is named; the others are delivered, however large")
    func files() throws {
        let setting = CollectorWorld(seed: 1)
        setting.files["/logs/a.json"] = Array("good".utf8)
        setting.files["/logs/b.json"] = [UInt8](repeating: 65, count: 100)
        setting.files["/logs/c.json"] = Array("secret".utf8)
        setting.files["/logs/.hidden"] = Array("hidden".utf8)
        setting.files.forbid(file: "/logs/c.json")
        var config = FileCollector.Config(paths: ["/logs", "/none"])
        config.pieceBytes = 64
        try setting.live(FileCollector(feed: "auto", source: "f", config: config))
        #expect(setting.lines == ["good", String(repeating: "A", count: 100)])
        #expect(setting.notes.codes == ["file-unreadable", "file-missing"])
    }
}

final class Refuser: SimulatedServer {
    let response: HTTPResponse

    init(status: Int, code: String, message: String) {
        let body = "<Error><Code>\(code)</Code><Message>\(message)</Message></Error>"
        response = HTTPResponse(status: status, body: Array(body.utf8))
    }

    func answer(_ request: HTTPRequest, at now: Timestamp) -> HTTPResponse { response }
}
