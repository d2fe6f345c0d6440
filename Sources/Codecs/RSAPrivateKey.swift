internal import COpenSSL

/// An RSA key that signs: service accounts' tokens, and the digests of a simulated CloudTrail.
@safe package final class RSAPrivateKey: Sendable {
    private nonisolated(unsafe) let key: OpaquePointer

    /// A new key of so many bits.
    package init(bits: Int32 = 2_048) {
        let context = unsafe EVP_PKEY_CTX_new_id(EVP_PKEY_RSA, nil)
        defer { unsafe EVP_PKEY_CTX_free(context) }
        var made: OpaquePointer?
        guard unsafe EVP_PKEY_keygen_init(context) == 1,
            unsafe EVP_PKEY_CTX_set_rsa_keygen_bits(context, bits) == 1,
            unsafe EVP_PKEY_keygen(context, &made) == 1, let made = unsafe made
        else { fatalError("OpenSSL makes no key of \(bits) bits") }
        unsafe key = unsafe made
    }

    deinit { unsafe EVP_PKEY_free(key) }

    /// PKCS#1 v1.5 with SHA-256: `SHA256withRSA`, `RS256`.
    package func signSHA256(_ message: [UInt8]) -> [UInt8] {
        guard let context = unsafe EVP_MD_CTX_new() else { fatalError("out of memory") }
        defer { unsafe EVP_MD_CTX_free(context) }
        var count = Int(unsafe EVP_PKEY_get_size(key))
        var signature = [UInt8](repeating: 0, count: count)
        guard unsafe EVP_DigestSignInit(context, nil, EVP_sha256(), nil, key) == 1,
            unsafe EVP_DigestSign(context, &signature, &count, message, message.count) == 1
        else { fatalError("OpenSSL refuses to sign") }
        return Array(signature.prefix(count))
    }

    /// The DER of `RSAPublicKey`, as `RSASignature` takes it.
    package var publicKeyPKCS1: [UInt8] {
        let count = Int(unsafe i2d_PublicKey(key, nil))
        guard count > 0 else { fatalError("OpenSSL gives no public key") }
        var bytes = [UInt8](repeating: 0, count: count)
        unsafe bytes.withUnsafeMutableBufferPointer { buffer in
            var cursor = buffer.baseAddress
            _ = unsafe i2d_PublicKey(key, &cursor)
        }
        return bytes
    }
}
