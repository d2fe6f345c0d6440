/// The entries of a column chunk in the order they are written, cut into pages at rows.
struct ParquetChunkLayout: Sendable {
    /// The end of a page.
    struct Cut: Sendable {
        var rows = 0
        var entries = 0
        var slots = 0
    }

    /// The numbers of the values, in order.
    private(set) var slots: [UInt32] = []
    /// The levels, in order; empty where the column keeps none.
    private(set) var definitions: [UInt8] = []
    private(set) var repetitions: [UInt8] = []
    private(set) var cuts: [Cut] = []
    private(set) var entryCount = 0
    /// Values before each entry.
    private var ranks: [UInt32] = []

    /// Lays out all rows of a column that has at least one entry.
    mutating func lay(_ column: ParquetColumn, rows: Int, order: [UInt32]?, pageRows: Int, bytesMax: Int) {
        slots.removeAll(keepingCapacity: true)
        definitions.removeAll(keepingCapacity: true)
        repetitions.removeAll(keepingCapacity: true)
        cuts.removeAll(keepingCapacity: true)
        entryCount = column.entryCount
        if column.maxRepetition == 0, !column.hasNulls {
            if let order {
                slots.append(contentsOf: order)
            } else {
                slots.append(contentsOf: 0..<UInt32(rows))
            }
            if bytesMax == .max {
                cutEvenly(rows: rows, pageRows: pageRows)
            } else {
                cutByBytes(column, pageRows: pageRows, bytesMax: bytesMax)
            }
        } else if column.maxRepetition == 0 {
            rank(column)
            layFlat(column, rows: rows, order: order, pageRows: pageRows, bytesMax: bytesMax)
        } else {
            rank(column)
            layRepeated(column, rows: rows, order: order, pageRows: pageRows, bytesMax: bytesMax)
        }
    }

    private mutating func cutEvenly(rows: Int, pageRows: Int) {
        var row = 0
        while row < rows {
            row = min(rows, row + pageRows)
            cuts.append(Cut(rows: row, entries: row, slots: row))
        }
    }

    private mutating func cutByBytes(_ column: ParquetColumn, pageRows: Int, bytesMax: Int) {
        var start = 0
        var bytes = 0
        for row in slots.indices {
            let size = Self.size(column, slots[row])
            if row > start, row - start == pageRows || bytes + size > bytesMax {
                cuts.append(Cut(rows: row, entries: row, slots: row))
                start = row
                bytes = 0
            }
            bytes += size
        }
        cuts.append(Cut(rows: slots.count, entries: slots.count, slots: slots.count))
    }

    private mutating func rank(_ column: ParquetColumn) {
        ranks.removeAll(keepingCapacity: true)
        guard column.hasNulls else { return }
        ranks.reserveCapacity(column.entryCount)
        var rank: UInt32 = 0
        for definition in column.definitions {
            ranks.append(rank)
            if definition == column.maxDefinition { rank += 1 }
        }
    }

    private mutating func layFlat(
        _ column: ParquetColumn, rows: Int, order: [UInt32]?, pageRows: Int, bytesMax: Int
    ) {
        definitions.reserveCapacity(rows)
        let isMeasured = bytesMax < .max
        var start = 0
        var bytes = 0
        for position in 0..<rows {
            let row = order.map { Int($0[position]) } ?? position
            let definition = column.definitions[row]
            let isValue = definition == column.maxDefinition
            let size = isMeasured && isValue ? Self.size(column, ranks[row]) : 0
            if position > start, position - start == pageRows || bytes > 0 && bytes + size > bytesMax {
                cuts.append(Cut(rows: position, entries: position, slots: slots.count))
                start = position
                bytes = 0
            }
            bytes += size
            definitions.append(definition)
            if isValue { slots.append(ranks[row]) }
        }
        cuts.append(Cut(rows: rows, entries: rows, slots: slots.count))
    }

    private mutating func layRepeated(
        _ column: ParquetColumn, rows: Int, order: [UInt32]?, pageRows: Int, bytesMax: Int
    ) {
        var start = Cut()
        var here = Cut()
        var bytes = 0
        for position in 0..<rows {
            let row = order.map { Int($0[position]) } ?? position
            let first = Int(column.rowStarts[row])
            let end = row + 1 < column.rowStarts.count ? Int(column.rowStarts[row + 1]) : column.entryCount
            var size = 0
            let before = here
            for entry in first..<end {
                repetitions.append(column.repetitions[entry])
                let definition = column.hasNulls ? column.definitions[entry] : column.maxDefinition
                definitions.append(definition)
                guard definition == column.maxDefinition else { continue }
                let slot = column.hasNulls ? ranks[entry] : UInt32(truncatingIfNeeded: entry)
                slots.append(slot)
                size += bytesMax < .max ? Self.size(column, slot) : 8
            }
            let isFull =
                here.rows - start.rows == pageRows
                || here.entries - start.entries + end - first > 4 * pageRows
                || bytes + size > bytesMax
            if isFull, before.rows > start.rows {
                cuts.append(before)
                start = before
                bytes = 0
            }
            bytes += size
            here = Cut(rows: position + 1, entries: repetitions.count, slots: slots.count)
        }
        cuts.append(here)
    }

    private static func size(_ column: ParquetColumn, _ slot: UInt32) -> Int {
        column.strings.range(of: Int(column.strings.entryOfValue[Int(slot)])).count + 4
    }
}
