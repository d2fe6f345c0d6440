internal import CISAL

/// The Castagnoli check sum that the spool and the journal put on each frame; ISA-L computes it in hardware.
package enum CRC32C {
    package static func of(_ bytes: [UInt8]) -> UInt32 { of(bytes, in: 0..<bytes.count) }

    package static func of(_ bytes: [UInt8], in range: Range<Int>) -> UInt32 {
        unsafe bytes.withUnsafeBufferPointer { all in
            var crc: UInt32 = .max
            var slice = unsafe all[range]
            // ISA-L counts in `int`.
            while unsafe !slice.isEmpty {
                let part = unsafe UnsafeBufferPointer(rebasing: slice.prefix(1 << 30))
                crc = unsafe crc32_iscsi(
                    UnsafeMutablePointer(mutating: part.baseAddress), Int32(truncatingIfNeeded: part.count),
                    crc)
                unsafe slice = unsafe slice.dropFirst(part.count)
            }
            return ~crc
        }
    }
}

/// The check sum of gzip, PNG and Parquet's pages; ISA-L computes it in hardware.
package enum CRC32 {
    package static func of(_ bytes: [UInt8]) -> UInt32 { of(bytes, in: 0..<bytes.count) }

    package static func of(_ bytes: [UInt8], in range: Range<Int>) -> UInt32 {
        unsafe bytes.withUnsafeBufferPointer { all in
            unsafe of(UnsafeBufferPointer(rebasing: all[range]))
        }
    }

    package static func of(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt32 {
        unsafe crc32_gzip_refl(0, bytes.baseAddress, UInt64(bytes.count))
    }
}
