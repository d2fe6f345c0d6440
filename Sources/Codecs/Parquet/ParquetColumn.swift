/// The values of one leaf for the rows of a row group, as they come, with the levels that place them.
///
/// Rows for which nothing was appended are null and cost nothing until a later row has a value; a column that is
/// never touched holds no memory. Levels are kept only from the first null on.
package struct ParquetColumn: Sendable {
    package let type: ParquetType
    package let maxDefinition: UInt8
    package let maxRepetition: UInt8

    /// Rows that have their entries; the rows behind them are null.
    package private(set) var rowsFilled = 0
    /// Values and nulls; more than rows where there are lists.
    package private(set) var entryCount = 0
    /// The definition level of each entry; empty while every entry is a value.
    package private(set) var definitions: [UInt8] = []
    /// The repetition level of each entry, for leaves in lists.
    package private(set) var repetitions: [UInt8] = []
    /// The first entry of each row, for leaves in lists.
    package private(set) var rowStarts: [UInt32] = []
    /// The values, for types that are no byte strings; a double is its bits.
    package private(set) var words: [Int64] = []
    var strings = ParquetStrings()
    /// Whether any entry is null.
    package private(set) var hasNulls = false
    /// Whether a required leaf was left out in some row: such a column is not written.
    private(set) var isMissingValues = false

    package init(_ leaf: ParquetSchema.Leaf) {
        type = leaf.type
        maxDefinition = leaf.maxDefinition
        maxRepetition = leaf.maxRepetition
    }

    /// Values that are not null.
    package var valueCount: Int { type.isBytes ? strings.valueCount : words.count }

    /// Bytes of memory in use.
    package var byteCount: Int {
        definitions.count + repetitions.count + 4 * rowStarts.count + 8 * words.count + strings.byteCount
    }

    /// Forgets all rows and keeps the room.
    package mutating func removeAll() {
        guard rowsFilled > 0 else { return }
        rowsFilled = 0
        entryCount = 0
        definitions.removeAll(keepingCapacity: true)
        repetitions.removeAll(keepingCapacity: true)
        rowStarts.removeAll(keepingCapacity: true)
        words.removeAll(keepingCapacity: true)
        strings.removeAll()
        hasNulls = false
        isMissingValues = false
    }

    // MARK: Appending. `row` is the number of the row under way; each says whether the value was taken.

    /// A number, a time or, as 0 and 1, a truth. One that does not fit 32 bits is not taken by such a leaf.
    @discardableResult
    package mutating func append(_ value: Int64, row: Int, repetition: UInt8 = 0) -> Bool {
        guard !type.isBytes, type != .int32 || Int64(Int32(truncatingIfNeeded: value)) == value,
            begin(row: row, repetition: repetition, definition: maxDefinition)
        else { return false }
        words.append(value)
        return true
    }

    @discardableResult
    package mutating func append(_ value: Double, row: Int, repetition: UInt8 = 0) -> Bool {
        guard type == .double, begin(row: row, repetition: repetition, definition: maxDefinition) else {
            return false
        }
        words.append(Int64(bitPattern: value.bitPattern))
        return true
    }

    @discardableResult
    package mutating func append(_ bytes: UnsafeRawBufferPointer, row: Int, repetition: UInt8 = 0) -> Bool {
        guard type.isBytes, begin(row: row, repetition: repetition, definition: maxDefinition) else {
            return false
        }
        unsafe strings.append(bytes)
        return true
    }

    /// The entry of the column's own that holds these bytes, made if there is none; a value only when appended.
    mutating func entry(of bytes: [UInt8], in range: Range<Int>) -> UInt32 {
        unsafe bytes.withUnsafeBytes { all in
            unsafe strings.entry(of: UnsafeRawBufferPointer(rebasing: all[range]))
        }
    }

    /// A value that `entry(of:in:)` has made an entry of.
    @discardableResult
    mutating func append(entry: UInt32, row: Int, repetition: UInt8) -> Bool {
        guard begin(row: row, repetition: repetition, definition: maxDefinition) else { return false }
        strings.append(entry: entry)
        return true
    }

    /// An entry without a value: `definition` says how far the path to it is there.
    @discardableResult
    package mutating func appendNull(definition: UInt8, row: Int, repetition: UInt8 = 0) -> Bool {
        guard definition < maxDefinition else { return false }
        // The lazily filled null is the same.
        if definition == 0, maxRepetition == 0 { return row >= rowsFilled }
        return begin(row: row, repetition: repetition, definition: definition)
    }

    /// Gives all rows before `row` their entries.
    package mutating func fill(to row: Int) {
        let missing = row - rowsFilled
        guard missing > 0 else { return }
        if maxDefinition == 0 {
            isMissingValues = true
            for _ in 0..<missing {
                if type.isBytes { unsafe strings.append(UnsafeRawBufferPointer(start: nil, count: 0)) }
            }
            if !type.isBytes { words.append(contentsOf: repeatElement(0, count: missing)) }
        } else {
            noteNulls()
            definitions.append(contentsOf: repeatElement(0, count: missing))
        }
        if maxRepetition > 0 {
            repetitions.append(contentsOf: repeatElement(0, count: missing))
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

    private mutating func noteNulls() {
        guard !hasNulls else { return }
        hasNulls = true
        definitions.append(contentsOf: repeatElement(maxDefinition, count: entryCount))
    }

    private mutating func begin(row: Int, repetition: UInt8, definition: UInt8) -> Bool {
        if repetition == 0 {
            guard row >= rowsFilled else { return false }
            if row > rowsFilled { fill(to: row) }
            rowsFilled = row + 1
            if maxRepetition > 0 { rowStarts.append(UInt32(truncatingIfNeeded: entryCount)) }
        } else {
            guard repetition <= maxRepetition, rowsFilled == row + 1 else { return false }
        }
        if maxRepetition > 0 { repetitions.append(repetition) }
        if hasNulls {
            definitions.append(definition)
        } else if definition < maxDefinition {
            noteNulls()
            definitions.append(definition)
        }
        entryCount += 1
        return true
    }
}
