package import Engine
package import Exporters
import Store

/// Parquet as the store writes it, apart by table and day: a lake that any engine reads by `day=`.
package struct ParquetForm: ObjectForm {
    private let plans: [ColumnPlan]
    /// zstd's, as in the store.
    private static let level = 1

    package init(plans: [ColumnPlan]) { self.plans = plans }

    package var suffix: String { ".parquet" }
    package var contentType: String { "application/vnd.apache.parquet" }

    package func pieces(of batch: EventBatch) -> (pieces: [ObjectPiece], refused: [Int: String]) {
        var pieces: [ObjectPiece] = []
        var refused: [Int: String] = [:]
        for plan in plans {
            let shredder = BatchShredder(plan, level: Self.level)
            let wanted = shredder.wanted(batch)
            if wanted.isEmpty { continue }
            for row in shredder.shred(batch, wanted) {
                refused[row] = "the event cannot be read back from the spool"
            }
            for day in shredder.filledDays {
                guard let encoded = try? shredder.encode(day) else {
                    for row in wanted {
                        refused[row] = "the events of the batch cannot be written as Parquet"
                    }
                    continue
                }
                let folder = "\(plan.table)/day=\(Timestamp(seconds: Int64(day) * 86_400).iso8601.prefix(10))"
                pieces.append(ObjectPiece(folder: folder, bytes: encoded.bytes))
            }
        }
        return (pieces, refused)
    }
}
