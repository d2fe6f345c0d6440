/// The cases kept beside a rule, which say what it must and must not match.
///
/// One JSON object a line, in `<rule>.cases.jsonl` beside `<rule>.yaml`:
/// `{"expect":"hit","why":"root lists users","record":{…}}`, `expect` being `hit` or `miss`, `record` the vendor's own
/// record. Every rule needs one of each: a rule that matches everything passes all hits.
package struct RuleCases: Sendable {
    /// What came of one file of cases.
    package struct Outcome: Sendable {
        package var hits = 0
        package var misses = 0
        /// Each case that did not hold, and each line that is no case.
        package var problems: [Problem] = []
    }

    /// Runs the cases of a rule file's rules; a case holds for a file when any of its rules matches.
    package static func run(_ rules: RuleSet, cases: [UInt8], file: String) -> Outcome {
        var outcome = Outcome()
        outcome.problems = rules.problems
        var matcher = RuleMatcher(RuleCompiler.compile(rules.rules, feed: "generic.json"))
        let reader = RecordReader()
        reader.begin()
        // Cases are short; a file is fed whole.
        reader.feed(cases.span)
        reader.finish()
        while reader.advance() {
            for refusal in reader.refusals {
                outcome.problems.append(
                    Problem(at: SourcePosition(file: file, line: refusal.line, column: 1), refusal.reason))
            }
            for record in reader.records {
                let line = SourcePosition(file: file, line: record.ordinal + 1, column: 1)
                check(record, reader.tape, at: line, &matcher, &outcome)
            }
        }
        let whole = SourcePosition(file: file, line: 1, column: 1)
        if outcome.hits == 0 {
            outcome.problems.append(Problem(at: whole, "the rule has no case that it must match"))
        }
        if outcome.misses == 0 {
            outcome.problems.append(Problem(at: whole, "the rule has no case that it must not match"))
        }
        return outcome
    }

    private static func check(
        _ line: RawRecord, _ tape: JSONTape, at position: SourcePosition, _ matcher: inout RuleMatcher,
        _ outcome: inout Outcome
    ) {
        guard let token = tape.member("record", of: line.open), tape.kind(token) == .object,
            let expected = tape.member("expect", of: line.open)
        else {
            outcome.problems.append(
                Problem(at: position, "expected {\"expect\":\"hit\" or \"miss\",\"record\":{…}}"))
            return
        }
        var record = line
        record.open = token
        record.extent = tape.extent(token)
        matcher.match(tape, record)
        let isHit = !matcher.hits.isEmpty
        let why = tape.member("why", of: line.open).map { " (" + tape.string($0) + ")" } ?? ""
        switch tape.string(expected) {
        case "hit":
            outcome.hits += 1
            if !isHit {
                outcome.problems.append(Problem(at: position, "no rule matches, but one must\(why)"))
            }
        case "miss":
            outcome.misses += 1
            if isHit {
                let title = matcher.program.sources[matcher.hits[0]].title
                outcome.problems.append(Problem(at: position, "“\(title)” matches, but must not\(why)"))
            }
        case let other:
            outcome.problems.append(
                Problem(at: position, "'expect' is '\(other)'", hint: "expected 'hit' or 'miss'"))
        }
    }
}
