internal import COpenSSL

/// RSA signatures as CloudTrail's digest files carry them.
package enum RSASignature {
    /// Why a signature could not even be tried.
    package enum KeyError: Error, Hashable, Sendable { case notAPublicKey }

    /// Keys below this are forgeable, and those above cost minutes: bits of the modulus.
    private static let keyBits = 1_024...16_384

    /// Whether `signature` over `message` (PKCS#1 v1.5, SHA-256) was made with this key's other half.
    ///
    /// - Parameter publicKeyPKCS1: the DER of `RSAPublicKey` (PKCS#1), which is what ListPublicKeys gives, not
    ///   the more usual `SubjectPublicKeyInfo`.
    package static func isValidSHA256(
        _ signature: [UInt8], of message: [UInt8], publicKeyPKCS1 key: [UInt8]
    ) throws(KeyError) -> Bool {
        defer { ERR_clear_error() }
        let parsed: OpaquePointer? = unsafe key.withUnsafeBufferPointer { buffer in
            var cursor = buffer.baseAddress
            guard let key = unsafe d2i_PublicKey(EVP_PKEY_RSA, nil, &cursor, buffer.count) else { return nil }
            guard unsafe cursor == buffer.baseAddress.map({ unsafe $0 + buffer.count }) else {
                unsafe EVP_PKEY_free(key)
                return nil
            }
            return unsafe key
        }
        guard let parsed = unsafe parsed else { throw .notAPublicKey }
        defer { unsafe EVP_PKEY_free(parsed) }
        guard keyBits.contains(Int(unsafe EVP_PKEY_get_bits(parsed))),
            let context = unsafe EVP_MD_CTX_new()
        else { throw .notAPublicKey }
        defer { unsafe EVP_MD_CTX_free(context) }
        // RSA keys verify with PKCS#1 v1.5 padding unless told otherwise.
        guard unsafe EVP_DigestVerifyInit(context, nil, EVP_sha256(), nil, parsed) == 1 else {
            throw .notAPublicKey
        }
        return unsafe EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
    }
}
