/// Where a value stands in a file a user wrote: lines and columns count from 1, as editors do.
package struct SourcePosition: Hashable, Comparable, Sendable {
    package var file: String
    package var line: Int
    package var column: Int

    package init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }

    package static func < (a: SourcePosition, b: SourcePosition) -> Bool {
        (a.file, a.line, a.column) < (b.file, b.line, b.column)
    }
}

/// One thing wrong with what a user wrote, said so that they can mend it.
package struct Problem: Error, Hashable, Sendable, CustomStringConvertible {
    package var position: SourcePosition?
    package var message: String
    /// The nearest valid name, or what to do; empty where there is nothing to add.
    package var hint: String
    /// What it concerns is sound, but of no use here: it is left out and told, and nothing is refused for it.
    package var isWarning: Bool

    package init(
        at position: SourcePosition?, _ message: String, hint: String = "", isWarning: Bool = false
    ) {
        self.position = position
        self.message = message
        self.hint = hint
        self.isWarning = isWarning
    }

    /// `file:line:column: message (hint)`, the form editors and CI systems link to.
    package var description: String {
        let place = position.map { "\($0.file):\($0.line):\($0.column): " } ?? ""
        return place + message + (hint.isEmpty ? "" : " (\(hint))")
    }
}

/// Everything wrong with a set of files at once: start-up never stops at the first fault.
package struct Problems: Error, Sendable, CustomStringConvertible {
    package var list: [Problem]

    package init(_ list: [Problem]) { self.list = list }

    package var description: String { list.map(\.description).joined(separator: "\n") }
}

/// A YAML or JSON value that remembers where it was written.
///
/// Configuration, mappings and rules reach the engine in this form; `Codecs` reads the text.
package struct Document: Hashable, Sendable {
    package enum Value: Hashable, Sendable {
        case null
        case bool(Bool)
        case integer(Int64)
        case number(Double)
        case string(String)
        case list([Document])
        /// In the order written; the reader refuses a key that is given twice.
        case map([Entry])
    }

    package struct Entry: Hashable, Sendable {
        package var key: String
        package var keyPosition: SourcePosition
        package var value: Document

        package init(key: String, keyPosition: SourcePosition, value: Document) {
            self.key = key
            self.keyPosition = keyPosition
            self.value = value
        }
    }

    package var value: Value
    package var position: SourcePosition
    /// The scalar's own text, so that `0123` or `1e5` can be read as the user wrote it.
    package var text: String?
    /// Whether a scalar was quoted: `"yes"` is a string whatever it looks like.
    package var isQuoted: Bool

    package init(_ value: Value, at position: SourcePosition, text: String? = nil, isQuoted: Bool = false) {
        self.value = value
        self.position = position
        self.text = text
        self.isQuoted = isQuoted
    }

    package var isNull: Bool { value == .null }
    package var string: String? { if case .string(let string) = value { string } else { nil } }
    package var integer: Int64? { if case .integer(let integer) = value { integer } else { nil } }
    package var bool: Bool? { if case .bool(let bool) = value { bool } else { nil } }
    package var list: [Document]? { if case .list(let list) = value { list } else { nil } }
    package var map: [Entry]? { if case .map(let entries) = value { entries } else { nil } }

    package subscript(key: String) -> Document? { map?.first { $0.key == key }?.value }

    /// What the value is called in an error message.
    package var kind: String {
        switch value {
        case .null: "nothing"
        case .bool: "true or false"
        case .integer: "a whole number"
        case .number: "a number"
        case .string: "text"
        case .list: "a list"
        case .map: "a mapping"
        }
    }
}

/// The valid name nearest to what somebody typed, or `nil` where nothing is near (more than a third changed).
///
/// Of equally near ones the first in byte order. Compiling a mapping asks thousands of times, so what cannot be near is
/// left early.
package func nearestName(to typed: String, among names: some Sequence<String>) -> String? {
    let wanted = Array(typed.lowercased().utf8)
    var bound = max(2, typed.utf8.count / 3)
    var best: String?
    for name in names where abs(name.utf8.count - wanted.count) <= bound {
        guard let distance = editDistance(wanted, Array(name.lowercased().utf8), atMost: bound) else {
            continue
        }
        if let best, distance == bound, best < name { continue }
        best = name
        bound = distance
    }
    return best
}

/// Levenshtein distance in bytes; `nil` where it is more than `bound`.
private func editDistance(_ a: [UInt8], _ b: [UInt8], atMost bound: Int) -> Int? {
    var row = Array(0...b.count)
    var i = 0
    while i < a.count {
        var diagonal = row[0]
        row[0] = i + 1
        var least = i + 1
        var j = 0
        while j < b.count {
            let substituted = a[i] == b[j] ? diagonal : diagonal + 1
            diagonal = row[j + 1]
            let shifted = (diagonal < row[j] ? diagonal : row[j]) + 1
            let distance = substituted < shifted ? substituted : shifted
            row[j + 1] = distance
            if distance < least { least = distance }
            j += 1
        }
        if least > bound { return nil }
        i += 1
    }
    return row[b.count] <= bound ? row[b.count] : nil
}
