import Engine
import Foundation
import Platform
import Ports
import Simulation
import Testing

@testable import Collectors
@testable import Credentials

/// Snapshots over real sockets: before moto with IAM authentication on, and before a server of ours for what moto does
/// not have.
@Suite(.serialized) struct SnapshotServerTests {
    /// Items by service, and end marks by service.
    private static func read(_ pages: KeptPages) throws -> (
        items: [String: Set<String>], ends: [String: JSONValue]
    ) {
        var items: [String: Set<String>] = [:]
        var ends: [String: JSONValue] = [:]
        for line in pages.lines.flatMap({ $0.split(separator: "\n") }) {
            let record = try #require(JSONValue(json: String(line)))
            let head = try #require(record["snapshot"])
            if let item = head["item"]?.string {
                items[head["service"]?.string ?? "", default: []].insert(item)
            } else if head["mark"] == "end" {
                ends[head["of"]?.string ?? ""] = record
            }
        }
        return (items, ends)
    }

    private static func collector(_ identity: AWSIdentity, _ services: [SnapshotService]) -> SnapshotCollector
    {
        var config = SnapshotCollector.Config(
            accounts: [.init(id: nil, identity: identity)], services: services, regions: ["us-east-1"])
        config.teamTable = "requests"
        config.pace = .zero
        config.patience = .seconds(10)
        return SnapshotCollector(source: "access", config: config)
    }

    @Test(
        "What moto holds is in the snapshots, under the documentation's policies; without a permission the rest is",
        .enabled(if: MotoWorld.isInstalled, "moto is not installed: run scripts/bootstrap"))
    func moto() async throws {
        let moto = try MotoWorld("moto_access.py")
        let services: [SnapshotService] = [
            .iam, .kms, .acm, .directoryService, .organizations, .identityCenter, .team,
        ]
        let pages = KeptPages()
        try await moto.collect(Self.collector(moto.keys("auditor"), services), into: pages)
        let (items, ends) = try Self.read(pages)
        for service in services.map(\.rawValue) {
            let expected = Set(moto.facts["expected"]?[service]?.array?.compactMap(\.string) ?? [])
            #expect(!expected.isEmpty && expected.isSubset(of: items[service] ?? []), "\(service)")
            #expect(
                ends[service]?["status"] == "complete",
                "\(service): \(ends[service]?["reason"]?.string ?? "")")
        }
        #expect(items["team"]?.count == 230)

        let blind = KeptPages()
        try await moto.collect(Self.collector(moto.keys("blind"), [.iam, .kms, .acm]), into: blind)
        let (some, marks) = try Self.read(blind)
        #expect(marks["acm"]?["status"] == "complete")
        #expect(marks["kms"]?["status"] == "partial" && some["kms"] == items["kms"])
        #expect(marks["kms"]?["reason"] == "kms:GetKeyPolicy was denied 3 times")
        #expect(marks["iam"]?["reason"] == "iam:GetCredentialReport was denied")
        #expect(some["iam"] == items["iam"]?.filter { !$0.hasPrefix("credentials/") })
    }

    @Test("Access Analyzer and the jobs of last access over libcurl and a real server")
    func loopback() async throws {
        let clock = SystemClock()
        let inventory = AWSInventory(size: 2)
        let api = AWSInventoryAPI(inventory)
        let server = try HTTPServer { request in api.answer(request, at: clock.now) }
        let keys = AWSCredentials(accessKeyID: "AKIATEST", secretAccessKey: Secret("s"))
        let identity = AWSIdentity(
            AWSStaticCredentials(keys),
            endpoints: AWSEndpoints(region: "us-east-1", overrides: ["*": server.url]), time: clock)
        let pages = KeptPages()
        try await Poller(
            Self.collector(identity, [.accessAnalyzer, .lastAccessed]), mode: .once,
            caller: Caller(transport: CurlTransport(), time: clock, entropy: SystemEntropy()),
            files: SystemFiles(), sink: pages, health: RememberedNotes()
        ).run()
        let (items, ends) = try Self.read(pages)
        for service in ["access_analyzer", "last_accessed"] {
            #expect(items[service] == inventory.expected[service])
            #expect(ends[service]?["status"] == "complete")
        }
        await server.stop()
    }
}
