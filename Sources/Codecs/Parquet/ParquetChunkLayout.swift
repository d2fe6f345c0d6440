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
    /// The levels, in order; definitions only of a column that has nulls, repetitions only of one in lists.
    private(set) var definitions = GrowingBuffer<UInt8>()
    private(set) var repetitions = GrowingBuffer<UInt8>()
    private(set) var cuts: [Cut] = []
    private(set) var entryCount = 0
    /// For leaves in lists, the entries and the values before each row's end.
    private var rowEnds = GrowingBuffer<UInt32>()
    private var slotEnds = GrowingBuffer<UInt32>()
    /// Of the last leaf in lists: the column's entry at each place, for which rows that was found, and the levels that said it.
    private var places = GrowingBuffer<UInt32>()
    private var placedOrder = GrowingBuffer<UInt32>()
    private var placedRepetitions = GrowingBuffer<UInt8>()
    private var rowCount = 0

    /// Puts the entries of these rows into their order.
    mutating func gather(_ column: ParquetColumn, _ order: UnsafeBufferPointer<UInt32>) {
        slots.removeAll()
        definitions.removeAll()
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
        if unsafe !isSibling(column, order) { unsafe place(column, order) }
        entryCount = places.count
        guard column.hasNulls else {
            unsafe slots.append(places.base, count: places.count)
            unsafe slotEnds.append(rowEnds.base, count: rowEnds.count)
            return
        }
        definitions.reserve(entryCount)
        slots.reserve(entryCount)
        slotEnds.reserve(rowEnds.count)
        let (levels, known, full) = unsafe (column.definitions.base, column.ranks.base, column.maxDefinition)
        let (all, ends) = unsafe (places.base, rowEnds.base)
        let (outLevels, outSlots, outEnds) = unsafe (definitions.end, slots.end, slotEnds.end)
        var (entry, filled) = (0, 0)
        for row in 0..<rowEnds.count {
            let end = unsafe Int(ends[row])
            while entry < end {
                let place = unsafe Int(all[entry])
                let level = unsafe levels[place]
                unsafe outLevels[entry] = level
                unsafe outSlots[filled] = known[place]
                filled &+= level == full ? 1 : 0
                entry &+= 1
            }
            unsafe outEnds[row] = UInt32(truncatingIfNeeded: filled)
        }
        definitions.add(entryCount)
        slots.add(filled)
        slotEnds.add(rowEnds.count)
    }

    /// Whether the entries of the column's rows stand where those of the last one in lists stood: so they do for the other
    /// leaves of the same list.
    private func isSibling(_ column: ParquetColumn, _ order: UnsafeBufferPointer<UInt32>) -> Bool {
        guard placedOrder.count == order.count, placedRepetitions.count == column.repetitions.count,
            let base = order.baseAddress
        else { return false }
        return unsafe Self.isSame(placedOrder.base, base, 4 * order.count)
            && Self.isSame(placedRepetitions.base, column.repetitions.base, placedRepetitions.count)
    }

    private static func isSame(_ one: UnsafeRawPointer, _ other: UnsafeRawPointer, _ count: Int) -> Bool {
        var offset = 0
        while offset &+ 8 <= count {
            let left = unsafe one.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            if unsafe left != other.loadUnaligned(fromByteOffset: offset, as: UInt64.self) { return false }
            offset &+= 8
        }
        while offset < count {
            let left = unsafe one.load(fromByteOffset: offset, as: UInt8.self)
            if unsafe left != other.load(fromByteOffset: offset, as: UInt8.self) { return false }
            offset &+= 1
        }
        return true
    }

    /// Finds where the entries of these rows stand.
    private mutating func place(_ column: ParquetColumn, _ order: UnsafeBufferPointer<UInt32>) {
        let all = column.entryCount
        let lastRow = column.rowStarts.count - 1
        placedOrder.removeAll()
        if let base = order.baseAddress { unsafe placedOrder.append(base, count: order.count) }
        placedRepetitions.removeAll()
        unsafe placedRepetitions.append(column.repetitions.base, count: column.repetitions.count)
        places.removeAll()
        repetitions.removeAll()
        rowEnds.removeAll()
        places.reserve(all)
        repetitions.reserve(all)
        rowEnds.reserve(order.count)
        let (starts, again) = unsafe (column.rowStarts.base, column.repetitions.base)
        let (outPlaces, outAgain, outEnds) = unsafe (places.end, repetitions.end, rowEnds.end)
        var entries = 0
        for position in 0..<order.count {
            let row = unsafe Int(order[position])
            let first = unsafe Int(starts[row])
            let end = unsafe row < lastRow ? Int(starts[row &+ 1]) : all
            for entry in first..<end {
                unsafe outPlaces[entries] = UInt32(truncatingIfNeeded: entry)
                unsafe outAgain[entries] = again[entry]
                entries &+= 1
            }
            unsafe outEnds[position] = UInt32(truncatingIfNeeded: entries)
        }
        places.add(entries)
        repetitions.add(entries)
        rowEnds.add(order.count)
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

    /// Where a page that begins at this row ends: what is left is no page of its own where it is little.
    private func pageEnd(from row: Int, _ pageRows: Int) -> Int {
        rowCount - row <= pageRows + pageRows / 4 ? rowCount : row + pageRows
    }

    private mutating func cutEvenly(_ column: ParquetColumn, pageRows: Int) {
        var (row, filled) = (0, 0)
        while row < rowCount {
            let end = pageEnd(from: row, pageRows)
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
        var end = pageEnd(from: 0, pageRows)
        for position in 0..<rowCount {
            let isValue = !column.hasNulls || definitions[position] == column.maxDefinition
            let size = isValue ? Self.size(column, slots[filled]) : 0
            if position > start, position == end || bytes > 0 && bytes + size > bytesMax {
                cuts.append(Cut(rows: position, entries: position, slots: filled))
                start = position
                end = pageEnd(from: start, pageRows)
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
        var last = pageEnd(from: 0, pageRows)
        for position in 0..<rowCount {
            let end = Int(rowEnds[position])
            let next = Cut(rows: position + 1, entries: end, slots: Int(slotEnds[position]))
            var size = 0
            if bytesMax < .max {
                for slot in here.slots..<next.slots { size += Self.size(column, slots[slot]) }
            }
            let isFull =
                here.rows == last || end - start.entries > 4 * pageRows
                || bytesMax < .max && bytes + size > bytesMax
            if isFull, here.rows > start.rows {
                cuts.append(here)
                start = here
                last = pageEnd(from: here.rows, pageRows)
                bytes = 0
            }
            bytes += size
            here = next
        }
        cuts.append(here)
    }

    @inline(__always) private static func size(_ column: ParquetColumn, _ slot: UInt32) -> Int {
        Int(column.strings.places[Int(column.strings.entryOfValue[Int(slot)])].length) + 4
    }
}
