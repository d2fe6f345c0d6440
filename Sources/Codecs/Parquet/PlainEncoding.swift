/// Parquet's PLAIN: values one behind the other, byte strings behind their length.
enum PlainEncoding {
    /// An entry as it stands in the arena, which is as PLAIN has it.
    @inline(__always) static func put(
        _ strings: borrowing ParquetStrings, _ entry: Int, into output: inout GrowingBuffer<UInt8>
    ) {
        let place = strings.places[entry]
        unsafe output.append(
            few: UnsafePointer(strings.arena.base + (place.start - 4)), count: Int(place.length) + 4)
    }

    static func put(
        _ words: UnsafeBufferPointer<Int64>, as type: ParquetType, into output: inout GrowingBuffer<UInt8>
    ) {
        output.reserve(8 * words.count)
        for index in 0..<words.count {
            if type == .int32 {
                unsafe output.append(word: Int32(truncatingIfNeeded: words[index]))
            } else {
                unsafe output.append(word: words[index])
            }
        }
    }

    /// Truths, eight to a byte, the first lowest.
    static func putBits(_ words: UnsafeBufferPointer<Int64>, into output: inout GrowingBuffer<UInt8>) {
        var held: UInt8 = 0
        var bits: UInt8 = 0
        for index in 0..<words.count {
            if unsafe words[index] != 0 { held |= 1 << bits }
            bits += 1
            if bits == 8 {
                output.append(held)
                held = 0
                bits = 0
            }
        }
        if bits > 0 { output.append(held) }
    }
}
