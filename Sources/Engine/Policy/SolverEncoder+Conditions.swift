/// Conditions as formulas over a key's values.
extension SolverEncoder {
    func formula(_ condition: PolicyCondition) -> String? {
        guard let key = key(condition.key) else { return nil }
        let comparison = condition.comparison
        let absent = SolverText.not(key.present)
        if comparison.comparison == .null {
            return SolverText.or(
                condition.values.map { $0.text.lowercased() == "true" ? absent : key.present })
        }
        var accepted: [String] = []
        for slot in 0..<(comparison.quantifier == .one ? 1 : key.slots) {
            guard let formula = accepts(condition, key, slot) else { return nil }
            accepted.append(formula)
        }
        switch comparison.quantifier {
        case .one:
            let holds = SolverText.and([key.isSingle, accepted[0]].filter { $0 != "true" })
            return comparison.ifExists || comparison.isNegated
                ? SolverText.or([absent, holds]) : SolverText.and([key.present, holds])
        case .any:
            let holds = SolverText.or(
                accepted.enumerated().map { SolverText.and([key.isUsed($0.offset), $0.element]) })
            return comparison.ifExists
                ? SolverText.or([absent, holds]) : SolverText.and([key.present, holds])
        case .all:
            let holds = SolverText.and(
                accepted.enumerated().map { SolverText.implies(key.isUsed($0.offset), $0.element) })
            return SolverText.or([absent, holds])
        }
    }

    /// Whether one value of the key satisfies the operator.
    private func accepts(_ condition: PolicyCondition, _ key: SolverKey, _ slot: Int) -> String? {
        var hits: [String] = []
        var needed = [key.isValid(slot)]
        for value in condition.values {
            guard var hit = equals(value, condition.comparison.comparison, key, slot) else { return nil }
            let variables = value.pattern.variables.filter { $0.fallback == nil }.map { has($0.key) }
            if !variables.isEmpty {
                hit = SolverText.and(variables + [hit])
                // A variable without a value lets nothing match, not even what is negated.
                if condition.comparison.isNegated { needed += variables }
            }
            hits.append(hit)
        }
        let any = SolverText.or(hits)
        needed.append(condition.comparison.isNegated ? SolverText.not(any) : any)
        return SolverText.and(needed.filter { $0 != "true" })
    }

    private func equals(
        _ value: PolicyCondition.Value, _ comparison: PolicyOperator.Comparison, _ key: SolverKey, _ slot: Int
    ) -> String? {
        let unknown = key.value(slot)
        switch comparison {
        case .text, .like: return matches(unknown, value.pattern)
        case .binary: return "(= \(unknown) \(SolverText.literal(value.text)))"
        case .textIgnoringCase, .bool:
            guard !value.hasVariable, value.text.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
            let pattern = WildcardPattern(literal: value.text)
            return SolverText.inside(unknown, SolverText.expression(pattern, ignoringCase: true))
        case .arn:
            guard let arn = value.arn, !arn.hasVariable else { return nil }
            if arn.isAny { return "true" }
            guard arn.segments.count == 6 else { return "false" }
            let parts = arn.segments.enumerated().map { number, segment in
                number == 5
                    ? SolverText.expression(segment)
                    : SolverText.expression(segment, letter: SolverText.inSegment, ignoringCase: true)
            }
            return SolverText.inside(
                unknown, SolverText.row(Array(parts.map { [$0] }.joined(separator: ["(str.to_re \":\")"]))))
        case .number(let order):
            guard value.number != nil, let number = Self.decimal(value.text) else { return nil }
            return Self.compared(order, unknown, number)
        case .date(let order):
            guard let time = value.time, time.nanoseconds % 1_000_000 == 0 else { return nil }
            let milliseconds = time.milliseconds
            return Self.compared(
                order, unknown, milliseconds < 0 ? "(- \(-milliseconds))" : "\(milliseconds)")
        case .address: return value.network.map { Self.inside($0, key, slot) }
        case .null: return nil
        }
    }

    private static func compared(_ order: PolicyOperator.Order, _ left: String, _ right: String) -> String {
        switch order {
        case .equal: "(= \(left) \(right))"
        case .less: "(< \(left) \(right))"
        case .lessOrEqual: "(<= \(left) \(right))"
        case .greater: "(> \(left) \(right))"
        case .greaterOrEqual: "(>= \(left) \(right))"
        }
    }

    /// A number as SMT-LIB writes it; `nil` for exponents and the like.
    private static func decimal(_ text: String) -> String? {
        let isNegative = text.hasPrefix("-")
        let digits = text.utf8.drop { $0 == 0x2D || $0 == 0x2B }
        let parts = digits.split(separator: 0x2E, omittingEmptySubsequences: false)
        guard digits.count + 1 >= text.utf8.count, parts.count <= 2,
            parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } })
        else { return nil }
        let number = String(Substring(digits)) + (parts.count == 1 ? ".0" : "")
        return isNegative ? "(- \(number))" : number
    }

    private static func inside(_ network: NetworkRange, _ key: SolverKey, _ slot: Int) -> String {
        func hex(_ number: UInt64, _ digits: Int) -> String {
            let text = String(number, radix: 16)
            return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
        }
        let width = network.isV6 ? 128 : 32
        let kind = network.isV6 ? key.isWide(slot) : SolverText.not(key.isWide(slot))
        guard network.prefix > 0 else { return kind }
        let unknown = network.isV6 ? key.wide(slot) : key.value(slot)
        let bits = network.isV6 ? hex(network.high, 16) + hex(network.low, 16) : hex(network.low, 8)
        let part = { (text: String) in "((_ extract \(width - 1) \(width - network.prefix)) \(text))" }
        return SolverText.and([kind, "(= \(part(unknown)) \(part("#x" + bits)))"])
    }
}
