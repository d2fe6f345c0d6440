/// An IPv4 or IPv6 network, as `cidr` writes it. An IPv4 address mapped into IPv6 is the IPv4 address.
struct NetworkRange: Hashable, Sendable {
    private(set) var isV6: Bool
    private(set) var high: UInt64
    private(set) var low: UInt64
    private(set) var prefix: Int

    /// `192.0.2.0/24`, `2001:db8::/32`, or a single address. Bits past the prefix are ignored.
    init?(_ text: String) {
        let pieces = text.split(separator: "/", omittingEmptySubsequences: false)
        guard pieces.count <= 2, let address = Address(Array(pieces[0].utf8).span) else { return nil }
        let width = address.isV6 ? 128 : 32
        var prefix = width
        if pieces.count == 2 {
            guard !pieces[1].isEmpty, pieces[1].utf8.count <= 3, let count = Int(pieces[1]),
                (0...width).contains(count)
            else {
                return nil
            }
            prefix = count
        }
        isV6 = address.isV6
        self.prefix = prefix
        (high, low) = Self.masked(address, prefix)
    }

    func contains(_ address: Address) -> Bool {
        guard address.isV6 == isV6 else { return false }
        return Self.masked(address, prefix) == (high, low)
    }

    private static func masked(_ address: Address, _ prefix: Int) -> (UInt64, UInt64) {
        if !address.isV6 { return (0, prefix == 0 ? 0 : address.low & (~0 << UInt64(32 - prefix))) }
        let high = prefix == 0 ? 0 : prefix >= 64 ? address.high : address.high & (~0 << UInt64(64 - prefix))
        let low = prefix <= 64 ? 0 : prefix >= 128 ? address.low : address.low & (~0 << UInt64(128 - prefix))
        return (high, low)
    }

    /// One address; the IPv4 address is in the low 32 bits.
    struct Address: Hashable, Sendable {
        var isV6: Bool
        var high: UInt64
        var low: UInt64

        init?(_ text: Span<UInt8>) {
            guard text.count >= 2, text.count <= 45 else { return nil }
            var isV6 = false
            for i in text.indices where text[i] == UInt8(ascii: ":") { isV6 = true }
            if !isV6 {
                guard let address = Self.v4(text, from: 0) else { return nil }
                self.isV6 = false
                high = 0
                low = UInt64(address)
                return
            }
            guard let (high, low) = Self.v6(text) else { return nil }
            if high == 0, low >> 32 == 0xFFFF {
                self.isV6 = false
                self.high = 0
                self.low = low & 0xFFFF_FFFF
            } else {
                self.isV6 = true
                self.high = high
                self.low = low
            }
        }

        private static func v4(_ text: Span<UInt8>, from start: Int) -> UInt32? {
            var address: UInt32 = 0
            var part: UInt32 = 0
            var digits = 0
            var dots = 0
            for i in start..<text.count {
                let byte = text[i]
                if byte == UInt8(ascii: ".") {
                    guard digits > 0, dots < 3 else { return nil }
                    address = address << 8 | part
                    part = 0
                    digits = 0
                    dots += 1
                } else {
                    guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9"), digits < 3 else { return nil }
                    part = part * 10 + UInt32(byte - UInt8(ascii: "0"))
                    digits += 1
                    guard part <= 255 else { return nil }
                }
            }
            return digits > 0 && dots == 3 ? address << 8 | part : nil
        }

        private static func v6(_ text: Span<UInt8>) -> (UInt64, UInt64)? {
            var groups: [UInt16] = []
            var gap: Int?
            var i = 0
            while i < text.count {
                if text[i] == UInt8(ascii: ":") {
                    if i + 1 < text.count, text[i + 1] == UInt8(ascii: ":") {
                        guard gap == nil else { return nil }
                        gap = groups.count
                        i += 2
                        continue
                    }
                    guard i > 0, i + 1 < text.count else { return nil }
                    i += 1
                }
                var end = i
                var value: UInt32 = 0
                while end < text.count, let digit = hexDigit(text[end]), end - i < 5 {
                    value = value << 4 | UInt32(digit)
                    end += 1
                }
                if end < text.count, text[end] == UInt8(ascii: "."), groups.count <= 6 {
                    guard let v4 = v4(text, from: i) else { return nil }
                    groups.append(UInt16(truncatingIfNeeded: v4 >> 16))
                    groups.append(UInt16(truncatingIfNeeded: v4))
                    break
                }
                guard end > i, end - i <= 4, end == text.count || text[end] == UInt8(ascii: ":"),
                    groups.count < 8
                else {
                    return nil
                }
                groups.append(UInt16(truncatingIfNeeded: value))
                i = end
            }
            if let gap {
                guard groups.count < 8 else { return nil }
                groups.insert(contentsOf: repeatElement(0, count: 8 - groups.count), at: gap)
            }
            guard groups.count == 8 else { return nil }
            var words: (UInt64, UInt64) = (0, 0)
            for group in 0..<4 {
                words.0 = words.0 << 16 | UInt64(groups[group])
                words.1 = words.1 << 16 | UInt64(groups[group + 4])
            }
            return words
        }

        private static func hexDigit(_ byte: UInt8) -> UInt8? {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
            default: nil
            }
        }
    }
}

extension NetworkRange {
    /// The first and the last address and their neighbours outside, as text: where a condition changes its answer.
    var edges: [String] {
        let ones = Self.ones(isV6 ? 128 - prefix : 32 - prefix)
        let lastHigh = high | ones.0
        let lastLow = low | ones.1
        var found = [Self.text(isV6, high, low), Self.text(isV6, lastHigh, lastLow)]
        if high != 0 || low != 0 {
            found.append(Self.text(isV6, low == 0 ? high - 1 : high, low &- 1))
        }
        let isEnd = isV6 ? lastHigh == .max && lastLow == .max : lastLow == 0xFFFF_FFFF
        if !isEnd { found.append(Self.text(isV6, lastLow == .max ? lastHigh + 1 : lastHigh, lastLow &+ 1)) }
        return found
    }

    /// So many low bits set.
    private static func ones(_ count: Int) -> (UInt64, UInt64) {
        let low: UInt64 = count >= 64 ? .max : (1 << UInt64(count)) - 1
        let high: UInt64 = count <= 64 ? 0 : count >= 128 ? .max : (1 << UInt64(count - 64)) - 1
        return (high, low)
    }

    private static func text(_ isV6: Bool, _ high: UInt64, _ low: UInt64) -> String {
        if !isV6 {
            return [24, 16, 8, 0].map { String(low >> UInt64($0) & 0xFF) }.joined(separator: ".")
        }
        return [high, low].flatMap { word in
            [48, 32, 16, 0].map { String(word >> UInt64($0) & 0xFFFF, radix: 16) }
        }
        .joined(separator: ":")
    }
}
