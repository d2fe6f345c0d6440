/// Reads `mapping.yaml` and collects everything wrong with it.
struct MappingReader {
    /// Rules that choose a class are asked for every record, one after the other.
    static let classRulesMax = 16
    static let nestingMax = 8

    var problems: [Problem] = []
    private var trieCount = 0
    private var nesting = 0

    mutating func read(_ document: Document) -> MappingDocument {
        let nowhere = MappingDocument.Target(
            className: "base_event", activity: "other", position: document.position)
        var mapping = MappingDocument(otherwise: nowhere)
        var fields = MappingDocument.Block(classes: [], operations: [], conditions: [], rules: [])
        var blocks: [MappingDocument.Block] = []
        var caseBlocks: [MappingDocument.Block] = []
        forEach(
            in: document, "a mapping",
            ["product", "profiles", "detect", "record", "class", "fields", "blocks", "unmapped"]
        ) { reader, key, value in
            switch key {
            case "product":
                for entry in reader.entries(of: value, "product") {
                    mapping.product.append((entry.key, entry.value, entry.keyPosition))
                }
            case "profiles":
                mapping.profiles = reader.texts(of: value).map { ($0.text, $0.position) }
            case "detect": mapping.detects = reader.detection(value)
            case "record": reader.record(value, into: &mapping)
            case "class": reader.classes(value, into: &mapping, &caseBlocks)
            case "fields": fields.rules = reader.rules(value)
            case "blocks": blocks = reader.list(value, "blocks").map { reader.block($0) }
            default:
                if value.string != "keep" {
                    reader.report(value, "unmapped is always kept", hint: "write `unmapped: keep`")
                }
            }
        }
        // A case's own fields are asked before the blocks: they stand last.
        mapping.blocks = [fields] + blocks + caseBlocks
        for index in mapping.cases.indices {
            if let block = mapping.cases[index].block {
                mapping.cases[index].block = block + 1 + blocks.count
            }
        }
        if document["class"] == nil {
            report(document, "`class` is missing", hint: "class: {otherwise: base_event/other}")
        }
        if mapping.time.isEmpty, !mapping.isTimeOptional {
            report(document, "`record.time` is missing", hint: "record: {time: path}, or time_optional: true")
        }
        if document["product"]?["name"] == nil { report(document, "`product.name` is missing") }
        mapping.trieCount = trieCount
        return mapping
    }

    mutating func report(_ document: Document, _ message: String, hint: String = "") {
        problems.append(Problem(at: document.position, message, hint: hint))
    }

    /// Each entry of a mapping with a known key.
    private mutating func forEach(
        in document: Document, _ what: String, _ known: [String],
        _ body: (inout MappingReader, String, Document) -> Void
    ) {
        for entry in entries(of: document, what) {
            if known.contains(entry.key) {
                body(&self, entry.key, entry.value)
            } else {
                let near = nearestName(to: entry.key, among: known)
                problems.append(
                    Problem(
                        at: entry.keyPosition, "\(what) has no key \(entry.key)",
                        hint: near.map { "did you mean \($0)?" } ?? "it has \(known.joined(separator: ", "))")
                )
            }
        }
    }

    private mutating func entries(of document: Document, _ what: String) -> [Document.Entry] {
        if let map = document.map { return map }
        report(document, "\(what) must be a mapping, not \(document.kind)")
        return []
    }

    private mutating func list(_ document: Document, _ what: String) -> [Document] {
        if let list = document.list { return list }
        report(document, "\(what) must be a list, not \(document.kind)")
        return []
    }

    private func listOrOne(_ document: Document) -> [Document] { document.list ?? [document] }

    /// A scalar's text, as a record's value is compared with it.
    private mutating func text(_ document: Document) -> String? {
        switch document.value {
        case .string(let text): return text
        case .integer(let integer): return document.text ?? "\(integer)"
        case .bool(let bool): return bool ? "true" : "false"
        case .number: return document.text ?? ""
        default:
            report(document, "text is expected, not \(document.kind)")
            return nil
        }
    }

    private mutating func texts(of document: Document) -> [(text: String, position: SourcePosition)] {
        listOrOne(document).compactMap { item in text(item).map { ($0, item.position) } }
    }

    private mutating func reference(_ document: Document) -> MappingDocument.Reference? {
        guard var path = text(document) else { return nil }
        if path == "$" { return .init(path: KeyPath([]), isRoot: false) }
        let isRoot = path.hasPrefix("^")
        if isRoot { path.removeFirst() }
        guard let keys = KeyPath(path) else {
            report(
                document, "\(path) is no path", hint: "keys with dots between them; others in double quotes")
            return nil
        }
        return .init(path: keys, isRoot: isRoot)
    }

    private mutating func references(_ document: Document) -> [MappingDocument.Reference] {
        listOrOne(document).compactMap { reference($0) }
    }

    // MARK: Record and class

    private mutating func record(_ document: Document, into mapping: inout MappingDocument) {
        forEach(in: document, "record", ["id", "time", "principal", "time_optional"]) { reader, key, value in
            switch key {
            case "id": mapping.id = reader.references(value)
            case "time": mapping.time = reader.expressions(value)
            case "principal": mapping.principal = reader.reference(value)
            default: mapping.isTimeOptional = value.bool ?? false
            }
        }
    }

    private mutating func detection(_ document: Document) -> [MappingDocument.Condition] {
        var conditions: [MappingDocument.Condition] = []
        forEach(in: document, "detect", ["has", "equals"]) { reader, key, value in
            if key == "has" {
                conditions += reader.references(value).map {
                    .init(reference: $0, test: .present, isNegated: false)
                }
            } else {
                conditions += reader.conditions(value)
            }
        }
        return conditions
    }

    private mutating func target(_ document: Document) -> MappingDocument.Target? {
        guard let text = text(document) else { return nil }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else {
            report(document, "\(text) is no class with an activity", hint: "write class/activity")
            return nil
        }
        return .init(className: parts[0], activity: parts[1], position: document.position)
    }

    private mutating func classes(
        _ document: Document, into mapping: inout MappingDocument, _ blocks: inout [MappingDocument.Block]
    ) {
        if let from = document["from"] { mapping.from = references(from) }
        if mapping.from.count > 2 { report(document, "a class is chosen by two paths at most") }
        let width = max(1, min(2, mapping.from.count))
        forEach(in: document, "class", ["from", "rules", "cases", "otherwise"]) { reader, key, value in
            switch key {
            case "rules":
                for rule in reader.list(value, "rules") {
                    guard let when = rule["when"], let target = rule["class"].flatMap({ reader.target($0) })
                    else {
                        reader.report(rule, "a rule needs `when` and `class`")
                        continue
                    }
                    mapping.classRules.append(.init(conditions: reader.conditions(when), target: target))
                }
                if mapping.classRules.count > Self.classRulesMax {
                    reader.report(value, "more than \(Self.classRulesMax) rules choose the class")
                }
            case "cases":
                if mapping.from.isEmpty { reader.report(value, "cases need `from`") }
                for entry in reader.entries(of: value, "cases") {
                    guard let pattern = reader.pattern(entry.key, width, at: entry.value) else { continue }
                    var block: Int?
                    var named = entry.value
                    if entry.value.map != nil {
                        if let fields = entry.value["fields"] {
                            block = blocks.count
                            blocks.append(
                                .init(
                                    classes: [], operations: [], conditions: [], rules: reader.rules(fields),
                                    isOfCase: true))
                        }
                        guard let target = entry.value["class"] else {
                            reader.report(entry.value, "a case needs `class`")
                            continue
                        }
                        named = target
                    }
                    guard let target = reader.target(named) else { continue }
                    mapping.cases.append(.init(pattern: pattern, target: target, block: block))
                }
            case "otherwise":
                if let target = reader.target(value) { mapping.otherwise = target }
            default: break
            }
        }
        if document["otherwise"] == nil { report(document, "`class.otherwise` is missing") }
    }

    private mutating func pattern(
        _ text: String, _ width: Int, at document: Document
    ) -> MappingDocument.Pattern? {
        guard width == 2 else { return .init(parts: [text]) }
        guard let slash = text.firstIndex(of: "/") else {
            report(document, "\(text) names one value where `from` has two", hint: "write first/second")
            return nil
        }
        return .init(parts: [String(text[..<slash]), String(text[text.index(after: slash)...])])
    }

    private mutating func block(_ document: Document) -> MappingDocument.Block {
        var block = MappingDocument.Block(classes: [], operations: [], conditions: [], rules: [])
        forEach(in: document, "a block", ["classes", "operations", "when", "fields"]) { reader, key, value in
            switch key {
            case "classes":
                block.classes = reader.texts(of: value).map { item in
                    let parts = item.text.split(separator: "/", maxSplits: 1).map(String.init)
                    return (parts.first ?? "", parts.count > 1 ? parts[1] : nil, item.position)
                }
            case "operations":
                block.operations = reader.texts(of: value).compactMap { item in
                    let width = item.text.contains("/") ? 2 : 1
                    return reader.pattern(item.text, width, at: value)
                }
            case "when": block.conditions = reader.conditions(value)
            default: block.rules = reader.rules(value)
            }
        }
        return block
    }

    // MARK: Rules and expressions

    private mutating func rules(_ document: Document) -> [MappingDocument.Rule] {
        nesting += 1
        defer { nesting -= 1 }
        guard nesting <= Self.nestingMax else {
            report(document, "fields are nested more than \(Self.nestingMax) deep")
            return []
        }
        return entries(of: document, "fields").map { entry in
            MappingDocument.Rule(
                path: entry.key, position: entry.keyPosition,
                expressions: entry.value.isNull ? [] : expressions(entry.value))
        }
    }

    private mutating func expressions(_ document: Document) -> [MappingDocument.Expression] {
        listOrOne(document).compactMap { expression($0) }
    }

    private static let expressionKeys = [
        "from", "value", "join", "with", "each", "items", "fields", "as", "cases", "otherwise", "take", "is",
        "is_not", "when",
    ]

    private mutating func expression(_ document: Document) -> MappingDocument.Expression? {
        guard document.map != nil else {
            guard let reference = reference(document) else { return nil }
            return .init(source: .paths([reference]), position: document.position)
        }
        let sources = ["from", "value", "join", "each", "items"].filter { document[$0] != nil }
        guard sources.count == 1 else {
            report(document, "one of from, value, join, each, items is needed, not \(sources.count)")
            return nil
        }
        guard let source = source(document, sources[0]) else { return nil }
        var expression = MappingDocument.Expression(source: source, position: document.position)
        forEach(in: document, "an expression", Self.expressionKeys) { reader, key, value in
            switch key {
            case "as":
                let names = MappingDocument.ReadAs.allCases.map(\.rawValue).filter { !$0.isEmpty }
                if let name = value.string, let readAs = MappingDocument.ReadAs(rawValue: name), !name.isEmpty
                {
                    expression.readAs = readAs
                } else {
                    let near = nearestName(to: value.string ?? "", among: names)
                    reader.report(
                        value, "a value cannot be read as \(value.text ?? value.kind)",
                        hint: near.map { "did you mean \($0)?" } ?? "as: \(names.joined(separator: ", "))")
                }
            case "cases":
                expression.cases = reader.entries(of: value, "cases").map { entry in
                    let isPrefix = entry.key.hasSuffix("*")
                    return .init(
                        text: isPrefix ? String(entry.key.dropLast()) : entry.key, isPrefix: isPrefix,
                        result: entry.value)
                }
            case "otherwise": expression.otherwise = value
            case "take": expression.functions = reader.listOrOne(value).compactMap { reader.function($0) }
            case "is", "is_not":
                if let word = reader.text(value), let test = reader.word(word, at: value) {
                    expression.test = (test, key == "is_not")
                }
            case "when": expression.conditions = reader.conditions(value)
            default: break
            }
        }
        return expression
    }

    private mutating func source(_ document: Document, _ key: String) -> MappingDocument.Source? {
        guard let value = document[key] else { return nil }
        switch key {
        case "from": return .paths(references(value))
        case "value": return .constant(value)
        case "join": return .join(references(value), with: document["with"]?.string ?? "")
        case "each":
            guard let reference = reference(value) else { return nil }
            let number = trieCount
            trieCount += 1
            return .each(reference, trie: number, rules: document["fields"].map { rules($0) })
        default:
            return .items(
                list(value, "items").map { item in
                    if let fields = item["fields"] {
                        return .init(
                            conditions: item["when"].map { conditions($0) } ?? [], rules: rules(fields))
                    }
                    return .init(conditions: [], rules: rules(item))
                })
        }
    }

    private mutating func function(_ document: Document) -> MappingDocument.Function? {
        let words = MappingDocument.Function.words
        if let name = document.string {
            if let function = words[name] { return function }
            let near = nearestName(to: name, among: words.keys)
            report(document, "there is no function \(name)", hint: near.map { "did you mean \($0)?" } ?? "")
            return nil
        }
        guard let entry = document.map?.first, let mark = text(entry.value) else {
            report(document, "a function is expected")
            return nil
        }
        if mark.isEmpty { report(document, "\(entry.key) needs a text") }
        switch entry.key {
        case "before": return .before(mark)
        case "after": return .after(mark)
        case "before_last": return .beforeLast(mark)
        case "after_last": return .afterLast(mark)
        case "split": return .split(mark, part: Int(document["part"]?.integer ?? 0))
        case "strip_prefix": return .stripPrefix(mark)
        case "strip_suffix": return .stripSuffix(mark)
        default:
            let known = [
                "before", "after", "before_last", "after_last", "split", "strip_prefix", "strip_suffix",
            ]
            let near = nearestName(to: entry.key, among: known)
            report(
                document, "there is no function \(entry.key)", hint: near.map { "did you mean \($0)?" } ?? "")
            return nil
        }
    }

    private mutating func word(_ name: String, at document: Document) -> MappingDocument.Test? {
        if let test = MappingDocument.Test.words[name] { return test }
        let known = MappingDocument.Test.words.keys.sorted()
        let near = nearestName(to: name, among: known)
        report(
            document, "nothing is \(name)",
            hint: near.map { "did you mean \($0)?" } ?? "one of \(known.joined(separator: ", "))")
        return nil
    }

    private mutating func conditions(_ document: Document) -> [MappingDocument.Condition] {
        entries(of: document, "when").flatMap { entry -> [MappingDocument.Condition] in
            let path = Document(.string(entry.key), at: entry.keyPosition)
            guard let reference = reference(path) else { return [] }
            guard let tests = entry.value.map else {
                let texts = texts(of: entry.value).map(\.text)
                return [.init(reference: reference, test: .equals(texts), isNegated: false)]
            }
            return tests.compactMap { test in condition(test, reference) }
        }
    }

    private mutating func condition(
        _ entry: Document.Entry, _ reference: MappingDocument.Reference
    ) -> MappingDocument.Condition? {
        let texts = texts(of: entry.value).map(\.text)
        switch entry.key {
        case "not": return .init(reference: reference, test: .equals(texts), isNegated: true)
        case "starts_with": return .init(reference: reference, test: .startsWith(texts), isNegated: false)
        case "ends_with": return .init(reference: reference, test: .endsWith(texts), isNegated: false)
        case "contains": return .init(reference: reference, test: .contains(texts), isNegated: false)
        case "is", "is_not":
            if texts.first == "absent" {
                return .init(reference: reference, test: .present, isNegated: entry.key == "is")
            }
            guard let name = texts.first, let test = word(name, at: entry.value) else { return nil }
            return .init(reference: reference, test: test, isNegated: entry.key == "is_not")
        default:
            let known = ["is", "is_not", "not", "starts_with", "ends_with", "contains"]
            let near = nearestName(to: entry.key, among: known)
            problems.append(
                Problem(
                    at: entry.keyPosition, "there is no test \(entry.key)",
                    hint: near.map { "did you mean \($0)?" } ?? "one of \(known.joined(separator: ", "))"))
            return nil
        }
    }
}
