/// Parquet's RLE/bit-packed hybrid: what levels and dictionary indices are written in.
enum HybridEncoding {
    /// Bits needed for numbers up to this one.
    static func width(max value: Int) -> Int { Int.bitWidth - value.leadingZeroBitCount }

    /// Appends the numbers: runs of eight and more as runs, all others packed in groups of eight.
    @inline(__always) static func encode<Word: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
        _ words: UnsafeBufferPointer<Word>, width: Int, into output: inout GrowingBuffer<UInt8>
    ) {
        let end = words.count
        var index = 0
        var literals = 0
        while index < end {
            let word = unsafe words[index]
            var next = index &+ 1
            while next < end, unsafe words[next] == word { next &+= 1 }
            // Packed groups before a run are whole: they take from the run what they lack.
            let lacking = (8 &- (index &- literals) & 7) & 7
            if next &- index >= 8 &+ lacking {
                unsafe pack(words, literals..<index + lacking, width: width, into: &output)
                encode(run: next - index - lacking, of: UInt64(word), width: width, into: &output)
                literals = next
            }
            index = next
        }
        unsafe pack(words, literals..<end, width: width, into: &output)
    }

    /// Appends one run.
    static func encode(run count: Int, of word: UInt64, width: Int, into output: inout GrowingBuffer<UInt8>) {
        guard count > 0 else { return }
        put(varint: UInt64(count) << 1, into: &output)
        var rest = word
        for _ in 0..<(width + 7) / 8 {
            output.append(UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
    }

    @inline(__always) private static func pack<Word: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
        _ words: UnsafeBufferPointer<Word>, _ range: Range<Int>, width: Int,
        into output: inout GrowingBuffer<UInt8>
    ) {
        guard !range.isEmpty else { return }
        let groups = (range.count + 7) / 8
        put(varint: UInt64(groups) << 1 | 1, into: &output)
        let target = output.count + groups * width
        output.reserve(groups * width + 8)
        var held: UInt64 = 0
        var bits = 0
        for index in range {
            held |= unsafe UInt64(words[index]) &<< UInt64(truncatingIfNeeded: bits)
            bits &+= width
            if bits >= 32 {
                output.append(word: UInt32(truncatingIfNeeded: held))
                held &>>= 32
                bits &-= 32
            }
        }
        while output.count < target {
            output.append(UInt8(truncatingIfNeeded: held))
            held >>= 8
        }
    }

    static func put(varint value: UInt64, into output: inout GrowingBuffer<UInt8>) {
        var rest = value
        while rest >= 0x80 {
            output.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        output.append(UInt8(truncatingIfNeeded: rest))
    }

    // MARK: Reading. Behind a page's bytes eight more can be read.

    /// Appends `count` numbers of this width, none above `max`; false where the bytes end too soon or a number is
    /// too large. Bytes behind the numbers are left alone.
    @inline(__always) static func decode<Word: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
        _ bytes: borrowing GrowingBuffer<UInt8>, in range: Range<Int>, width: Int, count: Int, max: UInt32,
        into output: inout GrowingBuffer<Word>
    ) -> Bool {
        guard width <= 32 else { return false }
        output.reserve(count)
        var offset = range.lowerBound
        var left = count
        while left > 0 {
            guard let head = varint(bytes, &offset, range.upperBound) else { return false }
            let length = Int(truncatingIfNeeded: head >> 1)
            guard length > 0 else { return false }
            if head & 1 == 0 {
                let size = (width + 7) / 8
                guard range.upperBound - offset >= size else { return false }
                var word: UInt64 = 0
                for index in 0..<size { word |= UInt64(bytes[offset + index]) << UInt64(8 * index) }
                offset += size
                guard word <= UInt64(max) else { return false }
                let taken = min(length, left)
                output.append(repeating: Word(truncatingIfNeeded: word), count: taken)
                left -= taken
            } else {
                let taken = length > left / 8 ? left : length * 8
                let size = (taken * width + 7) / 8
                guard range.upperBound - offset >= size else { return false }
                guard unpack(bytes, offset, width: width, count: taken, max: max, into: &output) else {
                    return false
                }
                offset =
                    length > (range.upperBound - offset) / Swift.max(1, width)
                    ? range.upperBound : offset + length * width
                left -= taken
            }
        }
        return true
    }

    @inline(__always) private static func unpack<Word: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
        _ bytes: borrowing GrowingBuffer<UInt8>, _ start: Int, width: Int, count: Int, max: UInt32,
        into output: inout GrowingBuffer<Word>
    ) -> Bool {
        if width == 0 {
            output.append(repeating: 0, count: count)
            return true
        }
        let mask = UInt64(1) << UInt64(width) - 1
        var bit = start * 8
        var isGood = true
        for _ in 0..<count {
            let held = bytes.word(at: bit >> 3, as: UInt64.self) &>> UInt64(truncatingIfNeeded: bit & 7)
            let word = UInt32(truncatingIfNeeded: held & mask)
            if word > max { isGood = false }
            output.append(Word(truncatingIfNeeded: word))
            bit &+= width
        }
        return isGood
    }

    static func varint(_ bytes: borrowing GrowingBuffer<UInt8>, _ offset: inout Int, _ end: Int) -> UInt64? {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while offset < end, shift < 64 {
            let byte = bytes[offset]
            offset += 1
            if shift == 63, byte > 1 { return nil }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        return nil
    }
}
