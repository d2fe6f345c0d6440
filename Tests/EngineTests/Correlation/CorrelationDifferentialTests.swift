import Codecs
import Pipeline
import Testing

@testable import Engine

/// Correlations beside a judge that goes through every window anew, over seeded streams; and the same answer whatever
/// the order, the batches and the repetitions in which signals come.
@Suite struct CorrelationDifferentialTests {
    private static let kinds = SigmaCorrelation.Kind.allCases

    private struct Drawn {
        var set: RuleSet
        var signals: [CorrelationSignal]
    }

    private static func draw(_ seed: UInt64) throws -> Drawn {
        var numbers = SeededNumbers(state: seed)
        let kind = kinds[Int(seed % UInt64(kinds.count))]
        let rules = kind == .temporal || kind == .temporalOrdered ? Int.random(in: 2...3, using: &numbers) : 2
        let timespan = Int.random(in: 3...40, using: &numbers)
        let comparison = ["gte", "gt", "eq", "lt", "lte", "neq"].randomElement(using: &numbers) ?? "gte"
        let bound = Int.random(in: 1...(kind == .valueSum ? 30 : 6), using: &numbers)
        let field = kind == .eventCount || kind == .temporal || kind == .temporalOrdered ? "" : ", field: v"
        var condition = "condition: {\(comparison): \(bound)\(field)}"
        if kind == .temporalOrdered || (kind == .temporal && seed % 3 == 0) { condition = "generate: false" }
        let set = try CorrelationMaterial.ruleSet(
            """
            title: Drawn
            correlation:
              type: \(kind.rawValue)
              rules: [\(["a", "b", "c"].prefix(rules).joined(separator: ", "))]
              group-by: [who]
              timespan: \(timespan)s
              \(condition)
            """)
        let isTemporal = kind == .temporal || kind == .temporalOrdered
        var signals: [CorrelationSignal] = []
        var second = 0
        for number in 0..<Int.random(in: 5...60, using: &numbers) {
            second += [0, 0, 1, 1, 2, 5, 30].randomElement(using: &numbers) ?? 1
            let group = ["x", "y"].randomElement(using: &numbers) ?? "x"
            let value = Int.random(in: 0...7, using: &numbers)
            for member in 0..<rules where Int.random(in: 0..<rules, using: &numbers) == 0 {
                signals.append(
                    CorrelationMaterial.signal(
                        isTemporal ? member : 0, at: second, uid: "e\(number)", group: group, value: value))
            }
        }
        return Drawn(set: set, signals: signals)
    }

    @Test("A brute-force judge finds the same", arguments: UInt64(0)..<400)
    func judged(seed: UInt64) throws {
        let drawn = try Self.draw(seed)
        try #require(drawn.set.problems.isEmpty, "\(drawn.set.problems)")
        let correlation = drawn.set.correlations[0]
        let expected = CorrelationJudge(correlation: correlation).verdicts(drawn.signals)
        let standing = CorrelationMaterial.standing(CorrelationPlan(drawn.set), [drawn.signals])
        var found: Set<CorrelationJudge.Verdict> = []
        for text in standing.values {
            let finding = try JSONReader.document(in: Array(text.utf8), file: "finding")
            let info = try #require(finding["finding_info"])
            let group = try #require(finding["evidences"]?.list?.first?["data"]?["who"]?.string)
            found.insert(
                .init(
                    group: [Array("\"\(group)\"".utf8)],
                    completed: Timestamp(milliseconds: try #require(info["last_seen_time"]?.integer)),
                    evidence: (info["related_events"]?.list ?? []).map {
                        Array(($0["uid"]?.string ?? "").utf8)
                    }))
        }
        let reduced = Set(
            expected.map { verdict in
                var verdict = verdict
                var seen: Set<[UInt8]> = []
                verdict.evidence = verdict.evidence.filter { seen.insert($0).inserted }
                return verdict
            })
        #expect(found == reduced, "\(correlation.kind) \(correlation.bounds) \(correlation.timespan)")
    }

    @Test(
        "Any order, batches and repetitions end in the same findings, byte for byte",
        arguments: UInt64(0)..<200)
    func orders(seed: UInt64) throws {
        let drawn = try Self.draw(seed)
        let plan = CorrelationPlan(drawn.set)
        let expected = CorrelationMaterial.standing(plan, [drawn.signals])
        var numbers = SeededNumbers(state: seed ^ 0xABCD)
        var left = (drawn.signals + drawn.signals.shuffled(using: &numbers).prefix(10))
            .shuffled(using: &numbers)[...]
        var batches: [[CorrelationSignal]] = []
        while !left.isEmpty {
            let count = Int.random(in: 1...9, using: &numbers)
            batches.append(Array(left.prefix(count)))
            left = left.dropFirst(count)
        }
        #expect(CorrelationMaterial.standing(plan, batches) == expected)
    }

    @Test(
        "A full memory settles the past, in order, and changes nothing that comes in time",
        arguments: UInt64(0)..<100)
    func bounded(seed: UInt64) throws {
        let drawn = try Self.draw(seed)
        let plan = CorrelationPlan(drawn.set)
        let expected = CorrelationMaterial.standing(plan, [drawn.signals])
        // Whole seconds stay together: what is settled is settled through the end of its second.
        let batches = Dictionary(grouping: drawn.signals, by: \.time).sorted { $0.key < $1.key }.map(\.value)
        var notes = Correlator.Notes()
        let standing = CorrelationMaterial.standing(plan, batches, limits: .init(bytes: 2_000), notes: &notes)
        #expect(standing == expected)
        #expect(notes.late == 0)
    }
}
