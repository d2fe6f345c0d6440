/// A set of keys in one flat array: 18 to 28 bytes a key, where Swift's set takes up to 43.
struct KeyTable {
    private var slots: [DuplicateKey] = []
    private(set) var count = 0

    /// Nothing is this key: an entry of zeros in a file is none.
    static let none = DuplicateKey(uid: 0, content: 0)

    var bytes: Int { slots.count * MemoryLayout<DuplicateKey>.size }

    init() {}

    func contains(_ key: DuplicateKey) -> Bool {
        if slots.isEmpty { return false }
        var index = key.place(in: slots.count)
        while slots[index] != Self.none {
            if slots[index] == key { return true }
            index = index + 1 == slots.count ? 0 : index + 1
        }
        return false
    }

    /// Makes room for so many more at once.
    mutating func reserve(_ more: Int) {
        if (count + more) * 8 > slots.count * 7 {
            resize(to: max(8, slots.count * 3 / 2, (count + more) * 8 / 7 + 1))
        }
    }

    /// Whether it was not there yet.
    @discardableResult mutating func insert(_ key: DuplicateKey) -> Bool {
        if (count + 1) * 8 > slots.count * 7 { resize(to: max(8, slots.count * 3 / 2)) }
        var index = key.place(in: slots.count)
        while slots[index] != Self.none {
            if slots[index] == key { return false }
            index = index + 1 == slots.count ? 0 : index + 1
        }
        slots[index] = key
        count += 1
        return true
    }

    mutating func remove(_ key: DuplicateKey) {
        if slots.isEmpty { return }
        var hole = key.place(in: slots.count)
        while slots[hole] != key {
            if slots[hole] == Self.none { return }
            hole = hole + 1 == slots.count ? 0 : hole + 1
        }
        count -= 1
        // What stands behind it in the same run closes up, as far as that brings it no nearer than its own place.
        var index = hole
        while true {
            index = index + 1 == slots.count ? 0 : index + 1
            if slots[index] == Self.none { break }
            let way = (index - slots[index].place(in: slots.count) + slots.count) % slots.count
            let gap = (index - hole + slots.count) % slots.count
            guard way >= gap else { continue }
            slots[hole] = slots[index]
            hole = index
        }
        slots[hole] = Self.none
    }

    func isDisjoint(with other: KeyTable) -> Bool {
        if count > other.count { return other.isDisjoint(with: self) }
        return slots.allSatisfy { $0 == Self.none || !other.contains($0) }
    }

    func forEach(_ body: (DuplicateKey) -> Void) { for key in slots where key != Self.none { body(key) } }

    /// The most keys that stand side by side: what the longest look-up goes through.
    var longestRun: Int {
        var (longest, run) = (0, 0)
        for key in slots {
            run = key == Self.none ? 0 : run + 1
            longest = max(longest, run)
        }
        return longest
    }

    private mutating func resize(to size: Int) {
        var larger = [DuplicateKey](repeating: Self.none, count: size)
        for key in slots where key != Self.none {
            var index = key.place(in: size)
            while larger[index] != Self.none { index = index + 1 == size ? 0 : index + 1 }
            larger[index] = key
        }
        slots = larger
    }
}

/// Says of nearly all keys outside a set that they are not in it, at 5 bytes a key; of the others, that they may be.
///
/// Grows by whole segments, so that nothing is moved: a fingerprint does not tell where else it could stand.
struct PrintTable {
    private let segmentSlots: Int
    private var segments: [[UInt32]] = []
    private var lastCount = 0

    init(segmentSlots: Int) { self.segmentSlots = max(8, segmentSlots) }

    var bytes: Int { segments.count * segmentSlots * MemoryLayout<UInt32>.size }

    /// False for a key that was never inserted, but for one in some ten million.
    func mayContain(_ key: DuplicateKey) -> Bool {
        let print = key.fingerprint
        let start = key.place(in: segmentSlots)
        for segment in segments.indices {
            var index = start
            while segments[segment][index] != 0 {
                if segments[segment][index] == print { return true }
                index = index + 1 == segmentSlots ? 0 : index + 1
            }
        }
        return false
    }

    mutating func insert(_ key: DuplicateKey) {
        if segments.isEmpty || (lastCount + 1) * 8 > segmentSlots * 7 {
            segments.append([UInt32](repeating: 0, count: segmentSlots))
            lastCount = 0
        }
        let last = segments.count - 1
        let print = key.fingerprint
        var index = key.place(in: segmentSlots)
        while segments[last][index] != 0 {
            if segments[last][index] == print { return }
            index = index + 1 == segmentSlots ? 0 : index + 1
        }
        segments[last][index] = print
        lastCount += 1
    }
}

extension DuplicateKey {
    /// Where to begin to look in a table of so many slots; `uid` is a keyed hash, which nobody can aim.
    fileprivate func place(in size: Int) -> Int {
        Int(((mixed & 0xFFFF_FFFF) &* UInt64(size)) >> 32)
    }

    fileprivate var fingerprint: UInt32 { max(1, UInt32(truncatingIfNeeded: mixed >> 32)) }

    private var mixed: UInt64 { uid ^ (content &* 0x9E37_79B9_7F4A_7C15) }
}
