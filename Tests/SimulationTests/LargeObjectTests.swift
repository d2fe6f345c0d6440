import Codecs
import Collectors
import Credentials
import Engine
import Exporters
import Pipeline
import Ports
import Simulation
import Synchronization
import Testing

@Suite struct LargeObjectTests {
    /// A file in many pieces and many parts; the process dies at one of its writes, and another goes on.
    private func life(
        _ world: Simulation, _ volume: SimulatedVolume, _ files: SimulatedFiles, for span: Duration?
    ) throws {
        let network = SimulatedNetwork(world).transport()
        let doors = Doors(transport: network, time: world, volume: volume, entropy: world)
        try world.run(for: span, atEnd: { volume.stop() }) {
            let state = try await PipelineState.open(doors: doors, outlets: [.init("out")])
            var limits = Lane.Limits()
            limits.partRecords = 4
            var config = FileCollector.Config(paths: ["/logs"])
            config.pieceBytes = 100
            let poller = Poller(
                FileCollector(feed: "f", source: "s", config: config), mode: .once,
                caller: Caller(transport: network, time: world, entropy: world), files: files,
                sink: Lane(state, limits: limits) { WorldNormalizer() }, health: Unheard())
            try await poller.run()
            try await state.close()
        }
    }

    @Test("A file that dies half-way is read on from its durable part: nothing twice, nothing counted twice")
    func crashes() throws {
        let files = SimulatedFiles()
        let lines = (0..<40).map { $0 % 9 == 4 ? "rubbish\($0)" : "1700467200000 u\($0) plain" }
        files["/logs/a.json"] = Array("1700467200000 first plain".utf8)
        files["/logs/b.json"] = Array(lines.joined(separator: "\n").utf8)
        files["/logs/c.json"] = Array("1700467200000 last plain".utf8)
        let calm = Simulation(seed: 5)
        let whole = SimulatedVolume(calm)
        try life(calm, whole, files, for: nil)
        #expect(whole.changes > 30)
        for change in 0..<whole.changes {
            let world = Simulation(seed: 5)
            let first = SimulatedVolume(world, crashPoint: .beforeChange(change))
            try? life(world, first, files, for: .minutes(1))
            let second = first.crash()
            try life(world, second, files, for: nil)
            let state = try world.run { try await PipelineState.read(second) } ?? nil
            let total = try #require(state).ledger.total
            #expect(total.records == 42 && total.events == 38 && total.malformed == 4, "change \(change)")
            #expect(total.duplicate == 0, "change \(change): read again what was durable")
            #expect(total.listed == 3 && total.fetched == 3, "change \(change): \(total.listed) listed")
        }
    }

    @Test("Three hundred megabytes out of a small gzip file pass in windows, and in many commits")
    func bomb() throws {
        let world = Simulation(seed: 1)
        let volume = SimulatedVolume(world)
        let doors = Doors(
            transport: SimulatedNetwork(world).transport(), time: world, volume: volume, entropy: world)
        var compressor = Compressor(.gzipFast)
        var member: [UInt8] = []
        compressor.pack([UInt8](repeating: UInt8(ascii: "a"), count: 1 << 20), into: &member)
        let source = RepeatedPieces(piece: member, count: 300)
        var object = RawObject(name: "bomb", bytes: member)
        object.rest = source
        let page = RawPage(feed: "f", source: "s", objects: [object], position: [1], listed: 1, fetched: 1)
        let largest = Mutex(0)
        try world.run {
            let state = try await PipelineState.open(doors: doors, outlets: [.init("out")])
            var limits = Lane.Limits()
            limits.partBytes = 32 << 20
            _ = try await Lane(state, limits: limits) {
                WindowNormalizer { count in largest.withLock { $0 = max($0, count) } }
            }.deliver(page)
            #expect(await state.journal.state.ledger.total.events == 300)
            #expect(await state.journal.nextSequence >= 9, "a commit for each part")
            try await state.close()
        }
        #expect(largest.withLock { $0 } <= 1 << 20)
    }
}

private struct Unheard: HealthReporter {
    func report(_ note: HealthNote) async {}
}

/// The same bytes, again and again.
private struct RepeatedPieces: PieceSource {
    let piece: [UInt8]
    let count: Int

    func piece(at offset: Int64) async throws(Fault) -> [UInt8] {
        offset / Int64(piece.count) < Int64(count) ? piece : []
    }
}

/// An event for every mebibyte.
private final class WindowNormalizer: PageNormalizer {
    private let note: (Int) -> Void
    private var bytes = 0
    private var events = 0

    init(_ note: @escaping (Int) -> Void) { self.note = note }

    func begin(_ object: String, feed: String) { (bytes, events) = (0, 0) }
    func feed(_ bytes: Span<UInt8>) {
        note(bytes.count)
        self.bytes += bytes.count
    }
    func finish() {}

    func advance(into batch: inout EventBatch, refusals: inout [RefusedRecord]) -> Bool {
        guard events < bytes >> 20 else { return false }
        var event = Event(time: .epoch)
        event.ordinal = UInt32(events)
        let text = Array("\(events)".utf8)
        event.json = Extent(start: batch.bytes.count, count: text.count)
        event.uid = event.json
        batch.bytes += text
        batch.events.append(event)
        events += 1
        return true
    }
}
