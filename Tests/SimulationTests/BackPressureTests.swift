import Engine
import Exporters
import Pipeline
import Ports
import Simulation
import Testing

@Suite struct BackPressureTests {
    @Test(
        "A dead receiver holds up the collectors only when its spool is full, the other receiver never",
        arguments: 1...10)
    func outage(seed: UInt64) throws {
        let world = Simulation(seed: seed)
        let network = SimulatedNetwork(world)
        let (dead, well) = (WorldReceiver(.plain, seed: 1), WorldReceiver(.plain, seed: 2))
        network.serve("https://dead.example.com/", dead)
        network.serve("https://well.example.com/", well)
        network.setDown(true, "https://dead.example.com/")
        let volume = SimulatedVolume(world)
        let doors = Doors(transport: network.transport(), time: world, volume: volume, entropy: world)
        let delivered = Noted(0)
        let most = Noted<Int64>(0)
        try world.run(for: .hours(3)) {
            let limits = Spool.Limits(bytesMax: 6_000, segmentBytes: 600)
            let state = try await PipelineState.open(
                doors: doors, outlets: [.init("dead", spool: limits), .init("well", spool: limits)])
            let lane = Lane(state) { WorldNormalizer() }
            await withTaskGroup { group in
                for name in ["dead", "well"] {
                    let receiver = HTTPReceiver(
                        WorldExporter(host: "\(name).example.com"), transport: doors.transport, time: world)
                    if let shipper = state.shipper(name, to: receiver) {
                        group.addTask { await shipper.run() }
                    }
                }
                group.addTask {
                    for page in 0..<200 {
                        let text = (0..<5).map { "1700467200000 u\(page)-\($0) plain" }.joined(
                            separator: "\n")
                        let object = RawObject(name: "o", bytes: Array(text.utf8))
                        _ = try? await lane.deliver(
                            RawPage(
                                feed: "f", source: "s", objects: [object], position: [1], listed: 1,
                                fetched: 1))
                        delivered.change { $0 += 1 }
                        let bytes = await state.spools[0].bytes
                        most.change { $0 = max($0, bytes) }
                    }
                }
                try? await world.sleep(until: world.start + .hours(1))
                let (taken, made) = (well.taken.count, delivered.value)
                #expect(made > 10 && made < 200, "\(made) pages were taken in before the spool was full")
                #expect(taken == made * 5)
                #expect(dead.taken.isEmpty)
                network.setDown(false, "https://dead.example.com/")
            }
        }
        #expect(dead.taken.count == 1_000 && well.taken.count == 1_000)
        #expect(most.value < 7_000)
    }

    @Test("A page larger than the whole spool still passes, when nothing else is left to ship")
    func hugePage() throws {
        let world = Simulation(seed: 1)
        let volume = SimulatedVolume(world)
        let doors = Doors(transport: ScriptedTransport(world), time: world, volume: volume, entropy: world)
        let receipt = try world.run {
            let limits = Spool.Limits(bytesMax: 2_000, segmentBytes: 600)
            let state = try await PipelineState.open(doors: doors, outlets: [.init("siem", spool: limits)])
            var laneLimits = Lane.Limits()
            laneLimits.frameRows = 8
            let text = (0..<300).map { "1700467200000 u\($0) plain" }.joined(separator: "\n")
            return try await Lane(state, limits: laneLimits) { WorldNormalizer() }.deliver(
                RawPage(
                    feed: "f", source: "s", objects: [RawObject(name: "o", bytes: Array(text.utf8))],
                    position: [1],
                    listed: 1, fetched: 1))
        }
        #expect(receipt?.events == 300)
    }
}
