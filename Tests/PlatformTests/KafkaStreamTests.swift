import CKafkaMock
import Ports
import Testing

@testable import Platform

/// librdkafka against brokers of its own that it pretends to have.
@Suite struct KafkaStreamTests {
    @safe private final class Brokers: @unchecked Sendable {
        private let mock: OpaquePointer
        let addresses: String

        init(partitions: Int32) throws {
            let started: OpaquePointer? = unsafe martlet_kafka_mock_start(1, "hub", partitions)
            unsafe mock = try #require(unsafe started)
            addresses = unsafe String(cString: martlet_kafka_mock_addresses(mock))
        }

        deinit { unsafe martlet_kafka_mock_stop(mock) }

        func append(_ texts: [String], to partition: Int32) {
            for text in texts {
                let bytes = Array(text.utf8)
                unsafe #expect(martlet_kafka_mock_produce(mock, partition, bytes, bytes.count) == 0)
            }
            unsafe #expect(martlet_kafka_mock_flush(mock) == 0)
        }

        func stream(group: String = "g") -> KafkaStream {
            var options = KafkaOptions(
                brokers: addresses.split(separator: ",").map { String($0) }, topics: ["hub"], group: group)
            options.usesTLS = false
            // The pretended broker lets a group that had members wait for nearly this long for more of them, and any
            // other group for three seconds.
            options.sessionTimeout = .seconds(6)
            return KafkaStream(options)
        }
    }

    /// Looks until the end of all partitions, and commits what it saw where told to.
    private func drain(_ stream: KafkaStream, commits: Bool) async throws -> [StreamMessage] {
        var all: [StreamMessage] = []
        for _ in 0..<60 {
            let batch = try await stream.next(messagesMax: 10, bytesMax: 1 << 20, wait: .seconds(1))
            all += batch.messages
            if commits, !batch.messages.isEmpty {
                var offsets: [StreamPartition: Int64] = [:]
                for message in batch.messages { offsets[message.partition] = message.offset + 1 }
                try await stream.commit(offsets)
            }
            if batch.isAtEnd { return all }
        }
        return all
    }

    @Test(
        "All messages come in their partitions' order; without a commit they come again, with one they do not"
    )
    func commits() async throws {
        let brokers = try Brokers(partitions: 3)
        for partition in 0..<Int32(3) {
            brokers.append((0..<25).map { "p\(partition)-\($0)" }, to: partition)
        }
        let first = brokers.stream()
        let seen = try await drain(first, commits: false)
        await first.close()
        #expect(seen.count == 75)
        for partition in 0..<Int32(3) {
            let texts = seen.filter { $0.partition.number == partition }.map {
                String(decoding: $0.value, as: UTF8.self)
            }
            #expect(texts == (0..<25).map { "p\(partition)-\($0)" })
        }
        let second = brokers.stream()
        #expect(try await drain(second, commits: true).count == 75)
        await second.close()
        brokers.append(["more"], to: 1)
        let third = brokers.stream()
        let rest = try await drain(third, commits: true)
        #expect(rest.map(\.offset) == [25] && rest[0].partition == StreamPartition(topic: "hub", number: 1))
        await third.close()
    }

    @Test("A member that joins gets its part once the first has given it back")
    func rebalance() async throws {
        let brokers = try Brokers(partitions: 2)
        brokers.append(["a"], to: 0)
        brokers.append(["b"], to: 1)
        let (first, second) = (brokers.stream(), brokers.stream())
        #expect(try await drain(first, commits: true).count == 2)
        let joined = Task { try await second.next(messagesMax: 1, bytesMax: 1 << 20, wait: .seconds(30)) }
        var isRevoked = false
        for _ in 0..<60 where !isRevoked {
            isRevoked = try await first.next(messagesMax: 1, bytesMax: 1, wait: .seconds(1)).isRevoking
        }
        #expect(isRevoked)
        // Giving back happens with the next look.
        let looks = Task {
            for _ in 0..<20 where !Task.isCancelled {
                _ = try await first.next(messagesMax: 10, bytesMax: 1 << 20, wait: .milliseconds(500))
            }
        }
        let batch = try await joined.value
        #expect(batch.isAtEnd && batch.messages.isEmpty, "its partition was committed by the first")
        looks.cancel()
        _ = try? await looks.value
        await first.close()
        await second.close()
    }

    @Test("A setting that librdkafka does not know, and brokers that are not there, are said")
    func problems() async throws {
        var options = KafkaOptions(brokers: ["127.0.0.1:1"], topics: ["hub"], group: "g")
        options.usesTLS = false
        let absent = KafkaStream(options)
        let fault = await #expect(throws: Fault.self) {
            for _ in 0..<10 { _ = try await absent.next(messagesMax: 1, bytesMax: 1, wait: .seconds(1)) }
        }
        #expect(fault?.kind == .transient)
        await absent.close()
        options.proof = .password(mechanism: "NONSENSE", user: "u", password: "hush")
        let wrong = await #expect(throws: Fault.self) {
            try await KafkaStream(options).next(messagesMax: 1, bytesMax: 1, wait: .seconds(1))
        }
        #expect(wrong?.kind == .denied && wrong?.message.contains("hush") == false)
    }
}
