/// Bytes being written at the end of a growing buffer; memory is kept from event to event.
@safe struct ByteWriter {
    private(set) var base: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    var count = 0
    /// Its own memory, while it writes to somebody else's.
    private var own: (base: UnsafeMutablePointer<UInt8>, capacity: Int)?

    init(capacity: Int) {
        self.capacity = capacity
        unsafe base = .allocate(capacity: capacity)
    }

    func deallocate() { unsafe base.deallocate() }

    /// Writes to somebody else's memory from now on, from its start, for as long as there is room.
    mutating func borrow(_ room: UnsafeMutableBufferPointer<UInt8>) {
        count = 0
        guard let start = room.baseAddress else { return }
        unsafe own = unsafe (base, capacity)
        unsafe base = unsafe start
        capacity = room.count
    }

    /// Goes back to its own memory; false where that was needed already, and holds what was written.
    mutating func giveBack() -> Bool {
        guard let mine = unsafe own else { return false }
        unsafe base = unsafe mine.base
        capacity = unsafe mine.capacity
        unsafe own = nil
        return true
    }

    @inline(__always) mutating func reserve(_ extra: Int) {
        if count &+ extra > capacity { grow(extra) }
    }

    @inline(never) private mutating func grow(_ extra: Int) {
        if let mine = unsafe own {
            let written = unsafe base
            unsafe base = unsafe mine.base
            capacity = unsafe mine.capacity
            unsafe own = nil
            let there = count
            count = 0
            reserve(there + extra)
            unsafe base.update(from: written, count: there)
            count = there
            return
        }
        let larger = max(capacity * 2, count + extra)
        let grown = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
        unsafe grown.update(from: base, count: count)
        unsafe base.deallocate()
        unsafe base = unsafe grown
        capacity = larger
    }

    @inline(__always) mutating func append(_ byte: UInt8) {
        reserve(1)
        unsafe base[count] = byte
        count &+= 1
    }

    /// Sixteen more bytes must be readable behind the source.
    @inline(__always) mutating func append(_ source: UnsafePointer<UInt8>, _ length: Int) {
        reserve(length &+ 16)
        // Most pieces are short: sixteen bytes at a time beat a call.
        if length <= 64 {
            var offset = 0
            while offset < length {
                let word = unsafe UnsafeRawPointer(source + offset).loadUnaligned(as: SIMD16<UInt8>.self)
                unsafe UnsafeMutableRawPointer(base + count + offset).storeBytes(
                    of: word, as: SIMD16<UInt8>.self)
                offset &+= 16
            }
        } else {
            unsafe (base + count).update(from: source, count: length)
        }
        count &+= length
    }

    /// For a source behind which nothing can be read.
    mutating func append(copying source: UnsafePointer<UInt8>, _ length: Int) {
        reserve(length)
        unsafe (base + count).update(from: source, count: length)
        count &+= length
    }

    mutating func append(_ text: StaticString) {
        unsafe append(copying: text.utf8Start, text.utf8CodeUnitCount)
    }

    mutating func append(hexadecimal value: UInt64) {
        for shift in stride(from: UInt64(60), through: 0, by: -4) {
            let digit = UInt8(truncatingIfNeeded: value >> shift & 15)
            append(digit < 10 ? 0x30 + digit : 0x57 + digit)
        }
    }

    mutating func append(decimal value: Int64) {
        reserve(24)
        if value == 0 { return append(0x30) }
        var magnitude = value.magnitude
        if value < 0 { append(0x2D) }
        let start = count
        while magnitude > 0 {
            let (quotient, digit) = magnitude.quotientAndRemainder(dividingBy: 10)
            unsafe base[count] = 0x30 &+ UInt8(truncatingIfNeeded: digit)
            count &+= 1
            magnitude = quotient
        }
        var low = start
        var high = count - 1
        while low < high {
            unsafe swap(&base[low], &base[high])
            low += 1
            high -= 1
        }
    }

    /// Appends text that may hold quotes, backslashes and control characters, as it stands inside a JSON string.
    mutating func append(escaping source: UnsafePointer<UInt8>, _ length: Int) {
        reserve(length &* 6 &+ 16)
        var out = unsafe base + count
        var index = 0
        while index < length {
            // Eight bytes at a time, as far as none of them needs anything.
            while index &+ 8 <= length {
                let word = unsafe UnsafeRawPointer(source + index).loadUnaligned(as: UInt64.self)
                unsafe UnsafeMutableRawPointer(out).storeBytes(of: word, as: UInt64.self)
                let found = Self.escapes(in: word)
                let plain = found == 0 ? 8 : found.trailingZeroBitCount >> 3
                index &+= plain
                unsafe out += plain
                if found != 0 { break }
            }
            guard index < length else { break }
            let byte = unsafe source[index]
            index &+= 1
            if byte < 0x20 {
                unsafe out = unsafe Self.control(byte, out)
                continue
            }
            // Without a branch: a backslash is written, and stays only where it is needed.
            unsafe out.pointee = 0x5C
            unsafe out += byte == 0x22 || byte == 0x5C ? 1 : 0
            unsafe out.pointee = byte
            unsafe out += 1
        }
        count = unsafe out - base
    }

    mutating func append(escaping text: UnsafeBufferPointer<UInt8>) {
        if let start = text.baseAddress { unsafe append(escaping: start, text.count) }
    }

    /// The high bit of each byte that is a quote, a backslash or a control; above the lowest of them others may be set, too.
    @inline(__always) private static func escapes(in word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let quotes = word ^ 0x2222_2222_2222_2222
        let slashes = word ^ 0x5C5C_5C5C_5C5C_5C5C
        let found =
            (word &- 0x2020_2020_2020_2020) & ~word | (quotes &- ones) & ~quotes | (slashes &- ones)
            & ~slashes
        return found & 0x8080_8080_8080_8080
    }

    private static func control(_ byte: UInt8, _ out: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<
        UInt8
    > {
        unsafe out[0] = 0x5C
        switch byte {
        case 0x0A: unsafe out[1] = 0x6E
        case 0x0D: unsafe out[1] = 0x72
        case 0x09: unsafe out[1] = 0x74
        default:
            unsafe out[1] = 0x75
            unsafe out[2] = 0x30
            unsafe out[3] = 0x30
            unsafe out[4] = 0x30 + byte >> 4
            unsafe out[5] = byte & 15 < 10 ? 0x30 + byte & 15 : 0x57 + byte & 15
            return unsafe out + 6
        }
        return unsafe out + 2
    }
}
