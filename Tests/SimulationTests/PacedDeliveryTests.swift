import Engine
import Exporters
import Pipeline
import Ports
import Simulation
import Testing

/// Delivery to receivers of limited capacity: they are used fully and never trampled, and nothing is lost or doubled.
@Suite struct PacedDeliveryTests {
    private static let batchRows = 4

    private struct Outcome {
        var tally: CapacityReceiver.Tally
        var state: JournalState
        var seconds: Double

        var cell: Ledger.Cell { state.ledger.total.exporters["siem"] ?? Ledger.Cell() }
        var repeats: Int { tally.rows.values.reduce(0) { $0 + $1 - 1 } }
    }

    private static func shipping(_ concurrency: Int, rows: Int = batchRows) -> Shipper.Limits {
        var limits = Shipper.Limits()
        limits.rowsMax = rows
        limits.concurrency = concurrency
        return limits
    }

    /// Ships `lines` rows, through as many deaths of the process as there are `lives`.
    private func ship(
        _ world: Simulation, to receiver: CapacityReceiver, lines: Int, limits: Shipper.Limits,
        lives: [Duration] = []
    ) throws -> Outcome {
        var volume = SimulatedVolume(world)
        try world.run { [volume] in
            let state = try await Self.open(world, volume, receiver.door())
            let objects = stride(from: 0, to: lines, by: 500).map { first in
                let text = (first..<min(first + 500, lines)).map { "1700467200000 u\($0) plain" }
                return RawObject(name: "\(first)", bytes: Array(text.joined(separator: "\n").utf8))
            }
            _ = try await Lane(state) { WorldNormalizer() }.deliver(
                RawPage(
                    feed: "f", source: "s", objects: objects, position: [1], listed: objects.count,
                    fetched: objects.count))
        }
        let start = world.elapsed
        for span in lives {
            try live(world, volume, receiver, limits, for: span)
            volume = volume.crash()
            receiver.hangUp()
        }
        try live(world, volume, receiver, limits, for: nil)
        let end = volume
        let state = try #require(try world.run { try await PipelineState.read(end) } ?? nil)
        return Outcome(
            tally: receiver.tally, state: state,
            seconds: Double((world.elapsed - start).nanoseconds) / 1e9)
    }

    private static func open(
        _ world: Simulation, _ volume: SimulatedVolume, _ door: CapacityReceiver.Door
    ) async throws -> PipelineState {
        let doors = Doors(transport: door, time: world, volume: volume, entropy: world)
        return try await PipelineState.open(doors: doors, outlets: [.init("siem")])
    }

    private func live(
        _ world: Simulation, _ volume: SimulatedVolume, _ receiver: CapacityReceiver,
        _ limits: Shipper.Limits, for span: Duration?
    ) throws {
        let door = receiver.door()
        func die() {
            volume.stop()
            door.stop()
        }
        do {
            try world.run(for: span, atEnd: die) {
                let state = try await Self.open(world, volume, door)
                let http = HTTPReceiver(
                    WorldExporter(host: "siem.example.com"), transport: door, time: world)
                guard let shipper = state.shipper("siem", to: http, limits: limits) else { return }
                await withTaskGroup { group in
                    group.addTask { await shipper.run() }
                    while await state.pendingRows > 0, !Task.isCancelled {
                        try? await world.sleep(until: world.now + .milliseconds(100))
                    }
                    shipper.stop()
                }
                try await state.close()
            }
        } catch let fault as Fault where span != nil && fault.kind == .cancelled {
            die()
        }
    }

    private func check(_ outcome: Outcome, lines: Int) {
        #expect(outcome.tally.rows.count == lines, "\(lines - outcome.tally.rows.count) were lost")
        #expect(outcome.cell.accepted == lines && outcome.cell.pending == 0)
        #expect(outcome.state.ledger.total.isBalanced)
        #expect(outcome.repeats <= outcome.cell.resent)
    }

    @Test(
        "A receiver that throttles above so many at once is used to four fifths, and seldom refuses",
        arguments: 1...3)
    func atOnce(seed: UInt64) throws {
        for most in [1, 3, 6] {
            for retryAfter in [nil, 1] {
                let world = Simulation(seed: seed)
                var capacity = CapacityReceiver.Capacity(atOnce: most)
                capacity.retryAfter = retryAfter
                let receiver = CapacityReceiver(world, capacity)
                let lines = 1_500 * most
                let outcome = try ship(
                    world, to: receiver, lines: lines, limits: Self.shipping(16, rows: 1))
                check(outcome, lines: lines)
                #expect(outcome.repeats == 0)
                // Work takes 60 ms in the mean, the way there and back some more.
                let least = Double(1_500) * 0.0625
                #expect(
                    outcome.seconds * 0.8 <= least,
                    "\(outcome.seconds) s for \(least) s of work, \(most) at once, \(retryAfter ?? 0)")
                #expect(
                    outcome.tally.refused * 100 <= outcome.tally.batches * 10,
                    "\(outcome.tally.refused) refused beside \(outcome.tally.batches), \(most) at once")
            }
        }
    }

    @Test(
        "A receiver that takes so many a second is used to four fifths, and seldom refuses",
        arguments: 1...3)
    func perSecond(seed: UInt64) throws {
        for rate in [5, 40] {
            for retryAfter in [nil, 1] {
                let world = Simulation(seed: seed)
                var capacity = CapacityReceiver.Capacity(perSecond: rate)
                capacity.retryAfter = retryAfter
                let receiver = CapacityReceiver(world, capacity)
                let lines = 120 * rate
                let outcome = try ship(
                    world, to: receiver, lines: lines, limits: Self.shipping(16, rows: 1))
                check(outcome, lines: lines)
                #expect(outcome.repeats == 0)
                #expect(
                    outcome.seconds * 0.8 <= 120, "\(outcome.seconds) s for 120, \(rate) a second")
                #expect(
                    outcome.tally.refused * 100 <= outcome.tally.batches * 15,
                    "\(outcome.tally.refused) refused beside \(outcome.tally.batches), \(rate) a second")
            }
        }
    }

    @Test("Without a limit the cap is reached, and never passed")
    func cap() throws {
        let world = Simulation(seed: 3)
        let receiver = CapacityReceiver(world, .init())
        let outcome = try ship(world, to: receiver, lines: 2_000, limits: Self.shipping(6))
        check(outcome, lines: 2_000)
        #expect(outcome.tally.most == 6)
    }

    @Test("Where the order is promised one is under way, whatever the receiver would take")
    func order() throws {
        let world = Simulation(seed: 3)
        let receiver = CapacityReceiver(world, .init())
        let outcome = try ship(world, to: receiver, lines: 400, limits: Self.shipping(1))
        check(outcome, lines: 400)
        #expect(outcome.tally.most == 1)
    }

    @Test(
        "Smaller batches are found where large ones are refused, with few refusals",
        arguments: 1...8)
    func tooLarge(seed: UInt64) throws {
        let world = Simulation(seed: seed)
        var capacity = CapacityReceiver.Capacity()
        capacity.rows = 13
        let receiver = CapacityReceiver(world, capacity)
        var limits = Self.shipping(4)
        limits.rowsMax = 100
        let outcome = try ship(world, to: receiver, lines: 4_000, limits: limits)
        check(outcome, lines: 4_000)
        #expect(outcome.repeats == 0)
        #expect(outcome.tally.tooLarge * 100 <= outcome.tally.batches * 15, "\(outcome.tally.tooLarge)")
    }

    @Test(
        "Batches that a receiver never answers become smaller, until they are answered",
        arguments: 1...8)
    func unanswered(seed: UInt64) throws {
        let world = Simulation(seed: seed)
        var capacity = CapacityReceiver.Capacity()
        capacity.rowsAnswered = 9
        let receiver = CapacityReceiver(world, capacity)
        var limits = Self.shipping(4)
        limits.rowsMax = 40
        let outcome = try ship(world, to: receiver, lines: 600, limits: limits)
        check(outcome, lines: 600)
        #expect(outcome.repeats > 0)
    }

    @Test(
        "Throttled, killed and killed again: nothing is lost, and what came twice was under way",
        arguments: 1...40)
    func crashes(seed: UInt64) throws {
        let world = Simulation(seed: seed)
        var generator = SeededGenerator(seed: seed ^ 0xC4A5)
        var capacity = CapacityReceiver.Capacity(atOnce: 1 + generator.index(below: 6))
        capacity.perSecond = 5 + generator.index(below: 60)
        capacity.rows = 2 + generator.index(below: 4)
        capacity.retryAfter = [nil, 1, 3][generator.index(below: 3)]
        let receiver = CapacityReceiver(world, capacity)
        let lives = (0..<6).map { _ in Duration.milliseconds(50 + generator.index(below: 4_000)) }
        let lines = 700
        let outcome = try ship(world, to: receiver, lines: lines, limits: Self.shipping(8), lives: lives)
        check(outcome, lines: lines)
        // At most what was under way at each death.
        #expect(outcome.repeats <= lives.count * 8 * Self.batchRows)
    }

    @Test("The same seed gives the same run, to the last refusal")
    func repeats() throws {
        let runs = try (0..<2).map { _ in
            let world = Simulation(seed: 17)
            let receiver = CapacityReceiver(world, .init(atOnce: 3, perSecond: 50, retryAfter: 1))
            return try ship(world, to: receiver, lines: 1_500, limits: Self.shipping(16))
        }
        #expect(runs[0].seconds == runs[1].seconds && runs[0].tally.refused == runs[1].tally.refused)
        #expect(runs[0].tally.bySecond == runs[1].tally.bySecond)
    }
}
