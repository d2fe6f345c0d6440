/// The least and the greatest value of each page of a chunk, and of the whole.
struct ChunkBounds {
    private let column: ParquetColumn
    private let bytesMax: Int
    /// The bounds so far: entries of byte strings, or words.
    private var least: Int64?
    private var greatest: Int64 = 0
    /// False when a page has values and no bounds (none of its doubles is a number), or the type has none at all.
    private(set) var isComplete: Bool
    /// False for JSON and binary, whose order means nothing to anybody.
    private let isWanted: Bool

    init(_ column: ParquetColumn, _ options: ParquetWriter.Options) {
        self.column = column
        bytesMax = options.boundBytes
        isWanted = column.type != .json && column.type != .binary
        isComplete = isWanted
    }

    /// Of the whole chunk.
    var whole: ParquetBounds? { least.map { encoded($0, greatest) } }

    /// Bounds of a page of a column with a dictionary, from its codes.
    mutating func page(codes: [UInt32], _ seenIn: inout [UInt32], number: UInt32) -> ParquetBounds? {
        guard isWanted, let first = codes.first else { return nil }
        let strings = column.strings
        var low = Int(first)
        var high = low
        for code in codes where seenIn[Int(code)] != number {
            seenIn[Int(code)] = number
            let entry = Int(code)
            if strings.isLess(entry, low) { low = entry } else if strings.isLess(high, entry) { high = entry }
        }
        return note(Int64(low), Int64(high))
    }

    /// Bounds of a page, from the numbers of its values.
    mutating func page(_ slots: ArraySlice<UInt32>) -> ParquetBounds? {
        guard isWanted, !slots.isEmpty else { return nil }
        if column.type.isBytes {
            let strings = column.strings
            var low = Int(strings.entryOfValue[Int(slots.first ?? 0)])
            var high = low
            for slot in slots {
                let entry = Int(strings.entryOfValue[Int(slot)])
                if strings.isLess(entry, low) {
                    low = entry
                } else if strings.isLess(high, entry) {
                    high = entry
                }
            }
            return note(Int64(low), Int64(high))
        }
        if column.type == .double { return pageOfDoubles(slots) }
        var low = Int64.max
        var high = Int64.min
        for slot in slots {
            let word = column.words[Int(slot)]
            low = min(low, word)
            high = max(high, word)
        }
        return note(low, high)
    }

    /// What is no number is left out; a zero bound takes the sign that includes both zeros.
    private mutating func pageOfDoubles(_ slots: ArraySlice<UInt32>) -> ParquetBounds? {
        var low = Double.infinity
        var high = -Double.infinity
        var isEmpty = true
        for slot in slots {
            let value = Double(bitPattern: UInt64(bitPattern: column.words[Int(slot)]))
            guard !value.isNaN else { continue }
            isEmpty = false
            low = min(low, value)
            high = max(high, value)
        }
        guard !isEmpty else {
            isComplete = false
            return nil
        }
        if low == 0 { low = -0.0 }
        if high == 0 { high = 0.0 }
        return note(
            Int64(bitPattern: low.bitPattern), Int64(bitPattern: high.bitPattern))
    }

    private mutating func note(_ low: Int64, _ high: Int64) -> ParquetBounds {
        if let known = least {
            if isLess(low, known) { least = low }
            if isLess(greatest, high) { greatest = high }
        } else {
            least = low
            greatest = high
        }
        return encoded(low, high)
    }

    private func isLess(_ left: Int64, _ right: Int64) -> Bool {
        if column.type.isBytes { return column.strings.isLess(Int(left), Int(right)) }
        guard column.type == .double else { return left < right }
        return Double(bitPattern: UInt64(bitPattern: left)) < Double(bitPattern: UInt64(bitPattern: right))
    }

    private func encoded(_ low: Int64, _ high: Int64) -> ParquetBounds {
        guard column.type.isBytes else {
            return ParquetBounds(
                ParquetBounds.encoded(low, as: column.type), ParquetBounds.encoded(high, as: column.type))
        }
        let strings = column.strings
        return ParquetBounds(
            min: strings.arena[strings.range(of: Int(low))], max: strings.arena[strings.range(of: Int(high))],
            bytesMax: bytesMax, isText: column.type == .string)
    }
}
