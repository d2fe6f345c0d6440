import Credentials
package import Engine
package import Ports

/// A feed that a Pub/Sub subscription carries: Google's audit logs through a log sink.
///
/// The subscription is the position: a message is acknowledged only once its records are durable, and its deadline is moved
/// on as long as that takes. Several collectors may share one subscription.
package struct PubSubCollector: Collector {
    package struct Config: Sendable {
        package var subscription: PubSubSubscription
        package var pullsInFlight = 2
        /// Pub/Sub's limit is 1,000.
        package var pullMessagesMax = 1_000
        /// Moved on from its half; Pub/Sub's limits are 10 to 600 s.
        package var deadlineSeconds = 60
        package var pageMessagesMax = 500
        package var pageBytesMax = 8 << 20
        /// Bytes pulled and not yet delivered, above which no more are pulled.
        package var bufferBytesMax = 16 << 20

        package init(subscription: PubSubSubscription) { self.subscription = subscription }
    }

    /// How long Pub/Sub waits for messages before it answers that there are none.
    static let wait = Duration.seconds(90)
    static let identifiersMax = 100_000
    static let acknowledgementTries = 5

    private struct Held {
        var ackID: String
        var extendAt: Timestamp
    }

    private enum Work {
        case pull(asked: Timestamp)
        case acknowledge([Acknowledgement])
        case extend([String])
    }

    private struct Acknowledgement {
        var ackID: String
        var tries = 0
    }

    package let feed: String
    package let source: String
    private let config: Config
    private var mode = RunMode.continuous

    private var held: [String: Held] = [:]
    /// Not yet delivered, in the order of their coming.
    private var waiting: [(id: String, data: [UInt8]?)] = []
    private var waitingBytes = 0
    private var delivering: [String] = []
    private var isDelivering = false
    private var acknowledgements: [Acknowledgement] = []
    private var acknowledging = 0
    private var extending = 0
    private var pulling = 0
    private var finished = RecentSet<String>(capacity: identifiersMax)
    private var tried = RecentSet<String>(capacity: identifiersMax)
    /// Whether the last pull brought nothing that this run has not already tried.
    private var isQuiet = false
    private var pace = LongPollPace(wait: wait)
    private var calls: [Int: Work] = [:]
    private var lastID = 0
    private var notes: [HealthNote] = []
    private var complaints: Set<String> = []

    package init(feed: String, source: String, config: Config) {
        self.feed = feed
        self.source = source
        self.config = config
    }

    package mutating func resume(from position: [UInt8]?, mode: RunMode, at now: Timestamp) throws(Fault) {
        self.mode = mode
    }

    // MARK: Steps

    package mutating func next(at now: Timestamp) -> Step {
        if !notes.isEmpty { return .report(notes.removeFirst()) }
        if extending == 0, let step = extend(at: now) { return step }
        if !isDelivering, !waiting.isEmpty { return page() }
        if !acknowledgements.isEmpty,
            acknowledging == 0 || acknowledgements.count >= PubSubSubscription.batchMax
        {
            return acknowledge()
        }
        if pulling < config.pullsInFlight, waitingBytes < config.bufferBytesMax, !isQuiet || isIdle {
            if isQuiet {
                isQuiet = false
                return .wait(until: now, isCaughtUp: true)
            }
            return pull(at: now)
        }
        let due = held.values.map(\.extendAt).min()
        return .wait(until: extending > 0 ? nil : due, isCaughtUp: false)
    }

    private var isIdle: Bool { calls.isEmpty && held.isEmpty && acknowledgements.isEmpty && !isDelivering }
    private var halfDeadline: Duration { .milliseconds(config.deadlineSeconds * 500) }

    private mutating func begin(
        _ work: Work, _ operation: Call.Operation, notBefore: Timestamp? = nil, isEssential: Bool = false
    ) -> Step {
        lastID += 1
        calls[lastID] = work
        return .call(Call(lastID, operation, notBefore: notBefore, isEssential: isEssential))
    }

    private mutating func pull(at now: Timestamp) -> Step {
        pulling += 1
        return begin(
            .pull(asked: max(now, pace.next)),
            config.subscription.pull(messagesMax: config.pullMessagesMax, waits: mode == .continuous),
            notBefore: pace.next, isEssential: true)
    }

    private mutating func acknowledge() -> Step {
        let batch = Array(acknowledgements.prefix(PubSubSubscription.batchMax))
        acknowledgements.removeFirst(batch.count)
        acknowledging += 1
        return begin(.acknowledge(batch), config.subscription.acknowledge(batch.map(\.ackID)))
    }

    /// Holds messages that are in work for another while, from half their time on.
    private mutating func extend(at now: Timestamp) -> Step? {
        let due = held.filter { $0.value.extendAt <= now }.map(\.key).sorted().prefix(
            PubSubSubscription.batchMax)
        guard !due.isEmpty else { return nil }
        var ids: [String] = []
        for id in due {
            guard let message = held[id] else { continue }
            ids.append(message.ackID)
            let next = now + halfDeadline
            held[id]?.extendAt = next
        }
        extending += 1
        return begin(.extend(Array(due)), config.subscription.extend(ids, seconds: config.deadlineSeconds))
    }

    private mutating func page() -> Step {
        var objects: [RawObject] = []
        var bytes = 0
        for message in waiting {
            let size = message.data?.count ?? 0
            guard objects.count < config.pageMessagesMax,
                objects.isEmpty || bytes + size <= config.pageBytesMax
            else { break }
            bytes += size
            delivering.append(message.id)
            objects.append(
                RawObject(
                    name: "\(config.subscription.name)/\(message.id)", bytes: message.data ?? [],
                    refusal: message.data == nil ? "the message's data is not Base64" : nil))
        }
        waiting.removeFirst(objects.count)
        waitingBytes -= bytes
        isDelivering = true
        return .deliver(
            RawPage(
                feed: feed, source: source, objects: objects, position: nil, listed: objects.count,
                fetched: objects.count))
    }

    package mutating func delivered(_ receipt: PageReceipt, at now: Timestamp) {
        isDelivering = false
        for id in delivering {
            finished.insert(id)
            guard let message = held.removeValue(forKey: id) else { continue }
            acknowledgements.append(Acknowledgement(ackID: message.ackID))
        }
        delivering = []
    }

    // MARK: Replies

    package mutating func take(_ reply: Reply, to id: Int, at now: Timestamp) throws(Fault) {
        guard let work = calls[id] else { return }
        switch work {
        case .pull(let asked):
            let messages = try config.subscription.messages(in: try reply.answer())
            pulling -= 1
            var isNew = false
            for message in messages where receive(message, at: now) { isNew = true }
            isQuiet = !isNew
            pace.answered(isNew: isNew, asked: asked, at: now)
        case .acknowledge(let batch):
            acknowledging -= 1
            if let problem = problem(in: reply, "acknowledging messages of") {
                complain("message-kept", problem)
                for one in batch where one.tries + 1 < Self.acknowledgementTries {
                    acknowledgements.append(Acknowledgement(ackID: one.ackID, tries: one.tries + 1))
                }
            }
        case .extend(let ids):
            extending -= 1
            if let problem = problem(in: reply, "holding messages of") {
                complain("message-not-held", problem)
                let next = now + halfDeadline / 4
                for id in ids { held[id]?.extendAt = next }
            }
        }
        calls[id] = nil
    }

    /// Whether the message is one that this run has not already tried.
    private mutating func receive(_ message: PubSubSubscription.Message, at now: Timestamp) -> Bool {
        if finished.contains(message.id) {
            acknowledgements.append(Acknowledgement(ackID: message.ackID))
            return false
        }
        // Delivered again while in work: the newest delivery is the one that counts.
        let isKnown = held[message.id] != nil
        held[message.id] = Held(ackID: message.ackID, extendAt: now + firstHold)
        if isKnown { return false }
        waiting.append((message.id, message.data))
        waitingBytes += message.data?.count ?? 0
        return tried.insert(message.id)
    }

    /// The subscription's own deadline, 10 seconds at the least, holds until the first move.
    private var firstHold: Duration { min(halfDeadline, .seconds(5)) }

    private func problem(in reply: Reply, _ action: String) -> String? {
        do throws(Fault) {
            try config.subscription.answer(try reply.answer(), action)
            return nil
        } catch {
            return error.message
        }
    }

    private mutating func complain(_ code: String, _ message: String) {
        guard complaints.count < 10_000, complaints.insert(message).inserted else { return }
        notes.append(HealthNote(.problem, source: source, code: code, message))
    }
}
