/// The kinds of values in Thrift's compact protocol, by their codes.
enum ThriftType {
    static let yes: UInt8 = 1
    static let no: UInt8 = 2
    static let byte: UInt8 = 3
    static let int16: UInt8 = 4
    static let int32: UInt8 = 5
    static let int64: UInt8 = 6
    static let double: UInt8 = 7
    static let binary: UInt8 = 8
    static let list: UInt8 = 9
    static let set: UInt8 = 10
    static let map: UInt8 = 11
    static let structure: UInt8 = 12
}

/// Writes structs in Thrift's compact protocol, which Parquet's headers and footers are in.
///
/// Fields go in ascending order of their numbers. A struct begins with `begin` and ends with `end`; the outermost one
/// needs only `end`.
struct ThriftWriter: Sendable {
    private(set) var bytes: [UInt8] = []
    /// The number of the field before, for each struct that is open.
    private var last: [Int] = [0]

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        last = [0]
    }

    mutating func put(_ field: Int, _ value: Bool) { begin(field, value ? ThriftType.yes : ThriftType.no) }

    mutating func put(_ field: Int, int8 value: Int8) {
        begin(field, ThriftType.byte)
        bytes.append(UInt8(bitPattern: value))
    }

    mutating func put(_ field: Int, int16 value: Int) {
        begin(field, ThriftType.int16)
        put(zigzag: Int64(value))
    }

    mutating func put(_ field: Int, int32 value: Int) {
        begin(field, ThriftType.int32)
        put(zigzag: Int64(value))
    }

    mutating func put(_ field: Int, int64 value: Int) {
        begin(field, ThriftType.int64)
        put(zigzag: Int64(value))
    }

    mutating func put(_ field: Int, _ value: [UInt8]) {
        begin(field, ThriftType.binary)
        put(element: value)
    }

    mutating func put(_ field: Int, _ value: String) {
        begin(field, ThriftType.binary)
        put(element: value)
    }

    /// A struct as a field; `end` closes it.
    mutating func begin(_ field: Int) {
        begin(field, ThriftType.structure)
        last.append(0)
    }

    /// A struct as an element of a list; `end` closes it.
    mutating func beginElement() { last.append(0) }

    mutating func end() {
        bytes.append(0)
        last.removeLast()
        if last.isEmpty { last = [0] }
    }

    /// A struct without fields: what unions of Parquet's mostly hold.
    mutating func putEmpty(_ field: Int) {
        begin(field)
        end()
    }

    /// The head of a list; its elements follow.
    mutating func begin(_ field: Int, listOf type: UInt8, count: Int) {
        begin(field, ThriftType.list)
        if count < 15 {
            bytes.append(UInt8(count) << 4 | type)
        } else {
            bytes.append(0xF0 | type)
            put(varint: UInt64(count))
        }
    }

    mutating func put(element value: Bool) { bytes.append(value ? ThriftType.yes : ThriftType.no) }
    mutating func put(element value: Int) { put(zigzag: Int64(value)) }

    mutating func put(element value: String) {
        put(varint: UInt64(value.utf8.count))
        bytes.append(contentsOf: value.utf8)
    }

    mutating func put(element value: [UInt8]) {
        put(varint: UInt64(value.count))
        bytes.append(contentsOf: value)
    }

    /// Structs that were written elsewhere.
    mutating func append(_ other: [UInt8]) { bytes.append(contentsOf: other) }

    private mutating func begin(_ field: Int, _ type: UInt8) {
        let delta = field - last[last.count - 1]
        if delta > 0, delta < 16 {
            bytes.append(UInt8(delta) << 4 | type)
        } else {
            bytes.append(type)
            put(zigzag: Int64(field))
        }
        last[last.count - 1] = field
    }

    private mutating func put(zigzag value: Int64) {
        put(varint: UInt64(bitPattern: (value << 1) ^ (value >> 63)))
    }

    private mutating func put(varint value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }
}
