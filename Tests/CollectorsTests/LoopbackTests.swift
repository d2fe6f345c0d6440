import Engine
import Platform
import Ports
import Simulation
import Testing

@testable import Collectors
@testable import Credentials

/// The whole way over real sockets, to servers of ours for what moto does not have.
@Suite struct LoopbackTests {
    @Test("LookupEvents and ListPublicKeys over libcurl and a real server")
    func lookup() async throws {
        let clock = SystemClock()
        let api = AWSCloudTrailAPI()
        for index in 0..<70 {
            api.happen(
                id: "id-\(index)", at: clock.now - .minutes(index), visibleAt: .epoch,
                record: "{\"n\":\(index)}")
        }
        let server = try HTTPServer { request in api.answer(request, at: clock.now) }
        let keys = AWSCredentials(accessKeyID: "AKIATEST", secretAccessKey: Secret("s"))
        let identity = AWSIdentity(
            AWSStaticCredentials(keys),
            endpoints: AWSEndpoints(region: "us-east-1", overrides: ["*": server.url]),
            time: clock)
        var config = LookupCollector.Config(streams: [.init(name: "1/us-east-1", identity: identity)])
        config.since = clock.now - .hours(3)
        let pages = KeptPages()
        let notes = RememberedNotes()
        try await Poller(
            LookupCollector(source: "l", config: config), mode: .once,
            caller: Caller(transport: CurlTransport(), time: clock, entropy: SystemEntropy()),
            files: SystemFiles(),
            sink: pages, health: notes
        ).run()
        let lines = pages.lines.flatMap { $0.split(separator: "\n").map(String.init) }
        #expect(Set(lines) == Set((0..<70).map { "{\"n\":\($0)}" }))
        #expect(lines.count == 70 && notes.notes.isEmpty)
        await server.stop()
    }
}
