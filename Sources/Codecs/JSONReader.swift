package import Engine

/// Reads strict JSON (RFC 8259) that a user wrote into a document with positions.
///
/// For configuration, policies and rules; the engine has its own reader for records. A name given twice is
/// refused, since two readers could see it differently.
package enum JSONReader {
    package static func document(in bytes: [UInt8], file: String) throws(Problems) -> Document {
        var parser = JSONParser(bytes: bytes, file: file)
        do {
            let document = try parser.document()
            if !parser.problems.isEmpty { throw Problems(parser.problems) }
            return document
        } catch let problem as Problem {
            throw Problems(parser.problems + [problem])
        } catch let problems as Problems {
            throw problems
        } catch {
            throw Problems([])
        }
    }
}

private struct JSONParser {
    let bytes: [UInt8]
    let file: String
    var problems: [Problem] = []
    private var index = 0
    private var line = 1
    private var lineStart = 0
    /// How many characters of the line stand before `counted`: a document may be one long line.
    private var charactersBefore = 0
    private var counted = 0

    init(bytes: [UInt8], file: String) {
        self.bytes = bytes
        self.file = file
        // A byte order mark is no part of the text.
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { index = 3 }
        lineStart = index
        counted = index
    }

    private mutating func here() -> SourcePosition {
        if counted < lineStart || counted > index {
            counted = lineStart
            charactersBefore = 0
        }
        // Columns count characters, as editors do: continuation bytes are none.
        charactersBefore += bytes[counted..<index].count { $0 & 0xc0 != 0x80 }
        counted = index
        return SourcePosition(file: file, line: line, column: charactersBefore + 1)
    }

    private mutating func problem(_ message: String) -> Problem { Problem(at: here(), message) }

    private mutating func skipSpace() {
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x09, 0x0d: index += 1
            case 0x0a:
                index += 1
                line += 1
                lineStart = index
            default: return
            }
        }
    }

    mutating func document() throws -> Document {
        let value = try value(depth: 0)
        skipSpace()
        if index < bytes.count { throw problem("something follows the end of the JSON value") }
        return value
    }

    private mutating func value(depth: Int) throws -> Document {
        skipSpace()
        guard depth < YAMLReader.depthMax else {
            throw problem("more than \(YAMLReader.depthMax) levels deep")
        }
        guard index < bytes.count else { throw problem("the JSON ends where a value is expected") }
        let position = here()
        switch bytes[index] {
        case UInt8(ascii: "{"): return Document(.map(try entries(depth: depth)), at: position)
        case UInt8(ascii: "["): return Document(.list(try items(depth: depth)), at: position)
        case UInt8(ascii: "\""):
            let text = try string()
            return Document(.string(text), at: position, text: text, isQuoted: true)
        default:
            let start = index
            while index < bytes.count, Self.isWord(bytes[index]) { index += 1 }
            let text = String(decoding: bytes[start..<index], as: UTF8.self)
            guard let value = Self.scalar(text) else {
                index = start
                throw problem(
                    text.isEmpty ? "a value is expected here" : "`\(text.prefix(40))` is no JSON value")
            }
            return Document(value, at: position, text: text)
        }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."),
            UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private static func scalar(_ text: String) -> Document.Value? {
        switch text {
        case "null": return .null
        case "true": return .bool(true)
        case "false": return .bool(false)
        default: break
        }
        var digits = Array(text.utf8)[...]
        if digits.first == UInt8(ascii: "-") { digits = digits.dropFirst() }
        guard let first = digits.first, first &- 0x30 < 10, digits.last != UInt8(ascii: "."),
            first != 0x30 || digits.count == 1 || digits[digits.startIndex + 1] &- 0x30 >= 10,
            !text.contains(".e"), !text.contains(".E"), !text.contains("x"), !text.contains("o")
        else { return nil }
        switch CoreSchema.value(of: text) {
        case .integer(let integer): return .integer(integer)
        case .number(let number): return .number(number)
        default: return nil
        }
    }

    private mutating func items(depth: Int) throws -> [Document] {
        index += 1
        var items: [Document] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { return items }
        while true {
            items.append(try value(depth: depth + 1))
            skipSpace()
            if take(UInt8(ascii: "]")) { return items }
            guard take(UInt8(ascii: ",")) else { throw problem("`,` or `]` is expected here") }
        }
    }

    private mutating func entries(depth: Int) throws -> [Document.Entry] {
        index += 1
        var entries: [Document.Entry] = []
        var seen: [String: SourcePosition] = [:]
        skipSpace()
        if take(UInt8(ascii: "}")) { return entries }
        while true {
            skipSpace()
            let position = here()
            guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else {
                throw problem("a name in double quotes is expected here")
            }
            let key = try string()
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw problem("`:` is expected here") }
            let value = try value(depth: depth + 1)
            if let first = seen.updateValue(position, forKey: key) {
                problems.append(
                    Problem(
                        at: position, "the key `\(key)` is given twice",
                        hint: "first at line \(first.line), column \(first.column)"))
            } else {
                entries.append(Document.Entry(key: key, keyPosition: position, value: value))
            }
            skipSpace()
            if take(UInt8(ascii: "}")) { return entries }
            guard take(UInt8(ascii: ",")) else { throw problem("`,` or `}` is expected here") }
        }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard index < bytes.count, bytes[index] == byte else { return false }
        index += 1
        return true
    }

    private mutating func string() throws -> String {
        index += 1
        var text: [UInt8] = []
        while index < bytes.count {
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = String(validating: text, as: UTF8.self) else {
                    throw problem("the text before this is not UTF-8")
                }
                index += 1
                return string
            case UInt8(ascii: "\\"):
                index += 1
                try escape(into: &text)
            case 0..<0x20: throw problem("a control character stands in a string")
            default:
                text.append(byte)
                index += 1
            }
        }
        throw problem("the JSON ends inside a string")
    }

    private mutating func escape(into text: inout [UInt8]) throws {
        guard index < bytes.count else { throw problem("the JSON ends inside a string") }
        let byte = bytes[index]
        index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0c)
        case UInt8(ascii: "n"): text.append(0x0a)
        case UInt8(ascii: "r"): text.append(0x0d)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            var unit = try hexUnit()
            if unit & 0xfc00 == 0xd800, index + 1 < bytes.count, bytes[index] == UInt8(ascii: "\\"),
                bytes[index + 1] == UInt8(ascii: "u")
            {
                index += 2
                let low = try hexUnit()
                guard low & 0xfc00 == 0xdc00 else { throw problem("half of a surrogate pair") }
                unit = 0x10000 + (unit & 0x3ff) << 10 + low & 0x3ff
            }
            guard let scalar = Unicode.Scalar(unit) else { throw problem("half of a surrogate pair") }
            text.append(contentsOf: Array(String(Character(scalar)).utf8))
        default: throw problem("no such escape in JSON")
        }
    }

    private mutating func hexUnit() throws -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard index < bytes.count, let nibble = hexNibble(bytes[index]) else {
                throw problem("four hexadecimal digits are expected after \\u")
            }
            unit = unit << 4 | UInt32(nibble)
            index += 1
        }
        return unit
    }
}
