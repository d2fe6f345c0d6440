/// Why a Parquet file could not be read, and which part of it is at fault.
package struct ParquetFault: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Part: Hashable, Sendable {
        case file
        case footer
        case rowGroup(Int)
        case column(rowGroup: Int, leaf: Int)
        case page(rowGroup: Int, leaf: Int, page: Int)
        case pageIndex(rowGroup: Int, leaf: Int)
        case bloomFilter(rowGroup: Int, leaf: Int)
    }

    package enum Kind: Hashable, Sendable {
        /// The part ends before its end.
        case truncated
        /// A check sum, number or code that cannot be.
        case corrupt
        /// Valid Parquet that this reader does not read.
        case unsupported
        /// A limit of the reader was met.
        case tooLarge
    }

    package var part: Part
    package var kind: Kind
    /// What is wrong, without the part's name.
    package var reason: String

    package init(_ part: Part, _ kind: Kind, _ reason: String) {
        self.part = part
        self.kind = kind
        self.reason = reason
    }

    package var description: String {
        let place =
            switch part {
            case .file: "the Parquet file"
            case .footer: "the footer"
            case .rowGroup(let group): "row group \(group)"
            case .column(let group, let leaf): "row group \(group), column \(leaf)"
            case .page(let group, let leaf, let page): "row group \(group), column \(leaf), page \(page)"
            case .pageIndex(let group, let leaf): "row group \(group), page index of column \(leaf)"
            case .bloomFilter(let group, let leaf): "row group \(group), bloom filter of column \(leaf)"
            }
        return "\(place): \(reason)"
    }
}
