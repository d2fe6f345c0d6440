/// A vendor's answer as a value: for what is read once per request, never per event.
///
/// Numbers keep their text, so that an id above 2^53 survives. Nesting deeper than `depthMax` is refused.
package indirect enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    /// The number as it was written.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    static let depthMax = 64

    package subscript(key: String) -> JSONValue? {
        if case .object(let members) = self { members[key] } else { nil }
    }

    package var string: String? { if case .string(let text) = self { text } else { nil } }
    package var bool: Bool? { if case .bool(let flag) = self { flag } else { nil } }
    package var array: [JSONValue]? { if case .array(let items) = self { items } else { nil } }
    package var object: [String: JSONValue]? { if case .object(let members) = self { members } else { nil } }
    package var integer: Int64? { if case .number(let text) = self { Int64(text) } else { nil } }
    package var double: Double? { if case .number(let text) = self { Double(text) } else { nil } }

    package init?(json bytes: [UInt8]) {
        var parser = JSONParser(bytes: bytes)
        guard let value = parser.document() else { return nil }
        self = value
    }

    package init?(json text: String) { self.init(json: Array(text.utf8)) }

    /// Compact JSON with the members in byte order of their names: equal values give equal bytes.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return bytes
    }

    private func append(to bytes: inout [UInt8]) {
        switch self {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .bool(let flag): bytes.append(contentsOf: (flag ? "true" : "false").utf8)
        case .number(let text): bytes.append(contentsOf: text.utf8)
        case .string(let text): Self.append(text, to: &bytes)
        case .array(let items):
            bytes.append(0x5B)
            for (index, item) in items.enumerated() {
                if index > 0 { bytes.append(0x2C) }
                item.append(to: &bytes)
            }
            bytes.append(0x5D)
        case .object(let members):
            bytes.append(0x7B)
            for (index, member) in members.sorted(by: { $0.key < $1.key }).enumerated() {
                if index > 0 { bytes.append(0x2C) }
                Self.append(member.key, to: &bytes)
                bytes.append(0x3A)
                member.value.append(to: &bytes)
            }
            bytes.append(0x7D)
        }
    }

    private static func append(_ text: String, to bytes: inout [UInt8]) {
        let digits = Array("0123456789abcdef".utf8)
        bytes.append(0x22)
        for byte in text.utf8 {
            switch byte {
            case 0x22, 0x5C: bytes.append(contentsOf: [0x5C, byte])
            case 0x0A: bytes.append(contentsOf: "\\n".utf8)
            case 0x00..<0x20:
                bytes.append(contentsOf: "\\u00".utf8)
                bytes.append(contentsOf: [digits[Int(byte >> 4)], digits[Int(byte & 15)]])
            default: bytes.append(byte)
            }
        }
        bytes.append(0x22)
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int) { self = .number(String(value)) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(Dictionary(elements, uniquingKeysWith: { _, last in last }))
    }
    package static func integer(_ value: some BinaryInteger) -> JSONValue { .number(String(value)) }
}

/// RFC 8259, one pass; anything else is `nil`.
private struct JSONParser {
    let bytes: [UInt8]
    var at = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    private var peek: UInt8? { at < bytes.count ? bytes[at] : nil }

    mutating func document() -> JSONValue? {
        guard let value = value(depth: 0) else { return nil }
        skipSpace()
        return at == bytes.count ? value : nil
    }

    private mutating func skipSpace() {
        while at < bytes.count,
            bytes[at] == 0x20 || bytes[at] == 0x0A || bytes[at] == 0x0D || bytes[at] == 0x09
        {
            at += 1
        }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        skipSpace()
        guard peek == byte else { return false }
        at += 1
        return true
    }

    private mutating func take(_ word: StaticString, _ value: JSONValue) -> JSONValue? {
        for byte in word.description.utf8 {
            guard peek == byte else { return nil }
            at += 1
        }
        return value
    }

    private mutating func value(depth: Int) -> JSONValue? {
        guard depth <= JSONValue.depthMax else { return nil }
        skipSpace()
        switch peek {
        case 0x7B: return object(depth: depth)
        case 0x5B: return array(depth: depth)
        case 0x22: return string().map { .string($0) }
        case 0x74: return take("true", .bool(true))
        case 0x66: return take("false", .bool(false))
        case 0x6E: return take("null", .null)
        default: return number()
        }
    }

    private mutating func object(depth: Int) -> JSONValue? {
        at += 1
        var members: [String: JSONValue] = [:]
        if take(0x7D) { return .object(members) }
        while true {
            skipSpace()
            guard peek == 0x22, let key = string(), take(0x3A), let value = value(depth: depth + 1) else {
                return nil
            }
            members[key] = value
            if take(0x7D) { return .object(members) }
            guard take(0x2C) else { return nil }
        }
    }

    private mutating func array(depth: Int) -> JSONValue? {
        at += 1
        var items: [JSONValue] = []
        if take(0x5D) { return .array(items) }
        while true {
            guard let value = value(depth: depth + 1) else { return nil }
            items.append(value)
            if take(0x5D) { return .array(items) }
            guard take(0x2C) else { return nil }
        }
    }

    private mutating func number() -> JSONValue? {
        let start = at
        if peek == 0x2D { at += 1 }
        guard let whole = digits(), whole == 1 || bytes[at - whole] != 0x30 else { return nil }
        if peek == 0x2E {
            at += 1
            guard digits() != nil else { return nil }
        }
        if peek == 0x65 || peek == 0x45 {
            at += 1
            if peek == 0x2B || peek == 0x2D { at += 1 }
            guard digits() != nil else { return nil }
        }
        return .number(String(decoding: bytes[start..<at], as: UTF8.self))
    }

    private mutating func digits() -> Int? {
        let start = at
        while let byte = peek, byte >= 0x30, byte <= 0x39 { at += 1 }
        return at > start ? at - start : nil
    }

    private mutating func string() -> String? {
        at += 1
        var text: [UInt8] = []
        var runStart = at
        while let byte = peek {
            switch byte {
            case 0x22:
                text.append(contentsOf: bytes[runStart..<at])
                at += 1
                return String(validating: text, as: UTF8.self)
            case 0x5C:
                text.append(contentsOf: bytes[runStart..<at])
                at += 1
                guard escape(into: &text) else { return nil }
                runStart = at
            case 0x00..<0x20: return nil
            default: at += 1
            }
        }
        return nil
    }

    private mutating func escape(into text: inout [UInt8]) -> Bool {
        guard let mark = peek else { return false }
        at += 1
        switch mark {
        case 0x22, 0x5C, 0x2F: text.append(mark)
        case 0x62: text.append(0x08)
        case 0x66: text.append(0x0C)
        case 0x6E: text.append(0x0A)
        case 0x72: text.append(0x0D)
        case 0x74: text.append(0x09)
        case 0x75:
            guard var code = hex4() else { return false }
            if code >= 0xD800, code < 0xDC00, at + 6 <= bytes.count, bytes[at] == 0x5C, bytes[at + 1] == 0x75
            {
                let mark = at
                at += 2
                if let low = hex4(), low >= 0xDC00, low < 0xE000 {
                    code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
                } else {
                    at = mark
                }
            }
            // A lone surrogate has no character: the replacement character stands for it.
            text.append(contentsOf: String(Unicode.Scalar(code) ?? "\u{FFFD}").utf8)
        default: return false
        }
        return true
    }

    private mutating func hex4() -> UInt32? {
        guard at + 4 <= bytes.count else { return nil }
        var code: UInt32 = 0
        for byte in bytes[at..<at + 4] {
            guard byte != 0x2B, byte != 0x2D,
                let digit = UInt32(String(UnicodeScalar(byte)), radix: 16)
            else { return nil }
            code = code << 4 + digit
        }
        at += 4
        return code
    }
}
