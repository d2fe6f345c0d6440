extension RuleHead {
    private static let documentKeys = [
        "title", "logsource", "detection", "correlation", "id", "level", "status", "tags", "description",
    ]

    /// What rules of every kind say; keys that Sigma does not know are allowed. Without an `id` it is left empty.
    init(reading document: Document) throws(Problem) {
        guard document.map != nil else {
            throw Problem(at: document.position, "expected a rule (a mapping), found \(document.kind)")
        }
        if let action = document["action"] {
            throw Problem(
                at: action.position, "'action' collections are an obsolete form that Sigma 2 removed",
                hint: "write each rule out in its own document")
        }
        title = try Self.text(document, "title", required: true)
        name = document["name"]?.string
        summary = try Self.text(document, "description", required: false)
        status = try Self.text(document, "status", required: false)
        tags = try Self.texts(document, "tags")
        references = try Self.texts(document, "references")
        falsePositives = try Self.texts(document, "falsepositives")
        position = document.position
        level = try Self.level(document)
        id = try Self.text(document, "id", required: false)
    }

    static func missing(_ key: String, in document: Document) -> Problem {
        let keys = document.map?.map(\.key) ?? []
        let near = keys.first { !documentKeys.contains($0) && nearestName(to: $0, among: [key]) != nil }
        return Problem(
            at: document.position, "the rule has no '\(key)'", hint: near.map { "is '\($0)' meant?" } ?? "")
    }

    /// A scalar as text; numbers and dates as their author wrote them.
    private static func text(_ document: Document, _ key: String, required: Bool) throws(Problem) -> String {
        guard let value = document[key], !value.isNull else {
            if required { throw missing(key, in: document) }
            return ""
        }
        if let text = value.string ?? value.text { return text }
        throw Problem(at: value.position, "'\(key)' must be text, found \(value.kind)")
    }

    static func texts(_ document: Document, _ key: String) throws(Problem) -> [String] {
        guard let value = document[key], !value.isNull else { return [] }
        var texts: [String] = []
        for item in value.list ?? [value] where !item.isNull {
            guard let text = item.string ?? item.text else {
                throw Problem(at: item.position, "'\(key)' must be a list of texts, found \(item.kind)")
            }
            texts.append(text)
        }
        return texts
    }

    private static func level(_ document: Document) throws(Problem) -> Level {
        let text = try text(document, "level", required: false)
        if text.isEmpty { return .medium }
        guard let level = Level(rawValue: text) else {
            let near = nearestName(to: text, among: Level.allCases.map(\.rawValue))
            throw Problem(
                at: document["level"]?.position, "unknown level '\(text)'",
                hint: near.map { "did you mean '\($0)'?" }
                    ?? "one of " + Level.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return level
    }
}

extension SigmaRule {
    /// Reads one document, or says what is wrong with it.
    init(reading document: Document, placeholders: [String: [String]]) throws(Problem) {
        head = try RuleHead(reading: document)
        guard let detection = document["detection"] else { throw RuleHead.missing("detection", in: document) }
        guard let logsource = document["logsource"] else { throw RuleHead.missing("logsource", in: document) }
        self.logsource = try Logsource(reading: logsource)
        expression = try DetectionReader(placeholders: placeholders).read(detection)
        if head.id.isEmpty { head.id = StableDigest.identifier(of: [head.title, "\(expression)"]) }
    }
}

extension Logsource {
    init(reading document: Document) throws(Problem) {
        guard document.map != nil else {
            throw Problem(at: document.position, "'logsource' must be a mapping, found \(document.kind)")
        }
        func part(_ key: String) throws(Problem) -> String? {
            guard let value = document[key], !value.isNull else { return nil }
            guard let text = value.string ?? value.text else {
                throw Problem(at: value.position, "'\(key)' must be text, found \(value.kind)")
            }
            return text.lowercased()
        }
        category = try part("category")
        product = try part("product")
        service = try part("service")
        guard category != nil || product != nil || service != nil else {
            throw Problem(at: document.position, "'logsource' names no category, product or service")
        }
        try requireClass(at: document["category"]?.position ?? document.position)
    }
}

/// Reads a rule's `detection`: its named parts, and the condition over them.
struct DetectionReader {
    let placeholders: [String: [String]]

    func read(_ detection: Document) throws(Problem) -> RuleExpression {
        guard let entries = detection.map else {
            throw Problem(at: detection.position, "'detection' must be a mapping, found \(detection.kind)")
        }
        guard entries.count <= RuleLimits.detectionsMax else {
            throw Problem(
                at: detection.position, "more than \(RuleLimits.detectionsMax) names in one detection")
        }
        var named: [(name: String, expression: RuleExpression)] = []
        for entry in entries where entry.key != "condition" {
            if entry.key == "timeframe" {
                throw Problem(
                    at: entry.keyPosition,
                    "'timeframe' belongs to aggregations, an obsolete form that Sigma 2 removed",
                    hint: "write a correlation document with a timespan")
            }
            named.append((entry.key, try part(entry.value)))
        }
        guard let condition = detection["condition"] else {
            let near = nearestName(to: "condition", among: named.map(\.name))
            throw Problem(
                at: detection.position, "'detection' has no 'condition'",
                hint: near.map { "is '\($0)' meant?" } ?? "")
        }
        let conditions = condition.list ?? [condition]
        guard !conditions.isEmpty, conditions.count <= RuleLimits.conditionsMax else {
            throw Problem(at: condition.position, "expected 1 to \(RuleLimits.conditionsMax) conditions")
        }
        var terms: [RuleExpression] = []
        for condition in conditions { terms.append(try resolved(condition, named)) }
        return terms.count == 1 ? terms[0] : .any(terms)
    }

    /// A map is an AND of its items; a list of texts is keywords; a list of maps is an OR of them.
    private func part(_ document: Document) throws(Problem) -> RuleExpression {
        switch document.value {
        case .map(let entries):
            guard !entries.isEmpty else {
                throw Problem(at: document.position, "an empty mapping can match nothing")
            }
            var items: [RuleExpression] = []
            for entry in entries {
                items.append(
                    try RuleItem.read(
                        key: entry.key, at: entry.keyPosition, value: entry.value, placeholders: placeholders)
                )
            }
            return items.count == 1 ? items[0] : .all(items)
        case .list(let elements):
            guard !elements.isEmpty else {
                throw Problem(at: document.position, "an empty list can match nothing")
            }
            var alternatives: [RuleExpression] = []
            let words = elements.filter { $0.map == nil }
            if !words.isEmpty {
                alternatives.append(
                    try RuleItem.keywords(words, at: document.position, placeholders: placeholders))
            }
            for element in elements where element.map != nil { alternatives.append(try part(element)) }
            return alternatives.count == 1 ? alternatives[0] : .any(alternatives)
        case .string, .integer, .number:
            return try RuleItem.keywords([document], at: document.position, placeholders: placeholders)
        case .null, .bool:
            throw Problem(at: document.position, "expected fields or keywords, found \(document.kind)")
        }
    }

    private func resolved(
        _ document: Document, _ named: [(name: String, expression: RuleExpression)]
    ) throws(Problem) -> RuleExpression {
        guard let text = document.string ?? document.text else {
            throw Problem(at: document.position, "'condition' must be text, found \(document.kind)")
        }
        do throws(RuleCondition.Invalid) {
            return try Self.bound(try RuleCondition(parsing: text), named)
        } catch {
            var position = document.position
            position.column += error.column + (document.isQuoted ? 1 : 0)
            throw Problem(at: position, error.message, hint: error.hint)
        }
    }

    private static func bound(
        _ condition: RuleCondition, _ named: [(name: String, expression: RuleExpression)]
    ) throws(RuleCondition.Invalid) -> RuleExpression {
        switch condition {
        case .name(let name, let column):
            if let found = named.first(where: { $0.name == name }) { return found.expression }
            let near = nearestName(to: name, among: named.map(\.name))
            let known = named.map(\.name).joined(separator: ", ")
            throw .init(
                message: "the detection has nothing named '\(name)'",
                hint: near.map { "did you mean '\($0)'?" } ?? "there are: \(known)", column: column)
        case .quantified(let pattern, let isAll, let column):
            let found = named.filter { RuleCondition.fits($0.name, pattern) }
            guard !found.isEmpty else {
                let near = nearestName(to: pattern, among: named.map(\.name))
                throw .init(
                    message: "no name in the detection fits '\(pattern)'",
                    hint: near.map { "did you mean '\($0)'?" } ?? "", column: column)
            }
            if found.count == 1 { return found[0].expression }
            return isAll ? .all(found.map(\.expression)) : .any(found.map(\.expression))
        case .not(let inner): return .not(try bound(inner, named))
        case .all(let terms):
            var expressions: [RuleExpression] = []
            for term in terms { expressions.append(try bound(term, named)) }
            return .all(expressions)
        case .any(let terms):
            var expressions: [RuleExpression] = []
            for term in terms { expressions.append(try bound(term, named)) }
            return .any(expressions)
        }
    }
}
