import CKafkaMock
import Ports
import Testing

@testable import Platform

/// librdkafka's producer against brokers that it pretends to have, read back by its consumer.
@Suite struct KafkaSinkTests {
    @safe private final class Brokers: @unchecked Sendable {
        private let mock: OpaquePointer
        let addresses: [String]

        init(partitions: Int32) throws {
            let started: OpaquePointer? = unsafe martlet_kafka_mock_start(1, "out", partitions)
            unsafe mock = try #require(unsafe started)
            addresses = unsafe String(cString: martlet_kafka_mock_addresses(mock)).split(separator: ",").map {
                String($0)
            }
        }

        /// The next requests are answered with an error of Kafka's.
        func refuse(_ error: Int32, times: Int) { unsafe martlet_kafka_mock_refuse(mock, error, times) }

        deinit { unsafe martlet_kafka_mock_stop(mock) }
    }

    private func read(_ brokers: Brokers, _ count: Int) async throws -> [StreamMessage] {
        var options = KafkaOptions(brokers: brokers.addresses, topics: ["out"], group: "g")
        options.usesTLS = false
        let stream = KafkaStream(options)
        var all: [StreamMessage] = []
        for _ in 0..<60 where all.count < count {
            all += try await stream.next(messagesMax: 100, bytesMax: 1 << 20, wait: .seconds(1)).messages
        }
        await stream.close()
        return all
    }

    @Test("What is appended is there once, and messages of one key are in one partition in their order")
    func appends() async throws {
        let brokers = try Brokers(partitions: 4)
        var options = KafkaSinkOptions(brokers: brokers.addresses, topic: "out")
        options.usesTLS = false
        let sink = KafkaSink(options)
        let messages = (0..<60).map { number in
            SinkMessage(
                key: Array("user-\(number % 6)".utf8), value: Array("\(number % 6):\(number)".utf8))
        }
        #expect(try await sink.append(Array(messages[..<30])) == [:])
        #expect(try await sink.append(Array(messages[30...])) == [:])
        let all = try await read(brokers, 60)
        #expect(Set(all.map(\.value)) == Set(messages.map(\.value)) && all.count == 60)
        for user in 0..<6 {
            let own = all.filter { $0.value.starts(with: "\(user):".utf8) }
            #expect(Set(own.map(\.partition)).count == 1)
            let numbers = own.sorted { $0.offset < $1.offset }.map {
                Int(String(decoding: $0.value, as: UTF8.self).split(separator: ":")[1]) ?? -1
            }
            #expect(numbers == numbers.sorted())
        }
        await sink.close()
    }

    @Test(
        "Brokers that cannot take it now are asked again, and have it once",
        arguments: [7, 19, 20] as [Int32])
    func transient(error: Int32) async throws {
        let brokers = try Brokers(partitions: 1)
        var options = KafkaSinkOptions(brokers: brokers.addresses, topic: "out")
        options.usesTLS = false
        let sink = KafkaSink(options)
        brokers.refuse(error, times: 2)
        let messages = (0..<5).map { SinkMessage(key: [], value: Array("m\($0)".utf8)) }
        #expect(try await sink.append(messages) == [:])
        let all = try await read(brokers, 5)
        #expect(all.map(\.value) == messages.map(\.value))
        await sink.close()
    }

    @Test("A topic that is not ours to write to is for a person to mend")
    func denied() async throws {
        let brokers = try Brokers(partitions: 1)
        var options = KafkaSinkOptions(brokers: brokers.addresses, topic: "out")
        options.usesTLS = false
        let sink = KafkaSink(options)
        brokers.refuse(29, times: 1)
        let message = [SinkMessage(key: [], value: Array("m".utf8))]
        let fault = await #expect(throws: Fault.self) { try await sink.append(message) }
        #expect(
            fault?.kind == .denied && fault?.message.contains("uthoriz") == true, "\(fault?.message ?? "")")
        await sink.close()
    }

    @Test("A message that is too large is refused by itself, and the others arrive")
    func tooLarge() async throws {
        let brokers = try Brokers(partitions: 1)
        var options = KafkaSinkOptions(brokers: brokers.addresses, topic: "out")
        options.usesTLS = false
        options.compression = "none"
        let sink = KafkaSink(options)
        let refused = try await sink.append([
            SinkMessage(key: [], value: Array("a".utf8)),
            SinkMessage(key: [], value: [UInt8](repeating: 0x61, count: 1_100_000)),
            SinkMessage(key: [], value: Array("b".utf8)),
        ])
        #expect(refused.keys.sorted() == [1] && refused[1]?.contains("large") == true, "\(refused)")
        #expect(try await read(brokers, 2).count == 2)
        await sink.close()
    }
}
