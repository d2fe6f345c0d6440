/// Parquet's PLAIN: values one behind the other, byte strings behind their length.
enum PlainEncoding {
    static func put(_ strings: ParquetStrings, _ entry: Int, into output: inout [UInt8]) {
        let range = strings.range(of: entry)
        put(UInt32(truncatingIfNeeded: range.count), into: &output)
        output.append(contentsOf: strings.arena[range])
    }

    static func put(_ word: Int64, as type: ParquetType, into output: inout [UInt8]) {
        if type == .int32 {
            put(UInt32(truncatingIfNeeded: word), into: &output)
        } else {
            unsafe withUnsafeBytes(of: word.littleEndian) { unsafe output.append(contentsOf: $0) }
        }
    }

    /// Truths, eight to a byte, the first lowest.
    static func putBits(_ words: [Int64], _ slots: ArraySlice<UInt32>, into output: inout [UInt8]) {
        var held: UInt8 = 0
        var bits: UInt8 = 0
        for slot in slots {
            if words[Int(slot)] != 0 { held |= 1 << bits }
            bits += 1
            if bits == 8 {
                output.append(held)
                held = 0
                bits = 0
            }
        }
        if bits > 0 { output.append(held) }
    }

    private static func put(_ word: UInt32, into output: inout [UInt8]) {
        unsafe withUnsafeBytes(of: word.littleEndian) { unsafe output.append(contentsOf: $0) }
    }
}
