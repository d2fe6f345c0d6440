internal import COpenSSL

/// A key that signs: RSA or P-256. For tokens' assertions, and the digests of a simulated CloudTrail.
@safe package final class PrivateKey: Sendable {
    /// How a JSON Web Signature is made; the names are RFC 7518's.
    package enum Algorithm: String, Hashable, Sendable, CaseIterable {
        /// RSA, PKCS#1 v1.5, SHA-256.
        case rs256 = "RS256"
        /// RSA, PSS with a salt as long as the digest, SHA-256.
        case ps256 = "PS256"
        /// ECDSA over P-256, SHA-256; the signature is `r` and `s` of 32 bytes each.
        case es256 = "ES256"
    }

    /// Why a text is no key of ours; never any part of the text.
    package struct Refusal: Error, Hashable, Sendable, CustomStringConvertible {
        package var description: String

        package init(description: String) { self.description = description }
    }

    /// RSA keys below this are forgeable: bits of the modulus.
    private static let rsaBitsMin: Int32 = 2_048

    private nonisolated(unsafe) let key: OpaquePointer
    package let isRSA: Bool

    /// A new RSA key of so many bits.
    package init(bits: Int32 = 2_048) {
        unsafe key = Self.generated(EVP_PKEY_RSA) { unsafe EVP_PKEY_CTX_set_rsa_keygen_bits($0, bits) }
        isRSA = true
    }

    /// A new key on the curve P-256.
    package init(onP256: Void) {
        unsafe key = Self.generated(EVP_PKEY_EC) {
            unsafe EVP_PKEY_CTX_set_ec_paramgen_curve_nid($0, NID_X9_62_prime256v1)
        }
        isRSA = false
    }

    /// Reads PKCS#8, PKCS#1 or SEC 1 in PEM form; other blocks of the file, certificates for one, are passed over.
    package init(pem text: String) throws(Refusal) {
        let blocks = PEM.blocks(in: text)
        guard let block = blocks.first(where: { $0.label.hasSuffix("PRIVATE KEY") }) else {
            throw Refusal(description: "there is no private key in PEM form")
        }
        guard block.label != "ENCRYPTED PRIVATE KEY", !block.isEncrypted else {
            throw Refusal(description: "the private key is encrypted: decrypt it with openssl pkey")
        }
        defer { ERR_clear_error() }
        let parsed: OpaquePointer? = unsafe block.der.withUnsafeBufferPointer { buffer in
            var cursor = buffer.baseAddress
            return unsafe d2i_AutoPrivateKey(nil, &cursor, buffer.count)
        }
        guard let parsed = unsafe parsed else {
            throw Refusal(description: "the private key in PEM form is damaged")
        }
        let isRSA = unsafe EVP_PKEY_get_base_id(parsed) == EVP_PKEY_RSA
        let isP256 = unsafe EVP_PKEY_get_base_id(parsed) == EVP_PKEY_EC && EVP_PKEY_get_bits(parsed) == 256
        guard isP256 || isRSA && (unsafe EVP_PKEY_get_bits(parsed)) >= Self.rsaBitsMin else {
            unsafe EVP_PKEY_free(parsed)
            throw Refusal(description: "the private key must be RSA of at least 2048 bits, or on P-256")
        }
        unsafe key = unsafe parsed
        self.isRSA = isRSA
    }

    deinit { unsafe EVP_PKEY_free(key) }

    private static func generated(_ kind: Int32, _ set: (OpaquePointer) -> Int32) -> OpaquePointer {
        let context = unsafe EVP_PKEY_CTX_new_id(kind, nil)
        defer { unsafe EVP_PKEY_CTX_free(context) }
        var made: OpaquePointer?
        guard let context = unsafe context, unsafe EVP_PKEY_keygen_init(context) == 1,
            unsafe set(context) == 1, unsafe EVP_PKEY_keygen(context, &made) == 1, let made = unsafe made
        else { fatalError("OpenSSL makes no key") }
        return unsafe made
    }

    /// The algorithm that a key of this kind is used with where nothing else is asked for.
    package var usualAlgorithm: Algorithm { isRSA ? .rs256 : .es256 }

    /// - Precondition: the algorithm is one for this kind of key.
    package func sign(_ message: [UInt8], _ algorithm: Algorithm) -> [UInt8] {
        precondition(isRSA == (algorithm != .es256), "\(algorithm.rawValue) with the wrong kind of key")
        guard let context = unsafe EVP_MD_CTX_new() else { fatalError("out of memory") }
        defer { unsafe EVP_MD_CTX_free(context) }
        var count = Int(unsafe EVP_PKEY_get_size(key))
        var signature = [UInt8](repeating: 0, count: count)
        var details: OpaquePointer?
        var isDone = unsafe EVP_DigestSignInit(context, &details, EVP_sha256(), nil, key) == 1
        if isDone, algorithm == .ps256 {
            let isPadded = unsafe EVP_PKEY_CTX_set_rsa_padding(details, RSA_PKCS1_PSS_PADDING) == 1
            // A salt as long as the digest.
            isDone = unsafe isPadded && EVP_PKEY_CTX_set_rsa_pss_saltlen(details, -1) == 1
        }
        isDone = unsafe isDone && EVP_DigestSign(context, &signature, &count, message, message.count) == 1
        guard isDone else { fatalError("OpenSSL refuses to sign") }
        let made = Array(signature.prefix(count))
        return algorithm == .es256 ? Self.fixedWidth(made) : made
    }

    /// `r` and `s` of a DER signature, each in 32 bytes.
    private static func fixedWidth(_ der: [UInt8]) -> [UInt8] {
        var fixed: [UInt8] = []
        var at = 2
        for _ in 0..<2 {
            let count = Int(der[at + 1])
            let digits = der[(at + 2)..<(at + 2 + count)].drop { $0 == 0 }
            fixed += [UInt8](repeating: 0, count: 32 - digits.count) + digits
            at += 2 + count
        }
        return fixed
    }

    /// The private half in PEM form, unencrypted.
    package var pem: String {
        let text = Base64.encode(unsafe exported { unsafe i2d_PrivateKey(key, $0) })
        let label = isRSA ? "RSA PRIVATE KEY" : "EC PRIVATE KEY"
        var lines: [Substring] = []
        var rest = text[...]
        while !rest.isEmpty {
            lines.append(rest.prefix(64))
            rest = rest.dropFirst(64)
        }
        return "-----BEGIN \(label)-----\n\(lines.joined(separator: "\n"))\n-----END \(label)-----\n"
    }

    /// The DER of `RSAPublicKey`, as `RSASignature` takes it.
    package var publicKeyPKCS1: [UInt8] { unsafe exported { unsafe i2d_PublicKey(key, $0) } }

    /// The DER of `SubjectPublicKeyInfo`, of which some vendors want the digest.
    package var publicKeySPKI: [UInt8] { unsafe exported { unsafe i2d_PUBKEY(key, $0) } }

    private func exported(_ write: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> Int32) -> [UInt8]
    {
        let count = Int(write(nil))
        guard count > 0 else { fatalError("OpenSSL gives no public key") }
        var bytes = [UInt8](repeating: 0, count: count)
        unsafe bytes.withUnsafeMutableBufferPointer { buffer in
            var cursor = buffer.baseAddress
            _ = unsafe write(&cursor)
        }
        return bytes
    }

    /// The public half's members of a JSON Web Key, big-endian and without leading zeros but those of a point.
    package var publicParts: [(name: String, value: [UInt8])] {
        isRSA
            ? [("e", number("e")), ("n", number("n"))]
            : [("x", padded(number("qx"))), ("y", padded(number("qy")))]
    }

    private func padded(_ bytes: [UInt8]) -> [UInt8] {
        [UInt8](repeating: 0, count: 32 - bytes.count) + bytes
    }

    private func number(_ name: String) -> [UInt8] {
        var value: OpaquePointer?
        guard unsafe EVP_PKEY_get_bn_param(key, name, &value) == 1, let value = unsafe value else {
            fatalError("OpenSSL gives no \(name)")
        }
        defer { unsafe BN_free(value) }
        var bytes = [UInt8](repeating: 0, count: Int(unsafe BN_num_bits(value) + 7) / 8)
        _ = unsafe BN_bn2bin(value, &bytes)
        return bytes
    }

    /// Whether a certificate (DER) is this key's; `nil` where the bytes are no certificate.
    package func isKey(ofCertificate der: [UInt8]) -> Bool? {
        defer { ERR_clear_error() }
        let parsed: OpaquePointer? = unsafe der.withUnsafeBufferPointer { buffer in
            var cursor = buffer.baseAddress
            return unsafe d2i_X509(nil, &cursor, buffer.count)
        }
        guard let certificate = unsafe parsed else { return nil }
        defer { unsafe X509_free(certificate) }
        return unsafe X509_check_private_key(certificate, key) == 1
    }
}

/// Blocks of `-----BEGIN …-----` text.
package enum PEM {
    package struct Block: Hashable, Sendable {
        /// `CERTIFICATE`, `PRIVATE KEY`, …
        package var label: String
        package var der: [UInt8]
        /// Whether the old header says that the bytes are encrypted.
        package var isEncrypted: Bool
    }

    /// All well-formed blocks in their order; what else stands in the text is passed over.
    ///
    /// A text on one line with `\n` written out, as environment variables often have it, is read as well.
    package static func blocks(in text: String) -> [Block] {
        let text = text.contains("\\n") ? text.replacing("\\n", with: "\n") : text
        var blocks: [Block] = []
        var label: String?
        var body = ""
        var isEncrypted = false
        for line in text.split(whereSeparator: \.isNewline) {
            let line = line.drop { $0 == " " || $0 == "\t" }
            if line.hasPrefix("-----BEGIN "), let end = line.dropFirst(11).firstRange(of: "-----") {
                label = String(line.dropFirst(11)[..<end.lowerBound])
                body = ""
                isEncrypted = false
            } else if line.hasPrefix("-----END "), let name = label {
                if let der = Base64.decode(body) {
                    blocks.append(Block(label: name, der: der, isEncrypted: isEncrypted))
                } else if isEncrypted {
                    blocks.append(Block(label: name, der: [], isEncrypted: true))
                }
                label = nil
            } else if line.contains(":") {
                isEncrypted = isEncrypted || line.contains("ENCRYPTED")
            } else {
                body += line.filter { !$0.isWhitespace }
            }
        }
        return blocks
    }
}
