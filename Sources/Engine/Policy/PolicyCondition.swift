/// One operator over one key of a statement's conditions: true or false for a request's context.
package struct PolicyCondition: Hashable, Sendable {
    package let comparison: PolicyOperator
    /// In lower case.
    package let key: String
    /// As the policy has it.
    package let keyText: String
    package let values: [Value]
    /// The same for conditions that mean the same text by text.
    let canonical: String

    /// A value with what its operator makes of it.
    package struct Value: Hashable, Sendable {
        package let text: String
        /// Of texts, likes and ARNs: wildcards as the operator has them, variables as letters.
        let pattern: WildcardPattern
        let arn: ResourcePattern?
        let number: Double?
        let time: Timestamp?
        let network: NetworkRange?

        init(_ text: String, _ comparison: PolicyOperator.Comparison, variables: Bool) {
            self.text = text
            var arn: ResourcePattern?
            switch comparison {
            case .like: pattern = WildcardPattern(text, variables: variables)
            case .arn:
                pattern = WildcardPattern(text, variables: variables)
                arn = ResourcePattern(pattern, text: text, isPadded: false)
            case .text, .textIgnoringCase:
                let read = WildcardPattern(text, variables: variables)
                // `*` and `?` are plain letters here; a variable is one all the same.
                pattern = read.withoutWildcards
            default: pattern = WildcardPattern(literal: text)
            }
            self.arn = arn
            if case .number = comparison { number = PolicyNumber.value(text) } else { number = nil }
            if case .date = comparison { time = PolicyNumber.time(text) } else { time = nil }
            network = comparison == .address ? NetworkRange(text) : nil
        }

        var hasVariable: Bool { pattern.hasVariable }

        /// Why the operator can do nothing with it.
        func complaint(_ comparison: PolicyOperator.Comparison) -> String? {
            switch comparison {
            case .number: number == nil ? "a number is needed" : nil
            case .date: time == nil ? "a time is needed: 2026-01-31T08:00:00Z, or seconds since 1970" : nil
            case .address: network == nil ? "an address or a network is needed: 203.0.113.0/24" : nil
            case .bool, .null:
                ["true", "false"].contains(text.lowercased()) || hasVariable ? nil : "true or false is needed"
            default: nil
            }
        }
    }

    init(_ comparison: PolicyOperator, key: String, values: [String], variables: Bool) {
        self.comparison = comparison
        keyText = key
        self.key = key.lowercased()
        self.values = values.map { Value($0, comparison.comparison, variables: variables) }
        canonical = "\(comparison.name) \(self.key) \(Set(values).sorted())\(variables ? "" : "!")"
    }

    var hasVariable: Bool { values.contains(where: \.hasVariable) }

    // MARK: Evaluating

    package func holds(in context: PolicyContext) -> Bool {
        let present = context.value(folded: key)
        if comparison.comparison == .null {
            return values.contains { ($0.text.lowercased() == "true") == (present == nil) }
        }
        return holds(for: present, in: context)
    }

    /// Of a key's value; `context` is asked for variables only.
    func holds(for present: PolicyContext.Value?, in context: PolicyContext) -> Bool {
        if comparison.comparison == .null {
            return values.contains { ($0.text.lowercased() == "true") == (present == nil) }
        }
        switch (present, comparison.quantifier) {
        case (nil, .one): return comparison.ifExists || comparison.isNegated
        case (nil, .any): return comparison.ifExists
        case (nil, .all): return true
        case (.single(let text), _): return accepts(text, context)
        case (.list(let texts), _) where texts.count == 1: return accepts(texts[0], context)
        case (.list, .one): return false
        case (.list(let texts), .any): return texts.contains { accepts($0, context) }
        case (.list(let texts), .all): return texts.allSatisfy { accepts($0, context) }
        }
    }

    /// Whether one value of the key satisfies the operator: any of its values, or none where it is negated.
    func accepts(_ text: String, _ context: PolicyContext) -> Bool {
        switch comparison.comparison {
        case .number where PolicyNumber.value(text) == nil: return false
        case .date where PolicyNumber.time(text) == nil: return false
        case .address where NetworkRange.Address(Array(text.utf8).span) == nil: return false
        default: break
        }
        // A variable without a value lets nothing match, not even what is negated.
        if comparison.isNegated,
            values.contains(where: { $0.hasVariable && $0.pattern.resolved(in: context) == nil })
        {
            return false
        }
        return values.contains { equals($0, text, context) } != comparison.isNegated
    }

    private func equals(_ value: Value, _ text: String, _ context: PolicyContext) -> Bool {
        switch comparison.comparison {
        case .text, .like, .textIgnoringCase:
            guard let pattern = value.pattern.resolved(in: context) else { return false }
            if comparison.comparison == .textIgnoringCase {
                return pattern.description.lowercased() == text.lowercased()
            }
            return pattern.matches(text)
        case .arn:
            guard let arn = value.arn?.resolved(in: context) else { return false }
            return arn.matchesARN(ResourceText(text))
        case .binary: return value.text == text
        case .bool: return value.text.lowercased() == text.lowercased()
        case .address:
            guard let address = NetworkRange.Address(Array(text.utf8).span) else { return false }
            return value.network?.contains(address) ?? false
        case .number(let order):
            guard let right = value.number, let left = PolicyNumber.value(text) else { return false }
            return order.holds(left, right)
        case .date(let order):
            guard let right = value.time, let left = PolicyNumber.time(text) else { return false }
            return order.holds(left, right)
        case .null: return false
        }
    }
}

extension PolicyOperator.Order {
    func holds<T: Comparable>(_ left: T, _ right: T) -> Bool {
        switch self {
        case .equal: left == right
        case .less: left < right
        case .lessOrEqual: left <= right
        case .greater: left > right
        case .greaterOrEqual: left >= right
        }
    }
}

extension WildcardPattern {
    /// The same letters, with `*` and `?` as plain ones.
    var withoutWildcards: WildcardPattern {
        WildcardPattern(
            symbols: symbols.map { symbol in
                switch symbol {
                case Self.star: Symbol(UInt8(ascii: "*"))
                case Self.one: Symbol(UInt8(ascii: "?"))
                default: symbol
                }
            })
    }
}

/// Numbers and times as conditions have them.
enum PolicyNumber {
    static func value(_ text: String) -> Double? {
        guard let number = Double(text), number.isFinite else { return nil }
        return number
    }

    /// RFC 3339, a day, or seconds since 1970.
    static func time(_ text: String) -> Timestamp? {
        if let seconds = Int64(text) { return Timestamp(seconds: seconds) }
        if let year = Int(text.prefix(4)), year > 2_200, text.utf8.count >= 10 { return .distantFuture }
        if text.utf8.count == 10 { return Timestamp(iso8601: text + "T00:00:00Z") }
        return Timestamp(iso8601: text)
    }
}
