package import Engine
package import Ports
import Store

/// Writes a query's rows in one of its formats.
package struct RowWriter: ~Copyable {
    package enum Format: String, CaseIterable, Sendable { case table, json, ndjson, csv, parquet }

    private let plan: ColumnPlan
    private let format: Format
    private let columns: [Int]
    private let withRaw: Bool
    private let write: ([UInt8]) -> Void
    private var text: RowText
    private var table: TextTable
    private let file: RowFile
    private var rows = 0

    /// - Parameters:
    ///   - columns: the leaves that a table and CSV have; the other formats have whole events.
    ///   - width: the terminal's, for a table.
    package init(
        _ plan: ColumnPlan, _ format: Format, columns: [Int], withRaw: Bool, width: Int?,
        write: @escaping ([UInt8]) -> Void
    ) {
        self.plan = plan
        self.format = format
        self.columns = columns
        self.withRaw = withRaw
        self.write = write
        text = RowText(plan)
        table = TextTable(columns.map { plan.leaves[$0].path }, width: width)
        file = RowFile(plan)
    }

    /// The leaves that have to be read; `nil` for all.
    package static func leaves(_ format: Format, columns: [Int], withRaw: Bool, _ plan: ColumnPlan) -> [Int] {
        switch format {
        case .table, .csv: columns
        case .json, .ndjson, .parquet: plan.leaves.indices.filter { withRaw || $0 != plan.raw }
        }
    }

    package mutating func add(_ source: borrowing ColumnRows, _ row: Int) throws(Fault) {
        switch format {
        case .json, .ndjson:
            var out: [UInt8] = []
            if format == .json { out += (rows == 0 ? "[" : ",\n").utf8 }
            text.append(source.entries[source.entries(of: row)], source.bytes, withRaw: withRaw, to: &out)
            if format == .ndjson { out.append(UInt8(ascii: "\n")) }
            write(out)
        case .csv:
            if rows == 0 { write(Self.csv(columns.map { plan.leaves[$0].path })) }
            write(Self.csv(cells(source, row)))
        case .table: write(Array(table.add(cells(source, row).map(printable)).utf8))
        case .parquet:
            try file.append(source, row)
            if file.pendingBytes > 4 << 20 { write(file.take()) }
        }
        rows += 1
    }

    package mutating func finish() throws(Fault) {
        switch format {
        case .json: write(Array((rows == 0 ? "[]\n" : "]\n").utf8))
        case .ndjson: break
        case .csv: if rows == 0 { write(Self.csv(columns.map { plan.leaves[$0].path })) }
        case .table: if rows > 0 { write(Array(table.finish().utf8)) }
        case .parquet:
            try file.finish()
            write(file.take())
        }
    }

    /// Cells of the table that were cut to fit.
    package var cutCells: Int { table.cutCells }

    private func cells(_ source: borrowing ColumnRows, _ row: Int) -> [String] {
        Self.cells(source, row, columns, plan)
    }

    static func cells(
        _ source: borrowing ColumnRows, _ row: Int, _ columns: [Int], _ plan: ColumnPlan
    ) -> [String] {
        var cells = [[String]](repeating: [], count: columns.count)
        for index in source.entries(of: row) {
            let entry = source.entries[index]
            let leaf = Int(entry.leaf)
            guard Int(entry.definition) == plan.leaves[leaf].definitionMax else { continue }
            for (number, column) in columns.enumerated() where column == leaf {
                cells[number].append(text(entry, plan.leaves[leaf], source.bytes))
            }
        }
        return cells.map { $0.joined(separator: ", ") }
    }

    private static func text(_ entry: ColumnEntry, _ leaf: ColumnPlan.Leaf, _ bytes: [UInt8]) -> String {
        switch leaf.kind {
        case .text, .json: String(decoding: bytes[entry.range], as: UTF8.self)
        case .boolean: entry.bits == 0 ? "false" : "true"
        case .integer:
            leaf.path.hasSuffix("time")
                ? Timestamp(milliseconds: entry.integer).iso8601 : String(entry.integer)
        case .double: "\(Double(bitPattern: entry.bits))"
        case .timestamp: Timestamp(milliseconds: entry.integer).iso8601
        }
    }

    static func csv(_ cells: [String]) -> [UInt8] {
        func field(_ text: String) -> String {
            // A spreadsheet would run what begins like a formula.
            let isFormula = text.first.map { "=+-@\t\r".contains($0) } ?? false
            let safe = isFormula && Double(text) == nil ? "'" + text : text
            let isPlain = !safe.contains { $0 == "," || $0 == "\"" || $0.isNewline }
            return isPlain ? safe : "\"\(safe.replacing("\"", with: "\"\""))\""
        }
        return Array((cells.map(field).joined(separator: ",") + "\n").utf8)
    }
}
