/// The entries of a column chunk in the order they are written, cut into pages at rows.
struct ParquetChunkLayout: ~Copyable {
    /// The end of a page.
    struct Cut: Sendable {
        var rows = 0
        var entries = 0
        var slots = 0
    }

    /// The numbers of the values, in order.
    private(set) var slots = GrowingBuffer<UInt32>()
    /// The levels, in order; empty where the column keeps none.
    private(set) var definitions = GrowingBuffer<UInt8>()
    private(set) var repetitions = GrowingBuffer<UInt8>()
    private(set) var cuts: [Cut] = []
    private(set) var entryCount = 0
    /// For leaves in lists, the entries and the values before each row's end.
    private var rowEnds = GrowingBuffer<UInt32>()
    private var slotEnds = GrowingBuffer<UInt32>()
    private var rowCount = 0

    /// Puts the entries of these rows into their order.
    mutating func gather(_ column: ParquetColumn, _ order: UnsafeBufferPointer<UInt32>) {
        slots.removeAll()
        definitions.removeAll()
        repetitions.removeAll()
        rowEnds.removeAll()
        slotEnds.removeAll()
        rowCount = order.count
        if column.hasNulls { column.rank() }
        if column.maxRepetition > 0 {
            unsafe gatherLists(column, order)
        } else if column.hasNulls {
            unsafe gatherFlat(column, order)
        } else if let base = order.baseAddress {
            unsafe slots.append(base, count: order.count)
            entryCount = order.count
        }
    }

    private mutating func gatherFlat(_ column: ParquetColumn, _ order: UnsafeBufferPointer<UInt32>) {
        definitions.reserve(order.count)
        slots.reserve(order.count)
        let (levels, known, full) = unsafe (column.definitions.base, column.ranks.base, column.maxDefinition)
        let (outLevels, outSlots) = unsafe (definitions.end, slots.end)
        var filled = 0
        for position in 0..<order.count {
            let row = unsafe Int(order[position])
            let level = unsafe levels[row]
            unsafe outLevels[position] = level
            // Without a branch: what is no value is written over.
            unsafe outSlots[filled] = known[row]
            filled &+= level == full ? 1 : 0
        }
        definitions.add(order.count)
        slots.add(filled)
        entryCount = order.count
    }

    private mutating func gatherLists(_ column: ParquetColumn, _ order: UnsafeBufferPointer<UInt32>) {
        let all = column.entryCount
        let lastRow = column.rowStarts.count - 1
        definitions.reserve(all)
        repetitions.reserve(all)
        slots.reserve(all)
        rowEnds.reserve(order.count)
        slotEnds.reserve(order.count)
        let (starts, full, hasNulls) = unsafe (column.rowStarts.base, column.maxDefinition, column.hasNulls)
        let (levels, again, known) = unsafe (
            column.definitions.base, column.repetitions.base, column.ranks.base
        )
        let (outLevels, outAgain, outSlots) = unsafe (definitions.end, repetitions.end, slots.end)
        var (entries, filled) = (0, 0)
        for position in 0..<order.count {
            let row = unsafe Int(order[position])
            let first = unsafe Int(starts[row])
            let end = unsafe row < lastRow ? Int(starts[row &+ 1]) : all
            for entry in first..<end {
                let level = unsafe levels[entry]
                unsafe outLevels[entries] = level
                unsafe outAgain[entries] = again[entry]
                unsafe outSlots[filled] = hasNulls ? known[entry] : UInt32(truncatingIfNeeded: entry)
                filled &+= level == full ? 1 : 0
                entries &+= 1
            }
            rowEnds.append(UInt32(truncatingIfNeeded: entries))
            slotEnds.append(UInt32(truncatingIfNeeded: filled))
        }
        definitions.add(entries)
        repetitions.add(entries)
        slots.add(filled)
        entryCount = entries
    }

    /// Whether no row has anything: neither values nor levels that tell of lists.
    func isNull(_ column: ParquetColumn) -> Bool {
        guard slots.isEmpty, column.maxRepetition == 0 else { return false }
        return unsafe definitions.view.allSatisfy { $0 == 0 }
    }

    // MARK: Pages

    /// Cuts what was gathered; with `bytesMax`, by the sizes of the column's texts, too.
    mutating func cut(_ column: ParquetColumn, pageRows: Int, bytesMax: Int) {
        cuts.removeAll(keepingCapacity: true)
        if column.maxRepetition > 0 {
            cutLists(column, pageRows: pageRows, bytesMax: bytesMax)
        } else if bytesMax == .max {
            cutEvenly(column, pageRows: pageRows)
        } else {
            cutByBytes(column, pageRows: pageRows, bytesMax: bytesMax)
        }
    }

    private mutating func cutEvenly(_ column: ParquetColumn, pageRows: Int) {
        var (row, filled) = (0, 0)
        while row < rowCount {
            let end = min(rowCount, row + pageRows)
            if column.hasNulls {
                for entry in row..<end where definitions[entry] == column.maxDefinition { filled += 1 }
            } else {
                filled = end
            }
            row = end
            cuts.append(Cut(rows: row, entries: row, slots: filled))
        }
    }

    private mutating func cutByBytes(_ column: ParquetColumn, pageRows: Int, bytesMax: Int) {
        var (start, filled, bytes) = (0, 0, 0)
        for position in 0..<rowCount {
            let isValue = !column.hasNulls || definitions[position] == column.maxDefinition
            let size = isValue ? Self.size(column, slots[filled]) : 0
            if position > start, position - start == pageRows || bytes > 0 && bytes + size > bytesMax {
                cuts.append(Cut(rows: position, entries: position, slots: filled))
                start = position
                bytes = 0
            }
            bytes += size
            if isValue { filled += 1 }
        }
        cuts.append(Cut(rows: rowCount, entries: rowCount, slots: filled))
    }

    private mutating func cutLists(_ column: ParquetColumn, pageRows: Int, bytesMax: Int) {
        var start = Cut()
        var here = Cut()
        var bytes = 0
        for position in 0..<rowCount {
            let end = Int(rowEnds[position])
            let next = Cut(rows: position + 1, entries: end, slots: Int(slotEnds[position]))
            var size = 0
            if bytesMax < .max {
                for slot in here.slots..<next.slots { size += Self.size(column, slots[slot]) }
            }
            let isFull =
                here.rows - start.rows == pageRows || end - start.entries > 4 * pageRows
                || bytesMax < .max && bytes + size > bytesMax
            if isFull, here.rows > start.rows {
                cuts.append(here)
                start = here
                bytes = 0
            }
            bytes += size
            here = next
        }
        cuts.append(here)
    }

    @inline(__always) private static func size(_ column: ParquetColumn, _ slot: UInt32) -> Int {
        Int(column.strings.lengths[Int(column.strings.entryOfValue[Int(slot)])]) + 4
    }
}
