import Engine
import Exporters
import Foundation
import Pipeline
import Ports
import Simulation
import Testing

@Suite struct WholeWorldTests {
    /// What is wrong with the outcome of a run; empty is good.
    static func faults(_ outcome: WorldRun.Outcome) -> [String] {
        var faults: [String] = []
        let events = Set(outcome.vendor.records.filter { !$0.isMalformed }.map(\.identity))
        let findings = Set(
            events.filter { $0.contains(" evil") }.map {
                "finding-\($0.split(separator: " ")[0]).\($0.suffix(1)) f"
            })
        let expected = events.union(findings)
        for (name, receiver) in outcome.receivers.sorted(by: { $0.key < $1.key }) {
            let refused = Set(
                outcome.deadLetter.filter { $0.exporter == name }.map {
                    String(decoding: $0.raw, as: UTF8.self)
                })
            for entry in outcome.deadLetter where entry.exporter == name && entry.raw.isEmpty {
                faults.append(entry.reason)
            }
            let lost = expected.subtracting(receiver.taken.keys).subtracting(refused)
            if !lost.isEmpty { faults.append("\(name) never got \(lost.sorted())") }
            let invented = Set(receiver.taken.keys).union(refused).subtracting(expected)
            if !invented.isEmpty { faults.append("\(name) got \(invented.sorted()) out of nowhere") }
            let both = refused.intersection(receiver.taken.keys)
            if !both.isEmpty { faults.append("\(name) took and refused \(both.sorted())") }
            faults += repeats(name, receiver, outcome)
            let pending = outcome.state.queues[name]?.pendingRows ?? 0
            if pending != 0 { faults.append("\(name): \(pending) rows still pending") }
        }
        for (key, row) in outcome.state.ledger.sorted where !row.isBalanced {
            faults.append("the ledger does not balance: \(key) \(row)")
        }
        if outcome.paths.contains(where: { $0.hasPrefix("spool/") }) {
            faults.append(
                "shipped segments are still there: \(outcome.paths.filter { $0.hasPrefix("spool/") })")
        }
        for (source, pages) in outcome.vendor.sources {
            let position = outcome.state.positions[source].map { String(decoding: $0, as: UTF8.self) }
            if position != "\(pages.count)" { faults.append("\(source) ended at \(position ?? "nothing")") }
        }
        return faults + accounts(outcome, events: events.count, findings: findings.count)
    }

    /// A row comes twice only where the ledger has counted it, and then under the same batch.
    private static func repeats(_ name: String, _ receiver: WorldReceiver, _ outcome: WorldRun.Outcome)
        -> [String]
    {
        var faults: [String] = []
        let extra = receiver.taken.values.reduce(0) { $0 + $1.count - 1 }
        let resent = outcome.state.ledger.total.exporters[name]?.resent ?? 0
        if extra > resent { faults.append("\(name) got \(extra) repeats, the ledger knows of \(resent)") }
        return faults
    }

    private static func accounts(_ outcome: WorldRun.Outcome, events: Int, findings: Int) -> [String] {
        var faults: [String] = []
        let total = outcome.state.ledger.total
        if total.events != events + findings {
            faults.append("\(total.events) events for \(events) + \(findings)")
        }
        let malformed = outcome.deadLetter.filter { $0.exporter.isEmpty }.count
        if malformed != total.malformed {
            faults.append("\(malformed) dead letters for \(total.malformed) malformed")
        }
        for (name, cell) in total.exporters {
            let refused = outcome.deadLetter.filter { $0.exporter == name }.count
            if cell.refused != refused {
                faults.append("\(name): \(refused) dead letters for \(cell.refused) refused")
            }
            if cell.accepted + cell.refused != total.events {
                faults.append("\(name): \(cell) of \(total.events)")
            }
        }
        return faults
    }

    static var seeds: ClosedRange<UInt64> {
        let count = ProcessInfo.processInfo.environment["MARTLET_SEEDS"].flatMap { UInt64($0) } ?? 1_000
        return 1...max(count, 1)
    }

    @Test(
        "Whatever fails and however often: nothing lost, nothing doubled but what is counted, books balanced")
    func survives() async {
        // Two at a time: one for each core that a small machine has.
        let seeds = Self.seeds
        let failures = await withTaskGroup(of: [String].self) { group in
            for lane in 0..<UInt64(2) {
                group.addTask { seeds.filter { $0 % 2 == lane }.compactMap { Self.verdict(seed: $0) } }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
        #expect(failures.isEmpty, "\(failures.count) of \(seeds.count) seeds fail: \(failures.prefix(5))")
    }

    @Test("The worlds that once failed do so no more")
    func regressions() throws {
        let path = #filePath.replacing("WholeWorldTests.swift", with: "seeds.txt")
        let seeds = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
            .filter { !$0.hasPrefix("#") }.compactMap {
                $0.split(separator: " ").first.flatMap { UInt64($0) }
            }
        #expect(!seeds.isEmpty)
        #expect(seeds.compactMap { Self.verdict(seed: $0) } == [])
    }

    @Test(
        "One seed gives one world, to the byte on its disk and the moment of its end",
        arguments: [3, 12, 31, 77, 140])
    func repeats(seed: UInt64) throws {
        let (first, second) = (try WorldRun(seed: seed).run(), try WorldRun(seed: seed).run())
        #expect(first.elapsed == second.elapsed)
        #expect(first.disk == second.disk)
    }

    @Test("A pipeline that saves the position before the data is found out")
    func mutation() {
        let caught = (1...60 as ClosedRange<UInt64>).compactMap {
            Self.verdict(seed: $0, savesPositionFirst: true)
        }
        #expect(caught.filter { $0.contains("never got") }.count >= 3, "only \(caught)")
    }

    static func verdict(seed: UInt64, savesPositionFirst: Bool = false) -> String? {
        do {
            let outcome = try WorldRun(seed: seed, savesPositionFirst: savesPositionFirst).run()
            let faults = Self.faults(outcome)
            return faults.isEmpty ? nil : "seed \(seed): \(faults.joined(separator: "; "))"
        } catch {
            return "seed \(seed): \(error)"
        }
    }
}
