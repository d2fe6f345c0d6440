import Codecs
import Engine
import Ports
import Synchronization
import Testing

@testable import Exporters

/// Exporters that speak no HTTP: what they hand to their doors.
@Suite struct StreamExporterTests {
    private final class KeptBytes: ByteStream {
        let origin = "test:1"
        private let state = Mutex<[UInt8]>([])
        var bytes: [UInt8] { state.withLock { $0 } }
        func send(_ bytes: [UInt8]) async throws(Fault) { state.withLock { $0 += bytes } }
        func close() async {}
    }

    private final class KeptMessages: MessageSink {
        let origin = "topic t"
        let refusing: Int?
        private let state = Mutex<[SinkMessage]>([])
        init(refusing: Int? = nil) { self.refusing = refusing }
        var messages: [SinkMessage] { state.withLock { $0 } }
        func append(_ messages: [SinkMessage]) async throws(Fault) -> [Int: String] {
            state.withLock { $0 += messages }
            return refusing.map { [$0: "too large"] } ?? [:]
        }
        func close() async {}
    }

    /// The messages of a stream of octet-counted frames.
    private func frames(_ bytes: [UInt8]) throws -> [String] {
        var rest = bytes[...]
        var all: [String] = []
        while !rest.isEmpty {
            let space = try #require(rest.firstIndex(of: UInt8(ascii: " ")))
            let count = try #require(Int(String(decoding: rest[..<space], as: UTF8.self)))
            all.append(String(decoding: rest[(space + 1)..<(space + 1 + count)], as: UTF8.self))
            rest = rest[(space + 1 + count)...]
        }
        return all
    }

    @Test("Syslog frames say their length, and each message has a header, its uid and the event")
    func syslog() async throws {
        let stream = KeptBytes()
        var batch = events(0..<3)
        batch.events[1].severityID = 5
        batch.events[1].time = Timestamp(nanoseconds: 1_700_000_000_123_456_789)
        let verdict = try await SyslogExporter(SyslogExporter.Config(), stream: stream).deliver(
            batch, batchID: "0-3")
        #expect(verdict == .accepted)
        let all = try frames(stream.bytes)
        #expect(all.count == 3)
        let pattern =
            #/<(\d+)>1 (\S+) - martlet - event \[ocsf@32473 class="0" uid="((?:[^"\\\]]|\\.)*)"\] (\{.*\})/#
        for (number, message) in all.enumerated() {
            let match = try #require(message.wholeMatch(of: pattern), "\(message)")
            #expect(match.output.1 == (number == 1 ? "106" : "110"))
            #expect(match.output.3 == "uid-\(number)-\\\"éé")
            let event = try document(Array(match.output.4.utf8))
            #expect(event["number"]?.integer == Int64(number))
        }
        #expect(all[1].contains(" 2023-11-14T22:13:20.123456Z "))
    }

    @Test("A message that receivers would cut is refused before it is sent; lines hold one message each")
    func syslogLimits() async throws {
        let stream = KeptBytes()
        var config = SyslogExporter.Config()
        config.framing = .newline
        var batch = events(0..<2)
        let start = batch.bytes.count
        batch.bytes += Array("\"\(String(repeating: "x", count: 5_000))\"".utf8)
        var long = batch.events[0]
        long.json = Extent(start: start, count: batch.bytes.count - start)
        batch.events.append(long)
        config.messageBytesMax = 4_096
        let exporter = SyslogExporter(config, stream: stream)
        guard
            case .partial(let refused, let again, .distantPast) = try await exporter.deliver(
                batch, batchID: "1")
        else {
            Issue.record("it was sent")
            return
        }
        #expect(refused.keys.sorted() == [2] && again == [0, 1] && stream.bytes.isEmpty)
        #expect(try await exporter.deliver(events(0..<2), batchID: "1") == .accepted)
        #expect(lines(stream.bytes).count == 2)
    }

    @Test("Kafka messages are keyed by who did it; one that is refused is judged alone")
    func kafka() async throws {
        var batch = EventBatch()
        for text in [#"{"actor":{"user":{"uid":"u\u00e9"}}}"#, #"{"user":{"name":"n"}}"#, "{}"] {
            var event = Event(time: .epoch)
            event.json = Extent(start: batch.bytes.count, count: text.utf8.count)
            batch.bytes += Array(text.utf8)
            batch.events.append(event)
        }
        let sink = KeptMessages()
        let key = "{$actor.user.uid|$actor.user.name|$user.uid|$user.name}"
        #expect(try await KafkaExporter(sink, key: key).deliver(batch, batchID: "1") == .accepted)
        #expect(sink.messages.map { String(decoding: $0.key, as: UTF8.self) } == ["ué", "n", ""])
        #expect(String(decoding: sink.messages[1].value, as: UTF8.self) == #"{"user":{"name":"n"}}"#)
        let verdict = try await KafkaExporter(KeptMessages(refusing: 1), key: key).deliver(
            batch, batchID: "1")
        #expect(verdict == .partial(refused: [1: "too large"], again: [], after: nil))
    }
}
