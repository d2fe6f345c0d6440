import Engine
import Testing

@testable import Codecs

@Suite struct DigestTests {
    @Test("Published test vectors hold")
    func vectors() {
        let abc = Array("abc".utf8)
        #expect(
            Digest.sha256Hex(abc) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(
            Digest.sha256Hex([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(Hex.encode(Digest.sha1(abc)) == "a9993e364706816aba3e25717850c26c9cd0d89d")
        #expect(Hex.encode(Digest.md5(abc)) == "900150983cd24fb0d6963f7d28e17f72")
        // RFC 4231, case 2, and an empty key.
        let tag = Digest.hmacSHA256(Array("what do ya want for nothing?".utf8), key: Array("Jefe".utf8))
        #expect(Hex.encode(tag) == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        #expect(
            Hex.encode(Digest.hmacSHA256([], key: []))
                == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad")
        #expect(CRC32C.of(Array("123456789".utf8)) == 0xe306_9283)
        #expect(CRC32C.of([]) == 0)
        #expect(CRC32C.of([UInt8](repeating: 0, count: 32)) == 0x8a91_36aa)
        #expect(CRC32C.of(Array("xx123456789".utf8), in: 2..<11) == 0xe306_9283)
    }

    @Test("A hash in pieces is the hash of the whole, and the hasher starts over")
    func incremental() {
        var hasher = Hasher()
        for _ in 0..<2 {
            for byte in "abc".utf8 { hasher.update([byte]) }
            #expect(hasher.finish() == Digest.sha256(Array("abc".utf8)))
        }
    }

    @Test("Hexadecimal and Base64 read what they write, and nothing else", arguments: 0..<64)
    func roundTrips(count: Int) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ count) }
        #expect(Hex.decode(Hex.encode(bytes)) == bytes)
        #expect(Base64.decode(Base64.encode(bytes)) == bytes)
        #expect(Base64.decode(Base64.encode(bytes, .url).filter { $0 != "=" }) == bytes)
    }

    @Test("Base64 vectors of RFC 4648, and what is no Base64")
    func base64() {
        #expect(
            ["", "f", "fo", "foo", "foob", "fooba"].map { Base64.encode(Array($0.utf8)) } == [
                "", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=",
            ])
        for wrong in ["Z", "Zg=", "Zg===", "Zh==", "Zm 9v", "Zg==Zg==", "====", "Zm9\n"] {
            #expect(Base64.decode(wrong) == nil, "\(wrong)")
        }
        #expect(Hex.decode("0g") == nil)
        #expect(Hex.decode("abc") == nil)
    }

    @Test("Percent-encoding keeps only RFC 3986's unreserved characters")
    func percent() {
        #expect(PercentEncoding.encode("a b/ü~*'()+") == "a%20b%2F%C3%BC~%2A%27%28%29%2B")
        #expect(PercentEncoding.encode("a b/c", keepingSlash: true) == "a%20b/c")
        #expect(PercentEncoding.decode("a+b%2Fc%C3%BC", plusIsSpace: true) == "a b/cü")
        #expect(PercentEncoding.decode("a+b") == "a+b")
        for wrong in ["%", "%4", "%zz", "%ff"] { #expect(PercentEncoding.decode(wrong) == nil) }
    }

    @Test("A comparison in constant time is still a comparison")
    func constantTime() {
        #expect(Digest.equalInConstantTime([1, 2], [1, 2]))
        #expect(!Digest.equalInConstantTime([1, 2], [1, 3]))
        #expect(!Digest.equalInConstantTime([1, 2], [1, 2, 3]))
    }

    @Test("An RSA signature by OpenSSL's own tool is valid, and any change to it or to the message is not")
    func rsa() throws {
        let key = try #require(Base64.decode(Self.publicKey))
        let message = Array("martlet digest".utf8)
        var signature = try #require(Base64.decode(Self.signature))
        #expect(try RSASignature.isValidSHA256(signature, of: message, publicKeyPKCS1: key))
        #expect(try !RSASignature.isValidSHA256(signature, of: message + [0], publicKeyPKCS1: key))
        #expect(try !RSASignature.isValidSHA256([], of: message, publicKeyPKCS1: key))
        signature[7] ^= 1
        #expect(try !RSASignature.isValidSHA256(signature, of: message, publicKeyPKCS1: key))
        for broken in [[], Array(key.dropLast()), key + [0], [0x30, 0x03, 2, 1, 1]] {
            #expect(throws: RSASignature.KeyError.notAPublicKey) {
                try RSASignature.isValidSHA256(signature, of: message, publicKeyPKCS1: broken)
            }
        }
    }

    // A throw-away key pair: openssl genrsa 2048; openssl rsa -RSAPublicKey_out -outform DER; openssl dgst -sha256 -sign.
    private static let publicKey =
        "MIIBCgKCAQEAyEWKZVWXlBaWI1MAobx++p4xmHU2rkMNLkvRZq+tGUgdgdKgdhBFTo14NuP4RdgIJpUPiBw0xPWXbX"
        + "PmcM/Ur45OCRTrVJK3WitWTo80xB3JHB/CFP6KeXrXPDQn5vFu5vHNvwQwoYXNLAjtOVbwNtuf1Em6AC0iOoFJ5ZO1"
        + "8O+ZKieQDfiRxpAYhTV72uAN5bKJ8lkr739ZuN8K0bQHpo9dMMX26LPfhReigqiP9g+JD40eoQ253qf7dYko3wcKih"
        + "ZlVW4M86GYQHKqBq4gs5qRl0GQzIyOkztQFatt48h7N28IXO+JA1eJIM8bPAcclTBhdg77kLYLpNnkNoQfdQIDAQAB"
    private static let signature =
        "lFZ/aKzjwnv3t7ECVJ1WTuzzBuNbvfpDKe897Z3ILdM8a0hUaJBr6UjnzacePIIft0kjghEb8+rkReUsvawqWEu515"
        + "BvYQHg+fyKO1I/ZjrvzBbomoj89NHzbIOqoOyESnBh+XI1QUAn3JdvileoK1I9T1Fu/yf/xHBLCSJ/f/wi6acAP2Ga"
        + "1WEBqOH7Pty4Szu1RldZbb4+lU7/ihy51abeHj/sY7suHcpIpjD/pC35oLNwufCGO1oEBH3LZTKD0/heT2jJM7CrlU"
        + "SJlH59vLKIB7Lf+BuN7wlP9qaMStRFK91zu9UN0n8eyrelqpZeVveUUPjwvan1ekTnZ0xrdQ=="
}
