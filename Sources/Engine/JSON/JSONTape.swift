/// Bytes that somebody else keeps alive: a pointer with the arithmetic in one place.
///
/// No bounds are checked: whoever reads stays inside what the tape's grammar check has proved.
@safe package struct ByteView: BitwiseCopyable {
    @usableFromInline package let base: UnsafePointer<UInt8>

    @inlinable package init(_ base: UnsafePointer<UInt8>) { unsafe self.base = unsafe base }

    @inlinable package subscript(index: Int) -> UInt8 {
        @inline(__always) get { unsafe base[index] }
    }
    @inlinable package subscript(index: UInt32) -> UInt8 {
        @inline(__always) get { unsafe base[Int(index)] }
    }

    @inline(__always) func word32(_ index: Int) -> UInt32 {
        unsafe UnsafeRawPointer(base + index).loadUnaligned(as: UInt32.self)
    }
    @inline(__always) func word64(_ index: Int) -> UInt64 {
        unsafe UnsafeRawPointer(base + index).loadUnaligned(as: UInt64.self)
    }

    /// Whether a backslash is in `start..<start + count`, behind which seven more bytes must be readable.
    @inline(__always) func hasBackslash(_ start: Int, _ count: Int) -> Bool {
        var index = 0
        while index < count {
            var word = word64(start &+ index) ^ 0x5C5C_5C5C_5C5C_5C5C
            let left = count &- index
            if left < 8 { word |= ~0 << UInt64(truncatingIfNeeded: left &* 8) }
            if (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080 != 0 { return true }
            index &+= 8
        }
        return false
    }
}

/// Positions or token numbers that somebody else keeps alive.
@safe package struct TokenView: BitwiseCopyable {
    @usableFromInline package let base: UnsafePointer<UInt32>

    @inlinable package init(_ base: UnsafePointer<UInt32>) { unsafe self.base = unsafe base }

    @inlinable package subscript(index: Int) -> UInt32 {
        @inline(__always) get { unsafe base[index] }
    }
    @inlinable package subscript(index: UInt32) -> UInt32 {
        @inline(__always) get { unsafe base[Int(index)] }
    }
}

/// Indexed, checked, compact JSON: the bytes of many records and where their tokens stand.
///
/// A *token* is a number into `tokens`, which holds the byte offset of each structural character (`{}[]:,`), of each
/// string's opening quote and of the first byte of each number or literal. Everything between two records' tokens
/// belongs to nobody.
///
/// What every consumer may rely on for the tokens of a `RawRecord`:
/// - the grammar was checked, escapes included, and nesting is at most `JSONGrammar.depthMax`;
/// - the text is *compact*: no white space between tokens, so a value ends where the next token stands, and the
///   closing quote of a string is the byte before it;
/// - `matches[open]` is the token of the bracket that closes the container opened at `open`, so a whole subtree is
///   skipped with one load. Members follow each other: in an object at `open`, the first key is token `open + 1`, its
///   value is two tokens after its key, and the next member's key is one after the comma, that is `after(value) + 1`;
/// - keys and strings stay as they were written: a string without a backslash is its own text, one with a backslash
///   is decoded with `JSONText.unescape`.
///
/// Any number of `KeyPathTrie`s can be walked over one tape; the rule engine walks its own after the mapping did.
///
/// Valid until the reader that made it advances, is fed or begins anew.
@safe package struct JSONTape: BitwiseCopyable {
    package let bytes: ByteView
    package let tokens: TokenView
    package let matches: TokenView
    /// Tokens in all; three more positions can be read past them.
    package let tokenCount: Int
    /// Whether any string in the window holds a backslash: where none does, no key needs the exact path.
    package private(set) var hasBackslash: Bool

    /// The same tape for one record alone: of most windows some record has a backslash, of most records none.
    @inline(__always) func narrowed(to record: RawRecord) -> JSONTape {
        guard hasBackslash else { return self }
        var tape = self
        let text = unsafe ByteView(bytes.base + Int(record.extent.start))
        tape.hasBackslash = JSONText.firstBackslash(text, Int(record.extent.count)) != nil
        return tape
    }

    package enum Kind: UInt8, Sendable { case object, array, string, number, bool, null }

    @inline(__always) package func start(_ token: Int) -> Int { Int(tokens[token]) }

    @inline(__always) package func byte(_ token: Int) -> UInt8 { bytes[tokens[token]] }

    @inline(__always) package func isContainer(_ token: Int) -> Bool {
        let byte = bytes[tokens[token]]
        return byte == 0x7B || byte == 0x5B
    }

    /// The token that follows the value at `token`: a comma, or the bracket that closes its container.
    @inline(__always) package func after(_ token: Int) -> Int {
        isContainer(token) ? Int(matches[token]) + 1 : token + 1
    }

    /// Where the value at `token` ends, one past its last byte.
    @inline(__always) package func end(_ token: Int) -> Int {
        isContainer(token) ? Int(tokens[matches[token]]) + 1 : Int(tokens[token + 1])
    }

    /// The value's bytes, quotes and brackets included.
    @inline(__always) package func extent(_ token: Int) -> Extent {
        let start = Int(tokens[token])
        return Extent(start: start, count: end(token) - start)
    }

    /// A string's or a key's bytes between its quotes, still escaped.
    @inline(__always) package func content(_ token: Int) -> Extent {
        let start = Int(tokens[token]) + 1
        return Extent(start: start, count: Int(tokens[token + 1]) - 1 - start)
    }

    package func kind(_ token: Int) -> Kind {
        switch byte(token) {
        case 0x7B: .object
        case 0x5B: .array
        case 0x22: .string
        case 0x74, 0x66: .bool
        case 0x6E: .null
        default: .number
        }
    }

    package func bytes(_ extent: Extent) -> UnsafeBufferPointer<UInt8> {
        unsafe UnsafeBufferPointer(start: bytes.base + Int(extent.start), count: Int(extent.count))
    }

    /// The bytes as text, for code that is not on the hot path.
    package func text(_ extent: Extent) -> String {
        unsafe String(decoding: bytes(extent), as: UTF8.self)
    }

    /// The value of a string, decoded, or the JSON text of anything else; not for the hot path.
    package func string(_ token: Int) -> String {
        guard byte(token) == 0x22 else { return text(extent(token)) }
        let raw = unsafe bytes(content(token))
        guard unsafe raw.contains(0x5C) else { return unsafe String(decoding: raw, as: UTF8.self) }
        var decoded: [UInt8] = []
        unsafe JSONText.unescape(raw, into: &decoded)
        return String(decoding: decoded, as: UTF8.self)
    }

    /// The value of the member called `key`, of the object opened at `open`; the first of several. Linear.
    package func member(_ key: StaticString, of open: Int) -> Int? {
        unsafe member(key.utf8Start, key.utf8CodeUnitCount, of: open)
    }

    /// The same of a key's bytes as they are written.
    func member(_ key: UnsafePointer<UInt8>, _ count: Int, of open: Int) -> Int? {
        let close = Int(matches[open])
        var token = open + 1
        while token < close {
            let name = content(token)
            if Int(name.count) == count, unsafe equalBytes(bytes.base + Int(name.start), key, count) {
                return token + 2
            }
            token = after(token + 2) + 1
        }
        return nil
    }
}

/// One record in a tape.
package struct RawRecord: Hashable, Sendable, BitwiseCopyable {
    /// The token of its opening brace.
    package var open: Int
    /// Its bytes in the tape's buffer, compact.
    package var extent: Extent
    /// Its bytes as they came, in the reader's window: what `raw_data` and a reject show.
    package var source: Extent
    /// Which record of its object (file, page) it is, refused ones counted: the n-th from 0.
    package var ordinal: Int
}

@inline(__always) package func equalBytes(
    _ a: UnsafePointer<UInt8>, _ b: UnsafePointer<UInt8>, _ count: Int
) -> Bool {
    if count >= 8 {
        let left = unsafe UnsafeRawPointer(a)
        let right = unsafe UnsafeRawPointer(b)
        var offset = 0
        while offset + 8 < count {
            if unsafe left.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                != right.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            {
                return false
            }
            offset += 8
        }
        return unsafe left.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
            == right.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
    }
    for index in 0..<count where unsafe a[index] != b[index] { return false }
    return true
}
