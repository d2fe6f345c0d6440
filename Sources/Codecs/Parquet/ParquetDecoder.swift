/// Reads the pages of column chunks into columns.
///
/// Give it what the file has at `ParquetColumnChunk.range` (`readChunk`), or, where the page index told which pages
/// are wanted, the chunk's dictionary and those pages (`begin`, `readDictionary`, `readPages`), or read a chunk some rows
/// at a time (`begin`, `readNext`). Rows outside `rows` are left out. All of a reader's columns get the same rows, so
/// rows of different columns belong together.
package struct ParquetDecoder: ~Copyable {
    let footer: ParquetFooter
    private var unpacker = ZstdUnpacker()
    var page = GrowingBuffer<UInt8>()
    var values = ParquetPageValues()
    var dictionary = ParquetDictionary()
    private var repetitions = GrowingBuffer<UInt8>()
    var definitions = GrowingBuffer<UInt8>()
    private var group = 0
    private var leaf = 0
    var pageNumber = 0
    /// The page at hand: its entries and rows, and how far both and the values were taken.
    private(set) var entryCount = 0
    private(set) var rowCount = 0
    private(set) var hasNulls = false
    private var entriesTaken = 0
    private var rowsTaken = 0
    private var valuesTaken = 0
    /// Where `readNext` goes on in the file.
    private var next = 0

    package init(_ footer: ParquetFooter) { self.footer = footer }

    /// Appends the rows of a whole chunk, of which `bytes` are the file's at its `range`.
    ///
    /// `base` is the number that the first of `rows` gets in the column. On a fault the column holds some of the rows.
    package mutating func readChunk(
        _ bytes: [UInt8], of leaf: Int, in group: Int, rows: ParquetRowChoice? = nil,
        into column: inout ParquetColumn,
        at base: Int
    ) throws(ParquetFault) {
        try begin(leaf, in: group)
        let count = footer.groups[group].rowCount
        let chunk = footer.groups[group].chunks[leaf]
        let entries = try read(
            bytes, firstRow: 0, rowsMax: count, isWhole: true, rows: rows ?? .range(0..<count), into: column,
            at: base)
        guard entries.entries == chunk.entryCount, entries.rows == count else {
            throw ParquetFault(
                .column(rowGroup: group, leaf: leaf), .corrupt,
                "has \(entries.rows) rows in its pages, and \(count) in the footer")
        }
    }

    /// Begins with another chunk.
    package mutating func begin(_ leaf: Int, in group: Int) throws(ParquetFault) {
        self.leaf = leaf
        self.group = group
        pageNumber = 0
        dictionary.removeAll()
        (rowCount, rowsTaken) = (0, 0)
        let part = ParquetFault.Part.column(rowGroup: group, leaf: leaf)
        let chunk = footer.groups[group].chunks[leaf]
        next = chunk.range.lowerBound
        if case .foreign(let code) = chunk.codec {
            throw ParquetFault(part, .unsupported, "is packed in a way (\(code)) that is not read here")
        }
        guard footer.schema.leaves[leaf].type != .foreign else {
            throw ParquetFault(part, .unsupported, "has a type that is not read here")
        }
    }

    /// The dictionary page of a chunk that has one: the bytes from `dictionaryOffset` up to the first page's.
    package mutating func readDictionary(_ bytes: [UInt8]) throws(ParquetFault) {
        var offset = 0
        let header = try nextHeader(bytes, &offset, bytes.count)
        guard header.isDictionary else { throw fault(.corrupt, "is no dictionary") }
        try unpack(bytes, &offset, header)
        try keepDictionary(header)
    }

    /// Appends those rows of consecutive pages that are wanted. `firstRow` and `endRow` are what the page index says
    /// of them.
    package mutating func readPages(
        _ bytes: [UInt8], firstRow: Int, endRow: Int, rows: ParquetRowChoice,
        into column: inout ParquetColumn, at base: Int
    ) throws(ParquetFault) {
        let read = try read(
            bytes, firstRow: firstRow, rowsMax: endRow - firstRow, isWhole: false, rows: rows, into: column,
            at: base)
        guard read.rows == endRow - firstRow else {
            throw fault(.corrupt, "has \(read.rows) rows, and \(endRow - firstRow) in the page index")
        }
    }

    /// Appends the next rows of the chunk that was begun with, the first under the number `base`; `file` is all of it.
    ///
    /// A page is unpacked once, however its rows are taken. The column may be another one each time.
    package mutating func readNext(
        _ count: Int, of file: [UInt8], into column: ParquetColumn, at base: Int
    ) throws(ParquetFault) {
        dictionary.forgetColumn()
        let end = footer.groups[group].chunks[leaf].range.upperBound
        guard end <= file.count else { throw fault(.truncated, "ends behind the file") }
        var done = 0
        while done < count {
            if rowsTaken == rowCount {
                guard next < end else { throw fault(.corrupt, "has fewer rows than the footer says") }
                var offset = next
                let header = try nextPage(file, &offset, end, isWhole: true)
                next = offset
                guard let header else { continue }
                try begin(header)
            }
            let taken = min(count - done, rowCount - rowsTaken)
            take(rows: taken, into: column, at: base + done)
            done += taken
        }
    }

    private mutating func read(
        _ bytes: [UInt8], firstRow: Int, rowsMax: Int, isWhole: Bool, rows: ParquetRowChoice,
        into column: ParquetColumn, at base: Int
    ) throws(ParquetFault) -> (rows: Int, entries: Int) {
        var offset = 0
        var read = (rows: 0, entries: 0)
        while offset < bytes.count {
            guard let header = try nextPage(bytes, &offset, bytes.count, isWhole: isWhole) else { continue }
            try begin(header)
            guard read.rows + rowCount <= rowsMax else {
                throw fault(.corrupt, "has more rows than the footer says")
            }
            let page = firstRow + read.rows..<firstRow + read.rows + rowCount
            switch rows {
            case .range(let range):
                let own = range.clamped(to: page)
                skip(rows: own.lowerBound - page.lowerBound)
                take(rows: own.count, into: column, at: base + own.lowerBound - range.lowerBound)
            case .picked(let picked):
                let first = ParquetRowChoice.firstIndex(in: picked, from: page.lowerBound)
                let end = ParquetRowChoice.firstIndex(in: picked, from: page.upperBound)
                var index = first
                while index < end {
                    // Rows that follow each other are taken at once.
                    var last = index
                    while last + 1 < end, picked[last + 1] == picked[last] + 1 { last += 1 }
                    skip(rows: picked[index] - page.lowerBound - rowsTaken)
                    take(rows: last + 1 - index, into: column, at: base + index)
                    index = last + 1
                }
            }
            read.rows += rowCount
            read.entries += entryCount
        }
        return read
    }

    // MARK: Pages

    func fault(_ kind: ParquetFault.Kind, _ reason: String) -> ParquetFault {
        ParquetFault(.page(rowGroup: group, leaf: leaf, page: max(0, pageNumber - 1)), kind, reason)
    }

    func nextHeader(
        _ bytes: [UInt8], _ offset: inout Int, _ end: Int
    ) throws(ParquetFault) -> ParquetPageHeader {
        let header: ParquetPageHeader?
        do { header = try ParquetPageHeader(bytes, at: offset) } catch {
            throw fault(.corrupt, "has a header that cannot be read")
        }
        guard let header else { throw fault(.unsupported, "is of a kind that is not read here") }
        offset += header.byteCount
        guard header.packedCount >= 0, header.unpackedCount >= 0, header.entryCount >= 0,
            header.packedCount <= end - offset
        else { throw fault(.truncated, "ends behind its column") }
        guard header.unpackedCount <= footer.limits.pageBytes else { throw fault(.tooLarge, "is too large") }
        return header
    }

    /// Unpacks the next page of values; `nil` where it was the dictionary.
    private mutating func nextPage(
        _ bytes: [UInt8], _ offset: inout Int, _ end: Int, isWhole: Bool
    ) throws(ParquetFault) -> ParquetPageHeader? {
        pageNumber += 1
        let header = try nextHeader(bytes, &offset, end)
        try unpack(bytes, &offset, header)
        if header.isDictionary {
            guard isWhole, pageNumber == 1, dictionary.count == 0 else {
                throw fault(.corrupt, "is a dictionary out of its place")
            }
            try keepDictionary(header)
            pageNumber -= 1
            return nil
        }
        guard header.entryCount <= footer.limits.groupRows else {
            throw fault(.tooLarge, "has \(header.entryCount) values")
        }
        return header
    }

    /// Puts the page's bytes, unpacked, into `page`.
    mutating func unpack(
        _ bytes: [UInt8], _ offset: inout Int, _ header: ParquetPageHeader
    ) throws(ParquetFault) {
        let range = offset..<offset + header.packedCount
        offset = range.upperBound
        if let sum = header.checkSum {
            guard sum == CRC32.of(bytes, in: range) else {
                throw fault(.corrupt, "does not have its check sum")
            }
        } else if footer.isOurs {
            throw fault(.corrupt, "has no check sum")
        }
        page.removeAll()
        page.shrink(to: ParquetPageValues.keptBytesMax)
        if footer.groups[group].chunks[leaf].codec == .zstd {
            let isUnpacked = unsafe bytes.withUnsafeBytes {
                unsafe unpacker.unpack(
                    UnsafeRawBufferPointer(rebasing: $0[range]), count: header.unpackedCount, into: &page)
            }
            guard isUnpacked else { throw fault(.corrupt, "cannot be unpacked") }
        } else {
            guard range.count == header.unpackedCount else { throw fault(.corrupt, "has another size") }
            page.reserve(range.count + 8)
            unsafe bytes.withUnsafeBufferPointer {
                if let base = $0.baseAddress {
                    unsafe page.append(base + range.lowerBound, count: range.count)
                }
            }
        }
    }

    mutating func keepDictionary(_ header: ParquetPageHeader) throws(ParquetFault) {
        guard header.encoding == ParquetEncoding.plain || header.encoding == ParquetEncoding.plainDictionary,
            header.entryCount <= page.count,
            dictionary.read(&page, count: header.entryCount, as: footer.schema.leaves[leaf].type)
        else { throw fault(.corrupt, "has a dictionary that cannot be read") }
    }

    /// Reads the levels and values of the page that was unpacked.
    mutating func begin(_ header: ParquetPageHeader) throws(ParquetFault) {
        let about = footer.schema.leaves[leaf]
        entryCount = header.entryCount
        (entriesTaken, rowsTaken, valuesTaken) = (0, 0, 0)
        repetitions.removeAll()
        definitions.removeAll()
        var offset = 0
        var areGood = true
        if about.maxRepetition > 0 {
            areGood = Self.readLevels(about.maxRepetition, entryCount, page, &offset, &repetitions)
        }
        if areGood, about.maxDefinition > 0 {
            areGood = Self.readLevels(about.maxDefinition, entryCount, page, &offset, &definitions)
        }
        guard areGood else { throw fault(.corrupt, "has levels that cannot be read") }
        rowCount = entryCount
        if about.maxRepetition > 0 {
            rowCount = 0
            for index in 0..<entryCount where repetitions[index] == 0 { rowCount += 1 }
            guard entryCount == 0 || repetitions[0] == 0 else {
                throw fault(.corrupt, "begins inside a row")
            }
        }
        let count = about.maxDefinition > 0 ? values(in: 0..<entryCount) : entryCount
        hasNulls = count < entryCount
        guard
            values.read(
                page, from: offset, count: count, as: about.type, encoding: header.encoding, dictionary.count)
        else { throw fault(.corrupt, "has values that cannot be read") }
    }

    private static func readLevels(
        _ max: UInt8, _ count: Int, _ page: borrowing GrowingBuffer<UInt8>, _ offset: inout Int,
        _ levels: inout GrowingBuffer<UInt8>
    ) -> Bool {
        guard page.count - offset >= 4 else { return false }
        let size = Int(page.word(at: offset, as: UInt32.self))
        offset += 4
        guard size <= page.count - offset,
            HybridEncoding.decode(
                page, in: offset..<offset + size, width: HybridEncoding.width(max: Int(max)), count: count,
                max: UInt32(max), into: &levels)
        else { return false }
        offset += size
        return true
    }

    // MARK: Rows of the page at hand

    /// How many of these entries are values.
    private func values(in entries: Range<Int>) -> Int {
        let full = footer.schema.leaves[leaf].maxDefinition
        var count = 0
        for entry in entries { count &+= definitions[entry] == full ? 1 : 0 }
        return count
    }

    /// Where the entries of the next rows end.
    private func end(ofRows count: Int) -> Int {
        if count == rowCount - rowsTaken { return entryCount }
        if repetitions.isEmpty { return entriesTaken + count }
        var left = count
        var entry = entriesTaken
        while entry < entryCount {
            if repetitions[entry] == 0 {
                if left == 0 { break }
                left -= 1
            }
            entry += 1
        }
        return entry
    }

    private mutating func skip(rows count: Int) {
        guard count > 0 else { return }
        let end = end(ofRows: count)
        valuesTaken += hasNulls ? values(in: entriesTaken..<end) : end - entriesTaken
        entriesTaken = end
        rowsTaken += count
    }

    private mutating func take(rows count: Int, into column: ParquetColumn, at base: Int) {
        guard count > 0 else { return }
        let entries = entriesTaken..<end(ofRows: count)
        let found = hasNulls ? values(in: entries) : entries.count
        let range = valuesTaken..<valuesTaken + found
        defer {
            entriesTaken = entries.upperBound
            rowsTaken += count
            valuesTaken = range.upperBound
        }
        // Rows without anything need no word: a column's rows that are not filled are null.
        if found == 0, repetitions.isEmpty, entries.allSatisfy({ definitions[$0] == 0 }) { return }
        unsafe column.place(
            entries.count, at: base,
            definitions: found < entries.count ? UnsafePointer(definitions.base + entries.lowerBound) : nil,
            repetitions: repetitions.isEmpty ? nil : UnsafePointer(repetitions.base + entries.lowerBound))
        values.append(range, &dictionary, to: column, page)
    }
}
