import Engine

/// The values of one leaf for the rows of a row group, as they come, with the levels that place them.
///
/// Rows for which nothing was appended are null and cost nothing until a later row has a value; a column that is
/// never touched holds no memory. One writer at a time, and nobody reads meanwhile.
package final class ParquetColumn: @unchecked Sendable {
    package let type: ParquetType
    package let maxDefinition: UInt8
    package let maxRepetition: UInt8

    /// Rows that have their entries; the rows behind them are null.
    package private(set) var rowsFilled: Int {
        @inline(__always) get { unsafe held.rowsFilled }
        @inline(__always) set { unsafe held.rowsFilled = newValue }
    }
    /// Values and nulls; more than rows where there are lists.
    package private(set) var entryCount: Int {
        @inline(__always) get { unsafe held.entryCount }
        @inline(__always) set { unsafe held.entryCount = newValue }
    }
    /// The definition level of each entry; for leaves outside lists empty while every entry is a value.
    private(set) var definitions: GrowingBuffer<UInt8> {
        @inline(__always) _read { yield unsafe held.definitions }
        @inline(__always) _modify { yield unsafe &held.definitions }
    }
    /// The repetition level of each entry, for leaves in lists.
    private(set) var repetitions: GrowingBuffer<UInt8> {
        @inline(__always) _read { yield unsafe held.repetitions }
        @inline(__always) _modify { yield unsafe &held.repetitions }
    }
    /// The first entry of each row, for leaves in lists.
    private(set) var rowStarts: GrowingBuffer<UInt32> {
        @inline(__always) _read { yield unsafe held.rowStarts }
        @inline(__always) _modify { yield unsafe &held.rowStarts }
    }
    /// The values before each entry, once `rank` was called.
    private(set) var ranks: GrowingBuffer<UInt32> {
        @inline(__always) _read { yield unsafe held.ranks }
        @inline(__always) _modify { yield unsafe &held.ranks }
    }
    /// The values, for types that are no byte strings; a double is its bits.
    var words: GrowingBuffer<Int64> {
        @inline(__always) _read { yield unsafe held.words }
        @inline(__always) _modify { yield unsafe &held.words }
    }
    var strings: ParquetStrings {
        @inline(__always) _read { yield unsafe held.strings }
        @inline(__always) _modify { yield unsafe &held.strings }
    }
    /// Whether any entry is null.
    package private(set) var hasNulls: Bool {
        @inline(__always) get { unsafe held.hasNulls }
        @inline(__always) set { unsafe held.hasNulls = newValue }
    }
    /// Whether a required leaf was left out in some row: such a column is not written.
    private(set) var isMissingValues = false

    private struct Held: ~Copyable {
        var rowsFilled = 0
        var entryCount = 0
        var hasNulls = false
        var definitions = GrowingBuffer<UInt8>()
        var repetitions = GrowingBuffer<UInt8>()
        var rowStarts = GrowingBuffer<UInt32>()
        var ranks = GrowingBuffer<UInt32>()
        var words = GrowingBuffer<Int64>()
        var strings: ParquetStrings
    }

    /// What changes with each value: one access among millions is not checked at run time for another that runs
    /// into it.
    @exclusivity(unchecked) private var held: Held

    /// - Parameter isShared: whether equal texts are found and kept once: what is to be written is, what is only read is not.
    package init(_ leaf: ParquetSchema.Leaf, isShared: Bool = true) {
        unsafe held = Held(strings: ParquetStrings(isShared: isShared))
        type = leaf.type
        maxDefinition = leaf.maxDefinition
        maxRepetition = leaf.maxRepetition
    }

    /// Values that are not null.
    package var valueCount: Int { type.isBytes ? strings.valueCount : words.count }

    /// Bytes of memory in use.
    package var byteCount: Int {
        definitions.byteCount + repetitions.byteCount + rowStarts.byteCount + words.byteCount
            + strings.byteCount
    }

    /// Forgets all rows and keeps the room.
    package func removeAll() {
        guard rowsFilled > 0 || strings.entryCount > 0 else { return }
        rowsFilled = 0
        entryCount = 0
        definitions.removeAll()
        repetitions.removeAll()
        rowStarts.removeAll()
        ranks.removeAll()
        words.removeAll()
        strings.removeAll()
        hasNulls = false
        isMissingValues = false
    }

    // MARK: Appending. `row` is the number of the row under way; each says whether the value was taken.

    /// A number, a time or, as 0 and 1, a truth. One that does not fit 32 bits is not taken by such a leaf.
    @discardableResult
    package func append(_ value: Int64, row: Int, repetition: UInt8 = 0) -> Bool {
        guard !type.isBytes, type != .int32 || Int64(Int32(truncatingIfNeeded: value)) == value,
            begin(row: row, repetition: repetition, definition: maxDefinition)
        else { return false }
        words.append(value)
        return true
    }

    @discardableResult
    package func append(_ value: Double, row: Int, repetition: UInt8 = 0) -> Bool {
        guard type == .double, begin(row: row, repetition: repetition, definition: maxDefinition) else {
            return false
        }
        words.append(Int64(bitPattern: value.bitPattern))
        return true
    }

    @discardableResult
    package func append(_ bytes: UnsafeRawBufferPointer, row: Int, repetition: UInt8 = 0) -> Bool {
        guard type.isBytes, begin(row: row, repetition: repetition, definition: maxDefinition) else {
            return false
        }
        unsafe strings.append(bytes)
        return true
    }

    /// An entry without a value: `definition` says how far the path to it is there.
    @discardableResult
    package func appendNull(definition: UInt8, row: Int, repetition: UInt8 = 0) -> Bool {
        guard definition < maxDefinition else { return false }
        // The lazily filled null is the same.
        if definition == 0, maxRepetition == 0 { return row >= rowsFilled }
        return begin(row: row, repetition: repetition, definition: definition)
    }

    /// Gives all rows before `row` their entries.
    package func fill(to row: Int) {
        let missing = row - rowsFilled
        guard missing > 0 else { return }
        if maxDefinition == 0 {
            isMissingValues = true
            for _ in 0..<missing {
                if type.isBytes { unsafe strings.append(UnsafeRawBufferPointer(start: nil, count: 0)) }
            }
            if !type.isBytes { words.append(repeating: 0, count: missing) }
        } else {
            noteNulls()
            definitions.append(repeating: 0, count: missing)
        }
        if maxRepetition > 0 {
            repetitions.append(repeating: 0, count: missing)
            for index in 0..<missing { rowStarts.append(UInt32(truncatingIfNeeded: entryCount + index)) }
        }
        entryCount += missing
        rowsFilled = row
    }

    /// How many elements the last list of this level has so far in `row`, for a leaf in lists.
    func elements(inRow row: Int, repetition: UInt8) -> Int {
        guard rowsFilled > row else { return 0 }
        var count = 1
        var index = entryCount - 1
        while index > 0, repetitions[index] >= repetition {
            if repetitions[index] == repetition { count += 1 }
            index -= 1
        }
        return count
    }

    @inline(__always) private func noteNulls() {
        guard !hasNulls else { return }
        hasNulls = true
        if maxRepetition == 0 { definitions.append(repeating: maxDefinition, count: entryCount) }
    }

    private func begin(row: Int, repetition: UInt8, definition: UInt8) -> Bool {
        if repetition == 0 {
            guard row >= rowsFilled else { return false }
            if row > rowsFilled { fill(to: row) }
            rowsFilled = row + 1
            if maxRepetition > 0 { rowStarts.append(UInt32(truncatingIfNeeded: entryCount)) }
        } else {
            guard repetition <= maxRepetition, rowsFilled == row + 1 else { return false }
        }
        if maxRepetition > 0 { repetitions.append(repetition) }
        if definition < maxDefinition { noteNulls() }
        if hasNulls || maxRepetition > 0 { definitions.append(definition) }
        entryCount += 1
        return true
    }

    /// Numbers the values of a column with nulls, for whoever is about to go through its rows in another order.
    func rank() {
        guard ranks.count != entryCount else { return }
        ranks.removeAll()
        ranks.reserve(entryCount)
        let (out, levels) = unsafe (ranks.end, definitions.base)
        let (full, count) = (maxDefinition, entryCount)
        var rank: UInt32 = 0
        for entry in 0..<count {
            unsafe out[entry] = rank
            rank &+= unsafe levels[entry] == full ? 1 : 0
        }
        ranks.add(count)
    }

    // MARK: Many at once

    /// The values of a block of events that were taken apart; `first` is the row of the block's first.
    func append(_ values: UnsafeBufferPointer<ColumnValue>, _ texts: ColumnTexts, at first: Int) {
        if maxRepetition == 0 {
            unsafe placeFlat(values, at: first)
        } else {
            unsafe placeListed(values, at: first)
        }
        if type.isBytes {
            unsafe strings.append(values, texts, definition: maxDefinition)
        } else {
            unsafe appendWords(values)
        }
    }

    /// Leaves outside lists have a value in each row that they have an entry in.
    private func placeFlat(_ values: UnsafeBufferPointer<ColumnValue>, at first: Int) {
        guard let head = unsafe values.first, let last = unsafe values.last else { return }
        let end = first + Int(last.row) + 1
        let isWhole = first + Int(head.row) == rowsFilled && end - rowsFilled == values.count
        if isWhole, !hasNulls {
            entryCount += values.count
            rowsFilled = end
            return
        }
        noteNulls()
        definitions.append(repeating: isWhole ? maxDefinition : 0, count: end - rowsFilled)
        if !isWhole {
            for index in 0..<values.count {
                unsafe definitions[first + Int(values[index].row)] = maxDefinition
            }
        }
        entryCount += end - rowsFilled
        rowsFilled = end
    }

    private func placeListed(_ values: UnsafeBufferPointer<ColumnValue>, at first: Int) {
        guard let last = unsafe values.last else { return }
        // Rows in between that have no entry get their null.
        let most = values.count + max(0, first + Int(last.row) + 1 - rowsFilled)
        repetitions.reserve(most)
        definitions.reserve(most)
        rowStarts.reserve(most)
        let (outAgain, outLevels, outStarts) = unsafe (repetitions.end, definitions.end, rowStarts.end)
        let (start, full) = (entryCount, maxDefinition)
        var (entries, rows, next) = (0, 0, rowsFilled)
        var isNull = false
        for index in 0..<values.count {
            let value = unsafe values[index]
            if value.repetition == 0 {
                let row = first &+ Int(value.row)
                isNull = isNull || next < row
                while next <= row {
                    unsafe outStarts[rows] = UInt32(truncatingIfNeeded: start &+ entries)
                    rows &+= 1
                    if next < row {
                        unsafe outAgain[entries] = 0
                        unsafe outLevels[entries] = 0
                        entries &+= 1
                    }
                    next &+= 1
                }
            }
            unsafe outAgain[entries] = value.repetition
            unsafe outLevels[entries] = value.definition
            entries &+= 1
            isNull = isNull || value.definition < full
        }
        repetitions.add(entries)
        definitions.add(entries)
        rowStarts.add(rows)
        entryCount = start &+ entries
        rowsFilled = next
        if isNull { hasNulls = true }
    }

    private func appendWords(_ values: UnsafeBufferPointer<ColumnValue>) {
        words.reserve(values.count)
        let (out, full) = unsafe (words.end, maxDefinition)
        var count = 0
        for index in 0..<values.count {
            let value = unsafe values[index]
            // Without a branch: what is no value is written over.
            unsafe out[count] = Int64(bitPattern: value.bits)
            count &+= value.definition == full ? 1 : 0
        }
        words.add(count)
    }

    /// Entries of whole rows that were read; values are appended apart.
    ///
    /// - Parameters:
    ///   - row: the number of the first of them.
    ///   - definitions: `nil` where all of them are values.
    ///   - repetitions: `nil` outside lists; the first is 0.
    func place(
        _ count: Int, at row: Int, definitions new: UnsafePointer<UInt8>?,
        repetitions again: UnsafePointer<UInt8>?
    ) {
        guard count > 0 else { return }
        if row > rowsFilled { fill(to: row) }
        if let again = unsafe again {
            for entry in 0..<count where unsafe again[entry] == 0 {
                rowStarts.append(UInt32(truncatingIfNeeded: entryCount + entry))
            }
            rowsFilled = rowStarts.count
            unsafe repetitions.append(again, count: count)
        } else {
            rowsFilled += count
        }
        if let new = unsafe new {
            noteNulls()
            unsafe definitions.append(new, count: count)
        } else if hasNulls || maxRepetition > 0 {
            definitions.append(repeating: maxDefinition, count: count)
        }
        entryCount += count
    }
}
