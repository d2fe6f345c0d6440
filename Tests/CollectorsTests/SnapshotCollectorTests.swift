import Engine
import Ports
import Simulation
import Synchronization
import Testing

@testable import Collectors
@testable import Credentials

/// A collector of snapshots before a simulated AWS, and what came of it, read back from its pages.
private struct SnapshotWorld {
    static let endpoint = "https://aws.example.com"

    /// One snapshot as it was delivered.
    struct Taken {
        var service = ""
        var items: [String] = []
        var hasBegin = false
        /// The end mark, where there is one, and how many items came before it.
        var end: JSONValue?
        var status: String { end?["status"]?.string ?? "open" }

        func coverage(_ operation: String) -> JSONValue? {
            end?["coverage"]?.array?.first { $0["operation"]?.string == operation }
        }
    }

    let setting: CollectorWorld
    let inventory = AWSInventory()
    let api: AWSInventoryAPI

    init(seed: UInt64, oddities: AWSInventoryAPI.Oddities = .init(), refuses: Double = 0) {
        setting = CollectorWorld(seed: seed, refuses: refuses)
        api = AWSInventoryAPI(inventory, oddities)
        setting.network.serve(Self.endpoint, api)
    }

    func collector(
        _ services: [SnapshotService] = SnapshotService.allCases, identity: AWSIdentity? = nil,
        change: (inout SnapshotCollector.Config) -> Void = { _ in }
    ) -> SnapshotCollector {
        var config = SnapshotCollector.Config(
            accounts: [.init(id: nil, identity: identity ?? setting.identity())], services: services,
            regions: ["us-east-1"])
        config.teamTable = "requests"
        change(&config)
        return SnapshotCollector(source: "access", config: config)
    }

    /// In the order in which they began; faults of the order itself are noted.
    func taken() throws -> [(id: String, Taken)] {
        var order: [String] = []
        var all: [String: Taken] = [:]
        for line in setting.lines {
            let record = try #require(JSONValue(json: line))
            let head = try #require(record["snapshot"])
            let id = try #require(head["id"]?.string)
            if all[id] == nil {
                order.append(id)
                all[id] = Taken()
            }
            switch head["mark"]?.string {
            case "begin":
                #expect(all[id]?.hasBegin == false && all[id]?.items == [], "\(id) begins once, and first")
                all[id]?.hasBegin = true
                all[id]?.service = head["of"]?.string ?? ""
            case "end":
                #expect(all[id]?.end == nil, "\(id) ends once")
                all[id]?.end = record
            default:
                #expect(all[id]?.hasBegin == true && all[id]?.end == nil, "\(id): an item outside")
                all[id]?.items.append(try #require(head["item"]?.string))
            }
        }
        return order.map { ($0, all[$0] ?? Taken()) }
    }
}

@Suite struct SnapshotCollectorTests {
    @Test("Everything that exists is an item of its service's snapshot, once, between its marks")
    func everything() throws {
        var oddities = AWSInventoryAPI.Oddities()
        oddities.emptyPage = 0.2
        let world = SnapshotWorld(seed: 1, oddities: oddities)
        try world.setting.live(world.collector())
        let taken = try world.taken()
        #expect(taken.map(\.1.service).sorted() == SnapshotService.allCases.map(\.rawValue).sorted())
        for (id, snapshot) in taken {
            #expect(snapshot.status == "complete", "\(id): \(snapshot.end?["reason"]?.string ?? "")")
            #expect(snapshot.items.sorted() == world.inventory.expected[snapshot.service]?.sorted(), "\(id)")
            #expect(snapshot.end?["items"]?.integer == Int64(snapshot.items.count))
            let counted = snapshot.end?["coverage"]?.array?.reduce(0) { $0 + ($1["items"]?.integer ?? 0) }
            #expect(counted == Int64(snapshot.items.count), "\(id): the coverage adds up")
        }
        #expect(world.setting.notes.notes.isEmpty)
    }

    @Test("The order and the ids are the same whenever nothing has changed")
    func order() throws {
        func lines() throws -> [String] {
            let world = SnapshotWorld(seed: 7)
            try world.setting.live(world.collector([.iam, .kms]) { $0.openMax = 1 })
            return world.setting.lines
        }
        #expect(try lines() == lines())
    }

    @Test("Documents are decoded, and a permission set has all its parts")
    func documents() throws {
        let world = SnapshotWorld(seed: 2)
        try world.setting.live(world.collector([.iam, .identityCenter, .organizations, .kms, .team]))
        func record(_ item: String) throws -> JSONValue {
            let line = world.setting.lines.first { $0.contains("\"item\":\"\(item)\"") }
            return try #require(line.flatMap { JSONValue(json: $0) }, "\(item)")
        }
        let statement: JSONValue = [["Effect": "Allow", "Action": "*"]]
        let role = try record("arn:aws:iam::111122223333:role/role-1")
        #expect(role["AssumeRolePolicyDocument"]?["Statement"] == statement)
        let policy = try record("arn:aws:iam::111122223333:policy/policy-1")
        #expect(policy["PolicyVersionList"]?.array?.first?["Document"]?["Statement"] == statement)
        #expect(policy["AttachmentCount"] == 1 && policy["IsAttachable"] == true)
        let user = try record("arn:aws:iam::111122223333:user/user-1")
        #expect(user["GroupList"] == ["g0"] && user["AttachedManagedPolicies"] == [])
        let set = try record("arn:aws:sso:::permissionSet/ssoins-1/ps-3")
        #expect(set["Name"] == "set-3" && set["InlinePolicy"]?["Statement"] == statement)
        #expect(set["ManagedPolicies"]?.array?.count == 3)
        #expect(set["PermissionsBoundary"]?["ManagedPolicyArn"] == "arn:aws:iam::aws:policy/b")
        let key = try record("arn:aws:kms:us-east-1:111122223333:key/k-1")
        #expect(key["Policy"]?["Statement"] == statement && key["KeyState"] == "Enabled")
        #expect(try record("p-1/ou-1")["PolicyId"] == "p-1")
        #expect(try record("t-1")["approvers"] == ["bob@example.com"])
    }

    @Test(
        "Through throttling, faults, resets and kills nothing is lost, and only what is whole says so",
        arguments: UInt64(1)...60)
    func storm(seed: UInt64) throws {
        var oddities = AWSInventoryAPI.Oddities()
        oddities.throttled = 0.1
        oddities.emptyPage = 0.2
        oddities.seed = seed
        let world = SnapshotWorld(seed: seed, oddities: oddities, refuses: 0.05)
        let setting = world.setting
        setting.network.setFaults(CollectorWorld.storm, SnapshotWorld.endpoint)
        let services: [SnapshotService] = [
            .iam, .identityCenter, .organizations, .kms, .accessAnalyzer, .acm,
        ]
        for _ in 0..<4 {
            let span = Duration.milliseconds(200 + Int(setting.world.next() % 40_000))
            try setting.live(
                world.collector(services) { $0.interval = .seconds(20) }, .continuous, for: span)
        }
        setting.network.setFaults(SimulatedNetwork.Faults(), SnapshotWorld.endpoint)
        try setting.live(world.collector(services))
        let taken = try world.taken()
        var last: [String: SnapshotWorld.Taken] = [:]
        for (id, snapshot) in taken {
            #expect(snapshot.hasBegin, "seed \(seed): \(id)")
            let expected = world.inventory.expected[snapshot.service] ?? []
            #expect(Set(snapshot.items).isSubset(of: expected), "seed \(seed): \(id)")
            #expect(Set(snapshot.items).count == snapshot.items.count, "seed \(seed): \(id) has one twice")
            #expect(snapshot.end != nil, "seed \(seed): \(id) has no end")
            if snapshot.status == "complete" {
                #expect(Set(snapshot.items) == expected, "seed \(seed): \(id) says it is complete")
            }
            last[snapshot.service] = snapshot
        }
        for service in services {
            #expect(last[service.rawValue]?.status == "complete", "seed \(seed): \(service)")
        }
    }

    @Test("What is denied is in the coverage with its reason; all else is there")
    func denied() throws {
        let world = SnapshotWorld(seed: 3)
        let key = "arn:aws:kms:us-east-1:111122223333:key/k-2"
        world.api.deny("GetKeyPolicy \(key)")
        world.api.deny("GetCredentialReport")
        world.api.deny("ListAccountsForParent")
        try world.setting.live(world.collector([.iam, .kms, .organizations, .acm]))
        let taken = try Dictionary(uniqueKeysWithValues: world.taken().map { ($0.1.service, $0.1) })
        #expect(taken["acm"]?.status == "complete")
        let kms = try #require(taken["kms"])
        #expect(kms.status == "partial" && Set(kms.items) == world.inventory.expected["kms"])
        let policies = kms.coverage("kms:GetKeyPolicy")
        #expect(policies?["denied"] == 1 && policies?["calls"] == 4 && policies?["subject"] == .string(key))
        #expect(policies?["subjects"] == .array([.string(key)]))
        #expect(policies?["reason"]?.string?.hasPrefix("AccessDeniedException: ") == true)
        #expect(kms.coverage("kms:ListKeys")?["denied"] == 0)
        #expect(kms.end?["reason"] == "kms:GetKeyPolicy was denied")
        #expect(kms.end?["skipped"] == 1)
        let iam = try #require(taken["iam"])
        #expect(iam.status == "partial" && iam.coverage("iam:GetCredentialReport")?["denied"] == 1)
        let rest = world.inventory.expected["iam"]?.filter { !$0.hasPrefix("credentials/") }
        #expect(Set(iam.items) == rest)
        #expect(taken["organizations"]?.coverage("organizations:ListAccountsForParent")?["denied"] == 6)
        #expect(world.setting.notes.codes == ["snapshot-incomplete"])
    }

    @Test("A question that is throttled for longer than there is patience cuts its snapshot, and no other")
    func throttledForLong() throws {
        let world = SnapshotWorld(seed: 4)
        world.api.throttle("ListGrants")
        let start = world.setting.world.now
        try world.setting.live(world.collector([.kms, .acm]) { $0.patience = .minutes(3) })
        let taken = try Dictionary(uniqueKeysWithValues: world.taken().map { ($0.1.service, $0.1) })
        let kms = try #require(taken["kms"])
        #expect(kms.status == "cut" && kms.coverage("kms:ListGrants")?["failed"] == 1)
        #expect(kms.end?["reason"]?.string?.contains("kms:ListGrants was not answered for 180 s") == true)
        #expect(taken["acm"]?.status == "complete")
        #expect(world.setting.world.now - start < .minutes(6))

        world.api.throttle("ListGrants", false)
        try world.setting.live(world.collector([.kms]))
        #expect(try world.taken().last?.1.status == "complete")
    }

    @Test("An account whose role cannot be assumed has snapshots that say so; the others are taken")
    func noRole() throws {
        struct Refused: AWSCredentialSource {
            var origin: String { "a role" }
            func credentials() async throws(Fault) -> AWSCredentials? {
                throw Fault(.denied, "assuming the role: AccessDenied")
            }
        }
        let world = SnapshotWorld(seed: 5)
        let endpoints = AWSEndpoints(region: "us-east-1", overrides: ["*": SnapshotWorld.endpoint])
        let refused = AWSIdentity(Refused(), endpoints: endpoints, time: world.setting.world)
        let collector = world.collector([.acm]) {
            $0.accounts = [
                .init(id: "444455556666", identity: refused),
                .init(id: "111122223333", identity: world.setting.identity()),
            ]
        }
        try world.setting.live(collector)
        let taken = try world.taken().sorted { $0.id < $1.id }.map(\.1)
        #expect(taken.map(\.status) == ["complete", "cut"])
        let reason = taken.last?.end?["reason"]?.string ?? ""
        #expect(reason.contains("assuming the role: AccessDenied"), "\(reason)")
        #expect(
            Set(world.setting.pages.pages.compactMap(\.part)) == [
                "111122223333/acm/us-east-1", "444455556666/acm/us-east-1",
            ])
    }

    @Test("A process that ends leaves a cut snapshot behind, and begins a new one at once")
    func killed() throws {
        let world = SnapshotWorld(seed: 6)
        var life = 0
        while try world.taken().first?.1.items.isEmpty ?? true, life < 50 {
            life += 1
            try world.setting.live(world.collector([.iam]), .continuous, for: .milliseconds(300 * life))
        }
        try world.setting.live(world.collector([.iam]), .continuous, for: .hours(1))
        let taken = try world.taken()
        #expect(taken.count >= 2 && taken.last?.1.status == "complete")
        for (_, cut) in taken.dropLast() {
            #expect(cut.status == "cut" && cut.end?["reason"] == "the process ended while it was taken")
            #expect(cut.end?["items"]?.integer == Int64(cut.items.count))
        }
        // The next is due after the interval, not with the next process.
        let before = taken.count
        try world.setting.live(world.collector([.iam]), .continuous, for: .hours(2))
        #expect(try world.taken().count == before)
        try world.setting.live(world.collector([.iam]), .continuous, for: .hours(23))
        #expect(try world.taken().count == before + 1)
    }

    @Test(
        "Each part's first questions can be asked by themselves, so that a missing permission shows beforehand"
    )
    func probes() throws {
        let world = SnapshotWorld(seed: 9)
        let probes = world.collector([.iam, .kms, .team]) { $0.regions = ["us-east-1", "eu-west-1"] }.probes
        #expect(
            probes.map(\.operation) == [
                "iam:GetAccountAuthorizationDetails", "iam:GenerateCredentialReport", "kms:ListKeys",
                "kms:ListKeys", "dynamodb:Scan", "dynamodb:Scan",
            ])
        #expect(
            probes.suffix(2).map(\.place) == ["the credentials in us-east-1", "the credentials in eu-west-1"])
    }

    @Test("A page that leads back to itself ends as a failure, not never")
    func circle() throws {
        struct Circle: SimulatedServer {
            func answer(_ request: HTTPRequest, at now: Timestamp) -> HTTPResponse {
                if request.headers["X-Amz-Target"] == nil {
                    return HTTPResponse(
                        status: 200, body: Array("<R><Account>111122223333</Account></R>".utf8))
                }
                return HTTPResponse(
                    status: 200, body: Array(#"{"CertificateSummaryList":[],"NextToken":"same"}"#.utf8))
            }
        }
        let world = SnapshotWorld(seed: 8)
        world.setting.network.serve(SnapshotWorld.endpoint + "/", Circle())
        try world.setting.live(world.collector([.acm]))
        let end = try #require(try world.taken().first?.1)
        #expect(end.status == "partial" && end.coverage("acm:ListCertificates")?["failed"] == 1)
    }
}
