import Engine

/// Byte strings of one column, each different one stored once for as long as that saves something.
///
/// A value is the number of its entry. While most values repeat, equal ones share an entry, and the entries are the
/// column's dictionary already; a column of values that are mostly different (uids, raw records) is told from its
/// first thousand and stored as it comes.
struct ParquetStrings: Sendable {
    /// All entries, one behind the other.
    private(set) var arena: [UInt8] = []
    /// Where each entry begins in the arena, and, last, where the next one will. Empty before the first entry.
    private(set) var starts: [Int] = []
    /// The entry of each value.
    private(set) var entryOfValue: [UInt32] = []
    /// The bytes of all values, repeated ones counted each time.
    private(set) var valueBytes = 0
    /// Whether equal values share an entry (but for a few unlucky ones).
    private(set) var isShared = true

    /// Open addressing: the upper half of a slot is the upper half of the hash, the lower the entry + 1.
    private var table: [UInt64] = []

    /// After so many entries the share of new ones decides whether looking them up goes on.
    private static let trial = 1_024
    /// A value this long is stored without a look: bytes.
    private static let sharedBytesMax = 4_096
    /// Looks at a slot before a value is stored once more. Only values made to collide come here.
    private static let probesMax = 64

    var entryCount: Int { max(0, starts.count - 1) }
    var valueCount: Int { entryOfValue.count }
    /// Bytes of memory in use.
    var byteCount: Int { arena.count + 8 * starts.count + 4 * entryOfValue.count + 8 * table.count }

    func range(of entry: Int) -> Range<Int> { starts[entry]..<starts[entry + 1] }

    /// The entries in which the needle stands, ascending.
    func entries(containing needle: [UInt8]) -> [Int] {
        var found: [Int] = []
        var entry = 0
        var at = 0
        while let place = ByteSearch.first(needle, in: arena, from: at) {
            // The entry that begins last before the place.
            var (low, high) = (entry, entryCount - 1)
            while low < high {
                let middle = (low + high + 1) / 2
                if starts[middle] <= place { low = middle } else { high = middle - 1 }
            }
            entry = low
            if place + needle.count <= starts[entry + 1] {
                found.append(entry)
                at = starts[entry + 1]
                entry += 1
            } else {
                // It reaches into the next entry and so is in neither.
                at = place + 1
            }
            if entry >= entryCount { break }
        }
        return found
    }

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        valueBytes += bytes.count
        entryOfValue.append(unsafe entry(of: bytes))
    }

    /// One more value that is an entry already.
    mutating func append(entry: UInt32) {
        valueBytes += range(of: Int(entry)).count
        entryOfValue.append(entry)
    }

    /// The entry that holds these bytes, made if there is none.
    mutating func entry(of bytes: UnsafeRawBufferPointer) -> UInt32 {
        guard isShared, bytes.count <= Self.sharedBytesMax else { return unsafe add(bytes) }
        if table.count < 2 * entryCount + 32 { grow() }
        let hash = unsafe Self.hash(bytes)
        let mask = table.count - 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        for _ in 0..<Self.probesMax {
            let found = table[slot]
            if found == 0 {
                let entry = unsafe add(bytes)
                table[slot] = hash & 0xFFFF_FFFF_0000_0000 | UInt64(entry + 1)
                stopSharingIfUseless()
                return entry
            }
            if (found ^ hash) >> 32 == 0 {
                let entry = Int(truncatingIfNeeded: found & 0xFFFF_FFFF) - 1
                if unsafe holds(entry, bytes) { return UInt32(truncatingIfNeeded: entry) }
            }
            slot = (slot + 1) & mask
        }
        return unsafe add(bytes)
    }

    /// Forgets all values and keeps the room.
    mutating func removeAll() {
        arena.removeAll(keepingCapacity: true)
        starts.removeAll(keepingCapacity: true)
        entryOfValue.removeAll(keepingCapacity: true)
        valueBytes = 0
        isShared = true
        for slot in table.indices { table[slot] = 0 }
    }

    private mutating func add(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        if starts.isEmpty { starts.append(0) }
        unsafe arena.append(contentsOf: bytes)
        starts.append(arena.count)
        return UInt32(truncatingIfNeeded: starts.count - 2)
    }

    private func holds(_ entry: Int, _ bytes: UnsafeRawBufferPointer) -> Bool {
        let range = range(of: entry)
        guard range.count == bytes.count else { return false }
        return unsafe arena.withUnsafeBytes { all in
            var left = unsafe UnsafeRawBufferPointer(rebasing: all[range])
            var right = unsafe bytes
            while left.count >= 8 {
                if unsafe left.loadUnaligned(as: UInt64.self) != right.loadUnaligned(as: UInt64.self) {
                    return false
                }
                unsafe left = UnsafeRawBufferPointer(rebasing: left[8...])
                unsafe right = UnsafeRawBufferPointer(rebasing: right[8...])
            }
            for index in left.indices where unsafe left[index] != right[index] { return false }
            return true
        }
    }

    /// Whether an entry comes before another, by bytes.
    func isLess(_ left: Int, _ right: Int) -> Bool {
        guard left != right else { return false }
        let left = range(of: left)
        let right = range(of: right)
        return unsafe arena.withUnsafeBytes { all in
            let left = unsafe UnsafeRawBufferPointer(rebasing: all[left])
            let right = unsafe UnsafeRawBufferPointer(rebasing: all[right])
            let shared = min(left.count, right.count)
            var offset = 0
            while offset + 8 <= shared {
                let a = unsafe left.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                let b = unsafe right.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                if a != b { return a.bigEndian < b.bigEndian }
                offset += 8
            }
            while offset < shared {
                if unsafe left[offset] != right[offset] { return unsafe left[offset] < right[offset] }
                offset += 1
            }
            return left.count < right.count
        }
    }

    private mutating func stopSharingIfUseless() {
        guard entryCount % Self.trial == 0, entryCount * 4 > valueCount * 3 else { return }
        isShared = false
    }

    private mutating func grow() {
        let old = table
        let count = max(64, 4 * old.count)
        table = [UInt64](repeating: 0, count: count)
        // A slot does not hold the lower half of the hash, so the strings are hashed again: amortized, rare.
        unsafe arena.withUnsafeBytes { all in
            for found in old where found != 0 {
                let entry = Int(truncatingIfNeeded: found & 0xFFFF_FFFF) - 1
                let hash = unsafe Self.hash(UnsafeRawBufferPointer(rebasing: all[range(of: entry)]))
                var slot = Int(truncatingIfNeeded: hash) & (count - 1)
                while table[slot] != 0 { slot = (slot + 1) & (count - 1) }
                table[slot] = found
            }
        }
    }

    /// Eight bytes at a time through a 128-bit product. Not secret: `probesMax` bounds what a chosen input can do.
    private static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        let count = bytes.count
        var hash = UInt64(truncatingIfNeeded: count) &* 0x9E37_79B9_7F4A_7C15 ^ 0x2545_F491_4F6C_DD1D
        var offset = 0
        while offset + 8 <= count {
            hash = unsafe fold(hash ^ bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            offset += 8
        }
        if offset == count { return fold(hash) }
        var rest: UInt64 = 0
        if count >= 8 {
            rest = unsafe bytes.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
        } else {
            for index in offset..<count { rest = rest << 8 | UInt64(unsafe bytes[index]) }
        }
        return fold(fold(hash ^ rest))
    }

    private static func fold(_ word: UInt64) -> UInt64 {
        let product = word.multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
        return product.high ^ product.low
    }
}
