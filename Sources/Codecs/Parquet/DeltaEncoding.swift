/// Parquet's DELTA_BINARY_PACKED: numbers as packed differences, for times and other numbers that lie close together.
enum DeltaEncoding {
    /// Differences in a block, and in each of its four parts.
    private static let block = 128
    private static let part = 32
    private static let parts = 4

    static func encode(_ words: UnsafeBufferPointer<Int64>, into output: inout GrowingBuffer<UInt8>) {
        HybridEncoding.put(varint: UInt64(block), into: &output)
        HybridEncoding.put(varint: UInt64(parts), into: &output)
        HybridEncoding.put(varint: UInt64(words.count), into: &output)
        guard let first = unsafe words.first else { return put(zigzag: 0, into: &output) }
        var before = first
        put(zigzag: before, into: &output)
        unsafe withUnsafeTemporaryAllocation(of: Int64.self, capacity: block) { differences in
            var index = 1
            while index < words.count {
                let count = min(block, words.count - index)
                var least = Int64.max
                for place in 0..<count {
                    let word = unsafe words[index + place]
                    let difference = word &- before
                    before = word
                    least = min(least, difference)
                    unsafe differences[place] = difference
                }
                index += count
                put(zigzag: least, into: &output)
                unsafe putBlock(
                    UnsafeBufferPointer(rebasing: differences[..<count]), least: least, into: &output)
            }
        }
    }

    private static func putBlock(
        _ differences: UnsafeBufferPointer<Int64>, least: Int64, into output: inout GrowingBuffer<UInt8>
    ) {
        let widths = output.count
        output.append(repeating: 0, count: parts)
        var start = 0
        var number = 0
        while start < differences.count {
            let end = min(start + part, differences.count)
            var all: UInt64 = 0
            for index in start..<end { all |= unsafe UInt64(bitPattern: differences[index] &- least) }
            let width = 64 - all.leadingZeroBitCount
            output[widths + number] = UInt8(width)
            unsafe pack(differences, start..<end, least: least, width: width, into: &output)
            start = end
            number += 1
        }
    }

    /// One part: always 32 places, of which the last may be left empty.
    private static func pack(
        _ differences: UnsafeBufferPointer<Int64>, _ range: Range<Int>, least: Int64, width: Int,
        into output: inout GrowingBuffer<UInt8>
    ) {
        let target = output.count + part * width / 8
        var held: UInt64 = 0
        var bits = 0
        for index in range {
            let word = unsafe UInt64(bitPattern: differences[index] &- least)
            held |= word << UInt64(bits)
            if bits + width >= 64 {
                output.append(word: held)
                held = bits == 0 ? 0 : word >> UInt64(64 - bits)
                bits += width - 64
            } else {
                bits += width
            }
        }
        while output.count < target {
            output.append(UInt8(truncatingIfNeeded: held))
            held >>= 8
        }
    }

    private static func put(zigzag value: Int64, into output: inout GrowingBuffer<UInt8>) {
        HybridEncoding.put(varint: UInt64(bitPattern: (value << 1) ^ (value >> 63)), into: &output)
    }

    /// Appends the numbers that fill a page from `start` on; false where they are not exactly these many.
    static func decode(
        _ page: borrowing GrowingBuffer<UInt8>, from start: Int, count: Int,
        into words: inout GrowingBuffer<Int64>
    ) -> Bool {
        var offset = start
        guard let block = HybridEncoding.varint(page, &offset, page.count),
            let parts = HybridEncoding.varint(page, &offset, page.count),
            let total = HybridEncoding.varint(page, &offset, page.count),
            let first = zigzag(page, &offset), total == UInt64(count), parts > 0, parts <= 512,
            block <= 65_536, block % parts == 0, block / parts % 32 == 0, block > 0
        else { return false }
        guard count > 0 else { return offset == page.count }
        let size = Int(block / parts)
        var word = first
        words.append(word)
        var left = count - 1
        while left > 0 {
            guard let least = zigzag(page, &offset), page.count - offset >= Int(parts) else { return false }
            let widths = offset
            offset += Int(parts)
            for part in 0..<Int(parts) where left > 0 {
                let width = Int(page[widths + part])
                guard width <= 64, page.count - offset >= size * width / 8 else { return false }
                var bit = offset * 8
                for _ in 0..<min(left, size) {
                    word = word &+ least &+ Int64(bitPattern: bits(page, bit, width))
                    words.append(word)
                    bit += width
                }
                offset += size * width / 8
                left -= min(left, size)
            }
        }
        return offset == page.count
    }

    /// The bits from this one on, the first lowest.
    @inline(__always) private static func bits(
        _ page: borrowing GrowingBuffer<UInt8>, _ bit: Int, _ width: Int
    ) -> UInt64 {
        if width == 0 { return 0 }
        let shift = UInt64(truncatingIfNeeded: bit & 7)
        var word = page.word(at: bit >> 3, as: UInt64.self) >> shift
        if width + Int(shift) > 64 { word |= UInt64(page[(bit >> 3) + 8]) << (64 - shift) }
        return width == 64 ? word : word & (1 << UInt64(width) - 1)
    }

    private static func zigzag(_ page: borrowing GrowingBuffer<UInt8>, _ offset: inout Int) -> Int64? {
        guard let word = HybridEncoding.varint(page, &offset, page.count) else { return nil }
        return Int64(bitPattern: word >> 1) ^ -Int64(bitPattern: word & 1)
    }
}
