/// Writes a Parquet file, row group by row group, as bytes that the caller puts into the file in their order.
///
/// Between calls the caller may empty the output: offsets are the writer's own. A file is readable after `finish`.
package struct ParquetWriter: ~Copyable {
    package struct Options: Sendable {
        /// Rows in a page, at most, but for the last one, which takes up to a quarter more. Pages are what the page index can skip.
        package var pageRows = 4_096
        /// Bytes in a page before packing, at most, but for a single row that has more.
        package var pageBytes = 1 << 20
        /// A larger dictionary is not written: bytes.
        package var dictionaryBytes = 1 << 20
        /// 0 leaves pages unpacked; below it zstd is faster and packs less.
        package var zstdLevel = 3
        /// Bounds of longer texts are cut: bytes.
        package var boundBytes = 64
        /// The leaves that get a bloom filter.
        package var bloomLeaves: Set<Int> = []
        /// The leaves the rows of each group are sorted by, most important first. Only noted: sorting is the caller's.
        package var sortedBy: [Sorting] = []
        /// Martlet's version, for the file's `created_by`.
        package var version = "0"

        package init() {}
    }

    package struct Sorting: Hashable, Sendable {
        package var leaf: Int
        package var isDescending: Bool
        package var hasNullsFirst: Bool

        package init(leaf: Int, isDescending: Bool = false, hasNullsFirst: Bool = false) {
            self.leaf = leaf
            self.isDescending = isDescending
            self.hasNullsFirst = hasNullsFirst
        }
    }

    static let magic: [UInt8] = Array("PAR1".utf8)

    package let schema: ParquetSchema
    /// Bytes of the file so far.
    package private(set) var offset = 0
    /// Rows so far.
    package private(set) var rowCount = 0
    private let options: Options
    private var chunks: ParquetChunkWriter
    private var groups = ThriftWriter()
    private var groupCount = 0

    /// Begins a file.
    package init(_ schema: ParquetSchema, _ options: Options = Options(), into output: inout [UInt8]) {
        self.schema = schema
        self.options = options
        chunks = ParquetChunkWriter(options)
        output.append(contentsOf: Self.magic)
        offset = Self.magic.count
    }

    /// Begins another file of the same columns and options, in the memory that the last one was written in.
    package mutating func restart(into output: inout [UInt8]) {
        groups.removeAll()
        groupCount = 0
        rowCount = 0
        output.append(contentsOf: Self.magic)
        offset = Self.magic.count
    }

    /// Appends a row group of the rows that `order` names, in that order, each at most once; of all, where it is `nil`.
    ///
    /// The rows may have more leaves behind the schema's own: those are left out.
    ///
    /// Fails only where a required leaf has no value in some row, a row is under way, or a value is beyond what the
    /// format can hold; the output is then of no use. No rows make no row group.
    package mutating func write(
        _ rows: inout ParquetRows, order: [UInt32]? = nil, into output: inout [UInt8]
    ) throws(CodecError) {
        precondition(rows.schema.leaves.count >= schema.leaves.count, "the rows have another schema")
        let order = order ?? Array(0..<UInt32(rows.count))
        guard !order.isEmpty else { return }
        precondition(order.allSatisfy { $0 < rows.count }, "the order has other rows")
        let origin = offset - output.count
        var results: [ParquetChunkWriter.Result] = []
        results.reserveCapacity(schema.leaves.count)
        for leaf in schema.leaves.indices {
            results.append(
                try write(rows.columns[leaf], leaf, rows: rows.count, order, origin: origin, into: &output))
        }
        end(&results, rows: order.count, origin: origin, into: &output)
    }

    /// A column's part of a row group, written before the place of the group is known.
    package struct Packed: Sendable {
        var bytes: [UInt8]
        var result: ParquetChunkWriter.Result
    }

    /// Writes a column of so many rows for a row group that `append` adds when all of its columns are there; `order` names
    /// rows below that number, each at most once, and is the same for all of the group's columns.
    package mutating func pack(
        _ column: ParquetColumn, _ leaf: Int, rows: Int, order: [UInt32]
    ) throws(CodecError) -> Packed {
        var bytes: [UInt8] = []
        let result = try write(column, leaf, rows: rows, order, origin: 0, into: &bytes)
        return Packed(bytes: bytes, result: result)
    }

    /// Appends a row group of columns that were packed, one for each leaf.
    package mutating func append(_ columns: [Packed], rows: Int, into output: inout [UInt8]) {
        precondition(columns.count == schema.leaves.count, "a column is missing")
        let origin = offset - output.count
        var results: [ParquetChunkWriter.Result] = []
        results.reserveCapacity(columns.count)
        for column in columns {
            var result = column.result
            result.move(by: origin + output.count)
            output.append(contentsOf: column.bytes)
            results.append(result)
        }
        end(&results, rows: rows, origin: origin, into: &output)
    }

    private mutating func write(
        _ column: ParquetColumn, _ leaf: Int, rows: Int, _ order: [UInt32], origin: Int,
        into output: inout [UInt8]
    ) throws(CodecError) -> ParquetChunkWriter.Result {
        if column.entryCount > 0 || column.maxDefinition == 0 { column.fill(to: rows) }
        let name = schema.leaves[leaf].name
        guard column.rowsFilled <= rows else {
            throw CodecError(.corrupt, "\(name) has a value in a row that was not ended")
        }
        guard !column.isMissingValues else {
            throw CodecError(.corrupt, "\(name) is required and has no value in some row")
        }
        return try unsafe order.withUnsafeBufferPointer { order throws(CodecError) in
            try unsafe chunks.write(
                column, order: order, isBloomed: options.bloomLeaves.contains(leaf), origin: origin,
                into: &output)
        }
    }

    /// Ends a row group whose columns are written.
    private mutating func end(
        _ results: inout [ParquetChunkWriter.Result], rows: Int, origin: Int, into output: inout [UInt8]
    ) {
        appendIndexes(&results, origin: origin, into: &output)
        append(results, rows: rows)
        offset = origin + output.count
        rowCount += rows
    }

    /// Ends the file.
    package mutating func finish(
        metadata: [(key: String, value: String)] = [], into output: inout [UInt8]
    ) {
        let footer = ParquetFooterWriter.footer(
            schema, rows: rowCount, groups: groups.bytes, groupCount: groupCount, metadata: metadata,
            createdBy: ParquetFooter.creator + options.version)
        output.append(contentsOf: footer)
        for index in 0..<4 { output.append(UInt8(truncatingIfNeeded: footer.count >> (8 * index))) }
        output.append(contentsOf: Self.magic)
        offset += footer.count + 8
    }

    /// Bloom filters, then column indexes, then offset indexes: right behind the pages that they are about.
    private func appendIndexes(
        _ results: inout [ParquetChunkWriter.Result], origin: Int, into output: inout [UInt8]
    ) {
        func append(_ bytes: [UInt8], into output: inout [UInt8]) -> Range<Int> {
            let start = origin + output.count
            output.append(contentsOf: ParquetFooterWriter.withCheckSum(bytes))
            return start..<start + bytes.count
        }
        for leaf in results.indices {
            guard let filter = results[leaf].bloomFilter else { continue }
            results[leaf].chunk.bloomFilter = append(filter.encoded, into: &output)
            results[leaf].bloomFilter = nil
        }
        for leaf in results.indices where results[leaf].hasPageBounds {
            let index = ParquetFooterWriter.columnIndex(results[leaf].pages, schema.leaves[leaf].type)
            results[leaf].chunk.columnIndex = append(index, into: &output)
        }
        for leaf in results.indices {
            let index = ParquetFooterWriter.offsetIndex(results[leaf].pages)
            results[leaf].chunk.offsetIndex = append(index, into: &output)
        }
    }

    private mutating func append(_ results: [ParquetChunkWriter.Result], rows: Int) {
        groups.beginElement()
        groups.begin(1, listOf: ThriftType.structure, count: results.count)
        for (leaf, result) in zip(schema.leaves, results) {
            ParquetFooterWriter.put(result.chunk, leaf, into: &groups)
        }
        groups.put(2, int64: results.reduce(0) { $0 + $1.chunk.unpackedByteCount })
        groups.put(3, int64: rows)
        if !options.sortedBy.isEmpty {
            groups.begin(4, listOf: ThriftType.structure, count: options.sortedBy.count)
            for sorting in options.sortedBy {
                groups.beginElement()
                groups.put(1, int32: sorting.leaf)
                groups.put(2, sorting.isDescending)
                groups.put(3, sorting.hasNullsFirst)
                groups.end()
            }
        }
        if let first = results.first?.chunk {
            groups.put(5, int64: first.dictionaryOffset ?? first.dataOffset)
        }
        groups.put(6, int64: results.reduce(0) { $0 + $1.chunk.byteCount })
        if groupCount < Int(Int16.max) { groups.put(7, int16: groupCount) }
        groups.end()
        groupCount += 1
    }
}
