package import Engine
import Exporters
package import Ports

/// Records in, findings or matches out: what `detect` does with its inputs.
///
/// Findings come in event-time order. They are held back until the end, or until `heldBytesMax` are held: then the older
/// half is given out, and a finding older than what was given out comes late, which is counted.
package final class DetectionRun: InputSink {
    /// Findings held back for their order: bytes.
    package static let heldBytesMax = 16 << 20
    /// Findings told apart from those before them; past it, what came first is forgotten and could be given out again.
    package static let knownMax = 500_000
    package struct Counts: Hashable, Sendable {
        package var files = 0
        package var records = 0
        package var findings = 0
        package var matches = 0
        package var duplicates = 0
        package var late = 0
    }

    package private(set) var counts = Counts()
    private let refused: InputRefusals

    private let normalizer: Normalizer
    private var stages: [DetectionStage]
    private let onlyMatches: Bool
    private var correlator: Correlator
    private var baselines: BehaviourPart?
    private var drift: DriftPart?
    /// Says of each event whose it was, where that was asked for.
    private var attributor: Attributor?
    private var locator: Locator?
    private let write: ([UInt8]) -> Void
    private let reader = RecordReader()
    private let index = EventIndex()
    private var batch = EventBatch()
    private var findings = EventBatch()
    private var refusals: [Refusal] = []
    private var held: [(time: Timestamp, number: Int, line: [UInt8])] = []
    private var heldBytes = 0
    private var number = 0
    private var known: Set<DuplicateKey> = []
    /// A uid is a digest already: nobody can aim at these.
    private static let hashes = (KeyedHash(key: [1, 2]), KeyedHash(key: [3, 4]))
    private var givenOut = Timestamp.distantPast
    private var file = ""

    /// - Parameter onlyMatches: a line per hit in input order, each record by itself, in place of findings.
    /// - Parameter kinds: what raises findings; without rules, those that correlations are made of are evaluated still.
    /// - Parameter behaviour: how baselines raise findings, where they are to.
    /// - Parameter holders: whose identities are, for baselines.
    package init(
        feed: String, _ rules: RuleSet, _ catalog: MappingCatalog, onlyMatches: Bool,
        kinds: CorrelationPlan.Kinds = .all, behaviour: BehaviourSettings? = nil,
        drift: DriftPart? = nil, suppressions: FindingSuppressions = FindingSuppressions(),
        attributor: Attributor? = nil, geography: Geography? = nil, holders: AccountHolders? = nil,
        refused: InputRefusals,
        write: @escaping ([UInt8]) -> Void
    ) throws(Problem) {
        normalizer = try catalog.normalizer(for: feed, keepsActs: attributor != nil)
        self.attributor = attributor
        locator = geography.map { Locator($0) }
        var plan = CorrelationPlan(rules, alone: kinds)
        plan.suppressions = suppressions
        stages = normalizer.feeds.map { DetectionStage(rules, plan, feed: $0) }
        for index in stages.indices { stages[index].raised.suppressions = suppressions }
        correlator = Correlator(plan)
        if let behaviour, !onlyMatches {
            baselines = BehaviourPart(behaviour, geography, holders)
            for index in stages.indices { stages[index].raised.keepsHits = true }
        }
        if !onlyMatches { self.drift = drift }
        self.onlyMatches = onlyMatches
        self.refused = refused
        self.write = write
    }

    /// Rules that some record of the feed can meet.
    package var rulesInUse: Int { stages.map(\.rulesInUse).max() ?? 0 }
    /// Searches that a regular expression's limits ended.
    package var patternLimits: Int { stages.reduce(0) { $0 + $1.notes.patternLimits } }

    /// Findings that somebody had called expected.
    package var suppressed: Int {
        stages.reduce(correlator.notes.suppressed) { $0 + $1.notes.suppressed }
    }

    package func begin(_ file: String) {
        self.file = file
        counts.files += 1
        reader.begin(normalizer.layouts)
        normalizer.begin()
    }

    package func feed(_ bytes: Span<UInt8>) {
        reader.feed(bytes)
        drain()
    }

    package func finish(fault: String?) {
        reader.finish()
        drain()
        if let fault { refused.add(file, reason: fault) }
    }

    package func settle() async throws(Fault) { try await refused.settle() }

    /// Gives out what is still held.
    package func close() {
        correlate()
        behave()
        stray()
        giveOut(held.count)
    }

    /// What the baselines have learned and said, where they are asked.
    package var behaviour: Behaviour? { baselines?.behaviour }

    private func behave() {
        guard baselines != nil else { return }
        findings.removeAll()
        baselines?.evaluate(into: &findings)
        for finding in findings.events { hold(finding, isVersioned: true) }
    }

    private func stray() {
        guard drift != nil else { return }
        findings.removeAll()
        drift?.evaluate(into: &findings)
        for finding in findings.events { hold(finding, isVersioned: true) }
    }

    /// Signals that came after what was settled to keep memory bounded, and were passed over.
    package var lateSignals: Int { correlator.notes.late + correlator.notes.forgotten }

    private func correlate() {
        findings.removeAll()
        correlator.evaluate(into: &findings)
        attributor?.attribute(findings: &findings)
        // A later version of a finding is given out, too.
        for finding in findings.events { hold(finding, isVersioned: true) }
    }

    private func drain() {
        while reader.advance() {
            batch.removeAll()
            refusals = reader.refusals
            normalizer.normalize(reader, into: &batch, refusals: &refusals)
            locator?.locate(&batch)
            attributor?.attribute(&batch, mayBeEnriched: normalizer.mayEnrich)
            counts.records += reader.records.count + reader.refusals.count
            for refusal in refusals { refused.add(file, refusal) }
            take()
        }
    }

    private func take() {
        var next = 0
        for event in batch.events {
            while next < reader.records.count, reader.records[next].ordinal < Int(event.ordinal) { next += 1 }
            guard next < reader.records.count, reader.records[next].ordinal == Int(event.ordinal) else {
                continue
            }
            let record = reader.records[next]
            let stage = Int(event.feed)
            if onlyMatches {
                for rule in stages[stage].matches(reader.tape, record, as: event, of: batch, index) {
                    match(rule, event, record)
                }
            } else {
                findings.removeAll()
                stages[stage].observe(reader.tape, record, as: event, of: batch, index, into: &findings)
                for finding in findings.events { hold(finding) }
                for signal in stages[stage].raised.signals { correlator.take(signal) }
                stages[stage].raised.signals.removeAll(keepingCapacity: true)
                if correlator.isFull { correlate() }
                baselines?.observe(event, of: batch, &stages[stage])
                drift?.observe(event, of: batch, feed: normalizer.feeds[stage])
            }
        }
        if baselines?.isFull == true { behave() }
    }

    private func match(_ rule: String, _ event: Event, _ record: RawRecord) {
        counts.matches += 1
        var line = MatchLine.opening(rule)
        line += batch.bytes[event.uid.range]
        line += MatchLine.closing(file, line: reader.line(of: record))
        write(line)
    }

    private func hold(_ finding: Event, isVersioned: Bool = false) {
        if known.count >= Self.knownMax { known.removeAll(keepingCapacity: true) }
        let key = DuplicateKey(
            uid: Self.hashes.0.hash(findings.bytes, in: finding.uid.range),
            content: Self.hashes.1.hash(
                findings.bytes, in: isVersioned ? finding.json.range : finding.uid.range))
        guard known.insert(key).inserted else {
            counts.duplicates += 1
            return
        }
        counts.findings += 1
        held.append((finding.time, number, Array(findings.bytes[finding.json.range])))
        number += 1
        heldBytes += Int(finding.json.count)
        if heldBytes > Self.heldBytesMax { giveOut(max(1, held.count / 2)) }
    }

    private func giveOut(_ count: Int) {
        held.sort { ($0.time, $0.number) < ($1.time, $1.number) }
        for finding in held.prefix(count) {
            if finding.time < givenOut { counts.late += 1 }
            givenOut = max(givenOut, finding.time)
            write(finding.line + [UInt8(ascii: "\n")])
            heldBytes -= finding.line.count
        }
        held.removeFirst(count)
    }
}

/// `{"rule":"…","event":"…","file":"…","line":N}`
private enum MatchLine {
    static func opening(_ rule: String) -> [UInt8] {
        Array("{\"rule\":".utf8) + JSONFragment.quoted(rule) + Array(",\"event\":\"".utf8)
    }

    static func closing(_ file: String, line: Int) -> [UInt8] {
        Array("\",\"file\":".utf8) + JSONFragment.quoted(file) + Array(",\"line\":\(line)}\n".utf8)
    }
}
