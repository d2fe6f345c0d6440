import CKafka
import Glibc
package import Ports

/// A producer of librdkafka's, on a thread of its own: idempotent, acknowledged by all replicas.
@safe package actor KafkaSink: MessageSink {
    /// How long a message may take before librdkafka gives it up; the batch then goes again.
    private static let messageMilliseconds: Int32 = 30_000
    /// Reports come at most this much later.
    private static let graceMilliseconds: Int32 = 5_000

    /// What no repetition changes.
    private static let permanent: Set<String> = [
        "MSG_SIZE_TOO_LARGE", "INVALID_MSG", "INVALID_MSG_SIZE", "INVALID_RECORD", "RECORD_LIST_TOO_LARGE",
        "_BAD_MSG",
    ]
    /// What a person has to mend.
    private static let denials: Set<String> = [
        "TOPIC_AUTHORIZATION_FAILED", "CLUSTER_AUTHORIZATION_FAILED", "SASL_AUTHENTICATION_FAILED",
        "_AUTHENTICATION", "UNKNOWN_TOPIC_OR_PART", "_UNKNOWN_TOPIC", "TOPIC_EXCEPTION",
    ]

    private let options: KafkaSinkOptions
    private let executor = BlockingExecutor("martlet.kafka.sink")
    private var producer: Producer?

    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe executor.asUnownedSerialExecutor()
    }

    package init(_ options: KafkaSinkOptions) { self.options = options }

    package nonisolated var origin: String {
        "topic \(options.topic) at \(options.brokers.joined(separator: ", "))"
    }

    package func append(_ messages: [SinkMessage]) async throws(Fault) -> [Int: String] {
        let producer = unsafe try opened()
        var rows = unsafe [martlet_kafka_row](repeating: martlet_kafka_row(), count: messages.count)
        // One stretch of memory holds all of it, so that the pointers into it stay good.
        let text = messages.flatMap { $0.key + $0.value }
        unsafe text.withUnsafeBytes { bytes in
            var at = 0
            for (index, message) in messages.enumerated() {
                if !message.key.isEmpty {
                    unsafe rows[index].key = unsafe bytes.baseAddress.map { unsafe $0 + at }
                }
                unsafe rows[index].key_count = message.key.count
                at += message.key.count
                unsafe rows[index].bytes = unsafe bytes.baseAddress.map { unsafe $0 + at }
                unsafe rows[index].count = message.value.count
                at += message.value.count
            }
            unsafe martlet_kafka_append(
                producer, &rows, rows.count, Self.messageMilliseconds + Self.graceMilliseconds)
        }
        let codes = unsafe rows.map { unsafe $0.code }
        if let words = unsafe martlet_kafka_producer_fatal(producer).map({ unsafe String(cString: $0) }) {
            // A new producer may do better; whether the messages of this one arrived is not known.
            self.producer = nil
            throw Fault(.transient, "\(origin): \(words)")
        }
        return try refusals(codes)
    }

    private func refusals(_ codes: [Int32]) throws(Fault) -> [Int: String] {
        var refused: [Int: String] = [:]
        for (index, code) in codes.enumerated() where code != 0 {
            let name = unsafe String(cString: martlet_kafka_name(code))
            let words = unsafe String(cString: martlet_kafka_words(code))
            if Self.denials.contains(name) {
                throw Fault(.denied, "\(origin): \(words)", mayHaveArrived: codes.contains(0))
            }
            guard Self.permanent.contains(name) else { throw Fault(.transient, "\(origin): \(words)") }
            refused[index] = "Kafka: \(words)"
        }
        return refused
    }

    package func close() async { producer = nil }

    private func opened() throws(Fault) -> OpaquePointer {
        if let producer { return unsafe producer.pointer }
        let settings = unsafe settings.flatMap { unsafe [strdup($0.0), strdup($0.1)] }
        defer { unsafe settings.forEach { unsafe free($0) } }
        var problem = [CChar](repeating: 0, count: 512)
        let made = unsafe martlet_kafka_producer_open(
            settings.map { unsafe UnsafePointer($0) }, settings.count / 2, options.topic, &problem,
            problem.count)
        guard let made = unsafe made else {
            let words = String(
                decoding: problem.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            throw Fault(.denied, "\(origin): \(words)", mayHaveArrived: false)
        }
        producer = unsafe Producer(made)
        return unsafe made
    }

    private var settings: [(String, String)] {
        var all = [
            ("bootstrap.servers", options.brokers.joined(separator: ",")), ("client.id", "martlet"),
            ("enable.idempotence", "true"), ("compression.type", options.compression),
            ("message.timeout.ms", "\(Self.messageMilliseconds)"), ("linger.ms", "5"),
            // Event Hubs closes what is idle for four minutes.
            ("metadata.max.age.ms", "180000"), ("connections.max.idle.ms", "180000"),
            ("socket.keepalive.enable", "true"), ("queue.buffering.max.kbytes", "65536"),
        ]
        if let proof = options.proof {
            all += [
                ("sasl.mechanisms", proof.mechanism), ("sasl.username", proof.user),
                ("sasl.password", proof.password),
            ]
        }
        let protocols = options.proof != nil ? ("sasl_ssl", "sasl_plaintext") : ("ssl", "plaintext")
        all.append(("security.protocol", options.usesTLS ? protocols.0 : protocols.1))
        if let file = options.caFile { all.append(("ssl.ca.location", file)) }
        return all
    }
}

/// librdkafka's producer, given up when nobody holds it any more.
@safe private final class Producer: @unchecked Sendable {
    let pointer: OpaquePointer

    init(_ pointer: OpaquePointer) { unsafe self.pointer = unsafe pointer }

    deinit { unsafe martlet_kafka_producer_close(pointer) }
}
