package import Codecs
package import Engine

/// A batch's events as rows of columns, apart by day; its memory is kept from batch to batch.
///
/// A batch may come in parts: `begin`, `add` each, `end`, and then `encode` each day.
package final class BatchShredder {
    /// What is handed to the record reader at once: so little that its text, its index and the values found in it stay in a
    /// core's own cache until they are in their columns; bytes.
    private static let pieceBytes = 1 << 18
    /// Room for a file is made for no more at once: bytes.
    private static let bytesExpectedMax = 8 << 20
    package let plan: ColumnPlan
    private let schema: ParquetSchema
    /// The columns that files have: the first of the plan's, perhaps under other names.
    private let written: ParquetSchema
    private let reader = RecordReader()
    private var shredder: RowShredder
    /// The batch's rows as they came, with their times and days.
    private var rows: ParquetRows
    private var times: [Int64] = []
    /// The days that rows are of, with their rows; most rows are of the day of the one before them.
    private var days: [(number: Int, rows: [UInt32])] = []
    private var today = 0
    private var writer: ParquetWriter
    /// What a file takes, as far as can be told from the ones before it.
    private var bytesExpected = 0
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
        schema = SegmentEncoder.schema(of: plan)
        written = columns.map { [schema] in ParquetSchema($0(schema.fields)) } ?? schema
        shredder = RowShredder(plan)
        rows = ParquetRows(schema)
        var settings = SegmentEncoder.settings(of: plan, level: level)
        if written != schema {
            settings.bloomLeaves = []
            settings.sortedBy = [.init(leaf: plan.time)]
        }
        var nothing: [UInt8] = []
        writer = ParquetWriter(written, settings, into: &nothing)
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
        begin()
        let refused = add(batch, wanted)
        end()
        return refused
    }

    /// Forgets all rows.
    package func begin() {
        rows.removeAll()
        times.removeAll(keepingCapacity: true)
        days = []
        today = 0
    }

    /// Every row is there.
    package func end() { ranks = rows.columns[plan.principal].ranks(rows: rows.count) }

    /// Makes rows of the wanted events behind those that are there.
    ///
    /// - Returns: the numbers of those that cannot be read.
    package func add(_ batch: borrowing EventBatch, _ wanted: [Int]) -> [Int] {
        var refused: [Int] = []
        reader.begin(.events)
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
        let day = Segment.day(of: time)
        if days.isEmpty || days[today].number != day {
            today = days.firstIndex { $0.number == day } ?? days.count
            if today == days.count { days.append((day, [])) }
        }
        days[today].rows.append(UInt32(truncatingIfNeeded: row))
        times.append(time)
        if event.raw.isEmpty { return }
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

    package var filledDays: [Int] { days.filter { !$0.rows.isEmpty }.map(\.number).sorted() }

    package func encode(_ number: Int) throws(CodecError) -> Encoded? {
        guard let place = days.firstIndex(where: { $0.number == number && !$0.rows.isEmpty }) else {
            return nil
        }
        let own = days[place].rows
        days[place].rows = []
        var (from, to) = (Int64.max, Int64.min)
        for row in own { (from, to) = (min(from, times[Int(row)]), max(to, times[Int(row)])) }
        let order = ParquetOrder.sorted(own, ranks: ranks, times: times)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(bytesExpected)
        writer.restart(into: &bytes)
        try writer.write(&rows, order: order, into: &bytes)
        writer.finish(metadata: SegmentEncoder.metadata(of: plan, level: 0, inputs: []), into: &bytes)
        bytesExpected = max(bytesExpected / 2, min(bytes.count + bytes.count / 8, Self.bytesExpectedMax))
        return Encoded(day: number, bytes: bytes, rows: own.count, times: from...to)
    }
}
