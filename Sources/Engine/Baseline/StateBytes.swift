/// Writes a state's numbers and texts: LEB128, the same bytes for the same state.
struct StateWriter {
    var bytes: [UInt8] = []

    mutating func put(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    mutating func put(_ value: some UnsignedInteger & FixedWidthInteger) { put(UInt64(value)) }

    /// Small numbers of either sign are short.
    mutating func put(signed value: Int64) { put(UInt64(bitPattern: value << 1 ^ value >> 63)) }
    mutating func put(count: Int) { put(UInt64(max(0, count))) }

    /// All 64 bits: hashes have no small values.
    mutating func put(hash: UInt64) {
        for shift in stride(from: UInt64(0), to: 64, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: hash >> shift))
        }
    }

    mutating func put(_ value: Double) { put(hash: value.bitPattern) }
    mutating func put(_ time: Timestamp) { put(signed: time.nanoseconds) }

    mutating func put(_ text: some Collection<UInt8>) {
        put(count: text.count)
        bytes += text
    }

    mutating func put(_ text: String) { put(Array(text.utf8)) }
}

/// Reads what `StateWriter` wrote. Bytes from a disk are never believed: what does not fit makes it broken, and
/// everything after that is nothing.
struct StateReader {
    private let bytes: [UInt8]
    private var at: Int
    private(set) var isBroken = false

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        at = 0
    }

    var isAtEnd: Bool { at == bytes.count }

    private mutating func fail() {
        isBroken = true
        at = bytes.count
    }

    mutating func number() -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard at < bytes.count else {
                fail()
                return 0
            }
            let byte = bytes[at]
            at += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        fail()
        return 0
    }

    mutating func number<Number: FixedWidthInteger & UnsignedInteger>(_: Number.Type) -> Number {
        let value = number()
        guard let fitting = Number(exactly: value) else {
            fail()
            return 0
        }
        return fitting
    }

    mutating func signed() -> Int64 {
        let value = number()
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    mutating func signed32() -> Int32 {
        guard let value = Int32(exactly: signed()) else {
            fail()
            return 0
        }
        return value
    }

    /// How many things follow, each at least a byte long.
    mutating func count() -> Int {
        let value = number()
        guard value <= UInt64(bytes.count - at) else {
            fail()
            return 0
        }
        return Int(value)
    }

    mutating func hash() -> UInt64 {
        guard bytes.count - at >= 8 else {
            fail()
            return 0
        }
        var value: UInt64 = 0
        for index in 0..<8 { value |= UInt64(bytes[at + index]) << UInt64(8 * index) }
        at += 8
        return value
    }

    mutating func double() -> Double {
        let value = Double(bitPattern: hash())
        return value.isFinite ? value : 0
    }

    mutating func time() -> Timestamp { Timestamp(nanoseconds: signed()) }

    mutating func text() -> [UInt8] {
        let count = count()
        defer { at += count }
        return Array(bytes[at..<at + count])
    }

    mutating func string() -> String { String(decoding: text(), as: UTF8.self) }

    mutating func extent(in count: Int) -> Extent {
        let start = self.count(upTo: count)
        let length = self.count(upTo: count - start)
        return Extent(start: start, count: length)
    }

    private mutating func count(upTo limit: Int) -> Int {
        let value = number()
        guard value <= UInt64(max(0, limit)) else {
            fail()
            return 0
        }
        return Int(value)
    }
}
