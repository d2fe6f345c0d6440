import Engine
import Exporters
import Pipeline
import Ports
import Simulation
import Testing

@Suite struct DeadLetterTests {
    @Test("What was refused is sent again to where it belongs, once, and leaves the store")
    func redrive() throws {
        let world = Simulation(seed: 3)
        let volume = SimulatedVolume(world)
        let network = SimulatedNetwork(world)
        let strict = WorldReceiver(.rejects, seed: 1)
        network.serve("https://strict.example.com/", strict)
        let doors = Doors(transport: network.transport(), time: world, volume: volume, entropy: world)
        let lines = [
            "1700467200000 u1 plain", "1700467200000 u2 poison", "rubbish", "1700467200000 u3 plain",
        ]
        try world.run {
            let state = try await PipelineState.open(
                doors: doors, outlets: [.init("strict"), .init("other")])
            let lane = Lane(state) { WorldNormalizer() }
            _ = try await lane.deliver(
                RawPage(
                    feed: "f", source: "s",
                    objects: [
                        RawObject(name: "bucket/key", bytes: Array(lines.joined(separator: "\n").utf8)),
                        RawObject(name: "gone", bytes: [], refusal: "404: no such key"),
                    ], position: [1], listed: 2, fetched: 1))
            try await drain(state, doors)
        }
        let before = try entries(world, volume)
        #expect(before.map(\.reason) == ["not a record", "404: no such key", "poison"])
        #expect(before.map(\.line) == [3, 0, 0])
        #expect(before.last?.exporter == "strict" && before.last?.uid == "u2")

        let lenient = WorldReceiver(.plain, seed: 1)
        network.serve("https://strict.example.com/in", lenient)
        let outcome = try world.run {
            let state = try await PipelineState.open(
                doors: doors, outlets: [.init("strict"), .init("other")])
            let outcome = try await state.redrive(through: Lane(state) { WorldNormalizer() }) { _, _ in true }
            try await drain(state, doors)
            return outcome
        }
        #expect(outcome?.redriven == 2 && outcome?.left == 1)
        #expect(lenient.taken.keys.sorted() == ["u2 poison"])
        // Rubbish is rubbish again; the event is delivered and gone from the store.
        #expect(try entries(world, volume).map(\.reason).sorted() == ["404: no such key", "not a record"])
        let state = try #require(try world.run { try await PipelineState.read(volume) } ?? nil)
        #expect(state.ledger.sorted.allSatisfy { $0.row.isBalanced })
    }

    @Test("Any bytes come back from the store as they went in")
    func raw() {
        for raw: [UInt8] in [
            [], Array("plain \"quoted\" \u{1} \\".utf8), [0xFF, 0xFE, 0, 10, 13], Array("ö\n".utf8),
        ] {
            var entry = DeadLetterEntry(
                feed: "f", source: "s", reason: "r\n\"", raw: raw, at: Timestamp(seconds: 5))
            entry.uid = "u\\"
            entry.file = "a/b"
            entry.line = 7
            var line: [UInt8] = []
            entry.write(into: &line)
            #expect(line.last == 10 && line.dropLast().firstIndex(of: 10) == nil)
            #expect(DeadLetterEntry(line: Array(line.dropLast())) == entry)
        }
    }

    private func entries(_ world: Simulation, _ volume: SimulatedVolume) throws -> [DeadLetterEntry] {
        try world.run {
            guard let state = try await PipelineState.read(volume) else { return [] }
            var entries: [DeadLetterEntry] = []
            try await DeadLetter.read(volume, state) { _, entry in entries.append(entry) }
            return entries
        } ?? []
    }
}

/// Ships what the `strict` outlet owes.
private func drain(_ state: PipelineState, _ doors: Doors) async throws {
    let receiver = HTTPReceiver(
        WorldExporter(host: "strict.example.com"), transport: doors.transport, time: doors.time)
    guard let shipper = state.shipper("strict", to: receiver) else { return }
    await withTaskGroup { group in
        group.addTask { await shipper.run() }
        while await state.queue(of: "strict").pendingRows > 0 {
            try? await doors.time.sleep(until: doors.time.now + .seconds(1))
        }
        shipper.stop()
    }
    try await state.close()
}
