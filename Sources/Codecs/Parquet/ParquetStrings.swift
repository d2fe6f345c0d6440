import Engine

/// Byte strings of one column, each different one stored once for as long as that saves something.
///
/// A value is the number of its entry. While most values repeat, equal ones share an entry, and the entries are the
/// column's dictionary already; a column of values that are mostly different (uids, raw records) is told from its
/// first thousand and stored as it comes. Entries stand behind their length, as Parquet's PLAIN has them.
struct ParquetStrings: ~Copyable {
    /// All entries, each behind four bytes of its length.
    var arena = GrowingBuffer<UInt8>()
    var places = GrowingBuffer<Place>()
    /// The entry of each value.
    var entryOfValue = GrowingBuffer<UInt32>()
    /// The bytes of all values, repeated ones counted each time.
    var valueBytes = 0
    /// Whether equal values share an entry (but for a few unlucky ones).
    private(set) var isShared: Bool
    private let mayShare: Bool

    /// The entry of the value before, where blocks are appended.
    var before: UInt32?
    /// Values that were not what was expected behind the one before, and so were looked for in the table.
    var lookedFor = 0
    /// What was touched ahead of time: read by nobody.
    var touched: UInt64 = 0

    /// Open addressing: the upper half of a slot is the upper half of the hash, the lower the entry + 1.
    private(set) var table = GrowingBuffer<UInt64>()

    /// After so many entries the share of new ones decides whether looking them up goes on.
    private static let trial = 1_024
    /// A value this long is stored without a look: bytes.
    static let sharedBytesMax = 4_096
    /// Looks at a slot before a value is stored once more. Only values made to collide come here.
    private static let probesMax = 64
    /// What is kept for the next values: bytes.
    private static let keptBytesMax = 64 << 20

    init(isShared: Bool = true) {
        self.isShared = isShared
        mayShare = isShared
    }

    /// An entry, in one line of the processor's cache.
    struct Place: BitwiseCopyable {
        /// In the arena, behind its length.
        var start: Int
        var length: UInt32
        /// The entry that came behind it the last time, itself at first: a column often says the same in the same order.
        var follower: UInt32
    }

    var entryCount: Int { places.count }
    var valueCount: Int { entryOfValue.count }
    /// Bytes of memory in use.
    var byteCount: Int {
        arena.byteCount + places.byteCount + entryOfValue.byteCount + table.byteCount
    }

    @inline(__always) func range(of entry: Int) -> Range<Int> {
        let place = places[entry]
        return place.start..<place.start + Int(place.length)
    }

    @inline(__always) func bytes(of entry: Int) -> UnsafeBufferPointer<UInt8> {
        let place = places[entry]
        return unsafe UnsafeBufferPointer(start: arena.base + place.start, count: Int(place.length))
    }

    /// The entries in which the needle stands, ascending.
    func entries(containing needle: [UInt8]) -> [Int] {
        var found: [Int] = []
        var entry = 0
        var at = 0
        while let place = unsafe ByteSearch.first(needle, in: arena.view, from: at) {
            // The entry that begins last before the place.
            var (low, high) = (entry, entryCount - 1)
            while low < high {
                let middle = (low + high + 1) / 2
                if places[middle].start <= place { low = middle } else { high = middle - 1 }
            }
            entry = low
            let range = range(of: entry)
            if range.lowerBound <= place, place + needle.count <= range.upperBound {
                found.append(entry)
                at = range.upperBound
                entry += 1
            } else {
                // It reaches over an entry's end or into a length and so is in none.
                at = place + 1
            }
            if entry >= entryCount { break }
        }
        return found
    }

    @inline(__always) mutating func append(_ start: UnsafePointer<UInt8>, count: Int) {
        valueBytes += count
        entryOfValue.append(unsafe entry(of: start, count: count))
    }

    /// One more value that is an entry already.
    @inline(__always) mutating func append(entry: UInt32) {
        valueBytes += Int(places[Int(entry)].length)
        entryOfValue.append(entry)
    }

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress else {
            var nothing: UInt8 = 0
            return unsafe append(&nothing, count: 0)
        }
        unsafe append(base.assumingMemoryBound(to: UInt8.self), count: bytes.count)
    }

    /// Values that stand one behind the other as in PLAIN, `offsets` of their lengths: entries of their own.
    mutating func append(
        plain page: borrowing GrowingBuffer<UInt8>, at offsets: UnsafeBufferPointer<UInt32>, end: Int
    ) {
        guard let first = unsafe offsets.first else { return }
        let shift = arena.count - Int(first)
        unsafe arena.append(page.base + Int(first), count: end - Int(first))
        places.reserve(offsets.count)
        entryOfValue.reserve(offsets.count)
        for index in 0..<offsets.count {
            let place = unsafe Int(offsets[index]) + shift + 4
            let length = arena.word(at: place - 4, as: UInt32.self)
            valueBytes += Int(length)
            let entry = UInt32(truncatingIfNeeded: places.count)
            entryOfValue.append(entry)
            places.append(Place(start: place, length: length, follower: entry))
        }
    }

    /// The entry that holds these bytes, made if there is none.
    @inline(__always) mutating func entry(of start: UnsafePointer<UInt8>, count: Int) -> UInt32 {
        guard isShared, count <= Self.sharedBytesMax else { return unsafe add(start, count) }
        return unsafe entry(of: start, count: count, hash: Self.hash(start, count))
    }

    /// The same for a text whose hash is known, in a column that shares and of a length that is shared.
    @inline(__always) mutating func entry(
        of start: UnsafePointer<UInt8>, count: Int, hash: UInt64
    ) -> UInt32 {
        if table.count < 2 * entryCount + 32 { grow() }
        let mask = table.count &- 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        for _ in 0..<Self.probesMax {
            let found = table[slot]
            if found == 0 {
                let entry = unsafe add(start, count)
                table[slot] = hash & 0xFFFF_FFFF_0000_0000 | UInt64(entry &+ 1)
                stopSharingIfUseless()
                return entry
            }
            if (found ^ hash) >> 32 == 0 {
                let entry = Int(truncatingIfNeeded: found & 0xFFFF_FFFF) &- 1
                if unsafe holds(entry, start, count) { return UInt32(truncatingIfNeeded: entry) }
            }
            slot = (slot &+ 1) & mask
        }
        return unsafe add(start, count)
    }

    /// Forgets all values and keeps the room, if it is not more than another few will need.
    mutating func removeAll() {
        arena.removeAll()
        arena.shrink(to: Self.keptBytesMax)
        places.removeAll()
        entryOfValue.removeAll()
        valueBytes = 0
        before = nil
        lookedFor = 0
        isShared = mayShare
        unsafe table.base.update(repeating: 0, count: table.count)
    }

    mutating func add(_ start: UnsafePointer<UInt8>, _ count: Int) -> UInt32 {
        arena.reserve(count + 4)
        arena.append(word: UInt32(truncatingIfNeeded: count))
        let entry = UInt32(truncatingIfNeeded: places.count)
        places.append(Place(start: arena.count, length: UInt32(truncatingIfNeeded: count), follower: entry))
        unsafe arena.append(start, count: count)
        return entry
    }

    @inline(__always) func holds(_ entry: Int, _ start: UnsafePointer<UInt8>, _ count: Int) -> Bool {
        let place = places[entry]
        guard Int(place.length) == count else { return false }
        let (a, b) = unsafe (UnsafeRawPointer(arena.base + place.start), UnsafeRawPointer(start))
        @inline(__always) func difference<Word: FixedWidthInteger & BitwiseCopyable>(
            _ offset: Int, _: Word.Type
        ) -> Word {
            unsafe a.loadUnaligned(fromByteOffset: offset, as: Word.self)
                ^ b.loadUnaligned(fromByteOffset: offset, as: Word.self)
        }
        if count >= 8 {
            var offset = 0
            while offset &+ 32 <= count {
                let first = difference(offset, UInt64.self) | difference(offset &+ 8, UInt64.self)
                let second = difference(offset &+ 16, UInt64.self) | difference(offset &+ 24, UInt64.self)
                if first | second != 0 { return false }
                offset &+= 32
            }
            while offset &+ 8 < count {
                if difference(offset, UInt64.self) != 0 { return false }
                offset &+= 8
            }
            return difference(count &- 8, UInt64.self) == 0
        }
        if count >= 4 {
            return difference(0, UInt32.self) | difference(count &- 4, UInt32.self) == 0
        }
        for offset in 0..<count where difference(offset, UInt8.self) != 0 { return false }
        return true
    }

    /// Whether an entry comes before another, by bytes.
    @inline(__always) func isLess(_ left: Int, _ right: Int) -> Bool {
        left != right && order(left, right) < 0
    }

    /// Below, at or above zero as an entry comes before another, is equal to it, or comes behind it.
    func order(_ left: Int, _ right: Int) -> Int {
        let (a, b) = unsafe (
            UnsafeRawPointer(arena.base + places[left].start),
            UnsafeRawPointer(arena.base + places[right].start)
        )
        let (countA, countB) = (Int(places[left].length), Int(places[right].length))
        let shared = min(countA, countB)
        var offset = 0
        while offset + 8 <= shared {
            let x = unsafe a.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            let y = unsafe b.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            if x != y { return x.bigEndian < y.bigEndian ? -1 : 1 }
            offset += 8
        }
        while offset < shared {
            let x = unsafe a.load(fromByteOffset: offset, as: UInt8.self)
            let y = unsafe b.load(fromByteOffset: offset, as: UInt8.self)
            if x != y { return x < y ? -1 : 1 }
            offset += 1
        }
        return countA - countB
    }

    private mutating func stopSharingIfUseless() {
        guard entryCount % Self.trial == 0, entryCount * 4 > valueCount * 3 else { return }
        isShared = false
    }

    private mutating func grow() {
        // No larger than need be: a look into it is mostly a miss of the processor's cache.
        let count = max(64, 2 * table.count)
        var larger = GrowingBuffer<UInt64>()
        larger.append(repeating: 0, count: count)
        // A slot does not hold the lower half of the hash, so the strings are hashed again: amortized, rare.
        for index in 0..<table.count where table[index] != 0 {
            let entry = Int(truncatingIfNeeded: table[index] & 0xFFFF_FFFF) - 1
            let hash = unsafe Self.hash(arena.base + places[entry].start, Int(places[entry].length))
            var slot = Int(truncatingIfNeeded: hash) & (count - 1)
            while larger[slot] != 0 { slot = (slot + 1) & (count - 1) }
            larger[slot] = table[index]
        }
        swap(&table, &larger)
    }

    /// Sixteen bytes at a time through a 128-bit product. Not secret: `probesMax` bounds what a chosen input can do.
    @inline(__always) static func hash(_ start: UnsafePointer<UInt8>, _ count: Int) -> UInt64 {
        let bytes = unsafe UnsafeRawPointer(start)
        @inline(__always) func word(_ offset: Int) -> UInt64 {
            unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        }
        var hash = UInt64(truncatingIfNeeded: count) &* 0x9E37_79B9_7F4A_7C15 ^ 0x2545_F491_4F6C_DD1D
        if count >= 8 {
            var offset = 0
            while offset + 16 < count {
                hash = fold(hash ^ word(offset), word(offset + 8) ^ 0xA076_1D64_78BD_642F)
                offset += 16
            }
            let last = count - 8
            return fold(hash ^ word(min(offset, last)), word(last) ^ 0xE703_7ED1_A0B4_28DB)
        }
        var rest: UInt64 = 0
        if count >= 4 {
            rest =
                unsafe UInt64(bytes.loadUnaligned(as: UInt32.self))
                | UInt64(bytes.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self)) << 32
        } else {
            for index in 0..<count { rest = unsafe rest << 8 | UInt64(start[index]) }
        }
        return fold(hash ^ rest, 0xE703_7ED1_A0B4_28DB)
    }

    @inline(__always) private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }
}
