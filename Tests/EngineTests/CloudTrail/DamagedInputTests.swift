import Foundation
import Testing

@testable import Engine

/// What became of one object.
private struct Outcome: Equatable {
    var records: [String] = []
    var events: [String] = []
    var refusals: [String] = []
    var raws: [[UInt8]] = []
    var ordinals: [Int] = []
}

/// One reader and one normalizer for many objects, as in a run.
private final class Line {
    private let reader = RecordReader()
    private let normalizer: Normalizer

    init() throws { normalizer = Normalizer([try CloudTrail.mapping.get()]) }

    func outcome(of bytes: [UInt8], pieces: () -> Int) -> Outcome {
        var outcome = Outcome()
        reader.begin()
        normalizer.begin()
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + pieces())
            reader.feed(Array(bytes[start..<end]).span)
            drain(&outcome)
            start = end
        }
        reader.finish()
        drain(&outcome)
        // Within a run the refused stand apart; how long runs are hangs on the pieces.
        outcome.ordinals.sort()
        return outcome
    }

    private func drain(_ outcome: inout Outcome) {
        while reader.advance() {
            var batch = EventBatch()
            var refusals = reader.refusals
            normalizer.normalize(reader, into: &batch, refusals: &refusals)
            outcome.records += reader.records.map { reader.tape.text($0.extent) }
            outcome.events += batch.events.map { batch.json(of: $0) }
            refusals.sort { $0.ordinal < $1.ordinal }
            outcome.refusals += refusals.map { "\($0.ordinal) \($0.line) \($0.reason)" }
            outcome.raws += refusals.map(\.raw)
            outcome.ordinals += batch.events.map { Int($0.ordinal) } + refusals.map(\.ordinal)
        }
    }
}

@Suite struct DamagedInputTests {
    private static let lanes: UInt64 = 4
    private static let seeds =
        ProcessInfo.processInfo.environment["MARTLET_SEEDS"].flatMap { UInt64($0) } ?? 400

    @Test(
        "Damaged objects: each record an event or a refusal, the same wherever the bytes are cut, and JSON comes out",
        arguments: 0..<lanes)
    func damaged(lane: UInt64) throws {
        let records = try CloudTrail.file("samples.jsonl").split(separator: 0x0A).map(Array.init)
        let line = try Line()
        var counts = (events: 0, refusals: 0)
        for seed in stride(from: lane, to: Self.seeds, by: Int(Self.lanes)) {
            var input = DamagedInput(seed: seed, records: records)
            let whole = line.outcome(of: input.bytes) { .max }
            counts.events += whole.events.count
            counts.refusals += whole.refusals.count
            for fault in Self.faults(whole) { Issue.record("seed \(seed): \(fault)") }
            if input.isSound,
                whole.refusals.contains(where: { !$0.hasSuffix(Self.twice) && !$0.contains("no time") })
            {
                Issue.record("seed \(seed): sound, but refused: \(whole.refusals)")
            }
            for _ in 0..<2 {
                let piece = input.piece()
                let cut = line.outcome(of: input.bytes) { piece }
                for fault in Self.faults(cut) { Issue.record("seed \(seed) in pieces of \(piece): \(fault)") }
                if cut != whole {
                    Issue.record("seed \(seed) in pieces of \(piece): \(Self.difference(whole, cut))")
                }
            }
        }
        // Neither kind of input may be missing, of which a hundred seeds of a lane hold enough.
        #expect(Self.seeds < 100 * Self.lanes || counts.events > 50 && counts.refusals > 20)
    }

    private static let twice = "stands twice in one object"

    private static func faults(_ outcome: Outcome) -> [String] {
        var faults = outcome.events.compactMap { fault($0) }
        if outcome.ordinals != Array(0..<outcome.ordinals.count) {
            faults.append("not each record once: \(outcome.ordinals)")
        }
        if outcome.events.count + outcome.refusals.count < outcome.records.count {
            faults.append("\(outcome.records.count) records, but \(outcome.events.count) events")
        }
        return faults
    }

    /// What is wrong with an event, by a reader that is not ours and by ours for what that one lets pass.
    private static func fault(_ event: String) -> String? {
        let bytes = Array(event.utf8)
        guard (try? JSONSerialization.jsonObject(with: Data(bytes))) is [String: Any] else {
            return "not JSON: \(event)"
        }
        var tree = EventTree()
        guard (try? tree.read(bytes.span)) != nil else { return "not read: \(event)" }
        for node in tree.nodes.indices where tree.nodes[node].kind == .object {
            var keys: Set<[UInt8]> = []
            for child in tree.children(of: node)
            where !keys.insert(Array(bytes[tree.nodes[child].keyRange])).inserted {
                return "a key stands twice: \(event)"
            }
        }
        return nil
    }

    private static func difference(_ whole: Outcome, _ cut: Outcome) -> String {
        for (name, path) in [("record", \Outcome.records), ("event", \.events), ("refusal", \.refusals)] {
            let (ours, theirs) = (whole[keyPath: path], cut[keyPath: path])
            guard ours != theirs else { continue }
            let at = zip(ours, theirs).enumerated().first { $0.element.0 != $0.element.1 }?.offset
            let index = at ?? min(ours.count, theirs.count)
            func text(_ list: [String]) -> String {
                index < list.count ? String(list[index].prefix(300)) : "none"
            }
            return "\(name) \(index) of \(ours.count): \(text(ours)); of \(theirs.count): \(text(theirs))"
        }
        if let at = zip(whole.raws, cut.raws).enumerated().first(where: { $0.element.0 != $0.element.1 })?
            .offset
        {
            return
                "what was refused, \(whole.refusals[at]): \(String(decoding: whole.raws[at].prefix(300), as: UTF8.self)); "
                + "\(String(decoding: cut.raws[at].prefix(300), as: UTF8.self))"
        }
        return "the numbers of records"
    }

    static let hostile: [(String, Int)] = [
        ("{\"", 2), ("[", 1), ("[[],", 4), ("\"", 1), ("\\", 1), ("{\"a\":", 5), ("\u{0}", 1), ("}\n", 2),
        ("{\n", 2),
        ("{\"Records\":[", 12), ("{\"a\":\"\n", 7), (",", 1), ("1", 1), ("a ", 2), ("<1>{\"\n", 6),
        ("{}[]", 4),
        ("\n\n{]", 4), ("{\"a\":\"\\x\"}\n", 11),
    ]

    @Test("Nonsense without end takes time in proportion to its length", arguments: hostile.indices)
    func nonsense(number: Int) throws {
        let (unit, count) = Self.hostile[number]
        let line = try Line()
        func seconds(_ size: Int) -> Double {
            let bytes = Array(String(repeating: unit, count: size / count).utf8)
            let start = ContinuousClock.now
            let outcome = line.outcome(of: bytes) { 10_000 }
            let time = (ContinuousClock.now - start) / .seconds(1)
            #expect(outcome.ordinals.count > 0)
            return time
        }
        let short = seconds(5_000)
        // Sixteen times the bytes: a quadratic walk would take 256 times as long.
        #expect(seconds(80_000) < 64 * short + 2)
    }
}
