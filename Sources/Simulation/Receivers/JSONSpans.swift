/// A small strict reader of JSON by spans, for receivers that must judge what exporters wrote without sharing
/// their code.
struct JSONSpans {
    struct Broken: Error {}

    let bytes: [UInt8]
    private(set) var index = 0
    private static let depthMax = 64

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The next value of several back to back; `nil` at the end.
    mutating func next() throws(Broken) -> Range<Int>? {
        skipSpace()
        return index == bytes.count ? nil : try value(depth: 0)
    }

    /// An object's members, names as they are written between the quotes; `nil` where it is none.
    static func members(_ bytes: [UInt8], _ range: Range<Int>) -> [(name: String, value: Range<Int>)]? {
        var reader = JSONSpans(Array(bytes[range]))
        guard reader.bytes.first == UInt8(ascii: "{") else { return nil }
        var members: [(String, Range<Int>)] = []
        reader.index = 1
        do {
            while true {
                reader.skipSpace()
                if reader.bytes[reader.index] == UInt8(ascii: "}") { return members }
                if reader.bytes[reader.index] == UInt8(ascii: ",") {
                    reader.index += 1
                    reader.skipSpace()
                }
                let name = try reader.value(depth: 0)
                reader.skipSpace()
                reader.index += 1
                reader.skipSpace()
                let value = try reader.value(depth: 0)
                members.append(
                    (
                        String(decoding: reader.bytes[name.dropFirst().dropLast()], as: UTF8.self),
                        value.lowerBound + range.lowerBound..<value.upperBound + range.lowerBound
                    ))
            }
        } catch {
            return nil
        }
    }

    private mutating func value(depth: Int) throws(Broken) -> Range<Int> {
        guard index < bytes.count, depth < Self.depthMax else { throw Broken() }
        let start = index
        switch bytes[index] {
        case UInt8(ascii: "{"): try members(depth: depth)
        case UInt8(ascii: "["): try items(depth: depth)
        case UInt8(ascii: "\""): try string()
        default: try scalar()
        }
        return start..<index
    }

    private mutating func members(depth: Int) throws(Broken) {
        index += 1
        skipSpace()
        if take("}") { return }
        while true {
            skipSpace()
            guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else { throw Broken() }
            try string()
            skipSpace()
            guard take(":") else { throw Broken() }
            skipSpace()
            _ = try value(depth: depth + 1)
            skipSpace()
            if take("}") { return }
            guard take(",") else { throw Broken() }
        }
    }

    private mutating func items(depth: Int) throws(Broken) {
        index += 1
        skipSpace()
        if take("]") { return }
        while true {
            skipSpace()
            _ = try value(depth: depth + 1)
            skipSpace()
            if take("]") { return }
            guard take(",") else { throw Broken() }
        }
    }

    private mutating func string() throws(Broken) {
        let start = index
        index += 1
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""):
                index += 1
                guard String(validating: bytes[start..<index], as: UTF8.self) != nil else { throw Broken() }
                return
            case UInt8(ascii: "\\"):
                index += 1
                guard index < bytes.count else { throw Broken() }
                let isUnicode = bytes[index] == UInt8(ascii: "u")
                guard isUnicode || "\"\\/bfnrt".utf8.contains(bytes[index]) else { throw Broken() }
                index += 1
                if isUnicode {
                    guard index + 4 <= bytes.count,
                        UInt16(String(decoding: bytes[index..<index + 4], as: UTF8.self), radix: 16) != nil
                    else { throw Broken() }
                    index += 4
                }
            case 0..<0x20: throw Broken()
            default: index += 1
            }
        }
        throw Broken()
    }

    private mutating func scalar() throws(Broken) {
        let start = index
        while index < bytes.count, !" \t\r\n,]}:{[\"".utf8.contains(bytes[index]) { index += 1 }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        if ["true", "false", "null"].contains(text) { return }
        let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
        guard let first = digits.first, first.isNumber, !text.contains("x"), Double(text) != nil,
            !(digits.hasPrefix("0") && digits.dropFirst().first?.isNumber == true)
        else { throw Broken() }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard index < bytes.count, bytes[index] == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    private mutating func skipSpace() {
        while index < bytes.count, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[index]) { index += 1 }
    }
}
