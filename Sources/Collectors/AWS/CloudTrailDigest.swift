import Codecs
import Credentials
import Engine
import Ports

/// A digest file: which log files CloudTrail delivered in an hour, signed, each naming the one before it.
struct CloudTrailDigest: Hashable, Sendable {
    struct LogFile: Hashable, Sendable {
        var bucket: String
        var key: String
        /// Lower-case hex of the SHA-256 of the uncompressed file.
        var hash: String
    }

    struct Previous: Hashable, Sendable {
        var bucket: String
        var key: String
        /// Hex.
        var signature: String
    }

    /// The largest digest or log file unpacked for its hash, bytes.
    static let unpackedBytesMax = 1 << 30

    var bucket: String
    var key: String
    var start: Timestamp
    var end: Timestamp
    /// As written: the signature is over this text.
    var endText: String
    var fingerprint: String
    var previous: Previous?
    var logs: [LogFile]
    /// What the signature has to be of, less the digest's own hash and place.
    private let unpackedHash: String

    /// - Throws: a sentence that says why the bytes are no digest file of CloudTrail's.
    init(packed: [UInt8]) throws(Unreadable) {
        let bytes = try unpack(packed)
        guard let json = JSONValue(json: bytes) else { throw Unreadable("it is not JSON") }
        func text(_ name: String) throws(Unreadable) -> String {
            guard let text = json[name]?.string else { throw Unreadable("it has no \(name)") }
            return text
        }
        bucket = try text("digestS3Bucket")
        key = try text("digestS3Object")
        endText = try text("digestEndTime")
        guard let start = Timestamp(iso8601: try text("digestStartTime")),
            let end = Timestamp(iso8601: endText)
        else {
            throw Unreadable("its times cannot be read")
        }
        self.start = start
        self.end = end
        fingerprint = try text("digestPublicKeyFingerprint")
        if let key = json["previousDigestS3Object"]?.string {
            previous = Previous(
                bucket: try text("previousDigestS3Bucket"), key: key,
                signature: try text("previousDigestSignature"))
        }
        guard let list = json["logFiles"]?.array else { throw Unreadable("it has no logFiles") }
        logs = []
        for log in list {
            guard let bucket = log["s3Bucket"]?.string, let key = log["s3Object"]?.string,
                let hash = log["hashValue"]?.string, log["hashAlgorithm"]?.string == "SHA-256"
            else { throw Unreadable("one of its logFiles cannot be read") }
            logs.append(LogFile(bucket: bucket, key: key, hash: hash.lowercased()))
        }
        unpackedHash = Digest.sha256Hex(bytes)
    }

    /// What CloudTrail signed.
    var signedText: String {
        "\(endText)\n\(bucket)/\(key)\n\(unpackedHash)\n\(previous?.signature ?? "null")"
    }

    /// `nil` where the signature is right.
    func signatureFault(signature: String?, algorithm: String?, key: [UInt8]?) -> String? {
        guard let signature = signature.flatMap(Hex.decode) else { return "its metadata holds no signature" }
        guard algorithm == "SHA256withRSA" else {
            return "its signature algorithm is \(algorithm ?? "missing")"
        }
        guard let key else { return "CloudTrail has no public key with the fingerprint \(fingerprint)" }
        do {
            let isValid = try RSASignature.isValidSHA256(
                signature, of: Array(signedText.utf8), publicKeyPKCS1: key)
            return isValid ? nil : "its signature does not belong to its content, place and predecessor"
        } catch { return "the public key \(fingerprint) cannot be read" }
    }

    /// What is inside of a log file that comes in pieces: its hash, in bounded memory.
    struct LogContent: ~Copyable {
        private var inflater = Inflater()
        private var hasher = Hasher(.sha256)
        private var window = [UInt8](repeating: 0, count: 256 << 10)
        private var total = 0
        /// SHA-256 in hexadecimal, once the last piece was taken.
        private(set) var hash: String?

        /// Says why the file cannot be read, where that is so.
        mutating func take(_ piece: [UInt8], isLast: Bool) -> String? {
            var offset = 0
            while true {
                var filled = 0
                let progress: Inflater.Progress
                do throws(CodecError) {
                    progress = try inflater.read(
                        piece, at: &offset, isLast: isLast, into: &window, at: &filled)
                } catch { return reason(error) }
                hasher.update(window, in: 0..<filled)
                total += filled
                if total > CloudTrailDigest.unpackedBytesMax { return "it unpacks to more than 1 GiB" }
                switch progress {
                case .windowFull: continue
                case .inputUsed: return nil
                case .finished:
                    hash = Hex.encode(hasher.finish())
                    return nil
                }
            }
        }
    }
}

struct Unreadable: Error, Hashable {
    var reason: String
    init(_ reason: String) { self.reason = reason }
}

private func unpack(_ packed: [UInt8]) throws(Unreadable) -> [UInt8] {
    do {
        return try Inflater.inflate(packed, bytesMax: 64 << 20)
    } catch {
        throw Unreadable(reason(error))
    }
}

private func reason(_ error: CodecError) -> String {
    error.kind == .trailing ? "bytes were added after its end" : "it cannot be unpacked: \(error.message)"
}
