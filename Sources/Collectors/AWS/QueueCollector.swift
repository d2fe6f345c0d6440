package import Credentials
package import Engine
package import Ports

/// CloudTrail's objects as a queue announces them: S3 notifications direct, through SNS or through EventBridge.
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
        package var objectBytesMax = 64 << 20

        package init(queue: SQSQueue, identity: AWSIdentity) {
            self.queue = queue
            self.identity = identity
        }
    }

    /// SQS forgets a receipt 12 hours after it was given; a message is not held longer than this.
    static let holdMax = Duration.hours(11)
    /// Messages in work, above which no more are received.
    static let messagesMax = 200
    static let bufferBytesMax = 24 << 20
    /// Identifiers remembered, of messages tried and of messages deleted.
    static let identifiersMax = 100_000
    static let deletionTries = 5
    /// Between an empty receipt and the next.
    static let quietPause = Duration.milliseconds(500)

    enum Work {
        case receive
        case get(message: String, object: Int)
        case delete([String])
        case extend([String])
    }

    package let feed = "aws.cloudtrail"
    package let source: String
    let config: Config
    private var mode = RunMode.continuous

    private var held: [String: HeldMessage] = [:]
    /// Ids in the order of their receipt.
    private var order: [String] = []
    private var waitingGets: [(message: String, object: Int)] = []
    private var deletions: [(id: String, handle: String, tries: Int)] = []
    private var deleting: [Int: [(id: String, handle: String, tries: Int)]] = [:]
    private var delivering: [String] = []
    private var isDelivering = false
    private var tried = RecentSet(capacity: identifiersMax)
    private var finished = RecentSet(capacity: identifiersMax)
    private var calls: [Int: Work] = [:]
    private var lastID = 0
    private var receivesRunning = 0
    private var getsRunning = 0
    private var extensionsRunning = 0
    private var bufferedBytes = 0
    /// Whether the last receipt brought nothing that this run has not already tried.
    private var isQuiet = false
    /// A queue that answers at once though there is nothing is not asked again at once.
    private var nextReceive = Timestamp.distantPast
    private var notes: [HealthNote] = []
    private var complaints: Set<String> = []
    private var buckets: [String: S3Bucket] = [:]

    package init(source: String, config: Config) {
        self.source = source
        self.config = config
    }

    package mutating func resume(from position: [UInt8]?, mode: RunMode, at now: Timestamp) throws(Fault) {
        self.mode = mode
    }

    // MARK: Steps

    package mutating func next(at now: Timestamp) -> Step {
        if !notes.isEmpty { return .report(notes.removeFirst()) }
        if extensionsRunning == 0, let step = extend(at: now) { return step }
        if !isDelivering, let page = page() {
            isDelivering = true
            return .deliver(page)
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
            return begin(
                .receive,
                config.queue.receive(
                    waitSeconds: config.waitSeconds, visibilitySeconds: config.visibilitySeconds),
                notBefore: nextReceive)
        }
        let due = held.values.map(\.extendAt).min()
        return .wait(until: extensionsRunning > 0 ? nil : due, isCaughtUp: false)
    }

    private var halfVisibility: Duration { .milliseconds(max(1_000, config.visibilitySeconds * 500)) }

    private var isIdle: Bool { calls.isEmpty && held.isEmpty && deletions.isEmpty && !isDelivering }

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
        return begin(
            .get(message: item.message, object: item.object),
            bucket(of: notice).get(notice.key, bytesMax: config.objectBytesMax), isEssential: false)
    }

    private mutating func bucket(of notice: ObjectNotice.Object) -> S3Bucket {
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

    // MARK: Replies

    package mutating func take(_ reply: Reply, to id: Int, at now: Timestamp) throws(Fault) {
        guard let work = calls[id] else { return }
        switch work {
        case .receive:
            let messages = try config.queue.messages(in: try reply.answer())
            receivesRunning -= 1
            var isNew = false
            for message in messages where receive(message, at: now) { isNew = true }
            isQuiet = !isNew
            nextReceive = isNew ? now : now + Self.quietPause
        case .get(let message, let object):
            getsRunning -= 1
            take(reply, message: message, object: object)
        case .delete: deleted(reply, id)
        case .extend(let ids):
            extensionsRunning -= 1
            extended(reply, ids, at: now)
        }
        calls[id] = nil
    }

    /// Whether the message is one that this run has not already tried.
    private mutating func receive(_ message: SQSQueue.Message, at now: Timestamp) -> Bool {
        if finished.contains(message.id) {
            deletions.append((message.id, message.handle, 0))
            return false
        }
        if held[message.id] != nil {
            // It became visible while it was in work: from now on only the new receipt is good.
            held[message.id]?.handle = message.handle
            held[message.id]?.receivedAt = now
            let next = now + halfVisibility
            held[message.id]?.extendAt = next
            return false
        }
        let isNew = tried.insert(message.id)
        switch ObjectNotice(message.body) {
        case .unreadable(let reason):
            complain(
                "message-unreadable", "message \(message.id): \(reason); left to the queue's redrive policy")
        case .objects(let all):
            let objects = all.filter(isWanted)
            if objects.isEmpty {
                finished.insert(message.id)
                deletions.append((message.id, message.handle, 0))
                break
            }
            held[message.id] = HeldMessage(
                handle: message.handle, receivedAt: now,
                extendAt: now + halfVisibility,
                objects: objects.map { HeldObject(notice: $0) })
            order.append(message.id)
            for index in objects.indices { waitingGets.append((message.id, index)) }
        }
        return isNew
    }

    private func isWanted(_ object: ObjectNotice.Object) -> Bool {
        (config.buckets.isEmpty || config.buckets.contains(object.bucket)) && !object.key.hasSuffix("/")
            && !object.key.contains("/CloudTrail-Digest/") && !object.key.contains("/CloudTrail-Insight/")
    }

    private mutating func take(_ reply: Reply, message: String, object: Int) {
        guard let notice = held[message]?.objects[object].notice else { return }
        let bucket = bucket(of: notice)
        do throws(Fault) {
            switch reply {
            case .answer(let response):
                let bytes = try bucket.object(notice.key, in: response)
                bufferedBytes += bytes.count
                held[message]?.objects[object].body = RawObject(
                    name: bucket.uri(of: notice.key), bytes: bytes)
            case .failed(let fault): throw fault
            default: break
            }
        } catch {
            held[message]?.objects[object].hasFailed = true
            complain(
                "object-unreadable", "\(error.message); its message is left to the queue's redrive policy")
        }
    }

    private mutating func deleted(_ reply: Reply, _ id: Int) {
        guard let batch = deleting.removeValue(forKey: id) else { return }
        var failures: [Int: String] = [:]
        do throws(Fault) {
            switch reply {
            case .answer(let response): failures = try config.queue.failures(in: response, "deleting")
            case .failed(let fault): throw fault
            default: break
            }
        } catch {
            complain("message-kept", error.message)
            for index in batch.indices { failures[index] = "unknown" }
        }
        for (index, code) in failures where index < batch.count {
            // With a receipt that is no longer good the message comes again, and is deleted then.
            if code.hasPrefix("ReceiptHandle") || code == "InvalidParameterValue" { continue }
            var again = batch[index]
            again.tries += 1
            if again.tries < Self.deletionTries { deletions.append(again) }
        }
    }

    private mutating func extended(_ reply: Reply, _ ids: [String], at now: Timestamp) {
        do throws(Fault) {
            guard case .answer(let response) = reply else {
                if case .failed(let fault) = reply { throw fault }
                return
            }
            // What is no longer in flight will be received again, which brings a new receipt.
            _ = try config.queue.failures(in: response, "extending")
        } catch {
            complain("message-not-held", error.message)
            let next = now + halfVisibility / 4
            for id in ids { held[id]?.extendAt = next }
        }
    }

    // MARK: Pages

    /// Whole messages whose objects have all come or failed, the oldest first.
    private mutating func page() -> RawPage? {
        var objects: [RawObject] = []
        var bytes = 0
        var listed = 0
        var taken: [String] = []
        var dropped: [String] = []
        for id in order {
            guard let message = held[id], message.isComplete else { continue }
            let bodies = message.objects.compactMap(\.body)
            let size = bodies.reduce(0) { $0 + $1.bytes.count }
            if !objects.isEmpty,
                objects.count + bodies.count > config.pageObjectsMax || bytes + size > config.pageBytesMax
            {
                break
            }
            objects += bodies
            bytes += size
            listed += message.objects.count
            if message.hasFailed { dropped.append(id) } else { taken.append(id) }
        }
        let isFull = objects.count >= config.pageObjectsMax || bytes >= config.pageBytesMax
        let isLast = waitingGets.isEmpty && getsRunning == 0
        let isStalled = bufferedBytes >= Self.bufferBytesMax
        guard !taken.isEmpty || !dropped.isEmpty, isFull || isLast || isStalled else { return nil }
        for id in dropped { held[id] = nil }
        order.removeAll { dropped.contains($0) || taken.contains($0) }
        bufferedBytes -= bytes
        for id in taken {
            if let count = held[id]?.objects.count {
                for index in 0..<count { held[id]?.objects[index].body = nil }
            }
        }
        guard !objects.isEmpty else { return nil }
        delivering = taken
        order = taken + order  // still held while the page is on its way
        return RawPage(
            feed: feed, source: source, objects: objects, position: nil, listed: listed,
            fetched: objects.count)
    }

    package mutating func delivered(_ receipt: PageReceipt, at now: Timestamp) {
        isDelivering = false
        for id in delivering {
            guard let message = held.removeValue(forKey: id) else { continue }
            finished.insert(id)
            deletions.append((id, message.handle, 0))
        }
        let gone = Set(delivering)
        order.removeAll { gone.contains($0) }
        delivering = []
    }

    private mutating func complain(_ code: String, _ message: String) {
        guard complaints.count < 10_000, complaints.insert(message).inserted else { return }
        notes.append(HealthNote(.problem, source: source, code: code, message))
    }
}
