/// Parquet's DELTA_BINARY_PACKED: numbers as packed differences, for times and other numbers that lie close together.
enum DeltaEncoding {
    /// Differences in a block, and in each of its four parts.
    private static let block = 128
    private static let part = 32
    private static let parts = 4

    /// Appends the words at `slots`.
    static func encode(_ words: [Int64], at slots: ArraySlice<UInt32>, into output: inout [UInt8]) {
        HybridEncoding.put(varint: UInt64(block), into: &output)
        HybridEncoding.put(varint: UInt64(parts), into: &output)
        HybridEncoding.put(varint: UInt64(slots.count), into: &output)
        guard let first = slots.first else { return put(zigzag: 0, into: &output) }
        var before = words[Int(first)]
        put(zigzag: before, into: &output)
        var index = slots.startIndex + 1
        var differences: [Int64] = []
        differences.reserveCapacity(block)
        while index < slots.endIndex {
            differences.removeAll(keepingCapacity: true)
            let end = min(index + block, slots.endIndex)
            var least = Int64.max
            for place in index..<end {
                let word = words[Int(slots[place])]
                let difference = word &- before
                before = word
                least = min(least, difference)
                differences.append(difference)
            }
            index = end
            put(zigzag: least, into: &output)
            putBlock(differences, least: least, into: &output)
        }
    }

    private static func putBlock(_ differences: [Int64], least: Int64, into output: inout [UInt8]) {
        let widths = output.count
        for _ in 0..<parts { output.append(0) }
        var start = 0
        var number = 0
        while start < differences.count {
            let end = min(start + part, differences.count)
            var all: UInt64 = 0
            for index in start..<end { all |= UInt64(bitPattern: differences[index] &- least) }
            let width = 64 - all.leadingZeroBitCount
            output[widths + number] = UInt8(width)
            pack(differences, start..<end, least: least, width: width, into: &output)
            start = end
            number += 1
        }
    }

    /// One part: always 32 places, of which the last may be left empty.
    private static func pack(
        _ differences: [Int64], _ range: Range<Int>, least: Int64, width: Int, into output: inout [UInt8]
    ) {
        let target = output.count + part * width / 8
        var held: UInt64 = 0
        var bits = 0
        for index in range {
            let word = UInt64(bitPattern: differences[index] &- least)
            held |= word << UInt64(bits)
            if bits + width >= 64 {
                unsafe withUnsafeBytes(of: held.littleEndian) { unsafe output.append(contentsOf: $0) }
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

    private static func put(zigzag value: Int64, into output: inout [UInt8]) {
        HybridEncoding.put(varint: UInt64(bitPattern: (value << 1) ^ (value >> 63)), into: &output)
    }

    /// Appends the numbers that fill a page from `start` on; false where they are not exactly these many.
    static func decode(_ page: [UInt8], from start: Int, count: Int, into words: inout [Int64]) -> Bool {
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
    private static func bits(_ page: [UInt8], _ start: Int, _ width: Int) -> UInt64 {
        var word: UInt64 = 0
        var have = 0
        var at = start
        while have < width {
            let taken = min(8 - at % 8, width - have)
            let part = UInt64(page[at / 8]) >> UInt64(at % 8) & (1 << UInt64(taken) - 1)
            word |= part << UInt64(have)
            have += taken
            at += taken
        }
        return word
    }

    private static func zigzag(_ page: [UInt8], _ offset: inout Int) -> Int64? {
        guard let word = HybridEncoding.varint(page, &offset, page.count) else { return nil }
        return Int64(bitPattern: word >> 1) ^ -Int64(bitPattern: word & 1)
    }
}
