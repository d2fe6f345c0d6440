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

    /// Bounds of a page from the entries of its values, those of other pages told apart by `seenIn`.
    mutating func page(
        entries: UnsafeBufferPointer<UInt32>, _ seenIn: inout GrowingBuffer<UInt32>, number: UInt32
    ) -> ParquetBounds? {
        guard isWanted, let first = unsafe entries.first else { return nil }
        var low = Int(first)
        var high = low
        for index in 0..<entries.count {
            let entry = unsafe Int(entries[index])
            if seenIn[entry] == number { continue }
            seenIn[entry] = number
            if column.strings.isLess(entry, low) {
                low = entry
            } else if column.strings.isLess(high, entry) {
                high = entry
            }
        }
        return note(Int64(low), Int64(high))
    }

    /// Bounds of a page from its values.
    mutating func page(words: UnsafeBufferPointer<Int64>) -> ParquetBounds? {
        guard isWanted, words.count > 0 else { return nil }
        if column.type == .double { return unsafe pageOfDoubles(words) }
        var low = Int64.max
        var high = Int64.min
        for index in 0..<words.count {
            let word = unsafe words[index]
            low = min(low, word)
            high = max(high, word)
        }
        return note(low, high)
    }

    /// What is no number is left out; a zero bound takes the sign that includes both zeros.
    private mutating func pageOfDoubles(_ words: UnsafeBufferPointer<Int64>) -> ParquetBounds? {
        var low = Double.infinity
        var high = -Double.infinity
        var isEmpty = true
        for index in 0..<words.count {
            let value = unsafe Double(bitPattern: UInt64(bitPattern: words[index]))
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
        let low = unsafe column.strings.bytes(of: Int(low))
        let high = unsafe column.strings.bytes(of: Int(high))
        // Of a long least text only the part that a bound may have is taken out; a greatest one may have to stay whole.
        return unsafe ParquetBounds(
            min: Array(low.prefix(bytesMax + 4))[...], max: Array(high)[...], bytesMax: bytesMax,
            isText: column.type == .string)
    }
}
