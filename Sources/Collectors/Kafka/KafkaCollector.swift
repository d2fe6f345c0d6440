package import Engine
package import Ports

/// A feed that stands in a partitioned log: Kafka's topics, Azure's event hubs.
///
/// The group's committed offsets are the position: an offset is committed only once what stands before it is durable. A
/// partition that the group takes away is given back after what was read of it is durable and committed; who gets it then
/// begins where we ended.
package struct KafkaCollector: Collector {
    package struct Config: Sendable {
        package var stream: any MessageStream
        package var pageMessagesMax = 500
        package var pageBytesMax = 8 << 20
        /// Bytes read and not yet delivered, above which no more is read.
        package var bufferBytesMax = 16 << 20
        /// How long one look waits for messages.
        package var wait = Duration.seconds(1)

        package init(stream: any MessageStream) { self.stream = stream }
    }

    /// Between a commit that failed and the next.
    static let commitPause = Duration.seconds(2)
    /// For a run that is to end: how long a consumer that is given no partition waits for one.
    static let patience = Duration.seconds(30)

    private enum Work { case look, commit([StreamPartition: Int64]) }

    package let feed: String
    package let source: String
    private let config: Config

    private var held: [StreamMessage] = []
    private var heldBytes = 0
    private var delivering: [StreamPartition: Int64] = [:]
    private var isDelivering = false
    /// Durable, and not committed yet.
    private var offsets: [StreamPartition: Int64] = [:]
    private var commitAt = Timestamp.distantPast
    private var isCommitting = false
    private var isLooking = false
    private var isRevoking = false
    private var isAtEnd = false
    private var begin = Timestamp.distantPast
    private var hasRead = false
    private var calls: [Int: Work] = [:]
    private var lastID = 0
    private var notes: [HealthNote] = []

    package init(feed: String, source: String, config: Config) {
        self.feed = feed
        self.source = source
        self.config = config
    }

    /// The group knows where it is; nothing is saved here.
    package mutating func resume(from position: [UInt8]?, mode: RunMode, at now: Timestamp) throws(Fault) {
        begin = now
    }

    package mutating func next(at now: Timestamp) -> Step {
        if !notes.isEmpty { return .report(notes.removeFirst()) }
        if !isDelivering, !held.isEmpty { return page() }
        if !isCommitting, !offsets.isEmpty, commitAt <= now { return commit() }
        let isSettled = held.isEmpty && !isDelivering && !isCommitting && offsets.isEmpty
        if !isLooking, heldBytes < config.bufferBytesMax, !isRevoking || isSettled {
            // A consumer that gets no partition has nothing to wait for, in a run that is to end.
            let isIdle = !hasRead && now - begin > Self.patience
            if isSettled, isAtEnd || isIdle {
                isAtEnd = false
                hasRead = true
                return .wait(until: now, isCaughtUp: true)
            }
            return look()
        }
        return .wait(until: isLooking || isDelivering || isCommitting ? nil : commitAt, isCaughtUp: false)
    }

    private mutating func call(_ work: Work, _ operation: Call.Operation, isEssential: Bool) -> Step {
        lastID += 1
        calls[lastID] = work
        return .call(Call(lastID, operation, isEssential: isEssential))
    }

    private mutating func look() -> Step {
        isLooking = true
        isRevoking = false
        return call(
            .look,
            .look(
                config.stream, messagesMax: config.pageMessagesMax, bytesMax: config.pageBytesMax,
                wait: config.wait), isEssential: true)
    }

    private mutating func commit() -> Step {
        isCommitting = true
        let batch = offsets
        offsets = [:]
        return call(.commit(batch), .commit(config.stream, batch), isEssential: false)
    }

    private mutating func page() -> Step {
        var objects: [RawObject] = []
        var bytes = 0
        var count = 0
        for message in held {
            guard count < config.pageMessagesMax,
                count == 0 || bytes + message.value.count <= config.pageBytesMax
            else { break }
            count += 1
            bytes += message.value.count
            let partition = message.partition
            delivering[partition] = max(delivering[partition] ?? 0, message.offset + 1)
            // A message without a value says that its key is gone: there is no record in it.
            if message.value.isEmpty { continue }
            let name = "\(partition.topic)/\(partition.number)/\(message.offset)"
            objects.append(RawObject(name: name, bytes: message.value))
        }
        held.removeFirst(count)
        heldBytes -= bytes
        isDelivering = true
        return .deliver(
            RawPage(
                feed: feed, source: source, objects: objects, position: nil, listed: count, fetched: count))
    }

    package mutating func take(_ reply: Reply, to id: Int, at now: Timestamp) throws(Fault) {
        guard let work = calls[id] else { return }
        switch (work, reply) {
        case (.look, .messages(let batch)):
            isLooking = false
            isRevoking = batch.isRevoking
            isAtEnd = batch.isAtEnd
            hasRead = hasRead || !batch.messages.isEmpty
            held += batch.messages
            heldBytes += batch.messages.reduce(0) { $0 + $1.value.count }
        case (.commit(let batch), .failed(let fault)):
            isCommitting = false
            commitAt = now + Self.commitPause
            // What was committed since stands further on.
            offsets.merge(batch) { max($0, $1) }
            notes.append(HealthNote(.warning, source: source, code: "offset-not-committed", fault.message))
        case (.commit, _): isCommitting = false
        case (.look, .failed(let fault)): throw fault
        case (.look, _): throw Fault(.malformed, "the answer to another question")
        }
        calls[id] = nil
    }

    package mutating func delivered(_ receipt: PageReceipt, at now: Timestamp) {
        isDelivering = false
        offsets.merge(delivering) { max($0, $1) }
        delivering = [:]
    }
}
