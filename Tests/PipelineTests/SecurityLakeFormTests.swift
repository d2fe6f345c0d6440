import Codecs
import Engine
import Exporters
import Testing

@testable import Pipeline

@Suite struct SecurityLakeFormTests {
    private func batch(_ events: [(classUID: Int, account: String, day: Int)]) -> EventBatch {
        var batch = EventBatch()
        for (number, event) in events.enumerated() {
            let time = Int64(event.day * 86_400_000 + number)
            let text =
                "{\"class_uid\":\(event.classUID),\"time\":\(time),\"metadata\":{\"uid\":\"u\(number)\",\"version\":\"1.1.0\"},"
                + "\"actor\":{\"user\":{\"name\":\"ada\"}},\"cloud\":{\"account\":{\"uid\":\"\(event.account)\"}},"
                + "\"vendor_words\":{\"x\":1}}"
            var made = Event(time: Timestamp(milliseconds: time))
            made.json = Extent(start: batch.bytes.count, count: text.utf8.count)
            batch.bytes += Array(text.utf8) + [UInt8(ascii: "\n")]
            batch.events.append(made)
        }
        return batch
    }

    @Test("One class, account and day in a file, in columns that OCSF 1.1.0 has")
    func pieces() throws {
        let form = try SecurityLakeForm(
            region: "eu-central-1", account: "external", sources: [3002: "auth", 6003: "api"])
        let formed = form.pieces(
            of: batch([
                (3002, "111122223333", 20_000), (6003, "project-x", 20_000), (3002, "111122223333", 20_001),
                (3002, "111122223333", 20_000),
            ]))
        let pieces = formed.pieces
        #expect(formed.refused.isEmpty)
        #expect(
            pieces.map(\.folder) == [
                "ext/auth/region=eu-central-1/accountId=111122223333/eventDay=20241004",
                "ext/auth/region=eu-central-1/accountId=111122223333/eventDay=20241005",
                "ext/api/region=eu-central-1/accountId=external/eventDay=20241004",
            ])
        var rows: [Int] = []
        for piece in pieces {
            let footer = try ParquetFooter(tail: piece.bytes, fileBytes: piece.bytes.count)
            rows.append(footer.rowCount)
            let names = Set(footer.schema.leaves.map(\.name))
            #expect(
                names.isSuperset(of: ["time", "class_uid", "metadata.uid", "actor.user.name", "unmapped"]))
            #expect(names.isDisjoint(with: ["principal", "rest"]))
            let schema = try OCSFContent.schema(.v1_1_0)
            let structure = try #require(schema.eventClass(uid: piece.folder.contains("/api/") ? 6003 : 3002))
            for name in names { _ = try schema.resolve(name, in: structure, hints: false) }
        }
        #expect(rows == [2, 1, 1])
    }

    @Test("An event of another class is refused by itself, before anything is written")
    func others() throws {
        let form = try SecurityLakeForm(region: "r", account: "external", sources: [3002: "auth"])
        let formed = form.pieces(of: batch([(3002, "", 1), (4001, "", 1)]))
        #expect(formed.pieces.isEmpty && formed.refused.keys.sorted() == [1])
        #expect(formed.refused[1]?.contains("4001") == true)
    }
}
