/// wyhash, final version 4, by Wang Yi (public domain, https://github.com/wangyi-fudan/wyhash): a fast 64-bit hash for
/// telling records apart. Not for adversaries who choose both records; equality of content is all it is used for.
package enum WyHash {
    private static let secret: (UInt64, UInt64, UInt64, UInt64) = (
        0x2d35_8dcc_aa6c_78a5, 0x8bb8_4b93_962e_acc9, 0x4b33_a62e_d433_d4a3, 0x4d5a_2da5_1de1_aa47
    )

    @inline(__always) static func mix(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let product = a.multipliedFullWidth(by: b)
        return product.high ^ product.low
    }

    package static func hash(_ bytes: Span<UInt8>, seed: UInt64 = 0) -> UInt64 {
        unsafe bytes.withUnsafeBufferPointer { unsafe hash($0, seed: seed) }
    }

    package static func hash(_ bytes: UnsafeBufferPointer<UInt8>, seed: UInt64 = 0) -> UInt64 {
        guard let base = bytes.baseAddress else { return mix(secret.0 ^ seed, secret.1) }
        let p = unsafe UnsafeRawPointer(base)
        let count = bytes.count
        @inline(__always) func read8(_ at: Int) -> UInt64 {
            unsafe p.loadUnaligned(fromByteOffset: at, as: UInt64.self)
        }
        @inline(__always) func read4(_ at: Int) -> UInt64 {
            unsafe UInt64(p.loadUnaligned(fromByteOffset: at, as: UInt32.self))
        }
        var seed = seed ^ mix(seed ^ secret.0, secret.1)
        var a: UInt64 = 0
        var b: UInt64 = 0
        if count <= 16 {
            if count >= 4 {
                let middle = (count >> 3) << 2
                a = read4(0) << 32 | read4(middle)
                b = read4(count - 4) << 32 | read4(count - 4 - middle)
            } else if count > 0 {
                a = unsafe UInt64(bytes[0]) << 16 | UInt64(bytes[count >> 1]) << 8 | UInt64(bytes[count - 1])
            }
        } else {
            var left = count
            var at = 0
            if left > 48 {
                var see1 = seed
                var see2 = seed
                repeat {
                    seed = mix(read8(at) ^ secret.1, read8(at + 8) ^ seed)
                    see1 = mix(read8(at + 16) ^ secret.2, read8(at + 24) ^ see1)
                    see2 = mix(read8(at + 32) ^ secret.3, read8(at + 40) ^ see2)
                    at += 48
                    left -= 48
                } while left > 48
                seed ^= see1 ^ see2
            }
            while left > 16 {
                seed = mix(read8(at) ^ secret.1, read8(at + 8) ^ seed)
                at += 16
                left -= 16
            }
            a = read8(at + left - 16)
            b = read8(at + left - 8)
        }
        a ^= secret.1
        b ^= seed
        let product = a.multipliedFullWidth(by: b)
        return mix(product.low ^ secret.0 ^ UInt64(truncatingIfNeeded: count), product.high ^ secret.1)
    }
}
