package import Engine

extension ParquetRows {
    /// Appends an event that was taken apart, whose leaves and levels are the schema's own.
    ///
    /// - Parameter raw: the value of one more leaf; nothing where it is empty.
    package mutating func append(
        _ event: borrowing RowShredder, raw: UnsafeBufferPointer<UInt8>, to rawLeaf: Int
    ) {
        let place = count
        let text = unsafe UnsafeRawBufferPointer(event.text)
        let entries = unsafe event.entries
        for index in 0..<entries.count {
            let entry = unsafe entries[index]
            let leaf = Int(entry.leaf)
            if entry.definition < columns[leaf].maxDefinition {
                columns[leaf].appendNull(
                    definition: entry.definition, row: place, repetition: entry.repetition)
            } else if columns[leaf].type.isBytes {
                unsafe columns[leaf].append(
                    UnsafeRawBufferPointer(rebasing: text[entry.range]), row: place,
                    repetition: entry.repetition)
            } else if columns[leaf].type == .double {
                columns[leaf].append(
                    Double(bitPattern: entry.bits), row: place, repetition: entry.repetition)
            } else {
                columns[leaf].append(entry.integer, row: place, repetition: entry.repetition)
            }
        }
        if raw.count > 0 {
            unsafe columns[rawLeaf].append(UnsafeRawBufferPointer(raw), row: place, repetition: 0)
        }
        endRow()
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
