import Codecs
package import Engine

/// The cases kept beside a rule or a correlation, which say what it must and must not find.
///
/// One JSON object a line, in `<rule>.cases.jsonl` beside `<rule>.yaml`:
/// `{"expect":"hit","why":"root lists users","record":{…}}`, `expect` being `hit` or `miss`, `record` the vendor's own
/// record. With a `feed` the record goes through that feed's mapping first, as rules on OCSF events need it. A
/// correlation's cases have `sequence`, which do the same one after the other. Every file needs one of each: a rule that
/// matches everything passes all hits.
package struct RuleCases {
    /// What came of one file of cases.
    package struct Outcome: Sendable {
        package var hits = 0
        package var misses = 0
        /// Each case that did not hold, and each line that is no case.
        package var problems: [Problem] = []
    }

    private let rules: RuleSet
    private let file: String
    private let theater: CaseTheater
    private var matcher: RuleMatcher
    private var outcome = Outcome()

    /// Runs the cases of a rule file; one holds for the file when any of its rules, or correlations, finds something.
    package static func run(
        _ rules: RuleSet, cases: [UInt8], file: String, _ catalog: MappingCatalog
    ) -> Outcome {
        var run = RuleCases(rules, file, catalog)
        let reader = RecordReader()
        reader.begin()
        // Cases are short; a file is fed whole.
        reader.feed(cases.span)
        reader.finish()
        while reader.advance() {
            for refusal in reader.refusals {
                run.complain(at: refusal.line, refusal.reason)
            }
            for record in reader.records { run.check(record, reader.tape, line: record.ordinal + 1) }
        }
        run.complainOfMissing()
        return run.outcome
    }

    private init(_ rules: RuleSet, _ file: String, _ catalog: MappingCatalog) {
        self.rules = rules
        self.file = file
        theater = CaseTheater(rules, catalog)
        matcher = RuleMatcher(RuleProgram(rules.rules, feed: MappingCatalog.fallbackFeed))
        outcome.problems = rules.problems
    }

    private mutating func complain(at line: Int, _ message: String, hint: String = "") {
        outcome.problems.append(
            Problem(at: SourcePosition(file: file, line: line, column: 1), message, hint: hint))
    }

    private mutating func complainOfMissing() {
        let kind = rules.correlations.isEmpty ? "rule" : "correlation"
        if outcome.hits == 0 { complain(at: 1, "the \(kind) has no case that it must match") }
        if outcome.misses == 0 { complain(at: 1, "the \(kind) has no case that it must not match") }
    }

    // MARK: One case

    private mutating func check(_ line: RawRecord, _ tape: JSONTape, line number: Int) {
        guard let expected = tape.member("expect", of: line.open).map({ tape.string($0) }),
            let subject = tape.member("sequence", of: line.open) ?? tape.member("record", of: line.open)
        else {
            return complain(
                at: number, "expected {\"expect\":\"hit\" or \"miss\",\"record\":{…}}, or \"sequence\":[…]")
        }
        guard expected == "hit" || expected == "miss" else {
            return complain(at: number, "'expect' is '\(expected)'", hint: "expected 'hit' or 'miss'")
        }
        let why = tape.member("why", of: line.open).map { " (" + tape.string($0) + ")" } ?? ""
        let isOfMany = tape.kind(subject) == .array
        let found: String?
        do throws(CaseTheater.Refused) {
            found =
                try isOfMany || needsEvents(line, tape)
                ? theater.play(try CasePlay.all(in: line, tape, feed: theater.feed)).first
                : matched(subject, of: line, tape)
        } catch {
            return complain(at: number, error.reason + why, hint: error.hint)
        }
        // What a correlation is made of may have cases, too, but they say nothing of the correlation.
        let counts = isOfMany || rules.correlations.isEmpty
        if expected == "hit" {
            outcome.hits += counts ? 1 : 0
            if found == nil {
                let what = rules.correlations.isEmpty ? "rule matches" : "correlation is met"
                complain(
                    at: number, "no \(what), but one must\(rules.correlations.isEmpty ? "" : " be")\(why)")
            }
        } else {
            outcome.misses += counts ? 1 : 0
            if let found {
                let verb = rules.correlations.isEmpty ? "matches, but must not" : "is met, but must not be"
                complain(at: number, "“\(found)” \(verb)\(why)")
            }
        }
    }

    private func needsEvents(_ line: RawRecord, _ tape: JSONTape) -> Bool {
        tape.member("feed", of: line.open) != nil || rules.rules.contains { $0.logsource.isOCSF }
    }

    /// The first rule that matches a record as it stands.
    private mutating func matched(
        _ subject: Int, of line: RawRecord, _ tape: JSONTape
    ) throws(CaseTheater.Refused) -> String? {
        guard tape.kind(subject) == .object else {
            throw CaseTheater.Refused("'record' is the vendor's record, a JSON object")
        }
        var record = line
        record.open = subject
        record.extent = tape.extent(subject)
        matcher.match(tape, record)
        return matcher.hits.first.map { matcher.program.sources[$0].title }
    }
}
