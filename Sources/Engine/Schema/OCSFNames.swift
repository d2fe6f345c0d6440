/// Attribute names as numbers: key bytes are hashed once and compared once, without a string made.
struct OCSFNames: Sendable {
    private var bytes: [UInt8] = []
    private var ends: [Int] = [0]
    /// Open addressing, a power of two, at most half full; -1 is free.
    private var slots: [Int32]

    init(_ names: some Collection<String>) {
        var size = 64
        while size < names.count * 2 { size *= 2 }
        slots = Array(repeating: -1, count: size)
        for name in names where number(of: name) == nil {
            var slot = Self.hash(Array(name.utf8).span, 0..<name.utf8.count) & (size - 1)
            while slots[slot] >= 0 { slot = (slot + 1) & (size - 1) }
            slots[slot] = Int32(truncatingIfNeeded: ends.count - 1)
            bytes += name.utf8
            ends.append(bytes.count)
        }
    }

    var count: Int { ends.count - 1 }

    func name(_ number: Int) -> String {
        String(decoding: bytes[ends[number]..<ends[number + 1]], as: UTF8.self)
    }

    func number(of name: String) -> Int? {
        let text = Array(name.utf8)
        return number(of: text.span, 0..<text.count)
    }

    func number(of text: borrowing Span<UInt8>, _ range: Range<Int>) -> Int? {
        find(range.count, text, range.lowerBound)
    }

    private func find(_ count: Int, _ text: borrowing Span<UInt8>, _ start: Int) -> Int? {
        var slot = Self.hash(text, start..<start + count) & (slots.count - 1)
        while slots[slot] >= 0 {
            let number = Int(slots[slot])
            if ends[number + 1] - ends[number] == count {
                var at = 0
                while at < count, bytes[ends[number] + at] == text[start + at] { at += 1 }
                if at == count { return number }
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    /// FNV-1a.
    private static func hash(_ text: borrowing Span<UInt8>, _ range: Range<Int>) -> Int {
        var hash: UInt32 = 2_166_136_261
        for index in range { hash = (hash ^ UInt32(text[index])) &* 16_777_619 }
        return Int(hash)
    }
}
