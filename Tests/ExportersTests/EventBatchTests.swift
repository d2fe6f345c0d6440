import Engine
import Testing

@testable import Exporters

@Suite struct EventBatchTests {
    /// Events of one digit each, with a record of the vendor's for every other one.
    private func batch(_ numbers: ClosedRange<Int>) -> EventBatch {
        var batch = EventBatch()
        for number in numbers {
            var event = Event(time: .epoch)
            event.json = Extent(start: batch.bytes.count, count: 1)
            event.uid = event.json
            event.ordinal = UInt32(number)
            if number % 2 == 0 {
                event.raw = Extent(start: batch.raw.count, count: 2)
                batch.raw += Array("r\(number)".utf8)
            }
            batch.bytes += Array("\(number)\n".utf8)
            batch.events.append(event)
        }
        return batch
    }

    @Test(
        "Of the rows from one on, those that are kept stay as they were, with their records",
        arguments: [[], [3], [3, 4, 5, 6, 7, 8], [4, 6, 8], [3, 4, 8], [5, 6, 7], [8]])
    func keep(kept: [Int]) {
        var some = batch(1...8)
        some.keep(kept.map { $0 - 1 }, from: 2)
        let numbers = [1, 2] + kept
        #expect(some.isText)
        #expect(String(decoding: some.text, as: UTF8.self) == numbers.map { "\($0)\n" }.joined())
        #expect(some.events.map { Int($0.ordinal) } == numbers)
        #expect(some.events.map { some.uid(of: $0) } == numbers.map(String.init))
        for event in some.events {
            let raw = String(decoding: some.raw[event.raw.range], as: UTF8.self)
            #expect(raw == (event.ordinal % 2 == 0 ? "r\(event.ordinal)" : ""))
        }
    }

    @Test("Events of one record keep it, whichever of them stay")
    func keepShared() {
        for kept in [[0, 1, 3], [1, 2], [2, 3], [0, 3], [3]] {
            var some = batch(1...4)
            for place in 2...3 { some.events[place].raw = some.events[1].raw }
            some.keep(kept, from: 0)
            #expect(some.events.map { some.uid(of: $0) } == kept.map { "\($0 + 1)" })
            let records = some.events.map { String(decoding: some.raw[$0.raw.range], as: UTF8.self) }
            #expect(records == kept.map { $0 == 0 ? "" : "r2" })
        }
    }

    @Test(
        "A batch is cut into runs of all its rows, in order, within the limits where more than one row is left"
    )
    func cuts() {
        let some = batch(1...9)
        for rowsMax in 1...10 {
            for bytesMax in 1...20 {
                let cuts = some.cuts(rowsMax: rowsMax, bytesMax: bytesMax)
                #expect(cuts.flatMap { Array($0) } == Array(0..<9))
                #expect(
                    cuts.allSatisfy { $0.count <= rowsMax && ($0.count == 1 || $0.count * 2 <= 2 * bytesMax) }
                )
            }
        }
    }
}
