import Engine
import Ports

/// Where one JSON value differs from another, by path: what a person wants to read instead of two long lines.
enum DocumentDifference {
    /// Differences that are told; of more only that there are more.
    static let toldMax = 5
    /// A value is shown up to here: characters.
    private static let shownMax = 120

    /// `path: expected …, got …`, in the order of the expected value's members; empty where they are equal.
    static func lines(expected: Document, got: Document) -> [String] {
        var lines: [String] = []
        compare(expected, got, "", &lines)
        guard lines.count > toldMax else { return lines }
        return lines.prefix(toldMax) + ["and \(lines.count - toldMax) more"]
    }

    private static func compare(
        _ expected: Document, _ got: Document, _ path: String, _ lines: inout [String]
    ) {
        switch (expected.value, got.value) {
        case (.map(let wanted), .map(let found)):
            for entry in wanted {
                let inner = path.isEmpty ? entry.key : "\(path).\(entry.key)"
                if let value = found.first(where: { $0.key == entry.key })?.value {
                    compare(entry.value, value, inner, &lines)
                } else {
                    lines.append("\(inner): expected \(shown(entry.value)), got nothing")
                }
            }
            for entry in found where !wanted.contains(where: { $0.key == entry.key }) {
                let inner = path.isEmpty ? entry.key : "\(path).\(entry.key)"
                lines.append("\(inner): expected nothing, got \(shown(entry.value))")
            }
        case (.list(let wanted), .list(let found)):
            for index in 0..<max(wanted.count, found.count) {
                let inner = "\(path)[\(index)]"
                if index >= found.count {
                    lines.append("\(inner): expected \(shown(wanted[index])), got nothing")
                } else if index >= wanted.count {
                    lines.append("\(inner): expected nothing, got \(shown(found[index]))")
                } else {
                    compare(wanted[index], found[index], inner, &lines)
                }
            }
        default:
            if json(expected) != json(got) {
                lines.append("\(path): expected \(shown(expected)), got \(shown(got))")
            }
        }
    }

    /// The value in JSON, cut where it is long.
    static func shown(_ document: Document) -> String {
        let text = json(document)
        return text.count > shownMax ? text.prefix(shownMax) + "…" : text
    }

    private static func json(_ document: Document) -> String {
        switch document.value {
        case .null: "null"
        case .bool(let bool): "\(bool)"
        case .integer(let integer): document.text ?? "\(integer)"
        case .number(let number): document.text ?? "\(number)"
        case .string(let string): quoted(string)
        case .list(let list): "[\(list.map(json).joined(separator: ","))]"
        case .map(let entries):
            "{\(entries.map { "\(quoted($0.key)):\(json($0.value))" }.joined(separator: ","))}"
        }
    }
}

extension Document {
    /// The value at a dotted path; in arrays, of the first element that has one.
    func value(at path: [Substring]) -> Document? {
        guard let key = path.first else { return self }
        if let list { return list.lazy.compactMap { $0.value(at: path) }.first }
        return self[String(key)]?.value(at: Array(path.dropFirst()))
    }
}
