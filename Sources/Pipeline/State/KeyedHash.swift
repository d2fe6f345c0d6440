/// SipHash-1-3 of a run of bytes: a hash that nobody can aim at who does not know the key.
///
/// The key is drawn once per state folder, so that hashes on disk mean the same after a restart.
struct KeyedHash: Sendable {
    private let k0: UInt64
    private let k1: UInt64

    init(key: [UInt64]) {
        k0 = key.first ?? 0
        k1 = key.dropFirst().first ?? 0
    }

    func hash(_ bytes: [UInt8], in range: Range<Int>) -> UInt64 {
        var v0 = k0 ^ 0x736f_6d65_7073_6575
        var v1 = k1 ^ 0x646f_7261_6e64_6f6d
        var v2 = k0 ^ 0x6c79_6765_6e65_7261
        var v3 = k1 ^ 0x7465_6462_7974_6573
        func mix(_ word: UInt64, rounds: Int = 1) {
            v3 ^= word
            for _ in 0..<rounds { round() }
            v0 ^= word
        }
        func round() {
            v0 &+= v1
            v2 &+= v3
            v1 = (v1 << 13 | v1 >> 51) ^ v0
            v3 = (v3 << 16 | v3 >> 48) ^ v2
            v0 = v0 << 32 | v0 >> 32
            v2 &+= v1
            v0 &+= v3
            v1 = (v1 << 17 | v1 >> 47) ^ v2
            v3 = (v3 << 21 | v3 >> 43) ^ v0
            v2 = v2 << 32 | v2 >> 32
        }
        let span = bytes.span
        var index = range.lowerBound
        while index + 8 <= range.upperBound {
            var word: UInt64 = 0
            for byte in 0..<8 { word |= UInt64(span[index + byte]) << UInt64(8 * byte) }
            mix(word)
            index += 8
        }
        var last = UInt64(truncatingIfNeeded: range.count) << 56
        for byte in 0..<range.upperBound - index { last |= UInt64(span[index + byte]) << UInt64(8 * byte) }
        mix(last)
        v2 ^= 0xff
        for _ in 0..<3 { round() }
        return v0 ^ v1 ^ v2 ^ v3
    }
}
