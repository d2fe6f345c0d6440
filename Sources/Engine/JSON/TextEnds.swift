internal import CJSON

/// Where strings and containers end in JSON that is known to be whole: text of our own writing.
enum TextEnds {
    /// The closing quote of the string whose inside begins at `start`; `end`, or one more, where there is none. Eight
    /// bytes are looked at at a time (https://graphics.stanford.edu/~seander/bithacks.html#ZeroInWord).
    @inline(__always) static func string(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
        var at = start
        while at &+ 8 <= end {
            let word = bytes.word64(at)
            let found = word.zeroBytes(xor: UInt8(ascii: "\"")) | word.zeroBytes(xor: UInt8(ascii: "\\"))
            guard found != 0 else {
                at &+= 8
                continue
            }
            at &+= found.trailingZeroBitCount >> 3
            if bytes[at] == UInt8(ascii: "\"") { return at }
            at &+= 2
        }
        while at < end {
            let byte = bytes[at]
            if byte == UInt8(ascii: "\"") { return at }
            at &+= byte == UInt8(ascii: "\\") ? 2 : 1
        }
        return end
    }

    /// One past the bracket that closes the one at `start`; `end` where there is none.
    static func container(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
        guard start < end else { return end }
        return unsafe bytes.withUnsafeBufferPointer { buffer in
            let text = unsafe UnsafeBufferPointer(rebasing: buffer[start..<end])
            return unsafe start + martlet_json_close(text.baseAddress, text.count)
        }
    }
}

extension Span where Element == UInt8 {
    /// Eight bytes from a place on, the first of them lowest.
    @inline(__always) fileprivate func word64(_ at: Int) -> UInt64 {
        UInt64(littleEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: at, as: UInt64.self))
    }
}

extension UInt64 {
    /// The high bit of each byte that equals `byte`; above the lowest of them others may be set, too.
    @inline(__always) fileprivate func zeroBytes(xor byte: UInt8) -> UInt64 {
        let word = self ^ (UInt64(byte) &* 0x0101_0101_0101_0101)
        return (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
    }
}
