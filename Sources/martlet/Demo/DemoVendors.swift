import Codecs
import Collectors
import Engine
import Pipeline
import Platform
import Ports
import Simulation

/// The demo's other vendors, on loopback: a server for each feed that has an API, which answers by the same declaration that
/// the feed's collector follows, with pages that are empty or come again, records that come twice, and refusals that pass;
/// and a Pub/Sub subscription for Google Cloud's.
struct DemoVendors: Sendable {
    /// What every collector shows.
    static let token = "demo-token-00000000"
    static let pageSize = 1_000
    /// The shortest time that one of these vendors keeps its records for is 90 days; of more than these the demo reads files.
    static let daysMax = 31
    static let pushedFeed = "gcp.audit"
    static let subscription = "projects/example-shared/subscriptions/audit"

    private let servers: [String: HTTPServer]
    private let declarations: [String: FeedProtocol]
    private let pushed = PubSub(subscription, token: token, deadline: .minutes(1), repeats: 0.01)
    private let messages: [String]

    /// - Parameter files: all that was recorded; feeds without an API are left out, and those whose API wants pauses between
    ///   requests, which nobody who looks at a demo wants to sit through.
    init(_ files: [SyntheticFeeds.File], seed: UInt64, time: any TimeSource) throws {
        var vendors: [String: DeclaredVendor] = [:]
        for declaration in try FeedCatalog.builtIn().declared
        where declaration.pace == .zero && files.contains(where: { $0.feed == declaration.feed }) {
            vendors[declaration.feed] = Self.vendor(declaration, seed: seed)
        }
        var messages: [String] = []
        for file in files {
            let lines = file.bytes.split(separator: 0x0A)
            if file.feed == Self.pushedFeed { messages += lines.map { String(decoding: $0, as: UTF8.self) } }
            guard let vendor = vendors[file.feed] else { continue }
            for line in lines { Self.tell(vendor, Array(line)) }
        }
        var servers: [String: HTTPServer] = [:]
        for (feed, vendor) in vendors {
            servers[feed] = try HTTPServer { vendor.answer($0, at: time.now) }
        }
        if !messages.isEmpty {
            servers[Self.pushedFeed] = try HTTPServer { [pushed] in pushed.answer($0, at: time.now) }
        }
        self.servers = servers
        self.messages = messages
        declarations = vendors.mapValues { $0.declaration }
        announceAgain()
    }

    /// Publishes every message once more, for a run that begins anew; the other vendors keep what they have.
    func announceAgain() { for message in messages { pushed.publish(message) } }

    private static func vendor(_ declaration: FeedProtocol, seed: UInt64) -> DeclaredVendor {
        var oddities = DeclaredVendor.Oddities()
        oddities.throttle = 0.01
        oddities.emptyPage = 0.05
        oddities.repeatedPage = 0.02
        oddities.duplicate = 0.01
        oddities.redirect = 0.02
        oddities.seed = seed
        let parameters = declaration.parameters.all.map { ($0.name, $0.standard ?? $0.name) }
        return DeclaredVendor(
            declaration, parameters: Dictionary(uniqueKeysWithValues: parameters), pageSize: pageSize,
            oddities
        )
    }

    /// Lets a record have happened, in the stream that it is of.
    private static func tell(_ vendor: DeclaredVendor, _ record: [UInt8]) {
        let text = String(decoding: record, as: UTF8.self)
        let streams = vendor.streams
        let own = streams.first { stream in
            !stream.values.isEmpty && stream.values.values.allSatisfy { text.contains(quoted($0)) }
        }
        let stream = own ?? streams[0]
        let time = vendor.timePath(of: stream).flatMap { JSONSpans.raw($0, in: record) }.flatMap(time(of:))
        let moment = time ?? .epoch
        vendor.happen(record, in: stream.name, at: moment, visibleAt: moment)
    }

    /// A text in RFC 3339, or a number of milliseconds.
    private static func time(of raw: String) -> Timestamp? {
        if let number = Int64(raw) { return Timestamp(milliseconds: number) }
        return Timestamp(iso8601: raw.filter { $0 != "\"" })
    }

    /// The collector of a feed as a pipeline has it; `nil` where the feed has no server here.
    func collector(of feed: String, since start: Timestamp) -> String? {
        guard let server = servers[feed] else { return nil }
        guard let declaration = declarations[feed] else {
            return """
                    from: pubsub
                    feed: \(feed)
                    subscription: \(Self.subscription)
                    auth: {kind: api_token, token: \(Self.token), scheme: Bearer}
                    endpoint: \(server.url)
                """
        }
        let needed = declaration.parameters.all.filter { $0.standard == nil }.map { "\($0.name): \($0.name)" }
        let parameters = needed.isEmpty ? "" : "\n    parameters: {\(needed.joined(separator: ", "))}"
        return """
                from: api
                feed: \(feed)\(parameters)
                auth: {kind: api_token, token: \(Self.token)}
                endpoint: \(server.url)
                since: \(start.iso8601)
            """
    }

    func stop() async { for server in servers.values { await server.stop() } }
}
