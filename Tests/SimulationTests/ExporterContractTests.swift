import Engine
import Exporters
import Pipeline
import Ports
import Simulation
import Testing

/// What every exporter promises, whatever its receiver does. The books balance in all of it.
@Suite struct ExporterContractTests {
    private static let all = Set((0..<ContractRun.events).map { ContractNormalizer.uid($0) })

    private func balance(_ outcome: ContractRun.Outcome, _ comment: String = "") {
        let cell = outcome.cell
        #expect(cell.queued == ContractRun.events)
        #expect(
            cell.accepted + cell.refused + cell.pending == cell.queued, "\(cell) \(comment)")
        #expect(outcome.dead.count == cell.refused)
        #expect(outcome.tally.breaches == [])
    }

    @Test("A receiver that takes everything has every event once", arguments: ContractKind.all)
    func plain(kind: ContractKind) throws {
        let outcome = try ContractRun(kind: kind).run()
        balance(outcome)
        #expect(outcome.cell.accepted == ContractRun.events, "\(outcome.note)")
        #expect(Set(outcome.tally.uids.keys) == Self.all)
        #expect(outcome.tally.uids.values.allSatisfy { $0 == 1 } && outcome.cell.resent == 0)
    }

    @Test(
        "A receiver that is away for a while gets everything later, once; its Retry-After is heeded",
        arguments: ContractKind.all, [503, 429])
    func transient(kind: ContractKind, status: Int) throws {
        let outcome = try ContractRun(kind: kind, manner: .failing(3, status: status)).run()
        balance(outcome)
        #expect(outcome.cell.accepted == ContractRun.events, "\(outcome.note)")
        #expect(Set(outcome.tally.uids.keys) == Self.all)
        #expect(outcome.tally.uids.values.allSatisfy { $0 == 1 } && outcome.cell.resent == 0)
        if status == 429 {
            #expect(outcome.tally.times.last.map { $0 - outcome.tally.times[0] } ?? .zero >= .seconds(7))
        }
    }

    @Test(
        "Answers that are lost cost repetitions that are counted, and no event", arguments: ContractKind.all)
    func lostAnswers(kind: ContractKind) throws {
        var run = ContractRun(kind: kind)
        run.faults.resetAfter = 0.5
        run.span = .minutes(30)
        let outcome = try run.run()
        balance(outcome)
        #expect(outcome.cell.accepted == ContractRun.events, "\(outcome.note)")
        #expect(Set(outcome.tally.uids.keys) == Self.all)
        let repeated = outcome.tally.received.values.reduce(0) { $0 + $1 - 1 }
        if !kind.isObjects { #expect(repeated > 0 && repeated <= outcome.cell.resent) }
        if kind.removesRepetitions {
            #expect(outcome.tally.uids.values.allSatisfy { $0 == 1 })
        }
    }

    @Test("A receiver that fails after it took everything is asked again", arguments: ContractKind.all)
    func failing(kind: ContractKind) throws {
        let outcome = try ContractRun(kind: kind, manner: .failing(2, status: 500)).run()
        balance(outcome)
        #expect(outcome.cell.accepted == ContractRun.events, "\(outcome.note)")
        if kind.retries500, !kind.isObjects { #expect(outcome.cell.resent > 0) }
    }

    @Test(
        "What a receiver will never take goes to the dead letter, and nothing else",
        arguments: ContractKind.all.filter { !$0.isObjects })
    func poison(kind: ContractKind) throws {
        let poison: Set<Int> = [0, 7, 8, 39]
        let outcome = try ContractRun(kind: kind, poison: poison).run()
        balance(outcome)
        #expect(outcome.cell.pending == 0, "\(outcome.note)")
        let bad = Set(poison.map { ContractNormalizer.uid($0) })
        let dead = outcome.dead.filter { entry in
            bad.contains { entry.raw.isEmpty == false && $0 == text(entry) }
        }
        #expect(dead.count == poison.count)
        #expect(outcome.dead.allSatisfy { !$0.reason.isEmpty && $0.exporter == "out" && !$0.raw.isEmpty })
        #expect(Set(outcome.tally.uids.keys) == Self.all.subtracting(bad))
        if !kind.namesNoRefused { #expect(outcome.dead.count == poison.count) }
    }

    /// The uid of an entry, as it is without its escapes.
    private func text(_ entry: DeadLetterEntry) -> String {
        entry.uid.replacing("\\\"", with: "\"").replacing("\\u00e9", with: "é")
    }

    @Test("A slow receiver is waited for", arguments: ContractKind.all)
    func slow(kind: ContractKind) throws {
        var run = ContractRun(kind: kind)
        run.faults.latency = .seconds(20)
        run.span = .hours(1)
        let outcome = try run.run()
        balance(outcome)
        #expect(outcome.cell.accepted == ContractRun.events && outcome.cell.resent == 0, "\(outcome.note)")
        #expect(Set(outcome.tally.uids.keys) == Self.all)
    }

    @Test(
        "A page that is nobody's acceptance counts for nothing: everything is kept",
        arguments: ContractKind.all.filter { !$0.takesAnyWord })
    func lying(kind: ContractKind) throws {
        let outcome = try ContractRun(kind: kind, manner: .lying).run()
        balance(outcome)
        #expect(outcome.cell.pending == ContractRun.events && !outcome.note.isEmpty)
        #expect(outcome.tally.requests < 40)
    }

    @Test("A redirect is not followed: everything is kept, and a person is told", arguments: ContractKind.all)
    func redirect(kind: ContractKind) throws {
        let outcome = try ContractRun(kind: kind, manner: .redirecting).run()
        balance(outcome)
        #expect(outcome.cell.pending == ContractRun.events && outcome.elsewhere == 0)
        #expect(outcome.note.contains("redirects"))
    }

    @Test("Wrong credentials: kept, tried slowly, and a person is told", arguments: ContractKind.all)
    func closed(kind: ContractKind) throws {
        let outcome = try ContractRun(kind: kind, manner: .closed).run()
        balance(outcome)
        #expect(outcome.cell.pending == ContractRun.events && outcome.note.hasPrefix("denied"))
        // Several batches at once, and each token that is refused is fetched once more.
        #expect(outcome.tally.requests < 40)
    }

    @Test(
        "A certificate that cannot be trusted: nothing is sent, and a person is told",
        arguments: ContractKind.all)
    func certificate(kind: ContractKind) throws {
        var run = ContractRun(kind: kind)
        run.fault = Fault(.denied, "the certificate cannot be trusted", mayHaveArrived: false)
        let outcome = try run.run()
        #expect(outcome.cell.pending == ContractRun.events && outcome.tally.requests == 0)
        #expect(outcome.note.contains("certificate"))
    }

    @Test(
        "What is put off by itself goes again alone",
        arguments: ContractKind.all.filter { $0.name == "elasticsearch" })
    func puttingOff(kind: ContractKind) throws {
        let outcome = try ContractRun(kind: kind, manner: .puttingOff).run()
        balance(outcome)
        #expect(outcome.cell.accepted == ContractRun.events && outcome.cell.resent == 0)
        let twice = outcome.tally.received.values.filter { $0 == 2 }.count
        #expect(twice > 10 && twice <= 20 && outcome.tally.received.values.allSatisfy { $0 <= 2 })
        #expect(outcome.tally.uids.values.allSatisfy { $0 == 1 })
    }
}
