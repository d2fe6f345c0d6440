package import Engine
package import Exporters
import Store
import Synchronization

/// Parquet as the store writes it, apart by table and day: a lake that any engine reads by `day=`.
package final class ParquetForm: FrameForm {
    /// zstd's, as in the store.
    private static let level = 1
    /// Benches kept while no batch is under way: each has the memory that one batch takes in columns.
    private static let sparesMax = 2

    private let plans: [ColumnPlan]
    private let spares = Mutex<[ColumnBench]>([])

    package init(plans: [ColumnPlan]) { self.plans = plans }

    package var suffix: String { ".parquet" }
    package var contentType: String { "application/vnd.apache.parquet" }

    package func pieces(of batch: EventBatch) -> FormedPieces {
        formed { bench in bench.add(batch, at: 0) }
    }

    /// Events go from a frame into columns as soon as it is unpacked: there is never more than one frame's text.
    package func pieces(of frames: [SpoolFrame]) -> FormedPieces {
        formed { bench in
            var first = 0
            for frame in frames {
                bench.add(frame, at: first)
                first += frame.head.rows
            }
        }
    }

    private func formed(_ fill: (ColumnBench) -> Void) -> FormedPieces {
        let bench = spares.withLock { $0.popLast() } ?? ColumnBench(plans, level: Self.level)
        defer { spares.withLock { if $0.count < Self.sparesMax { $0.append(bench) } } }
        bench.begin()
        fill(bench)
        return bench.formed()
    }
}

/// What one batch is made into files with; used by one batch after the other.
private final class ColumnBench: @unchecked Sendable {
    private let shredders: [BatchShredder]
    /// The batch's rows that each shredder has.
    private var rows: [[Int]]
    private var frame = EventBatch()
    private var result = FormedPieces()

    init(_ plans: [ColumnPlan], level: Int) {
        shredders = plans.map { BatchShredder($0, level: level) }
        rows = plans.map { _ in [] }
    }

    func begin() {
        for index in shredders.indices {
            shredders[index].begin()
            rows[index].removeAll(keepingCapacity: true)
        }
        result = FormedPieces()
    }

    /// - Parameter first: the batch's number of the first event.
    func add(_ batch: borrowing EventBatch, at first: Int) {
        for index in shredders.indices {
            let wanted = shredders[index].wanted(batch)
            if wanted.isEmpty { continue }
            for row in shredders[index].add(batch, wanted) {
                result.refused[first + row] = "the event cannot be read back from the spool"
            }
            for row in wanted { rows[index].append(first + row) }
        }
    }

    func add(_ frame: SpoolFrame, at first: Int) {
        if frame.read(over: &self.frame) {
            add(self.frame, at: first)
        } else {
            result.damaged += first..<first + frame.head.rows
        }
    }

    func formed() -> FormedPieces {
        for (index, shredder) in shredders.enumerated() where !rows[index].isEmpty {
            shredder.end()
            for day in shredder.filledDays {
                guard let encoded = try? shredder.encode(day) else {
                    for row in rows[index] {
                        result.refused[row] = "the events of the batch cannot be written as Parquet"
                    }
                    continue
                }
                let date = Timestamp(seconds: Int64(day) * 86_400).iso8601.prefix(10)
                result.pieces.append(
                    ObjectPiece(folder: "\(shredder.plan.table)/day=\(date)", bytes: encoded.bytes))
            }
        }
        defer { result = FormedPieces() }
        return result
    }
}
