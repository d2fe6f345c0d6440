/// One element of an XML answer, with what is inside it.
package struct XMLElement: Hashable, Sendable {
    /// Without its namespace prefix.
    package var name: String
    /// The character data directly inside, joined; white space kept, since S3 keys may end in it.
    package var text = ""
    package var children: [XMLElement] = []

    package subscript(name: String) -> XMLElement? { children.first { $0.name == name } }
    package func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }

    /// The text at the end of a path of first children: `text("Error", "Code")`.
    package func text(_ path: String...) -> String? {
        var element = self
        for name in path {
            guard let child = element[name] else { return nil }
            element = child
        }
        return element.text
    }
}

/// Reads the XML that AWS answers with: elements, text, the five named entities and character references.
///
/// Attributes are skipped, and a document type, with which all of XML's known attacks begin, is refused.
package enum XMLReader {
    /// Elements inside one another.
    package static let depthMax = 32
    /// Elements in an answer: a listing of 1,000 keys has about 10,000.
    package static let elementsMax = 500_000
    package static let bytesMax = 64 << 20

    package static func root(of bytes: [UInt8]) throws(CodecError) -> XMLElement {
        guard bytes.count <= bytesMax else {
            throw CodecError(.tooLarge, "an XML answer of more than \(bytesMax >> 20) MiB")
        }
        var scanner = XMLScanner(bytes: bytes)
        return try scanner.root()
    }
}

private struct XMLScanner {
    private enum Token {
        case open(name: String, isEmpty: Bool)
        case close(name: String)
        case text([UInt8])
        case end
    }

    let bytes: [UInt8]
    private var index = 0
    private var elements = 0

    init(bytes: [UInt8]) {
        self.bytes = bytes
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { index = 3 }
    }

    mutating func root() throws(CodecError) -> XMLElement {
        var open: [(element: XMLElement, text: [UInt8])] = []
        var root: XMLElement?
        while true {
            switch try token() {
            case .text(let text):
                if open.isEmpty {
                    guard text.allSatisfy(Self.isSpace) else {
                        throw corrupt("text outside the root element")
                    }
                } else {
                    open[open.count - 1].text += text
                }
            case .open(let name, let isEmpty):
                elements += 1
                guard root == nil else { throw corrupt("a second root element") }
                guard elements <= XMLReader.elementsMax, open.count < XMLReader.depthMax else {
                    throw CodecError(.tooLarge, "an XML answer with too many or too deeply nested elements")
                }
                open.append((XMLElement(name: name), []))
                if isEmpty { root = try close(&open, name) }
            case .close(let name):
                guard open.last?.element.name == name else { throw corrupt("</\(name)> closes nothing") }
                root = try close(&open, name)
            case .end:
                guard let root, open.isEmpty else {
                    throw CodecError(.truncated, "the XML ends before its root element does")
                }
                return root
            }
        }
    }

    /// Closes the innermost element; it is returned where it was the root.
    private func close(
        _ open: inout [(element: XMLElement, text: [UInt8])], _ name: String
    ) throws(CodecError) -> XMLElement? {
        guard case (var element, let text)? = open.popLast() else {
            throw corrupt("</\(name)> closes nothing")
        }
        guard let string = String(validating: text, as: UTF8.self) else {
            throw corrupt("text that is not UTF-8")
        }
        element.text = string
        if open.isEmpty { return element }
        open[open.count - 1].element.children.append(element)
        return nil
    }

    private func corrupt(_ what: String) -> CodecError {
        CodecError(.corrupt, "the XML is broken near byte \(index): \(what)")
    }

    private mutating func token() throws(CodecError) -> Token {
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "<") else { return .text(try text()) }
            if starts("<!--") {
                try skip(past: "-->")
            } else if starts("<![CDATA[") {
                index += 9
                let start = index
                try skip(past: "]]>")
                return .text(Array(bytes[start..<index - 3]))
            } else if starts("<?") {
                try skip(past: "?>")
            } else if starts("<!") {
                throw corrupt("a document type is not allowed")
            } else if starts("</") {
                index += 2
                let name = try name()
                skipSpace()
                guard index < bytes.count, bytes[index] == UInt8(ascii: ">") else {
                    throw corrupt("`>` is missing")
                }
                index += 1
                return .close(name: name)
            } else {
                index += 1
                return try tag()
            }
        }
        return .end
    }

    private mutating func tag() throws(CodecError) -> Token {
        let name = try name()
        while true {
            skipSpace()
            guard index < bytes.count else { throw CodecError(.truncated, "the XML ends inside a tag") }
            switch bytes[index] {
            case UInt8(ascii: ">"):
                index += 1
                return .open(name: name, isEmpty: false)
            case UInt8(ascii: "/"):
                guard starts("/>") else { throw corrupt("`>` is missing") }
                index += 2
                return .open(name: name, isEmpty: true)
            default: try skipAttribute()
            }
        }
    }

    private mutating func skipAttribute() throws(CodecError) {
        _ = try name()
        skipSpace()
        guard index < bytes.count, bytes[index] == UInt8(ascii: "=") else { throw corrupt("`=` is missing") }
        index += 1
        skipSpace()
        guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") || bytes[index] == UInt8(ascii: "'")
        else {
            throw corrupt("a quote is missing")
        }
        let quote = bytes[index]
        index += 1
        guard let end = bytes[index...].firstIndex(of: quote) else {
            throw CodecError(.truncated, "the XML ends inside an attribute")
        }
        index = end + 1
    }

    private mutating func name() throws(CodecError) -> String {
        let start = index
        while index < bytes.count, Self.isName(bytes[index]) { index += 1 }
        guard start < index else { throw corrupt("a name is missing") }
        let full = bytes[start..<index]
        let local = full.lastIndex(of: UInt8(ascii: ":")).map { full[($0 + 1)...] } ?? full
        guard let name = String(validating: local, as: UTF8.self) else {
            throw corrupt("a name that is not UTF-8")
        }
        return name
    }

    private mutating func text() throws(CodecError) -> [UInt8] {
        var text: [UInt8] = []
        while index < bytes.count, bytes[index] != UInt8(ascii: "<") {
            if bytes[index] == UInt8(ascii: "&") {
                text += try entity()
            } else {
                text.append(bytes[index])
                index += 1
            }
        }
        return text
    }

    private mutating func entity() throws(CodecError) -> [UInt8] {
        guard let end = bytes[index...].prefix(12).firstIndex(of: UInt8(ascii: ";")) else {
            throw corrupt("an `&` that begins no entity")
        }
        let name = String(decoding: bytes[(index + 1)..<end], as: UTF8.self)
        index = end + 1
        switch name {
        case "amp": return [UInt8(ascii: "&")]
        case "lt": return [UInt8(ascii: "<")]
        case "gt": return [UInt8(ascii: ">")]
        case "quot": return [UInt8(ascii: "\"")]
        case "apos": return [UInt8(ascii: "'")]
        default:
            let code =
                name.hasPrefix("#x")
                ? UInt32(name.dropFirst(2), radix: 16) : name.hasPrefix("#") ? UInt32(name.dropFirst()) : nil
            guard let code, code != 0, let scalar = Unicode.Scalar(code) else {
                throw corrupt("the entity &\(name); is not known")
            }
            return Array(String(Character(scalar)).utf8)
        }
    }

    private func starts(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard bytes.count - index >= count else { return false }
        return bytes[index..<index + count].elementsEqual(String(describing: text).utf8)
    }

    private mutating func skip(past end: String) throws(CodecError) {
        let pattern = Array(end.utf8)
        while index + pattern.count <= bytes.count {
            if bytes[index..<index + pattern.count].elementsEqual(pattern) {
                index += pattern.count
                return
            }
            index += 1
        }
        throw CodecError(.truncated, "the XML ends before `\(end)`")
    }

    private mutating func skipSpace() {
        while index < bytes.count, Self.isSpace(bytes[index]) { index += 1 }
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d
    }

    private static func isName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "/"), UInt8(ascii: "="), UInt8(ascii: "\""),
            UInt8(ascii: "'"), UInt8(ascii: "&"), 0...0x20:
            false
        default: true
        }
    }
}
