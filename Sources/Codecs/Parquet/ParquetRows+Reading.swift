extension ParquetRows {
    /// Fills columns with rows read back from files: `body` appends to the leaf's column.
    package mutating func fill<Failure: Error>(
        _ leaf: Int, _ body: (inout ParquetColumn) throws(Failure) -> Void
    ) throws(Failure) {
        try body(&columns[leaf])
    }

    /// Ends so many rows at once, once their columns are filled.
    package mutating func endRows(_ count: Int) { self.count += count }
}

extension ParquetColumn {
    /// One entry of a column that was read.
    package struct Entry: BitwiseCopyable, Sendable {
        package var row: Int
        package var repetition: UInt8
        package var definition: UInt8
        /// The value's number among the column's values, or -1 for a null.
        package var value: Int
    }

    /// Goes through all entries in order; rows behind `rowsFilled` are null and have none.
    package func forEachEntry(_ body: (Entry) -> Void) {
        var row = -1
        var value = 0
        for index in 0..<entryCount {
            let repetition = repetitions.isEmpty ? 0 : repetitions[index]
            if repetition == 0 { row += 1 }
            let definition = hasNulls ? definitions[index] : maxDefinition
            let isValue = definition == maxDefinition
            body(Entry(row: row, repetition: repetition, definition: definition, value: isValue ? value : -1))
            if isValue { value += 1 }
        }
    }

    /// A value of a type that is no byte string; of a double its bits.
    package func word(of value: Int) -> Int64 { words[value] }

    /// A value of a type of bytes, valid until the next is appended.
    package func bytes(of value: Int) -> UnsafeBufferPointer<UInt8> {
        unsafe strings.bytes(of: Int(strings.entryOfValue[value]))
    }

    /// Which of the column's different texts a value is: equal numbers are equal texts, for most of them also the reverse.
    package func text(of value: Int) -> Int { Int(strings.entryOfValue[value]) }
    package var textCount: Int { strings.entryCount }
    package func bytes(ofText text: Int) -> UnsafeBufferPointer<UInt8> { unsafe strings.bytes(of: text) }

    /// The different texts in which the needle stands, which is not empty: all of them are gone through as one.
    package func texts(containing needle: [UInt8]) -> [Int] { strings.entries(containing: needle) }

    /// The rank of each row's text among all, equal texts ranked the same: 0 is null. Of a leaf outside lists.
    package func ranks(rows count: Int) -> [UInt32] {
        let order = (0..<strings.entryCount).sorted { strings.isLess($0, $1) }
        var rankOfEntry = [UInt32](repeating: 0, count: strings.entryCount)
        var rank: UInt32 = 0
        for (place, entry) in order.enumerated() {
            if place == 0 || strings.order(order[place - 1], entry) != 0 { rank += 1 }
            rankOfEntry[entry] = rank
        }
        var ranks = [UInt32](repeating: 0, count: count)
        var value = 0
        for row in 0..<min(entryCount, count) where !hasNulls || definitions[row] == maxDefinition {
            ranks[row] = rankOfEntry[Int(strings.entryOfValue[value])]
            value += 1
        }
        return ranks
    }
}
