import Codecs
package import Engine
package import Ports

/// Events that are in no segment yet, as segments in memory: so that whoever reads a store sees them, too.
package enum RecentRows {
    package static func part(_ batch: EventBatch, _ plans: [ColumnPlan], number: Int) throws(Fault)
        -> StoreReader.Part
    {
        var files: [String: [UInt8]] = [:]
        var segments: [Segment] = []
        for plan in plans {
            let shredder = BatchShredder(plan, level: -5)
            let wanted = shredder.wanted(batch)
            if wanted.isEmpty { continue }
            _ = shredder.shred(batch, wanted)
            for day in shredder.filledDays {
                var encoded: BatchShredder.Encoded?
                try EventStore.coded { () throws(CodecError) in encoded = try shredder.encode(day) }
                guard let encoded else { continue }
                var segment = Segment(
                    table: plan.table, day: day, number: UInt64(number), rows: encoded.rows,
                    bytes: Int64(encoded.bytes.count), from: encoded.times.lowerBound,
                    to: encoded.times.upperBound, level: 0, written: .epoch)
                segment.path = "recent/\(segment.path)"
                files[segment.path] = encoded.bytes
                segments.append(segment)
            }
        }
        return StoreReader.Part(segments: segments, source: MemorySource(files: files))
    }

    /// A table's file without rows: what gives a query its columns where there is nothing else.
    package static func emptyFile(_ plan: ColumnPlan) throws(Fault) -> [UInt8] {
        let writer = RowFile(plan, level: 1)
        try writer.finish()
        return writer.take()
    }
}

/// Rows as one Parquet file, for somebody who writes it elsewhere.
package final class RowFile {
    private let encoder: SegmentEncoder

    package init(_ plan: ColumnPlan, level: Int = 3) {
        var options = SegmentEncoder.Options()
        options.zstdLevel = level
        encoder = SegmentEncoder(plan, options)
    }

    package var times: ClosedRange<Int64>? { encoder.times }
    package var pendingBytes: Int { encoder.pendingBytes }

    package func append(_ rows: borrowing ColumnRows, _ row: Int) throws(Fault) {
        try EventStore.coded { () throws(CodecError) in try encoder.append(rows, row) }
    }

    package func finish() throws(Fault) {
        try EventStore.coded { () throws(CodecError) in try encoder.finish() }
    }

    /// The bytes that were made since they were last taken.
    package func take() -> [UInt8] { encoder.take() }
}
