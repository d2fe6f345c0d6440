package import Codecs
package import Engine

/// A batch's events as rows of columns, apart by day; its memory is kept from batch to batch.
package final class BatchShredder {
    /// What is handed to the record reader at once: bytes.
    private static let pieceBytes = 1 << 20
    /// Days whose memory is kept.
    private static let spareMax = 2

    /// The rows of one day, as they came.
    final class Day {
        fileprivate(set) var day = 0
        fileprivate var rows: ParquetRows
        /// By which the rows are sorted: the principal's first bytes, the principal, the time.
        fileprivate var heads: [UInt64] = []
        fileprivate var principals: [Extent] = []
        fileprivate var texts: [UInt8] = []
        fileprivate var times: [Int64] = []

        fileprivate init(_ schema: ParquetSchema) { rows = ParquetRows(schema) }

        fileprivate func begin(_ day: Int) {
            self.day = day
            rows.removeAll()
            heads.removeAll(keepingCapacity: true)
            principals.removeAll(keepingCapacity: true)
            texts.removeAll(keepingCapacity: true)
            times.removeAll(keepingCapacity: true)
        }

        fileprivate func append(
            _ event: borrowing RowShredder, raw: UnsafeBufferPointer<UInt8>, to leaf: Int, time: Int64
        ) {
            unsafe rows.append(event, raw: raw, to: leaf)
            let start = texts.count
            unsafe texts.append(contentsOf: event.principalText)
            let extent = Extent(start: start, count: texts.count - start)
            principals.append(extent)
            heads.append(ColumnRows.head(of: texts[extent.range]))
            times.append(time)
        }

        fileprivate var order: [UInt32] {
            (0..<UInt32(times.count)).sorted { a, b in
                let (x, y) = (Int(a), Int(b))
                if heads[x] != heads[y] { return heads[x] < heads[y] }
                let (left, right) = (texts[principals[x].range], texts[principals[y].range])
                if !left.elementsEqual(right) { return left.lexicographicallyPrecedes(right) }
                return times[x] == times[y] ? a < b : times[x] < times[y]
            }
        }
    }

    package let plan: ColumnPlan
    private let level: Int
    private let schema: ParquetSchema
    /// The columns that files have: the first of the plan's, perhaps under other names.
    private let written: ParquetSchema
    private let reader = RecordReader()
    private var shredder: RowShredder
    private var days: [Int: Day] = [:]
    private var spare: [Day] = []

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
        // A batch of many days leaves more memory behind than the next one may want.
        for day in days.values where spare.count < Self.spareMax { spare.append(day) }
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
        return refused
    }

    private func drain(_ batch: borrowing EventBatch, _ wanted: [Int], _ refused: inout [Int]) {
        while reader.advance() {
            refused += reader.refusals.compactMap {
                wanted.indices.contains($0.ordinal) ? wanted[$0.ordinal] : nil
            }
            unsafe batch.raw.withUnsafeBufferPointer { records in
                for record in reader.records {
                    let event = batch.events[wanted[record.ordinal]]
                    shredder.shred(reader.tape, record)
                    let time = event.time.milliseconds
                    let raw = unsafe UnsafeBufferPointer(rebasing: records[event.raw.range])
                    unsafe rows(of: Segment.day(of: time)).append(
                        shredder, raw: raw, to: plan.raw, time: time)
                }
            }
        }
    }

    private func rows(of day: Int) -> Day {
        if let known = days[day] { return known }
        let made = spare.popLast() ?? Day(schema)
        made.begin(day)
        days[day] = made
        return made
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
        guard let day = days.removeValue(forKey: number) else { return nil }
        defer { if spare.count < Self.spareMax { spare.append(day) } }
        guard let from = day.times.min(), let to = day.times.max() else { return nil }
        var bytes: [UInt8] = []
        var settings = SegmentEncoder.settings(of: plan, level: level)
        if written != schema {
            settings.bloomLeaves = []
            settings.sortedBy = [.init(leaf: plan.time)]
        }
        var writer = ParquetWriter(written, settings, into: &bytes)
        try writer.write(&day.rows, order: day.order, into: &bytes)
        writer.finish(metadata: SegmentEncoder.metadata(of: plan, level: 0, inputs: []), into: &bytes)
        return Encoded(day: number, bytes: bytes, rows: day.times.count, times: from...to)
    }
}
