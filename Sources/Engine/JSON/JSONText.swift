import CJSON

/// The inside of JSON strings: escapes checked, undone and made.
package enum JSONText {
    /// What is wrong with an escape.
    struct EscapeFlaw {
        /// Its backslash.
        var offset: Int
        /// A half of a surrogate pair without the other: JSON by its grammar, but no text, and strict readers refuse it.
        var isHalf: Bool
    }

    /// The first backslash in `bytes[start..<end]` that begins no JSON escape, or half a surrogate pair.
    ///
    /// An escape that `end` cuts off is not judged: its string is not closed either.
    static func firstFlaw(_ bytes: ByteView, from start: Int, to end: Int) -> EscapeFlaw? {
        var index = start
        while index < end {
            index += unsafe martlet_find_byte(bytes.base + index, end - index, 0x5C)
            if index + 1 >= end { return nil }
            switch bytes[index + 1] {
            case 0x22, 0x5C, 0x2F, 0x62, 0x66, 0x6E, 0x72, 0x74: index += 2
            case 0x75:
                for digit in index + 2..<min(index + 6, end) where hexValue(bytes[digit]) > 15 {
                    return EscapeFlaw(offset: index, isHalf: false)
                }
                if index + 6 < end, bytes[index + 2] | 0x20 == 0x64, hexValue(bytes[index + 3]) >= 8 {
                    guard isPair(bytes, index, end) else { return EscapeFlaw(offset: index, isHalf: true) }
                    index += 6
                }
                index += 6
            default: return EscapeFlaw(offset: index, isHalf: false)
            }
        }
        return nil
    }

    /// Whether the surrogate escaped at `index` is the first half of a pair; one whose second half `end` cuts off is.
    private static func isPair(_ bytes: ByteView, _ index: Int, _ end: Int) -> Bool {
        guard hexValue(bytes[index + 3]) < 12, bytes[index + 6] == 0x5C else { return false }
        for place in index + 7..<min(index + 12, end) {
            let byte = bytes[place]
            let fits =
                switch place - index {
                case 7: byte == 0x75
                case 8: byte | 0x20 == 0x64
                case 9: (12...15).contains(hexValue(byte))
                default: hexValue(byte) < 16
                }
            if !fits { return false }
        }
        return true
    }

    /// Writes `\ufffd` over the escape at `offset`: half a surrogate pair.
    static func replaceHalf(_ buffer: JSONBuffer, at offset: Int) {
        let replacement: StaticString = "\\ufffd"
        unsafe buffer.overwrite(
            at: offset,
            with: UnsafeBufferPointer(start: replacement.utf8Start, count: replacement.utf8CodeUnitCount))
    }

    /// The length of an escape by number.
    static let numberedEscapeBytes = 6

    static func firstBackslash(_ bytes: ByteView, _ count: Int) -> Int? {
        let found = unsafe martlet_find_byte(bytes.base, count, 0x5C)
        return found < count ? found : nil
    }

    /// Where a byte stands first between two places, the second where it does not.
    static func index(of byte: UInt8, in bytes: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int)
        -> Int
    {
        guard start < end, let base = bytes.baseAddress else { return end }
        return unsafe start + martlet_find_byte(base + start, end - start, byte)
    }

    @inline(__always) static func hexValue(_ byte: UInt8) -> UInt32 {
        switch byte {
        case 0x30...0x39: UInt32(byte) - 0x30
        case 0x41...0x46: UInt32(byte) - 0x37
        case 0x61...0x66: UInt32(byte) - 0x57
        default: 16
        }
    }

    /// Appends the text that the escaped `raw` (without its quotes) stands for, as UTF-8.
    ///
    /// Half a surrogate pair becomes U+FFFD. Never longer than `raw`.
    package static func unescape(_ raw: UnsafeBufferPointer<UInt8>, into out: inout [UInt8]) {
        var index = 0
        let count = raw.count
        func unit(_ at: Int) -> UInt32? {
            guard at + 6 <= count, unsafe raw[at] == 0x5C, unsafe raw[at + 1] == 0x75 else { return nil }
            var value: UInt32 = 0
            for digit in at + 2..<at + 6 {
                let nibble = unsafe hexValue(raw[digit])
                if nibble > 15 { return nil }
                value = value << 4 | nibble
            }
            return value
        }
        while index < count {
            let start = unsafe raw.baseAddress! + index
            let run = unsafe firstBackslash(ByteView(start), count - index) ?? count - index
            if run > 0 {
                unsafe out.append(contentsOf: UnsafeBufferPointer(start: start, count: run))
                index += run
                continue
            }
            guard index + 1 < count else {
                out.append(0x5C)
                index += 1
                continue
            }
            let escape = unsafe raw[index + 1]
            guard escape == 0x75 else {
                out.append(plain(escape))
                index += 2
                continue
            }
            guard var scalar = unit(index) else {
                out.append(0x5C)
                index += 1
                continue
            }
            index += 6
            if scalar >= 0xD800, scalar < 0xDC00, let low = unit(index), low >= 0xDC00, low < 0xE000 {
                scalar = 0x10000 + (scalar - 0xD800) << 10 + (low - 0xDC00)
                index += 6
            }
            out.append(contentsOf: UTF8.encode(Unicode.Scalar(scalar) ?? "\u{FFFD}")!)
        }
    }

    /// The text that the escaped `content` (without its quotes) stands for; not for the hot path.
    static func string(_ content: Span<UInt8>) -> String {
        unsafe content.withUnsafeBufferPointer { raw in
            guard unsafe raw.contains(0x5C) else { return unsafe String(decoding: raw, as: UTF8.self) }
            var decoded: [UInt8] = []
            unsafe unescape(raw, into: &decoded)
            return String(decoding: decoded, as: UTF8.self)
        }
    }

    @inline(__always) private static func plain(_ escape: UInt8) -> UInt8 {
        switch escape {
        case 0x62: 0x08
        case 0x66: 0x0C
        case 0x6E: 0x0A
        case 0x72: 0x0D
        case 0x74: 0x09
        default: escape
        }
    }

    /// Appends `text` as it stands inside a JSON string: quotes, backslashes and control characters escaped.
    package static func escape(_ text: some Sequence<UInt8>, into out: inout [UInt8]) {
        let isDone: Void? = text.withContiguousStorageIfAvailable { unsafe escape(bytes: $0, into: &out) }
        if isDone != nil { return }
        for byte in text { escape(byte: byte, into: &out) }
    }

    static func escape(bytes: UnsafeBufferPointer<UInt8>, into out: inout [UInt8]) {
        var start = 0
        for index in 0..<bytes.count {
            let byte = unsafe bytes[index]
            if byte >= 0x20, byte != 0x22, byte != 0x5C { continue }
            unsafe out.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start..<index]))
            escape(byte: byte, into: &out)
            start = index + 1
        }
        unsafe out.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start...]))
    }

    private static func escape(byte: UInt8, into out: inout [UInt8]) {
        switch byte {
        case 0x22, 0x5C:
            out.append(0x5C)
            out.append(byte)
        case 0x0A: out.append(contentsOf: [0x5C, 0x6E])
        case 0x0D: out.append(contentsOf: [0x5C, 0x72])
        case 0x09: out.append(contentsOf: [0x5C, 0x74])
        case 0..<0x20:
            let digits = Array("0123456789abcdef".utf8)
            out.append(contentsOf: [
                0x5C, 0x75, 0x30, 0x30, digits[Int(byte >> 4)], digits[Int(byte & 15)],
            ])
        default: out.append(byte)
        }
    }

    /// `text` between quotes, escaped.
    package static func quoted(_ text: String) -> [UInt8] {
        var out: [UInt8] = [0x22]
        escape(text.utf8, into: &out)
        out.append(0x22)
        return out
    }

    /// `bytes` made UTF-8: what is not becomes U+FFFD.
    package static func repaired(_ bytes: some Collection<UInt8>) -> String {
        String(decoding: bytes, as: UTF8.self)
    }

    /// The first byte of `bytes[start..<end]` that cannot stand there in UTF-8, or `nil`.
    static func firstBadUTF8(_ bytes: ByteView, from start: Int, to end: Int) -> Int? {
        var index = start
        while index < end {
            let lead = bytes[index]
            if lead < 0x80 {
                index += 1
                continue
            }
            let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2
            guard lead >= 0xC2, lead <= 0xF4, index + length <= end else { return index }
            for offset in 1..<length where bytes[index + offset] & 0xC0 != 0x80 { return index }
            let second = bytes[index + 1]
            switch lead {
            case 0xE0 where second < 0xA0, 0xED where second > 0x9F, 0xF0 where second < 0x90,
                0xF4 where second > 0x8F:
                return index
            default: index += length
            }
        }
        return nil
    }

    /// Where `bytes[0..<count]` ends when a character or an escape cut in two is left for the next window.
    static func wholeEnd(_ bytes: ByteView, _ count: Int) -> Int {
        var end = count
        // Up to three bytes of an unfinished character.
        var back = 0
        while back < 3, end - back > 0, bytes[end - back - 1] & 0xC0 == 0x80 { back += 1 }
        if end - back > 0 {
            let lead = bytes[end - back - 1]
            let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1
            if length > back + 1 { end -= back + 1 }
        }
        var slashes = 0
        while end - slashes > 0, bytes[end - slashes - 1] == 0x5C { slashes += 1 }
        return slashes % 2 == 1 ? end - 1 : end
    }
}
