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
        /// Findings that somebody had called expected.
        package var suppressed = 0
    }

    private var matcher: RuleMatcher
    private let writer: FindingWriter
    /// Rules on the fields of the normalized event.
    private var eventMatcher: RuleMatcher
    private let eventWriter: FindingWriter
    /// The OCSF classes that those rules are for; few, and asked of every event.
    private let classes: [UInt32]
    private let asksEveryClass: Bool
    private var records = 0
    /// What became of the rules that matched.
    package var raised = Raised()
    /// The rules as facts about whoever causes them, in the program's order.
    package let ruleHits: [RuleHit]

    /// The rules among `rules` that apply to a feed, compiled.
    package init(_ rules: RuleSet, _ plan: CorrelationPlan? = nil, feed: String) {
        let program = RuleCompiler.compile(rules.rules, plan, feed: feed)
        let eventProgram = RuleCompiler.compile(rules.rules, plan, feed: feed, of: .event)
        matcher = RuleMatcher(program)
        writer = FindingWriter(program)
        eventMatcher = RuleMatcher(eventProgram)
        eventWriter = FindingWriter(eventProgram)
        classes = eventProgram.classes.sorted()
        asksEveryClass = eventProgram.asksEveryClass
        ruleHits = (program.sources + eventProgram.sources).map { RuleHit($0.head) }
    }

    /// Of the rules on the vendor's records.
    package var program: RuleProgram { matcher.program }
    /// Rules that some record of the feed can meet.
    package var rulesInUse: Int { matcher.program.count + eventMatcher.program.count }

    package var notes: Notes {
        Notes(
            records: records, findings: raised.findings,
            patternLimits: matcher.patternLimits + eventMatcher.patternLimits,
            recordsCut: matcher.recordsCut + eventMatcher.recordsCut, suppressed: raised.suppressed)
    }

    /// Raises the findings of a run of records.
    ///
    /// `batch.events` from `first` on are those of `records` that became events, in the same order; each is
    /// told by its ordinal. Findings follow the order of their events, and of the rules within an event: first those on
    /// the record, then those on the event, for which `index` reads it.
    package mutating func observe(
        _ tape: JSONTape, _ records: [RawRecord], as batch: borrowing EventBatch, from first: Int = 0,
        _ index: EventIndex, into findings: inout EventBatch
    ) {
        guard rulesInUse > 0 else { return }
        var next = first
        for record in records {
            while next < batch.events.count, Int(batch.events[next].ordinal) < record.ordinal { next += 1 }
            guard next < batch.events.count else { break }
            let event = batch.events[next]
            guard Int(event.ordinal) == record.ordinal else { continue }
            next += 1
            observe(tape, record, as: event, of: batch, index, into: &findings)
        }
    }

    /// Raises the findings of one record.
    package mutating func observe(
        _ tape: JSONTape, _ record: RawRecord, as event: Event, of batch: borrowing EventBatch,
        _ index: EventIndex, into findings: inout EventBatch
    ) {
        records += 1
        matcher.match(tape, record)
        if !matcher.hits.isEmpty {
            raised.take(&matcher, writer, tape, event, batch, from: 0, into: &findings)
        }
        guard let (tape, record) = indexed(event, of: batch, index) else { return }
        eventMatcher.match(tape, record)
        if !eventMatcher.hits.isEmpty {
            raised.take(
                &eventMatcher, eventWriter, tape, event, batch, from: matcher.program.count, into: &findings)
        }
    }

    /// The event's own tape; `nil` where no rule is for events of its class.
    private func indexed(_ event: Event, of batch: borrowing EventBatch, _ index: EventIndex)
        -> (tape: JSONTape, record: RawRecord)?
    {
        guard asksEveryClass || classes.contains(event.classUID) else { return nil }
        return index.read(event, of: batch)
    }

    /// The ids of the rules that match a record or its event, in rule order, for `--matches`.
    package mutating func matches(
        _ tape: JSONTape, _ record: RawRecord, as event: Event, of batch: borrowing EventBatch,
        _ index: EventIndex
    ) -> [String] {
        records += 1
        matcher.match(tape, record)
        let ids = matcher.hits.map { program.sources[$0].id }
        guard let (tape, record) = indexed(event, of: batch, index) else { return ids }
        eventMatcher.match(tape, record)
        return ids + eventMatcher.hits.map { eventMatcher.program.sources[$0].id }
    }

    /// How many rules match a record: what `Bench` measures of the rules alone.
    package mutating func countMatches(_ tape: JSONTape, _ record: RawRecord) -> Int {
        records += 1
        matcher.match(tape, record)
        return matcher.hits.count
    }
}

extension DetectionStage {
    /// What rules raised beside their findings, and what is left out of it.
    package struct Raised: Sendable {
        /// What correlations have to know of the records seen since it was last emptied.
        package var signals: [CorrelationSignal] = []
        /// Rules that raised findings since it was last emptied, with the ordinals of their records, for the baselines;
        /// kept where `keepsHits` says so.
        package var hits: [(ordinal: UInt32, rule: Int)] = []
        package var keepsHits = false
        /// What people have called expected.
        package var suppressions = FindingSuppressions()
        fileprivate var findings = 0
        fileprivate var suppressed = 0

        /// A finding for each rule that matched and stands by itself; what correlations have to know of the others, too.
        /// The program's rules are counted from `first` on.
        fileprivate mutating func take(
            _ matcher: inout RuleMatcher, _ writer: FindingWriter, _ tape: JSONTape, _ event: Event,
            _ batch: borrowing EventBatch, from first: Int, into findings: inout EventBatch
        ) {
            for hit in matcher.hits {
                let rule = matcher.program.rules[hit]
                let isSilenced =
                    !suppressions.isEmpty
                    && suppressions.silence(matcher.program.sources[hit].id, event, in: batch)
                if isSilenced { suppressed += 1 }
                if rule.isLoud, !isSilenced {
                    writer.append(
                        rule: hit, evidence: matcher.evidence(of: hit, tape), tape: tape, event: event,
                        of: batch, to: &findings)
                    self.findings += 1
                    if keepsHits { hits.append((event.ordinal, first + hit)) }
                }
                for tap in rule.taps {
                    guard
                        var signal = matcher.signal(
                            tap, tape, time: event.time, uid: Array(batch.bytes[event.uid.range]))
                    else { continue }
                    signal.actor = FindingWriter.actor(of: event, in: batch)
                    if !event.act.isEmpty, event.act.end <= batch.acts.count {
                        signal.acting =
                            ActTaking(Array(batch.acts[event.act.range]), at: 0, uid: []).acting
                    }
                    signals.append(signal)
                }
            }
        }
    }
}
