import Engine
import Exporters
import Pipeline
import Ports
import Simulation
import Testing

/// What Kafka, syslog and mail promise, whatever their receivers do, as far as each protocol has it: what is beside it, a
/// receiver cannot say (redirects, acknowledgements), or none of them can be told from silence (syslog's refusals).
@Suite struct DoorContractTests {
    private static let all = Set((0..<DoorRun.events).map { ContractNormalizer.uid($0) })

    private func balance(_ outcome: DoorRun.Outcome) {
        let cell = outcome.cell
        #expect(cell.queued == DoorRun.events)
        #expect(cell.accepted + cell.refused + cell.pending == cell.queued, "\(cell)")
        #expect(outcome.dead.count == cell.refused)
        #expect(outcome.tally.breaches == [])
    }

    private func repeated(_ outcome: DoorRun.Outcome) -> Int {
        outcome.tally.uids.values.reduce(0) { $0 + $1 - 1 }
    }

    @Test("A receiver that takes everything has every event once", arguments: DoorKind.all)
    func plain(kind: DoorKind) throws {
        let outcome = try DoorRun(kind: kind).run()
        balance(outcome)
        #expect(outcome.cell.accepted == DoorRun.events, "\(outcome.note)")
        #expect(Set(outcome.tally.uids.keys) == Self.all)
        #expect(repeated(outcome) == 0 && outcome.cell.resent == 0)
    }

    @Test("A receiver that is away for a while gets everything later, once", arguments: DoorKind.all)
    func transient(kind: DoorKind) throws {
        var run = DoorRun(kind: kind)
        run.failures = [Fault](
            repeating: Fault(.transient, "connection refused", mayHaveArrived: false), count: 5)
        let outcome = try run.run()
        balance(outcome)
        #expect(outcome.cell.accepted == DoorRun.events, "\(outcome.note)")
        #expect(Set(outcome.tally.uids.keys) == Self.all)
        #expect(repeated(outcome) == 0 && outcome.cell.resent == 0)
    }

    @Test(
        "A connection that breaks costs repetitions that are counted, and no event", arguments: DoorKind.all,
        [true, false])
    func lost(kind: DoorKind, isAfter: Bool) throws {
        var run = DoorRun(kind: kind)
        if isAfter { run.faults.after = 0.5 } else { run.faults.before = 0.5 }
        run.span = .hours(1)
        let outcome = try run.run()
        balance(outcome)
        #expect(outcome.cell.accepted == DoorRun.events, "\(outcome.note)")
        #expect(Set(outcome.tally.uids.keys) == Self.all)
        #expect(repeated(outcome) <= outcome.cell.resent && outcome.cell.resent > 0)
        #expect((repeated(outcome) > 0) == isAfter)
    }

    @Test(
        "What a receiver will never take goes to the dead letter, and nothing else",
        arguments: DoorKind.all.filter(\.refuses))
    func refused(kind: DoorKind) throws {
        var run = DoorRun(kind: kind)
        run.habits.refusesOneIn = 5
        let bad = Self.all.filter { run.habits.refuses($0) }
        #expect(bad.count > 3 && bad.count < 20)
        let outcome = try run.run()
        balance(outcome)
        #expect(outcome.cell.pending == 0, "\(outcome.note)")
        #expect(outcome.dead.count == bad.count)
        #expect(outcome.dead.allSatisfy { !$0.reason.isEmpty && $0.exporter == "out" && !$0.raw.isEmpty })
        #expect(Set(outcome.tally.uids.keys) == Self.all.subtracting(bad))
        #expect(repeated(outcome) == 0)
    }

    @Test("A message that syslog cannot carry is refused here, by its size, and the others go")
    func tooLong() throws {
        var run = DoorRun(kind: DoorKind.all[1])
        run.kind.config += ", message_max: 2KiB"
        run.words = String(repeating: "long ", count: 800)
        let outcome = try run.run()
        balance(outcome)
        #expect(outcome.cell.refused == DoorRun.events && outcome.tally.deliveries == 0)
        #expect(outcome.dead.allSatisfy { $0.reason.contains("message_max") })
    }

    @Test("A slow receiver is waited for", arguments: DoorKind.all)
    func slow(kind: DoorKind) throws {
        var run = DoorRun(kind: kind)
        run.faults.latency = .seconds(20)
        run.span = .hours(2)
        let outcome = try run.run()
        balance(outcome)
        #expect(outcome.cell.accepted == DoorRun.events && outcome.cell.resent == 0, "\(outcome.note)")
        #expect(Set(outcome.tally.uids.keys) == Self.all)
    }

    @Test("A receiver that says how long to wait is waited for exactly", arguments: DoorKind.all)
    func throttled(kind: DoorKind) throws {
        var run = DoorRun(kind: kind)
        let until = Simulation(seed: 7).start + .minutes(10)
        run.failures = [Fault(.throttled(until: until), "450 4.7.1 slow down", mayHaveArrived: false)]
        run.span = .minutes(9)
        let early = try run.run()
        balance(early)
        #expect(early.cell.accepted == 0 && early.cell.pending == DoorRun.events)
        run.span = .minutes(30)
        let outcome = try run.run()
        balance(outcome)
        #expect(outcome.cell.accepted == DoorRun.events && outcome.cell.resent == 0)
    }

    @Test(
        "Wrong credentials, or a certificate that cannot be trusted: kept, tried slowly, and a person is told",
        arguments: DoorKind.all, ["535 5.7.8 authentication failed", "the certificate cannot be trusted"])
    func denied(kind: DoorKind, reason: String) throws {
        var run = DoorRun(kind: kind)
        run.failures = [Fault](repeating: Fault(.denied, reason, mayHaveArrived: false), count: 100)
        run.span = .minutes(28)
        let outcome = try run.run()
        balance(outcome)
        #expect(outcome.cell.pending == DoorRun.events && outcome.tally.deliveries == 0)
        #expect(outcome.note == "denied: \(reason)" && outcome.cell.resent == 0)
    }
}
