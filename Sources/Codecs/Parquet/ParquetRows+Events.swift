package import Engine

extension ParquetRows {
    /// Appends a block of events that were taken apart, whose leaves and levels are the schema's own.
    package mutating func append(_ block: borrowing RowShredder, _ tape: JSONTape) {
        let texts = block.texts(tape)
        let leaves = unsafe block.leaves
        for index in 0..<leaves.count {
            let leaf = unsafe Int(leaves[index])
            unsafe columns[leaf].append(block.values(of: leaf), texts, at: count)
        }
        count += block.rowCount
    }

    /// Gives a row its value of one leaf; nothing where it is empty.
    package mutating func append(_ text: UnsafeBufferPointer<UInt8>, to leaf: Int, row: Int) {
        if text.count > 0 { unsafe columns[leaf].append(UnsafeRawBufferPointer(text), row: row) }
    }

    /// Appends a row of columns that were read back.
    package mutating func append(_ source: borrowing ColumnRows, _ row: Int) -> Int {
        var textBytes = 0
        let place = count
        unsafe source.bytes.withUnsafeBytes { bytes in
            for index in source.entries(of: row) {
                let entry = source.entries[index]
                let leaf = Int(entry.leaf)
                if entry.definition < columns[leaf].maxDefinition {
                    columns[leaf].appendNull(
                        definition: entry.definition, row: place, repetition: entry.repetition)
                } else if columns[leaf].type.isBytes {
                    unsafe columns[leaf].append(
                        UnsafeRawBufferPointer(rebasing: bytes[entry.range]), row: place,
                        repetition: entry.repetition)
                    textBytes += Int(entry.count)
                } else if columns[leaf].type == .double {
                    columns[leaf].append(
                        Double(bitPattern: entry.bits), row: place, repetition: entry.repetition)
                } else {
                    columns[leaf].append(entry.integer, row: place, repetition: entry.repetition)
                }
            }
        }
        endRow()
        return textBytes
    }
}
