package import Engine

/// Rows of cells, aligned for a terminal: cut to its width, and told where something was cut.
package struct TextTable {
    /// Rows after which the widths are settled.
    private static let measuredRows = 500
    /// A column is never made narrower for the sake of others.
    private static let narrowest = 8
    private static let gap = 2

    private let titles: [String]
    private let width: Int?
    private var widths: [Int]
    private var waiting: [[String]] = []
    private var isSettled = false
    /// Cells that had to be cut.
    package private(set) var cutCells = 0

    /// - Parameter width: of the terminal; `nil` cuts nothing.
    package init(_ titles: [String], width: Int?) {
        self.titles = titles
        self.width = width
        widths = titles.map(\.count)
    }

    /// What can be printed now.
    package mutating func add(_ cells: [String]) -> String {
        if isSettled { return line(cells) }
        waiting.append(cells)
        for (column, cell) in cells.enumerated() { widths[column] = max(widths[column], cell.count) }
        return waiting.count < Self.measuredRows ? "" : settle()
    }

    /// What is left to be printed.
    package mutating func finish() -> String { isSettled ? "" : settle() }

    private mutating func settle() -> String {
        isSettled = true
        fit()
        var text = line(titles)
        for row in waiting { text += line(row) }
        waiting = []
        return text
    }

    /// Takes from the widest columns what is too much.
    private mutating func fit() {
        guard let width else { return }
        var excess = widths.reduce(0) { $0 + $1 + Self.gap } - Self.gap - width
        while excess > 0, let widest = widths.max(), widest > Self.narrowest,
            let column = widths.firstIndex(of: widest)
        {
            let second = widths.filter { $0 < widest }.max() ?? Self.narrowest
            let taken = min(excess, max(1, widest - max(second, Self.narrowest)))
            widths[column] -= taken
            excess -= taken
        }
    }

    private mutating func line(_ cells: [String]) -> String {
        var text = ""
        for (column, cell) in cells.enumerated() {
            var shown = cell
            if shown.count > widths[column] {
                // The end of an identifier tells more than its beginning, and both more than the middle.
                let kept = widths[column] - 1
                shown = String(shown.prefix(kept / 2)) + "…" + String(shown.suffix(kept - kept / 2))
                cutCells += 1
            }
            let isLast = column == cells.count - 1
            text +=
                shown + (isLast ? "" : String(repeating: " ", count: widths[column] - shown.count + Self.gap))
        }
        while text.last == " " { text.removeLast() }
        return text + "\n"
    }
}

extension Document {
    /// The value as a table shows it: texts without quotes, members that are null left out.
    package var cellText: String {
        switch value {
        case .null: ""
        case .string(let text): text
        case .bool(let bool): bool ? "true" : "false"
        case .integer(let integer): String(integer)
        case .number(let number): "\(number)"
        case .list(let items): "[\(items.map(\.cellText).joined(separator: ", "))]"
        case .map(let entries):
            "{"
                + entries.filter { !$0.value.isNull }.map { "\($0.key): \($0.value.cellText)" }.joined(
                    separator: ", ")
                + "}"
        }
    }
}
