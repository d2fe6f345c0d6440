/// Reads structs in Thrift's compact protocol from bytes that may be anything.
///
/// Nothing is made room for that is not there: a list's count is at most the bytes that are left. Nesting has a limit.
struct ThriftReader {
    struct Malformed: Error {}

    private let bytes: [UInt8]
    private(set) var offset: Int
    private let end: Int
    private var last: [Int] = []

    private static let depthMax = 64

    init(_ bytes: [UInt8], from offset: Int = 0) {
        self.bytes = bytes
        self.offset = min(max(0, offset), bytes.count)
        end = bytes.count
    }

    /// Opens a struct; then ask for `nextField` until it is `nil`.
    mutating func begin() throws(Malformed) {
        guard last.count < Self.depthMax else { throw Malformed() }
        last.append(0)
    }

    /// The next field's number and type, or `nil` at the struct's end, which is then closed.
    mutating func nextField() throws(Malformed) -> (id: Int, type: UInt8)? {
        let head = try byte()
        let type = head & 0x0F
        if type == 0 {
            guard head == 0, !last.isEmpty else { throw Malformed() }
            last.removeLast()
            return nil
        }
        guard !last.isEmpty, type <= ThriftType.structure else { throw Malformed() }
        let delta = Int(head >> 4)
        let id = delta == 0 ? Int(try zigzag()) : last[last.count - 1] + delta
        guard id > 0, id < 1 << 15 else { throw Malformed() }
        last[last.count - 1] = id
        return (id, type)
    }

    mutating func bool(_ type: UInt8) throws(Malformed) -> Bool {
        guard type == ThriftType.yes || type == ThriftType.no else { throw Malformed() }
        return type == ThriftType.yes
    }

    mutating func boolElement() throws(Malformed) -> Bool { try byte() == ThriftType.yes }

    mutating func integer(_ type: UInt8) throws(Malformed) -> Int {
        switch type {
        case ThriftType.byte: return Int(Int8(bitPattern: try byte()))
        case ThriftType.int16, ThriftType.int32, ThriftType.int64: return Int(try zigzag())
        default: throw Malformed()
        }
    }

    mutating func integerElement() throws(Malformed) -> Int { Int(try zigzag()) }

    mutating func binary(_ type: UInt8) throws(Malformed) -> [UInt8] {
        guard type == ThriftType.binary else { throw Malformed() }
        return try binaryElement()
    }

    mutating func binaryElement() throws(Malformed) -> [UInt8] {
        let range = try binaryRange()
        return Array(bytes[range])
    }

    mutating func string(_ type: UInt8) throws(Malformed) -> String {
        guard type == ThriftType.binary else { throw Malformed() }
        return try stringElement()
    }

    mutating func stringElement() throws(Malformed) -> String {
        String(decoding: bytes[try binaryRange()], as: UTF8.self)
    }

    /// The head of a list: how many elements follow, which are all of this type.
    mutating func list(_ type: UInt8, of element: UInt8) throws(Malformed) -> Int {
        guard type == ThriftType.list else { throw Malformed() }
        let (count, found) = try listHead()
        let isTruth = element == ThriftType.yes && found == ThriftType.no
        guard found == element || isTruth || count == 0 else { throw Malformed() }
        return count
    }

    mutating func skip(_ type: UInt8, depth: Int = 0) throws(Malformed) {
        guard depth < Self.depthMax else { throw Malformed() }
        switch type {
        case ThriftType.yes, ThriftType.no: break
        case ThriftType.byte: _ = try byte()
        case ThriftType.int16, ThriftType.int32, ThriftType.int64: _ = try varint()
        case ThriftType.double: try move(8)
        case ThriftType.binary: _ = try binaryRange()
        case ThriftType.list, ThriftType.set:
            let (count, element) = try listHead()
            for _ in 0..<count { try skipElement(element, depth: depth + 1) }
        case ThriftType.map:
            let count = try count()
            guard count > 0 else { return }
            let types = try byte()
            for _ in 0..<count {
                try skipElement(types >> 4, depth: depth + 1)
                try skipElement(types & 0x0F, depth: depth + 1)
            }
        case ThriftType.structure:
            try begin()
            while let field = try nextField() { try skip(field.type, depth: depth + 1) }
        default: throw Malformed()
        }
    }

    private mutating func skipElement(_ type: UInt8, depth: Int) throws(Malformed) {
        // In a list a truth is a byte of its own.
        if type == ThriftType.yes || type == ThriftType.no {
            _ = try byte()
        } else {
            try skip(type, depth: depth)
        }
    }

    private mutating func listHead() throws(Malformed) -> (count: Int, type: UInt8) {
        let head = try byte()
        let short = Int(head >> 4)
        let count = short == 15 ? try count() : short
        guard count <= end - offset else { throw Malformed() }
        return (count, head & 0x0F)
    }

    private mutating func binaryRange() throws(Malformed) -> Range<Int> {
        let count = try count()
        let start = offset
        try move(count)
        return start..<offset
    }

    private mutating func move(_ count: Int) throws(Malformed) {
        guard count >= 0, count <= end - offset else { throw Malformed() }
        offset += count
    }

    private mutating func count() throws(Malformed) -> Int {
        let value = try varint()
        guard value <= UInt64(Int32.max) else { throw Malformed() }
        return Int(value)
    }

    private mutating func byte() throws(Malformed) -> UInt8 {
        guard offset < end else { throw Malformed() }
        defer { offset += 1 }
        return bytes[offset]
    }

    private mutating func zigzag() throws(Malformed) -> Int64 {
        let word = try varint()
        return Int64(bitPattern: word >> 1) ^ -Int64(bitPattern: word & 1)
    }

    private mutating func varint() throws(Malformed) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let byte = try byte()
            if shift == 63, byte > 1 { throw Malformed() }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
            guard shift < 64 else { throw Malformed() }
        }
    }
}
