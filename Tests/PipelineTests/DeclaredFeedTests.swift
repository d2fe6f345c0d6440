import Credentials
import Engine
import Ports
import Simulation
import Synchronization
import Testing

@testable import Codecs
@testable import Collectors
@testable import Pipeline

/// What every feed with a declared protocol owes, built in or a user's: through throttling in each of the vendor's
/// ways, errors, resets, lost answers, empty, repeated and forgotten pages, late and doubled records, expired tokens,
/// redirects, answers that hang and process death, everything the vendor had is delivered.
@Suite struct DeclaredFeedTests {
    static let declared = ((try? FeedCatalog.builtIn().declared) ?? []) + others.compactMap { try? read($0) }

    /// Protocols that no built-in feed has.
    static let others = [
        """
        feed: test.delta
        position: delta
        get: https://graph.example.com/v1.0/users/delta
        records: value
        next: {url: '"@odata.nextLink"', delta: '"@odata.deltaLink"'}
        expired: ["410", syncStateNotFound]
        """,
        """
        feed: test.cursor
        position: cursor
        post: https://events.example.com/api/v2/audit
        body: {limit: 100, start_time: "{start}", cursor: "{next}"}
        records: items
        time: timestamp
        next: {token: cursor, more: has_more}
        """,
        """
        feed: test.seconds
        position: window
        times: seconds
        span: 1h
        late: 5m
        get: https://api.example.com/audit?limit=100
        query: {oldest: "{start}", latest: "{end}", cursor: "{next}"}
        records: entries
        time: date
        next: {token: response_metadata.next_cursor}
        """,
    ]

    static func read(_ yaml: String) throws(Problems) -> FeedProtocol {
        let feed = yaml.split(separator: "\n")[0].dropFirst("feed: ".count)
        return try VendorFolder(feed: String(feed), path: "vendors", files: [.feed: Array(yaml.utf8)])
            .declaration()
    }

    @Test("Every declaration is sound")
    func sound() throws {
        #expect(try FeedCatalog.builtIn().declared.count > 15)
        for yaml in Self.others { _ = try Self.read(yaml) }
    }

    @Test(
        "What is wrong with a declaration is said with its place and the nearest name",
        arguments: [
            (
                "positon: window",
                "vendors/feed.yaml:2:1: a feed has no key “positon” (did you mean “position”?)"
            ),
            (
                "position: windows",
                "vendors/feed.yaml:2:11: “windows” is not known here (did you mean “window”?)"
            ),
            (
                "position: window\nget: https://{hots}/x?from={start}\nparameters: {host: The host}",
                "{hots} is no parameter, and no value of a stream (did you mean {host}?)"
            ),
            ("position: window\nget: https://a.example.com/x", "a window's request needs {start}"),
            ("position: cursor\nget: http://a.example.com/x", "the URL must begin with https://"),
            ("position: cursor\nget: https://a.example.com/x\nnext: {token: t}", "the request needs {next}"),
            (
                "position: cursor\nget: https://a.example.com/x\nrecords: 'a..b'",
                "vendors/feed.yaml:4:10: “a..b” is no path"
            ),
            ("get: https://a.example.com/x", "a feed with a request needs “position”"),
            ("position: delta\nget: https://a.example.com/x\nnext: {url: n}", "a delta needs next.delta"),
            ("auth: {kinds: [api_tokne]}", "did you mean “api_token”?"),
            ("ways: [kafak]", "nothing is collected by “kafak” (did you mean “kafka”?)"),
        ])
    func wrong(yaml: String, message: String) {
        let problems = #expect(throws: Problems.self) { try Self.read("feed: test.wrong\n" + yaml) }
        #expect(problems?.description.contains(message) == true, "\(problems?.description ?? "")")
    }

    @Test(
        "Everything the vendor had is delivered, whatever happens",
        arguments: declared.map(\.feed), UInt64(1)...3)
    func endures(feed: String, seed: UInt64) throws {
        let declaration = try #require(Self.declared.first { $0.feed == feed })
        try FeedWorld(declaration, seed: seed).endure()
    }

    @Test("A first start says where it begins, and a gap longer than the vendor's memory is told loudly")
    func gap() throws {
        let declaration = try #require(Self.declared.first { $0.feed == "entra.audit" })
        let setting = FeedWorld(declaration, seed: 5, isCalm: true)
        try setting.live(.once)
        #expect(setting.notes.codes == ["first-start"])
        try setting.world.run { try await setting.world.sleep(until: setting.world.now + .days(40)) }
        setting.publish(3, tag: "late")
        try setting.live(.once)
        let gap = try #require(setting.notes.notes.first { $0.code == "log-gap" })
        #expect(gap.severity == .problem && gap.message.contains("missing"))
    }

    @Test(
        "A backfill reads the past to its end through kills, and the live position does not move",
        arguments: ["github.audit", "okta.system_log", "gcp.audit"], UInt64(1)...5)
    func backfill(feed: String, seed: UInt64) throws {
        let declaration = try #require(Self.declared.first { $0.feed == feed })
        let setting = FeedWorld(declaration, seed: seed)
        let (start, stream) = (setting.world.start, setting.vendor.streams[0])
        var old: Set<String> = []
        for index in 0..<120 {
            let time = start - .days(20) + .hours(4 * index)
            let name = "old-\(index)"
            setting.vendor.happen(
                setting.vendor.record(name, in: stream, at: time), in: stream.name, at: time, visibleAt: time)
            old.insert(name)
        }
        try setting.live(.once)
        let position = setting.pages["f"]
        let until = Timestamp(seconds: setting.world.now.seconds)
        for _ in 0..<3 {
            try setting.live(.once, for: .seconds(5), from: start - .days(30), until: until)
        }
        setting.network.setFaults(SimulatedNetwork.Faults(), "https://")
        for _ in 0..<4 { try setting.live(.once, from: start - .days(30), until: until) }
        #expect(Set(setting.names).isSuperset(of: old), "seed \(seed)")
        #expect(setting.pages["f"] == position)
        #expect(
            setting.notes.notes.contains { $0.code == "backfill-progress" && $0.message.hasPrefix("100 %") })
        let count = setting.names.count
        try setting.live(.once, from: start - .days(30), until: until)
        #expect(setting.names.count == count, "a finished backfill reads nothing")
    }

    @Test("No cursor and no redirect leads to another host", arguments: [true, false])
    func elsewhere(isRedirect: Bool) throws {
        let declaration = try #require(Self.declared.first { $0.feed == "okta.system_log" })
        let setting = FeedWorld(declaration, seed: 1, isCalm: true)
        let trap = Elsewhere(isRedirect: isRedirect)
        setting.network.serve("https://host.example.com", trap)
        let fault = #expect(throws: Fault.self) { try setting.live(.once) }
        #expect(fault?.kind == .denied)
        #expect(fault?.message.contains("evil.example.net") == true)
        #expect(trap.seen.allSatisfy { !$0.contains("evil") })
    }

    @Test("What was read is asked for again as long as records may come late, and delivered once")
    func once() throws {
        let declaration = try #require(Self.declared.first { $0.feed == "github.audit" })
        let setting = FeedWorld(declaration, seed: 3, isCalm: true)
        setting.publish(40, tag: "a")
        try setting.live(for: .minutes(30))
        #expect(Set(setting.names) == setting.expected)
        #expect(setting.names.count == setting.expected.count)
    }
}

/// Sends whoever asks to another host.
private final class Elsewhere: SimulatedServer {
    private let isRedirect: Bool
    private let requests = Mutex<[String]>([])
    var seen: [String] { requests.withLock { $0 } }

    init(isRedirect: Bool) { self.isRedirect = isRedirect }

    func answer(_ request: HTTPRequest, at now: Timestamp) -> HTTPResponse {
        requests.withLock { $0.append(request.url) }
        let target = "https://evil.example.net/api/v1/logs?after=1"
        if isRedirect { return HTTPResponse(status: 302, headers: ["Location": target]) }
        return HTTPResponse(
            status: 200, headers: ["Link": "<\(target)>; rel=\"next\""],
            body: Array("[{\"uuid\":\"1\"}]".utf8))
    }
}

/// One declared feed in a simulated world, and what was delivered of it over all lives.
struct FeedWorld: Sendable {
    let declaration: FeedProtocol
    let world: Simulation
    /// Ours, which may be set; the vendor's is the world's.
    let clock: SettableClock
    let network: SimulatedNetwork
    let vendor: DeclaredVendor
    let pages: RememberedPages
    let notes = FeedNotes()
    let parameters: [String: String]
    private let published = Names()

    init(_ declaration: FeedProtocol, seed: UInt64, isCalm: Bool = false, saysTime: Bool = true) {
        self.declaration = declaration
        world = Simulation(seed: seed)
        clock = SettableClock(world)
        network = SimulatedNetwork(world, saysTime: saysTime)
        pages = RememberedPages(world, refuses: isCalm ? 0 : 0.1)
        parameters = Dictionary(
            uniqueKeysWithValues: declaration.parameters.all.map {
                ($0.name, $0.standard ?? "\($0.name).example.com")
            })
        var oddities = DeclaredVendor.Oddities()
        oddities.seed = seed
        if !isCalm {
            oddities.throttle = 0.08
            oddities.emptyPage = 0.1
            oddities.repeatedPage = 0.05
            oddities.duplicate = 0.1
            oddities.expired = 0.03
            oddities.redirect = 0.05
            oddities.unauthorized = 0.03
        }
        vendor = DeclaredVendor(declaration, parameters: parameters, oddities)
        network.serve("https://", vendor, faults: isCalm ? SimulatedNetwork.Faults() : Self.storm)
    }

    static let storm: SimulatedNetwork.Faults = {
        var faults = SimulatedNetwork.Faults()
        faults.resetBefore = 0.05
        faults.resetAfter = 0.05
        faults.throttled = 0.05
        faults.unavailable = 0.05
        faults.truncated = 0.03
        faults.hang = 0.01
        return faults
    }()

    /// New records of each stream, some of them late.
    func publish(_ count: Int, tag: String) {
        for stream in vendor.streams {
            for index in 0..<count {
                let isLate = world.next() % 3 == 0
                let delay = isLate ? declaration.late * (world.fraction() * 0.9) : .seconds(2)
                let time = world.now - delay * world.fraction()
                let name = "\(stream.name)-\(tag)-\(index)"
                vendor.happen(
                    vendor.record(name, in: stream, at: time), in: stream.name, at: time,
                    visibleAt: max(world.now, time + delay))
                published.insert(name)
            }
        }
    }

    /// One life of a process: until caught up, or until it is killed after `span`. With `until` a backfill's, under a
    /// source of its own. Without `begins` nobody says where a first start begins.
    func live(
        _ mode: RunMode = .continuous, for span: Duration? = nil, from since: Timestamp? = nil,
        until: Timestamp? = nil, begins: Bool = true,
        meanwhile: @escaping @Sendable () async throws -> Void = {}
    )
        throws
    {
        var settings = DeclaredCollector.Config()
        settings.parameters = parameters
        settings.interval = .seconds(10)
        settings.since = begins ? since ?? world.start - declaration.late - .hours(1) : nil
        settings.until = until
        settings.authorizer = VendorToken(vendor)
        let collector = DeclaredCollector(
            declaration, source: until == nil ? "f" : "f.backfill", config: settings)
        let transport = network.transport()
        let poller = Poller(
            collector, mode: mode, caller: Caller(transport: transport, time: clock, entropy: world),
            files: SimulatedFiles(), sink: pages, health: notes)
        try world.run(for: span) {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await meanwhile() }
                do { try await poller.run() } catch let fault as Fault where fault.kind == .transient {}
                try await group.waitForAll()
            }
        }
        transport.stop()
    }

    /// Lives, each killed after a while, with something new before each; then calm ones, until nothing can be late.
    func endure() throws {
        for life in 0..<4 {
            publish(Int(world.next() % 25), tag: "\(life)")
            try live(for: .milliseconds(200 + Int(world.next() % 90_000)))
        }
        try calmDown()
    }

    /// Calm lives, until nothing can be late: then everything has to be there.
    func calmDown() throws {
        network.setFaults(SimulatedNetwork.Faults(), "https://")
        for _ in 0..<5 {
            try world.run { try await world.sleep(until: world.now + declaration.late / 4 + .minutes(1)) }
            for _ in 0..<3 { try live(.once) }
        }
        let missing = expected.subtracting(names)
        #expect(
            missing.isEmpty,
            "\(declaration.feed), seed \(world.seed): \(missing.count) of \(expected.count) are missing: \(missing.sorted().prefix(3))"
        )
        #expect(Set(names).subtracting(expected).isEmpty)
    }

    var expected: Set<String> { published.all }

    /// The names of all records delivered.
    var names: [String] {
        pages.objects.flatMap { object -> [String] in
            let list = (try? JSONReader.document(in: object.bytes, file: "page"))?.list ?? []
            return list.compactMap { record in
                let own = declaration.each.item.flatMap { record[$0] } ?? record
                return own["name"]?.string
            }
        }
    }
}

/// Names that were published.
private final class Names: Sendable {
    private let state = Mutex<Set<String>>([])
    var all: Set<String> { state.withLock { $0 } }
    func insert(_ name: String) { state.withLock { _ = $0.insert(name) } }
}

/// Health notes, kept.
final class FeedNotes: HealthReporter {
    private let state = Mutex<[HealthNote]>([])
    var notes: [HealthNote] { state.withLock { $0 } }
    var codes: Set<String> { Set(notes.map(\.code)) }
    func report(_ note: HealthNote) async { state.withLock { $0.append(note) } }
}

/// The vendor's present token; a new one is fetched when it is refused.
private final class VendorToken: Authorizer {
    private let vendor: DeclaredVendor
    private let token: Mutex<String>

    init(_ vendor: DeclaredVendor) {
        self.vendor = vendor
        token = Mutex(vendor.token)
    }

    func authorize(_ request: HTTPRequest) async throws(Fault) -> HTTPRequest {
        var request = request
        request.headers[vendor.declaration.auth.header] = "Bearer \(token.withLock { $0 })"
        return request
    }

    func learn(from response: HTTPResponse, to request: HTTPRequest) async -> Bool {
        guard response.status == 401 else { return false }
        let fresh = vendor.token
        token.withLock { $0 = fresh }
        return true
    }
}
