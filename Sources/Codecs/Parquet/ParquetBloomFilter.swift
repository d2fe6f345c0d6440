/// A split-block bloom filter as Parquet has them: "certainly not here" for all but about one value in a hundred.
package struct ParquetBloomFilter: Hashable, Sendable {
    /// Blocks of eight words of 32 bits.
    private(set) var words: [UInt32]

    /// Bits for each different value: one false answer in a hundred, or fewer, as sizes go up by doubling.
    private static let bitsPerValue = 9.7
    static let bytesMin = 32
    /// What other readers take: 128 MiB.
    static let bytesMax = 128 << 20
    private static let salts: [UInt32] = [
        0x47b6_137b, 0x4497_4d91, 0x8824_ad5b, 0xa2b7_289d, 0x7054_95c7, 0x2df1_424b, 0x9efc_4947,
        0x5c6b_fb31,
    ]

    init(distinctValues: Int) {
        let wanted = Int(Double(distinctValues) * Self.bitsPerValue / 8)
        var bytes = Self.bytesMin
        while bytes < wanted, bytes < Self.bytesMax { bytes *= 2 }
        words = [UInt32](repeating: 0, count: bytes / 4)
    }

    /// From the bytes in a file; `nil` where they cannot be a filter.
    init?(_ bytes: [UInt8], from start: Int, count: Int) {
        guard count >= Self.bytesMin, count % 32 == 0, count <= Self.bytesMax, bytes.count - start >= count
        else { return nil }
        words = []
        words.reserveCapacity(count / 4)
        for index in stride(from: start, to: start + count, by: 4) {
            var word: UInt32 = 0
            for part in 0..<4 { word |= UInt32(bytes[index + part]) << UInt32(8 * part) }
            words.append(word)
        }
    }

    mutating func insert(_ hash: UInt64) {
        let block = block(of: hash)
        let key = UInt32(truncatingIfNeeded: hash)
        unsafe words.withUnsafeMutableBufferPointer { words in
            unsafe Self.salts.withUnsafeBufferPointer { salts in
                for index in 0..<8 { unsafe words[block + index] |= 1 << ((key &* salts[index]) >> 27) }
            }
        }
    }

    /// Whether the value may be in the row group. A word is hashed by its bytes in the column's physical type.
    package func mayContain(_ value: [UInt8]) -> Bool {
        let hash = XXHash64.of(value, in: 0..<value.count)
        let block = block(of: hash)
        let key = UInt32(truncatingIfNeeded: hash)
        for index in 0..<8 where words[block + index] & (1 << ((key &* Self.salts[index]) >> 27)) == 0 {
            return false
        }
        return true
    }

    private func block(of hash: UInt64) -> Int {
        Int(((hash >> 32) * UInt64(words.count / 8)) >> 32) * 8
    }

    /// The header and the bits, as they stand in a file.
    var encoded: [UInt8] {
        var header = ThriftWriter()
        header.put(1, int32: words.count * 4)
        for field in 2...4 {
            // The algorithm is BLOCK, the hash XXHASH, the packing none: each the first of its union.
            header.begin(field)
            header.putEmpty(1)
            header.end()
        }
        header.end()
        var bytes = header.bytes
        // With room for the check sum behind it.
        bytes.reserveCapacity(bytes.count + words.count * 4 + 4)
        #if _endian(little)
            unsafe words.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
        #else
            for word in words {
                unsafe withUnsafeBytes(of: word.littleEndian) { unsafe bytes.append(contentsOf: $0) }
            }
        #endif
        return bytes
    }
}
