/// Places of a record, a bit for each.
@safe struct SlotBits: BitwiseCopyable {
    private let base: UnsafeMutablePointer<UInt64>
    private let words: Int

    static func words(for slots: Int) -> Int { (slots + 63) / 64 }

    init(slots: Int) {
        words = Self.words(for: slots)
        unsafe base = .allocate(capacity: words)
        unsafe base.initialize(repeating: 0, count: words)
    }

    func deallocate() { unsafe base.deallocate() }

    func clear() { unsafe base.update(repeating: 0, count: words) }

    @inline(__always) func insert(_ slot: Int, _ isSo: Bool) {
        unsafe base[slot &>> 6] |= (isSo ? 1 : 0) &<< UInt64(truncatingIfNeeded: slot & 63)
    }

    @inline(__always) subscript(word: Int) -> UInt64 { unsafe base[word] }
}
