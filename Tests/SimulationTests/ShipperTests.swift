import Engine
import Exporters
import Pipeline
import Ports
import Simulation
import Testing

@Suite struct ShipperTests {
    /// A pipeline with one exporter, `lines` records in its spool, and a scripted receiver.
    private func ship(
        _ world: Simulation, _ transport: ScriptedTransport, lines: Int, for span: Duration,
        volume: SimulatedVolume? = nil, limits: Shipper.Limits = Shipper.Limits(),
        stoppingAt stop: Duration? = nil
    ) throws -> JournalState {
        let volume = volume ?? SimulatedVolume(world)
        let doors = Doors(transport: transport, time: world, volume: volume, entropy: world)
        try world.run(for: span) {
            let state = try await PipelineState.open(doors: doors, outlets: [.init("siem")])
            if lines > 0 {
                let text = (1...lines).map { "1700467200000 u\($0) plain" }.joined(separator: "\n")
                let object = RawObject(name: "o", bytes: Array(text.utf8))
                _ = try await Lane(state) { WorldNormalizer() }.deliver(
                    RawPage(feed: "f", source: "s", objects: [object], position: [1], listed: 1, fetched: 1))
            }
            let receiver = HTTPReceiver(
                WorldExporter(host: "siem.example.com"), transport: transport, time: world)
            guard let shipper = state.shipper("siem", to: receiver, limits: limits) else { return }
            await withTaskGroup { group in
                group.addTask { await shipper.run() }
                if let stop {
                    try? await world.sleep(until: world.start + stop)
                    shipper.stop()
                }
            }
        }
        return try #require(try world.run { try await PipelineState.read(volume) } ?? nil)
    }

    @Test("Waits exactly as long as it is asked to", arguments: 1...20)
    func retryAfter(seed: UInt64) throws {
        let world = Simulation(seed: seed)
        let siem = ScriptedTransport(world, .throttled(for: 30), .ok(""))
        let state = try ship(world, siem, lines: 3, for: .minutes(3))
        let times = siem.exchanges.map(\.at)
        #expect(times.count == 2)
        #expect(times[1] - times[0] >= .seconds(30) && times[1] - times[0] < .milliseconds(30_100))
        #expect(state.ledger.total.exporters["siem"]?.accepted == 3)
        #expect(state.ledger.total.exporters["siem"]?.resent == 0)
    }

    @Test("Backs off with growing, drawn waits that never pass a minute", arguments: 1...20)
    func jitter(seed: UInt64) throws {
        let world = Simulation(seed: seed)
        let siem = ScriptedTransport(world, .status(503))
        _ = try ship(world, siem, lines: 1, for: .minutes(20))
        let times = siem.exchanges.map(\.at)
        let waits = zip(times.dropFirst(), times).map { $0 - $1 }
        for (index, wait) in waits.enumerated() {
            #expect(wait <= min(.seconds(60), .seconds(1 << min(index, 10))) + .milliseconds(50))
        }
        #expect(waits.count > 20 && Set(waits).count == waits.count)
    }

    @Test("An answer that was lost is asked for again under the same batch, and counted as resent")
    func ambiguous() throws {
        let world = Simulation(seed: 5)
        let siem = ScriptedTransport(world, .fault(Fault(.transient, "reset")), .ok(""))
        let state = try ship(world, siem, lines: 4, for: .minutes(3))
        #expect(siem.exchanges.count == 2)
        #expect(Set(siem.exchanges.map { $0.request.headers["Batch"] }).count == 1)
        #expect(state.ledger.total.exporters["siem"]?.resent == 4)
    }

    @Test("A refused connection is tried again without being counted as resent")
    func refusedConnection() throws {
        let world = Simulation(seed: 5)
        let siem = ScriptedTransport(
            world, .fault(Fault(.transient, "connection refused", mayHaveArrived: false)), .ok(""))
        let state = try ship(world, siem, lines: 4, for: .minutes(3))
        #expect(siem.exchanges.count == 2)
        #expect(state.ledger.total.exporters["siem"]?.resent == 0)
    }

    @Test("Denied is asked again slowly, with a note that goes when it is mended")
    func denied() throws {
        let world = Simulation(seed: 5)
        let volume = SimulatedVolume(world)
        let siem = ScriptedTransport(world, .status(401), .status(401), .ok(""))
        let early = try ship(world, siem, lines: 1, for: .minutes(6), volume: volume)
        #expect(siem.exchanges.count == 2)
        #expect(early.notes["exporter siem"]?.text.contains("no such token") == true)
        let late = try ship(world, siem, lines: 0, for: .minutes(10), volume: volume)
        #expect(late.ledger.total.exporters["siem"]?.accepted == 1)
        #expect(late.notes["exporter siem"] == nil)
    }

    @Test("Too much at once is halved until it fits; one row that never fits goes to the dead letter")
    func tooLarge() throws {
        let world = Simulation(seed: 5)
        let siem = ScriptedTransport(
            world,
            .compute { request in
                let text = String(decoding: request.body, as: UTF8.self)
                let isRefused = text.split(separator: "\n").count > 2 || text.contains("u5 ")
                return HTTPResponse(status: isRefused ? 413 : 200)
            })
        let state = try ship(world, siem, lines: 9, for: .minutes(3))
        let cell = try #require(state.ledger.total.exporters["siem"])
        #expect((cell.accepted, cell.refused, cell.pending) == (8, 1, 0))
    }

    @Test("Stopping tries nothing twice, and leaves to the next start what was not accepted")
    func stop() throws {
        let world = Simulation(seed: 5)
        let volume = SimulatedVolume(world)
        let siem = ScriptedTransport(world, .status(503))
        let state = try ship(
            world, siem, lines: 3, for: .minutes(10), volume: volume, stoppingAt: .seconds(2))
        let tried = siem.exchanges.count
        #expect(world.elapsed < .minutes(2))
        #expect(state.queues["siem"]?.unjudged == [])
        let mended = ScriptedTransport(world, .ok(""))
        let after = try ship(world, mended, lines: 0, for: .minutes(1), volume: volume)
        #expect(tried >= 1 && mended.exchanges.count == 1)
        #expect(after.ledger.total.exporters["siem"]?.accepted == 3)
        #expect(after.ledger.total.exporters["siem"]?.resent == 0)
    }

    @Test("A batch goes when it is full, or when its oldest row is a second old")
    func batching() throws {
        let world = Simulation(seed: 5)
        var limits = Shipper.Limits()
        limits.rowsMax = 4
        limits.concurrency = 1
        let siem = ScriptedTransport(world, .ok(""))
        _ = try ship(world, siem, lines: 10, for: .minutes(1), limits: limits)
        let rows = siem.exchanges.map {
            String(decoding: $0.request.body, as: UTF8.self).split(separator: "\n").count
        }
        #expect(rows == [4, 4, 2])
        #expect(siem.exchanges[1].at < .milliseconds(900))
        #expect(siem.exchanges[2].at >= .seconds(1))
    }

    private func rows(_ exchange: ScriptedTransport.Exchange) -> [String] {
        String(decoding: exchange.request.body, as: UTF8.self).split(separator: "\n").map {
            String($0.prefix { $0 != " " })
        }
    }

    @Test("What is put off goes again alone, and the books close over the whole batch")
    func partial() throws {
        let world = Simulation(seed: 5)
        let siem = ScriptedTransport(
            world, .status(208, "1,2,4;0"), .status(413), .ok(""), .status(207, "0"))
        let state = try ship(world, siem, lines: 6, for: .minutes(3))
        #expect(
            siem.exchanges.map { rows($0) } == [
                ["u1", "u2", "u3", "u4", "u5", "u6"], ["u2", "u3", "u5"], ["u2"], ["u3", "u5"],
            ])
        // Other content under another id.
        #expect(Set(siem.exchanges.map { $0.request.headers["Batch"] }).count == 4)
        let cell = try #require(state.ledger.total.exporters["siem"])
        #expect((cell.accepted, cell.refused, cell.pending, cell.resent) == (4, 2, 0, 0))
    }

    @Test("A part may wait for its acknowledgement, and what was refused before is judged with it")
    func partialAcknowledged() throws {
        let world = Simulation(seed: 5)
        let siem = ScriptedTransport(
            world, .status(208, "1,2;0"), .status(202, "a"),
            .compute { HTTPResponse(status: 200, body: $0.url.hasSuffix("/ack") ? Array("a".utf8) : []) })
        let state = try ship(world, siem, lines: 3, for: .minutes(3))
        let cell = try #require(state.ledger.total.exporters["siem"])
        #expect((cell.accepted, cell.refused, cell.pending, cell.resent) == (2, 1, 0, 0))
    }

    @Test("A stop between two parts leaves the batch to the next start, which counts it as resent")
    func partialStopped() throws {
        let world = Simulation(seed: 5)
        let volume = SimulatedVolume(world)
        let siem = ScriptedTransport(world, .status(208, "1;"), .status(503))
        let early = try ship(
            world, siem, lines: 3, for: .minutes(10), volume: volume, stoppingAt: .seconds(2))
        #expect(early.ledger.total.exporters["siem"]?.accepted == 0)
        #expect(early.queues["siem"]?.unjudged == [0..<3])
        let mended = ScriptedTransport(world, .ok(""))
        let late = try ship(world, mended, lines: 0, for: .minutes(1), volume: volume)
        #expect(mended.exchanges.map { rows($0) } == [["u1", "u2", "u3"]])
        let cell = try #require(late.ledger.total.exporters["siem"])
        #expect((cell.accepted, cell.refused, cell.pending, cell.resent) == (3, 0, 0, 3))
    }

    @Test("A part that is lost on the way is counted as resent alone")
    func partialLost() throws {
        let world = Simulation(seed: 5)
        let siem = ScriptedTransport(
            world, .status(208, "1;"), .fault(Fault(.transient, "reset")), .ok(""))
        let state = try ship(world, siem, lines: 3, for: .minutes(3))
        let cell = try #require(state.ledger.total.exporters["siem"])
        #expect((cell.accepted, cell.refused, cell.pending, cell.resent) == (3, 0, 0, 1))
    }
}
