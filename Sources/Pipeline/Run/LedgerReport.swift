package import Engine
package import Exporters
import Ports

/// The ledger as people and scripts read it.
package struct LedgerReport: Sendable {
    package struct Line: Sendable {
        package var pipeline: String
        package var key: LedgerKey
        package var row: Ledger.Row
        /// How late the source's records come, where that is measured.
        package var delay: FeedDelay?

        /// When its hour began; `older` for the row that stands for all hours no longer kept apart.
        package var hour: String {
            key.hour == Ledger.olderHour ? "older" : Timestamp(seconds: key.hour * 3_600).iso8601
        }
    }

    package enum Format: String, CaseIterable, Sendable { case table, json, ndjson, csv }

    package private(set) var lines: [Line] = []

    package init() {}

    package var total: Ledger.Row { lines.reduce(into: Ledger.Row()) { $0.add($1.row) } }

    package var unbalanced: [Line] { lines.filter { !$0.row.isBalanced } }

    /// Adds the rows of a pipeline that fit.
    package mutating func add(
        _ ledger: Ledger, of pipeline: String, from: Timestamp? = nil, to: Timestamp? = nil,
        feed: String? = nil, delays: [String: FeedDelay] = [:]
    ) {
        for (key, row) in ledger.sorted {
            let start = Timestamp(seconds: key.hour * 3_600)
            let isOld = key.hour == Ledger.olderHour
            if let from, isOld || start + .hours(1) <= from { continue }
            if let to, !isOld, start >= to { continue }
            if let feed, key.feed != feed { continue }
            lines.append(Line(pipeline: pipeline, key: key, row: row, delay: delays[key.source]))
        }
    }

    package func text(_ format: Format) -> String {
        switch format {
        case .json, .ndjson: lines.map { json($0) + "\n" }.joined()
        case .csv: csv
        case .table: table
        }
    }

    // MARK: Forms

    private static let counts: [(name: String, value: @Sendable (Ledger.Row) -> Int)] = [
        ("listed", { $0.listed }), ("fetched", { $0.fetched }), ("records", { $0.records }),
        ("malformed", { $0.malformed }), ("duplicate", { $0.duplicate }), ("filtered", { $0.filtered }),
        ("events", { $0.events }),
    ]
    private static let cells: [(name: String, value: @Sendable (Ledger.Cell) -> Int)] = [
        ("queued", { $0.queued }), ("filtered", { $0.filtered }), ("accepted", { $0.accepted }),
        ("refused", { $0.refused }), ("pending", { $0.pending }), ("resent", { $0.resent }),
    ]

    private func json(_ line: Line) -> String {
        var members = [
            "\"pipeline\":\(quoted(line.pipeline))", "\"feed\":\(quoted(line.key.feed))",
            "\"source\":\(quoted(line.key.source))", "\"hour\":\(quoted(line.hour))",
        ]
        members += Self.counts.map { "\"\($0.name)\":\($0.value(line.row))" }
        let exporters = line.row.exporters.sorted { $0.key < $1.key }.map { name, cell in
            "\(quoted(name)):{\(Self.cells.map { "\"\($0.name)\":\($0.value(cell))" }.joined(separator: ","))}"
        }
        members.append("\"exporters\":{\(exporters.joined(separator: ","))}")
        if let delay = line.delay { members.append("\"delay\":\(delay.json)") }
        members.append("\"balanced\":\(line.row.isBalanced)")
        return "{\(members.joined(separator: ","))}"
    }

    /// One line per exporter, as a table has no place for a map; a row without exporters has one with none.
    private var flat: [[String]] {
        lines.flatMap { line -> [[String]] in
            let head = [line.pipeline, line.key.feed, line.key.source, line.hour]
            let counts = Self.counts.map { String($0.value(line.row)) }
            let exporters = line.row.exporters.sorted { $0.key < $1.key }
            if exporters.isEmpty {
                return [head + counts + [String](repeating: "", count: Self.cells.count + 1)]
            }
            return exporters.map { name, cell in
                head + counts + [name] + Self.cells.map { String($0.value(cell)) }
            }
        }
    }

    private var titles: [String] {
        ["pipeline", "feed", "source", "hour"] + Self.counts.map(\.name) + ["exporter"]
            + Self.cells.map(\.name)
    }

    private var csv: String {
        func field(_ text: String) -> String {
            let isPlain = !text.contains { $0 == "," || $0 == "\"" || $0.isNewline }
            return isPlain ? text : "\"\(text.replacing("\"", with: "\"\""))\""
        }
        return ([titles] + flat).map { $0.map(field).joined(separator: ",") + "\n" }.joined()
    }

    /// Numbers to the right, text to the left; a row's own columns are written once.
    private var table: String {
        if lines.isEmpty { return "" }
        let rows = flat
        let widths = titles.indices.map { column in
            max(titles[column].count, rows.map { $0[column].count }.max() ?? 0)
        }
        let textColumns: Set<Int> = [0, 1, 2, 3, 4 + Self.counts.count]
        var text = ""
        var previous: ArraySlice<String> = []
        for row in [titles] + rows {
            let isSame = row[..<4] == previous
            previous = row[..<4]
            let cells = row.indices.map { column -> String in
                let value = isSame && column < 4 + Self.counts.count ? "" : row[column]
                let space = String(repeating: " ", count: widths[column] - value.count)
                return textColumns.contains(column) ? value + space : space + value
            }
            var line = Substring(cells.joined(separator: "  "))
            while line.last == " " { line.removeLast() }
            text += line + "\n"
        }
        return text
    }
}
