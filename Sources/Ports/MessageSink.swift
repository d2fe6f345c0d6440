/// One message for a partitioned log.
package struct SinkMessage: Hashable, Sendable {
    /// Messages with one key are in one partition, in their order; empty for any partition.
    package var key: [UInt8]
    package var value: [UInt8]

    package init(key: [UInt8], value: [UInt8]) {
        self.key = key
        self.value = value
    }
}

/// The door to a partitioned log that is written to: Kafka, Event Hubs.
///
/// Opening it touches nothing.
package protocol MessageSink: Sendable {
    /// For a person: `topic a at broker:9093`.
    var origin: String { get }
    /// Appends the messages and waits until all of them are durable over there.
    ///
    /// - Returns: those that will never be taken, by place, and why.
    /// - Throws: where any of the others may not have arrived, or may have.
    func append(_ messages: [SinkMessage]) async throws(Fault) -> [Int: String]
    func close() async
}

/// How a Kafka is written to, and as whom.
package struct KafkaSinkOptions: Sendable {
    package var brokers: [String]
    package var topic: String
    /// SASL's mechanism, user and password.
    package var proof: (mechanism: String, user: String, password: String)?
    package var usesTLS = true
    package var caFile: String?
    /// `none`, `gzip`, `snappy`, `lz4`, `zstd`.
    package var compression = "zstd"

    package init(brokers: [String], topic: String) {
        self.brokers = brokers
        self.topic = topic
    }
}
