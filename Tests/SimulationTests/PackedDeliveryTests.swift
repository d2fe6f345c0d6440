import Codecs
import Engine
import Exporters
import Pipeline
import Ports
import Simulation
import Testing

/// Receivers of zstd lines get the spool's frames as they are; what they read, and the key of each batch, are as ever.
@Suite struct PackedDeliveryTests {
    /// Ships what a first life has put into the spool, a page for each count.
    private func ship(
        _ world: Simulation, _ volume: SimulatedVolume, _ transport: ScriptedTransport, pages: [Int],
        limits: Shipper.Limits, for span: Duration
    ) throws -> JournalState {
        let doors = Doors(transport: transport, time: world, volume: volume, entropy: world)
        try world.run(for: span) {
            let state = try await PipelineState.open(doors: doors, outlets: [.init("siem")])
            let lane = Lane(state) { WorldNormalizer() }
            var first = 0
            for (number, count) in pages.enumerated() {
                let lines = (first..<first + count).map { "1700467200000 u\($0) plain\($0 * 7_919)" }
                let object = RawObject(
                    name: "\(number)", bytes: Array(lines.joined(separator: "\n").utf8))
                _ = try await lane.deliver(
                    RawPage(
                        feed: "f", source: "s", objects: [object], position: [UInt8(number)], listed: 1,
                        fetched: 1))
                first += count
            }
            var config = GenericHTTP.Config(url: "https://siem.example.com/in")
            config.compression = .zstd(level: SpoolFrame.packingLevel)
            let receiver = HTTPReceiver(
                GenericHTTP(config, time: world), transport: transport, time: world)
            await state.shipper("siem", to: receiver, limits: limits)?.run()
        }
        return try #require(try world.run { try await PipelineState.read(volume) } ?? nil)
    }

    private func uids(_ exchange: ScriptedTransport.Exchange) throws -> [String] {
        let plain = try Inflater.inflate(exchange.request.body, bytesMax: 1 << 24)
        return String(decoding: plain, as: UTF8.self).split(separator: "\n").map {
            String($0.prefix { $0 != " " })
        }
    }

    private func limits(rows: Int) -> Shipper.Limits {
        var limits = Shipper.Limits()
        limits.rowsMax = rows
        limits.concurrency = 1
        return limits
    }

    @Test("A frame that makes a batch goes alone, small ones go together, and a large one is cut")
    func cutting() throws {
        let world = Simulation(seed: 7)
        let siem = ScriptedTransport(world, .ok(""))
        let state = try ship(
            world, SimulatedVolume(world), siem, pages: [60, 3, 4, 2, 250, 1], limits: limits(rows: 100),
            for: .minutes(2))
        let sent = try siem.exchanges.map { try uids($0) }
        #expect(sent.flatMap { $0 } == (0..<320).map { "u\($0)" })
        #expect(sent.map(\.count) == [60, 100, 100, 60])
        #expect(state.ledger.total.exporters["siem"]?.accepted == 320)
    }

    @Test("A small frame before large ones does not shift the cuts into them")
    func alignment() throws {
        let world = Simulation(seed: 7)
        let siem = ScriptedTransport(world, .ok(""))
        _ = try ship(
            world, SimulatedVolume(world), siem, pages: [3, 4, 60, 5, 90, 30], limits: limits(rows: 100),
            for: .minutes(2))
        #expect(try siem.exchanges.map { try uids($0).count } == [7, 60, 5, 90, 30])
    }

    @Test(
        "A batch that was under way at a crash goes again with the same bytes and the same key",
        arguments: [[60], [3, 4, 2], [1], [250]])
    func crash(pages: [Int]) throws {
        let world = Simulation(seed: 8)
        let volume = SimulatedVolume(world)
        let lost = ScriptedTransport(world, .fault(Fault(.transient, "reset")))
        _ = try ship(world, volume, lost, pages: pages, limits: limits(rows: 100), for: .seconds(20))
        let siem = ScriptedTransport(world, .ok(""))
        let state = try ship(
            world, volume.crash(), siem, pages: [], limits: limits(rows: 100), for: .minutes(2))
        let (before, after) = (try #require(lost.exchanges.first), try #require(siem.exchanges.first))
        #expect(before.request.headers["Idempotency-Key"] == after.request.headers["Idempotency-Key"])
        #expect(before.request.body == after.request.body)
        #expect(before.request.headers["Content-Encoding"] == "zstd")
        let all = try siem.exchanges.flatMap { try uids($0) }
        #expect(all == (0..<pages.reduce(0, +)).map { "u\($0)" })
        #expect(state.ledger.total.exporters["siem"]?.pending == 0)
    }
}
