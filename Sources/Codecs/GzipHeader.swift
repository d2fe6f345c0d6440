internal import CISAL

/// The header of a gzip member (RFC 1952), read byte by byte so that it may be split anywhere.
///
/// ISA-L's own reader loses its place when an optional field is split between two inputs.
struct GzipHeader {
    private enum Field { case fixed, extraLength, extra, name, comment, check, done }

    private var field = Field.fixed
    /// Bytes of `fixed` read so far; bytes of `extra` still to come.
    private var count = 0
    private var flags: UInt8 = 0
    private var crc: UInt32 = 0
    /// The first byte of a two-byte number, which is little-endian.
    private var lowByte: UInt8?

    /// Takes one byte; `true` once the header is complete.
    mutating func take(_ byte: UInt8, isFirstMember: Bool) throws(CodecError) -> Bool {
        if field != .check { crc = unsafe crc32_gzip_refl(crc, [byte], 1) }
        switch field {
        case .fixed:
            let isWrong =
                switch count {
                case 0: byte != 0x1f
                case 1: byte != 0x8b
                case 2: byte != 8
                case 3: byte & 0xe0 != 0
                default: false
                }
            if isWrong {
                throw isFirstMember
                    ? CodecError(.corrupt, "gzip data is corrupt: an invalid header")
                    : CodecError(.trailing, "bytes after the last gzip member belong to no member")
            }
            if count == 3 { flags = byte }
            count += 1
            if count == 10 { advance(after: .fixed) }
        case .extraLength:
            if let low = lowByte {
                count = Int(low) | Int(byte) << 8
                lowByte = nil
                if count == 0 { advance(after: .extra) } else { field = .extra }
            } else {
                lowByte = byte
            }
        case .extra:
            count -= 1
            if count == 0 { advance(after: .extra) }
        case .name: if byte == 0 { advance(after: .name) }
        case .comment: if byte == 0 { advance(after: .comment) }
        case .check:
            guard let low = lowByte else {
                lowByte = byte
                break
            }
            guard UInt16(low) | UInt16(byte) << 8 == UInt16(truncatingIfNeeded: crc) else {
                throw CodecError(.corrupt, "gzip data is corrupt: its header's check sum does not match")
            }
            field = .done
        case .done: break
        }
        return field == .done
    }

    private mutating func advance(after last: Field) {
        count = 0
        if last == .fixed, flags & 4 != 0 {
            field = .extraLength
        } else if last == .fixed || last == .extra, flags & 8 != 0 {
            field = .name
        } else if last != .comment, flags & 16 != 0 {
            field = .comment
        } else {
            field = flags & 2 != 0 ? .check : .done
        }
    }
}
