/// Reads one item of a detection, `field|modifier|modifier: value or list`, into an expression.
///
/// Modifiers change the values from left to right, as Sigma asks; what they leave is linked by OR, or by AND
/// after `all`.
struct RuleItem {
    /// A value on its way through the modifiers.
    enum Value {
        case text(SigmaText)
        /// What an encoding left; no wildcards any more.
        case bytes([UInt8])
        case number(Double, text: String)
        case bool(Bool)
        case null
        case pattern(String)
        case check(RuleCheck)
        case field(String)
    }

    struct Operand {
        var value: Value
        /// As written, for modifiers that give the text a meaning of their own.
        var written: String
        var position: SourcePosition
    }

    let field: String?
    let placeholders: [String: [String]]

    private(set) var operands: [Operand] = []
    private(set) var isAll = false
    private(set) var isCased = false
    private(set) var isNegated = false
    private(set) var isPattern = false
    private(set) var flags: SearchPattern.Flags = []
    private(set) var shape = RuleCheck.Shape.equals
    private(set) var datePart: RuleCheck.DatePart?
    private(set) var comparison: RuleCheck.Comparison?
    private(set) var keyPosition: SourcePosition

    /// `key` is the entry's key; an empty field name makes keywords of the values.
    static func read(
        key: String, at keyPosition: SourcePosition, value: Document, placeholders: [String: [String]]
    ) throws(Problem) -> RuleExpression {
        let pieces = key.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
        let name = pieces[0].trimmingSpaces
        var item = RuleItem(
            field: name.isEmpty ? nil : name, placeholders: placeholders, keyPosition: keyPosition)
        try item.take(value)
        var previous: RuleModifier?
        for piece in pieces.dropFirst() {
            guard let modifier = RuleModifier(rawValue: piece) else {
                let near = nearestName(to: piece, among: RuleModifier.allCases.map(\.rawValue))
                throw Problem(
                    at: keyPosition, "unknown modifier '\(piece)'",
                    hint: near.map { "did you mean '\($0)'?" }
                        ?? "known: " + RuleModifier.allCases.map(\.rawValue).joined(separator: ", "))
            }
            try item.apply(modifier, after: previous)
            previous = modifier
        }
        return try item.finish()
    }

    /// A keyword list's bare values.
    static func keywords(
        _ values: [Document], at position: SourcePosition, placeholders: [String: [String]]
    ) throws(Problem) -> RuleExpression {
        var item = RuleItem(field: nil, placeholders: placeholders, keyPosition: position)
        try item.take(Document(.list(values), at: position))
        return try item.finish()
    }

    private init(field: String?, placeholders: [String: [String]], keyPosition: SourcePosition) {
        self.field = field
        self.placeholders = placeholders
        self.keyPosition = keyPosition
    }

    private mutating func take(_ document: Document) throws(Problem) {
        let values = document.list ?? [document]
        guard !values.isEmpty else { throw Problem(at: document.position, "an empty list can match nothing") }
        guard values.count <= RuleLimits.valuesMax else {
            throw Problem(at: document.position, "more than \(RuleLimits.valuesMax) values under one field")
        }
        for value in values { operands.append(try Self.operand(value)) }
    }

    private static func operand(_ document: Document) throws(Problem) -> Operand {
        let written: String
        let value: Value
        switch document.value {
        case .null: (written, value) = ("", .null)
        case .bool(let bool): (written, value) = (document.text ?? "\(bool)", .bool(bool))
        case .integer(let integer):
            written = document.text ?? "\(integer)"
            value = .number(Double(integer), text: "\(integer)")
        case .number(let number):
            written = document.text ?? "\(number)"
            value = .number(number, text: written)
        case .string(let string): (written, value) = (string, .text(SigmaText(reading: string)))
        case .list, .map:
            throw Problem(
                at: document.position, "expected text, a number, true, false or null, found \(document.kind)",
                hint: "nested fields are written with dots: outer.inner")
        }
        guard written.utf8.count <= RuleLimits.valueCharactersMax else {
            throw Problem(
                at: document.position, "the value is longer than \(RuleLimits.valueCharactersMax) bytes")
        }
        return Operand(value: value, written: written, position: document.position)
    }

    // MARK: Modifiers

    private mutating func apply(_ modifier: RuleModifier, after previous: RuleModifier?) throws(Problem) {
        if let shape = modifier.shape { return try open(shape, modifier) }
        if let flag = modifier.patternFlag {
            guard isPattern else { throw fault("'\(modifier.rawValue)' must follow 're'") }
            flags.insert(flag)
            return
        }
        if let part = modifier.datePart {
            datePart = part
            return
        }
        if let comparison = modifier.comparison {
            self.comparison = comparison
            return
        }
        switch modifier {
        case .all:
            isAll = true
        case .cased: isCased = true
        case .neq: isNegated = true
        case .re:
            guard previous == nil else {
                throw fault(
                    "'re' must be the first modifier", hint: "found after '\(previous?.rawValue ?? "")'")
            }
            isPattern = true
            try replace { (operand) throws(Problem) in .pattern(operand.written) }
        case .cidr: try replace(Self.network)
        case .exists:
            try replace { (operand) throws(Problem) in
                switch operand.value {
                case .bool(let wanted): return .check(wanted ? .exists : .null)
                default: throw Problem(at: operand.position, "'exists' takes true or false")
                }
            }
        case .fieldref:
            try replace { (operand) throws(Problem) in
                guard !operand.written.isEmpty else {
                    throw Problem(at: operand.position, "expected a field's name")
                }
                return .field(operand.written)
            }
        case .expand: try expand()
        case .windash:
            try replace { (operand) throws(Problem) in
                guard case .text(let text) = operand.value else { throw Self.notText(operand, "windash") }
                return .text(text.readingDashes())
            }
        default: try encode(modifier)
        }
    }

    private mutating func open(_ shape: RuleCheck.Shape, _ modifier: RuleModifier) throws(Problem) {
        self.shape = shape
        try replace { (operand) throws(Problem) in
            switch operand.value {
            case .text(var text):
                text.open(front: shape != .startsWith, back: shape != .endsWith)
                return .text(text)
            case .number(_, let written):
                var text = SigmaText(literal: written)
                text.open(front: shape != .startsWith, back: shape != .endsWith)
                return .text(text)
            case .bytes(let bytes):
                var text = try Self.text(of: bytes, operand)
                text.open(front: shape != .startsWith, back: shape != .endsWith)
                return .text(text)
            case .pattern, .field: return operand.value
            case .bool, .null, .check: throw Self.notText(operand, modifier.rawValue)
            }
        }
    }

    private mutating func encode(_ modifier: RuleModifier) throws(Problem) {
        var result: [Operand] = []
        for operand in operands {
            let bytes: [UInt8]
            switch operand.value {
            case .bytes(let encoded): bytes = encoded
            case .number(_, let text): bytes = Array(text.utf8)
            case .text(let text):
                guard let plain = text.plain else {
                    throw Problem(
                        at: operand.position, "'\(modifier.rawValue)' cannot encode wildcards",
                        hint: "put it before 'contains', and write \\* for an asterisk")
                }
                bytes = Array(plain.utf8)
            default: throw Self.notText(operand, modifier.rawValue)
            }
            func add(_ value: Value) {
                result.append(Operand(value: value, written: operand.written, position: operand.position))
            }
            switch modifier {
            case .base64: add(.text(SigmaText(literal: RuleEncoding.base64(bytes))))
            case .base64offset:
                for text in RuleEncoding.base64Offsets(bytes) where !text.isEmpty {
                    add(.text(SigmaText(literal: text)))
                }
            default:
                add(
                    .bytes(
                        RuleEncoding.utf16(
                            String(decoding: bytes, as: UTF8.self), isBigEndian: modifier == .utf16be,
                            hasMark: modifier == .utf16)))
            }
        }
        guard !result.isEmpty else { throw fault("a value is too short for '\(modifier.rawValue)'") }
        operands = result
    }

    private mutating func expand() throws(Problem) {
        var result: [Operand] = []
        for operand in operands {
            guard case .text(let written) = operand.value else { throw Self.notText(operand, "expand") }
            let text = written.readingPlaceholders()
            if let missing = text.placeholders.first(where: { placeholders[$0] == nil }) {
                let near = nearestName(to: missing, among: placeholders.keys)
                throw Problem(
                    at: operand.position, "no values are configured for the placeholder %\(missing)%",
                    hint: near.map { "did you mean %\($0)%?" } ?? "name its values under 'placeholders'",
                    isWarning: near == nil)
            }
            guard let texts = text.resolving(placeholders, limit: RuleLimits.variantsMax) else {
                throw Problem(
                    at: operand.position, "the placeholders make more than \(RuleLimits.variantsMax) values")
            }
            result += texts.map {
                Operand(value: .text($0), written: operand.written, position: operand.position)
            }
        }
        operands = result
    }

    private static func network(_ operand: Operand) throws(Problem) -> Value {
        guard let network = NetworkRange(operand.written) else {
            throw Problem(
                at: operand.position, "'\(operand.written)' is no IPv4 or IPv6 network",
                hint: "expected the form 192.0.2.0/24 or 2001:db8::/32")
        }
        return .check(.network(network))
    }

    // MARK: Small things

    private mutating func replace(_ change: (Operand) throws(Problem) -> Value) throws(Problem) {
        for i in operands.indices { operands[i].value = try change(operands[i]) }
    }

    static func text(of bytes: [UInt8], _ operand: Operand) throws(Problem) -> SigmaText {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Problem(
                at: operand.position, "the encoded value is no text that a JSON log could hold",
                hint: "follow the UTF-16 modifier with base64 or base64offset")
        }
        return SigmaText(literal: text)
    }

    private static func notText(_ operand: Operand, _ modifier: String) -> Problem {
        Problem(at: operand.position, "'\(modifier)' needs text, found '\(operand.written)'")
    }

    func fault(_ message: String, hint: String = "") -> Problem {
        Problem(at: keyPosition, message, hint: hint)
    }
}

extension String {
    fileprivate var trimmingSpaces: String {
        var text = Substring(self)
        while text.first == " " { text = text.dropFirst() }
        while text.last == " " { text = text.dropLast() }
        return String(text)
    }
}
