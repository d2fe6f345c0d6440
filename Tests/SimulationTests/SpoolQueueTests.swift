import Codecs
import Exporters
import Simulation
import Testing

@Suite struct SpoolQueueTests {
    /// The model: what is known of each row, by its number.
    private enum Row { case free, attempted, judged }

    @Test(
        "Agrees with a list of rows whatever happens to it, and survives being written down",
        arguments: 1...60)
    func model(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var queue = SpoolQueue()
        var rows: [Row] = []
        var offset: Int64 = 16
        for _ in 0..<120 {
            let open = queue.unjudged
            switch generator.index(below: 5) {
            case 0, 1:
                let count = 1 + generator.index(below: 5)
                if generator.chance(0.3) { offset += 10 }  // frames of a page that was never committed
                queue.commit(
                    SpoolExtent(
                        segment: UInt64(offset / 400), start: offset, end: offset + 20, rows: count,
                        rowsBefore: 0))
                offset += 20
                rows += Array(repeating: .free, count: count)
            case 2:
                guard let free = queue.nextFree(from: 0, besides: open) else { continue }
                let batch = free.lowerBound..<min(free.upperBound, free.lowerBound + 4)
                queue.attempt(batch)
                for row in batch { rows[Int(row)] = .attempted }
            case 3:
                guard !open.isEmpty else { continue }
                let batch = open[generator.index(below: open.count)]
                let judged = batch.lowerBound..<batch.lowerBound + 1 + generator.next() % UInt64(batch.count)
                queue.judge(judged)
                for row in judged { rows[Int(row)] = .judged }
            default:
                guard !open.isEmpty else { continue }
                let batch = open[generator.index(below: open.count)]
                queue.release(batch)
                for row in batch { rows[Int(row)] = .free }
            }
            try check(queue, rows)
        }
    }

    private func check(_ queue: SpoolQueue, _ rows: [Row]) throws {
        #expect(queue.nextRow == UInt64(rows.count))
        #expect(queue.pendingRows == UInt64(rows.filter { $0 != .judged }.count))
        #expect(
            queue.unjudged.joined().map { $0 }
                == rows.indices.filter { rows[$0] == .attempted }.map { UInt64($0) })
        let firstFree = rows.indices.first { rows[$0] == .free }
        #expect(queue.nextFree(from: 0, besides: queue.unjudged)?.lowerBound == firstFree.map { UInt64($0) })
        // Every row that is still owed can be found in a segment.
        for row in rows.indices where rows[row] != .judged {
            #expect(queue.stretch(holding: UInt64(row)) != nil)
        }
        var writer = BinaryWriter()
        queue.encode(into: &writer)
        var reader = BinaryReader(writer.bytes)
        #expect(try SpoolQueue(from: &reader) == queue)
    }
}
