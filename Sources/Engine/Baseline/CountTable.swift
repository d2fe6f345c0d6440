/// How often something was counted, by keys that are hashes or parts of them: what a dictionary is too slow and too
/// large for. A count of nothing takes no room.
struct CountTable: Sendable {
    private var keys: [UInt64] = []
    /// 0 where a slot is free.
    private var counts: [UInt32] = []
    private var mask = 0
    /// Keys that are counted.
    private(set) var count = 0

    init() {}

    private init(slots: Int) {
        keys = Array(repeating: 0, count: slots)
        counts = Array(repeating: 0, count: slots)
        mask = slots - 1
    }

    var isEmpty: Bool { count == 0 }

    /// Keys that follow one another are far apart.
    @inline(__always) private func home(of key: UInt64) -> Int {
        let spread = key &* 0x9E37_79B9_7F4A_7C15
        return Int(truncatingIfNeeded: spread >> 32) & mask
    }

    /// Where a key stands, or the free slot that is its; only where there are slots.
    @inline(__always) private func slot(of key: UInt64) -> Int {
        var slot = home(of: key)
        while counts[slot] != 0, keys[slot] != key { slot = (slot &+ 1) & mask }
        return slot
    }

    @inline(__always) subscript(key: UInt64) -> UInt32 {
        get { mask == 0 ? 0 : counts[slot(of: key)] }
        set {
            if newValue == 0 { return remove(key) }
            if mask == 0 || (count + 1) * 10 > keys.count * 7 { grow() }
            let slot = slot(of: key)
            if counts[slot] == 0 {
                keys[slot] = key
                count += 1
            }
            counts[slot] = newValue
        }
    }

    mutating func add(_ key: UInt64, _ more: UInt32 = 1) {
        if mask > 0 {
            let slot = slot(of: key)
            if counts[slot] != 0 {
                let (sum, isTooMuch) = counts[slot].addingReportingOverflow(more)
                counts[slot] = isTooMuch ? .max : sum
                return
            }
        }
        self[key] = more
    }

    /// One less, where there is one.
    mutating func release(_ key: UInt64) {
        guard mask > 0 else { return }
        let slot = slot(of: key)
        if counts[slot] > 1 { counts[slot] -= 1 } else { remove(key) }
    }

    private mutating func remove(_ key: UInt64) {
        guard mask > 0 else { return }
        var hole = slot(of: key)
        guard counts[hole] != 0 else { return }
        counts[hole] = 0
        count -= 1
        // Those behind it that stand here only because it stood in their way move up.
        var next = (hole + 1) & mask
        while counts[next] != 0 {
            let away = (next &- home(of: keys[next])) & mask
            if away >= (next &- hole) & mask {
                (keys[hole], counts[hole]) = (keys[next], counts[next])
                counts[next] = 0
                hole = next
            }
            next = (next + 1) & mask
        }
    }

    private mutating func grow() {
        var larger = CountTable(slots: max(16, keys.count * 2))
        forEach { larger[$0] = $1 }
        self = larger
    }

    /// Every key that is counted, in no order that means anything.
    func forEach(_ body: (UInt64, UInt32) -> Void) {
        for slot in keys.indices where counts[slot] != 0 { body(keys[slot], counts[slot]) }
    }

    /// Ascending by key.
    var sorted: [(key: UInt64, value: UInt32)] {
        var pairs: [(key: UInt64, value: UInt32)] = []
        pairs.reserveCapacity(count)
        forEach { pairs.append(($0, $1)) }
        pairs.sort { $0.key < $1.key }
        return pairs
    }
}
