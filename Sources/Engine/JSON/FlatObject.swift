/// An object of strings being written; a key that comes again is kept under a numbered name.
///
/// Its memory is kept from object to object: whoever makes one gives it back by `deallocate`.
@safe struct FlatObject {
    private struct Key: BitwiseCopyable {
        /// Its first, middle and last byte and its length: what tells most keys apart.
        var mark: UInt32
        var start: Int32
        var count: Int32
        var times: Int32
    }

    /// Keys that are compared with each other; from there on they are looked up.
    private static let comparedMax = 64

    private var text = ByteWriter(capacity: 4_096)
    /// Where the keys stand in `text`, and how often each has come.
    private var keys = ScratchRow<Key>(capacity: comparedMax)
    /// A bit for each mark that a key has: a key whose bit is not set is new.
    private var marks = InlineArray<4, UInt64>(repeating: 0)
    private var seen: [[UInt8]: Int] = [:]

    init() { begin() }

    func deallocate() {
        text.deallocate()
        keys.deallocate()
    }

    /// Forgets what there is and begins another object.
    mutating func begin() {
        text.count = 0
        text.append(0x7B)
        keys.count = 0
        marks = InlineArray(repeating: 0)
        if !seen.isEmpty { seen.removeAll(keepingCapacity: true) }
    }

    mutating func add(_ key: Span<UInt8>, _ value: Span<UInt8>) {
        // Room for all of it at once: no byte becomes more than six.
        text.reserve((key.count &+ value.count) &* 6 &+ 64)
        if text.count > 1 { text.append(0x2C) }
        text.append(0x22)
        let start = text.count
        unsafe key.withUnsafeBufferPointer { unsafe text.append(escaping: $0) }
        let times = count(start..<text.count)
        if times > 1 {
            text.append(UInt8(ascii: "#"))
            text.append(decimal: Int64(times))
        }
        text.append(0x22)
        text.append(0x3A)
        text.append(0x22)
        unsafe value.withUnsafeBufferPointer { unsafe text.append(escaping: $0) }
        text.append(0x22)
    }

    mutating func add(_ key: Span<UInt8>, _ value: [UInt8]) { add(key, value.span) }

    /// The key in ASCII.
    mutating func add(_ key: StaticString, _ value: Span<UInt8>) {
        let name = unsafe UnsafeBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount)
        unsafe add(Span(_unsafeElements: name), value)
    }

    /// How often the key has come with this time.
    private mutating func count(_ place: Range<Int>) -> Int {
        let mark = mark(place)
        let bit = Int(truncatingIfNeeded: (mark &* 0x9E37_79B1) >> 24)
        let isNew = marks[bit >> 6] >> UInt64(bit & 63) & 1 == 0
        for index in 0..<(isNew ? 0 : keys.count) where keys[index].mark == mark {
            let known = keys[index]
            guard Int(known.count) == place.count,
                unsafe equalBytes(text.base + Int(known.start), text.base + place.lowerBound, place.count)
            else { continue }
            keys[index].times += 1
            return Int(keys[index].times)
        }
        if keys.count < Self.comparedMax {
            marks[bit >> 6] |= 1 << UInt64(bit & 63)
            keys.append(
                Key(
                    mark: mark, start: Int32(truncatingIfNeeded: place.lowerBound),
                    count: Int32(truncatingIfNeeded: place.count), times: 1))
            return 1
        }
        let name = unsafe [UInt8](
            UnsafeBufferPointer(start: text.base + place.lowerBound, count: place.count))
        let times = seen[name, default: 0] + 1
        seen[name] = times
        return times
    }

    private func mark(_ place: Range<Int>) -> UInt32 {
        if place.isEmpty { return 0 }
        let first = unsafe text.base[place.lowerBound]
        let middle = unsafe text.base[place.lowerBound + place.count / 2]
        let last = unsafe text.base[place.upperBound - 1]
        return UInt32(first) | UInt32(middle) << 8 | UInt32(last) << 16
            | UInt32(truncatingIfNeeded: place.count & 0xFF) << 24
    }

    /// Closes the object.
    mutating func end() { text.append(0x7D) }

    /// The object's text, until it begins anew.
    var bytes: UnsafeBufferPointer<UInt8> {
        unsafe UnsafeBufferPointer(start: text.base, count: text.count)
    }
}
