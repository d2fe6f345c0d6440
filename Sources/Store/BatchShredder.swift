import Engine

/// A batch's events as rows of columns; its memory is kept from batch to batch.
final class BatchShredder {
    /// What is handed to the record reader at once: bytes.
    private static let pieceBytes = 1 << 20

    let plan: ColumnPlan
    private let reader = RecordReader()
    private var shredder: RowShredder
    private(set) var rows = ColumnRows()
    /// What writes them.
    let encoder: SegmentEncoder

    init(_ plan: ColumnPlan, _ options: SegmentEncoder.Options = SegmentEncoder.Options()) {
        self.plan = plan
        encoder = SegmentEncoder(plan, options)
        shredder = RowShredder(plan)
    }

    /// The numbers of the events that belong to the plan's table.
    func wanted(_ batch: borrowing EventBatch) -> [Int] {
        let kind: Event.Kind = plan.table == "findings" ? .finding : .event
        var wanted: [Int] = []
        for index in 0..<batch.count where batch.events[index].kind == kind { wanted.append(index) }
        return wanted
    }

    /// Makes `rows` of the wanted events.
    ///
    /// - Returns: the numbers of those that cannot be read.
    func shred(_ batch: borrowing EventBatch, _ wanted: [Int]) -> [Int] {
        rows.removeAll()
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
                    let raw = batch.events[wanted[record.ordinal]].raw
                    unsafe shredder.append(
                        reader.tape, record, raw: UnsafeBufferPointer(rebasing: records[raw.range]), to: &rows
                    )
                }
            }
        }
    }
}
