import Credentials
import Engine
import Ports
import Simulation
import Testing

@testable import Collectors

@Suite struct PubSubCollectorTests {
    static let name = "projects/p/subscriptions/audit"
    static let address = "https://pubsub.googleapis.com"

    private struct Setting {
        let world: Simulation
        let network: SimulatedNetwork
        let pubsub: PubSub
        let notes = RememberedNotes()

        init(seed: UInt64, repeats: Double = 0, faults: SimulatedNetwork.Faults = .init()) {
            world = Simulation(seed: seed)
            network = SimulatedNetwork(world)
            pubsub = PubSub(PubSubCollectorTests.name, token: "t", repeats: repeats, seed: seed)
            network.serve(PubSubCollectorTests.address, pubsub, faults: faults)
        }

        func run(
            _ pages: some PageSink, _ mode: RunMode, token: String = "t",
            change: (inout PubSubCollector.Config) -> Void = { _ in }
        ) async throws(Fault) {
            let authorizer = FixedAuthorizer(token: Secret(token), place: TokenPlace())
            var config = PubSubCollector.Config(
                subscription: PubSubSubscription(PubSubCollectorTests.name, authorizer: authorizer))
            config.pageMessagesMax = 7
            config.pullMessagesMax = 10
            change(&config)
            let collector = PubSubCollector(feed: "gcp.audit", source: "audit", config: config)
            let caller = Caller(transport: network.transport(), time: world, entropy: world)
            try await Poller(
                collector, mode: mode, caller: caller, files: SimulatedFiles(), sink: pages, health: notes
            ).run()
        }
    }

    private static func texts(_ pages: RememberedPages) -> [String] {
        pages.objects.map { String(decoding: $0.bytes, as: UTF8.self) }
    }

    @Test(
        "Each message is durable before it is acknowledged, through a bad network, refused pages and deaths",
        arguments: UInt64(1)...40)
    func survives(seed: UInt64) throws {
        var faults = SimulatedNetwork.Faults()
        faults.resetBefore = 0.05
        faults.resetAfter = 0.05
        faults.throttled = 0.05
        faults.unavailable = 0.05
        let setting = Setting(seed: seed, repeats: 0.1, faults: faults)
        for number in 0..<100 { setting.pubsub.publish("{\"n\":\(number)}") }
        let pages = RememberedPages(setting.world, refuses: 0.2)
        for _ in 0..<3 {
            do {
                try setting.world.run(for: .seconds(Int64(1 + setting.world.next() % 8))) {
                    try await setting.run(pages, .continuous)
                }
            } catch let fault as Fault where fault.kind == .cancelled {}
            // What is no longer there is here.
            #expect(Set(Self.texts(pages)).count >= 100 - setting.pubsub.count, "seed \(seed)")
        }
        // Leases of those who died end.
        try setting.world.run { await setting.world.pass(.minutes(2)) }
        setting.network.setFaults(SimulatedNetwork.Faults(), Self.address)
        try setting.world.run { try await setting.run(pages, .once) }
        #expect(setting.pubsub.count == 0)
        #expect(Set(Self.texts(pages)) == Set((0..<100).map { "{\"n\":\($0)}" }))
    }

    @Test("While a page waits for room, its messages are kept from others by moving their deadline")
    func held() throws {
        let setting = Setting(seed: 3)
        for number in 0..<5 { setting.pubsub.publish("{\"n\":\(number)}") }
        let pages = RememberedPages(setting.world)
        try setting.world.run {
            try await setting.run(SlowSink(world: setting.world, pages: pages), .once) {
                $0.deadlineSeconds = 20
            }
        }
        #expect(setting.world.elapsed > .minutes(5))
        #expect(pages.objects.count == 5 && setting.pubsub.count == 0)
    }

    /// A sink that takes five minutes for a page.
    private struct SlowSink: PageSink {
        let world: Simulation
        let pages: RememberedPages
        func deliver(_ page: RawPage, from mark: inout PageMark) async throws(Fault) -> PageReceipt {
            await world.pass(.minutes(5))
            return try await pages.deliver(page, from: &mark)
        }
        func position(of source: String) async throws(Fault) -> [UInt8]? { nil }
    }

    @Test("What comes while it runs is collected, and an empty subscription is not asked over and over")
    func continuous() throws {
        let setting = Setting(seed: 4)
        let pages = RememberedPages(setting.world)
        try setting.world.run {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { try? await setting.run(pages, .continuous) }
                try? await setting.world.sleep(until: setting.world.now + .minutes(30))
                setting.pubsub.publish("{\"late\":1}")
                try? await setting.world.sleep(until: setting.world.now + .minutes(5))
                group.cancelAll()
            }
        }
        #expect(Self.texts(pages) == ["{\"late\":1}"] && setting.pubsub.count == 0)
        #expect(setting.pubsub.pulls < 120, "\(setting.pubsub.pulls) pulls")
    }

    @Test("A refusal stops the feed with Google's reason and the permission")
    func refused() throws {
        let setting = Setting(seed: 5)
        let pages = RememberedPages(setting.world)
        let wrong = #expect(throws: Fault.self) {
            try setting.world.run { try await setting.run(pages, .once, token: "x") }
        }
        #expect(wrong?.kind == .denied && wrong?.message.contains("UNAUTHENTICATED") == true)
        setting.pubsub.refuse(
            PubSub.error(
                403, "PERMISSION_DENIED",
                "Permission 'pubsub.subscriptions.consume' denied on resource '\(Self.name)'."))
        let denied = #expect(throws: Fault.self) {
            try setting.world.run { try await setting.run(pages, .once) }
        }
        #expect(denied?.message.contains("needs pubsub.subscriptions.consume on \(Self.name)") == true)
    }

    @Test("A throttle waits as long as Google's RetryInfo says")
    func throttle() {
        let body =
            #"{"error":{"code":429,"message":"m","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"30s"}]}}"#
        let answer = HTTPResponse(status: 429, body: Array(body.utf8))
        #expect(
            RetryRule.google.read(answer)
                == .retry("HTTP 429 RESOURCE_EXHAUSTED: m", isThrottle: true, notBefore: .seconds(30)))
        let workspace = HTTPResponse(
            status: 403,
            body: Array(
                #"{"error":{"code":403,"message":"m","errors":[{"reason":"rateLimitExceeded"}]}}"#.utf8))
        guard case .retry(_, isThrottle: true, _) = RetryRule.google.read(workspace) else {
            Issue.record("a throttle of Workspace's is final")
            return
        }
        #expect(RetryRule.google.read(HTTPResponse(status: 403)) == .answer)
    }
}
