import Codecs
import Engine

/// Plays a case's records through mapping, rules and correlations, as `detect` does, with nothing left of the case before.
final class CaseTheater {
    /// Why a case cannot be played.
    struct Refused: Error {
        var reason: String
        var hint: String

        init(_ reason: String, hint: String = "") {
            self.reason = reason
            self.hint = hint
        }
    }

    /// What the rules' records are of, where the rules say so.
    let feed: String?

    private let plan: CorrelationPlan
    private let rules: RuleSet
    private let catalog: MappingCatalog
    private let reader = RecordReader()
    private let index = EventIndex()
    private var lines: [String: (normalizer: Normalizer, stage: DetectionStage)] = [:]

    init(_ rules: RuleSet, _ catalog: MappingCatalog) {
        self.rules = rules
        self.catalog = catalog
        plan = CorrelationPlan(rules)
        feed = rules.rules.lazy.compactMap(\.logsource.feed).first
    }

    /// The titles of what stands in the end: the correlations' findings, or the rules' where there is no correlation.
    func play(_ plays: [CasePlay]) throws(Refused) -> [String] {
        var correlator = Correlator(plan)
        var findings = EventBatch()
        for play in plays { try run(play, &correlator, &findings) }
        guard !plan.isEmpty else { return findings.events.map { title(of: $0, in: findings) } }
        findings.removeAll()
        correlator.evaluate(into: &findings)
        return findings.events.filter { $0.activityID != 3 }.map { title(of: $0, in: findings) }
    }

    private func run(
        _ play: CasePlay, _ correlator: inout Correlator, _ findings: inout EventBatch
    ) throws(Refused) {
        var (normalizer, stage) = try line(for: play.feed)
        var batch = EventBatch()
        var events = 0
        reader.begin(normalizer.layouts)
        normalizer.begin()
        reader.feed(play.record.span)
        reader.finish()
        while reader.advance() {
            batch.removeAll()
            var refusals = reader.refusals
            normalizer.normalize(reader, into: &batch, refusals: &refusals)
            if let refusal = refusals.first {
                throw Refused("\(play.feed) refuses the record: \(refusal.reason)")
            }
            for row in batch.events.indices {
                batch.events[row].time = (play.at ?? batch.events[row].time) + play.delay
            }
            events += batch.count
            stage.observe(reader.tape, reader.records, as: batch, index, into: &findings)
        }
        guard events > 0 else { throw Refused("\(play.feed) makes no event of the record") }
        for signal in stage.raised.signals { correlator.take(signal) }
        stage.raised.signals.removeAll()
        lines[play.feed] = (normalizer, stage)
    }

    private func line(for feed: String) throws(Refused) -> (Normalizer, DetectionStage) {
        if let known = lines[feed] { return known }
        guard feed != MappingCatalog.auto, let normalizer = try? catalog.normalizer(for: feed) else {
            let near = nearestName(to: feed, among: catalog.feeds)
            throw Refused(
                "there is no feed \(feed)", hint: near.map { "did you mean \($0)?" } ?? "see martlet feeds")
        }
        return (normalizer, DetectionStage(rules, plan, feed: feed))
    }

    private func title(of event: Event, in findings: EventBatch) -> String {
        let text = Array(findings.bytes[event.json.range])
        let finding = try? JSONReader.document(in: text, file: "")
        return finding?["finding_info"]?["title"]?.string ?? ""
    }
}
