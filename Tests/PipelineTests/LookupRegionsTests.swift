import Codecs
import Engine
import Exporters
import Ports
import Simulation
import Synchronization
import Testing

@testable import Pipeline

/// A pipeline that reads LookupEvents in two regions, on a simulated network and disk, through restarts.
private struct RegionsWorld: Sendable {
    static let regions = ["eu-central-1", "us-east-1"]
    static let pipeline = """
        name: p
        collectors:
          trail: {from: lookup_events, region: us-east-1, regions: [eu-central-1, us-east-1], lookback: 12h, interval: 60s}
        exporters:
          out: {to: file, path: /out, compression: none}
        """

    /// CloudTrail's API of one region, which notes from when on it was asked, and by whom.
    final class Region: SimulatedServer {
        let name: String
        let api = AWSCloudTrailAPI()
        private let noted = Mutex<(starts: [Int64], scopes: Set<String>)>(([], []))

        init(_ name: String) { self.name = name }

        var url: String { "https://cloudtrail.\(name).amazonaws.com" }
        /// The beginnings of the windows asked for, in seconds, since this was last called.
        func takeStarts() -> [Int64] {
            noted.withLock { noted in
                defer { noted.starts = [] }
                return noted.starts
            }
        }
        var scopes: Set<String> { noted.withLock { $0.scopes } }

        func answer(_ request: HTTPRequest, at now: Timestamp) -> HTTPResponse {
            let input = try? JSONReader.document(in: request.body, file: "request")
            let scope = request.headers["Authorization"]?.split(separator: "/").dropFirst(2).first
            noted.withLock {
                $0.starts.append(input?["StartTime"]?.integer ?? -1)
                $0.scopes.insert(scope.map(String.init) ?? "")
            }
            return api.answer(request, at: now)
        }
    }

    let world: Simulation
    let network: SimulatedNetwork
    let regions = Self.regions.map { Region($0) }
    let state: SimulatedVolume
    let output: SimulatedVolume

    init(seed: UInt64) {
        world = Simulation(seed: seed)
        network = SimulatedNetwork(world)
        state = SimulatedVolume(world)
        output = SimulatedVolume(world)
        for region in regions { network.serve(region.url, region) }
    }

    func happen(_ id: String, in region: Int, at time: Timestamp) {
        regions[region].api.happen(id: id, at: time, visibleAt: time, record: id)
    }

    /// One life of the process.
    func run(for time: Duration) throws {
        let surroundings = RunSurroundings(
            time: world, entropy: world, files: SimulatedFiles(), processes: ScriptedProcesses(),
            environment: ["AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": "s"],
            transport: { [network] _ in network.transport() },
            volume: { [state, output] folder in folder == "/out" ? output : state }, log: .silent)
        _ = try world.run { [world] in
            let file = try await PipelineFile.read(
                ["/p.yaml"], environment: [:], SimulatedFiles(["/p.yaml": Self.pipeline]))[0]
            let runner = PipelineRunner(
                file, content: LineContent(), surroundings: surroundings, plan: RunPlan())
            let end = world.now + time
            return try await runner.run(
                state: "/state/p", until: { try? await world.sleep(until: end) }, observe: { _ in })
        }
    }

    /// What the ledger says of each source, all hours together.
    func accounts() throws -> [String: Ledger.Row] {
        let ledger = try world.run { [state] in
            try await PipelineState.read(state)?.ledger ?? Ledger()
        }
        var accounts: [String: Ledger.Row] = [:]
        for (key, row) in try #require(ledger).rows {
            #expect(row.isBalanced, "\(key)")
            var sum = accounts[key.source] ?? Ledger.Row()
            sum.records += row.records
            sum.events += row.events
            sum.duplicate += row.duplicate
            sum.fetched += row.fetched
            accounts[key.source] = sum
        }
        return accounts
    }
}

@Suite struct LookupRegionsTests {
    @Test(
        "Each region of a LookupEvents collector has its own requests, position and row of the ledger, restarts included",
        arguments: 1...20 as ClosedRange<UInt64>)
    func regions(seed: UInt64) throws {
        let setting = RegionsWorld(seed: seed)
        let (europe, america) = (setting.regions[0], setting.regions[1])
        let start = setting.world.start
        for number in 0..<60 { setting.happen("eu-\(number)", in: 0, at: start - .minutes(number * 11)) }
        for number in 0..<7 { setting.happen("us-\(number)", in: 1, at: start - .minutes(number * 90)) }

        // Of one region nothing is heard: the other one goes on without it.
        setting.network.setDown(true, america.url)
        try setting.run(for: .minutes(10))
        #expect(europe.takeStarts().min() == (start - .hours(12)).seconds)
        #expect(america.takeStarts() == [])
        var accounts = try setting.accounts()
        #expect(accounts["trail/eu-central-1"]?.events == 60)
        #expect(accounts["trail/us-east-1"] == nil)

        // After a restart each begins where it stood: one an hour of overlap back, the other at the first beginning.
        setting.network.setDown(false, america.url)
        let restart = setting.world.now
        setting.happen("eu-new", in: 0, at: restart + .minutes(1))
        try setting.run(for: .minutes(10))
        let again = try #require(europe.takeStarts().min())
        #expect(again >= (restart - .minutes(65)).seconds && again <= (restart - .minutes(55)).seconds)
        #expect(america.takeStarts().min() == (restart - .hours(12)).seconds)
        accounts = try setting.accounts()
        #expect(accounts["trail/eu-central-1"]?.events == 61)
        #expect(accounts["trail/us-east-1"]?.events == 7 && accounts["trail/us-east-1"]?.duplicate == 0)

        // And a third time, with both a little behind the present.
        let third = setting.world.now
        setting.happen("us-new", in: 1, at: third + .minutes(1))
        try setting.run(for: .minutes(5))
        for region in setting.regions {
            let from = try #require(region.takeStarts().min())
            #expect(from >= (third - .minutes(65)).seconds && from <= (third - .minutes(55)).seconds)
            #expect(region.scopes == [region.name])
        }
        accounts = try setting.accounts()
        #expect(accounts["trail/eu-central-1"]?.events == 61 && accounts["trail/us-east-1"]?.events == 8)
        #expect(Set(accounts.keys) == ["trail/eu-central-1", "trail/us-east-1"])
    }
}
