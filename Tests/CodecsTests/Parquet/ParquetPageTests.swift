import Testing

@testable import Codecs

@Suite struct ParquetPageTests {
    /// Where pages of eight rows end.
    private static func ends(_ field: ParquetSchema.Field, rows: Int, bytesMax: Int = .max) -> [Int] {
        var columns = ParquetRows(ParquetSchema([field]))
        for row in 0..<rows {
            if columns.columns[0].type.isBytes {
                columns.append("text \(row)", to: 0)
            } else {
                columns.append(Int64(row), to: 0)
            }
            columns.endRow()
        }
        var layout = ParquetChunkLayout()
        let order = Array(0..<UInt32(rows))
        unsafe order.withUnsafeBufferPointer { unsafe layout.gather(columns.columns[0], $0) }
        layout.cut(columns.columns[0], pageRows: 8, bytesMax: bytesMax)
        return layout.cuts.map(\.rows)
    }

    @Test(
        "A page has its rows, and the last one up to a quarter more: what is left would be none of its own",
        arguments: [(7, [7]), (8, [8]), (10, [10]), (11, [8, 11]), (18, [8, 18]), (19, [8, 16, 19])])
    func lastPage(rows: Int, ends: [Int]) {
        #expect(Self.ends(.leaf("n", .int64), rows: rows) == ends)
        #expect(Self.ends(.leaf("s", .string), rows: rows) == ends)
        #expect(Self.ends(.leaf("s", .string), rows: rows, bytesMax: 1 << 20) == ends)
        #expect(Self.ends(.list("l", of: .int64), rows: rows) == ends)
    }

    @Test("A page ends earlier where its texts are long")
    func longTexts() {
        #expect(Self.ends(.leaf("s", .string), rows: 8, bytesMax: 45) == [4, 8])
    }
}
