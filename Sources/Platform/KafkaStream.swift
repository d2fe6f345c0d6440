import CKafka
import Engine
import Glibc
package import Ports

/// A consumer of librdkafka's, on a thread of its own.
@safe package actor KafkaStream: MessageStream {
    /// Between two looks commits have their turn.
    private static let sliceMilliseconds: Int32 = 50
    /// Longer without a look, and the group takes the partitions away: a spool may be full for a while.
    private static let pollIntervalMax = "3600000"

    private let options: KafkaOptions
    private let executor = BlockingExecutor("martlet.kafka")
    private var consumer: Consumer?
    private var isClosed = false
    private var assigned = 0
    /// Partitions that are read to their end.
    private var atEnd: Set<StreamPartition> = []
    private var isRevoking = false
    /// What went wrong behind messages that had been read, and must not be lost with it.
    private var fault: Fault?

    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe executor.asUnownedSerialExecutor()
    }

    package init(_ options: KafkaOptions) { self.options = options }

    package nonisolated var origin: String {
        "topics \(options.topics.joined(separator: ", ")) at \(options.brokers.joined(separator: ", "))"
    }

    package func next(messagesMax: Int, bytesMax: Int, wait: Duration) async throws(Fault) -> StreamBatch {
        let consumer = unsafe try opened()
        if isRevoking {
            unsafe martlet_kafka_release(consumer)
            isRevoking = false
            assigned = 0
            atEnd = []
        }
        if let held = fault {
            fault = nil
            throw held
        }
        var batch = StreamBatch()
        var bytes = 0
        var left = max(1, wait.nanoseconds / 1_000_000 / Int64(Self.sliceMilliseconds))
        while batch.messages.count < messagesMax, bytes < bytesMax, !batch.isRevoking {
            if Task.isCancelled || isClosed { throw Fault(.cancelled, "stopped") }
            let event = unsafe martlet_kafka_poll(
                consumer, batch.messages.isEmpty ? Self.sliceMilliseconds : 0)
            switch unsafe event.kind {
            case MARTLET_KAFKA_MESSAGE:
                let message = unsafe Self.message(event)
                bytes += message.value.count
                atEnd.remove(message.partition)
                batch.messages.append(message)
                continue
            case MARTLET_KAFKA_END: unsafe atEnd.insert(Self.partition(event))
            case MARTLET_KAFKA_ASSIGNED: unsafe assigned = event.count
            case MARTLET_KAFKA_REVOKED:
                isRevoking = true
                batch.isRevoking = true
            case MARTLET_KAFKA_TOKEN:
                do throws(Fault) { try await renewToken() } catch { fault = error }
            case MARTLET_KAFKA_ERROR: fault = unsafe fault(of: event)
            default:
                if !batch.messages.isEmpty { left = 0 }
                left -= 1
                await Task.yield()
            }
            if let found = fault {
                if !batch.messages.isEmpty { break }
                fault = nil
                throw found
            }
            if left <= 0 { break }
        }
        batch.isAtEnd = !batch.isRevoking && assigned > 0 && atEnd.count == assigned
        return batch
    }

    package func commit(_ offsets: [StreamPartition: Int64]) async throws(Fault) {
        let consumer = unsafe try opened()
        let all = offsets.sorted { ($0.key.topic, $0.key.number) < ($1.key.topic, $1.key.number) }
        let topics = unsafe all.map { unsafe strdup($0.key.topic) }
        defer { unsafe topics.forEach { unsafe free($0) } }
        let names = unsafe topics.map { unsafe UnsafePointer<CChar>($0) }
        let code = unsafe martlet_kafka_commit(
            consumer, names, all.map(\.key.number), all.map(\.value), all.count)
        // No longer ours: whoever has the partitions now reads from the commit before.
        let lost = [
            "REBALANCE_IN_PROGRESS", "ILLEGAL_GENERATION", "UNKNOWN_MEMBER_ID", "_NO_OFFSET",
            "_ASSIGNMENT_LOST",
        ]
        guard code != 0, !lost.contains(Self.name(code)) else { return }
        throw Fault(.transient, "committing to \(origin): \(Self.words(code))")
    }

    package func close() async {
        isClosed = true
        consumer = nil
    }

    // MARK: Opening

    private func opened() throws(Fault) -> OpaquePointer {
        if let consumer { return unsafe consumer.pointer }
        if isClosed { throw Fault(.cancelled, "stopped") }
        let settings = unsafe settings.flatMap { unsafe [strdup($0.0), strdup($0.1)] }
        let topics = unsafe options.topics.map { unsafe strdup($0) }
        defer { unsafe (settings + topics).forEach { unsafe free($0) } }
        var problem = [CChar](repeating: 0, count: 512)
        let made = unsafe martlet_kafka_open(
            settings.map { unsafe UnsafePointer($0) }, settings.count / 2,
            topics.map { unsafe UnsafePointer($0) },
            topics.count, &problem, problem.count)
        guard let made = unsafe made else {
            let words = String(
                decoding: problem.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            throw Fault(.denied, "\(origin): \(words)")
        }
        consumer = unsafe Consumer(made)
        return unsafe made
    }

    private var settings: [(String, String)] {
        let session = max(1_000, options.sessionTimeout.nanoseconds / 1_000_000)
        var all = [
            ("bootstrap.servers", options.brokers.joined(separator: ",")), ("group.id", options.group),
            ("client.id", "martlet"), ("enable.auto.commit", "false"), ("enable.auto.offset.store", "false"),
            ("enable.partition.eof", "true"),
            ("auto.offset.reset", options.beginsAtOldest ? "earliest" : "latest"),
            ("max.poll.interval.ms", Self.pollIntervalMax), ("session.timeout.ms", "\(session)"),
            ("heartbeat.interval.ms", "\(session / 10)"),
            // Event Hubs closes what is idle for four minutes.
            ("metadata.max.age.ms", "180000"), ("connections.max.idle.ms", "180000"),
            ("socket.keepalive.enable", "true"),
            // What is read ahead: memory.
            ("queued.max.messages.kbytes", "16384"), ("fetch.message.max.bytes", "4194304"),
        ]
        var isSASL = true
        switch options.proof {
        case .none: isSASL = false
        case .password(let mechanism, let user, let password):
            all += [("sasl.mechanisms", mechanism), ("sasl.username", user), ("sasl.password", password)]
        case .token: all.append(("sasl.mechanisms", "OAUTHBEARER"))
        }
        let protocols = isSASL ? ("sasl_ssl", "sasl_plaintext") : ("ssl", "plaintext")
        all.append(("security.protocol", options.usesTLS ? protocols.0 : protocols.1))
        if let file = options.caFile { all.append(("ssl.ca.location", file)) }
        return all
    }

    private func renewToken() async throws(Fault) {
        guard case .token(let fetch) = options.proof else { return }
        let token: (token: String, expiration: Timestamp?)
        do throws(Fault) {
            token = try await fetch()
        } catch {
            if let consumer { unsafe martlet_kafka_refuse_token(consumer.pointer, "no token") }
            throw error
        }
        guard let consumer else { return }
        var problem = [CChar](repeating: 0, count: 512)
        let end = token.expiration?.milliseconds ?? Int64.max / 4
        let code = unsafe martlet_kafka_set_token(consumer.pointer, token.token, end, &problem, problem.count)
        guard code == 0 else {
            let words = String(
                decoding: problem.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            throw Fault(.denied, "\(origin): the token cannot be used: \(words)")
        }
    }

    // MARK: Events

    private static func partition(_ event: martlet_kafka_event) -> StreamPartition {
        let topic = unsafe event.topic.map { unsafe String(cString: $0) } ?? ""
        return unsafe StreamPartition(topic: topic, number: event.partition)
    }

    private static func message(_ event: martlet_kafka_event) -> StreamMessage {
        let value = unsafe [UInt8](UnsafeRawBufferPointer(start: event.bytes, count: event.count))
        return unsafe StreamMessage(partition: partition(event), offset: event.offset, value: value)
    }

    /// `nil` for what librdkafka mends alone.
    private func fault(of event: martlet_kafka_event) -> Fault? {
        let name = unsafe Self.name(event.code)
        let text = unsafe event.text.map { unsafe String(cString: $0) } ?? name
        switch name {
        case "_AUTHENTICATION", "SASL_AUTHENTICATION_FAILED", "TOPIC_AUTHORIZATION_FAILED",
            "GROUP_AUTHORIZATION_FAILED", "CLUSTER_AUTHORIZATION_FAILED", "UNSUPPORTED_SASL_MECHANISM":
            return Fault(.denied, "\(origin): \(text)")
        case "_ALL_BROKERS_DOWN", "_FATAL", "UNKNOWN_TOPIC_OR_PART", "_UNKNOWN_TOPIC", "_RESOLVE", "_SSL":
            return Fault(.transient, "\(origin): \(text)")
        default: return nil
        }
    }

    private static func name(_ code: some BinaryInteger) -> String {
        unsafe String(cString: martlet_kafka_name(Int32(truncatingIfNeeded: code)))
    }

    private static func words(_ code: some BinaryInteger) -> String {
        unsafe String(cString: martlet_kafka_words(Int32(truncatingIfNeeded: code)))
    }
}

/// librdkafka's consumer, which leaves its group when nobody holds it any more.
@safe private final class Consumer: @unchecked Sendable {
    let pointer: OpaquePointer

    init(_ pointer: OpaquePointer) { unsafe self.pointer = unsafe pointer }

    deinit { unsafe martlet_kafka_close(pointer) }
}
