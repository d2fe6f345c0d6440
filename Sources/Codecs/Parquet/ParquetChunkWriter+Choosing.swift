extension ParquetChunkWriter {
    mutating func gatherValues(_ column: ParquetColumn) {
        let count = layout.slots.count
        let slots = unsafe layout.slots.base
        isRenamed = false
        guard column.type.isBytes else {
            words.removeAll()
            words.reserve(count)
            let (out, all) = unsafe (words.end, column.words.base)
            for index in 0..<count { unsafe out[index] = all[Int(slots[index])] }
            words.add(count)
            return
        }
        entries.removeAll()
        entries.reserve(count)
        let (out, all) = unsafe (entries.end, column.strings.entryOfValue.base)
        for index in 0..<count { unsafe out[index] = all[Int(slots[index])] }
        entries.add(count)
        // With fewer values than the column has, its dictionary may be larger than theirs.
        if count < column.strings.valueCount { rename(column) }
    }

    /// Gives the entries that are in the chunk new names, in the order in which they come.
    mutating func rename(_ column: ParquetColumn) {
        isRenamed = true
        used.removeAll()
        // What has no dictionary needs no names.
        guard column.strings.isShared else { return unsafe used.append(entries.base, count: entries.count) }
        codeOfEntry.removeAll()
        codeOfEntry.append(repeating: .max, count: column.strings.entryCount)
        for index in 0..<entries.count {
            let entry = entries[index]
            if codeOfEntry[Int(entry)] == .max {
                codeOfEntry[Int(entry)] = UInt32(truncatingIfNeeded: used.count)
                used.append(entry)
            }
        }
    }

    func entryCount(_ column: ParquetColumn) -> Int {
        !column.type.isBytes
            ? dictionary.entries.count : isRenamed ? used.count : column.strings.entryCount
    }

    /// The column's number of one of the chunk's entries.
    @inline(__always) func entry(_ number: Int) -> Int { isRenamed ? Int(used[number]) : number }

    mutating func pickEncoding(_ column: ParquetColumn) -> Encoding {
        if column.type.isBytes {
            guard column.strings.isShared else { return .plainBytes }
            let count = entryCount(column)
            var entryBytes = column.strings.arena.count
            var valueBytes = column.strings.valueBytes
            if isRenamed {
                (entryBytes, valueBytes) = (0, 0)
                for number in 0..<count { entryBytes += Int(column.strings.places[entry(number)].length) + 4 }
                for index in 0..<entries.count {
                    valueBytes += Int(column.strings.places[Int(entries[index])].length)
                }
            }
            guard entryBytes <= options.dictionaryBytes else { return .plainBytes }
            let width = HybridEncoding.width(max: max(1, count - 1))
            let coded = entryBytes + entries.count * width / 8 + 24
            return coded * 5 < (valueBytes + 4 * entries.count) * 4 ? .dictionary : .plainBytes
        }
        if column.type == .boolean { return .booleans }
        if unsafe dictionary.build(words.view) { return .dictionary }
        return column.type == .double || column.type == .int32 ? .plainWords : .delta
    }

    func unpackedEstimate(_ column: ParquetColumn, _ encoding: Encoding) -> Int {
        let levels = column.hasNulls ? layout.entryCount / 8 : 0
        let count = layout.slots.count
        switch encoding {
        case .plainBytes: return levels + column.strings.valueBytes + 4 * count
        case .plainWords, .delta: return levels + 4 * count
        case .booleans: return levels + count / 8
        case .dictionary:
            let entries = column.type.isBytes ? column.strings.arena.count : 8 * dictionary.entries.count
            return levels + entries + count * codeWidth(column) / 8
        }
    }

    func encodings(_ encoding: Encoding) -> [Int] {
        switch encoding {
        case .plainBytes, .plainWords, .booleans: [ParquetEncoding.plain, ParquetEncoding.rle]
        case .delta: [ParquetEncoding.rle, ParquetEncoding.delta]
        case .dictionary: [ParquetEncoding.plain, ParquetEncoding.rle, ParquetEncoding.dictionary]
        }
    }

    func codeWidth(_ column: ParquetColumn) -> Int {
        HybridEncoding.width(max: max(1, entryCount(column) - 1))
    }

    func bloomFilter(_ column: ParquetColumn, _ encoding: Encoding) -> ParquetBloomFilter {
        if column.type.isBytes {
            let count = entryCount(column)
            var filter = ParquetBloomFilter(distinctValues: count)
            for number in 0..<count {
                let bytes = unsafe column.strings.bytes(of: entry(number))
                filter.insert(unsafe XXHash64.of(UnsafeRawBufferPointer(bytes)))
            }
            return filter
        }
        let count = encoding == .dictionary ? dictionary.entries.count : words.count
        var filter = ParquetBloomFilter(distinctValues: count)
        for index in 0..<count {
            let word = encoding == .dictionary ? dictionary.entries[index] : words[index]
            let bytes = ParquetBounds.encoded(word, as: column.type)
            filter.insert(XXHash64.of(bytes, in: 0..<bytes.count))
        }
        return filter
    }
}
