/// Small pieces of JSON for findings: text escaped, members found, values cut to a length.
package enum JSONFragment {
    /// Appends a quoted, escaped string.
    static func append(_ text: String, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        // Nearly all text needs no escapes, and goes in at once.
        if text.utf8.allSatisfy(isPlain) {
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
        if text.allSatisfy(isPlain) { return out.append(contentsOf: text) }
        for byte in text { append(escaping: byte, to: &out) }
    }

    @inline(__always) private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
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

    static func append(_ number: Int64, to out: inout [UInt8]) {
        var digits = InlineArray<20, UInt8>(repeating: 0)
        var place = 20
        var rest = number.magnitude
        repeat {
            place -= 1
            digits[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0
        if number < 0 { out.append(UInt8(ascii: "-")) }
        out.append(digits.span.extracting(place..<20))
    }

    /// Appends text as a string that holds at most `limit` bytes of it, whole characters, and `…` where it is cut.
    static func append(textOf value: Span<UInt8>, limit: Int, to out: inout [UInt8]) {
        var count = min(limit, value.count)
        while count > 0, count < value.count, value[count] & 0xC0 == 0x80 { count -= 1 }
        out.append(UInt8(ascii: "\""))
        var plain = 0
        while plain < count, isPlain(value[plain]) { plain += 1 }
        out.append(value.extracting(0..<plain))
        for i in plain..<count { append(escaping: value[i], to: &out) }
        if count < value.count { append(raw: "…", to: &out) }
        out.append(UInt8(ascii: "\""))
    }
}
