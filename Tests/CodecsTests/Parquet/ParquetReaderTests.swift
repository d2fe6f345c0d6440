import Testing

@testable import Codecs

/// Files of ours, read back by our own reader: whole, in part, and damaged.
@Suite struct ParquetReaderTests {
    /// One entry as a reader gives it.
    private struct Entry: Hashable {
        var row: Int
        var repetition: UInt8
        var definition: UInt8
        var word: Int64 = 0
        var bytes: [UInt8] = []
    }

    private static func entries(_ column: ParquetColumn, from row: Int = 0) -> [Entry] {
        var entries: [Entry] = []
        column.forEachEntry { entry in
            var made = Entry(
                row: entry.row + row, repetition: entry.repetition, definition: entry.definition)
            if entry.value >= 0 {
                if column.type.isBytes {
                    made.bytes = unsafe Array(column.bytes(of: entry.value))
                } else {
                    made.word = column.word(of: entry.value)
                }
            }
            entries.append(made)
        }
        // Rows that were never filled are null.
        if column.maxRepetition == 0, column.maxDefinition > 0 {
            return entries.filter { $0.definition > 0 }
        }
        return entries
    }

    /// The expected entries of a leaf in rows as they stand in the file.
    private static func expected(_ sample: ParquetSample, _ rows: ArraySlice<[Value]>, _ leaf: Int) -> [Entry]
    {
        var columns = ParquetRows(sample.schema)
        for row in rows { sample.append(row, to: &columns) }
        columns.fill(leaf) { if $0.entryCount > 0 || $0.maxDefinition == 0 { $0.fill(to: rows.count) } }
        return entries(columns.columns[leaf])
    }

    private static func footer(_ bytes: [UInt8]) throws -> ParquetFooter {
        let tail = Array(bytes.suffix(ParquetFooter.tailBytes))
        let needed = try ParquetFooter.bytesNeeded(tail: tail, fileBytes: bytes.count)
        return try ParquetFooter(tail: Array(bytes.suffix(max(needed, tail.count))), fileBytes: bytes.count)
    }

    private static func slice(_ bytes: [UInt8], _ range: Range<Int>) -> [UInt8] {
        Array(bytes[range.clamped(to: bytes.indices)])
    }

    private static func made(seed: UInt64) throws -> (
        sample: ParquetSample, bytes: [UInt8], rows: [[Value]], group: Int
    ) {
        var dice = Dice(seed)
        var sample = ParquetSample(seed: seed, rows: 40 + dice.below(300))
        var options = ParquetWriter.Options()
        options.pageRows = 1 + dice.below(60)
        options.zstdLevel = dice.below(3)
        options.dictionaryBytes = [64, 1 << 20][dice.below(2)]
        options.bloomLeaves = Set(sample.schema.leaves.indices.filter { _ in dice.chance(50) })
        let group = 20 + dice.below(150)
        let (bytes, rows) = try ParquetJudgeTests.file(&sample, groupRows: group, options)
        return (sample, bytes, rows, group)
    }

    @Test(
        "Every column of every group comes back, whole, by any range of rows and by any rows",
        arguments: 0..<40)
    func roundTrip(seed: UInt64) throws {
        let (sample, bytes, rows, groupRows) = try Self.made(seed: seed)
        var dice = Dice(seed &+ 1_000)
        let footer = try Self.footer(bytes)
        #expect(footer.rowCount == rows.count && footer.isOurs)
        for (group, about) in footer.groups.enumerated() {
            let slice = rows[group * groupRows..<group * groupRows + about.rowCount]
            for leaf in footer.schema.leaves.indices {
                let wanted = Self.expected(sample, slice, leaf)
                var decoder = ParquetDecoder(footer)
                var column = ParquetColumn(footer.schema.leaves[leaf])
                try decoder.readChunk(
                    Self.slice(bytes, about.chunks[leaf].range), of: leaf, in: group, into: &column, at: 0)
                #expect(Self.entries(column) == wanted, "seed \(seed), group \(group), leaf \(leaf)")
                let low = dice.below(about.rowCount)
                let range = low..<low + 1 + dice.below(about.rowCount - low)
                var part = ParquetColumn(footer.schema.leaves[leaf])
                try Self.read(bytes, footer, leaf, group, range, into: &part)
                let kept = wanted.filter { range.contains($0.row) }
                #expect(
                    Self.entries(part, from: range.lowerBound) == kept,
                    "seed \(seed), group \(group), leaf \(leaf), rows \(range)")
                let picked = (0..<about.rowCount).filter { _ in dice.chance(20) }
                var scattered = ParquetColumn(footer.schema.leaves[leaf])
                try decoder.readChunk(
                    Self.slice(bytes, about.chunks[leaf].range), of: leaf, in: group, rows: .picked(picked),
                    into: &scattered, at: 0)
                let found = Self.entries(scattered).map { entry in
                    var entry = entry
                    entry.row = picked[entry.row]
                    return entry
                }
                #expect(
                    found == wanted.filter { picked.contains($0.row) },
                    "seed \(seed), group \(group), leaf \(leaf), rows \(picked)")
                try Self.checkFilter(bytes, footer, leaf, group, wanted)
            }
        }
    }

    /// Through the page index, only the pages that are needed.
    private static func read(
        _ bytes: [UInt8], _ footer: ParquetFooter, _ leaf: Int, _ group: Int, _ rows: Range<Int>,
        into column: inout ParquetColumn
    ) throws {
        let chunk = footer.groups[group].chunks[leaf]
        let index = try #require(chunk.offsetIndex)
        let columnIndex = chunk.columnIndex.map { slice(bytes, footer.rangeToRead($0)) }
        let pages = try footer.pages(
            offsetIndex: slice(bytes, footer.rangeToRead(index)), columnIndex: columnIndex, of: leaf,
            in: group)
        let count = footer.groups[group].rowCount
        let end = { (index: Int) in index + 1 < pages.count ? pages[index + 1].firstRow : count }
        let wanted = pages.indices.filter {
            pages[$0].firstRow < rows.upperBound && end($0) > rows.lowerBound
        }
        let (first, last) = (try #require(wanted.first), try #require(wanted.last))
        var decoder = ParquetDecoder(footer)
        try decoder.begin(leaf, in: group)
        if let dictionary = chunk.dictionaryOffset {
            try decoder.readDictionary(slice(bytes, dictionary..<pages[0].offset))
        }
        try decoder.readPages(
            slice(bytes, pages[first].offset..<pages[last].offset + pages[last].byteCount),
            firstRow: pages[first].firstRow, endRow: end(last), rows: .range(rows), into: &column, at: 0)
    }

    private static func checkFilter(
        _ bytes: [UInt8], _ footer: ParquetFooter, _ leaf: Int, _ group: Int, _ entries: [Entry]
    ) throws {
        let chunk = footer.groups[group].chunks[leaf]
        let about = footer.schema.leaves[leaf]
        guard about.type.isBytes, let range = chunk.bloomFilter else { return }
        let filter = try footer.bloomFilter(slice(bytes, footer.rangeToRead(range)), of: leaf, in: group)
        for entry in entries where entry.definition == about.maxDefinition {
            #expect(filter.mayContain(entry.bytes))
            #expect(chunk.bounds?.mayHold(text: entry.bytes) ?? true)
        }
    }

    /// Everything there is to read, or what was wrong with it.
    private static func readAll(_ bytes: [UInt8]) throws -> [[Entry]] {
        let footer = try footer(bytes)
        var all: [[Entry]] = []
        for (group, about) in footer.groups.enumerated() {
            for leaf in footer.schema.leaves.indices {
                var decoder = ParquetDecoder(footer)
                var column = ParquetColumn(footer.schema.leaves[leaf])
                try decoder.readChunk(
                    slice(bytes, about.chunks[leaf].range), of: leaf, in: group, into: &column, at: 0)
                all.append(entries(column))
                if let range = about.chunks[leaf].bloomFilter {
                    _ = try footer.bloomFilter(slice(bytes, footer.rangeToRead(range)), of: leaf, in: group)
                }
                if let range = about.chunks[leaf].offsetIndex {
                    let columnIndex = about.chunks[leaf].columnIndex.map {
                        slice(bytes, footer.rangeToRead($0))
                    }
                    _ = try footer.pages(
                        offsetIndex: slice(bytes, footer.rangeToRead(range)), columnIndex: columnIndex,
                        of: leaf,
                        in: group)
                }
            }
        }
        return all
    }

    @Test(
        "A file that was cut or in which a bit was turned over is noticed, and never a trap",
        arguments: 0..<12)
    func damage(seed: UInt64) throws {
        let (_, bytes, _, _) = try Self.made(seed: seed &+ 500)
        let whole = try Self.readAll(bytes)
        var dice = Dice(seed &+ 7)
        var noticed = 0
        for _ in 0..<120 {
            var damaged = bytes
            if dice.chance(20) {
                damaged.removeLast(1 + dice.below(bytes.count - 1))
            } else {
                damaged[dice.below(bytes.count)] ^= 1 << UInt8(dice.below(8))
            }
            do {
                // What is not noticed is harmless: the four letters at the front, which nobody reads.
                #expect(try Self.readAll(damaged) == whole)
            } catch is ParquetFault {
                noticed += 1
            }
        }
        #expect(noticed > 100)
    }
}
