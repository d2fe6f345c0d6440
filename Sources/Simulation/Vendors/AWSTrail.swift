package import Codecs
package import Engine
import Ports

/// A trail of one account and region that delivers log files and, hour by hour, signed digests of them.
package struct AWSTrail: Sendable {
    private let store: ObjectStore
    private let bucket: String
    private let account: String
    private let region: String
    private let name: String
    private let key: PrivateKey
    private var pending: [(key: String, hash: String)] = []
    private var previous: (key: String, signature: String, hash: String)?
    private var serial = 0

    package init(
        _ name: String, store: ObjectStore, bucket: String, account: String, region: String,
        key: PrivateKey
    ) {
        self.name = name
        self.store = store
        self.bucket = bucket
        self.account = account
        self.region = region
        self.key = key
    }

    package var fingerprint: String { Hex.encode(Digest.md5(key.publicKeyPKCS1)) }

    /// The key that signs, as ListPublicKeys shows it.
    package func published(from: Timestamp, until: Timestamp) -> AWSCloudTrailAPI.PublicKey {
        AWSCloudTrailAPI.PublicKey(
            pkcs1: key.publicKeyPKCS1, fingerprint: fingerprint, from: from, until: until)
    }

    private func folder(_ kind: String, _ time: Timestamp) -> String {
        "AWSLogs/\(account)/\(kind)/\(region)/\(time.iso8601.prefix(10).replacing("-", with: "/"))"
    }

    private func stamp(_ time: Timestamp, _ count: Int) -> String {
        String(time.iso8601.filter { $0 != "-" && $0 != ":" }.prefix(count)) + "Z"
    }

    /// Delivers a log file and returns its key.
    @discardableResult
    package mutating func deliver(_ text: String, at time: Timestamp) -> String {
        serial += 1
        let tag = String(Hex.encode(Digest.md5(Array("\(serial)".utf8))).prefix(16))
        let path =
            "\(folder("CloudTrail", time))/\(account)_CloudTrail_\(region)_\(stamp(time, 13))_\(tag).json.gz"
        let bytes = Array(text.utf8)
        store.put(.bytes(packed(bytes)), as: path, in: bucket, at: time)
        pending.append((path, Digest.sha256Hex(bytes)))
        return path
    }

    /// Writes the digest of the hour that ends at `end` and returns its key.
    @discardableResult
    package mutating func seal(at end: Timestamp, isBackfill: Bool = false) -> String {
        let start = end - .hours(1)
        let place =
            "\(folder("CloudTrail-Digest", end))/\(account)_CloudTrail-Digest_\(region)_\(name)_\(region)_"
            + "\(stamp(end, 15))\(isBackfill ? "_backfill" : "").json.gz"
        let logs = pending.map { log in
            "{\"s3Bucket\":\"\(bucket)\",\"s3Object\":\"\(log.key)\",\"hashValue\":\"\(log.hash)\","
                + "\"hashAlgorithm\":\"SHA-256\"}"
        }
        func quoted(_ text: String?) -> String { text.map { "\"\($0)\"" } ?? "null" }
        let text =
            "{\"awsAccountId\":\"\(account)\",\"digestStartTime\":\"\(start.iso8601)\","
            + "\"digestEndTime\":\"\(end.iso8601)\",\"digestS3Bucket\":\"\(bucket)\",\"digestS3Object\":\"\(place)\","
            + "\"digestPublicKeyFingerprint\":\"\(fingerprint)\",\"digestSignatureAlgorithm\":\"SHA256withRSA\","
            + "\"previousDigestS3Bucket\":\(quoted(previous.map { _ in bucket })),"
            + "\"previousDigestS3Object\":\(quoted(previous?.key)),"
            + "\"previousDigestHashValue\":\(quoted(previous?.hash)),"
            + "\"previousDigestHashAlgorithm\":\(quoted(previous.map { _ in "SHA-256" })),"
            + "\"previousDigestSignature\":\(quoted(previous?.signature)),"
            + "\"logFiles\":[\(logs.joined(separator: ","))]}"
        let bytes = Array(text.utf8)
        let hash = Digest.sha256Hex(bytes)
        let signed = "\(end.iso8601)\n\(bucket)/\(place)\n\(hash)\n\(previous?.signature ?? "null")"
        let signature = Hex.encode(key.sign(Array(signed.utf8), .rs256))
        var metadata = [
            HTTPHeaders.Field(name: "signature", value: signature),
            HTTPHeaders.Field(name: "signature-algorithm", value: "SHA256withRSA"),
        ]
        if isBackfill {
            metadata.append(
                HTTPHeaders.Field(name: "backfill-generation-timestamp", value: (end + .days(2)).iso8601))
        }
        store.put(.bytes(packed(bytes)), as: place, in: bucket, at: end, metadata: metadata)
        previous = (place, signature, hash)
        pending = []
        return place
    }

    private func packed(_ bytes: [UInt8]) -> [UInt8] {
        var compressor = Compressor(.gzipSmall)
        var output: [UInt8] = []
        compressor.pack(bytes, into: &output)
        return output
    }
}
