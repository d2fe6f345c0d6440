/// Names made from content: the same content gets the same name on every machine, in every run.
package enum StableDigest {
    /// 128 bits of SHA-256 over the parts, each preceded by its length, in the form of a UUID of version 8.
    package static func identifier(of parts: [String]) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(parts.reduce(0) { $0 + 8 + $1.utf8.count })
        for part in parts {
            let count = part.utf8.count
            for place in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: count >> (56 - 8 * place))) }
            bytes.append(contentsOf: part.utf8)
        }
        var hash = SHA256()
        hash.update(bytes.span)
        return identifier(hash)
    }

    private static let hex = Array("0123456789abcdef".utf8)

    static func identifier(_ hash: consuming SHA256) -> String {
        var digest = hash.finish()
        digest[6] = digest[6] & 0x0F | 0x80
        digest[8] = digest[8] & 0x3F | 0x80
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for i in 0..<16 {
            if i == 4 || i == 6 || i == 8 || i == 10 { text.append(UInt8(ascii: "-")) }
            text.append(hex[Int(digest[i] >> 4)])
            text.append(hex[Int(digest[i] & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}

extension SHA256 {
    mutating func update(withLengthOf count: Int) {
        let length = InlineArray<8, UInt8> { UInt8(truncatingIfNeeded: count >> (56 - 8 * $0)) }
        update(length.span)
    }
}

extension StableDigest {
    /// A finding's uid: of the rule and the event that completed it.
    static func finding(_ rule: String, _ eventUID: Span<UInt8>) -> String {
        var hash = SHA256()
        hash.update(withLengthOf: rule.utf8.count)
        hash.update(rule.utf8.span)
        hash.update(withLengthOf: eventUID.count)
        hash.update(eventUID)
        return identifier(hash)
    }
}
