package import Engine

/// One message of a partitioned log.
package struct StreamMessage: Hashable, Sendable {
    package var partition: StreamPartition
    package var offset: Int64
    package var value: [UInt8]

    package init(partition: StreamPartition, offset: Int64, value: [UInt8]) {
        self.partition = partition
        self.offset = offset
        self.value = value
    }
}

package struct StreamPartition: Hashable, Sendable {
    package var topic: String
    package var number: Int32

    package init(topic: String, number: Int32) {
        self.topic = topic
        self.number = number
    }
}

/// What a stream had at one look.
package struct StreamBatch: Hashable, Sendable {
    package var messages: [StreamMessage] = []
    /// Everything that was there when it was looked at has been given.
    package var isAtEnd = false
    /// Partitions are to be given back to the group: the next look does that.
    package var isRevoking = false

    package init() {}
}

/// The door to a partitioned log that a group of consumers shares: Kafka, Event Hubs.
///
/// Opening it touches nothing. One look at a time; commits may come between.
package protocol MessageStream: Sendable {
    /// For a person: `topics a, b at broker:9093`.
    var origin: String { get }
    /// The next messages, at most so many and about so many bytes; waits for the first of them, at the end as well.
    ///
    /// After a batch that is `isRevoking`, all that was given must be durable and committed before the next look.
    func next(messagesMax: Int, bytesMax: Int, wait: Duration) async throws(Fault) -> StreamBatch
    /// Where the group goes on, by partition: the offset after the last one that is durable. Partitions that are the
    /// group's no longer are passed over: whoever has them goes on from the commit before.
    func commit(_ offsets: [StreamPartition: Int64]) async throws(Fault)
    /// Leaves the group.
    func close() async
}

/// How a Kafka is reached, and as whom.
package struct KafkaOptions: Sendable {
    package enum Proof: Sendable {
        case none
        case password(mechanism: String, user: String, password: String)
        /// A bearer token and when it ends, asked for whenever the client wants one.
        case token(@Sendable () async throws(Fault) -> (token: String, expiration: Timestamp?))
    }

    package var brokers: [String]
    package var topics: [String]
    package var group: String
    package var proof = Proof.none
    /// Whether a group without an offset begins at the oldest message, or with what comes.
    package var beginsAtOldest = true
    package var usesTLS = true
    package var caFile: String?
    /// How long the group waits for a member that has gone silent before others get its partitions.
    package var sessionTimeout = Duration.seconds(30)

    package init(brokers: [String], topics: [String], group: String) {
        self.brokers = brokers
        self.topics = topics
        self.group = group
    }
}
