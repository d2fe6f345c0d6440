/// The modifiers of Sigma 2.1, with the longer names that pySigma also takes.
enum RuleModifier: String, CaseIterable, Sendable {
    case contains, startswith, endswith, all, re, cased, cidr, base64, base64offset
    case wide, utf16le, utf16be, utf16, windash, exists, lt, lte, gt, gte, neq
    case minute, hour, day, week, month, year, expand, fieldref
    case i, m, s, ignorecase, multiline, dotall

    var comparison: RuleCheck.Comparison? {
        switch self {
        case .lt: .less
        case .lte: .atMost
        case .gt: .greater
        case .gte: .atLeast
        default: nil
        }
    }

    var datePart: RuleCheck.DatePart? {
        switch self {
        case .minute: .minute
        case .hour: .hour
        case .day: .day
        case .week: .week
        case .month: .month
        case .year: .year
        default: nil
        }
    }

    var patternFlag: SearchPattern.Flags? {
        switch self {
        case .i, .ignorecase: .ignoreCase
        case .m, .multiline: .multiline
        case .s, .dotall: .dotAll
        default: nil
        }
    }

    var shape: RuleCheck.Shape? {
        switch self {
        case .contains: .contains
        case .startswith: .startsWith
        case .endswith: .endsWith
        default: nil
        }
    }
}

/// Base64 and UTF-16, as the encoding modifiers need them.
enum RuleEncoding {
    static func base64(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var text: [UInt8] = []
        var i = 0
        while i < bytes.count {
            let left = bytes.count - i
            let word =
                UInt32(bytes[i]) << 16 | (left > 1 ? UInt32(bytes[i + 1]) << 8 : 0)
                | (left > 2 ? UInt32(bytes[i + 2]) : 0)
            text.append(alphabet[Int(word >> 18 & 63)])
            text.append(alphabet[Int(word >> 12 & 63)])
            text.append(left > 1 ? alphabet[Int(word >> 6 & 63)] : UInt8(ascii: "="))
            text.append(left > 2 ? alphabet[Int(word & 63)] : UInt8(ascii: "="))
            i += 3
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The part of the Base64 text that does not depend on what stands around the value, at each of the three
    /// places where it can begin within a group of three bytes.
    static func base64Offsets(_ bytes: [UInt8]) -> [String] {
        (0..<3).map { offset in
            let encoded = Array(base64([UInt8](repeating: UInt8(ascii: " "), count: offset) + bytes).utf8)
            let start = [0, 2, 3][offset]
            let cut = [0, 3, 2][(bytes.count + offset) % 3]
            guard start < encoded.count - cut else { return "" }
            return String(decoding: encoded[start..<(encoded.count - cut)], as: UTF8.self)
        }
    }

    static func utf16(_ text: String, isBigEndian: Bool, hasMark: Bool) -> [UInt8] {
        var bytes: [UInt8] = hasMark ? [0xFF, 0xFE] : []
        for unit in text.utf16 {
            let (high, low) = (UInt8(truncatingIfNeeded: unit >> 8), UInt8(truncatingIfNeeded: unit))
            bytes.append(isBigEndian ? high : low)
            bytes.append(isBigEndian ? low : high)
        }
        return bytes
    }
}
