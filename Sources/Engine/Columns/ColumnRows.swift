/// One value, or one null that has to be told, of one column of one row.
package struct ColumnEntry: BitwiseCopyable, Sendable {
    package var leaf: UInt16
    package var repetition: UInt8
    /// The column's `definitionMax` where there is a value.
    package var definition: UInt8
    /// Of a text or JSON: bytes.
    package var count: UInt32
    /// A number's bits, a boolean's 0 or 1, or where a text begins in `ColumnRows.bytes`.
    package var bits: UInt64

    package init(leaf: Int, repetition: Int = 0, definition: Int, count: Int = 0, bits: UInt64 = 0) {
        self.leaf = UInt16(truncatingIfNeeded: leaf)
        self.repetition = UInt8(truncatingIfNeeded: repetition)
        self.definition = UInt8(truncatingIfNeeded: definition)
        self.count = UInt32(truncatingIfNeeded: count)
        self.bits = bits
    }

    @inlinable package var range: Range<Int> { Int(bits)..<Int(bits) + Int(count) }
    @inlinable package var integer: Int64 { Int64(bitPattern: bits) }
}

/// Rows taken apart into entries, those of one column in the order of its values. A column without an entry is null.
package struct ColumnRows: Sendable {
    package var entries: [ColumnEntry] = []
    /// Texts, unescaped, and JSON.
    package var bytes: [UInt8] = []
    /// Where each row's entries end.
    package var ends: [Int] = []
    package var times: [Int64] = []
    /// Each row's principal, in `bytes`; empty where it has none.
    package var principals: [Extent] = []

    package init() {}

    package var count: Int { ends.count }

    package func entries(of row: Int) -> Range<Int> { (row == 0 ? 0 : ends[row - 1])..<ends[row] }

    package mutating func removeAll() {
        entries.removeAll(keepingCapacity: true)
        bytes.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        times.removeAll(keepingCapacity: true)
        principals.removeAll(keepingCapacity: true)
    }

    /// Appends a text to the last, unfinished row.
    package mutating func append(
        text: UnsafeBufferPointer<UInt8>, leaf: Int, repetition: Int, definition: Int
    ) {
        entries.append(
            ColumnEntry(
                leaf: leaf, repetition: repetition, definition: definition, count: text.count,
                bits: UInt64(bytes.count)))
        unsafe bytes.append(contentsOf: text)
    }

    /// A text's first eight bytes as a number that sorts as they do.
    package static func head(of text: ArraySlice<UInt8>) -> UInt64 {
        text.prefix(8).enumerated().reduce(0) { $0 | UInt64($1.element) << UInt64(56 - 8 * $1.offset) }
    }

    /// The order in which segments keep rows: by principal, then time, then as they came.
    package func sorted() -> [Int] {
        // Most principals differ in their first bytes or not at all, so most comparisons are of two integers.
        let heads = principals.map { Self.head(of: bytes[$0.range]) }
        return Array(0..<count).sorted { a, b in
            if heads[a] != heads[b] { return heads[a] < heads[b] }
            let order = compare(a, b)
            if order != 0 { return order < 0 }
            return times[a] == times[b] ? a < b : times[a] < times[b]
        }
    }

    private func compare(_ a: Int, _ b: Int) -> Int {
        let (left, right) = (principals[a].range, principals[b].range)
        var index = 0
        while index < left.count, index < right.count {
            let (x, y) = (bytes[left.lowerBound + index], bytes[right.lowerBound + index])
            if x != y { return x < y ? -1 : 1 }
            index += 1
        }
        return left.count - right.count
    }
}
