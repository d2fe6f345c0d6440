/// HTML and SVG while they are written, element by element: what comes from outside is always text.
///
/// Names of elements and attributes are the program's own literals; every text and every attribute's value is escaped.
/// Characters that nobody sees but that change what is seen (controls, marks that turn the direction of writing, marks of
/// no width) are shown by number, so that a log's content cannot pass for something else.
///
/// ```swift
/// var page = Markup()
/// page("section", ["class": "who"]) {
///     $0("h2", text: "Who")
///     $0("a", ["href": "#e1"], text: name)
/// }
/// ```
package struct Markup: Sendable {
    package typealias Attributes = KeyValuePairs<StaticString, String?>

    package private(set) var bytes: [UInt8] = []

    package init() {}

    /// An element with what `body` writes in it. An attribute of no value is left out.
    package mutating func callAsFunction<Failure: Error>(
        _ name: StaticString, _ attributes: Attributes = [:], _ body: (inout Markup) throws(Failure) -> Void
    ) throws(Failure) {
        open(name, attributes)
        try body(&self)
        append("</\(name)>")
    }

    /// An element that holds a text.
    package mutating func callAsFunction(
        _ name: StaticString, _ attributes: Attributes = [:], text content: String
    ) {
        open(name, attributes)
        text(content)
        append("</\(name)>")
    }

    /// An element of HTML that has no end: `br`, `input`, `meta`.
    package mutating func void(_ name: StaticString, _ attributes: Attributes = [:]) {
        open(name, attributes)
    }

    package mutating func text(_ content: String) { Self.escape(content, into: &bytes) }

    /// A block of data for scripts and programs, which browsers neither show nor run: whole JSON.
    package mutating func data(id: StaticString, json: some Sequence<UInt8>) {
        open("script", ["type": "application/json", "id": "\(id)"])
        for byte in json {
            switch byte {
            // They stand only in strings there, where they can be written by number.
            case UInt8(ascii: "<"): append("\\u003c")
            case UInt8(ascii: ">"): append("\\u003e")
            case UInt8(ascii: "&"): append("\\u0026")
            default: bytes.append(byte)
            }
        }
        append("</script>")
    }

    /// The program's own markup, styles or scripts, as they stand.
    mutating func own(_ text: StaticString) { append("\(text)") }

    /// What another has written, as it stands: it is escaped already.
    package mutating func add(_ other: Markup) { bytes.append(contentsOf: other.bytes) }

    private mutating func open(_ name: StaticString, _ attributes: Attributes) {
        append("<\(name)")
        for (key, value) in attributes {
            guard let value, Self.isSafe(value, for: "\(key)") else { continue }
            append(" \(key)=\"")
            text(value)
            append("\"")
        }
        append(">")
    }

    /// Links lead into the page, to other pages of the same place, or to the web: a log cannot name a script.
    private static func isSafe(_ value: String, for key: String) -> Bool {
        guard key == "href" || key == "src" || key == "action" else { return true }
        if value.hasPrefix("#") || value.hasPrefix("https://") || value.hasPrefix("http://") { return true }
        return value.hasPrefix("/") && !value.hasPrefix("//") && !value.contains("\\")
    }

    private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    /// Appends what shows `content` in an element or between the quotes of an attribute.
    static func escape(_ content: String, into out: inout [UInt8]) {
        for scalar in content.unicodeScalars {
            switch scalar {
            case "&": out.append(contentsOf: "&amp;".utf8)
            case "<": out.append(contentsOf: "&lt;".utf8)
            case ">": out.append(contentsOf: "&gt;".utf8)
            case "\"": out.append(contentsOf: "&quot;".utf8)
            case "'": out.append(contentsOf: "&#39;".utf8)
            case "\n", "\t": out.append(UInt8(scalar.value))
            default:
                if isUnseen(scalar) {
                    out.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".utf8)
                } else {
                    out.append(contentsOf: String(scalar).utf8)
                }
            }
        }
    }

    /// Controls, and what turns or hides the text around it.
    private static func isUnseen(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0xAD, 0x61C, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF,
            0xFFF9...0xFFFB, 0xE0000...0xE007F:
            true
        default: false
        }
    }
}
