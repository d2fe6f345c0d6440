/// Runs a program over one record after another.
///
/// Holds scratch memory only: what it answers for a record does not depend on the records before it.
package struct RuleMatcher: Sendable {
    package let program: RuleProgram
    private var values: FieldValues
    /// The last record (by generation) for which a question was asked, and twice that plus the answer.
    private var answers: [UInt32]
    private var tried: [UInt32]
    private var generation: UInt32 = 0
    /// Rules that the dispatches leave to be tried.
    private var candidates: [Int32] = []

    /// The rules that matched the last record, by place in `program.sources`, ascending.
    package private(set) var hits: [Int] = []
    /// Searches that a regular expression's limits ended: those rules may have missed a record.
    package private(set) var patternLimits = 0

    package init(_ program: RuleProgram) {
        self.program = program
        values = FieldValues(program)
        answers = [UInt32](repeating: 0, count: program.predicates.count)
        tried = [UInt32](repeating: 0, count: program.rules.count)
    }

    /// Records with so many values that only the first `FieldValues.valuesMax` were looked at.
    package private(set) var recordsCut = 0

    /// Matches one record; the answer is in `hits`.
    package mutating func match(_ tape: JSONTape, _ record: RawRecord) {
        hits.removeAll(keepingCapacity: true)
        guard !program.rules.isEmpty else { return }
        let tape = tape.narrowed(to: record)
        advance()
        values.clear()
        values.read(program.firstReading, of: record, tape)
        candidates.removeAll(keepingCapacity: true)
        for number in program.dispatches.indices { follow(program.dispatches[number], tape) }
        // Of most records no rule has to be tried: their other fields are not looked for.
        if !candidates.isEmpty, let rest = program.restReading { values.read(rest, of: record, tape) }
        for place in candidates.indices where holds(rule: Int(candidates[place]), tape) {
            hits.append(Int(candidates[place]))
        }
        for place in program.always.indices where holds(rule: Int(program.always[place]), tape) {
            hits.append(Int(program.always[place]))
        }
        if values.isCut { recordsCut += 1 }
        if hits.count > 1 { hits.sort() }
    }

    /// A new generation makes every remembered answer old.
    private mutating func advance() {
        generation &+= 1
        if generation >= UInt32.max / 2 {
            generation = 1
            for i in answers.indices { answers[i] = 0 }
            for i in tried.indices { tried[i] = 0 }
        }
    }

    /// Adds the rules that ask for a value that the record has in the dispatch's field.
    private mutating func follow(_ dispatch: RuleProgram.Dispatch, _ tape: JSONTape) {
        var index = values.heads[Int(dispatch.field)]
        while index >= 0 {
            let value = Int(index)
            index = values.next(index)
            if values.values[value].kind == .null { continue }
            values.fold(value, tape)
            let hash = values.values[value].hash
            let text = values.values[value].folded
            var place = Int(truncatingIfNeeded: hash) & Int(dispatch.mask)
            while program.slots[Int(dispatch.start) + place].count > 0 {
                let slot = program.slots[Int(dispatch.start) + place]
                place = (place + 1) & Int(dispatch.mask)
                guard slot.hash == hash,
                    Bytes.equal(
                        values.arena.span.extracting(text.range),
                        program.texts.span.extracting(slot.bytes.range))
                else { continue }
                for i in Int(slot.first)..<Int(slot.first + slot.count) {
                    let rule = program.slotRules[i]
                    if tried[Int(rule)] == generation { continue }
                    tried[Int(rule)] = generation
                    candidates.append(rule)
                }
                break
            }
        }
    }

    private mutating func holds(rule: Int, _ tape: JSONTape) -> Bool {
        var place = program.rules[rule].entry
        while place >= 0 {
            let branch = program.branches[Int(place)]
            place = answer(branch.predicate, tape) ? branch.ifTrue : branch.ifFalse
        }
        return place == RuleProgram.Branch.match
    }

    /// The answer to one question, asked at most once for each record.
    private mutating func answer(_ number: Int32, _ tape: JSONTape) -> Bool {
        let known = answers[Int(number)]
        if known >> 1 == generation { return known & 1 == 1 }
        let answer = ask(program.predicates[Int(number)], tape)
        answers[Int(number)] = generation << 1 | (answer ? 1 : 0)
        return answer
    }

    private mutating func ask(_ predicate: RuleProgram.Predicate, _ tape: JSONTape) -> Bool {
        var index = values.heads[Int(predicate.field)]
        switch predicate.operation {
        case .exists: return index >= 0
        case .null:
            if index < 0 { return true }
            while index >= 0 {
                if values.values[Int(index)].kind == .null { return true }
                index = values.next(index)
            }
            return false
        default:
            while index >= 0 {
                if holds(predicate, Int(index), tape) { return true }
                index = values.next(index)
            }
            return false
        }
    }

    /// Whether one value answers a question that is about a value.
    private mutating func holds(_ predicate: RuleProgram.Predicate, _ value: Int, _ tape: JSONTape) -> Bool {
        if values.values[value].kind == .null { return false }
        if predicate.operation == .field { return isLikeOther(predicate, value, tape) }
        let outcome: SearchPattern.Outcome
        if predicate.isCased {
            let text = values.plain(value, tape)
            if values.values[value].isPlainInArena {
                outcome = program.compare(predicate, values.arena.span.extracting(text.range), hash: nil)
            } else {
                outcome = Bytes.withSpan(tape, text) { program.compare(predicate, $0, hash: nil) }
            }
        } else {
            values.fold(value, tape)
            let hash = values.values[value].hash
            let text = values.values[value].folded
            outcome = program.compare(predicate, values.arena.span.extracting(text.range), hash: hash)
        }
        if outcome == .limit { patternLimits += 1 }
        return outcome == .hit
    }

    /// `fieldref`: any value of the other field stands in this shape in this one.
    private mutating func isLikeOther(_ predicate: RuleProgram.Predicate, _ value: Int, _ tape: JSONTape)
        -> Bool
    {
        let text = comparable(value, predicate.isCased, tape)
        var other = values.heads[Int(predicate.first)]
        while other >= 0 {
            if values.values[Int(other)].kind != .null {
                let part = comparable(Int(other), predicate.isCased, tape)
                let isLike =
                    switch predicate.shape {
                    case .equals: text == part
                    case .startsWith: text.starts(with: part)
                    case .endsWith: text.count >= part.count && text.suffix(part.count).elementsEqual(part)
                    case .contains: Bytes.contain(text.span, part.span)
                    }
                if isLike { return true }
            }
            other = values.next(other)
        }
        return false
    }

    private mutating func comparable(_ value: Int, _ isCased: Bool, _ tape: JSONTape) -> [UInt8] {
        guard isCased else {
            values.fold(value, tape)
            return Array(values.arena[values.values[value].folded.range])
        }
        let text = values.plain(value, tape)
        if values.values[value].isPlainInArena { return Array(values.arena[text.range]) }
        return Array(tape.text(text).utf8)
    }

    // MARK: Signals

    /// What one correlation takes of a rule that matched the last record; `nil` where a field is missing that it groups
    /// by or counts.
    mutating func signal(
        _ tap: RuleProgram.Tap, _ tape: JSONTape, time: Timestamp, uid: [UInt8]
    ) -> CorrelationSignal? {
        var signal = CorrelationSignal(
            correlation: tap.correlation, member: tap.member, time: time, uid: uid, group: [])
        for field in tap.group {
            guard let value = fragments(field, tape).first else { return nil }
            signal.group.append(value)
        }
        for field in tap.values {
            let values = fragments(field, tape)
            guard let first = values.first else { return nil }
            signal.values += tap.values.count > 1 ? [first] : values
        }
        signal.number = signal.values.first.flatMap { CorrelationSignal.number(in: $0) }
        return signal
    }

    /// Values of one field that a signal takes.
    private static let signalValuesMax = 256

    /// The values of a field as JSON, in the order of the record; texts without their escapes, cut where they are long.
    private mutating func fragments(_ field: Int32, _ tape: JSONTape) -> [[UInt8]] {
        var fragments: [[UInt8]] = []
        var index = values.heads[Int(field)]
        while index >= 0, fragments.count < Self.signalValuesMax {
            let value = values.values[Int(index)]
            index = values.next(index)
            guard value.kind != .null, value.kind != .emptyList else { continue }
            var text: [UInt8] = []
            if value.kind == .text, Bytes.containsBackslash(tape, value.source) {
                Bytes.unescape(tape, value.source, into: &text)
            } else {
                Bytes.append(tape, value.source, to: &text)
            }
            if (value.kind == .number || value.kind == .bool)
                && text.count <= FindingWriter.evidenceValueBytesMax
            {
                fragments.append(text)
            } else {
                var quoted: [UInt8] = []
                JSONFragment.append(
                    textOf: text.span, limit: FindingWriter.evidenceValueBytesMax, to: &quoted)
                fragments.append(quoted)
            }
        }
        return fragments.reversed()
    }

    // MARK: Evidence

    /// A field that spoke for a rule, and the value that did.
    struct Evidence {
        var name: String
        var kind: FieldValue.Kind
        /// In the tape: a text's inside, still escaped; anything else as it stands.
        var source: Extent
    }

    /// Fields named in one finding; a rule that asks about more shows the first.
    static let evidenceMax = 16

    /// What made a rule match the last record: one value for each field that it asks about affirmatively.
    mutating func evidence(of rule: Int, _ tape: JSONTape) -> [Evidence] {
        var found: [Evidence] = []
        for candidate in program.rules[rule].evidence {
            guard found.count < Self.evidenceMax else { break }
            if candidate.name.isEmpty || found.contains(where: { $0.name == candidate.name }) { continue }
            let predicate = program.predicates[Int(candidate.predicate)]
            var index = values.heads[Int(predicate.field)]
            while index >= 0 {
                if predicate.operation == .exists || holds(predicate, Int(index), tape) {
                    let value = values.values[Int(index)]
                    found.append(.init(name: candidate.name, kind: value.kind, source: value.source))
                    break
                }
                index = values.next(index)
            }
        }
        return found
    }
}
