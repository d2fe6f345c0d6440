import Codecs
import Engine
import Testing

@testable import Exporters
@testable import Pipeline

@Suite struct ParquetFormTests {
    private static let day: Int64 = 86_400_000

    /// Events and findings of two days, whose texts repeat, alternate and differ.
    private static func batch(_ numbers: Range<Int>) -> EventBatch {
        var batch = EventBatch()
        for number in numbers {
            let time = (20_000 + Int64(number % 7 / 6)) * day + Int64(number)
            let isFinding = number % 5 == 4
            let lists = (0..<number % 4).map {
                "{\"name\":\"n\($0)\",\"type_id\":\($0),\"value\":\"v\(number)\"}"
            }
            let text =
                "{\"class_uid\":\(isFinding ? 2004 : 3002),\"time\":\(time),\"metadata\":{\"uid\":\"u\(number)\"},"
                + "\"actor\":{\"user\":{\"name\":\"user-\(number % 3)\"}},"
                + "\"observables\":[\(lists.joined(separator: ","))],\"vendor\":{\"x\":\(number)}}"
            var made = Event(time: Timestamp(milliseconds: time))
            made.kind = isFinding ? .finding : .event
            made.json = Extent(start: batch.bytes.count, count: text.utf8.count)
            batch.bytes += Array(text.utf8) + [UInt8(ascii: "\n")]
            batch.events.append(made)
        }
        return batch
    }

    private static func frame(_ batch: EventBatch, damaged: Bool = false) throws -> SpoolFrame {
        var compressor = Compressor(.zstd(level: 1))
        let payload = SpoolFrame.Payload(batch, &compressor)
        let key = LedgerKey(feed: "f", source: "s", hour: 1)
        let bytes = SpoolFrame.encode(payload, key: key, arrival: .epoch, rowsBefore: 0)
        var head = try #require(SpoolFrame.head(in: bytes, at: 0))
        if damaged { head.textBytes += 1 }
        return try #require(SpoolFrame(head, from: bytes, at: 0))
    }

    @Test(
        "Frames become the very objects that the batch of their events becomes, whatever was written before")
    func frames() throws {
        let form = ParquetForm(plans: try StorePlans.all())
        let whole = form.pieces(of: Self.batch(0..<900))
        #expect(whole.refused.isEmpty && whole.damaged.isEmpty)
        #expect(
            whole.pieces.map(\.folder) == [
                "events/day=2024-10-04", "events/day=2024-10-05", "findings/day=2024-10-04",
                "findings/day=2024-10-05",
            ])
        // Others in between leave nothing behind.
        _ = form.pieces(of: Self.batch(5_000..<5_100))
        let cuts = [0..<1, 1..<17, 17..<400, 400..<900]
        let parts = form.pieces(of: try cuts.map { try Self.frame(Self.batch($0)) })
        #expect(parts.refused.isEmpty && parts.damaged.isEmpty)
        #expect(parts.pieces.map(\.folder) == whole.pieces.map(\.folder))
        #expect(parts.pieces.map(\.bytes) == whole.pieces.map(\.bytes))
        let other = ParquetForm(plans: try StorePlans.all()).pieces(of: Self.batch(0..<900))
        #expect(other.pieces.map(\.bytes) == whole.pieces.map(\.bytes))
    }

    @Test("Rows of a frame that cannot be unpacked are named, and the others are written")
    func damage() throws {
        let form = ParquetForm(plans: try StorePlans.all())
        let formed = form.pieces(of: [
            try Self.frame(Self.batch(0..<3)), try Self.frame(Self.batch(3..<5), damaged: true),
            try Self.frame(Self.batch(5..<9)),
        ])
        #expect(formed.damaged == [3, 4] && formed.refused.isEmpty)
        var rows = 0
        for piece in formed.pieces {
            rows += try ParquetFooter(tail: piece.bytes, fileBytes: piece.bytes.count).rowCount
        }
        #expect(rows == 7)
    }
}
