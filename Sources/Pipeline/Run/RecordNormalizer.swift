package import Engine
import Exporters

/// The whole per-record path for one page at a time: bytes to records, records to events, events to findings.
package final class RecordNormalizer: PageNormalizer {
    private let content: BuiltContent
    private let attribution: AttributionStage?
    private let reader = RecordReader()
    private var feed: String?
    private var normalizer: Normalizer?
    /// By the number of the feed that a record turned out to be of.
    private var stages: [DetectionStage] = []
    private var findings = EventBatch()
    private let index = EventIndex()
    private var facts: FactReader?
    private var locator: Locator?
    private var access: AccessNewsReader?
    private var news = AccessNews()

    package var feeds: [String] { normalizer?.feeds ?? [] }

    package init(_ content: BuiltContent, _ attribution: AttributionStage? = nil) {
        self.content = content
        self.attribution = attribution
        if content.behaviour != nil { facts = FactReader(content.geography, content.holders) }
        locator = content.geography.map { Locator($0) }
        access = content.drift == nil ? nil : AccessNewsReader()
    }

    package func begin(_ object: String, feed: String) {
        if feed != self.feed {
            self.feed = feed
            if isOfFindings {
                (normalizer, stages) = (nil, [])
            } else {
                (normalizer, stages) = content.machinery(for: feed, keepsActs: attribution != nil)
                for index in stages.indices { stages[index].raised.keepsHits = facts != nil }
            }
        }
        reader.begin(normalizer?.layouts ?? RecordLayouts())
        normalizer?.begin()
    }

    /// Whether the page is what a stage behind the rules has found.
    private var isOfFindings: Bool { feed == LanePart.findingFeed }

    package func takeSignals() -> [CorrelationSignal] {
        var signals: [CorrelationSignal] = []
        for index in stages.indices {
            signals += stages[index].raised.signals
            stages[index].raised.signals.removeAll(keepingCapacity: true)
        }
        return signals
    }

    package func takeFacts() -> FactBook { facts?.take() ?? FactBook() }

    package func takeNews() -> AccessNews { exchange(&news, with: AccessNews()) }

    private func readAccess(_ batch: borrowing EventBatch, from first: Int) {
        guard access != nil else { return }
        for event in batch.events[first...] {
            let place = Int(event.feed)
            access?.read(event, of: batch, feed: place < feeds.count ? feeds[place] : feed ?? "", into: &news)
        }
    }

    package func feed(_ bytes: Span<UInt8>) { reader.feed(bytes) }
    package func finish() { reader.finish() }

    package func advance(into batch: inout EventBatch, refusals: inout [RefusedRecord]) -> Bool {
        refusals.removeAll(keepingCapacity: true)
        guard reader.advance() else { return false }
        if isOfFindings {
            for record in reader.records { FindingReader.append(record, reader.tape, to: &batch) }
            return true
        }
        let first = batch.count
        var refused = reader.refusals
        normalizer?.normalize(reader, into: &batch, refusals: &refused)
        refused.sort { $0.ordinal < $1.ordinal }
        refusals += refused.map {
            RefusedRecord(ordinal: $0.ordinal, line: $0.line, reason: $0.reason, raw: $0.raw)
        }
        locator?.locate(&batch, from: first)
        attribution?.attribute(&batch, from: first, mayBeEnriched: normalizer?.mayEnrich ?? [])
        readAccess(batch, from: first)
        raise(&batch, from: first)
        batch.acts.removeAll(keepingCapacity: true)
        return true
    }

    /// Reads what the run's events and the rules that fired on them say about identities.
    private func readFacts(_ batch: borrowing EventBatch, from first: Int) {
        var next = [Int](repeating: 0, count: stages.count)
        for event in batch.events[first...] {
            let stage = stages.count == 1 ? 0 : Int(event.feed)
            var rules: [RuleHit] = []
            while stage < stages.count, next[stage] < stages[stage].raised.hits.count,
                stages[stage].raised.hits[next[stage]].ordinal <= event.ordinal
            {
                let hit = stages[stage].raised.hits[next[stage]]
                if hit.ordinal == event.ordinal { rules.append(stages[stage].ruleHits[hit.rule]) }
                next[stage] += 1
            }
            facts?.observe(event, of: batch, rules: rules)
        }
        for index in stages.indices { stages[index].raised.hits.removeAll(keepingCapacity: true) }
    }

    /// Adds the findings of the run's records behind their events.
    private func raise(_ batch: inout EventBatch, from first: Int) {
        findings.removeAll()
        if stages.count == 1 {
            stages[0].observe(reader.tape, reader.records, as: batch, from: first, index, into: &findings)
        } else {
            var next = 0
            for event in batch.events[first...] {
                let ordinal = Int(event.ordinal)
                while next < reader.records.count, reader.records[next].ordinal < ordinal { next += 1 }
                guard next < reader.records.count, reader.records[next].ordinal == ordinal else { continue }
                stages[Int(event.feed)].observe(
                    reader.tape, reader.records[next], as: event, of: batch, index, into: &findings)
            }
        }
        if facts != nil { readFacts(batch, from: first) }
        batch.append(findings.events.indices, of: findings)
    }
}
