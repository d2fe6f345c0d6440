internal import CDeflate
internal import CISAL
internal import CZstd

/// Packs bodies and files; its state is reused, so keep one for many batches.
///
/// `pack` writes a whole gzip member or zstd frame: members and frames may follow one another in a file, and each
/// stands by itself. `write` and `finish` make one member out of pieces, in bounded memory.
@safe package struct Compressor: ~Copyable, @unchecked Sendable {
    package enum Form: Hashable, Sendable {
        case plain
        /// ISA-L at about 850 MB/s, about a fifth larger than `gzipSmall`.
        case gzipFast
        /// libdeflate level 6; pieces given to `write` are packed fast all the same.
        case gzipSmall
        /// 1 is the measured optimum of speed for size on audit logs; 3 where bytes are dear; below 0 where what is
        /// packed does not stay.
        case zstd(level: Int)

        /// The value of `Content-Encoding`; `nil` where there is nothing to say.
        package var contentEncoding: String? {
            switch self {
            case .plain: nil
            case .gzipFast, .gzipSmall: "gzip"
            case .zstd: "zstd"
            }
        }

        /// What a file's name ends in, with the dot.
        package var suffix: String {
            switch self {
            case .plain: ""
            case .gzipFast, .gzipSmall: ".gz"
            case .zstd: ".zst"
            }
        }
    }

    package let form: Form
    private let gzip: UnsafeMutablePointer<isal_zstream>?
    private let gzipLevelBuffer: UnsafeMutablePointer<UInt8>?
    private let small: OpaquePointer?
    private let zstd: OpaquePointer?
    private let scratch: UnsafeMutablePointer<UInt8>
    /// Where a whole frame is written before its size is known.
    private var whole: [UInt8] = []
    /// A larger `whole` is given back after use: bytes.
    private static let wholeBytesKept = 4 << 20
    /// What a codec writes at a time: bytes.
    private static let scratchBytes = 128 << 10
    /// ISA-L's recommended working memory for level 1: bytes.
    private static let gzipLevelBytes = 4 * 1024 + 2 * 8 * 1024 + 4 * 64 * 1024

    /// `hasCheckSum` is for zstd: false where the file around its frames has check sums of its own.
    package init(_ form: Form, hasCheckSum: Bool = true) {
        self.form = form
        var gzip: UnsafeMutablePointer<isal_zstream>?
        var levelBuffer: UnsafeMutablePointer<UInt8>?
        var small: OpaquePointer?
        var zstd: OpaquePointer?
        switch form {
        case .plain: break
        case .gzipFast, .gzipSmall:
            unsafe gzip = .allocate(capacity: 1)
            unsafe levelBuffer = .allocate(capacity: Self.gzipLevelBytes)
            if form == .gzipSmall {
                unsafe small = libdeflate_alloc_compressor(6)
            }
        case .zstd(let level):
            unsafe zstd = ZSTD_createCCtx()
            guard let zstd = unsafe zstd else { fatalError("no memory for zstd") }
            _ = unsafe ZSTD_CCtx_setParameter(
                zstd, ZSTD_c_compressionLevel, Int32(level == 0 ? 1 : max(-20, min(level, 19))))
            // Of the fastest level's own for so much at once: a table that stays in the nearest cache, and a window over all
            // of a frame. Events are as small as with the level's, for a seventh less of time.
            if level == 1 {
                _ = unsafe ZSTD_CCtx_setParameter(zstd, ZSTD_c_hashLog, 13)
                _ = unsafe ZSTD_CCtx_setParameter(zstd, ZSTD_c_windowLog, 20)
            }
            _ = unsafe ZSTD_CCtx_setParameter(zstd, ZSTD_c_checksumFlag, hasCheckSum ? 1 : 0)
        }
        unsafe self.gzip = unsafe gzip
        unsafe gzipLevelBuffer = unsafe levelBuffer
        unsafe self.small = unsafe small
        unsafe self.zstd = unsafe zstd
        unsafe scratch = .allocate(capacity: Self.scratchBytes)
        startGzip()
    }

    deinit {
        unsafe scratch.deallocate()
        unsafe gzip?.deallocate()
        unsafe gzipLevelBuffer?.deallocate()
        if let small = unsafe small { unsafe libdeflate_free_compressor(small) }
        if let zstd = unsafe zstd { _ = unsafe ZSTD_freeCCtx(zstd) }
    }

    /// Appends one whole member or frame that holds `bytes`.
    package mutating func pack(_ bytes: [UInt8], into output: inout [UInt8]) {
        if let small = unsafe small {
            let bound = unsafe libdeflate_gzip_compress_bound(small, bytes.count)
            output += unsafe [UInt8](unsafeUninitializedCapacity: bound) { target, written in
                written = unsafe libdeflate_gzip_compress(
                    small, bytes, bytes.count, target.baseAddress, bound)
                precondition(written > 0, "libdeflate wrote past its own bound")
            }
            return
        }
        if let zstd = unsafe zstd {
            unsafe packZstd(zstd, bytes, into: &output)
            return
        }
        write(bytes, into: &output, isLast: true)
    }

    /// Appends one zstd frame; only of a compressor of that form.
    mutating func pack(_ bytes: UnsafeBufferPointer<UInt8>, into output: inout GrowingBuffer<UInt8>) {
        guard let zstd = unsafe zstd else { preconditionFailure("no zstd") }
        let bound = ZSTD_compressBound(bytes.count)
        output.reserve(bound)
        let count = unsafe ZSTD_compress2(zstd, output.end, bound, bytes.baseAddress, bytes.count)
        precondition(ZSTD_isError(count) == 0, "zstd refuses to compress")
        output.add(count)
    }

    /// In one call, which spares zstd a copy of what it reads.
    private mutating func packZstd(_ zstd: OpaquePointer, _ bytes: [UInt8], into output: inout [UInt8]) {
        let bound = ZSTD_compressBound(bytes.count)
        if whole.count < bound {
            let size = max(bound, min(bound + bound / 2, Self.wholeBytesKept))
            whole = unsafe [UInt8](unsafeUninitializedCapacity: size) { _, count in count = size }
        }
        let count = unsafe ZSTD_compress2(zstd, &whole, whole.count, bytes, bytes.count)
        precondition(ZSTD_isError(count) == 0, "zstd refuses to compress")
        output.append(contentsOf: whole[..<count])
        if whole.count > Self.wholeBytesKept { whole = [] }
    }

    /// Appends what is ready of a member or frame that goes on.
    package mutating func write(_ bytes: [UInt8], into output: inout [UInt8]) {
        write(bytes, into: &output, isLast: false)
    }

    /// Ends the member or frame; the next `write` begins another.
    package mutating func finish(into output: inout [UInt8]) {
        write([], into: &output, isLast: true)
    }

    private mutating func write(_ bytes: [UInt8], into output: inout [UInt8], isLast: Bool) {
        if let gzip = unsafe gzip {
            unsafe writeGzip(gzip, bytes, into: &output, isLast: isLast)
        } else if let zstd = unsafe zstd {
            unsafe writeZstd(zstd, bytes, into: &output, isLast: isLast)
        } else {
            output.append(contentsOf: bytes)
        }
    }

    private func startGzip() {
        guard let gzip = unsafe gzip else { return }
        unsafe isal_deflate_init(gzip)
        unsafe gzip.pointee.gzip_flag = UInt16(IGZIP_GZIP)
        unsafe gzip.pointee.level = 1
        unsafe gzip.pointee.level_buf = unsafe gzipLevelBuffer
        unsafe gzip.pointee.level_buf_size = UInt32(Self.gzipLevelBytes)
    }

    private func writeGzip(
        _ gzip: UnsafeMutablePointer<isal_zstream>, _ bytes: [UInt8], into output: inout [UInt8], isLast: Bool
    ) {
        var offset = 0
        var isDone = false
        while !isDone {
            let given = min(bytes.count - offset, 1 << 30)
            let status = unsafe bytes.withUnsafeBufferPointer { source in
                unsafe gzip.pointee.next_in = UnsafeMutablePointer(
                    mutating: source.baseAddress.map { unsafe $0 + offset })
                unsafe gzip.pointee.avail_in = UInt32(given)
                unsafe gzip.pointee.next_out = unsafe scratch
                unsafe gzip.pointee.avail_out = UInt32(Self.scratchBytes)
                unsafe gzip.pointee.end_of_stream = isLast && offset + given == bytes.count ? 1 : 0
                unsafe gzip.pointee.flush = UInt16(NO_FLUSH)
                return unsafe isal_deflate(gzip)
            }
            precondition(status == COMP_OK, "ISA-L refuses to deflate")
            offset += given - Int(unsafe gzip.pointee.avail_in)
            let unused = Int(unsafe gzip.pointee.avail_out)
            unsafe output.append(
                contentsOf: UnsafeBufferPointer(start: scratch, count: Self.scratchBytes - unused))
            isDone =
                isLast
                ? unsafe gzip.pointee.internal_state.state == ZSTATE_END : offset == bytes.count && unused > 0
        }
        if isLast { startGzip() }
    }

    private func writeZstd(
        _ zstd: OpaquePointer, _ bytes: [UInt8], into output: inout [UInt8], isLast: Bool
    ) {
        // A size that is known goes into the frame's header and picks smaller tables for small bodies.
        if isLast, !bytes.isEmpty { _ = unsafe ZSTD_CCtx_setPledgedSrcSize(zstd, UInt64(bytes.count)) }
        var offset = 0
        while true {
            var written = 0
            let left = unsafe bytes.withUnsafeBytes { source in
                var from = unsafe ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: offset)
                var to = unsafe ZSTD_outBuffer(dst: scratch, size: Self.scratchBytes, pos: 0)
                let left = unsafe ZSTD_compressStream2(
                    zstd, &to, &from, isLast ? ZSTD_e_end : ZSTD_e_continue)
                offset = unsafe from.pos
                written = unsafe to.pos
                return left
            }
            precondition(ZSTD_isError(left) == 0, "zstd refuses to compress")
            unsafe output.append(contentsOf: UnsafeBufferPointer(start: scratch, count: written))
            if isLast ? left == 0 : offset == bytes.count { return }
        }
    }
}
