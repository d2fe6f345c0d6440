/// Writes one column chunk after the other: picks the encoding, cuts pages, packs them, and notes their bounds.
///
/// Everything it works with is kept for the next chunk.
struct ParquetChunkWriter: ~Copyable {
    struct Result: Sendable {
        var chunk = ParquetColumnChunk()
        var pages: [ParquetPage] = []
        /// Whether every page with a value has bounds: then there is a column index.
        var hasPageBounds = false
        var bloomFilter: ParquetBloomFilter?

        /// Says where the chunk stands, once that is known.
        mutating func move(by offset: Int) {
            chunk.dataOffset += offset
            chunk.dictionaryOffset = chunk.dictionaryOffset.map { $0 + offset }
            for index in pages.indices { pages[index].offset += offset }
        }
    }

    /// How the values of the chunk at hand are written.
    enum Encoding { case plainBytes, plainWords, booleans, delta, dictionary }

    let options: ParquetWriter.Options
    private var compressor: Compressor
    var layout = ParquetChunkLayout()
    var dictionary = WordDictionary()
    /// The values of the chunk in their order: entries of texts, or words.
    var entries = GrowingBuffer<UInt32>()
    var words = GrowingBuffer<Int64>()
    /// Which entries are in the chunk, where not all of the column's are, and what each is called in its dictionary.
    var used = GrowingBuffer<UInt32>()
    var codeOfEntry = GrowingBuffer<UInt32>()
    var isRenamed = false
    private var codes = GrowingBuffer<UInt32>()
    private var page = GrowingBuffer<UInt8>()
    private var packed = GrowingBuffer<UInt8>()
    /// The last page that an entry was seen in, so that each is compared once a page.
    private var seenIn = GrowingBuffer<UInt32>()
    private var pageNumber: UInt32 = 0
    private var header = ThriftWriter()

    /// Chunks with less to pack than this are left unpacked: bytes.
    private static let packedBytesMin = 256
    /// A page's memory that is kept for the next: bytes.
    private static let pageBytesKept = 8 << 20

    init(_ options: ParquetWriter.Options) {
        self.options = options
        compressor =
            options.zstdLevel != 0
            ? Compressor(.zstd(level: options.zstdLevel), hasCheckSum: false) : Compressor(.plain)
    }

    /// Appends the chunk of the rows that `order` names; `origin` is the offset in the file of the output's first byte.
    mutating func write(
        _ column: ParquetColumn, order: UnsafeBufferPointer<UInt32>, isBloomed: Bool, origin: Int,
        into output: inout [UInt8]
    ) throws(CodecError) -> Result {
        var result = Result()
        let start = output.count
        let rows = order.count
        if column.entryCount > 0 { unsafe layout.gather(column, order) }
        if column.entryCount == 0 || layout.isNull(column) {
            try writeNulls(column, rows: rows, origin: origin, into: &output, &result)
            result.chunk.byteCount = output.count - start
            return result
        }
        gatherValues(column)
        let encoding = pickEncoding(column)
        layout.cut(
            column, pageRows: options.pageRows,
            bytesMax: encoding == .plainBytes ? options.pageBytes : .max)
        let isPacked =
            options.zstdLevel != 0 && unpackedEstimate(column, encoding) >= Self.packedBytesMin
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
        page.shrink(to: Self.pageBytesKept)
        packed.shrink(to: Self.pageBytesKept)
        return result
    }

    // MARK: Pages

    /// The one page of a column that has no values, for all rows.
    private mutating func writeNulls(
        _ column: ParquetColumn, rows: Int, origin: Int, into output: inout [UInt8], _ result: inout Result
    ) throws(CodecError) {
        page.removeAll()
        for level in [column.maxRepetition, column.maxDefinition] where level > 0 {
            let start = beginLevels()
            HybridEncoding.encode(
                run: rows, of: 0, width: HybridEncoding.width(max: Int(level)), into: &page)
            endLevels(start)
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
        page.removeAll()
        let count = entryCount(column)
        if column.type.isBytes {
            for number in 0..<count { PlainEncoding.put(column.strings, entry(number), into: &page) }
        } else {
            unsafe PlainEncoding.put(dictionary.entries.view, as: column.type, into: &page)
        }
        try writePage(entries: count, encoding: nil, isPacked: isPacked, into: &output, &result)
    }

    private mutating func writePages(
        _ column: ParquetColumn, _ encoding: Encoding, _ bounds: inout ChunkBounds, origin: Int,
        into output: inout [UInt8], _ result: inout Result
    ) throws(CodecError) {
        if column.type.isBytes, seenIn.count < column.strings.entryCount {
            seenIn.append(repeating: 0, count: column.strings.entryCount - seenIn.count)
        }
        var before = ParquetChunkLayout.Cut()
        for cut in layout.cuts {
            page.removeAll()
            putLevels(column, before.entries..<cut.entries)
            let slots = before.slots..<cut.slots
            putValues(column, encoding, slots)
            let range =
                column.type.isBytes
                ? unsafe bounds.page(
                    entries: UnsafeBufferPointer(rebasing: entries.view[slots]), &seenIn,
                    number: nextPageNumber())
                : unsafe bounds.page(words: UnsafeBufferPointer(rebasing: words.view[slots]))
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
            for index in 0..<seenIn.count { seenIn[index] = 0 }
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
            let start = beginLevels()
            unsafe HybridEncoding.encode(
                UnsafeBufferPointer(rebasing: layout.repetitions.view[entries]),
                width: HybridEncoding.width(max: Int(column.maxRepetition)), into: &page)
            endLevels(start)
        }
        guard column.maxDefinition > 0 else { return }
        let width = HybridEncoding.width(max: Int(column.maxDefinition))
        let start = beginLevels()
        if column.hasNulls {
            unsafe HybridEncoding.encode(
                UnsafeBufferPointer(rebasing: layout.definitions.view[entries]), width: width, into: &page)
        } else {
            HybridEncoding.encode(
                run: entries.count, of: UInt64(column.maxDefinition), width: width, into: &page)
        }
        endLevels(start)
    }

    /// Levels go behind their length in bytes.
    private mutating func beginLevels() -> Int {
        page.append(word: UInt32(0))
        return page.count
    }

    private mutating func endLevels(_ start: Int) {
        page.set(UInt32(truncatingIfNeeded: page.count - start), at: start - 4)
    }

    private mutating func putValues(_ column: ParquetColumn, _ encoding: Encoding, _ slots: Range<Int>) {
        switch encoding {
        case .plainBytes:
            for index in slots { PlainEncoding.put(column.strings, Int(entries[index]), into: &page) }
        case .plainWords:
            unsafe PlainEncoding.put(
                UnsafeBufferPointer(rebasing: words.view[slots]), as: column.type, into: &page)
        case .booleans:
            unsafe PlainEncoding.putBits(UnsafeBufferPointer(rebasing: words.view[slots]), into: &page)
        case .delta:
            unsafe DeltaEncoding.encode(UnsafeBufferPointer(rebasing: words.view[slots]), into: &page)
        case .dictionary:
            let width = codeWidth(column)
            page.append(UInt8(width))
            if !column.type.isBytes {
                unsafe HybridEncoding.encode(
                    UnsafeBufferPointer(rebasing: dictionary.codes.view[slots]), width: width, into: &page)
            } else if isRenamed {
                codes.removeAll()
                codes.reserve(slots.count)
                for index in slots { codes.append(codeOfEntry[Int(entries[index])]) }
                unsafe HybridEncoding.encode(codes.view, width: width, into: &page)
            } else {
                unsafe HybridEncoding.encode(
                    UnsafeBufferPointer(rebasing: entries.view[slots]), width: width, into: &page)
            }
        }
    }

    /// Appends what is in `page`, with its header. Without an encoding it is a dictionary.
    private mutating func writePage(
        entries: Int, encoding: Int?, isPacked: Bool, into output: inout [UInt8], _ result: inout Result
    ) throws(CodecError) {
        guard page.count <= Int(Int32.max) else {
            throw CodecError(.tooLarge, "a row has more than 2 GiB in one column")
        }
        let unpackedCount = page.count
        packed.removeAll()
        if isPacked { unsafe compressor.pack(page.view, into: &packed) } else { swap(&page, &packed) }
        guard packed.count <= Int(Int32.max) else {
            throw CodecError(.tooLarge, "a row has more than 2 GiB in one column")
        }
        header.removeAll()
        header.put(1, int32: encoding == nil ? 2 : 0)
        header.put(2, int32: unpackedCount)
        header.put(3, int32: packed.count)
        header.put(4, int32: unsafe Int(Int32(bitPattern: CRC32.of(packed.view))))
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
        unsafe output.append(contentsOf: packed.view)
        result.chunk.unpackedByteCount += header.bytes.count + unpackedCount
    }
}
