import Engine

/// Appending a block's values: they come in the order of their rows, and most need no look into the table.
extension ParquetStrings {
    /// Values that are looked at ahead, and from which size on a table is worth it: slots.
    private static var ahead: Int { 16 }
    private static var largeTable: Int { 4_096 }

    /// Where a value's text stands: a call into the engine for each would cost more than what is done with it.
    @inline(__always) private static func start(
        _ texts: ColumnTexts, _ value: ColumnValue
    ) -> UnsafePointer<UInt8> {
        let offset = Int(truncatingIfNeeded: value.bits & ~(1 << 63))
        return unsafe (value.bits >> 63 == 0 ? texts.read : texts.made) + offset
    }

    /// Appends a block's texts, those of a definition.
    mutating func append(_ values: UnsafeBufferPointer<ColumnValue>, _ texts: ColumnTexts, definition: UInt8)
    {
        unsafe withUnsafeTemporaryAllocation(of: UInt64.self, capacity: Self.ahead) { hashes in
            var index = 0
            while index < values.count, isShared {
                let end = min(values.count, index &+ Self.ahead)
                let part = unsafe UnsafeBufferPointer(rebasing: values[index..<end])
                if table.count > Self.largeTable, lookedFor &* 4 > valueCount {
                    unsafe touch(part, texts, hashes)
                    unsafe appendExpected(part, texts, definition, hashes.baseAddress)
                } else {
                    unsafe appendExpected(part, texts, definition, nil)
                }
                index = end
            }
            unsafe appendApart(UnsafeBufferPointer(rebasing: values[index...]), texts, definition)
        }
    }

    /// Reads what looking for these values will read, so that the misses of the processor's cache pass beside one another:
    /// first where all of them may stand in the table, then their entries.
    private mutating func touch(
        _ values: UnsafeBufferPointer<ColumnValue>, _ texts: ColumnTexts,
        _ hashes: UnsafeMutableBufferPointer<UInt64>
    ) {
        let mask = table.count &- 1
        let slots = unsafe table.base
        unsafe withUnsafeTemporaryAllocation(of: Int.self, capacity: Self.ahead) { entries in
            for index in 0..<values.count {
                let value = unsafe values[index]
                let hash = unsafe Self.hash(Self.start(texts, value), Int(value.count))
                unsafe hashes[index] = hash
                let found = unsafe slots[Int(truncatingIfNeeded: hash) & mask]
                let isLikely = found != 0 && (found ^ hash) >> 32 == 0
                unsafe entries[index] = isLikely ? Int(truncatingIfNeeded: found & 0xFFFF_FFFF) &- 1 : -1
            }
            var read: UInt64 = 0
            for index in 0..<values.count {
                let entry = unsafe entries[index]
                if entry >= 0 { read ^= unsafe UInt64(arena.base[places[entry].start]) }
            }
            touched ^= read
        }
    }

    /// Compares each value with the entry that came behind the one before it the last time, and with that one itself.
    ///
    /// - Parameter hashes: of all of the values, where they are known already.
    private mutating func appendExpected(
        _ values: UnsafeBufferPointer<ColumnValue>, _ texts: ColumnTexts, _ definition: UInt8,
        _ hashes: UnsafeMutablePointer<UInt64>?
    ) {
        entryOfValue.reserve(values.count)
        let out = unsafe entryOfValue.end
        // Of those, so many are counted.
        var (filled, counted) = (0, 0)
        var bytes = 0
        var last = before
        for index in 0..<values.count {
            let value = unsafe values[index]
            guard value.definition == definition else { continue }
            let (start, count) = unsafe (Self.start(texts, value), Int(value.count))
            bytes &+= count
            if let known = last {
                var guess = places[Int(known)].follower
                var isIt = unsafe holds(Int(guess), start, count)
                if !isIt, guess != known {
                    guess = known
                    isIt = unsafe holds(Int(guess), start, count)
                }
                if isIt {
                    last = guess
                    unsafe out[filled] = guess
                    filled &+= 1
                    continue
                }
            }
            lookedFor &+= 1
            entryOfValue.add(filled &- counted)
            counted = filled
            let found: UInt32
            if isShared, count <= Self.sharedBytesMax {
                let hash = unsafe hashes?[index] ?? Self.hash(start, count)
                found = unsafe entry(of: start, count: count, hash: hash)
            } else {
                found = unsafe add(start, count)
            }
            if let known = last { places[Int(known)].follower = found }
            last = isShared ? found : nil
            unsafe out[filled] = found
            filled &+= 1
        }
        entryOfValue.add(filled &- counted)
        valueBytes &+= bytes
        before = last
    }

    /// Stores each value as an entry of its own.
    private mutating func appendApart(
        _ values: UnsafeBufferPointer<ColumnValue>, _ texts: ColumnTexts, _ definition: UInt8
    ) {
        entryOfValue.reserve(values.count)
        places.reserve(values.count)
        for index in 0..<values.count {
            let value = unsafe values[index]
            guard value.definition == definition else { continue }
            valueBytes &+= Int(value.count)
            entryOfValue.append(unsafe add(Self.start(texts, value), Int(value.count)))
        }
    }
}
