import Codecs
import Engine

/// Writes rows as one Parquet file, in the order in which they are given.
///
/// One row group is in memory at a time; the file's bytes are taken as they come.
final class SegmentEncoder {
    /// What a segment's own metadata says beside the columns.
    static let formatKey = "martlet.store"
    /// The format written, and the newest that is read.
    static let formatVersion = 1
    static let levelKey = "martlet.level"
    /// All segments whose rows are in this one, through however many merges: names, with commas between.
    static let inputsKey = "martlet.inputs"

    struct Options {
        var rowGroupRows = 20_480
        /// A row group ends earlier when it holds this much: bytes.
        var rowGroupBytes = 64 << 20
        var zstdLevel = 3
    }

    let plan: ColumnPlan
    private let options: Options
    private var writer: ParquetWriter
    private var rows: ParquetRows
    private var output: [UInt8] = []
    private var groupBytes = 0
    private(set) var rowCount = 0
    private(set) var times: ClosedRange<Int64>?

    init(_ plan: ColumnPlan, _ options: Options = Options()) {
        self.plan = plan
        self.options = options
        let schema = Self.schema(of: plan)
        writer = ParquetWriter(schema, Self.settings(of: plan, level: options.zstdLevel), into: &output)
        rows = ParquetRows(schema)
    }

    /// How every segment of a plan is written; `level` is zstd's.
    static func settings(of plan: ColumnPlan, level: Int) -> ParquetWriter.Options {
        var settings = ParquetWriter.Options()
        settings.zstdLevel = level
        settings.bloomLeaves = Set(plan.leaves.indices.filter { plan.leaves[$0].hasBloomFilter })
        settings.sortedBy = [.init(leaf: plan.principal, hasNullsFirst: true), .init(leaf: plan.time)]
        return settings
    }

    static func metadata(of plan: ColumnPlan, level: Int, inputs: [String]) -> [(key: String, value: String)]
    {
        [
            (formatKey, "\(formatVersion)"), ("martlet.table", plan.table), (levelKey, "\(level)"),
            (inputsKey, inputs.joined(separator: ",")),
        ]
    }

    /// The plan's columns as Parquet has them; the leaves keep their numbers and levels.
    static func schema(of plan: ColumnPlan) -> ParquetSchema {
        func made(_ field: ColumnPlan.Field) -> ParquetSchema.Field {
            switch (field.content, field.isList) {
            case (.leaf(let leaf), false): .leaf(field.name, type(plan.leaves[leaf].kind))
            case (.leaf(let leaf), true): .list(field.name, of: type(plan.leaves[leaf].kind))
            case (.group(let children), false): .group(field.name, children.map(made))
            case (.group(let children), true): .list(field.name, of: children.map(made))
            }
        }
        return ParquetSchema(plan.fields.map(made))
    }

    private static func type(_ kind: ColumnPlan.Kind) -> ParquetType {
        switch kind {
        case .boolean: .boolean
        case .integer: .int64
        case .double: .double
        case .text: .string
        case .json: .json
        case .timestamp: .timestamp
        }
    }

    func append(_ source: borrowing ColumnRows, _ row: Int) throws(CodecError) {
        groupBytes += rows.append(source, row)
        rowCount += 1
        let time = source.times[row]
        times = min(times?.lowerBound ?? time, time)...max(times?.upperBound ?? time, time)
        if rows.count >= options.rowGroupRows || groupBytes >= options.rowGroupBytes { try endGroup() }
    }

    private func endGroup() throws(CodecError) {
        try writer.write(&rows, into: &output)
        rows.removeAll()
        groupBytes = 0
    }

    /// Writes a column of rows that were read back, for a row group that `append` adds; `order` names the rows as they
    /// are to stand.
    func pack(
        _ column: ParquetColumn, _ leaf: Int, rows: Int, order: [UInt32]
    ) throws(CodecError) -> ParquetWriter.Packed {
        try writer.pack(column, leaf, rows: rows, order: order)
    }

    /// Appends a row group of columns that were packed.
    func append(_ columns: [ParquetWriter.Packed], rows count: Int, times group: ClosedRange<Int64>) {
        writer.append(columns, rows: count, into: &output)
        rowCount += count
        times =
            min(
                times?.lowerBound ?? .max, group.lowerBound)...max(
                times?.upperBound ?? .min, group.upperBound)
    }

    /// The bytes that were made since they were last taken.
    func take() -> [UInt8] {
        defer { output = [] }
        return output
    }

    var pendingBytes: Int { output.count }

    func finish(level: Int = 0, inputs: [String] = []) throws(CodecError) {
        if rows.count > 0 { try endGroup() }
        writer.finish(metadata: Self.metadata(of: plan, level: level, inputs: inputs), into: &output)
    }
}
