/// A condition of Google's IAM: the part of CEL that policies use, with all else as terms that only equal themselves.
package indirect enum GoogleCondition: Hashable, Sendable {
    case and([GoogleCondition])
    case or([GoogleCondition])
    case not(GoogleCondition)
    case constant(Bool)
    /// A comparison of one attribute with a value: `resource.name.startsWith("…")`.
    case term(Term)
    /// Anything else, as it is written.
    case opaque(String)

    package struct Term: Hashable, Sendable {
        package enum Kind: Hashable, Sendable {
            case equals, startsWith, endsWith, before, beforeOrAt, after, afterOrAt
        }

        package var attribute: String
        package var kind: Kind
        package var value: String
    }

    /// Never fails: what is not understood is opaque.
    package init(_ text: String) {
        var parser = GoogleConditionParser(text)
        self =
            parser.whole()
            ?? .opaque(text.split { $0 == " " || $0 == "\n" || $0 == "\t" }.joined(separator: " "))
    }

    // MARK: Evaluating

    /// `nil` where an attribute is not known, or the condition is not understood.
    package func holds(in context: PolicyContext) -> Bool? {
        switch self {
        case .constant(let value): return value
        case .not(let inner): return inner.holds(in: context).map { !$0 }
        case .and(let list):
            let answers = list.map { $0.holds(in: context) }
            return answers.contains(false) ? false : answers.contains(nil) ? nil : true
        case .or(let list):
            let answers = list.map { $0.holds(in: context) }
            return answers.contains(true) ? true : answers.contains(nil) ? nil : false
        case .opaque: return nil
        case .term(let term):
            guard case .single(let text)? = context[term.attribute] else { return nil }
            switch term.kind {
            case .equals: return text == term.value
            case .startsWith: return text.hasPrefix(term.value)
            case .endsWith: return text.hasSuffix(term.value)
            default:
                guard let time = PolicyNumber.time(text), let bound = PolicyNumber.time(term.value) else {
                    return nil
                }
                return switch term.kind {
                case .before: time < bound
                case .beforeOrAt: time <= bound
                case .after: time > bound
                default: time >= bound
                }
            }
        }
    }

    // MARK: Comparing

    /// As alternatives of conditions that must all hold; `nil` where there are too many.
    var alternatives: [[PolicyCondition]]? { Self.alternatives(self, isNegated: false) }

    private static let alternativesMax = 256

    private static func alternatives(_ condition: GoogleCondition, isNegated: Bool) -> [[PolicyCondition]]? {
        switch condition {
        case .constant(let value): return value != isNegated ? [[]] : []
        case .not(let inner): return alternatives(inner, isNegated: !isNegated)
        case .and(let list) where !isNegated, .or(let list) where isNegated:
            var product: [[PolicyCondition]] = [[]]
            for item in list {
                guard let more = alternatives(item, isNegated: isNegated) else { return nil }
                product = product.flatMap { head in more.map { head + $0 } }
                if product.count > alternativesMax { return nil }
            }
            return product
        case .and(let list), .or(let list):
            var sum: [[PolicyCondition]] = []
            for item in list {
                guard let more = alternatives(item, isNegated: isNegated) else { return nil }
                sum += more
                if sum.count > alternativesMax { return nil }
            }
            return sum
        case .opaque(let text):
            // True, false, or not to be evaluated, when it grants nothing.
            return [conditions("Bool", text, [isNegated ? "false" : "true"])]
        case .term(let term): return [term.conditions(isNegated: isNegated)]
        }
    }

    fileprivate static func conditions(_ name: String, _ key: String, _ values: [String]) -> [PolicyCondition]
    {
        guard let comparison = PolicyOperator(name) else { return [] }
        return [PolicyCondition(comparison, key: key, values: values, variables: true)]
    }
}

extension GoogleCondition.Term {
    /// The term as a condition of our comparison; an attribute that is absent satisfies neither it nor its opposite.
    fileprivate func conditions(isNegated: Bool) -> [PolicyCondition] {
        let escaped = value.replacing("$", with: "${$}").replacing("*", with: "${*}").replacing(
            "?", with: "${?}")
        let name: String
        var text = value
        switch kind {
        case .equals: name = isNegated ? "StringNotEquals" : "StringEquals"
        case .startsWith: (name, text) = (isNegated ? "StringNotLike" : "StringLike", escaped + "*")
        case .endsWith: (name, text) = (isNegated ? "StringNotLike" : "StringLike", "*" + escaped)
        case .before: name = isNegated ? "DateGreaterThanEquals" : "DateLessThan"
        case .beforeOrAt: name = isNegated ? "DateGreaterThan" : "DateLessThanEquals"
        case .after: name = isNegated ? "DateLessThanEquals" : "DateGreaterThan"
        case .afterOrAt: name = isNegated ? "DateLessThan" : "DateGreaterThanEquals"
        }
        if kind == .equals { text = escaped }
        let present = isNegated ? GoogleCondition.conditions("Null", attribute, ["false"]) : []
        return GoogleCondition.conditions(name, attribute, [text]) + present
    }
}

/// Reads conditions by recursive descent; gives up on what it does not know.
private struct GoogleConditionParser {
    private enum Token: Hashable {
        case word(String), text(String), mark(String)
    }

    private static let depthMax = 64
    private var tokens: [Token] = []
    private var at = 0
    private var isSound = true
    private var depth = 0

    init(_ text: String) {
        let bytes = Array(text.utf8)
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte == 0x20 || byte == 0x0A || byte == 0x09 || byte == 0x0D {
                index += 1
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                guard let end = bytes[(index + 1)...].firstIndex(of: byte),
                    !bytes[index..<end].contains(UInt8(ascii: "\\"))
                else {
                    isSound = false
                    return
                }
                tokens.append(.text(String(decoding: bytes[index + 1..<end], as: UTF8.self)))
                index = end + 1
            } else if Self.isWord(byte) {
                var end = index
                while end < bytes.count, Self.isWord(bytes[end]) || bytes[end] == UInt8(ascii: ".") {
                    end += 1
                }
                tokens.append(.word(String(decoding: bytes[index..<end], as: UTF8.self)))
                index = end
            } else {
                let pair = String(decoding: bytes[index..<min(index + 2, bytes.count)], as: UTF8.self)
                let isPair = ["&&", "||", "==", "!=", "<=", ">="].contains(pair)
                tokens.append(.mark(isPair ? pair : String(decoding: [byte], as: UTF8.self)))
                index += isPair ? 2 : 1
            }
        }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A) || (byte >= 0x30 && byte <= 0x39) || byte == 0x5F
    }

    mutating func whole() -> GoogleCondition? {
        guard isSound, !tokens.isEmpty, let condition = either(), at == tokens.count else { return nil }
        return condition
    }

    private mutating func take(_ mark: String) -> Bool {
        guard at < tokens.count, tokens[at] == .mark(mark) else { return false }
        at += 1
        return true
    }

    private mutating func either() -> GoogleCondition? {
        guard let first = both() else { return nil }
        var list = [first]
        while take("||") {
            guard let next = both() else { return nil }
            list.append(next)
        }
        return list.count == 1 ? first : .or(list)
    }

    private mutating func both() -> GoogleCondition? {
        guard let first = single() else { return nil }
        var list = [first]
        while take("&&") {
            guard let next = single() else { return nil }
            list.append(next)
        }
        return list.count == 1 ? first : .and(list)
    }

    private mutating func single() -> GoogleCondition? {
        depth += 1
        defer { depth -= 1 }
        guard depth < Self.depthMax else { return nil }
        if take("!") { return single().map { .not($0) } }
        if take("(") {
            guard let inner = either(), take(")") else { return nil }
            return inner
        }
        return comparison()
    }

    private mutating func comparison() -> GoogleCondition? {
        guard at < tokens.count, case .word(let word) = tokens[at] else { return nil }
        at += 1
        if word == "true" || word == "false" { return .constant(word == "true") }
        let calls: [(String, GoogleCondition.Term.Kind)] = [
            (".startsWith", .startsWith), (".endsWith", .endsWith),
        ]
        for (suffix, kind) in calls where word.hasSuffix(suffix) {
            guard take("("), let value = text(), take(")") else { return nil }
            return .term(.init(attribute: String(word.dropLast(suffix.count)), kind: kind, value: value))
        }
        if word == "resource.matchTag" {
            guard take("("), let key = text(), take(","), let value = text(), take(")") else { return nil }
            return .term(.init(attribute: "tag \(key)", kind: .equals, value: value))
        }
        guard at < tokens.count, case .mark(let mark) = tokens[at] else { return nil }
        at += 1
        if let value = text() {
            let term = GoogleCondition.Term(attribute: word, kind: .equals, value: value)
            return mark == "==" ? .term(term) : mark == "!=" ? .not(.term(term)) : nil
        }
        guard take(word: "timestamp"), take("("), let value = text(), take(")"),
            PolicyNumber.time(value) != nil
        else { return nil }
        let kinds: [String: GoogleCondition.Term.Kind] = [
            "<": .before, "<=": .beforeOrAt, ">": .after, ">=": .afterOrAt,
        ]
        return kinds[mark].map { .term(.init(attribute: word, kind: $0, value: value)) }
    }

    private mutating func text() -> String? {
        guard at < tokens.count, case .text(let value) = tokens[at] else { return nil }
        at += 1
        return value
    }

    private mutating func take(word: String) -> Bool {
        guard at < tokens.count, tokens[at] == .word(word) else { return false }
        at += 1
        return true
    }
}
