import Exporters
import Testing

@testable import Pipeline

@Suite struct LakeVerificationTests {
    private static let keys = [
        "in/events/day=2026-11-01/p-lake-0-100-aaaa.parquet",
        "in/events/day=2026-11-01/p-lake-100-200-1of2-bbbb.parquet",
        "in/events/day=2026-11-02/p-lake-100-200-2of2-cccc.parquet",
        "in/events/day=2026-11-02/p-lake-200-260.0-59-dddd.parquet",
        "in/events/day=2026-11-02/p-lake-2-0-1-eeee.parquet", "in/somebody-elses.parquet",
    ]

    private func results(
        _ keys: [String], judged: UInt64, refused: Int = 0, writers: Set<String> = []
    ) -> [LakeVerification] {
        var queue = SpoolQueue()
        queue.commit(SpoolExtent(segment: 0, start: 0, end: 9, rows: 300, rowsBefore: 0))
        queue.judge(0..<judged)
        return LakeVerification.compare(
            keys: keys, of: "p", queues: ["lake": queue, "siem": queue], refused: ["lake": refused],
            writers: writers)
    }

    @Test("A lake with every batch is complete, objects of others aside")
    func complete() {
        let found = results(Self.keys, judged: 260, refused: 1)
        #expect(found.count == 1 && found[0].isComplete)
        #expect(found[0].exporter == "lake" && found[0].objects == 4 && found[0].found == 260)
    }

    @Test("A missing object is told by its rows, or by its batch where others of it are there")
    func missing() {
        let hole = results(Self.keys.filter { !$0.contains("0-100-") }, judged: 260)
        #expect(hole[0].isComplete == false && hole[0].missing == [0..<100])
        let part = results(Self.keys.filter { !$0.contains("2of2") }, judged: 260)
        #expect(part[0].isComplete == false && part[0].incomplete == ["100-200"])
        let tail = results(Self.keys, judged: 300)
        #expect(tail[0].isComplete == false && tail[0].missing == [260..<300])
        // A whole batch that was refused has no object.
        #expect(results(Self.keys, judged: 300, refused: 40)[0].isComplete)
        #expect(results([], judged: 260).isEmpty)
        // Of a writer that is known nothing is not all that there should be.
        let gone = results([], judged: 260, writers: ["lake"])
        #expect(gone.count == 1 && !gone[0].isComplete && gone[0].missing == [0..<260])
    }
}
