import Engine
import Exporters
import Pipeline
import Ports
import Simulation
import Testing

@Suite struct CrashEverywhereTests {
    @Test("A whole pipeline that dies at any of its writes goes on as if it had not")
    func everyChange() throws {
        let changes = try WorldRun(seed: 11).run(crashingAt: nil).changes
        #expect(changes > 60)
        let failures = (0..<changes).compactMap { change -> String? in
            guard let outcome = try? WorldRun(seed: 11).run(crashingAt: .beforeChange(change)).outcome else {
                return "change \(change): the second life failed"
            }
            let faults = WholeWorldTests.faults(outcome)
            return faults.isEmpty ? nil : "change \(change): \(faults)"
        }
        #expect(failures == [])
    }

    @Test("A whole pipeline that dies before any of its bytes, its writes torn, goes on as if it had not")
    func everyByte() throws {
        let bytes = try WorldRun(seed: 17).run(crashingAt: nil).bytes
        #expect(bytes > 4_000)
        // A stride that meets every place of a frame, and of a journal's record, sooner or later.
        let failures = stride(from: Int64(0), to: bytes, by: 29).compactMap { byte -> String? in
            guard let outcome = try? WorldRun(seed: 17).run(crashingAt: .beforeByte(byte)).outcome else {
                return "byte \(byte): the second life failed"
            }
            let faults = WholeWorldTests.faults(outcome)
            return faults.isEmpty ? nil : "byte \(byte): \(faults)"
        }
        #expect(failures == [])
    }

    @Test("Each bit that rots in a spool costs at most its frame, by name, and the books balance")
    func rot() throws {
        var damaged = 0
        for place in 0..<60 {
            let outcome = try WorldRun(seed: 23).run(rotting: place)
            let lost = outcome.deadLetter.filter { $0.raw.isEmpty }
            damaged += lost.count
            #expect(lost.allSatisfy { $0.reason.contains("spool/") && $0.reason.contains("damaged") })
            #expect(outcome.state.ledger.sorted.allSatisfy { $0.row.isBalanced }, "place \(place)")
            let total = outcome.state.ledger.total
            for (name, cell) in total.exporters {
                #expect(cell.pending == 0 && cell.refused >= lost.filter { $0.exporter == name }.count)
                let refused = outcome.deadLetter.filter { $0.exporter == name && !$0.raw.isEmpty }.count
                let got = outcome.receivers[name]?.taken.count ?? 0
                #expect(
                    got + refused + lost.filter { $0.exporter == name }.count == total.events,
                    "place \(place)")
            }
        }
        #expect(damaged > 0)
    }
}

extension WorldRun {
    /// One life until a crash at a chosen point, without other faults, then one to the end.
    func run(crashingAt point: SimulatedVolume.CrashPoint?) throws -> (
        outcome: Outcome, changes: Int, bytes: Int64
    ) {
        let world = Simulation(seed: seed)
        let (network, receivers) = calmNetwork(world)
        let vendor = WorldVendor(seed: seed, start: world.start)
        let first = SimulatedVolume(world, crashPoint: point)
        try life(world, first, network, vendor, for: point == nil ? nil : .seconds(6))
        let (changes, bytes) = (first.changes, first.bytesWritten)
        var volume = first
        if point != nil {
            volume = first.crash()
            try life(world, volume, network, vendor, for: nil)
        }
        return (try outcome(world, volume, vendor, receivers), changes, bytes)
    }

    /// A life without receivers, a bit of a spool turned over, then a life to the end.
    func run(rotting place: Int) throws -> Outcome {
        let world = Simulation(seed: seed)
        let (network, receivers) = calmNetwork(world)
        for name in receivers.keys { network.setDown(true, "https://\(name).example.com/") }
        let vendor = WorldVendor(seed: seed, start: world.start)
        let first = SimulatedVolume(world)
        try life(world, first, network, vendor, for: .minutes(5))
        let volume = first.crash()
        var generator = SeededGenerator(seed: UInt64(place))
        let spools = volume.paths.filter { $0.hasPrefix("spool/") }
        let path = spools[generator.index(below: spools.count)]
        // Past the segment's own head, whose version field has its own refusal.
        volume.flipBit(place, ofByte: 16 + generator.index(below: (volume[path]?.count ?? 17) - 16), in: path)
        for name in receivers.keys { network.setDown(false, "https://\(name).example.com/") }
        try life(world, volume, network, vendor, for: nil)
        return try outcome(world, volume, vendor, receivers)
    }

    private func calmNetwork(_ world: Simulation) -> (SimulatedNetwork, [String: WorldReceiver]) {
        let network = SimulatedNetwork(world)
        let receivers = [
            "alpha": WorldReceiver(.stops, seed: seed), "beta": WorldReceiver(.rejects, seed: seed),
        ]
        for (name, receiver) in receivers { network.serve("https://\(name).example.com/", receiver) }
        return (network, receivers)
    }
}
