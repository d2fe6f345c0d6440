/// Text for people at a terminal of 80 columns: headings, aligned columns, colours where they are wanted.
struct TextPanel: Sendable {
    enum Style: String, Sendable {
        case bold = "1"
        case dim = "2"
        case red = "31"
        case green = "32"
        case yellow = "33"
        case cyan = "36"
    }

    static let width = 80

    private(set) var text = ""
    let usesColor: Bool

    init(usesColor: Bool) { self.usesColor = usesColor }

    func styled(_ text: String, _ style: Style) -> String {
        usesColor ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }

    mutating func line(_ line: String = "") { text += line + "\n" }

    /// Indented, and broken into lines.
    mutating func text(_ text: String) {
        for part in TextPanel.wrapped(text, TextPanel.width - 4) { line("  " + part) }
    }

    mutating func heading(_ title: String, _ note: String = "") {
        line()
        line(styled(title, .bold) + (note.isEmpty ? "" : "  " + styled(note, .dim)))
    }

    /// A name, a count and a bar as long as the count's share of the greatest.
    mutating func bar(_ name: String, _ count: Int, of most: Int) {
        let full = most > 0 ? max(1, count * 26 / most) : 0
        line(
            "  " + TextPanel.padded(name, 32) + TextPanel.aligned(grouped(count), 11) + "  "
                + styled(String(repeating: "█", count: full), .cyan))
    }

    /// Cut with an ellipsis, or filled up with spaces.
    static func padded(_ text: String, _ width: Int) -> String {
        let text = cut(text, width)
        return text + String(repeating: " ", count: width - text.count)
    }

    /// Cut with an ellipsis where it is longer.
    static func cut(_ text: String, _ width: Int) -> String {
        text.count > width ? String(text.prefix(width - 1)) + "…" : text
    }

    /// Lines of at most so many characters, broken at spaces; a longer word is broken anywhere.
    static func wrapped(_ text: String, _ width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            if !line.isEmpty, line.count + 1 + word.count > width {
                lines.append(line)
                line = ""
            }
            line += (line.isEmpty ? "" : " ") + word
            while line.count > width {
                lines.append(String(line.prefix(width)))
                line.removeFirst(width)
            }
        }
        return line.isEmpty ? lines : lines + [line]
    }

    static func aligned(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
