/// The words of an Azure condition.
enum AzureConditionTokens {
    enum Token: Hashable {
        case open, close, braceOpen, braceClose, comma
        case and, or, not
        /// `'…'`
        case text(String)
        /// `@Resource[…]`
        case attribute(String)
        /// An operator, a function, or a value without quotes.
        case word(String)
    }

    /// `nil` where a quote or a bracket has no end.
    static func read(_ text: String) -> [Token]? {
        var tokens: [Token] = []
        var rest = text[...]
        while let first = rest.first {
            switch first {
            case "(": tokens.append(.open)
            case ")": tokens.append(.close)
            case "{": tokens.append(.braceOpen)
            case "}": tokens.append(.braceClose)
            case ",": tokens.append(.comma)
            case "!": tokens.append(.not)
            case "'":
                guard let text = quoted(&rest) else { return nil }
                tokens.append(.text(text))
                continue
            case "@":
                guard let end = rest.firstIndex(of: "]") else { return nil }
                // Whether a tag's name counts its case says how it is looked up, and is no part of its name.
                let name = rest[...end].replacing("<$key_case_sensitive$>", with: "")
                tokens.append(.attribute(String(name)))
                rest = rest[rest.index(after: end)...]
                continue
            case _ where first.isWhitespace: break
            default:
                guard let token = word(&rest) else { return nil }
                tokens.append(token)
                continue
            }
            rest = rest.dropFirst()
        }
        return tokens
    }

    /// Two quotes are one that belongs to the text, and so is one behind a backslash.
    private static func quoted(_ rest: inout Substring) -> String? {
        var text = ""
        rest = rest.dropFirst()
        while let letter = rest.popFirst() {
            if letter == "\\", let next = rest.popFirst() {
                text.append(next)
            } else if letter != "'" {
                text.append(letter)
            } else if rest.first == "'" {
                text.append("'")
                rest = rest.dropFirst()
            } else {
                return text
            }
        }
        return nil
    }

    private static func word(_ rest: inout Substring) -> Token? {
        let word = rest.prefix { !$0.isWhitespace && !"(){},!'@".contains($0) }
        guard !word.isEmpty else { return nil }
        rest = rest[word.endIndex...]
        switch word.uppercased() {
        case "AND", "&&": return .and
        case "OR", "||": return .or
        case "NOT": return .not
        default: return .word(String(word))
        }
    }
}

/// Reads an Azure condition: `OR` binds least, then `AND`, then `NOT`.
struct AzureConditionParser {
    private var tokens: ArraySlice<AzureConditionTokens.Token>
    private var depth = 0
    /// Brackets in brackets.
    private static let depthMax = 64

    init(_ tokens: [AzureConditionTokens.Token]) { self.tokens = tokens[...] }

    mutating func whole() -> AzureCondition? {
        guard let condition = or(), tokens.isEmpty else { return nil }
        return condition
    }

    private mutating func take(_ token: AzureConditionTokens.Token) -> Bool {
        guard tokens.first == token else { return false }
        tokens = tokens.dropFirst()
        return true
    }

    private mutating func or() -> AzureCondition? {
        guard let first = and() else { return nil }
        var list = [first]
        while take(.or) {
            guard let next = and() else { return nil }
            list.append(next)
        }
        return list.count == 1 ? first : .or(list)
    }

    private mutating func and() -> AzureCondition? {
        guard let first = not() else { return nil }
        var list = [first]
        while take(.and) {
            guard let next = not() else { return nil }
            list.append(next)
        }
        return list.count == 1 ? first : .and(list)
    }

    private mutating func not() -> AzureCondition? {
        var isNegated = false
        while take(.not) { isNegated.toggle() }
        guard let inner = primary() else { return nil }
        return isNegated ? .not(inner) : inner
    }

    private mutating func primary() -> AzureCondition? {
        if take(.open) {
            guard depth < Self.depthMax else { return nil }
            depth += 1
            defer { depth -= 1 }
            guard let inner = or(), take(.close) else { return nil }
            return inner
        }
        switch tokens.popFirst() {
        case .word(let name):
            switch name.lowercased() {
            case "exists":
                guard case .attribute(let attribute)? = tokens.popFirst() else { return nil }
                return .exists(attribute)
            case "actionmatches": return set().map { .action($0) }
            case "suboperationmatches": return set().map { .subOperation($0) }
            default: return nil
            }
        case .attribute(let attribute):
            guard case .word(let name)? = tokens.popFirst(), let operand = operand() else { return nil }
            return AzureCondition.Comparison(attribute, name, operand).map { .comparison($0) }
        default: return nil
        }
    }

    private mutating func operand() -> AzureCondition.Operand? {
        if case .attribute(let other)? = tokens.first {
            tokens = tokens.dropFirst()
            return .attribute(other)
        }
        if tokens.first == .braceOpen { return set().map { .values($0) } }
        return value().map { .values([$0]) }
    }

    private mutating func value() -> String? {
        switch tokens.popFirst() {
        case .text(let text), .word(let text): text
        default: nil
        }
    }

    private mutating func set() -> [String]? {
        guard take(.braceOpen) else { return nil }
        var values: [String] = []
        while !take(.braceClose) {
            guard values.isEmpty || take(.comma), let value = value() else { return nil }
            values.append(value)
        }
        return values
    }
}
