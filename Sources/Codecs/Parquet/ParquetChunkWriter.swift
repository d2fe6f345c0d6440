/// Writes one column chunk after the other: picks the encoding, cuts pages, packs them, and notes their bounds.
///
/// Everything it works with is kept for the next chunk.
struct ParquetChunkWriter: ~Copyable {
    struct Result {
        var chunk = ParquetColumnChunk()
        var pages: [ParquetPage] = []
        /// Whether every page with a value has bounds: then there is a column index.
        var hasPageBounds = false
        var bloomFilter: ParquetBloomFilter?
    }

    /// How the values of the chunk at hand are written.
    private enum Encoding { case plainBytes, plainWords, booleans, delta, dictionary }

    private let options: ParquetWriter.Options
    private var compressor: Compressor
    private var layout = ParquetChunkLayout()
    private var dictionary = WordDictionary()
    private var page: [UInt8] = []
    private var packed: [UInt8] = []
    private var codes: [UInt32] = []
    /// The last page that an entry was seen in, so that each is compared once a page.
    private var seenIn: [UInt32] = []
    private var pageNumber: UInt32 = 0
    private var header = ThriftWriter()

    /// Chunks with less to pack than this are left unpacked: bytes.
    private static let packedBytesMin = 256

    init(_ options: ParquetWriter.Options) {
        self.options = options
        compressor =
            options.zstdLevel > 0
            ? Compressor(.zstd(level: options.zstdLevel), hasCheckSum: false) : Compressor(.plain)
    }

    /// Appends the chunk; `origin` is the offset in the file of the output's first byte.
    mutating func write(
        _ column: ParquetColumn, rows: Int, order: [UInt32]?, isBloomed: Bool, origin: Int,
        into output: inout [UInt8]
    ) throws(CodecError) -> Result {
        var result = Result()
        let start = output.count
        if column.entryCount == 0 {
            try writeNulls(column, rows: rows, origin: origin, into: &output, &result)
            result.chunk.byteCount = output.count - start
            return result
        }
        let encoding = pickEncoding(column)
        layout.lay(
            column, rows: rows, order: order, pageRows: options.pageRows,
            bytesMax: encoding == .plainBytes ? options.pageBytes : .max)
        let isPacked =
            options.zstdLevel > 0
            && unpackedEstimate(column, encoding, rows: rows) >= Self.packedBytesMin
        result.chunk.codec = isPacked ? .zstd : .none
        result.chunk.entryCount = layout.entryCount
        result.chunk.nullCount = layout.entryCount - layout.slots.count
        if encoding == .dictionary {
            result.chunk.dictionaryOffset = origin + start
            try writeDictionary(column, isPacked: isPacked, into: &output, &result)
        }
        result.chunk.dataOffset = origin + output.count
        result.chunk.encodings = encodings(encoding)
        var bounds = ChunkBounds(column, options)
        try writePages(column, encoding, &bounds, origin: origin, into: &output, &result)
        result.chunk.bounds = bounds.whole
        result.hasPageBounds = bounds.isComplete
        result.chunk.byteCount = output.count - start
        if isBloomed { result.bloomFilter = bloomFilter(column, encoding) }
        return result
    }

    // MARK: Choosing

    private mutating func pickEncoding(_ column: ParquetColumn) -> Encoding {
        if column.type.isBytes {
            let strings = column.strings
            let entryBytes = strings.arena.count + 4 * strings.entryCount
            guard strings.isShared, entryBytes <= options.dictionaryBytes else { return .plainBytes }
            let width = HybridEncoding.width(max: max(1, strings.entryCount - 1))
            let coded = entryBytes + strings.valueCount * width / 8 + 24
            return coded * 5 < (strings.valueBytes + 4 * strings.valueCount) * 4 ? .dictionary : .plainBytes
        }
        if column.type == .boolean { return .booleans }
        if dictionary.build(column.words) { return .dictionary }
        return column.type == .double || column.type == .int32 ? .plainWords : .delta
    }

    private func unpackedEstimate(_ column: ParquetColumn, _ encoding: Encoding, rows: Int) -> Int {
        let levels = column.hasNulls ? layout.entryCount / 8 : 0
        switch encoding {
        case .plainBytes: return levels + column.strings.valueBytes + 4 * column.valueCount
        case .plainWords, .delta: return levels + 4 * column.valueCount
        case .booleans: return levels + column.valueCount / 8
        case .dictionary:
            let entries = column.type.isBytes ? column.strings.arena.count : 8 * dictionary.entries.count
            return levels + entries + column.valueCount * codeWidth(column) / 8
        }
    }

    private func encodings(_ encoding: Encoding) -> [Int] {
        switch encoding {
        case .plainBytes, .plainWords, .booleans: [ParquetEncoding.plain, ParquetEncoding.rle]
        case .delta: [ParquetEncoding.rle, ParquetEncoding.delta]
        case .dictionary: [ParquetEncoding.plain, ParquetEncoding.rle, ParquetEncoding.dictionary]
        }
    }

    private func entryCount(_ column: ParquetColumn) -> Int {
        column.type.isBytes ? column.strings.entryCount : dictionary.entries.count
    }

    private func codeWidth(_ column: ParquetColumn) -> Int {
        HybridEncoding.width(max: max(1, entryCount(column) - 1))
    }

    private func bloomFilter(_ column: ParquetColumn, _ encoding: Encoding) -> ParquetBloomFilter {
        if column.type.isBytes {
            let strings = column.strings
            var filter = ParquetBloomFilter(distinctValues: strings.entryCount)
            for entry in 0..<strings.entryCount {
                filter.insert(XXHash64.of(strings.arena, in: strings.range(of: entry)))
            }
            return filter
        }
        let words = encoding == .dictionary ? dictionary.entries : column.words
        var filter = ParquetBloomFilter(distinctValues: words.count)
        for word in words {
            let bytes = ParquetBounds.encoded(word, as: column.type)
            filter.insert(XXHash64.of(bytes, in: 0..<bytes.count))
        }
        return filter
    }

    // MARK: Pages

    /// The one page of a column that has no values, for all rows.
    private mutating func writeNulls(
        _ column: ParquetColumn, rows: Int, origin: Int, into output: inout [UInt8], _ result: inout Result
    ) throws(CodecError) {
        page.removeAll(keepingCapacity: true)
        for level in [column.maxRepetition, column.maxDefinition] where level > 0 {
            putLevels { bytes in
                HybridEncoding.encode(
                    run: rows, of: 0, width: HybridEncoding.width(max: Int(level)), into: &bytes)
            }
        }
        result.chunk.dataOffset = origin + output.count
        result.chunk.entryCount = rows
        result.chunk.nullCount = rows
        result.chunk.encodings = [ParquetEncoding.plain, ParquetEncoding.rle]
        result.hasPageBounds = true
        let offset = output.count
        try writePage(
            entries: rows, encoding: ParquetEncoding.plain, isPacked: false, into: &output, &result)
        result.pages.append(
            ParquetPage(
                offset: origin + offset, byteCount: output.count - offset, firstRow: 0, bounds: nil,
                nullCount: rows, isAllNull: true))
    }

    private mutating func writeDictionary(
        _ column: ParquetColumn, isPacked: Bool, into output: inout [UInt8], _ result: inout Result
    ) throws(CodecError) {
        page.removeAll(keepingCapacity: true)
        if column.type.isBytes {
            for entry in 0..<column.strings.entryCount {
                PlainEncoding.put(column.strings, entry, into: &page)
            }
        } else {
            for word in dictionary.entries { PlainEncoding.put(word, as: column.type, into: &page) }
        }
        try writePage(
            entries: entryCount(column), encoding: nil, isPacked: isPacked, into: &output, &result)
    }

    private mutating func writePages(
        _ column: ParquetColumn, _ encoding: Encoding, _ bounds: inout ChunkBounds, origin: Int,
        into output: inout [UInt8], _ result: inout Result
    ) throws(CodecError) {
        if encoding == .dictionary, column.type.isBytes, seenIn.count < column.strings.entryCount {
            seenIn = [UInt32](repeating: 0, count: column.strings.entryCount * 2)
        }
        var before = ParquetChunkLayout.Cut()
        for cut in layout.cuts {
            page.removeAll(keepingCapacity: true)
            putLevels(column, before.entries..<cut.entries)
            let slots = before.slots..<cut.slots
            putValues(column, encoding, slots)
            let range =
                encoding == .dictionary && column.type.isBytes
                ? bounds.page(codes: codes, &seenIn, number: nextPageNumber())
                : bounds.page(layout.slots[slots])
            let offset = output.count
            try writePage(
                entries: cut.entries - before.entries, encoding: code(encoding),
                isPacked: result.chunk.codec == .zstd, into: &output, &result)
            result.pages.append(
                ParquetPage(
                    offset: origin + offset, byteCount: output.count - offset, firstRow: before.rows,
                    bounds: range, nullCount: cut.entries - before.entries - slots.count,
                    isAllNull: slots.isEmpty))
            before = cut
        }
    }

    private mutating func nextPageNumber() -> UInt32 {
        pageNumber &+= 1
        if pageNumber == 0 {
            for index in seenIn.indices { seenIn[index] = 0 }
            pageNumber = 1
        }
        return pageNumber
    }

    private func code(_ encoding: Encoding) -> Int {
        switch encoding {
        case .plainBytes, .plainWords, .booleans: ParquetEncoding.plain
        case .delta: ParquetEncoding.delta
        case .dictionary: ParquetEncoding.dictionary
        }
    }

    private mutating func putLevels(_ column: ParquetColumn, _ entries: Range<Int>) {
        if column.maxRepetition > 0 {
            let width = HybridEncoding.width(max: Int(column.maxRepetition))
            let levels = layout.repetitions
            putLevels { HybridEncoding.encode(levels, in: entries, width: width, into: &$0) }
        }
        guard column.maxDefinition > 0 else { return }
        let width = HybridEncoding.width(max: Int(column.maxDefinition))
        if column.hasNulls {
            let levels = layout.definitions
            putLevels { HybridEncoding.encode(levels, in: entries, width: width, into: &$0) }
        } else {
            putLevels {
                HybridEncoding.encode(
                    run: entries.count, of: UInt64(column.maxDefinition), width: width, into: &$0)
            }
        }
    }

    /// Levels go behind their length in bytes.
    private mutating func putLevels(_ encode: (inout [UInt8]) -> Void) {
        let start = page.count
        page.append(contentsOf: repeatElement(0, count: 4))
        encode(&page)
        let count = page.count - start - 4
        for index in 0..<4 { page[start + index] = UInt8(truncatingIfNeeded: count >> (8 * index)) }
    }

    private mutating func putValues(_ column: ParquetColumn, _ encoding: Encoding, _ slots: Range<Int>) {
        switch encoding {
        case .plainBytes:
            for slot in layout.slots[slots] {
                PlainEncoding.put(column.strings, Int(column.strings.entryOfValue[Int(slot)]), into: &page)
            }
        case .plainWords:
            for slot in layout.slots[slots] {
                PlainEncoding.put(column.words[Int(slot)], as: column.type, into: &page)
            }
        case .booleans: PlainEncoding.putBits(column.words, layout.slots[slots], into: &page)
        case .delta: DeltaEncoding.encode(column.words, at: layout.slots[slots], into: &page)
        case .dictionary:
            let all = column.type.isBytes ? column.strings.entryOfValue : dictionary.codes
            codes.removeAll(keepingCapacity: true)
            for slot in layout.slots[slots] { codes.append(all[Int(slot)]) }
            let width = codeWidth(column)
            page.append(UInt8(width))
            HybridEncoding.encode(codes, in: 0..<codes.count, width: width, into: &page)
        }
    }

    /// Appends what is in `page`, with its header. Without an encoding it is a dictionary.
    private mutating func writePage(
        entries: Int, encoding: Int?, isPacked: Bool, into output: inout [UInt8], _ result: inout Result
    ) throws(CodecError) {
        guard page.count <= Int(Int32.max) else {
            throw CodecError(.tooLarge, "a row has more than 2 GiB in one column")
        }
        packed.removeAll(keepingCapacity: true)
        if isPacked { compressor.pack(page, into: &packed) } else { swap(&page, &packed) }
        let unpackedCount = isPacked ? page.count : packed.count
        guard packed.count <= Int(Int32.max) else {
            throw CodecError(.tooLarge, "a row has more than 2 GiB in one column")
        }
        header.removeAll()
        header.put(1, int32: encoding == nil ? 2 : 0)
        header.put(2, int32: unpackedCount)
        header.put(3, int32: packed.count)
        header.put(4, int32: Int(Int32(bitPattern: CRC32.of(packed))))
        header.begin(encoding == nil ? 7 : 5)
        header.put(1, int32: entries)
        header.put(2, int32: encoding ?? ParquetEncoding.plain)
        if encoding != nil {
            header.put(3, int32: ParquetEncoding.rle)
            header.put(4, int32: ParquetEncoding.rle)
        }
        header.end()
        header.end()
        output.append(contentsOf: header.bytes)
        output.append(contentsOf: packed)
        result.chunk.unpackedByteCount += header.bytes.count + unpackedCount
    }
}
