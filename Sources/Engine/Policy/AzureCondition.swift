/// A condition of an Azure role assignment: attributes compared with values, joined by AND, OR and NOT.
///
/// What is compared with something that the context does not hold is unknown, and so is what depends on it: an unknown
/// condition grants nothing. Source: Azure's “Azure role assignment condition format and syntax”.
package indirect enum AzureCondition: Hashable, Sendable {
    case and([AzureCondition])
    case or([AzureCondition])
    case not(AzureCondition)
    /// The action asked is one of these patterns.
    case action([String])
    /// The part of an action asked is one of these: `Blob.List`.
    case subOperation([String])
    case exists(String)
    case comparison(Comparison)

    package struct Comparison: Hashable, Sendable {
        package enum Quantity: Hashable, Sendable {
            case single, anyOfAny, allOfAny, anyOfAll, allOfAll
        }

        /// As it is written: `@Resource[Microsoft.Storage/…/containers:name]`.
        package var attribute: String
        package var quantity: Quantity
        /// `StringEquals`, without its negation.
        package var operation: String
        package var isNegated: Bool
        package var operand: Operand
    }

    package enum Operand: Hashable, Sendable {
        case values([String])
        case attribute(String)
    }

    /// What a condition is asked about.
    struct Question {
        var action: String
        var context: PolicyContext
        var time: Timestamp?
    }

    /// Longer texts are no condition: characters; Azure's own limit is 8 KB.
    static let lengthMax = 32_768

    /// `nil` where it is not understood.
    package init?(_ text: String) {
        guard text.utf8.count <= Self.lengthMax, let tokens = AzureConditionTokens.read(text) else {
            return nil
        }
        var parser = AzureConditionParser(tokens)
        guard let condition = parser.whole() else { return nil }
        self = condition
    }

    // MARK: Evaluating

    /// `nil` where it cannot be told; then `lacking` has the attributes that are not known.
    func holds(_ question: Question, lacking: inout [String]) -> Bool? {
        switch self {
        case .not(let inner): return inner.holds(question, lacking: &lacking).map { !$0 }
        case .and(let list), .or(let list):
            let isAnd = if case .and = self { true } else { false }
            var answer: Bool? = isAnd
            for item in list {
                let one = item.holds(question, lacking: &lacking)
                if one == !isAnd { return !isAnd }
                if one == nil { answer = nil }
            }
            return answer
        case .action(let patterns):
            return patterns.contains { Self.matches($0.lowercased(), question.action.lowercased()) }
        case .subOperation(let names):
            // An action without a part of it named is the action as a whole.
            guard case .single(let asked)? = question.context["suboperation"] else { return false }
            return names.contains { $0.lowercased() == asked.lowercased() }
        case .exists(let attribute): return Self.values(attribute, question) != nil
        case .comparison(let comparison): return comparison.holds(question, lacking: &lacking)
        }
    }

    static func matches(_ pattern: String, _ text: String) -> Bool { WildcardPattern(pattern).matches(text) }

    /// What the context holds for an attribute.
    static func values(_ attribute: String, _ question: Question) -> [String]? {
        switch question.context[attribute] {
        case .single(let text)?: return [text]
        case .list(let texts)?: return texts
        case nil:
            guard attribute.lowercased() == "@environment[utcnow]", let time = question.time else {
                return nil
            }
            return [time.iso8601]
        }
    }
}

extension AzureCondition.Comparison {
    func holds(_ question: AzureCondition.Question, lacking: inout [String]) -> Bool? {
        guard let left = AzureCondition.values(attribute, question) else {
            lacking.append(attribute)
            return nil
        }
        let right: [String]
        switch operand {
        case .values(let values): right = values
        case .attribute(let other):
            guard let values = AzureCondition.values(other, question) else {
                lacking.append(other)
                return nil
            }
            right = values
        }
        var isUnknown = false
        func one(_ left: String, _ right: String) -> Bool {
            guard let holds = meets(left, right) else {
                isUnknown = true
                return false
            }
            return holds != isNegated
        }
        let holds =
            switch quantity {
            case .single: left.count == 1 && right.count == 1 && one(left[0], right[0])
            case .anyOfAny: left.contains { a in right.contains { one(a, $0) } }
            case .allOfAny: left.allSatisfy { a in right.contains { one(a, $0) } }
            case .anyOfAll: left.contains { a in right.allSatisfy { one(a, $0) } }
            case .allOfAll: left.allSatisfy { a in right.allSatisfy { one(a, $0) } }
            }
        return isUnknown ? nil : holds
    }

    /// `nil` where the values are not of the operation's kind.
    private func meets(_ left: String, _ right: String) -> Bool? {
        let folds = operation.hasSuffix("IgnoreCase")
        let (a, b) = folds ? (left.lowercased(), right.lowercased()) : (left, right)
        switch folds ? String(operation.dropLast("IgnoreCase".count)) : operation {
        case "StringEquals": return a == b
        case "StringLike": return AzureCondition.matches(b, a)
        case "StringStartsWith": return a.hasPrefix(b)
        case "StringEndsWith": return a.hasSuffix(b)
        case "GuidEquals", "BoolEquals": return left.lowercased() == right.lowercased()
        case let name where name.hasPrefix("Numeric"):
            guard let a = PolicyNumber.value(left), let b = PolicyNumber.value(right) else { return nil }
            return Self.compare(a, b, String(name.dropFirst("Numeric".count)))
        case let name where name.hasPrefix("DateTime"):
            guard let a = PolicyNumber.time(left), let b = PolicyNumber.time(right) else { return nil }
            return Self.compare(a, b, String(name.dropFirst("DateTime".count)))
        default: return nil
        }
    }

    private static func compare<Value: Comparable>(_ a: Value, _ b: Value, _ word: String) -> Bool? {
        switch word {
        case "Equals": a == b
        case "LessThan": a < b
        case "LessThanEquals": a <= b
        case "GreaterThan": a > b
        case "GreaterThanEquals": a >= b
        default: nil
        }
    }

    /// Takes an operator's name apart; `nil` where there is none of that name.
    init?(_ attribute: String, _ name: String, _ operand: AzureCondition.Operand) {
        var word = name
        quantity = .single
        for (prefix, quantity) in [
            ("foranyofanyvalues:", Quantity.anyOfAny), ("forallofanyvalues:", .allOfAny),
            ("foranyofallvalues:", .anyOfAll), ("forallofallvalues:", .allOfAll),
        ] where word.lowercased().hasPrefix(prefix) {
            word = String(word.dropFirst(prefix.count))
            self.quantity = quantity
        }
        let positive = word.replacing("Not", with: "")
        guard let known = Self.operations.first(where: { $0.lowercased() == positive.lowercased() }) else {
            return nil
        }
        self.attribute = attribute
        operation = known
        isNegated = positive != word
        self.operand = operand
    }

    private static let operations: [String] = {
        let texts = ["StringEquals", "StringLike", "StringStartsWith", "StringEndsWith"]
        let comparisons = ["Equals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals"]
        return texts + texts.map { $0 + "IgnoreCase" } + ["GuidEquals", "BoolEquals"]
            + ["Numeric", "DateTime"].flatMap { kind in comparisons.map { kind + $0 } }
    }()
}
