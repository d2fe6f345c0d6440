/// What stands at the end of a Parquet file: its schema, its row groups, and where their columns are.
///
/// The end of a file is read first: `tailBytes` mostly are enough, and `bytesNeeded` says when they are not.
package struct ParquetFooter: Sendable {
    package struct RowGroup: Hashable, Sendable {
        package var rowCount = 0
        package var byteCount = 0
        /// One for each leaf.
        package var chunks: [ParquetColumnChunk] = []
        package var sortedBy: [ParquetWriter.Sorting] = []
    }

    /// What a file may ask of the memory of its reader.
    package struct Limits: Hashable, Sendable {
        package var footerBytes = 256 << 20
        package var pageBytes = 256 << 20
        package var groupRows = 1 << 24

        package init() {}
    }

    package let schema: ParquetSchema
    package let rowCount: Int
    package let groups: [RowGroup]
    package let metadata: [(key: String, value: String)]
    package let createdBy: String
    package let limits: Limits
    /// Whether the file was written by Martlet: everything in it then has a check sum, and must have it.
    package let isOurs: Bool

    /// A good number of bytes to read at the end of a file of unknown content.
    package static let tailBytes = 64 << 10
    /// The length of the footer and the four letters behind it.
    private static let endBytes = 8
    /// The key of the footer's own check sum, and its value while that is computed.
    static let checkSumKey = "martlet.crc32"
    static let checkSumPlace = "00000000"
    static let creator = "martlet version "

    /// How many bytes at the end of the file make up the footer, told from its last eight (or more).
    package static func bytesNeeded(tail: [UInt8], fileBytes: Int) throws(ParquetFault) -> Int {
        guard fileBytes >= 2 * ParquetWriter.magic.count + 4 + 1, tail.count >= endBytes else {
            throw ParquetFault(.file, .truncated, "\(fileBytes) bytes are too few for one")
        }
        guard Array(tail.suffix(4)) == ParquetWriter.magic else {
            throw ParquetFault(.file, .truncated, "does not end as one; it was cut or never finished")
        }
        var count = 0
        for index in 0..<4 { count |= Int(tail[tail.count - endBytes + index]) << (8 * index) }
        guard count > 0, count + endBytes + ParquetWriter.magic.count <= fileBytes else {
            throw ParquetFault(.footer, .corrupt, "is said to be larger than the file")
        }
        return count + endBytes
    }

    /// Reads the footer from the file's last bytes: at least `bytesNeeded` of them.
    package init(tail: [UInt8], fileBytes: Int, limits: Limits = Limits()) throws(ParquetFault) {
        let needed = try Self.bytesNeeded(tail: tail, fileBytes: fileBytes)
        guard needed <= tail.count else {
            throw ParquetFault(.footer, .truncated, "is \(needed) bytes, and \(tail.count) were given")
        }
        guard needed <= limits.footerBytes else { throw ParquetFault(.footer, .tooLarge, "is too large") }
        let bytes = Array(tail[(tail.count - needed)..<(tail.count - Self.endBytes)])
        var parser = ParquetFooterParser(bytes, dataEnd: fileBytes - needed, limits: limits)
        do {
            try parser.parse()
        } catch let fault as ParquetFault {
            throw fault
        } catch {
            throw ParquetFault(.footer, .corrupt, "cannot be read")
        }
        isOurs = parser.createdBy.hasPrefix(Self.creator)
        guard isOurs == (parser.checkSum != nil) else {
            throw ParquetFault(.footer, .corrupt, "has a creator and no check sum, or the reverse")
        }
        if let place = parser.checkSum, !Self.isIntact(bytes, checkSum: place) {
            throw ParquetFault(.footer, .corrupt, "does not have its check sum")
        }
        schema = parser.schema
        rowCount = parser.rowCount
        groups = parser.groups
        metadata = parser.metadata
        createdBy = parser.createdBy
        self.limits = limits
    }

    /// The check sum is over the footer as it is with zeros in the place of the check sum.
    private static func isIntact(_ bytes: [UInt8], checkSum place: Range<Int>) -> Bool {
        guard place.count == checkSumPlace.utf8.count else { return false }
        var zeroed = bytes
        zeroed.replaceSubrange(place, with: checkSumPlace.utf8)
        return Array(digits(CRC32.of(zeroed)).utf8) == Array(bytes[place])
    }

    /// Eight hexadecimal digits.
    static func digits(_ checkSum: UInt32) -> String {
        let short = String(checkSum, radix: 16)
        return String(repeating: "0", count: 8 - short.utf8.count) + short
    }

    /// What to read of the file for an index or bloom filter: its own check sum stands behind it.
    package func rangeToRead(_ index: Range<Int>) -> Range<Int> {
        isOurs ? index.lowerBound..<index.upperBound + 4 : index
    }

    /// The bytes of an index without its check sum, which must be right.
    func checked(_ bytes: [UInt8], _ range: Range<Int>, _ part: ParquetFault.Part) throws(ParquetFault)
        -> [UInt8]
    {
        guard bytes.count == rangeToRead(range).count else {
            throw ParquetFault(part, .truncated, "was not read whole")
        }
        guard isOurs else { return bytes }
        let body = Array(bytes[..<range.count])
        let sum = CRC32.of(body)
        for index in 0..<4
        where bytes[range.count + index] != UInt8(truncatingIfNeeded: sum >> UInt32(8 * index)) {
            throw ParquetFault(part, .corrupt, "does not have its check sum")
        }
        return body
    }

    /// The bloom filter of a column chunk that has one, from the bytes at `rangeToRead`.
    package func bloomFilter(_ bytes: [UInt8], of leaf: Int, in group: Int) throws(ParquetFault)
        -> ParquetBloomFilter
    {
        let part = ParquetFault.Part.bloomFilter(rowGroup: group, leaf: leaf)
        guard let range = groups[group].chunks[leaf].bloomFilter else {
            throw ParquetFault(part, .unsupported, "there is none")
        }
        let bytes = try checked(bytes, range, part)
        guard let filter = try? ParquetIndexParser.bloomFilter(bytes) else {
            throw ParquetFault(part, .corrupt, "cannot be read")
        }
        return filter
    }

    /// The pages of a column chunk, from the bytes at `rangeToRead` of its offset index and, where there is one
    /// and bounds are wanted, of its column index.
    package func pages(
        offsetIndex: [UInt8], columnIndex: [UInt8]?, of leaf: Int, in group: Int
    ) throws(ParquetFault) -> [ParquetPage] {
        let part = ParquetFault.Part.pageIndex(rowGroup: group, leaf: leaf)
        let chunk = groups[group].chunks[leaf]
        guard let range = chunk.offsetIndex else { throw ParquetFault(part, .unsupported, "there is none") }
        let bytes = try checked(offsetIndex, range, part)
        guard
            var pages = try? ParquetIndexParser.pages(bytes, in: chunk.range, rows: groups[group].rowCount)
        else { throw ParquetFault(part, .corrupt, "cannot be read") }
        if let columnIndex, let range = chunk.columnIndex {
            let bytes = try checked(columnIndex, range, part)
            guard (try? ParquetIndexParser.addBounds(bytes, to: &pages)) != nil else {
                throw ParquetFault(part, .corrupt, "cannot be read")
            }
        }
        return pages
    }
}
