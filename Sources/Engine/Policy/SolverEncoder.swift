/// Writes statements as formulas over a request's action, resource, principal and keys.
struct SolverEncoder {
    private let reading: ResourceReading
    private let principals: [RequestPrincipal]
    private(set) var keys: [SolverKey] = []
    /// How each key was written first.
    private(set) var keyTexts: [String: String] = [:]
    private var byName: [String: Int] = [:]

    /// Values that a key may have to hold at once, at most.
    private static let slotsMax = 12

    init?(_ statements: [PolicyStatement], _ principals: [RequestPrincipal], _ reading: ResourceReading) {
        self.reading = reading
        self.principals = principals
        var kinds: [String: SolverKey.Kind] = [:]
        var sets: [String: Set<PolicyCondition>] = [:]
        var names = Set<String>()
        func note(_ key: String, _ kind: SolverKey.Kind) -> Bool {
            names.insert(key)
            return kinds.updateValue(kind, forKey: key).map { $0 == kind } ?? true
        }
        for statement in statements {
            for condition in statement.conditions {
                keyTexts[condition.key] = keyTexts[condition.key] ?? condition.keyText
                if condition.comparison.quantifier != .one {
                    sets[condition.key, default: []].insert(condition)
                }
                names.insert(condition.key)
                guard condition.comparison.comparison != .null else { continue }
                guard note(condition.key, Self.kind(of: condition.comparison.comparison)) else { return nil }
                for value in condition.values {
                    for variable in value.pattern.variables {
                        guard note(variable.key, .text) else { return nil }
                    }
                }
            }
            for variable in statement.resources.elements.flatMap(\.whole.variables) {
                guard note(variable.key, .text) else { return nil }
            }
        }
        for (number, name) in names.sorted().enumerated() {
            let slots = sets[name].map { max(2, $0.count) } ?? 1
            guard slots <= Self.slotsMax else { return nil }
            byName[name] = keys.count
            keys.append(SolverKey(name, kinds[name] ?? .text, slots: slots, number: number))
        }
    }

    private static func kind(of comparison: PolicyOperator.Comparison) -> SolverKey.Kind {
        switch comparison {
        case .number: .number
        case .date: .time
        case .address: .address
        case .text, .textIgnoringCase, .like, .binary, .bool, .arn, .null: .text
        }
    }

    var declarations: [String] {
        var lines = ["(declare-const action String)", "(declare-const special Bool)"]
        // An action has a service before its colon, and no case.
        lines.append(
            "(assert \(SolverText.inside("action", "(re.++ (re.+ \(SolverText.foldedInSegment)) (str.to_re \":\") (re.+ \(SolverText.folded)))")))"
        )
        for number in 0..<6 {
            lines.append("(declare-const r\(number) String)")
            if number < 5 {
                lines.append(
                    "(assert \(SolverText.inside("r\(number)", "(re.* \(SolverText.foldedInSegment))")))")
            }
        }
        if principals.count > 1 {
            lines.append("(declare-const principal Int)")
            lines.append("(assert (and (<= 0 principal) (< principal \(principals.count))))")
        }
        return lines + keys.flatMap(\.declarations)
    }

    var unknowns: [String] {
        ["action", "special"] + (0..<6).map { "r\($0)" } + (principals.count > 1 ? ["principal"] : [])
            + keys.flatMap(\.unknowns)
    }

    // MARK: Statements

    /// Whether one of the statements is about the request; `nil` where one has no encoding.
    mutating func any(_ statements: [PolicyStatement]) -> String? {
        var parts: [String] = []
        for statement in statements {
            guard let formula = formula(statement) else { return nil }
            parts.append(formula)
        }
        return SolverText.or(parts)
    }

    private func formula(_ statement: PolicyStatement) -> String? {
        var parts = [actions(statement.actions.elements, isComplement: statement.actions.isComplement)]
        if !statement.exceptActions.isEmpty {
            parts.append(actions(statement.exceptActions, isComplement: true))
        }
        guard let resources = resources(statement.resources) else { return nil }
        parts.append(resources)
        if principals.count > 1 {
            let concerned = principals.indices.filter { statement.concerns(principal: principals[$0]) }
            if concerned.count < principals.count {
                parts.append(SolverText.or(concerned.map { "(= principal \($0))" }))
            }
        } else if let only = principals.first, !statement.concerns(principal: only) {
            return "false"
        }
        for condition in statement.conditions {
            guard let formula = self.formula(condition) else { return nil }
            parts.append(formula)
        }
        return SolverText.and(parts.filter { $0 != "true" })
    }

    private func actions(_ patterns: [ActionPattern], isComplement: Bool) -> String {
        // A question for each pattern: what both policies have is then the same question, and no text has to be found.
        let hits = patterns.map { pattern in
            pattern.folded == "*"
                ? "true"
                : pattern.isLiteral
                    ? "(= action \(SolverText.literal(pattern.pattern.symbols)))"
                    : SolverText.inside("action", SolverText.expression(pattern.pattern))
        }
        let hit = hits.contains("true") ? "true" : SolverText.or(hits)
        return isComplement ? SolverText.not(hit) : hit
    }

    private func resources(_ choice: PolicyStatement.Choice<ResourcePattern>) -> String? {
        var hits: [String] = []
        var resolved: [String] = []
        for pattern in choice.elements {
            guard let hit = takes(pattern) else { return nil }
            let known = SolverText.and(
                pattern.whole.variables.filter { $0.fallback == nil }.map { has($0.key) })
            hits.append(SolverText.and([known, hit].filter { $0 != "true" }))
            resolved.append(known)
        }
        guard choice.isComplement else { return SolverText.or(hits) }
        // A variable without a value: the statement is not about this request, complement or not.
        return SolverText.and((resolved + hits.map(SolverText.not)).filter { $0 != "true" })
    }

    private func takes(_ pattern: ResourcePattern) -> String? {
        if pattern.isAny { return "true" }
        // What is no ARN meets no resource that has six segments, unless a `*` takes them.
        guard pattern.segments.count == 6 else { return nil }
        let segments = (0..<6).map { "r\($0)" }
        let match: String?
        if reading == .segment {
            var parts: [String] = []
            for (number, segment) in pattern.segments.enumerated() where !segment.isAny {
                guard let part = matches(segments[number], segment) else { return nil }
                parts.append(part)
            }
            match = SolverText.and(parts)
        } else {
            let whole = SolverText.concatenation(
                Array(segments.map { [$0] }.joined(separator: ["\":\""])))
            match = matches(whole, pattern.whole)
        }
        return match.map { SolverText.and([SolverText.not("special"), $0].filter { $0 != "true" }) }
    }

    // MARK: Texts

    /// Whether a text matches a pattern; one with variables needs its wildcards at the ends.
    func matches(_ text: String, _ pattern: WildcardPattern) -> String? {
        guard pattern.hasVariable else {
            return pattern.isLiteral
                ? "(= \(text) \(SolverText.literal(pattern.symbols)))"
                : SolverText.inside(text, SolverText.expression(pattern))
        }
        var symbols = pattern.symbols[...]
        let startsOpen = symbols.first == WildcardPattern.star
        if startsOpen { symbols.removeFirst() }
        let endsOpen = symbols.last == WildcardPattern.star
        if endsOpen { symbols.removeLast() }
        guard !symbols.contains(WildcardPattern.star), !symbols.contains(WildcardPattern.one),
            let middle = concatenation(symbols)
        else { return nil }
        switch (startsOpen, endsOpen) {
        case (false, false): return "(= \(text) \(middle))"
        case (false, true): return "(str.prefixof \(middle) \(text))"
        case (true, false): return "(str.suffixof \(middle) \(text))"
        case (true, true): return "(str.contains \(text) \(middle))"
        }
    }

    /// Letters and variables as one text.
    private func concatenation(_ symbols: ArraySlice<WildcardPattern.Symbol>) -> String? {
        var parts: [String] = []
        var rest = symbols
        while let first = rest.first {
            if first < WildcardPattern.variableBase {
                let plain = rest.prefix { $0 < WildcardPattern.variableBase }
                parts.append(SolverText.literal(plain))
                rest = rest.dropFirst(plain.count)
                continue
            }
            guard let end = rest.firstIndex(of: WildcardPattern.variableEnd),
                let variable = WildcardPattern(symbols: Array(rest[...end])).variables.first,
                let key = key(variable.key)
            else { return nil }
            let value = key.value(0)
            parts.append(
                variable.fallback.map { "(ite \(key.present) \(value) \(SolverText.literal($0)))" } ?? value)
            rest = rest[(end + 1)...]
        }
        return SolverText.concatenation(parts)
    }

    func key(_ name: String) -> SolverKey? { byName[name].map { keys[$0] } }

    /// Whether a variable has a value: the key is there, with one value.
    func has(_ name: String) -> String {
        key(name).map { SolverText.and([$0.present, $0.isSingle].filter { $0 != "true" }) } ?? "false"
    }
}
