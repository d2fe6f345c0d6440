internal import CZstd
import Synchronization

/// Unpacks zstd frames whose unpacked size is known; its state is reused, by the next unpacker, too.
@safe package struct ZstdUnpacker: ~Copyable, @unchecked Sendable {
    private let context: OpaquePointer

    /// States that nobody uses, by their addresses: making one costs more than unpacking a small page.
    private static let spare = Mutex<[UInt]>([])
    private static let spareMax = 8

    package init() {
        if let address = Self.spare.withLock({ $0.popLast() }),
            let known = unsafe OpaquePointer(bitPattern: address)
        {
            unsafe context = known
            return
        }
        guard let context = unsafe ZSTD_createDCtx() else { fatalError("no memory for zstd") }
        unsafe self.context = unsafe context
    }

    deinit {
        let address = unsafe UInt(bitPattern: context)
        let isKept = Self.spare.withLock { spare in
            if spare.count < Self.spareMax { spare.append(address) }
            return spare.last == address
        }
        if !isKept { _ = unsafe ZSTD_freeDCtx(context) }
    }

    /// Appends what the bytes unpack to, and leaves room for eight more behind it. False where that is not exactly
    /// `count` bytes.
    func unpack(
        _ source: UnsafeRawBufferPointer, count: Int, into output: inout GrowingBuffer<UInt8>
    ) -> Bool {
        guard unsafe Self.mayHold(count, source) else { return false }
        output.reserve(count + 8)
        guard unsafe write(source, count, isVerified: false, to: output.end) else { return false }
        output.add(count)
        return true
    }

    /// Writes what the range unpacks to over the beginning of `output`, which keeps its length where that is enough: memory
    /// that is used again is not made anew. False where it is not exactly `count` bytes.
    ///
    /// - Parameter isVerified: whether a check sum of the packed bytes has been compared: then the frame's own, which costs a
    ///   pass over all that it unpacks to, can tell nothing more.
    package func unpack(
        _ bytes: [UInt8], in range: Range<Int>, count: Int, isVerified: Bool, over output: inout [UInt8]
    ) -> Bool {
        unsafe bytes.withUnsafeBytes { all in
            let source = unsafe UnsafeRawBufferPointer(rebasing: all[range])
            guard unsafe Self.mayHold(count, source) else { return false }
            if output.count < count { output = [UInt8](repeating: 0, count: count + count / 4) }
            return unsafe output.withUnsafeMutableBytes {
                unsafe write(source, count, isVerified: isVerified, to: $0.baseAddress)
            }
        }
    }

    /// Replaces `output` by what the range unpacks to. False where that is not exactly `count` bytes.
    package func unpack(
        _ bytes: [UInt8], in range: Range<Int>, count: Int, isVerified: Bool, into output: inout [UInt8]
    ) -> Bool {
        unsafe bytes.withUnsafeBytes { all in
            let source = unsafe UnsafeRawBufferPointer(rebasing: all[range])
            guard unsafe Self.mayHold(count, source) else { return false }
            output = unsafe [UInt8](unsafeUninitializedCapacity: count) { target, written in
                written =
                    unsafe write(source, count, isVerified: isVerified, to: target.baseAddress) ? count : 0
            }
            return output.count == count
        }
    }

    /// A frame that says another size is refused before room is made for what was claimed.
    private static func mayHold(_ count: Int, _ source: UnsafeRawBufferPointer) -> Bool {
        let said = unsafe ZSTD_getFrameContentSize(source.baseAddress, source.count)
        return said == UInt64(count) || said == UInt64.max
    }

    private func write(
        _ source: UnsafeRawBufferPointer, _ count: Int, isVerified: Bool, to target: UnsafeMutableRawPointer?
    ) -> Bool {
        // `ZSTD_d_forceIgnoreChecksum`, by the name that the library's shared form has for it; one that does not know it checks.
        _ = unsafe ZSTD_DCtx_setParameter(context, ZSTD_d_experimentalParam3, isVerified ? 1 : 0)
        let result = unsafe ZSTD_decompressDCtx(
            context, target, count, source.baseAddress, source.count)
        return ZSTD_isError(result) == 0 && result == count
    }
}
