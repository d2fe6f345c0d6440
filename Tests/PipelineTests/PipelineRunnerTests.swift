import Engine
import Ports
import Simulation
import Synchronization
import Testing

@testable import Pipeline

/// Content for tests of everything but content: each line is a uid, and `bad…` is no record.
struct LineContent: PipelineContent {
    func normalizer(attributing _: AttributionStage?) -> any PageNormalizer { LineNormalizer() }

    private final class LineNormalizer: PageNormalizer {
        private var lines: [String] = []
        private var isReady = false

        func begin(_ object: String, feed: String) { lines = [] }
        func feed(_ bytes: Span<UInt8>) {
            let copy = bytes.indices.map { bytes[$0] }
            lines += String(decoding: copy, as: UTF8.self).split(separator: "\n").map { String($0) }
            isReady = true
        }
        func finish() {}

        func advance(into batch: inout EventBatch, refusals: inout [RefusedRecord]) -> Bool {
            refusals = []
            guard isReady else { return false }
            isReady = false
            for (index, line) in lines.enumerated() {
                if line.hasPrefix("bad") {
                    refusals.append(
                        RefusedRecord(
                            ordinal: index, line: index + 1, reason: "no record", raw: Array(line.utf8)))
                    continue
                }
                var event = Event(time: Timestamp(seconds: 1_700_000_000))
                let head = "{\"metadata\":{\"uid\":\""
                let text = head + line + "\"},\"class_uid\":0}"
                event.uid = Extent(start: batch.bytes.count + head.utf8.count, count: line.utf8.count)
                event.json = Extent(start: batch.bytes.count, count: text.utf8.count)
                event.ordinal = UInt32(index)
                batch.bytes += Array(text.utf8)
                batch.events.append(event)
            }
            return true
        }
    }
}

/// A machine, a folder of logs and a Splunk, all simulated; the pipeline between them is the real one.
struct RunWorld: Sendable {
    static let pipeline = """
        name: p
        collectors: {in: {from: files, paths: /logs}}
        filter: [{drop: {metadata.uid: [c, z]}}]
        exporters:
          siem: {to: splunk_hec, url: "https://siem.example.com:8088", token: secret}
          out: {to: file, path: /out, compression: none}
        """

    let world: Simulation
    let network: SimulatedNetwork
    let files: SimulatedFiles
    let splunk: HECReceiver
    let state: SimulatedVolume
    let output: SimulatedVolume

    init(seed: UInt64, faults: SimulatedVolume.Faults = .init(), token: String = "secret") {
        world = Simulation(seed: seed)
        network = SimulatedNetwork(world)
        files = SimulatedFiles(["/logs/1": "a\nb\nbad\n", "/logs/2": "c\nd\na\n"])
        splunk = HECReceiver(HECReceiver.Options(token: token))
        state = SimulatedVolume(world, faults: faults)
        output = SimulatedVolume(world)
        network.serve("https://siem.example.com:8088", splunk)
    }

    func run(patience: Duration = .minutes(2), clock: (any TimeSource)? = nil) throws -> RunOutcome {
        let document = Self.pipeline
        let surroundings = RunSurroundings(
            time: clock ?? world, entropy: world, files: files, processes: NoPrograms(), environment: [:],
            transport: { [network] _ in network.transport() },
            volume: { [state, output] folder in folder == "/out" ? output : state }, log: .silent)
        var plan = RunPlan()
        plan.endsWhenDone = true
        plan.patience = patience
        let outcome = try world.run { [plan, world] in
            let file = try await PipelineFile.read(
                ["/p.yaml"], environment: [:], SimulatedFiles(["/p.yaml": document]))[0]
            let runner = PipelineRunner(file, content: LineContent(), surroundings: surroundings, plan: plan)
            return try await runner.run(
                state: "/state/p", until: { try? await world.sleep(until: .distantFuture) }, observe: { _ in }
            )
        }
        return try #require(outcome)
    }

    func ledger() throws -> Ledger {
        let ledger = try world.run { [state] in
            try await PipelineState.read(state)?.ledger ?? Ledger()
        }
        return try #require(ledger)
    }
}

/// A clock that was set wrong.
private struct WrongClock: TimeSource {
    let world: Simulation
    let error: Duration

    var now: Timestamp { world.now + error }
    func sleep(until deadline: Timestamp) async throws(CancellationError) {
        try await world.sleep(until: deadline - error)
    }
}

private struct NoPrograms: ChildProcess {
    func run(_ command: ChildCommand) async throws(Fault) -> ChildResult {
        throw Fault(.denied, "no programs here")
    }
}

@Suite struct PipelineRunnerTests {
    @Test(
        "A run ends when all is delivered, with every record accounted for",
        arguments: 1...20 as ClosedRange<UInt64>)
    func whole(seed: UInt64) throws {
        let world = RunWorld(seed: seed)
        let outcome = try world.run()
        #expect(outcome.snapshot.pending == 0 && !outcome.wasStopped)
        #expect(world.splunk.tally.uids == ["a": 1, "b": 1, "d": 1])
        let total = try world.ledger().total
        #expect(total.records == 6 && total.malformed == 1 && total.filtered == 1 && total.duplicate == 1)
        #expect(total.events == 3 && total.exporters["out"]?.accepted == 3)
        #expect(try world.ledger().rows.values.allSatisfy { $0.isBalanced })
        #expect(outcome.snapshot.collectors[0].condition == .finished)
    }

    @Test("A second run finds nothing new, and delivers nothing twice")
    func again() throws {
        let world = RunWorld(seed: 7)
        _ = try world.run()
        let second = try world.run()
        #expect(second.snapshot.records == 0)
        #expect(world.splunk.tally.uids.values.allSatisfy { $0 == 1 })
    }

    @Test("A dead SIEM leaves its events for the next start, and holds up nobody else")
    func deadReceiver() throws {
        let world = RunWorld(seed: 3)
        world.network.setDown(true, "https://siem.example.com:8088")
        let outcome = try world.run(patience: .seconds(90))
        let siem = try #require(outcome.snapshot.exporters.first { $0.name == "siem" })
        let out = try #require(outcome.snapshot.exporters.first { $0.name == "out" })
        #expect(siem.pending == 3 && siem.accepted == 0)
        #expect(out.pending == 0 && out.accepted == 3)
        world.network.setDown(false, "https://siem.example.com:8088")
        #expect(try world.run().snapshot.pending == 0)
        #expect(Set(world.splunk.tally.uids.keys) == ["a", "b", "d"])
    }

    @Test("Wrong credentials are said, and keep the events")
    func wrongToken() throws {
        let world = RunWorld(seed: 4, token: "another")
        let outcome = try world.run(patience: .seconds(30))
        let siem = try #require(outcome.snapshot.exporters.first { $0.name == "siem" })
        #expect(siem.pending == 3 && siem.refused == 0)
        #expect(siem.condition.reason?.isEmpty == false)
    }

    @Test(
        "A clock that jumps between runs loses nothing, repeats nothing, and the ledger balances",
        arguments: [-400, -1, 1, 400])
    func clockSkew(days: Int) throws {
        let world = RunWorld(seed: 6)
        _ = try world.run()
        world.files.write(Array("a\ne\n".utf8), to: "/logs/3", at: world.world.now)
        let skewed = WrongClock(world: world.world, error: .hours(24 * days))
        #expect(try world.run(clock: skewed).snapshot.pending == 0)
        world.files.write(Array("e\nf\n".utf8), to: "/logs/4", at: world.world.now)
        #expect(try world.run().snapshot.pending == 0)
        #expect(Set(world.splunk.tally.uids.keys) == ["a", "b", "d", "e", "f"])
        // Duplicates are recognised for seven days: beyond that a jump may bring a record again, never lose one.
        if abs(days) < 7 { #expect(world.splunk.tally.repeated == 0) }
        #expect(try world.ledger().rows.values.allSatisfy { $0.isBalanced })
    }

    @Test("A full disk stops the collector without losing or half-writing anything")
    func fullDisk() throws {
        var faults = SimulatedVolume.Faults()
        faults.capacityBytes = 2_000
        let world = RunWorld(seed: 5, faults: faults)
        let outcome = try? world.run(patience: .seconds(30))
        if let outcome {
            #expect(
                !outcome.stoppedCollectors.isEmpty || outcome.snapshot.pending > 0
                    || outcome.snapshot.events == 3)
        }
        world.state.faults = SimulatedVolume.Faults()
        #expect(try world.run().snapshot.pending == 0)
        #expect(Set(world.splunk.tally.uids.keys) == ["a", "b", "d"])
        #expect(try world.ledger().rows.values.allSatisfy { $0.isBalanced })
    }
}
