import Engine

/// The dictionary of a chunk that is being read.
struct ParquetDictionary: ~Copyable {
    fileprivate var words = GrowingBuffer<Int64>()
    fileprivate var bytes = GrowingBuffer<UInt8>()
    /// Where each text's length stands.
    fileprivate var offsets = GrowingBuffer<UInt32>()
    /// The entry of the column's own that holds a text here, once it was used.
    fileprivate var entries = GrowingBuffer<UInt32>()

    var count: Int { words.count + offsets.count }

    mutating func removeAll() {
        words.removeAll()
        bytes.removeAll()
        bytes.shrink(to: ParquetPageValues.keptBytesMax)
        offsets.removeAll()
        entries.removeAll()
    }

    /// For each of its texts, whether the needle stands in it.
    func texts(containing needle: [UInt8]) -> [Bool] {
        var fits = [Bool](repeating: false, count: offsets.count)
        for text in PlainDecoding.texts(containing: needle, bytes, offsets) { fits[text] = true }
        return fits
    }

    /// The values that follow go to another column.
    mutating func forgetColumn() { unsafe entries.base.update(repeating: .max, count: entries.count) }

    /// Reads a dictionary page; false where it cannot be one. The page's memory may become the dictionary's.
    mutating func read(_ page: inout GrowingBuffer<UInt8>, count: Int, as type: ParquetType) -> Bool {
        removeAll()
        guard type.isBytes else {
            return PlainDecoding.words(page, from: 0, count: count, as: type, into: &words)
        }
        entries.append(repeating: .max, count: count)
        swap(&bytes, &page)
        return PlainDecoding.offsets(bytes, from: 0, count: count, into: &offsets)
    }
}

/// The values of a page that is being read: numbers, places of texts in the page, or numbers of a dictionary's entries.
struct ParquetPageValues: ~Copyable {
    private enum Kind { case words, texts, wordCodes, textCodes }

    /// What is kept for another page: bytes.
    static let keptBytesMax = 8 << 20

    private var kind = Kind.words
    private var words = GrowingBuffer<Int64>()
    private var offsets = GrowingBuffer<UInt32>()
    private var codes = GrowingBuffer<UInt32>()

    /// Reads `count` values from a page; false where they are not there.
    mutating func read(
        _ page: borrowing GrowingBuffer<UInt8>, from start: Int, count: Int, as type: ParquetType,
        encoding: Int,
        _ entries: Int
    ) -> Bool {
        words.removeAll()
        offsets.removeAll()
        codes.removeAll()
        switch encoding {
        case ParquetEncoding.plain where type.isBytes:
            kind = .texts
            return PlainDecoding.offsets(page, from: start, count: count, into: &offsets)
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

    /// Appends values to a column whose entries have their places already.
    func append(
        _ values: Range<Int>, _ dictionary: inout ParquetDictionary, to column: ParquetColumn,
        _ page: borrowing GrowingBuffer<UInt8>
    ) {
        guard !values.isEmpty else { return }
        switch kind {
        case .words: unsafe column.words.append(words.base + values.lowerBound, count: values.count)
        case .wordCodes:
            column.words.reserve(values.count)
            for value in values { column.words.append(dictionary.words[Int(codes[value])]) }
        case .texts: append(texts: values, to: column, page)
        case .textCodes:
            for value in values {
                let code = Int(codes[value])
                var entry = dictionary.entries[code]
                if entry == .max {
                    let offset = Int(dictionary.offsets[code])
                    let count = Int(dictionary.bytes.word(at: offset, as: UInt32.self))
                    entry = unsafe column.strings.entry(
                        of: dictionary.bytes.base + (offset + 4), count: count)
                    dictionary.entries[code] = entry
                }
                column.strings.append(entry: entry)
            }
        }
    }

    /// The numbers of the texts in which the needle stands; `fitting` says it of the dictionary's.
    func texts(
        containing needle: [UInt8], _ fitting: [Bool], _ page: borrowing GrowingBuffer<UInt8>
    ) -> [Int] {
        switch kind {
        case .texts: PlainDecoding.texts(containing: needle, page, offsets)
        case .textCodes: (0..<codes.count).filter { fitting[Int(codes[$0])] }
        case .words, .wordCodes: []
        }
    }

    private func append(
        texts values: Range<Int>, to column: ParquetColumn, _ page: borrowing GrowingBuffer<UInt8>
    ) {
        var value = values.lowerBound
        while value < values.upperBound, column.strings.isShared {
            let offset = Int(offsets[value])
            let count = Int(page.word(at: offset, as: UInt32.self))
            unsafe column.strings.append(page.base + (offset + 4), count: count)
            value += 1
        }
        guard value < values.upperBound else { return }
        let last = Int(offsets[values.upperBound - 1])
        let end = last + 4 + Int(page.word(at: last, as: UInt32.self))
        unsafe column.strings.append(
            plain: page, at: UnsafeBufferPointer(rebasing: offsets.view[value..<values.upperBound]), end: end)
    }
}

/// Parquet's PLAIN, read: each number of values must fill the bytes exactly.
enum PlainDecoding {
    static func words(
        _ page: borrowing GrowingBuffer<UInt8>, from start: Int, count: Int, as type: ParquetType,
        into words: inout GrowingBuffer<Int64>
    ) -> Bool {
        let bytes = page.count - start
        guard count >= 0, count <= bytes * 8 else { return false }
        words.reserve(count)
        if type == .boolean {
            guard bytes == (count + 7) / 8 else { return false }
            for index in 0..<count { words.append(Int64(page[start + index / 8] >> UInt8(index % 8) & 1)) }
            return true
        }
        let width = type == .int32 ? 4 : 8
        guard bytes == count * width else { return false }
        for index in 0..<count {
            let offset = start + index * width
            words.append(
                width == 4
                    ? Int64(page.word(at: offset, as: Int32.self)) : page.word(at: offset, as: Int64.self))
        }
        return true
    }

    /// The texts in which the needle stands, ascending: all of them are gone through as one.
    static func texts(
        containing needle: [UInt8], _ page: borrowing GrowingBuffer<UInt8>,
        _ offsets: borrowing GrowingBuffer<UInt32>
    ) -> [Int] {
        var found: [Int] = []
        guard !offsets.isEmpty else { return found }
        var text = 0
        var at = Int(offsets[0])
        while let place = unsafe ByteSearch.first(needle, in: page.view, from: at) {
            // The text whose length begins last before the place.
            var (low, high) = (text, offsets.count - 1)
            while low < high {
                let middle = (low + high + 1) / 2
                if Int(offsets[middle]) <= place { low = middle } else { high = middle - 1 }
            }
            text = low
            let start = Int(offsets[text]) + 4
            let end = start + Int(page.word(at: start - 4, as: UInt32.self))
            if start <= place, place + needle.count <= end {
                found.append(text)
                at = end
                text += 1
            } else {
                // It reaches over a text's end or into a length and so is in none.
                at = place + 1
            }
            if text >= offsets.count { break }
        }
        return found
    }

    /// Where the texts' lengths stand.
    static func offsets(
        _ page: borrowing GrowingBuffer<UInt8>, from start: Int, count: Int,
        into offsets: inout GrowingBuffer<UInt32>
    ) -> Bool {
        guard count >= 0, count <= (page.count - start) / 4, page.count <= Int(Int32.max) else {
            return false
        }
        offsets.reserve(count)
        var offset = start
        for _ in 0..<count {
            guard page.count - offset >= 4 else { return false }
            offsets.append(UInt32(truncatingIfNeeded: offset))
            let size = Int(page.word(at: offset, as: UInt32.self))
            offset += 4
            guard size <= page.count - offset else { return false }
            offset += size
        }
        return offset == page.count
    }
}
