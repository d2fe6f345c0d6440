/// The different numbers of a column chunk, while they are few.
struct WordDictionary: ~Copyable {
    private(set) var entries = GrowingBuffer<Int64>()
    /// The entry of each value.
    private(set) var codes = GrowingBuffer<UInt32>()
    private var table = GrowingBuffer<UInt32>()

    /// A dictionary pays only where values repeat: this many on average, and not too many different ones.
    private static let repeats = 4
    private static let entriesMax = 32_768
    private static let valuesMin = 32

    /// Whether the values make a dictionary that pays.
    mutating func build(_ words: UnsafeBufferPointer<Int64>) -> Bool {
        entries.removeAll()
        codes.removeAll()
        guard words.count >= Self.valuesMin else { return false }
        let limit = min(Self.entriesMax, words.count / Self.repeats)
        var size = 64
        while size < 2 * limit { size *= 2 }
        table.removeAll()
        table.append(repeating: 0, count: size)
        codes.reserve(words.count)
        var before: Int64 = 0
        var code: UInt32 = 0
        for index in 0..<words.count {
            let word = unsafe words[index]
            if word != before || index == 0 {
                guard let found = self.code(of: word, limit: limit) else { return false }
                before = word
                code = found
            }
            codes.append(code)
        }
        return true
    }

    @inline(__always) private mutating func code(of word: Int64, limit: Int) -> UInt32? {
        let product = UInt64(bitPattern: word).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
        let mask = table.count &- 1
        var slot = Int(truncatingIfNeeded: product.high ^ product.low) & mask
        // Half of the table is free, so the walk ends; numbers made to collide cost what a walk through it costs,
        // and that is why it is cut short.
        for _ in 0..<64 {
            let found = table[slot]
            if found == 0 {
                guard entries.count < limit else { return nil }
                entries.append(word)
                table[slot] = UInt32(truncatingIfNeeded: entries.count)
                return UInt32(truncatingIfNeeded: entries.count - 1)
            }
            if entries[Int(found) - 1] == word { return found - 1 }
            slot = (slot &+ 1) & mask
        }
        return nil
    }
}
