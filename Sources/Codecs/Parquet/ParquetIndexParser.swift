/// Reads the page index and the headers of bloom filters and pages.
enum ParquetIndexParser {
    /// The pages of an offset index; they must lie in the chunk and ascend.
    static func pages(_ bytes: [UInt8], in chunk: Range<Int>, rows: Int) throws -> [ParquetPage] {
        var reader = ThriftReader(bytes)
        var pages: [ParquetPage] = []
        try reader.begin()
        while let (field, type) = try reader.nextField() {
            guard field == 1 else {
                try reader.skip(type)
                continue
            }
            for _ in 0..<(try reader.list(type, of: ThriftType.structure)) {
                var page = ParquetPage(offset: 0, byteCount: 0, firstRow: 0)
                try reader.begin()
                while let (field, type) = try reader.nextField() {
                    switch field {
                    case 1: page.offset = try reader.integer(type)
                    case 2: page.byteCount = try reader.integer(type)
                    case 3: page.firstRow = try reader.integer(type)
                    default: try reader.skip(type)
                    }
                }
                let end = pages.last.map { $0.offset + $0.byteCount } ?? chunk.lowerBound
                guard page.offset >= end, page.offset <= chunk.upperBound, page.byteCount > 0,
                    page.byteCount <= chunk.upperBound - page.offset,
                    page.firstRow == 0 && pages.isEmpty || page.firstRow > (pages.last?.firstRow ?? rows),
                    page.firstRow < max(1, rows)
                else { throw ThriftReader.Malformed() }
                pages.append(page)
            }
        }
        return pages
    }

    /// Gives pages what a column index says of them.
    static func addBounds(_ bytes: [UInt8], to pages: inout [ParquetPage]) throws {
        var reader = ThriftReader(bytes)
        var low: [[UInt8]] = []
        var high: [[UInt8]] = []
        try reader.begin()
        while let (field, type) = try reader.nextField() {
            let element =
                switch field {
                case 1: ThriftType.yes
                case 2, 3: ThriftType.binary
                default: ThriftType.int64
                }
            guard [1, 2, 3, 5].contains(field) else {
                try reader.skip(type)
                continue
            }
            let count = try reader.list(type, of: element)
            guard count == pages.count else { throw ThriftReader.Malformed() }
            for index in 0..<count {
                switch field {
                case 1: pages[index].isAllNull = try reader.boolElement()
                case 2: low.append(try reader.binaryElement())
                case 3: high.append(try reader.binaryElement())
                default: pages[index].nullCount = try reader.integerElement()
                }
            }
        }
        guard low.count == pages.count, high.count == pages.count else { throw ThriftReader.Malformed() }
        for index in pages.indices where !pages[index].isAllNull {
            pages[index].bounds = ParquetBounds(low[index], high[index], isMinExact: false, isMaxExact: false)
        }
    }

    static func bloomFilter(_ bytes: [UInt8]) throws -> ParquetBloomFilter {
        var reader = ThriftReader(bytes)
        var count = 0
        try reader.begin()
        while let (field, type) = try reader.nextField() {
            switch field {
            case 1: count = try reader.integer(type)
            case 2...4 where type == ThriftType.structure:
                try reader.begin()
                while let (kind, type) = try reader.nextField() {
                    guard kind == 1 else { throw ThriftReader.Malformed() }
                    try reader.skip(type)
                }
            default: try reader.skip(type)
            }
        }
        guard bytes.count - reader.offset == count,
            let filter = ParquetBloomFilter(bytes, from: reader.offset, count: count)
        else { throw ThriftReader.Malformed() }
        return filter
    }
}

/// What stands before a page.
struct ParquetPageHeader {
    var isDictionary = false
    var unpackedCount = 0
    var packedCount = 0
    var checkSum: UInt32?
    var entryCount = 0
    var encoding = 0
    /// Bytes of the header itself.
    var byteCount = 0

    /// Reads the header at `offset`; `nil` for a kind of page that is not read here.
    init?(_ bytes: [UInt8], at offset: Int) throws(ThriftReader.Malformed) {
        var reader = ThriftReader(bytes, from: offset)
        var kind = -1
        var levels = ParquetEncoding.rle
        try reader.begin()
        while let (field, type) = try reader.nextField() {
            switch field {
            case 1: kind = try reader.integer(type)
            case 2: unpackedCount = try reader.integer(type)
            case 3: packedCount = try reader.integer(type)
            case 4: checkSum = UInt32(truncatingIfNeeded: try reader.integer(type))
            case 5 where type == ThriftType.structure, 7 where type == ThriftType.structure:
                try reader.begin()
                while let (inner, type) = try reader.nextField() {
                    switch inner {
                    case 1: entryCount = try reader.integer(type)
                    case 2: encoding = try reader.integer(type)
                    case 3 where field == 5, 4 where field == 5:
                        if try reader.integer(type) != ParquetEncoding.rle { levels = -1 }
                    default: try reader.skip(type)
                    }
                }
            default: try reader.skip(type)
            }
        }
        byteCount = reader.offset - offset
        isDictionary = kind == 2
        guard kind == 0 || kind == 2, levels == ParquetEncoding.rle else { return nil }
    }
}
