/// Turns the rules that apply to a feed into a program.
struct RuleCompiler {
    var program: RuleProgram
    private var fields: [[FieldPath]: Int32] = [:]
    private(set) var paths: [(field: Int32, path: FieldPath)] = []
    private var known: [PredicateKey: Int32] = [:]
    private(set) var required: [(first: [Int32: Set<[UInt8]>], rule: Int32)] = []

    private struct PredicateKey: Hashable {
        var field: Int32
        var check: RuleCheck
    }

    /// Branch codes of one rule; past it the rule is refused when it is loaded.
    static let branchesMax = 100_000
    /// Fields by which rules are distributed, best first; rules that require none of them are tried on every
    /// record.
    static let dispatchesMax = 4

    /// What a program's rules are asked about.
    enum Subject: Sendable { case record, event }

    /// - Parameter plan: of the same rules; without it they all stand by themselves.
    static func compile(
        _ rules: [SigmaRule], _ plan: CorrelationPlan? = nil, feed: String, of subject: Subject = .record
    ) -> RuleProgram {
        var compiler = RuleCompiler(feed: feed)
        for (index, rule) in rules.enumerated()
        where rule.logsource.isOCSF == (subject == .event) && rule.logsource.applies(to: feed) {
            compiler.add(rule, plan?.ofRules[index] ?? [], isLoud: !(plan?.silentRules[index] ?? false))
        }
        return compiler.finish()
    }

    private init(feed: String) { program = RuleProgram(feed: feed) }

    private mutating func add(_ rule: SigmaRule, _ taps: [CorrelationPlan.Tap], isLoud: Bool) {
        let expression = rule.expressionOfClass.simplified()
        let index = Int32(program.rules.count)
        var evidence: [RuleProgram.Evidence] = []
        let entry = emit(
            expression, RuleProgram.Branch.match, RuleProgram.Branch.miss, rule.logsource, &evidence, true)
        if entry == RuleProgram.Branch.miss { return }
        let compiled = taps.map { tap in
            RuleProgram.Tap(
                correlation: tap.correlation, member: tap.member,
                group: tap.group.map { fieldNumber($0, rule.logsource) },
                values: tap.values.map { fieldNumber($0, rule.logsource) })
        }
        program.rules.append(
            .init(
                index: program.sources.count, entry: entry, evidence: evidence.reversed(), isLoud: isLoud,
                taps: compiled))
        program.sources.append(rule)
        if let uid = rule.logsource.classUID {
            program.classes.insert(uid)
        } else {
            program.asksEveryClass = true
        }
        required.append((requirements(expression, rule.logsource), index))
    }

    // MARK: Branch code

    /// Emits the code of an expression, the last part first, and returns where it begins.
    private mutating func emit(
        _ expression: RuleExpression, _ ifTrue: Int32, _ ifFalse: Int32, _ logsource: Logsource,
        _ evidence: inout [RuleProgram.Evidence], _ isPositive: Bool
    ) -> Int32 {
        switch expression {
        case .constant(let value): return value ? ifTrue : ifFalse
        case .not(let inner): return emit(inner, ifFalse, ifTrue, logsource, &evidence, !isPositive)
        case .all(let terms):
            var entry = ifTrue
            for term in ordered(terms).reversed() {
                entry = emit(term, entry, ifFalse, logsource, &evidence, isPositive)
            }
            return entry
        case .any(let terms):
            var entry = ifFalse
            for term in ordered(terms).reversed() {
                entry = emit(term, ifTrue, entry, logsource, &evidence, isPositive)
            }
            return entry
        case .test(let test):
            guard let field = test.field else {
                let decoded = question(FieldValues.decodedRecord, test.check, logsource)
                let asWritten = question(FieldValues.record, test.check.escapedForJSON, logsource)
                if isPositive {
                    evidence += [.init(predicate: asWritten, name: ""), .init(predicate: decoded, name: "")]
                }
                let second = branch(decoded, ifTrue, ifFalse)
                return branch(asWritten, ifTrue, second)
            }
            let predicate = question(fieldNumber(field, logsource), test.check, logsource)
            if isPositive, test.check != .null { evidence.append(.init(predicate: predicate, name: field)) }
            return branch(predicate, ifTrue, ifFalse)
        }
    }

    private mutating func branch(_ predicate: Int32, _ ifTrue: Int32, _ ifFalse: Int32) -> Int32 {
        program.branches.append(.init(predicate: predicate, ifTrue: ifTrue, ifFalse: ifFalse))
        return Int32(program.branches.count - 1)
    }

    /// Cheap questions first; the order does not change the answer.
    private func ordered(_ terms: [RuleExpression]) -> [RuleExpression] {
        let keyed = terms.enumerated().map { (cost: $0.element.cost, place: $0.offset, term: $0.element) }
        return keyed.sorted { ($0.cost, $0.place) < ($1.cost, $1.place) }.map(\.term)
    }

    // MARK: Questions

    mutating func fieldNumber(_ name: String, _ logsource: Logsource) -> Int32 {
        let candidates = logsource.paths(of: name)
        if let number = fields[candidates] { return number }
        let number = Int32(program.fieldCount)
        program.fieldCount += 1
        fields[candidates] = number
        for path in candidates { paths.append((number, path)) }
        return number
    }

    private mutating func question(_ field: Int32, _ check: RuleCheck, _ logsource: Logsource) -> Int32 {
        let key = PredicateKey(field: field, check: check)
        if let number = known[key] { return number }
        let predicate = predicate(field, check, logsource)
        let number = Int32(program.predicates.count)
        program.predicates.append(predicate)
        known[key] = number
        return number
    }

    private mutating func predicate(_ field: Int32, _ check: RuleCheck, _ logsource: Logsource)
        -> RuleProgram.Predicate
    {
        switch check {
        case .exists: return .init(field: field, operation: .exists)
        case .null: return .init(field: field, operation: .null)
        case .text(let shape, let texts, let isCased):
            let operation: RuleProgram.Operation =
                switch shape {
                case .equals: .equals
                case .startsWith: .startsWith
                case .endsWith: .endsWith
                case .contains: .contains
                }
            let first = Int32(program.literals.count)
            var added = texts.map { literal($0, isCased: isCased) }
            if shape == .equals { added.sort { $0.hash < $1.hash } }
            program.literals += added
            var predicate = RuleProgram.Predicate(
                field: field, operation: operation, isCased: isCased, first: first, count: Int32(added.count))
            if shape == .contains, let needles = Needles(added.map(\.bytes), in: program.texts) {
                predicate.needles = Int32(program.needles.count)
                program.needles.append(needles)
            }
            return predicate
        case .glob(let text, let isCased):
            program.globs.append(Glob(text, folding: !isCased))
            return .init(
                field: field, operation: .glob, isCased: isCased, first: Int32(program.globs.count - 1),
                count: 1)
        case .pattern(let pattern, let flags):
            // It compiled when the rule was loaded.
            guard let search = try? SearchPattern(pattern, flags) else {
                return .init(field: field, operation: .equals)
            }
            var needed = Extent.none
            if !flags.contains(.ignoreCase), let text = PatternShape.requiredLiteral(pattern, flags) {
                needed = add(Array(text.utf8))
            }
            program.patterns.append(.init(search: search, required: needed))
            return .init(
                field: field, operation: .pattern, isCased: true, first: Int32(program.patterns.count - 1),
                count: 1)
        case .network(let network):
            program.networks.append(network)
            return .init(
                field: field, operation: .network, isCased: true, first: Int32(program.networks.count - 1),
                count: 1)
        case .number(let comparison, let operand):
            return .init(
                field: field, operation: .number, isCased: true, comparison: comparison, operand: operand)
        case .datePart(let part, let comparison, let operand):
            return .init(
                field: field, operation: .datePart, isCased: true, comparison: comparison, datePart: part,
                operand: operand)
        case .field(let name, let shape, let isCased):
            return .init(
                field: field, operation: .field, isCased: isCased, first: fieldNumber(name, logsource),
                shape: shape)
        }
    }

    private mutating func literal(_ text: String, isCased: Bool) -> RuleProgram.Literal {
        let bytes = isCased ? Array(text.utf8) : CaseFolding.folded(text)
        return .init(bytes: add(bytes), hash: Bytes.hash(bytes.span))
    }

    mutating func add(_ bytes: [UInt8]) -> Extent {
        let extent = Extent(start: program.texts.count, count: bytes.count)
        program.texts += bytes
        return extent
    }
}

extension RuleCheck {
    /// A keyword as it stands inside a record's JSON text.
    var escapedForJSON: RuleCheck {
        guard case .text(let shape, let texts, let isCased) = self else { return self }
        return .text(shape, texts.map(Self.escaped), isCased: isCased)
    }

    private static func escaped(_ text: String) -> String {
        var escaped = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\":
                escaped.append("\\")
                escaped.append(scalar)
            case "\n": escaped.append(contentsOf: "\\n".unicodeScalars)
            case "\r": escaped.append(contentsOf: "\\r".unicodeScalars)
            case "\t": escaped.append(contentsOf: "\\t".unicodeScalars)
            default: escaped.append(scalar)
            }
        }
        return String(escaped)
    }
}
