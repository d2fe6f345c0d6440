import Codecs
import Ports

/// Reads a column of a segment in memory from its first row to its last, some rows at a time.
final class ColumnStream {
    private let file: SegmentFile
    private let leaf: Int
    private let bytes: [UInt8]
    private var decoder: ParquetDecoder
    private var group = -1
    /// Rows of the group at hand that were not read.
    private var left = 0

    init(_ file: SegmentFile, _ leaf: Int, _ bytes: [UInt8]) {
        self.file = file
        self.leaf = leaf
        self.bytes = bytes
        decoder = ParquetDecoder(file.footer)
    }

    /// Appends the next rows to a column, in which the first of them gets the number `base`.
    func read(_ count: Int, into column: ParquetColumn, at base: Int) throws(Fault) {
        var done = 0
        while done < count {
            do throws(ParquetFault) {
                if left == 0 {
                    group += 1
                    guard group < file.groups else { return }
                    left = file.rows(in: group)
                    if let theirs = file.fileLeaf(leaf, group) { try decoder.begin(theirs, in: group) }
                    continue
                }
                let taken = min(count - done, left)
                if file.fileLeaf(leaf, group) != nil {
                    try decoder.readNext(taken, of: bytes, into: column, at: base + done)
                }
                left -= taken
                done += taken
            } catch {
                throw Fault(.malformed, "\(file.path): \(error)")
            }
        }
    }
}
