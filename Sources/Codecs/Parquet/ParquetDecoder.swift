/// Reads the pages of column chunks into columns.
///
/// Give it what the file has at `ParquetColumnChunk.range` (`readChunk`), or, where the page index told which pages
/// are wanted, the chunk's dictionary and those pages (`begin`, `readDictionary`, `readPages`). Rows outside `rows` are
/// left out. All of a reader's columns get the same rows, so rows of different columns belong together.
package struct ParquetDecoder: ~Copyable {
    private let footer: ParquetFooter
    private var unpacker = ZstdUnpacker()
    private var page: [UInt8] = []
    private var values = ParquetPageValues()
    private var dictionary = ParquetDictionary()
    private var repetitions: [UInt32] = []
    private var definitions: [UInt32] = []
    private var group = 0
    private var leaf = 0
    private var pageNumber = 0

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
            bytes, firstRow: 0, rowsMax: count, isWhole: true, rows: rows ?? .range(0..<count), into: &column,
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
        let part = ParquetFault.Part.column(rowGroup: group, leaf: leaf)
        let chunk = footer.groups[group].chunks[leaf]
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
        let header = try nextHeader(bytes, &offset)
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
            bytes, firstRow: firstRow, rowsMax: endRow - firstRow, isWhole: false, rows: rows, into: &column,
            at: base)
        guard read.rows == endRow - firstRow else {
            throw fault(.corrupt, "has \(read.rows) rows, and \(endRow - firstRow) in the page index")
        }
    }

    private mutating func read(
        _ bytes: [UInt8], firstRow: Int, rowsMax: Int, isWhole: Bool, rows: ParquetRowChoice,
        into column: inout ParquetColumn, at base: Int
    ) throws(ParquetFault) -> (rows: Int, entries: Int) {
        var offset = 0
        var read = (rows: 0, entries: 0)
        while offset < bytes.count {
            let header = try nextHeader(bytes, &offset)
            try unpack(bytes, &offset, header)
            if header.isDictionary {
                guard isWhole, pageNumber == 0 else {
                    throw fault(.corrupt, "is a dictionary out of its place")
                }
                try keepDictionary(header)
                continue
            }
            guard header.entryCount <= footer.limits.groupRows else {
                throw fault(.tooLarge, "has \(header.entryCount) values")
            }
            let valuesStart = try readLevels(header)
            let rowCount =
                column.maxRepetition == 0
                ? header.entryCount : repetitions.reduce(0) { $0 + ($1 == 0 ? 1 : 0) }
            guard read.rows + rowCount <= rowsMax, repetitions.first ?? 0 == 0 else {
                throw fault(.corrupt, "has more rows than the footer says")
            }
            try readValues(header, from: valuesStart, column)
            let page = firstRow + read.rows..<firstRow + read.rows + rowCount
            switch rows {
            case .range(let range) where column.maxRepetition == 0:
                let own = range.clamped(to: page)
                append(own, of: page, into: &column, at: base + own.lowerBound - range.lowerBound)
            case .range(let range):
                append(page, into: &column, header.entryCount) {
                    range.contains($0) ? $0 - range.lowerBound + base : nil
                }
            case .picked(let picked):
                let first = ParquetRowChoice.firstIndex(in: picked, from: page.lowerBound)
                let end = ParquetRowChoice.firstIndex(in: picked, from: page.upperBound)
                if first == end { break }
                if column.maxRepetition == 0 {
                    append(picked[first..<end], of: page, into: &column, at: base + first)
                } else {
                    var next = first
                    append(page, into: &column, header.entryCount) { row in
                        while next < end - 1, picked[next] < row { next += 1 }
                        return picked[next] == row ? base + next : nil
                    }
                }
            }
            read.rows += rowCount
            read.entries += header.entryCount
            pageNumber += 1
        }
        return read
    }

    // MARK: Pages

    private func fault(_ kind: ParquetFault.Kind, _ reason: String) -> ParquetFault {
        ParquetFault(.page(rowGroup: group, leaf: leaf, page: pageNumber), kind, reason)
    }

    private func nextHeader(_ bytes: [UInt8], _ offset: inout Int) throws(ParquetFault) -> ParquetPageHeader {
        let header: ParquetPageHeader?
        do { header = try ParquetPageHeader(bytes, at: offset) } catch {
            throw fault(.corrupt, "has a header that cannot be read")
        }
        guard let header else { throw fault(.unsupported, "is of a kind that is not read here") }
        offset += header.byteCount
        guard header.packedCount >= 0, header.unpackedCount >= 0, header.entryCount >= 0,
            header.packedCount <= bytes.count - offset
        else { throw fault(.truncated, "ends behind its column") }
        guard header.unpackedCount <= footer.limits.pageBytes else { throw fault(.tooLarge, "is too large") }
        return header
    }

    /// Puts the page's bytes, unpacked, into `page`.
    private mutating func unpack(
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
        if footer.groups[group].chunks[leaf].codec == .zstd {
            guard unpacker.unpack(bytes, in: range, count: header.unpackedCount, into: &page) else {
                throw fault(.corrupt, "cannot be unpacked")
            }
        } else {
            guard range.count == header.unpackedCount else { throw fault(.corrupt, "has another size") }
            page = Array(bytes[range])
        }
    }

    private mutating func keepDictionary(_ header: ParquetPageHeader) throws(ParquetFault) {
        guard header.encoding == ParquetEncoding.plain || header.encoding == ParquetEncoding.plainDictionary,
            header.entryCount <= page.count,
            dictionary.read(page, count: header.entryCount, as: footer.schema.leaves[leaf].type)
        else { throw fault(.corrupt, "has a dictionary that cannot be read") }
    }

    /// Reads both kinds of levels and says where the values begin.
    private mutating func readLevels(_ header: ParquetPageHeader) throws(ParquetFault) -> Int {
        let about = footer.schema.leaves[leaf]
        var offset = 0
        repetitions.removeAll(keepingCapacity: true)
        definitions.removeAll(keepingCapacity: true)
        if about.maxRepetition > 0 {
            var levels = repetitions
            try readLevels(max: about.maxRepetition, header.entryCount, &offset, &levels)
            repetitions = levels
        }
        if about.maxDefinition > 0 {
            var levels = definitions
            try readLevels(max: about.maxDefinition, header.entryCount, &offset, &levels)
            definitions = levels
        }
        return offset
    }

    private func readLevels(
        max: UInt8, _ count: Int, _ offset: inout Int, _ levels: inout [UInt32]
    ) throws(ParquetFault) {
        guard page.count - offset >= 4 else { throw fault(.truncated, "ends inside its levels") }
        var size = 0
        for index in 0..<4 { size |= Int(page[offset + index]) << (8 * index) }
        offset += 4
        guard size <= page.count - offset,
            HybridEncoding.decode(
                page, in: offset..<offset + size, width: HybridEncoding.width(max: Int(max)), count: count,
                max: UInt32(max), into: &levels)
        else { throw fault(.corrupt, "has levels that cannot be read") }
        offset += size
    }

    private mutating func readValues(
        _ header: ParquetPageHeader, from start: Int, _ column: borrowing ParquetColumn
    ) throws(ParquetFault) {
        let about = footer.schema.leaves[leaf]
        let full = UInt32(about.maxDefinition)
        var count = header.entryCount
        if full > 0 { count = definitions.reduce(0) { $0 + ($1 == full ? 1 : 0) } }
        guard
            values.read(
                page, from: start, count: count, as: about.type, encoding: header.encoding, dictionary.count)
        else { throw fault(.corrupt, "has values that cannot be read") }
    }

    /// Appends ascending rows of the page at hand, of a leaf outside lists; the first of them gets the number `base`.
    private mutating func append(
        _ wanted: some Collection<Int>, of page: Range<Int>, into column: inout ParquetColumn, at base: Int
    ) {
        let full = UInt32(footer.schema.leaves[leaf].maxDefinition)
        var (entry, value, place) = (0, 0, base)
        for row in wanted {
            let own = row - page.lowerBound
            if full == 0 {
                value = own
            } else {
                while entry < own {
                    if definitions[entry] == full { value += 1 }
                    entry += 1
                }
            }
            if full == 0 || definitions[own] == full {
                values.append(value, &dictionary, to: &column, row: place, repetition: 0, self.page)
            } else {
                column.appendNull(
                    definition: UInt8(truncatingIfNeeded: definitions[own]), row: place, repetition: 0)
            }
            place += 1
        }
    }

    /// Appends the entries of the page at hand whose rows have a place in the column.
    private mutating func append(
        _ page: Range<Int>, into column: inout ParquetColumn, _ count: Int, place: (_ row: Int) -> Int?
    ) {
        let full = UInt32(footer.schema.leaves[leaf].maxDefinition)
        var row = page.lowerBound - 1
        var value = 0
        var current: Int?
        for entry in 0..<count {
            let repetition = repetitions.isEmpty ? 0 : repetitions[entry]
            if repetition == 0 {
                row += 1
                current = place(row)
            }
            let isValue = full == 0 || definitions[entry] == full
            defer { if isValue { value += 1 } }
            guard let current else { continue }
            let level = UInt8(truncatingIfNeeded: repetition)
            guard isValue else {
                column.appendNull(
                    definition: UInt8(truncatingIfNeeded: definitions[entry]), row: current, repetition: level
                )
                continue
            }
            values.append(value, &dictionary, to: &column, row: current, repetition: level, self.page)
        }
    }
}

/// Which rows of a group are wanted; the column gets them without gaps.
package enum ParquetRowChoice: Hashable, Sendable {
    case range(Range<Int>)
    /// Ascending.
    case picked([Int])

    package var count: Int {
        switch self {
        case .range(let range): range.count
        case .picked(let picked): picked.count
        }
    }

    /// Whether some of these rows is wanted.
    package func touches(_ rows: Range<Int>) -> Bool {
        switch self {
        case .range(let range): range.overlaps(rows)
        case .picked(let picked):
            Self.firstIndex(in: picked, from: rows.lowerBound)
                < Self.firstIndex(in: picked, from: rows.upperBound)
        }
    }

    /// The place of the first picked row that is not before `row`.
    static func firstIndex(in picked: [Int], from row: Int) -> Int {
        var (low, high) = (0, picked.count)
        while low < high {
            let middle = (low + high) / 2
            if picked[middle] < row { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
