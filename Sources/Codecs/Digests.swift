internal import COpenSSL

/// A cryptographic hash over bytes that arrive in pieces.
///
/// The algorithms are those that the vendors' protocols name; SHA-1 and MD5 are here to check what others wrote.
@safe package struct Hasher: ~Copyable, @unchecked Sendable {
    package enum Algorithm: Sendable {
        case sha256, sha1, md5

        package var byteCount: Int {
            switch self {
            case .sha256: 32
            case .sha1: 20
            case .md5: 16
            }
        }

        fileprivate var evp: OpaquePointer {
            switch self {
            case .sha256: unsafe EVP_sha256()
            case .sha1: unsafe EVP_sha1()
            case .md5: unsafe EVP_md5()
            }
        }
    }

    private let algorithm: Algorithm
    private let context: OpaquePointer

    package init(_ algorithm: Algorithm = .sha256) {
        self.algorithm = algorithm
        guard let context = unsafe EVP_MD_CTX_new(),
            unsafe EVP_DigestInit_ex(context, algorithm.evp, nil) == 1
        else { fatalError("OpenSSL refuses \(algorithm)") }
        unsafe self.context = unsafe context
    }

    deinit { unsafe EVP_MD_CTX_free(context) }

    package mutating func update(_ bytes: [UInt8]) { update(bytes, in: 0..<bytes.count) }

    package mutating func update(_ bytes: [UInt8], in range: Range<Int>) {
        unsafe bytes.withUnsafeBytes { all in
            let slice = unsafe UnsafeRawBufferPointer(rebasing: all[range])
            let done = unsafe EVP_DigestUpdate(context, slice.baseAddress, slice.count)
            precondition(done == 1, "OpenSSL refuses an update")
        }
    }

    /// The digest of everything so far; the hasher starts over.
    package mutating func finish() -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: algorithm.byteCount)
        let done = unsafe EVP_DigestFinal_ex(context, &digest, nil) == 1
        let again = unsafe EVP_DigestInit_ex(context, algorithm.evp, nil) == 1
        precondition(done && again, "OpenSSL refuses a digest")
        return digest
    }
}

/// One-shot digests.
package enum Digest {
    package static func sha256(_ bytes: [UInt8]) -> [UInt8] { digest(bytes, .sha256) }
    package static func sha1(_ bytes: [UInt8]) -> [UInt8] { digest(bytes, .sha1) }
    package static func md5(_ bytes: [UInt8]) -> [UInt8] { digest(bytes, .md5) }

    package static func sha256Hex(_ bytes: [UInt8]) -> String { Hex.encode(sha256(bytes)) }

    package static func hmacSHA256(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
        var tag = [UInt8](repeating: 0, count: 32)
        // An empty key is a valid one, yet OpenSSL reads a null pointer as "the key of before".
        let padded = key.isEmpty ? [0] : key
        let done = unsafe HMAC(
            EVP_sha256(), padded, Int32(truncatingIfNeeded: key.count), message, message.count, &tag, nil)
        unsafe precondition(done != nil, "OpenSSL refuses an HMAC")
        return tag
    }

    /// Compares without telling by its time where the first difference stands.
    package static func equalInConstantTime(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        guard a.count == b.count else { return false }
        var difference: UInt8 = 0
        for index in a.indices { difference |= a[index] ^ b[index] }
        return difference == 0
    }

    private static func digest(_ bytes: [UInt8], _ algorithm: Hasher.Algorithm) -> [UInt8] {
        var hasher = Hasher(algorithm)
        hasher.update(bytes)
        return hasher.finish()
    }
}
