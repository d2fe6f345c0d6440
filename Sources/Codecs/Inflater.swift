internal import CISAL
internal import CZstd

/// How bytes are packed, told from the bytes themselves: names lie, and vendors rename.
package enum Compression: Hashable, Sendable {
    case plain, gzip, zstd

    /// How many bytes `of` needs to tell.
    package static let headBytes = 4

    package static func of(_ head: [UInt8]) -> Compression {
        if head.count >= 2, head[0] == 0x1f, head[1] == 0x8b { return .gzip }
        if head.count >= 4, head[1] == 0xb5, head[2] == 0x2f, head[3] == 0xfd, head[0] == 0x28 {
            return .zstd
        }
        // A skippable frame may stand before the first real one (`pzstd` writes such files).
        if head.count >= 4, head[0] & 0xf0 == 0x50, head[1] == 0x2a, head[2] == 0x4d, head[3] == 0x18 {
            return .zstd
        }
        return .plain
    }
}

/// Unpacks gzip (any number of members), zstd (any number of frames) or plain bytes, window by window.
///
/// Memory is the caller's window and a fixed state (about 100 KiB for gzip; for zstd what the frame declares,
/// at most `zstdWindowLogMax`), whatever a file says of its own size. Nothing is believed that was not checked:
/// each member's CRC and length, and the end of the input. After a fault no more can be read; what was written
/// to the window before it is good as far as it goes (gzip's and zstd's check sums stand at the end).
@safe package struct Inflater: ~Copyable, @unchecked Sendable {
    package enum Progress: Hashable, Sendable {
        /// The window is full: use it, then call again with room in it.
        case windowFull
        /// Everything given was used: call again with more, or with none and `isLast`.
        case inputUsed
        /// The input was the last and is read to its end.
        case finished
    }

    /// The largest zstd window read, as a power of two: 32 MiB, which is all up to `zstd -20 --ultra`.
    package static let zstdWindowLogMax: Int32 = 25

    @safe private enum Stage {
        case undecided
        case plain
        case gzip(UnsafeMutablePointer<inflate_state>)
        case zstd(OpaquePointer)
    }

    private var stage = Stage.undecided
    /// The first bytes, kept only while they are too few to tell the format.
    private var head: [UInt8] = []
    private var headRead = 0
    /// Whether a member or frame is open: the end of the input would be a truncation.
    private var isInside = false
    /// The gzip header being read, where one is.
    private var header: GzipHeader?
    /// Members or frames read to their end.
    private var wholes = 0

    package init() {}

    deinit {
        switch stage {
        case .undecided, .plain: break
        case .gzip(let state): unsafe state.deallocate()
        case .zstd(let context): _ = unsafe ZSTD_freeDCtx(context)
        }
    }

    /// What the first bytes said; `nil` before enough of them came.
    package var compression: Compression? {
        switch stage {
        case .undecided: nil
        case .plain: .plain
        case .gzip: .gzip
        case .zstd: .zstd
        }
    }

    /// Reads from `input[offset...]` into `window[filled...]` and moves both on.
    ///
    /// - Parameter isLast: whether nothing follows `input`.
    package mutating func read(
        _ input: [UInt8], at offset: inout Int, isLast: Bool, into window: inout [UInt8], at filled: inout Int
    ) throws(CodecError) -> Progress {
        if case .undecided = stage {
            while head.count < Compression.headBytes, offset < input.count {
                head.append(input[offset])
                offset += 1
            }
            guard head.count == Compression.headBytes || isLast else { return .inputUsed }
            try decide()
        }
        if headRead < head.count {
            var read = headRead
            let progress = try step(head, &read, isLast && offset == input.count, &window, &filled)
            headRead = read
            if progress != .inputUsed { return progress }
        }
        return try step(input, &offset, isLast, &window, &filled)
    }

    private mutating func decide() throws(CodecError) {
        switch Compression.of(head) {
        case .plain: stage = .plain
        case .gzip:
            let state = UnsafeMutablePointer<inflate_state>.allocate(capacity: 1)
            unsafe isal_inflate_init(state)
            unsafe stage = .gzip(state)
        case .zstd:
            guard let context = unsafe ZSTD_createDCtx() else {
                throw CodecError(.tooLarge, "no memory to read zstd")
            }
            unsafe stage = .zstd(context)
            _ = unsafe ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, Self.zstdWindowLogMax)
        }
    }

    private mutating func step(
        _ input: [UInt8], _ offset: inout Int, _ isLast: Bool, _ window: inout [UInt8], _ filled: inout Int
    ) throws(CodecError) -> Progress {
        switch stage {
        case .undecided: return .inputUsed
        case .plain:
            let count = min(input.count - offset, window.count - filled)
            unsafe input.withUnsafeBytes { source in
                unsafe window.withUnsafeMutableBytes { target in
                    let from = unsafe UnsafeRawBufferPointer(rebasing: source[offset..<offset + count])
                    unsafe UnsafeMutableRawBufferPointer(rebasing: target[filled...]).copyMemory(from: from)
                }
            }
            offset += count
            filled += count
            if offset < input.count { return .windowFull }
            return isLast ? .finished : .inputUsed
        case .gzip(let state):
            return try unsafe stepGzip(state, input, &offset, isLast, &window, &filled)
        case .zstd(let context):
            return try unsafe stepZstd(context, input, &offset, isLast, &window, &filled)
        }
    }

    /// ISA-L counts in 32 bits: it is given at most this much at once.
    private static let sliceBytesMax = 1 << 30

    private mutating func stepGzip(
        _ state: UnsafeMutablePointer<inflate_state>, _ input: [UInt8], _ offset: inout Int, _ isLast: Bool,
        _ window: inout [UInt8], _ filled: inout Int
    ) throws(CodecError) -> Progress {
        while true {
            if !isInside {
                if offset == input.count { return isLast ? .finished : .inputUsed }
                isInside = true
                header = GzipHeader()
            }
            while header != nil, offset < input.count {
                let isComplete = try header?.take(input[offset], isFirstMember: wholes == 0) ?? true
                offset += 1
                guard isComplete else { continue }
                header = nil
                unsafe isal_inflate_reset(state)
                unsafe state.pointee.crc_flag = UInt32(ISAL_GZIP_NO_HDR_VER)
            }
            if header != nil {
                if isLast { throw CodecError(.truncated, "gzip data ends inside a member") }
                return .inputUsed
            }
            let given = min(input.count - offset, Self.sliceBytesMax)
            let room = min(window.count - filled, Self.sliceBytesMax)
            let status = unsafe input.withUnsafeBufferPointer { source in
                unsafe window.withUnsafeMutableBufferPointer { target in
                    unsafe state.pointee.next_in = UnsafeMutablePointer(
                        mutating: source.baseAddress.map { unsafe $0 + offset })
                    unsafe state.pointee.avail_in = UInt32(given)
                    unsafe state.pointee.next_out = unsafe target.baseAddress.map { unsafe $0 + filled }
                    unsafe state.pointee.avail_out = UInt32(room)
                    return unsafe isal_inflate(state)
                }
            }
            offset += given - Int(unsafe state.pointee.avail_in)
            filled += room - Int(unsafe state.pointee.avail_out)
            guard status == ISAL_DECOMP_OK || status == ISAL_END_INPUT || status == ISAL_OUT_OVERFLOW else {
                throw CodecError(.corrupt, "gzip data is corrupt: \(Self.reason(of: status))")
            }
            if unsafe state.pointee.block_state == ISAL_BLOCK_FINISH {
                isInside = false
                wholes += 1
                continue
            }
            if unsafe state.pointee.avail_out == 0 { return .windowFull }
            if offset < input.count { continue }
            if isLast { throw CodecError(.truncated, "gzip data ends inside a member") }
            return .inputUsed
        }
    }

    private static func reason(of status: Int32) -> String {
        switch status {
        case ISAL_INVALID_BLOCK: "an invalid block"
        case ISAL_INVALID_SYMBOL: "an invalid symbol"
        case ISAL_INVALID_LOOKBACK: "a reference before the start"
        case ISAL_INCORRECT_CHECKSUM: "its check sum or length does not match"
        default: "status \(status)"
        }
    }

    private mutating func stepZstd(
        _ context: OpaquePointer, _ input: [UInt8], _ offset: inout Int, _ isLast: Bool,
        _ window: inout [UInt8], _ filled: inout Int
    ) throws(CodecError) -> Progress {
        while true {
            if !isInside, offset == input.count { return isLast ? .finished : .inputUsed }
            isInside = true
            let before = (offset, filled)
            let status = unsafe input.withUnsafeBytes { source in
                unsafe window.withUnsafeMutableBytes { target in
                    var from = unsafe ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: offset)
                    var to = unsafe ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: filled)
                    let status = unsafe ZSTD_decompressStream(context, &to, &from)
                    offset = unsafe from.pos
                    filled = unsafe to.pos
                    return status
                }
            }
            if ZSTD_isError(status) != 0 { throw zstdFault(status) }
            if status == 0 {
                isInside = false
                wholes += 1
                continue
            }
            if filled == window.count { return .windowFull }
            if offset < input.count, before != (offset, filled) { continue }
            if isLast { throw CodecError(.truncated, "zstd data ends inside a frame") }
            return .inputUsed
        }
    }

    private func zstdFault(_ status: Int) -> CodecError {
        switch ZSTD_getErrorCode(status) {
        case ZSTD_error_prefix_unknown where wholes > 0:
            CodecError(.trailing, "bytes after the last zstd frame belong to no frame")
        case ZSTD_error_frameParameter_windowTooLarge:
            CodecError(
                .tooLarge, "a zstd frame needs a window of more than \(1 << (Self.zstdWindowLogMax - 20)) MiB"
            )
        default:
            CodecError(
                .corrupt,
                "zstd data is corrupt: \(unsafe String(cString: ZSTD_getErrorName(status)).lowercased())")
        }
    }
}

extension Inflater {
    /// Unpacks a whole value that is known to be small: digest files, answers of APIs.
    package static func inflate(_ input: [UInt8], bytesMax: Int) throws(CodecError) -> [UInt8] {
        var inflater = Inflater()
        var output: [UInt8] = []
        var window = [UInt8](repeating: 0, count: min(bytesMax + 1, 256 << 10))
        var offset = 0
        while true {
            var filled = 0
            let progress = try inflater.read(input, at: &offset, isLast: true, into: &window, at: &filled)
            output.append(contentsOf: window[..<filled])
            if output.count > bytesMax {
                throw CodecError(.tooLarge, "unpacks to more than \(bytesMax) bytes")
            }
            if progress == .finished { return output }
        }
    }
}
