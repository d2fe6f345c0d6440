package import Credentials
package import Engine
package import Ports

/// A feed's objects as a queue announces them: S3 notifications direct, through SNS or through EventBridge. A message
/// that is an event of EventBridge itself, or of other feeds than CloudTrail any other JSON, is a record.
///
/// The queue is the position: a message is deleted only once all its objects are durable, and held invisible as
/// long as that takes. What cannot be read, or whose object cannot, is left to the queue's own redrive policy.
package struct QueueCollector: Collector {
    package struct Config: Sendable {
        package var queue: SQSQueue
        /// Who reads the objects, in whichever region their bucket is.
        package var identity: AWSIdentity
        /// The account that must own the buckets.
        package var expectedBucketOwner: String?
        /// Only objects of these buckets, where not empty; anybody who may send to the queue could name others.
        package var buckets: Set<String> = []
        package var receivesInFlight = 2
        package var getsInFlight = 8
        /// Long polling; SQS's limit is 20 s.
        package var waitSeconds = 20
        /// How long a message stays invisible before it is extended again; SQS's limits are 0 to 43,200 s.
        package var visibilitySeconds = 300
        package var pageObjectsMax = 64
        package var pageBytesMax = 8 << 20
        /// Bytes of an object asked for at once.
        package var pieceBytes = ObjectRest.pieceBytes

        package init(queue: SQSQueue, identity: AWSIdentity) {
            self.queue = queue
            self.identity = identity
        }
    }

    /// SQS forgets a receipt 12 hours after it was given; a message is not held longer than this.
    static let holdMax = Duration.hours(11)
    /// Messages in work, above which no more are received.
    static let messagesMax = 200
    /// Bytes fetched or asked for and not yet delivered, above which no further object is asked for.
    static let bufferBytesMax = 12 << 20
    /// Identifiers remembered, of messages tried and of messages deleted.
    static let identifiersMax = 100_000
    static let deletionTries = 5

    enum Work {
        case receive
        case get(message: String, object: Int)
        case delete([String])
        case extend([String])
    }

    package let feed: String
    package let source: String
    let config: Config

    var held: [String: HeldMessage] = [:]
    /// Ids in the order of their receipt.
    var order: [String] = []
    var waitingGets: [(message: String, object: Int)] = []
    var deletions: [(id: String, handle: String, tries: Int)] = []
    var deleting: [Int: [(id: String, handle: String, tries: Int)]] = [:]
    var delivering: [String] = []
    var isDelivering = false
    /// The object that an earlier life has delivered the beginning of.
    var partial: PartialObject?
    var tried = RecentSet<String>(capacity: identifiersMax)
    var finished = RecentSet<String>(capacity: identifiersMax)
    var calls: [Int: Work] = [:]
    var lastID = 0
    var receivesRunning = 0
    var getsRunning = 0
    var extensionsRunning = 0
    var bufferedBytes = 0
    /// Whether the last receipt brought nothing that this run has not already tried.
    var isQuiet = false
    var pace: LongPollPace
    /// When the receives under way began.
    var receivesBegan: [Int: Timestamp] = [:]
    var notes: [HealthNote] = []
    var complaints: Set<String> = []
    var buckets: [String: S3Bucket] = [:]

    package init(feed: String = BucketCollector.cloudTrail, source: String, config: Config) {
        self.feed = feed
        self.source = source
        self.config = config
        pace = LongPollPace(wait: .seconds(config.waitSeconds))
    }

    /// The position is only how much of one large object is durable: the queue says what is to be read.
    package mutating func resume(from position: [UInt8]?, mode: RunMode, at now: Timestamp) throws(Fault) {
        guard let position else { return }
        guard let json = JSONValue(json: position), json["v"]?.integer == 1 else {
            throw Fault(.denied, "\(source): the saved position cannot be read")
        }
        partial = PartialObject(saved: json["partial"])
    }

    static func position(_ partial: PartialObject?) -> [UInt8] {
        var position: [String: JSONValue] = ["v": 1]
        if let partial { position["partial"] = partial.saved }
        return JSONValue.object(position).bytes
    }

    // MARK: Steps

    package mutating func next(at now: Timestamp) -> Step {
        if !notes.isEmpty { return .report(notes.removeFirst()) }
        if extensionsRunning == 0, let step = extend(at: now) { return step }
        if !isDelivering, let step = page() {
            isDelivering = true
            return step
        }
        if deletions.count >= SQSQueue.batchMax || !deletions.isEmpty && deleting.isEmpty { return delete() }
        if getsRunning < config.getsInFlight, bufferedBytes < Self.bufferBytesMax, !waitingGets.isEmpty {
            return get(waitingGets.removeFirst())
        }
        if receivesRunning < config.receivesInFlight, held.count < Self.messagesMax, !isQuiet || isIdle {
            if isQuiet {
                isQuiet = false
                return .wait(until: now, isCaughtUp: true)
            }
            receivesRunning += 1
            receivesBegan[lastID + 1] = max(now, pace.next)
            return begin(
                .receive,
                config.queue.receive(
                    waitSeconds: config.waitSeconds, visibilitySeconds: config.visibilitySeconds),
                notBefore: pace.next)
        }
        let due = held.values.map(\.extendAt).min()
        return .wait(until: extensionsRunning > 0 ? nil : due, isCaughtUp: false)
    }

    var halfVisibility: Duration { .milliseconds(max(1_000, config.visibilitySeconds * 500)) }

    var isIdle: Bool { calls.isEmpty && held.isEmpty && deletions.isEmpty && !isDelivering }

    private mutating func begin(
        _ work: Work, _ operation: Call.Operation, notBefore: Timestamp? = nil, isEssential: Bool = true
    ) -> Step {
        lastID += 1
        calls[lastID] = work
        return .call(Call(lastID, operation, notBefore: notBefore, isEssential: isEssential))
    }

    private mutating func get(_ item: (message: String, object: Int)) -> Step {
        guard let notice = held[item.message]?.objects[item.object].notice else {
            return .wait(until: nil, isCaughtUp: false)
        }
        getsRunning += 1
        let held = Int(clamping: min(max(0, notice.size ?? .max), Int64(config.pieceBytes)))
        self.held[item.message]?.objects[item.object].held = held
        bufferedBytes += held
        return begin(
            .get(message: item.message, object: item.object),
            bucket(of: notice).get(notice.key, 0..<Int64(config.pieceBytes)), isEssential: false)
    }

    mutating func bucket(of notice: ObjectNotice.Object) -> S3Bucket {
        let region = notice.region ?? config.identity.endpoints.region
        let name = "\(region)/\(notice.bucket)"
        if let bucket = buckets[name] { return bucket }
        let bucket = S3Bucket(
            notice.bucket, expectedOwner: config.expectedBucketOwner,
            identity: config.identity.inRegion(region))
        if buckets.count > 1_000 { buckets = [:] }
        buckets[name] = bucket
        return bucket
    }

    private mutating func delete() -> Step {
        let batch = Array(deletions.prefix(SQSQueue.batchMax))
        deletions.removeFirst(batch.count)
        let step = begin(
            .delete(batch.map(\.id)), config.queue.delete(batch.map(\.handle)), isEssential: false)
        deleting[lastID] = batch
        return step
    }

    /// Holds messages that are in work for another while, from half their time on.
    private mutating func extend(at now: Timestamp) -> Step? {
        let due = order.filter { id in held[id].map { $0.extendAt <= now } ?? false }.prefix(
            SQSQueue.batchMax)
        guard !due.isEmpty else { return nil }
        var handles: [String] = []
        for id in due {
            guard let message = held[id] else { continue }
            handles.append(message.handle)
            let isOld = now - message.receivedAt > Self.holdMax
            let next = isOld ? Timestamp.distantFuture : now + halfVisibility
            held[id]?.extendAt = next
        }
        extensionsRunning += 1
        return begin(
            .extend(Array(due)), config.queue.extend(handles, visibilitySeconds: config.visibilitySeconds),
            isEssential: false)
    }
}
