import Engine
import Exporters
import Pipeline
import Ports
import Simulation

/// A vendor, a pipeline and two receivers under one seed: lives that end in crashes, and a last one that may finish.
struct WorldRun {
    let seed: UInt64
    /// The deliberate mistake of saving the position before the data.
    var savesPositionFirst = false

    struct Outcome {
        var vendor: WorldVendor
        var receivers: [String: WorldReceiver]
        var state: JournalState
        var deadLetter: [DeadLetterEntry]
        var paths: [String]
        /// When it ended and what was on the disk: the same for the same seed.
        var elapsed: Duration
        var disk: [String: [UInt8]]
    }

    func run() throws -> Outcome {
        let world = Simulation(seed: seed)
        var generator = SeededGenerator(seed: seed ^ 0x5EED)
        let vendor = WorldVendor(seed: seed, start: world.start)
        let network = SimulatedNetwork(world)
        var receivers: [String: WorldReceiver] = [:]
        for name in ["alpha", "beta"] {
            let manner = WorldReceiver.Manner.allCases[generator.index(below: 5)]
            receivers[name] = WorldReceiver(manner, seed: generator.next())
            network.serve(
                "https://\(name).example.com/", receivers[name] ?? WorldReceiver(.plain, seed: 0),
                faults: FaultMix.network(&generator))
        }
        var volume = SimulatedVolume(world, faults: FaultMix.disk(&generator, capacityBytes: 6_000))
        for _ in 0..<generator.index(below: 5) {
            try life(world, volume, network, vendor, for: .milliseconds(20 + generator.index(below: 6_000)))
            volume = volume.crash()
            if generator.chance(0.3) {
                try world.run { await world.pass(.seconds(generatorSpan(seed))) }
            }
        }
        volume.faults = SimulatedVolume.Faults()
        for name in receivers.keys {
            network.setFaults(SimulatedNetwork.Faults(), "https://\(name).example.com/")
        }
        try life(world, volume, network, vendor, for: nil)
        return try outcome(world, volume, vendor, receivers)
    }

    func outcome(
        _ world: Simulation, _ volume: SimulatedVolume, _ vendor: WorldVendor,
        _ receivers: [String: WorldReceiver]
    ) throws -> Outcome {
        let (state, entries) = try read(world, volume)
        return Outcome(
            vendor: vendor, receivers: receivers, state: state, deadLetter: entries, paths: volume.paths,
            elapsed: world.elapsed,
            disk: Dictionary(uniqueKeysWithValues: volume.paths.map { ($0, volume[$0] ?? []) }))
    }

    private func generatorSpan(_ seed: UInt64) -> Int { Int(seed % 4_000) }

    private func read(
        _ world: Simulation, _ volume: SimulatedVolume
    ) throws -> (JournalState, [DeadLetterEntry]) {
        let read = try world.run {
            guard let state = try await PipelineState.read(volume) else {
                throw Fault(.malformed, "no journal")
            }
            var entries: [DeadLetterEntry] = []
            try await DeadLetter.read(volume, state) { _, entry in entries.append(entry) }
            return (state, entries)
        }
        guard let read else { throw Fault(.malformed, "no journal") }
        return read
    }

    // MARK: One life of the process

    func life(
        _ world: Simulation, _ volume: SimulatedVolume, _ network: SimulatedNetwork, _ vendor: WorldVendor,
        for span: Duration?
    ) throws {
        let transport = network.transport()
        let doors = Doors(transport: transport, time: world, volume: volume, entropy: world)
        let savesPositionFirst = savesPositionFirst
        do {
            try world.run(
                for: span,
                atEnd: {
                    volume.stop()
                    transport.stop()
                },
                { try await live(doors, vendor, savesPositionFirst) })
        } catch let fault as Fault where span != nil && (fault.kind == .transient || fault.kind == .cancelled)
        {
            // A disk that failed at start-up ended the process: that is a crash, too.
            volume.stop()
            transport.stop()
        }
    }
}

private func live(_ doors: Doors, _ vendor: WorldVendor, _ savesPositionFirst: Bool) async throws {
    var limits = PipelineState.Limits()
    limits.journal.segmentBytes = 3_000
    limits.duplicates.bytesMax = 300
    // Whole hours, fingerprints of them, or nothing of them in memory.
    limits.duplicates.hourBytesMax = [1 << 20, 130, 30][Int(doors.entropy.next() % 3)]
    if limits.duplicates.hourBytesMax == 130 { limits.journal.rereadBytesMax = 0 }
    limits.duplicates.flushKeys = 8
    limits.deadLetter.fileBytes = 500
    let spool = Spool.Limits(bytesMax: 4_000, segmentBytes: 400)
    let state = try await PipelineState.open(
        doors: doors, outlets: [.init("alpha", spool: spool), .init("beta", spool: spool)], limits: limits)
    var laneLimits = Lane.Limits()
    laneLimits.frameRows = 3
    laneLimits.partRecords = 2
    let lane = Lane(state, limits: laneLimits) { WorldNormalizer() }
    var shipperLimits = Shipper.Limits()
    shipperLimits.rowsMax = 4
    shipperLimits.concurrency = 2
    shipperLimits.acknowledgementTimeout = .seconds(20)
    let shippers = ["alpha", "beta"].compactMap { name in
        let exporter = WorldExporter(host: "\(name).example.com")
        let receiver = HTTPReceiver(exporter, transport: doors.transport, time: doors.time)
        return state.shipper(name, to: receiver, limits: shipperLimits)
    }
    await withTaskGroup(of: Void.self) { group in
        for shipper in shippers { group.addTask { await shipper.run() } }
        await withTaskGroup(of: Void.self) { collectors in
            for source in vendor.sources.keys.sorted() {
                collectors.addTask { await collect(source, vendor, lane, doors, savesPositionFirst) }
            }
        }
        while await state.pendingRows > 0, !Task.isCancelled {
            try? await doors.time.sleep(until: doors.time.now + .seconds(1))
        }
        for shipper in shippers { shipper.stop() }
    }
    try await state.close()
}

/// A collector in small: from the saved position on, each page until it is taken, sometimes one again.
private func collect(
    _ source: String, _ vendor: WorldVendor, _ lane: Lane, _ doors: Doors, _ savesPositionFirst: Bool
) async {
    let pages = vendor.sources[source]?.count ?? 0
    while !Task.isCancelled {
        do throws(Fault) {
            let saved = try await lane.position(of: source)
            let position = saved.map {
                String(decoding: $0, as: UTF8.self).split(separator: " ").compactMap { Int($0) }
            }
            let next = position ?? [0]
            if next[0] >= pages { return }
            try? await doors.time.sleep(
                until: doors.time.now + .milliseconds(Int64(doors.entropy.next() % 400)))
            var page = vendor.page(source, at: next)
            if savesPositionFirst {
                _ = try await lane.deliver(
                    RawPage(
                        feed: page.feed, source: source, objects: [], position: page.position, listed: 0,
                        fetched: 0))
                page.position = nil
                page.positionWithin = nil
            }
            _ = try await lane.deliver(page)
            if doors.entropy.next() % 8 == 0 {
                page.position = nil
                page.positionWithin = nil
                _ = try await lane.deliver(page)
            }
        } catch {
            try? await doors.time.sleep(until: doors.time.now + .milliseconds(200))
        }
    }
}
