import Engine
import Foundation
import Platform
import Ports
import Simulation
import Synchronization
import Testing

@testable import Collectors
@testable import Credentials

/// A page sink in memory, for tests against real servers.
final class KeptPages: PageSink {
    private let state = Mutex<(pages: [RawPage], positions: [String: [UInt8]])>(([], [:]))

    var lines: [String] {
        state.withLock { $0.pages }.flatMap(\.objects).map { String(decoding: $0.bytes, as: UTF8.self) }
    }

    func deliver(_ page: RawPage, from mark: inout PageMark) async throws(Fault) -> PageReceipt {
        let page = try await page.whole()
        state.withLock { state in
            state.pages.append(page)
            if let position = page.position { state.positions[page.source] = position }
        }
        return PageReceipt()
    }

    func position(of source: String) async throws(Fault) -> [UInt8]? {
        state.withLock { $0.positions[source] }
    }
}

/// A moto server of this test's own, with IAM authentication on.
final class MotoWorld: Sendable {
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    static let python = root.appendingPathComponent(".tools/bin/python").path
    static let isInstalled =
        FileManager.default.fileExists(atPath: root.appendingPathComponent(".tools/bin/moto_server").path)

    private let process: Process
    private let input = Pipe()
    let facts: JSONValue
    let caller = Caller(transport: CurlTransport(), time: SystemClock(), entropy: SystemEntropy())
    let notes = RememberedNotes()

    /// - Parameter script: what fills the server, of `Tests/Support`.
    init(_ script: String = "moto_world.py") throws {
        process = Process()
        process.executableURL = URL(fileURLWithPath: Self.python)
        process.arguments = [Self.root.appendingPathComponent("Tests/Support/\(script)").path]
        process.standardInput = input
        process.standardError = FileHandle.nullDevice
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        var text = Data()
        while !text.contains(0x0A) {
            let more = output.fileHandleForReading.availableData
            if more.isEmpty { break }
            text += more
        }
        facts = try #require(JSONValue(json: Array(text)), "moto did not start")
    }

    deinit {
        try? input.fileHandleForWriting.close()
        process.terminate()
        process.waitUntilExit()
    }

    var endpoints: AWSEndpoints {
        AWSEndpoints(region: "us-east-1", overrides: ["*": facts["endpoint"]?.string ?? ""])
    }

    func keys(_ user: String, secret: String? = nil) -> AWSIdentity {
        let keys = AWSCredentials(
            accessKeyID: facts[user]?["id"]?.string ?? "",
            secretAccessKey: Secret(secret ?? facts[user]?["secret"]?.string ?? ""))
        return AWSIdentity(AWSStaticCredentials(keys), endpoints: endpoints, time: SystemClock())
    }

    func collect(_ collector: some Collector, into pages: KeptPages) async throws {
        try await Poller(
            collector, mode: .once, caller: caller, files: SystemFiles(), sink: pages, health: notes
        ).run()
    }

    func bucket(_ identity: AWSIdentity) -> BucketCollector {
        var config = BucketCollector.Config(bucket: S3Bucket("trail", identity: identity))
        config.prefix = "org/"
        config.pageObjectsMax = 5
        return BucketCollector(source: "bucket", config: config)
    }

    func queue(_ name: String, _ identity: AWSIdentity) -> QueueCollector {
        let queue = SQSQueue(facts["queues"]?[name]?.string ?? "", identity: identity)
        var config = QueueCollector.Config(queue: queue, identity: identity)
        config.waitSeconds = 1
        return QueueCollector(source: name, config: config)
    }
}

/// moto recomputes every signature with botocore and checks every permission: it judges what we sign.
@Suite(.serialized, .enabled(if: MotoWorld.isInstalled, "moto is not installed: run scripts/bootstrap"))
struct MotoTests {
    @Test("Listing, queues, role chains and refusals against moto with IAM authentication on")
    func everything() async throws {
        let moto = try MotoWorld()
        try await listing(moto)
        for name in ["direct", "topic", "bus"] { try await queue(name, moto) }
        try await roleChain(moto)
        try await refusals(moto)
    }

    private func expected(_ account: String) -> [String] {
        ["us-east-1", "eu-west-1"].flatMap { region in (0..<3).map { "\(account)-\(region)-\($0)" } }
    }

    private func listing(_ moto: MotoWorld) async throws {
        let pages = KeptPages()
        try await moto.collect(moto.bucket(moto.keys("collector")), into: pages)
        #expect(pages.lines.sorted() == (expected("111111111111") + expected("222222222222")).sorted())
        try await moto.collect(moto.bucket(moto.keys("collector")), into: pages)
        #expect(pages.lines.count == 12, "a second run brings nothing again")
    }

    private func queue(_ name: String, _ moto: MotoWorld) async throws {
        let pages = KeptPages()
        try await moto.collect(moto.queue(name, moto.keys("collector")), into: pages)
        #expect(Set(pages.lines) == Set((0..<25).map { "\(name)-\($0)" }), "\(name): \(moto.notes.notes)")
        try await moto.collect(moto.queue(name, moto.keys("collector")), into: pages)
        #expect(pages.lines.count == 25, "\(name): every message was deleted")
    }

    /// The user assumes `hub`, and `hub` assumes `audit`, as two profiles say.
    private func roleChain(_ moto: MotoWorld) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "martlet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let config = """
            [profile audit]
            role_arn = \(moto.facts["audit"]?.string ?? "")
            source_profile = hub
            [profile hub]
            role_arn = \(moto.facts["hub"]?.string ?? "")
            source_profile = me
            [profile me]
            aws_access_key_id = \(moto.facts["collector"]?["id"]?.string ?? "")
            aws_secret_access_key = \(moto.facts["collector"]?["secret"]?.string ?? "")
            """
        let path = folder.appendingPathComponent("config").path
        try config.write(toFile: path, atomically: true, encoding: .utf8)
        let surroundings = AWSSurroundings(
            environment: ["AWS_CONFIG_FILE": path, "HOME": folder.path], files: SystemFiles(),
            processes: SpawnedProcess(), caller: moto.caller, endpoints: moto.endpoints,
            volume: { folder throws(Fault) in try FileVolume(folder, .shared) })
        let chain = AWSCredentialChain(profile: "audit", in: surroundings)
        let identity = AWSIdentity(chain, endpoints: moto.endpoints, time: SystemClock())
        let pages = KeptPages()
        try await moto.collect(moto.bucket(identity), into: pages)
        #expect(pages.lines.count == 12)
        #expect(chain.origin.hasPrefix("role \(moto.facts["audit"]?.string ?? ""), assumed with role "))
    }

    private func refusals(_ moto: MotoWorld) async throws {
        func refusal(_ collector: some Collector) async -> Fault? {
            do {
                try await moto.collect(collector, into: KeptPages())
                return nil
            } catch { return error as? Fault }
        }
        let wrong = await refusal(moto.bucket(moto.keys("collector", secret: "wrong")))
        #expect(wrong?.kind == .denied)
        #expect(wrong?.message.contains("SignatureDoesNotMatch") == true, "\(wrong?.message ?? "")")
        #expect(
            wrong?.message.contains("the secret access key does not belong to this access key id") == true)
        let stranger = await refusal(moto.bucket(moto.keys("stranger")))
        #expect(stranger?.kind == .denied)
        #expect(
            stranger?.message.contains("the credentials need s3:ListBucket on arn:aws:s3:::trail") == true,
            "\(stranger?.message ?? "")")
        let unheard = await refusal(moto.queue("direct", moto.keys("stranger")))
        #expect(
            unheard?.message.contains("sqs:ReceiveMessage on arn:aws:sqs:us-east-1:123456789012:direct")
                == true,
            "\(unheard?.message ?? "")")
    }
}
