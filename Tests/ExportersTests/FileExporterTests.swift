import Codecs
import Engine
import Ports
import Simulation
import Testing

@testable import Exporters

@Suite struct FileExporterTests {
    /// The numbers of all events in whole files, in the order of the files' names.
    private func delivered(_ volume: SimulatedVolume) throws -> [Int64] {
        try volume.paths.filter {
            $0.hasPrefix("events-") && !$0.hasSuffix(".partial") && !$0.hasSuffix(".mending")
        }
        .flatMap { path in
            try lines(try Inflater.inflate(volume[path] ?? [], bytesMax: 1 << 24)).map {
                try document($0)["number"]?.integer ?? -1
            }
        }
    }

    private func config(_ form: Compressor.Form, rotateBytes: Int64 = 1 << 30) -> FileExporter.Config {
        var config = FileExporter.Config()
        config.compression = form
        config.rotateBytes = rotateBytes
        return config
    }

    @Test(
        "Batches come out whole and in order, in files that have their name only at the end",
        arguments: [
            Compressor.Form.plain, .gzipFast, .zstd(level: 1),
        ])
    func writes(form: Compressor.Form) throws {
        let world = Simulation(seed: 1)
        let volume = SimulatedVolume(world)
        let config = config(form)
        try world.run {
            let files = FileExporter(config, volume: volume, time: world)
            for start in stride(from: 0, to: 50, by: 10) {
                #expect(try await files.deliver(events(start..<start + 10), batchID: "\(start)") == .accepted)
            }
            #expect(volume.paths.contains { $0.hasSuffix(".ndjson\(form.suffix).partial") })
            try await files.close()
        }
        #expect(try delivered(volume) == Array(0..<50))
        #expect(!volume.paths.contains { $0.hasSuffix(".partial") })
        #expect(volume.paths.contains("events-20231120T080000Z-0.ndjson\(form.suffix)"))
    }

    @Test("A file is whole at its size and at its age, and a name that is taken is not taken again")
    func rotates() throws {
        let world = Simulation(seed: 1)
        let volume = SimulatedVolume(world)
        var config = config(.plain, rotateBytes: 1_000)
        config.rotateAge = .seconds(60)
        try world.run { [config] in
            let files = FileExporter(config, volume: volume, time: world)
            _ = try await files.deliver(events(0..<10), batchID: "a")
            _ = try await files.deliver(events(10..<11), batchID: "b")
            try await world.sleep(until: world.now + .seconds(61))
            _ = try await files.deliver(events(11..<12), batchID: "c")
            try await files.close()
            // A new state folder begins its rows again: the same id, other content.
            let again = FileExporter(config, volume: volume, time: world)
            _ = try await again.deliver(events(12..<13), batchID: "c")
            _ = try await again.deliver(events(12..<13), batchID: "c")
            try await again.close()
        }
        #expect(volume.paths.count { $0.hasSuffix(".ndjson") } == 4)
        #expect(try delivered(volume).sorted() == Array(0..<13))
    }

    @Test("A quiet file gets its name when its age has come, and so does one that an earlier process left")
    func tends() throws {
        let world = Simulation(seed: 1)
        let volume = SimulatedVolume(world)
        var config = config(.plain)
        config.rotateAge = .seconds(60)
        try world.run { [config] in
            let left = FileExporter(config, volume: volume, time: world)
            _ = try await left.deliver(events(0..<1), batchID: "a")
            let files = FileExporter(config, volume: volume, time: world)
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await files.tend() }
                group.addTask {
                    do {
                        try await world.sleep(until: world.now + .seconds(1))
                        #expect(!volume.paths.contains { $0.hasSuffix(".partial") })
                        for start in [1, 2] {
                            _ = try await files.deliver(events(start..<start + 1), batchID: "\(start)")
                            try await world.sleep(until: world.now + .seconds(25))
                        }
                        #expect(volume.paths.contains { $0.hasSuffix(".partial") })
                        try await world.sleep(until: world.now + .seconds(11))
                        #expect(!volume.paths.contains { $0.hasSuffix(".partial") })
                    } catch {
                        Issue.record(error)
                    }
                }
                await group.next()
                group.cancelAll()
            }
        }
        #expect(try delivered(volume) == [0, 1, 2])
    }

    @Test("Four deliveries at once do not mix")
    func concurrent() throws {
        let world = Simulation(seed: 3)
        let volume = SimulatedVolume(world)
        let config = config(.gzipFast, rotateBytes: 300)
        try world.run {
            let files = FileExporter(config, volume: volume, time: world)
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<40 {
                    group.addTask {
                        _ = try? await files.deliver(events(number..<number + 1), batchID: "\(number)")
                    }
                }
            }
            try await files.close()
        }
        #expect(try delivered(volume).sorted() == Array(0..<40))
    }

    @Test(
        "Whatever the disk does and wherever the machine stops, every event is there once", arguments: 1...150
    )
    func crashes(seed: UInt64) throws {
        let world = Simulation(seed: seed)
        var faults = SimulatedVolume.Faults()
        faults.append = 0.05
        faults.synchronize = 0.05
        faults.read = 0.02
        faults.rename = 0.05
        faults.remove = 0.02
        var volume = SimulatedVolume(world, faults: faults, crashPoint: crashPoint(world))
        let config = config(seed.isMultiple(of: 2) ? .zstd(level: 1) : .gzipFast, rotateBytes: 400)
        let batches = 20
        var next = 0
        var isClosed = false
        for _ in 0..<60 where !isClosed {
            let start = next
            let disk = volume
            let outcome = try world.run { () async throws -> (Int, Bool) in
                let files = FileExporter(config, volume: disk, time: world)
                var done = start
                // What the journal does: a batch that has no verdict is sent again.
                for _ in 0..<2_000 {
                    if disk.isDead { return (done, false) }
                    do {
                        if done == batches {
                            try await files.close()
                            return (done, true)
                        }
                        let rows = done * 3..<done * 3 + 3
                        if try await files.deliver(events(rows), batchID: "\(rows.lowerBound)") == .accepted {
                            // The machine may stop before the verdict is in the journal.
                            if !world.chance(0.1) { done += 1 }
                        }
                    } catch {}
                }
                return (done, false)
            }
            (next, isClosed) = outcome ?? (next, false)
            if !isClosed { volume = volume.crash(crashPoint: crashPoint(world)) }
        }
        #expect(isClosed)
        #expect(try delivered(volume).sorted() == Array(0..<Int64(batches * 3)))
        #expect(!volume.paths.contains { $0.hasSuffix(".partial") })
    }

    private func crashPoint(_ world: Simulation) -> SimulatedVolume.CrashPoint? {
        switch world.next() % 3 {
        case 0: .beforeByte(Int64(world.next() % 4_000))
        case 1: .beforeChange(Int(world.next() % 60))
        default: nil
        }
    }

    @Test("A full disk is a fault that can be waited out, with nothing lost or doubled")
    func fullDisk() throws {
        let world = Simulation(seed: 9)
        let volume = SimulatedVolume(world)
        let config = config(.plain)
        try world.run {
            let files = FileExporter(config, volume: volume, time: world)
            _ = try await files.deliver(events(0..<5), batchID: "0")
            volume.faults.capacityBytes = volume.bytesHeld + 50
            let fault = await #expect(throws: Fault.self) {
                try await files.deliver(events(5..<10), batchID: "5")
            }
            #expect(fault?.kind == .transient)
            #expect(fault?.mayHaveArrived == false)
            volume.faults.capacityBytes = .max
            #expect(try await files.deliver(events(5..<10), batchID: "5") == .accepted)
            try await files.close()
        }
        #expect(try delivered(volume).sorted() == Array(0..<10))
    }
}
