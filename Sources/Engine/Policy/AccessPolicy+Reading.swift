extension AccessPolicy {
    /// Reads a document; throws all that is wrong with it at once, since what is not understood could allow anything.
    package init(_ document: Document, for place: Place) throws(Problems) {
        var reader = PolicyReader(place: place)
        let statements = reader.statements(of: document)
        if !reader.problems.isEmpty {
            throw Problems(Array(reader.problems.prefix(PolicyReader.problemsMax)))
        }
        self.init(statements: statements)
    }
}

/// Turns a JSON document into statements, collecting what is wrong.
private struct PolicyReader {
    static let problemsMax = 100
    static let versions = ["2012-10-17", "2008-10-17"]
    static let names: Set<String> = [
        "Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal",
        "Condition",
    ]

    let place: AccessPolicy.Place
    var problems: [Problem] = []
    var hasVariables = false
    var texts = 0

    mutating func complain(_ document: Document, _ message: String, hint: String = "") {
        problems.append(Problem(at: document.position, message, hint: hint))
    }

    mutating func statements(of document: Document) -> [PolicyStatement] {
        guard let entries = document.map else {
            complain(
                document, "a policy is a mapping with `Version` and `Statement`, and this is \(document.kind)"
            )
            return []
        }
        for entry in entries where !["Version", "Id", "Statement"].contains(entry.key) {
            let near = nearestName(to: entry.key, among: ["Version", "Id", "Statement"])
            problems.append(
                Problem(
                    at: entry.keyPosition, "a policy has no `\(entry.key.prefix(80))`",
                    hint: near.map { "did you mean `\($0)`?" } ?? "it has `Version` and `Statement`"))
        }
        if let version = document["Version"] {
            hasVariables = version.string == "2012-10-17"
            if !Self.versions.contains(version.string ?? "") {
                complain(version, "the version is one of \(Self.versions.joined(separator: ", "))")
            }
        }
        guard let list = document["Statement"] else {
            complain(document, "`Statement` is missing")
            return []
        }
        var statements: [PolicyStatement] = []
        for (index, item) in (list.list ?? [list]).enumerated() {
            guard problems.count < Self.problemsMax else { break }
            if let statement = statement(item, index) { statements.append(statement) }
        }
        return statements
    }

    private mutating func statement(_ item: Document, _ index: Int) -> PolicyStatement? {
        guard let entries = item.map else {
            complain(item, "a statement is a mapping, and this is \(item.kind)")
            return nil
        }
        for entry in entries where !Self.names.contains(entry.key) {
            let near = nearestName(to: entry.key, among: Self.names.sorted())
            problems.append(
                Problem(
                    at: entry.keyPosition, "a statement has no `\(entry.key.prefix(80))`",
                    hint: near.map { "did you mean `\($0)`?" } ?? ""))
        }
        let effect = item["Effect"]?.string
        if effect != "Allow", effect != "Deny" {
            complain(item["Effect"] ?? item, "`Effect` must be Allow or Deny")
        }
        let actions = choice("Action", of: item, isRequired: true) { ActionPattern($0) }
        for action in actions.elements where action.folded != "*" && !action.folded.contains(":") {
            complain(
                item["Action"] ?? item["NotAction"] ?? item,
                "`\(action.text.prefix(80))` is no action", hint: "service:Action, as in s3:GetObject")
        }
        let needsResource = place == .identity
        let hasVariables = hasVariables
        var resources = choice("Resource", of: item, isRequired: needsResource) {
            ResourcePattern($0, variables: hasVariables)
        }
        if item["Resource"] == nil, item["NotResource"] == nil { resources = .everything }
        var statement = PolicyStatement(
            index: index, sid: item["Sid"]?.string, isAllow: effect == "Allow", actions: actions,
            resources: resources, position: item.position)
        statement.principals = principals(of: item)
        statement.conditions = conditions(item["Condition"])
        statement.conditionKey = statement.conditions.map(\.canonical).sorted().joined(separator: "\n")
        return statement
    }

    private mutating func choice<Element: Hashable & Sendable>(
        _ name: String, of item: Document, isRequired: Bool, _ read: (String) -> Element
    ) -> PolicyStatement.Choice<Element> {
        let plain = item[name]
        let complement = item["Not" + name]
        if plain != nil, let complement { complain(complement, "both `\(name)` and `Not\(name)` are given") }
        guard let given = plain ?? complement else {
            if isRequired { complain(item, "`\(name)` is missing") }
            return .init(elements: [], isComplement: false)
        }
        let texts = texts(given, name)
        var seen = Set<String>()
        let elements = texts.filter { seen.insert($0).inserted }.map { read($0) }
        if elements.isEmpty { complain(given, "`\(name)` is empty") }
        return .init(elements: elements, isComplement: plain == nil)
    }

    /// One text or a list of them.
    private mutating func texts(_ given: Document, _ name: String) -> [String] {
        let items = given.list ?? [given]
        texts += items.count
        if texts > AccessPolicy.textsMax {
            complain(given, "the document holds more than \(AccessPolicy.textsMax) texts")
            return []
        }
        return items.compactMap { item in
            guard let text = item.string else {
                complain(item, "`\(name)` needs text, and this is \(item.kind)")
                return nil
            }
            return bounded(text, item)
        }
    }

    private mutating func principals(of item: Document) -> PolicyStatement.Choice<PrincipalPattern> {
        let given = item["Principal"] ?? item["NotPrincipal"]
        guard let given else {
            if place != .identity { complain(item, "`Principal` is missing") }
            return .everything
        }
        if place == .identity {
            complain(
                given, "a policy of this kind names no principals", hint: "--kind aws-resource or aws-trust")
            return .everything
        }
        let isComplement = item["Principal"] == nil
        if given.string == "*" { return .init(elements: [.everyone], isComplement: isComplement) }
        guard let entries = given.map, !entries.isEmpty else {
            complain(given, "`Principal` is `*` or a mapping such as {\"AWS\": …}")
            return .everything
        }
        var elements: [PrincipalPattern] = []
        for entry in entries {
            for text in texts(entry.value, entry.key) {
                guard let pattern = PrincipalPattern(kind: entry.key, text) else {
                    problems.append(
                        Problem(
                            at: entry.keyPosition, "`\(entry.key.prefix(80))` is no kind of principal",
                            hint: "AWS, Service, Federated or CanonicalUser"))
                    break
                }
                elements.append(pattern)
            }
        }
        return .init(elements: elements, isComplement: isComplement)
    }

    private mutating func conditions(_ given: Document?) -> [PolicyCondition] {
        guard let given else { return [] }
        guard let blocks = given.map else {
            complain(given, "`Condition` is a mapping of operators, and this is \(given.kind)")
            return []
        }
        var conditions: [PolicyCondition] = []
        for block in blocks {
            guard let comparison = PolicyOperator(block.key) else {
                problems.append(
                    Problem(
                        at: block.keyPosition, "unknown condition operator `\(block.key.prefix(80))`",
                        hint: PolicyOperator.nearest(to: block.key).map { "did you mean `\($0)`?" } ?? ""))
                continue
            }
            guard let keys = block.value.map else {
                complain(block.value, "`\(block.key)` is a mapping of keys, and this is \(block.value.kind)")
                continue
            }
            for entry in keys {
                let condition = PolicyCondition(
                    comparison, key: entry.key, values: values(entry.value, entry.key),
                    variables: hasVariables)
                for value in condition.values {
                    guard let complaint = value.complaint(comparison.comparison) else { continue }
                    complain(entry.value, "`\(value.text.prefix(80))`: \(complaint)")
                }
                conditions.append(condition)
            }
        }
        return conditions
    }

    private mutating func bounded(_ text: String, _ item: Document) -> String? {
        if text.utf8.count <= AccessPolicy.textBytesMax { return text }
        complain(item, "the text is longer than the \(AccessPolicy.textBytesMax) bytes that AWS allows")
        return nil
    }

    /// Values may be numbers and truth values, too.
    private mutating func values(_ given: Document, _ key: String) -> [String] {
        let items = given.list ?? [given]
        texts += items.count
        if texts > AccessPolicy.textsMax {
            complain(given, "the document holds more than \(AccessPolicy.textsMax) texts")
            return []
        }
        return items.compactMap { item in
            switch item.value {
            case .string(let text): return bounded(text, item)
            case .bool(let bool): return bool ? "true" : "false"
            case .integer, .number: return item.text
            default:
                complain(item, "a value of `\(key.prefix(80))` is text, and this is \(item.kind)")
                return nil
            }
        }
    }
}
