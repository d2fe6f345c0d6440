import Engine
import Pipeline
import Ports
import Testing

/// What of grants goes into a drift report.
@Suite struct GrantDriftTests {
    private typealias Bench = GrantBench

    private func report(_ records: [String]) async throws -> DriftReport {
        let refused = try await InputRefusals(feed: MappingCatalog.auto, keptIn: nil)
        let run = try DriftRun(
            feed: MappingCatalog.auto, try MappingCatalog.builtIn(), DriftSettings(), .builtIn(),
            attributor: Attributor(), refused: refused)
        run.begin("records")
        run.feed(Array((records.joined(separator: "\n") + "\n").utf8).span)
        run.finish(fault: nil)
        run.close()
        return run.report()
    }

    private static let grant = [
        Bench.phase("g1", "approved", at: 950, from: 1000, to: 1100),
        Bench.phase("g1", "activated", at: 1000, from: 1000, to: 1100),
    ]

    @Test("An act after its grant's end is told, one within it is not and says under which")
    func afterTheEnd() async throws {
        let report = try await report(
            Self.grant + [Bench.act("in", at: 1030), Bench.act("late", at: 1130)])
        let outside = report.findings.filter { $0.code.name == "D4" || $0.code.name == "D5" }
        #expect(outside.contains { $0.evidence.contains("late") })
        #expect(!outside.contains { $0.evidence.contains("in") })
        let backing = report.wider.first { $0.cause.uid == "in" }?.cause.backing
        guard case .grant(let name) = backing else {
            Issue.record("the change within the grant says nothing of it: \(String(describing: backing))")
            return
        }
        #expect(name.contains("g1"))
    }

    @Test("A grant approved by who asked for it is told")
    func selfApproved() async throws {
        let report = try await report([
            Bench.phase("g2", "approved", at: 950, from: 1000, to: 1100, by: "ana@example.com"),
            Bench.phase("g2", "activated", at: 1000, from: 1000, to: 1100),
            Bench.act("in", at: 1030),
        ])
        #expect(report.findings.contains { $0.code.name == "D6" && $0.words.contains("approved") })
        let other = try await self.report(Self.grant + [Bench.act("in", at: 1030)])
        #expect(!other.findings.contains { $0.code.name == "D6" })
    }
}
