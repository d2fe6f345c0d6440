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
