import Codecs
import Engine
import Platform
import Ports
import Simulation
import Synchronization

/// The demo's other side, on loopback: a store and a queue as AWS has them, and a receiver as Splunk has it.
struct DemoLoopback: Sendable {
    static let bucket = "example-corp-trail"
    static let accessKey = "AKIADEMOEXAMPLE00001"
    static let secretKey = "demo/loopback/secret/not/a/real/one"
    static let token = "demo-token-00000000"

    let store = ObjectStore(buckets: [DemoLoopback.bucket], accessKeys: [DemoLoopback.accessKey])
    let queue: Queue
    let vendor: HTTPServer
    let siem: HTTPServer
    let siemTally: ReceivedTally
    private let delivered = Delivered()
    /// The queue's clock: the week may lie ahead of it, and a message of tomorrow is not seen today.
    private let clock: any TimeSource

    init(time: any TimeSource) throws(Fault) {
        clock = time
        let store = store
        let queue = Queue(
            url: "https://sqs.us-east-1.amazonaws.com/111122223333/example-corp-trail",
            visibility: .minutes(5),
            accessKeys: [DemoLoopback.accessKey])
        vendor = try HTTPServer { request in
            request.headers["X-Amz-Target"] == nil
                ? store.answer(request, at: time.now) : queue.answer(request, at: time.now)
        }
        self.queue = queue

        let receiver = HECReceiver(HECReceiver.Options(token: DemoLoopback.token))
        let tally = ReceivedTally()
        siemTally = tally
        var options = HTTPServer.Options()
        options.bodyBytesMax = 64 << 20
        siem = try HTTPServer(options) { request in
            let response = receiver.answer(request, at: time.now)
            if response.status == 200, request.url.hasPrefix("/services/collector/event") {
                tally.take(request)
            }
            return response
        }
    }

    /// Puts a delivered object into the store and tells the queue.
    func put(_ bytes: [UInt8], as key: String, at time: Timestamp) {
        let etag = store.put(.bytes(bytes), as: key, in: DemoLoopback.bucket, at: time)
        let body = ObjectNotification.direct.body(
            bucket: DemoLoopback.bucket, key: key, size: bytes.count, etag: etag, at: time)
        delivered.notifications.withLock { $0.append(body) }
        queue.send(body, at: clock.now)
    }

    /// Tells the queue of every object once more, for a run that begins anew.
    func announceAgain() {
        for body in delivered.notifications.withLock({ $0 }) { queue.send(body, at: clock.now) }
    }

    func stop() async {
        await vendor.stop()
        await siem.stop()
    }
}

/// What the queue was told.
private final class Delivered: Sendable {
    let notifications = Mutex<[String]>([])
}

/// Counts what a receiver accepts, as it comes in.
final class ReceivedTally: Sendable {
    /// A larger body is no batch of ours: bytes.
    private static let bodyBytesMax = 512 << 20

    private struct State: ~Copyable {
        var tally = DemoTally()
        let reader = RecordReader()
    }

    private let state = Mutex(State())

    var tally: DemoTally { state.withLock { $0.tally } }

    func take(_ request: HTTPRequest) {
        var body = request.body
        if request.headers["Content-Encoding"] != nil {
            guard let plain = try? Inflater.inflate(body, bytesMax: Self.bodyBytesMax) else { return }
            body = plain
        }
        state.withLock { state in state.tally.take(body, with: state.reader) }
    }
}
