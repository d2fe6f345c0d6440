/// 64-bit keys that are hashes already, and a small number for each: what a dictionary is too slow for.
struct KeyIndex: Sendable {
    private var keys: [UInt64] = []
    private var values: [Int32] = []
    private var mask = 0
    private(set) var count = 0

    init() {}

    init(minimum: Int) {
        var size = 16
        while size * 7 < minimum * 10 { size *= 2 }
        keys = Array(repeating: 0, count: size)
        values = Array(repeating: -1, count: size)
        mask = size - 1
    }

    @inline(__always) subscript(key: UInt64) -> Int? {
        guard mask > 0 else { return nil }
        var slot = Int(truncatingIfNeeded: key) & mask
        while values[slot] >= 0 {
            if keys[slot] == key { return Int(values[slot]) }
            slot = (slot + 1) & mask
        }
        return nil
    }

    /// For a key that is not there yet.
    mutating func insert(_ key: UInt64, _ value: Int) {
        if mask == 0 || (count + 1) * 10 > keys.count * 7 { grow() }
        var slot = Int(truncatingIfNeeded: key) & mask
        while values[slot] >= 0 { slot = (slot + 1) & mask }
        keys[slot] = key
        values[slot] = Int32(truncatingIfNeeded: value)
        count += 1
    }

    private mutating func grow() {
        var larger = KeyIndex(minimum: max(16, keys.count * 7 / 5))
        for slot in keys.indices where values[slot] >= 0 { larger.insert(keys[slot], Int(values[slot])) }
        self = larger
    }
}

/// The earliest time at which each of many combinations was met: those met again later bring nothing new.
struct Gate: Sendable {
    /// Past so many it starts anew, which costs time and nothing else.
    static let combinationsMax = 4_000_000

    private var keys: [UInt64] = []
    private var times: [Int64] = []
    private var mask = 0
    private var count = 0

    /// Whether an event of this time can change anything.
    @inline(__always) mutating func opens(for key: UInt64, at time: Timestamp) -> Bool {
        let key = key | 1
        if count * 10 >= keys.count * 6 { grow() }
        var slot = Int(truncatingIfNeeded: key >> 1) & mask
        while keys[slot] != 0 {
            if keys[slot] == key {
                if time.nanoseconds > times[slot] { return false }
                times[slot] = time.nanoseconds
                return true
            }
            slot = (slot + 1) & mask
        }
        keys[slot] = key
        times[slot] = time.nanoseconds
        count += 1
        return true
    }

    /// Begins anew. About as many are to be expected again, so the room stays, unless it was far too much.
    mutating func clear() {
        if count * 8 < keys.count { (keys, times, mask) = ([], [], 0) }
        for slot in keys.indices { keys[slot] = 0 }
        count = 0
    }

    private mutating func grow() {
        let (oldKeys, oldTimes) = (keys, times)
        let isFull = count >= Self.combinationsMax
        let size = isFull || keys.isEmpty ? 1_024 : keys.count * 2
        keys = Array(repeating: 0, count: size)
        times = Array(repeating: 0, count: size)
        mask = size - 1
        count = 0
        if isFull { return }
        for (place, key) in oldKeys.enumerated() where key != 0 {
            var slot = Int(truncatingIfNeeded: key >> 1) & mask
            while keys[slot] != 0 { slot = (slot + 1) & mask }
            keys[slot] = key
            times[slot] = oldTimes[place]
            count += 1
        }
    }
}
