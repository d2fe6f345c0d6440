/// Writes the numbers and strings of Martlet's own files: little-endian, or LEB128 where most values are small.
package struct BinaryWriter: Sendable {
    package var bytes: [UInt8] = []

    package init() {}

    // One for each width, and not one for all: a generic one is not specialized for its callers in other modules.

    package mutating func put(_ word: UInt8) { append(word) }
    package mutating func put(_ word: UInt16) { append(word) }
    package mutating func put(_ word: UInt32) { append(word) }
    package mutating func put(_ word: UInt64) { append(word) }
    package mutating func put(_ word: Int64) { append(word) }

    /// Words at once, the first first: for what is put for each event.
    package mutating func put(_ words: (UInt64, UInt64, UInt64, UInt64, UInt64), _ last: UInt32) {
        let row = (
            words.0.littleEndian, words.1.littleEndian, words.2.littleEndian, words.3.littleEndian,
            words.4.littleEndian, last.littleEndian
        )
        unsafe withUnsafeBytes(of: row) { unsafe bytes.append(contentsOf: $0) }
    }

    private mutating func append(_ word: some FixedWidthInteger) {
        unsafe withUnsafeBytes(of: word.littleEndian) { unsafe bytes.append(contentsOf: $0) }
    }

    /// LEB128: seven bits a byte, the lowest first.
    @inlinable package mutating func put(count: Int) { put(varint: UInt64(clamping: count)) }

    @inlinable package mutating func put(varint value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    package mutating func put(bytes other: [UInt8]) {
        put(count: other.count)
        bytes.append(contentsOf: other)
    }

    package mutating func put(bytes other: ArraySlice<UInt8>) {
        put(count: other.count)
        bytes.append(contentsOf: other)
    }

    package mutating func put(_ text: String) {
        put(count: text.utf8.count)
        bytes.append(contentsOf: text.utf8)
    }

    /// Writes a word over one that was put earlier, for lengths and check sums known only afterwards.
    package mutating func replace(at offset: Int, with word: UInt32) {
        for index in 0..<4 { bytes[offset + index] = UInt8(truncatingIfNeeded: word >> UInt32(8 * index)) }
    }
}

/// Reads what `BinaryWriter` wrote. Bytes from a disk are never believed: whatever does not fit is an error.
package struct BinaryReader: Sendable {
    package struct Malformed: Error, Sendable {
        @inlinable package init() {}
    }

    @usableFromInline let bytes: [UInt8]
    package var offset: Int
    package let end: Int

    package init(_ bytes: [UInt8], in range: Range<Int>? = nil) {
        self.bytes = bytes
        let range = (range ?? 0..<bytes.count).clamped(to: 0..<bytes.count)
        offset = range.lowerBound
        end = range.upperBound
    }

    package var isAtEnd: Bool { offset == end }
    @inlinable package var remaining: Int { end - offset }

    package mutating func word(_: UInt8.Type = UInt8.self) throws(Malformed) -> UInt8 { try read() }
    package mutating func word(_: UInt16.Type = UInt16.self) throws(Malformed) -> UInt16 { try read() }
    package mutating func word(_: UInt32.Type = UInt32.self) throws(Malformed) -> UInt32 { try read() }
    package mutating func word(_: UInt64.Type = UInt64.self) throws(Malformed) -> UInt64 { try read() }
    package mutating func word(_: Int64.Type = Int64.self) throws(Malformed) -> Int64 { try read() }

    private mutating func read<Word: FixedWidthInteger & BitwiseCopyable>() throws(Malformed) -> Word {
        let width = Word.bitWidth / 8
        guard remaining >= width else { throw Malformed() }
        let word = unsafe bytes.withUnsafeBytes {
            unsafe Word(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: Word.self))
        }
        offset += width
        return word
    }

    @inlinable package mutating func varint() throws(Malformed) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard offset < end else { throw Malformed() }
            let byte = bytes[offset]
            offset += 1
            if shift == 63, byte > 1 { throw Malformed() }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        throw Malformed()
    }

    /// A number of bytes, rows or items; an absurd one is malformed.
    package mutating func count() throws(Malformed) -> Int {
        let value = try varint()
        guard value <= UInt64(Int64.max) else { throw Malformed() }
        return Int(value)
    }

    /// The number of items that follow, each at least a byte long: what is checked before room is made for them.
    package mutating func itemCount() throws(Malformed) -> Int {
        let count = try count()
        guard count <= remaining else { throw Malformed() }
        return count
    }

    package mutating func byteString() throws(Malformed) -> [UInt8] { try raw(count()) }

    package mutating func raw(_ count: Int) throws(Malformed) -> [UInt8] {
        guard count >= 0, count <= remaining else { throw Malformed() }
        defer { offset += count }
        return Array(bytes[offset..<offset + count])
    }

    package mutating func string() throws(Malformed) -> String {
        String(decoding: try byteString(), as: UTF8.self)
    }
}
