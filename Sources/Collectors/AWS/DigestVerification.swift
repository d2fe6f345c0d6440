import Codecs
package import Credentials
package import Engine
package import Ports

/// Proves that a trail's bucket holds what CloudTrail put there, unchanged and complete, by its digest files.
///
/// Each chain is walked from the newest digest to the oldest. One that is missing or wrong ends the proof, not the
/// walk: it goes on with the next older digest that is there, and what lies between is a gap.
package struct DigestVerification: Sendable {
    /// CloudTrail's digests come hourly, and up to this late.
    static let lateness = Duration.hours(2)
    static let digestBytesMax = 16 << 20
    /// Log files hashed at once, a piece of each.
    static let getsInFlight = 8
    static let attempts = 6
    /// Findings kept; of more, the rest is only counted as one more.
    static let findingsMax = 10_000

    let bucket: S3Bucket
    let prefix: String
    private let identity: AWSIdentity
    private let caller: Caller
    let accounts: Set<String>
    let regions: Set<String>

    /// - Parameters:
    ///   - prefix: what stands before `AWSLogs/`, with a slash at its end where not empty.
    ///   - accounts: only these, where not empty.
    package init(
        bucket: S3Bucket, prefix: String = "", accounts: Set<String> = [], regions: Set<String> = [],
        identity: AWSIdentity, caller: Caller
    ) {
        self.bucket = bucket
        self.prefix = prefix
        self.accounts = accounts
        self.regions = regions
        self.identity = identity
        self.caller = caller
    }

    /// Everything between two times; `denied` where a permission is missing.
    package func verify(from: Timestamp, to: Timestamp) async throws(Fault) -> DigestReport {
        var report = DigestReport()
        for place in try await places() {
            var covered: Set<String> = []
            var newest = from
            var keys = PublicKeys()
            let listed = try await keysOfDigests(in: place, from: from, to: to + Self.lateness)
            for (name, chain) in listed.sorted(by: { $0.key < $1.key }) {
                let isBackfill = name.hasSuffix("/backfill")
                let end = try await walk(
                    chain, place, from: from, to: isBackfill ? nil : to, covered: &covered, keys: &keys,
                    &report)
                newest = max(newest, end ?? from)
            }
            try await lookForUnlisted(in: place, from: from, to: to, newest: newest, covered, &report)
        }
        return report
    }

    /// One account and region whose digests are in the bucket.
    struct Place {
        var account: String
        var region: String
        /// `…/<account>/`.
        var folder: String

        func stream(_ kind: String) -> String { "\(folder)\(kind)/\(region)/" }
    }

    // MARK: One chain

    /// The end of the newest valid digest.
    private func walk(
        _ listed: [String], _ place: Place, from: Timestamp, to: Timestamp?, covered: inout Set<String>,
        keys: inout PublicKeys, _ report: inout DigestReport
    ) async throws(Fault) -> Timestamp? {
        var left = listed[...]
        var newest: Timestamp?
        /// The start of the digest last proved: what the one before must reach up to.
        var proved: Timestamp?
        var expected: CloudTrailDigest.Previous?
        let folder = bucket.uri(of: place.stream("CloudTrail-Digest"))
        while let key = left.popFirst() {
            if let expected, expected.key != key, !left.contains(expected.key), !listed.contains(expected.key)
            {
                add(.missingDigest, bucket.uri(of: expected.key), "a newer digest names it", &report)
            }
            let predecessor = expected
            expected = nil
            guard let (digest, signature) = try await valid(key, place, &keys, &report) else { continue }
            if let predecessor, predecessor.key == key, predecessor.signature != signature {
                add(
                    .invalidDigest, bucket.uri(of: key), "it is not the one that the next digest names",
                    &report)
                continue
            }
            report.validDigests += 1
            if newest == nil, let to, digest.end + Self.lateness < to {
                add(
                    .gap, folder,
                    "no digest from \(digest.end.iso8601) on: the newest were deleted, or logging stopped",
                    &report)
            }
            if let proved, digest.end < proved {
                add(.gap, folder, "no valid digest from \(digest.end.iso8601) to \(proved.iso8601)", &report)
            }
            newest = newest ?? digest.end
            proved = digest.start
            try await check(digest, &covered, &report)
            expected = digest.previous
        }
        if let expected, let proved, proved > from + .minutes(1), !listed.contains(expected.key) {
            add(.missingDigest, bucket.uri(of: expected.key), "a newer digest names it", &report)
            add(.gap, folder, "no valid digest from \(from.iso8601) to \(proved.iso8601)", &report)
        }
        return newest
    }

    private func valid(
        _ key: String, _ place: Place, _ keys: inout PublicKeys, _ report: inout DigestReport
    ) async throws(Fault) -> (digest: CloudTrailDigest, signature: String)? {
        let uri = bucket.uri(of: key)
        let response = try await send(bucket.get(key, bytesMax: Self.digestBytesMax))
        let bytes: [UInt8]
        do throws(Fault) {
            bytes = try bucket.object(key, in: response)
        } catch {
            guard case .rejected = error.kind else { throw error }
            add(.missingDigest, uri, error.message, &report)
            return nil
        }
        let digest: CloudTrailDigest
        do {
            digest = try CloudTrailDigest(packed: bytes)
        } catch {
            add(.invalidDigest, uri, error.reason, &report)
            return nil
        }
        guard digest.bucket == bucket.name, digest.key == key else {
            add(.invalidDigest, uri, "it was moved here from s3://\(digest.bucket)/\(digest.key)", &report)
            return nil
        }
        let backfilled = response.headers["x-amz-meta-backfill-generation-timestamp"].flatMap {
            Timestamp(iso8601: $0)
        }
        let signature = response.headers["x-amz-meta-signature"]
        let publicKey = try await keys.key(
            digest.fingerprint,
            around: backfilled.map { ($0 - .hours(1), $0 + .hours(1)) }
                ?? (digest.start, digest.end + Self.lateness)
        ) { start, end async throws(Fault) in try await publicKeys(place.region, from: start, to: end) }
        if let fault = digest.signatureFault(
            signature: signature, algorithm: response.headers["x-amz-meta-signature-algorithm"],
            key: publicKey)
        {
            add(.invalidDigest, uri, fault, &report)
            return nil
        }
        return (digest, signature ?? "")
    }

    // MARK: Requests

    private func publicKeys(
        _ region: String, from: Timestamp, to: Timestamp
    ) async throws(Fault) -> [String: [UInt8]] {
        let there = identity.inRegion(region)
        let request = AWSIdentity.jsonRequest(
            there.endpoints.url(of: "cloudtrail"), version: "1.1",
            target: "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.ListPublicKeys",
            ["StartTime": .integer(from.seconds), "EndTime": .integer(to.seconds)])
        let response = try await caller.send(
            request, authorizer: there.signer(for: "cloudtrail"), rule: .aws, attempts: Self.attempts)
        if let error = AWSError(response) {
            throw error.fault(
                "listing CloudTrail's public keys in \(region)", permission: "cloudtrail:ListPublicKeys on *")
        }
        var keys: [String: [UInt8]] = [:]
        for key in JSONValue(json: response.body)?["PublicKeyList"]?.array ?? [] {
            guard let name = key["Fingerprint"]?.string,
                let value = key["Value"]?.string.flatMap({ Base64.decode($0) })
            else { continue }
            keys[name] = value
        }
        return keys
    }

    func send(_ operation: Call.Operation) async throws(Fault) -> HTTPResponse {
        guard case .http(let request, let authorizer, let rule) = operation else {
            throw Fault(.rejected(rows: []), "not a request")
        }
        return try await caller.send(request, authorizer: authorizer, rule: rule, attempts: Self.attempts)
    }

    func add(
        _ kind: DigestReport.Finding.Kind, _ object: String, _ reason: String, _ report: inout DigestReport
    ) {
        guard report.findings.count < Self.findingsMax else { return }
        report.findings.append(DigestReport.Finding(kind: kind, object: object, reason: reason))
    }
}

/// Public keys by fingerprint, asked for once.
private struct PublicKeys {
    private var known: [String: [UInt8]] = [:]

    mutating func key(
        _ fingerprint: String, around times: (Timestamp, Timestamp),
        fetch: (Timestamp, Timestamp) async throws(Fault) -> [String: [UInt8]]
    ) async throws(Fault) -> [UInt8]? {
        if let key = known[fingerprint] { return key }
        known.merge(try await fetch(times.0, times.1)) { old, _ in old }
        return known[fingerprint]
    }
}
