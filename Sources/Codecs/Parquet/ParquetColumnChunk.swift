/// How a column chunk's pages are packed.
package enum ParquetCodec: Hashable, Sendable {
    case none, zstd
    /// Some other writer's choice, by its number in the format; not read here.
    case foreign(Int)

    var code: Int {
        switch self {
        case .none: 0
        case .zstd: 6
        case .foreign(let code): code
        }
    }

    init(code: Int) { self = code == 0 ? .none : code == 6 ? .zstd : .foreign(code) }
}

/// The numbers of encodings in the format.
enum ParquetEncoding {
    static let plain = 0
    static let plainDictionary = 2
    static let rle = 3
    static let delta = 5
    static let dictionary = 8
}

/// What a footer says of one leaf in one row group.
package struct ParquetColumnChunk: Hashable, Sendable {
    package var codec = ParquetCodec.none
    /// Values and nulls.
    package var entryCount = 0
    package var nullCount: Int?
    /// With the pages' headers.
    package var byteCount = 0
    package var unpackedByteCount = 0
    package var dictionaryOffset: Int?
    package var dataOffset = 0
    package var bounds: ParquetBounds?
    /// Where in the file the page index and the bloom filter stand, if they do.
    package var columnIndex: Range<Int>?
    package var offsetIndex: Range<Int>?
    package var bloomFilter: Range<Int>?
    var encodings: [Int] = []

    /// The bytes of the file that hold the chunk's pages.
    package var range: Range<Int> {
        let start = dictionaryOffset ?? dataOffset
        return start..<start + byteCount
    }
}

/// One page as the page index knows it.
package struct ParquetPage: Hashable, Sendable {
    /// Of the page's header in the file.
    package var offset: Int
    /// Header and packed data.
    package var byteCount: Int
    /// The row group's first row in the page.
    package var firstRow: Int
    /// `nil` for pages without any value, and for leaves that have no bounds.
    package var bounds: ParquetBounds?
    package var nullCount: Int?
    package var isAllNull = false
}
