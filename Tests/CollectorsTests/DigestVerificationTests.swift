import Codecs
import Engine
import Ports
import Simulation
import Synchronization
import Testing

@testable import Collectors
@testable import Credentials

/// Twelve hours of a trail with a log file every half hour, each hour sealed.
struct SealedTrail {
    static let key = PrivateKey()

    let setting = CollectorWorld(seed: 7)
    let store = ObjectStore(buckets: ["trail"])
    let api = AWSCloudTrailAPI()
    var trail: AWSTrail
    var logs: [String] = []
    var digests: [String] = []
    let from: Timestamp
    let to: Timestamp

    init(hours: Int = 12, key: PrivateKey = Self.key) {
        let start = setting.world.start - .hours(hours)
        from = start
        to = setting.world.start
        trail = AWSTrail(
            "my_trail", store: store, bucket: "trail", account: "111111111111", region: "us-east-1", key: key)
        for hour in 0..<hours {
            for half in 0..<2 {
                logs.append(
                    trail.deliver(
                        "{\"Records\":[\(hour),\(half)]}", at: start + .hours(hour) + .minutes(half * 30 + 5))
                )
            }
            digests.append(trail.seal(at: start + .hours(hour + 1)))
        }
        api.publish(trail.published(from: from - .days(30), until: to + .days(30)))
        setting.network.serve("https://aws.example.com", TrailDoor(store: store, api: api))
    }

    func verify() throws -> DigestReport {
        let identity = setting.identity()
        let verification = DigestVerification(
            bucket: S3Bucket("trail", identity: identity), identity: identity,
            caller: Caller(
                transport: setting.network.transport(), time: setting.world, entropy: setting.world))
        let (from, to) = (from, to)
        return try setting.world.run { try await verification.verify(from: from, to: to) } ?? DigestReport()
    }

    /// What was found, as `kind object`, the folders left out.
    func findings() throws -> Set<String> {
        Set(
            try verify().findings.map { finding in
                let isFolder = finding.object.hasSuffix("/")
                return
                    "\(finding.kind.rawValue) \(isFolder ? "" : finding.object.split(separator: "/").last ?? "")"
            })
    }

    func name(_ key: String) -> Substring { key.split(separator: "/").last ?? "" }
    func bytes(_ key: String) -> [UInt8] { store.bytes(of: key, in: "trail") ?? [] }

    func packed(_ text: String) -> [UInt8] {
        var compressor = Compressor(.gzipSmall)
        var output: [UInt8] = []
        compressor.pack(Array(text.utf8), into: &output)
        return output
    }
}

final class TrailDoor: SimulatedServer {
    let store: ObjectStore
    let api: AWSCloudTrailAPI

    init(store: ObjectStore, api: AWSCloudTrailAPI) {
        self.store = store
        self.api = api
    }

    func answer(_ request: HTTPRequest, at now: Timestamp) -> HTTPResponse {
        request.headers["X-Amz-Target"] == nil ? store.answer(request, at: now) : api.answer(request, at: now)
    }
}

@Suite struct DigestVerificationTests {
    @Test("An untouched trail is valid throughout; what came after the last digest is not yet covered")
    func untouched() throws {
        var sealed = SealedTrail()
        sealed.trail.deliver("{}", at: sealed.to - .minutes(2))
        let report = try sealed.verify()
        #expect(report.findings == [])
        #expect(report.validDigests == 12 && report.validLogs == 24 && report.notYetCovered == 1)
        #expect(sealed.api.requests == 0, "ListPublicKeys only")
        #expect(report.text.hasPrefix("12 of 12 digest files valid\n24 of 24 log files valid\n"))
    }

    @Test("A log file that was changed, appended to, deleted or moved is named")
    func logs() throws {
        let sealed = SealedTrail()
        let logs = sealed.logs
        sealed.store.put(.bytes(sealed.packed("{\"Records\":[]}")), as: logs[4], in: "trail", at: sealed.to)
        sealed.store.put(.bytes(sealed.bytes(logs[7]) + [1, 2, 3]), as: logs[7], in: "trail", at: sealed.to)
        sealed.store.remove(logs[9], from: "trail")
        let moved = logs[11].replacing(".json.gz", with: "x.json.gz")
        sealed.store.put(.bytes(sealed.bytes(logs[11])), as: moved, in: "trail", at: sealed.to)
        sealed.store.remove(logs[11], from: "trail")
        sealed.store.put(.bytes([1, 2]), as: logs[13], in: "trail", at: sealed.to)
        #expect(
            try sealed.findings() == [
                "invalid-log \(sealed.name(logs[4]))", "invalid-log \(sealed.name(logs[7]))",
                "missing-log \(sealed.name(logs[9]))", "missing-log \(sealed.name(logs[11]))",
                "unlisted-log \(sealed.name(moved))", "invalid-log \(sealed.name(logs[13]))",
            ])
    }

    @Test("Deleted digests are missing and leave a gap, two in a row too, and the walk goes on before them")
    func deletedDigests() throws {
        var sealed = SealedTrail()
        sealed.store.remove(sealed.digests[4], from: "trail")
        #expect(
            try sealed.findings() == [
                "missing-digest \(sealed.name(sealed.digests[4]))", "gap ",
                "unlisted-log \(sealed.name(sealed.logs[8]))", "unlisted-log \(sealed.name(sealed.logs[9]))",
            ])
        sealed = SealedTrail()
        for index in [4, 5] { sealed.store.remove(sealed.digests[index], from: "trail") }
        let report = try sealed.verify()
        #expect(report.count(.missingDigest) == 1 && report.count(.gap) == 1 && report.validDigests == 10)
        #expect(report.findings.contains { $0.kind == .gap && $0.reason.contains(" to ") })
    }

    @Test("Deleting the newest digests does not go unseen, nor does deleting the oldest")
    func endsDeleted() throws {
        var sealed = SealedTrail()
        for index in 8..<12 { sealed.store.remove(sealed.digests[index], from: "trail") }
        #expect(try sealed.findings().contains("gap "))
        sealed = SealedTrail()
        for index in 0..<3 { sealed.store.remove(sealed.digests[index], from: "trail") }
        let findings = try sealed.findings()
        #expect(
            findings.contains("gap ") && findings.contains("missing-digest \(sealed.name(sealed.digests[2]))")
        )
    }

    @Test("A digest that was changed, moved, signed by another key or not at all proves nothing")
    func forgedDigests() throws {
        var sealed = SealedTrail()
        let digest = sealed.digests[6]
        let text = String(
            decoding: try Inflater.inflate(sealed.bytes(digest), bytesMax: 1 << 20), as: UTF8.self)
        let forged = text.replacing("\"logFiles\":[{", with: "\"logFiles\":[],\"x\":[{")
        sealed.store.put(.bytes(sealed.packed(forged)), as: digest, in: "trail", at: sealed.to)
        #expect(try sealed.findings().contains("invalid-digest \(sealed.name(digest))"))

        sealed = SealedTrail()
        sealed.store.put(
            .bytes(sealed.bytes(sealed.digests[5])), as: sealed.digests[6], in: "trail", at: sealed.to)
        let reason = try sealed.verify().findings.first { $0.kind == .invalidDigest }?.reason
        #expect(reason?.hasPrefix("it was moved here from s3://trail/") == true)

        // A whole chain signed by a key that CloudTrail does not know.
        let stranger = SealedTrail(hours: 3)
        var other = AWSTrail(
            "other", store: stranger.store, bucket: "trail", account: "111111111111", region: "us-east-1",
            key: PrivateKey())
        other.seal(at: stranger.to - .hours(1))
        #expect(
            try stranger.verify().findings.first?.reason.contains("no public key with the fingerprint")
                == true)
    }

    @Test("Backfilled digests are a chain of their own, with the key of the time they were made")
    func backfill() throws {
        let sealed = SealedTrail(hours: 4)
        var late = AWSTrail(
            "my_trail", store: sealed.store, bucket: "trail", account: "111111111111", region: "us-east-1",
            key: SealedTrail.key)
        late.deliver("{\"Records\":[99]}", at: sealed.from + .minutes(40))
        late.seal(at: sealed.from + .hours(1), isBackfill: true)
        late.seal(at: sealed.from + .hours(2), isBackfill: true)
        let report = try sealed.verify()
        #expect(report.findings == [])
        #expect(report.validDigests == 6 && report.validLogs == 9)
    }

    @Test("While running, each finding is told once")
    func watch() throws {
        let sealed = SealedTrail()
        sealed.store.remove(sealed.logs[3], from: "trail")
        let identity = sealed.setting.identity()
        let verification = DigestVerification(
            bucket: S3Bucket("trail", identity: identity), identity: identity,
            caller: Caller(
                transport: sealed.setting.network.transport(), time: sealed.setting.world,
                entropy: sealed.setting.world))
        let watch = DigestWatch(
            verification, source: "trail", time: sealed.setting.world, health: sealed.setting.notes)
        try sealed.setting.world.run(for: .minutes(150)) { try await watch.run() }
        let missing = sealed.setting.notes.notes.filter { $0.code == "digest-missing-log" }
        #expect(missing.count == 1)
        #expect(missing.first?.message.contains("s3://trail/\(sealed.logs[3])") == true)
    }
}
