/// The dictionary of a chunk that is being read.
struct ParquetDictionary: Sendable {
    fileprivate var words: [Int64] = []
    fileprivate var bytes: [UInt8] = []
    fileprivate var ranges: [Range<Int>] = []
    /// The entry of the column's own that holds a text here, once it was used.
    fileprivate var entries: [UInt32] = []

    var count: Int { words.count + ranges.count }

    mutating func removeAll() {
        words.removeAll(keepingCapacity: true)
        bytes = []
        ranges.removeAll(keepingCapacity: true)
        entries.removeAll(keepingCapacity: true)
    }

    /// Reads a dictionary page; false where it cannot be one.
    mutating func read(_ page: [UInt8], count: Int, as type: ParquetType) -> Bool {
        removeAll()
        if type.isBytes {
            bytes = page
            entries = [UInt32](repeating: .max, count: count)
            return PlainDecoding.ranges(page, from: 0, count: count, into: &ranges)
        }
        return PlainDecoding.words(page, from: 0, count: count, as: type, into: &words)
    }
}

/// The values of a page that is being read: numbers, places of texts in the page, or numbers of a dictionary's entries.
struct ParquetPageValues: Sendable {
    private enum Kind { case words, ranges, wordCodes, textCodes }

    private var kind = Kind.words
    private var words: [Int64] = []
    private var ranges: [Range<Int>] = []
    private var codes: [UInt32] = []

    /// Reads `count` values from a page; false where they are not there.
    mutating func read(
        _ page: [UInt8], from start: Int, count: Int, as type: ParquetType, encoding: Int, _ entries: Int
    ) -> Bool {
        words.removeAll(keepingCapacity: true)
        ranges.removeAll(keepingCapacity: true)
        codes.removeAll(keepingCapacity: true)
        switch encoding {
        case ParquetEncoding.plain where type.isBytes:
            kind = .ranges
            return PlainDecoding.ranges(page, from: start, count: count, into: &ranges)
        case ParquetEncoding.plain:
            kind = .words
            return PlainDecoding.words(page, from: start, count: count, as: type, into: &words)
        case ParquetEncoding.delta where type == .int64 || type == .timestamp:
            kind = .words
            return DeltaEncoding.decode(page, from: start, count: count, into: &words)
        case ParquetEncoding.dictionary, ParquetEncoding.plainDictionary:
            kind = type.isBytes ? .textCodes : .wordCodes
            if count == 0 { return true }
            guard entries > 0, start < page.count else { return false }
            return HybridEncoding.decode(
                page, in: start + 1..<page.count, width: Int(page[start]), count: count,
                max: UInt32(truncatingIfNeeded: entries - 1), into: &codes)
        default: return false
        }
    }

    /// Appends one value to a column.
    func append(
        _ value: Int, _ dictionary: inout ParquetDictionary, to column: inout ParquetColumn, row: Int,
        repetition: UInt8, _ page: [UInt8]
    ) {
        switch kind {
        case .words: column.append(words[value], row: row, repetition: repetition)
        case .wordCodes:
            column.append(dictionary.words[Int(codes[value])], row: row, repetition: repetition)
        case .ranges:
            unsafe page.withUnsafeBytes { all in
                _ = unsafe column.append(
                    UnsafeRawBufferPointer(rebasing: all[ranges[value]]), row: row, repetition: repetition)
            }
        case .textCodes:
            let code = Int(codes[value])
            if dictionary.entries[code] == .max {
                dictionary.entries[code] = column.entry(of: dictionary.bytes, in: dictionary.ranges[code])
            }
            column.append(entry: dictionary.entries[code], row: row, repetition: repetition)
        }
    }
}

/// Parquet's PLAIN, read: each number of values must fill the bytes exactly.
enum PlainDecoding {
    static func words(
        _ page: [UInt8], from start: Int, count: Int, as type: ParquetType, into words: inout [Int64]
    ) -> Bool {
        let bytes = page.count - start
        words.reserveCapacity(count)
        if type == .boolean {
            guard bytes == (count + 7) / 8 else { return false }
            for index in 0..<count { words.append(Int64(page[start + index / 8] >> UInt8(index % 8) & 1)) }
            return true
        }
        let width = type == .int32 ? 4 : 8
        guard bytes == count * width else { return false }
        unsafe page.withUnsafeBytes { all in
            for index in 0..<count {
                let offset = start + index * width
                words.append(
                    width == 4
                        ? unsafe Int64(
                            Int32(littleEndian: all.loadUnaligned(fromByteOffset: offset, as: Int32.self)))
                        : unsafe Int64(
                            littleEndian: all.loadUnaligned(fromByteOffset: offset, as: Int64.self)))
            }
        }
        return true
    }

    static func ranges(_ page: [UInt8], from start: Int, count: Int, into ranges: inout [Range<Int>]) -> Bool
    {
        guard count <= (page.count - start) / 4 else { return false }
        ranges.reserveCapacity(count)
        var offset = start
        for _ in 0..<count {
            guard page.count - offset >= 4 else { return false }
            var size = 0
            for index in 0..<4 { size |= Int(page[offset + index]) << (8 * index) }
            offset += 4
            guard size <= page.count - offset else { return false }
            ranges.append(offset..<offset + size)
            offset += size
        }
        return offset == page.count
    }
}
