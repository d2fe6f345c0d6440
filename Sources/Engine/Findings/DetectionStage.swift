/// Single-event rules over the records of one feed: what a lane calls for every run of records it has
/// normalized.
///
/// A value with scratch memory and counters, no locks: each lane and shard has its own. What it raises for a
/// record depends on that record and its event alone.
package struct DetectionStage: Sendable {
    /// How the rules fared, added up since the stage was made.
    package struct Notes: Hashable, Sendable {
        package var records = 0
        package var findings = 0
        /// Searches ended by a regular expression's limits; the rule may have missed that record.
        package var patternLimits = 0
        /// Records with more values than are looked at.
        package var recordsCut = 0
    }

    private var matcher: RuleMatcher
    private let writer: FindingWriter
    private var records = 0
    private var findings = 0
    /// What correlations have to know of the records seen since it was last emptied.
    package var signals: [CorrelationSignal] = []

    package init(_ program: RuleProgram) {
        matcher = RuleMatcher(program)
        writer = FindingWriter(program)
    }

    /// The rules among `rules` that apply to a feed, compiled.
    package init(_ rules: RuleSet, _ plan: CorrelationPlan? = nil, feed: String) {
        self.init(RuleCompiler.compile(rules.rules, plan, feed: feed))
    }

    package var program: RuleProgram { matcher.program }

    package var notes: Notes {
        Notes(
            records: records, findings: findings, patternLimits: matcher.patternLimits,
            recordsCut: matcher.recordsCut)
    }

    /// Raises the findings of a run of records.
    ///
    /// `batch.events` from `first` on are those of `records` that became events, in the same order; each is
    /// told by its ordinal. Findings follow the order of their events, and of the rules within an event.
    package mutating func observe(
        _ tape: JSONTape, _ records: [RawRecord], as batch: borrowing EventBatch, from first: Int = 0,
        into findings: inout EventBatch
    ) {
        guard program.count > 0 else { return }
        var index = first
        for record in records {
            while index < batch.events.count, Int(batch.events[index].ordinal) < record.ordinal { index += 1 }
            guard index < batch.events.count else { break }
            let event = batch.events[index]
            guard Int(event.ordinal) == record.ordinal else { continue }
            index += 1
            observe(tape, record, as: event, of: batch, into: &findings)
        }
    }

    /// Raises the findings of one record.
    package mutating func observe(
        _ tape: JSONTape, _ record: RawRecord, as event: Event, of batch: borrowing EventBatch,
        into findings: inout EventBatch
    ) {
        records += 1
        matcher.match(tape, record)
        guard !matcher.hits.isEmpty else { return }
        for rule in matcher.hits {
            if program.rules[rule].isLoud {
                writer.append(
                    rule: rule, evidence: matcher.evidence(of: rule, tape), tape: tape, event: event,
                    of: batch, to: &findings)
                self.findings += 1
            }
            for tap in program.rules[rule].taps {
                guard
                    var signal = matcher.signal(
                        tap, tape, time: event.time, uid: Array(batch.bytes[event.uid.range]))
                else { continue }
                signal.actor = FindingWriter.actor(of: event, in: batch)
                signals.append(signal)
            }
        }
    }

    /// The ids of the rules that match a record, in rule order, for `--matches`.
    package mutating func matches(_ tape: JSONTape, _ record: RawRecord) -> [String] {
        records += 1
        matcher.match(tape, record)
        return matcher.hits.map { program.sources[$0].id }
    }

    /// How many rules match a record: what `Bench` measures of the rules alone.
    package mutating func countMatches(_ tape: JSONTape, _ record: RawRecord) -> Int {
        records += 1
        matcher.match(tape, record)
        return matcher.hits.count
    }
}
