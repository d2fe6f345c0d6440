/// Small pieces of JSON for findings: text escaped, members found, values cut to a length.
package enum JSONFragment {
    /// Appends a quoted, escaped string.
    static func append(_ text: String, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        // Nearly all text needs no escapes, and goes in at once.
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
            out.append(contentsOf: text.utf8)
        } else {
            for byte in text.utf8 { append(escaping: byte, to: &out) }
        }
        out.append(UInt8(ascii: "\""))
    }

    package static func quoted(_ text: String) -> [UInt8] {
        var out: [UInt8] = []
        append(text, to: &out)
        return out
    }

    /// Appends text that may need escapes, without quotes around it.
    static func append(escaping text: ArraySlice<UInt8>, to out: inout [UInt8]) {
        let isPlain = text.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
        if isPlain { return out.append(contentsOf: text) }
        for byte in text { append(escaping: byte, to: &out) }
    }

    private static func append(escaping byte: UInt8, to out: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
            out.append(UInt8(ascii: "\\"))
            out.append(byte)
        case 0x0A: append(raw: "\\n", to: &out)
        case 0x0D: append(raw: "\\r", to: &out)
        case 0x09: append(raw: "\\t", to: &out)
        case 0..<0x20:
            append(raw: "\\u00", to: &out)
            let hex = Array("0123456789abcdef".utf8)
            out.append(hex[Int(byte >> 4)])
            out.append(hex[Int(byte & 15)])
        default: out.append(byte)
        }
    }

    static func append(raw text: String, to out: inout [UInt8]) { out.append(contentsOf: text.utf8) }

    static func append(_ number: Int64, to out: inout [UInt8]) { out.append(contentsOf: String(number).utf8) }

    /// Appends text as a string that holds at most `limit` bytes of it, whole characters, and `…` where it is cut.
    static func append(textOf value: Span<UInt8>, limit: Int, to out: inout [UInt8]) {
        var count = min(limit, value.count)
        while count > 0, count < value.count, value[count] & 0xC0 == 0x80 { count -= 1 }
        out.append(UInt8(ascii: "\""))
        for i in 0..<count { append(escaping: value[i], to: &out) }
        if count < value.count { append(raw: "…", to: &out) }
        out.append(UInt8(ascii: "\""))
    }
}

/// Walks the members of one JSON object that is known to be whole.
///
/// Only for events of our own writing: no grammar is checked, and a byte out of place ends the walk.
struct JSONMembers {
    struct Member {
        /// The key's inside.
        var key: Range<Int>
        var value: Range<Int>
    }

    private var at: Int
    private let end: Int

    /// `object` is where its braces stand in `bytes`.
    init(_ object: Range<Int>) {
        at = object.lowerBound + 1
        end = object.upperBound - 1
    }

    mutating func next(_ bytes: Span<UInt8>) -> Member? {
        while at < end, bytes[at] == UInt8(ascii: ",") || bytes[at] == UInt8(ascii: " ") { at += 1 }
        guard at < end, bytes[at] == UInt8(ascii: "\"") else { return nil }
        let key = Self.string(bytes, at, end)
        guard key < end, bytes[key] == UInt8(ascii: ":") else { return nil }
        let value = Self.value(bytes, key + 1, end)
        defer { at = value }
        return Member(key: at + 1..<key - 1, value: key + 1..<value)
    }

    /// Walks the elements of an array that holds objects.
    mutating func nextElement(_ bytes: Span<UInt8>) -> Range<Int>? {
        while at < end, bytes[at] == UInt8(ascii: ",") { at += 1 }
        guard at < end else { return nil }
        let start = at
        at = Self.value(bytes, start, end)
        return start..<at
    }

    /// One past the closing quote.
    private static func string(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
        var i = start + 1
        while i < end {
            if bytes[i] == UInt8(ascii: "\\") {
                i += 2
            } else if bytes[i] == UInt8(ascii: "\"") {
                return i + 1
            } else {
                i += 1
            }
        }
        return end
    }

    private static func value(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
        var depth = 0
        var i = start
        while i < end {
            switch bytes[i] {
            case UInt8(ascii: "\""):
                i = string(bytes, i, end)
                if depth == 0 { return i }
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 0 { return i + 1 }
            case UInt8(ascii: ","): if depth == 0 { return i }
            default: break
            }
            i += 1
        }
        return end
    }
}
