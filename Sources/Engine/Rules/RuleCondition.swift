/// A rule's condition as written, before its identifiers are looked up.
///
/// Precedence from loosest to tightest: `or`, `and`, `not`, `1 of`/`any of`/`all of`, parentheses.
indirect enum RuleCondition: Hashable, Sendable {
    case name(String, column: Int)
    /// `1 of pattern` (any) or `all of pattern`; `them` is every name that does not begin with `_`.
    case quantified(pattern: String, isAll: Bool, column: Int)
    case not(RuleCondition)
    case all([RuleCondition])
    case any([RuleCondition])

    struct Invalid: Error {
        var message: String
        var hint = ""
        /// From 0, in the condition's text.
        var column: Int
    }

    /// Parentheses and `not` may nest this deep; deeper is refused rather than risking the stack.
    static let depthMax = 64
    /// Words in a condition.
    static let tokensMax = 4_096

    init(parsing text: String) throws(Invalid) {
        var parser = try ConditionParser(text)
        self = try parser.whole()
    }
}

private struct ConditionToken {
    enum Kind: Equatable { case word, open, close, end }
    var kind: Kind
    var text: String
    var column: Int
}

/// Recursive descent over the condition's words.
private struct ConditionParser {
    private let tokens: [ConditionToken]
    private var index = 0
    private var depth = 0

    init(_ text: String) throws(RuleCondition.Invalid) {
        var tokens: [ConditionToken] = []
        let scalars = Array(text.unicodeScalars)
        var i = 0
        while i < scalars.count {
            let scalar = scalars[i]
            if scalar.properties.isWhitespace {
                i += 1
            } else if scalar == "(" || scalar == ")" {
                tokens.append(.init(kind: scalar == "(" ? .open : .close, text: String(scalar), column: i))
                i += 1
            } else if Self.isWordScalar(scalar) {
                let start = i
                while i < scalars.count, Self.isWordScalar(scalars[i]) { i += 1 }
                var word = String.UnicodeScalarView()
                word.append(contentsOf: scalars[start..<i])
                tokens.append(.init(kind: .word, text: String(word), column: start))
            } else if scalar == "|" {
                throw .init(
                    message: "the aggregation after '|' is an obsolete form that Sigma 2 removed",
                    hint: "write a correlation document for it", column: i)
            } else {
                throw .init(message: "unexpected character '\(scalar)' in the condition", column: i)
            }
            guard tokens.count <= RuleCondition.tokensMax else {
                throw .init(
                    message: "the condition has more than \(RuleCondition.tokensMax) words", column: i)
            }
        }
        tokens.append(.init(kind: .end, text: "", column: scalars.count))
        self.tokens = tokens
    }

    private static func isWordScalar(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_", "-", "*", "?", ".": true
        default: false
        }
    }

    private var token: ConditionToken { tokens[min(index, tokens.count - 1)] }

    /// Whether the next token is this operator, in lower or upper case; taken if so.
    private mutating func take(_ keyword: String) -> Bool {
        guard token.kind == .word, token.text == keyword || token.text == keyword.uppercased() else {
            return false
        }
        index += 1
        return true
    }

    mutating func whole() throws(RuleCondition.Invalid) -> RuleCondition {
        guard token.kind != .end else { throw .init(message: "the condition is empty", column: 0) }
        let condition = try disjunction()
        switch token.kind {
        case .end: return condition
        case .close: throw .init(message: "')' without a '('", column: token.column)
        case .open, .word:
            let near = nearestName(to: token.text, among: ["and", "or", "not"])
            throw .init(
                message: "expected 'and', 'or' or the end of the condition before '\(token.text)'",
                hint: near.map { "did you mean '\($0)'?" } ?? "", column: token.column)
        }
    }

    private mutating func disjunction() throws(RuleCondition.Invalid) -> RuleCondition {
        var terms = [try conjunction()]
        while take("or") { terms.append(try conjunction()) }
        return terms.count == 1 ? terms[0] : .any(terms)
    }

    private mutating func conjunction() throws(RuleCondition.Invalid) -> RuleCondition {
        var terms = [try negation()]
        while take("and") { terms.append(try negation()) }
        return terms.count == 1 ? terms[0] : .all(terms)
    }

    private mutating func negation() throws(RuleCondition.Invalid) -> RuleCondition {
        let column = token.column
        guard depth < RuleCondition.depthMax else {
            throw .init(message: "the condition nests deeper than \(RuleCondition.depthMax)", column: column)
        }
        depth += 1
        defer { depth -= 1 }
        return take("not") ? .not(try negation()) : try atom()
    }

    private mutating func atom() throws(RuleCondition.Invalid) -> RuleCondition {
        let start = token
        index += 1
        switch start.kind {
        case .open:
            let inner = try disjunction()
            guard token.kind == .close else {
                throw .init(message: "'(' is not closed", column: start.column)
            }
            index += 1
            return inner
        case .close: throw .init(message: "expected a name or '(' before ')'", column: start.column)
        case .end: throw .init(message: "the condition ends where a name is expected", column: start.column)
        case .word: return try named(start)
        }
    }

    private mutating func named(_ start: ConditionToken) throws(RuleCondition.Invalid) -> RuleCondition {
        guard token.kind == .word, token.text == "of" || token.text == "OF" else {
            if ["and", "or", "not", "of"].contains(start.text.lowercased()) {
                throw .init(message: "expected a name before '\(start.text)'", column: start.column)
            }
            if start.text.contains("*") || start.text.contains("?") {
                throw .init(
                    message: "'\(start.text)' names several detections",
                    hint: "write '1 of \(start.text)' or 'all of \(start.text)'", column: start.column)
            }
            return .name(start.text, column: start.column)
        }
        let isAll = start.text.lowercased() == "all"
        guard isAll || start.text == "1" || start.text.lowercased() == "any" else {
            throw .init(
                message: "expected '1 of', 'any of' or 'all of', found '\(start.text) of'",
                column: start.column)
        }
        index += 1
        guard token.kind == .word else {
            throw .init(message: "expected 'them' or a name pattern after 'of'", column: token.column)
        }
        let pattern = token
        index += 1
        return .quantified(pattern: pattern.text, isAll: isAll, column: pattern.column)
    }
}
