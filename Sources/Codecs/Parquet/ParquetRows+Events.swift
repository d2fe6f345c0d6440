package import Engine

extension ParquetRows {
    /// Appends one row of events' columns, whose leaves and levels are the schema's own; its bytes of text and JSON.
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
