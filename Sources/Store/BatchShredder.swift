package import Codecs
package import Engine

/// A batch's events as rows of columns, apart by day; its memory is kept from batch to batch.
package final class BatchShredder {
    /// What is handed to the record reader at once: bytes.
    private static let pieceBytes = 1 << 20
    package let plan: ColumnPlan
    private let level: Int
    private let schema: ParquetSchema
    /// The columns that files have: the first of the plan's, perhaps under other names.
    private let written: ParquetSchema
    private let reader = RecordReader()
    private var shredder: RowShredder
    /// The batch's rows as they came, with their times and days.
    private var rows: ParquetRows
    private var times: [Int64] = []
    private var days: [Int: [UInt32]] = [:]
    /// Of each row's principal among all, in the order of their texts.
    private var ranks: [UInt32] = []

    /// - Parameters:
    ///   - level: zstd's.
    ///   - columns: how files for others differ from the store's own: their rows are sorted by time alone.
    package init(
        _ plan: ColumnPlan, level: Int,
        writtenAs columns: (([ParquetSchema.Field]) -> [ParquetSchema.Field])? = nil
    ) {
        self.plan = plan
        self.level = level
        schema = SegmentEncoder.schema(of: plan)
        written = columns.map { [schema] in ParquetSchema($0(schema.fields)) } ?? schema
        shredder = RowShredder(plan)
        rows = ParquetRows(schema)
    }

    /// The numbers of the events that belong to the plan's table.
    package func wanted(_ batch: borrowing EventBatch) -> [Int] {
        let kind: Event.Kind = plan.table == "findings" ? .finding : .event
        var wanted: [Int] = []
        for index in 0..<batch.count where batch.events[index].kind == kind { wanted.append(index) }
        return wanted
    }

    /// Makes rows of the wanted events.
    ///
    /// - Returns: the numbers of those that cannot be read.
    package func shred(_ batch: borrowing EventBatch, _ wanted: [Int]) -> [Int] {
        rows.removeAll()
        times.removeAll(keepingCapacity: true)
        days = [:]
        var refused: [Int] = []
        reader.begin()
        var next = 0
        while next < wanted.count {
            // Events that stand behind each other go in at once.
            let start = Int(batch.events[wanted[next]].json.start)
            var end = batch.events[wanted[next]].json.end + 1
            next += 1
            while next < wanted.count, Int(batch.events[wanted[next]].json.start) == end,
                end - start < Self.pieceBytes
            {
                end = batch.events[wanted[next]].json.end + 1
                next += 1
            }
            reader.feed(batch.bytes.span.extracting(start..<min(end, batch.bytes.count)))
            drain(batch, wanted, &refused)
        }
        reader.finish()
        drain(batch, wanted, &refused)
        ranks = rows.columns[plan.principal].ranks(rows: rows.count)
        return refused
    }

    private func drain(_ batch: borrowing EventBatch, _ wanted: [Int], _ refused: inout [Int]) {
        while reader.advance() {
            refused += reader.refusals.compactMap {
                wanted.indices.contains($0.ordinal) ? wanted[$0.ordinal] : nil
            }
            shredder.beginBlock()
            for record in reader.records {
                take(batch, wanted[record.ordinal])
                shredder.shred(reader.tape, record)
                if shredder.rowCount == RowShredder.rowsMax { endBlock() }
            }
            endBlock()
        }
    }

    /// Notes where and when the next row is; the rest of it is its block's.
    private func take(_ batch: borrowing EventBatch, _ number: Int) {
        let event = batch.events[number]
        let row = times.count
        let time = event.time.milliseconds
        days[Segment.day(of: time), default: []].append(UInt32(truncatingIfNeeded: row))
        times.append(time)
        unsafe batch.raw.withUnsafeBufferPointer { records in
            unsafe rows.append(
                UnsafeBufferPointer(rebasing: records[event.raw.range]), to: plan.raw, row: row)
        }
    }

    private func endBlock() {
        rows.append(shredder, reader.tape)
        shredder.beginBlock()
    }

    /// One day's rows as a file.
    package struct Encoded {
        package var day: Int
        package var bytes: [UInt8]
        package var rows: Int
        package var times: ClosedRange<Int64>
    }

    package var filledDays: [Int] { days.keys.sorted() }

    package func encode(_ number: Int) throws(CodecError) -> Encoded? {
        guard let own = days.removeValue(forKey: number) else { return nil }
        var (from, to) = (Int64.max, Int64.min)
        for row in own { (from, to) = (min(from, times[Int(row)]), max(to, times[Int(row)])) }
        let order = ParquetOrder.sorted(own, ranks: ranks, times: times)
        var bytes: [UInt8] = []
        var settings = SegmentEncoder.settings(of: plan, level: level)
        if written != schema {
            settings.bloomLeaves = []
            settings.sortedBy = [.init(leaf: plan.time)]
        }
        var writer = ParquetWriter(written, settings, into: &bytes)
        try writer.write(&rows, order: order, into: &bytes)
        writer.finish(metadata: SegmentEncoder.metadata(of: plan, level: 0, inputs: []), into: &bytes)
        return Encoded(day: number, bytes: bytes, rows: own.count, times: from...to)
    }
}
