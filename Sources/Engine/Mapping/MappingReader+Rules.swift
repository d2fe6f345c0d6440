/// Rules, expressions and conditions.
extension MappingReader {
    mutating func rules(_ document: Document) -> [MappingDocument.Rule] {
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

    mutating func expressions(_ document: Document) -> [MappingDocument.Expression] {
        listOrOne(document).compactMap { expression($0) }
    }

    private static let expressionKeys = [
        "from", "value", "join", "with", "each", "items", "fields", "member", "as", "cases", "otherwise",
        "take", "is",
        "is_not", "when",
    ]

    mutating func expression(_ document: Document) -> MappingDocument.Expression? {
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

    mutating func source(_ document: Document, _ key: String) -> MappingDocument.Source? {
        guard let value = document[key] else { return nil }
        switch key {
        case "from": return .paths(references(value))
        case "value": return .constant(value)
        case "join": return .join(references(value), with: document["with"]?.string ?? "")
        case "each":
            guard let reference = reference(value) else { return nil }
            let number = trieCount
            trieCount += 1
            let members = document["member"].map { self.members($0) } ?? []
            if let fields = document["fields"], !members.isEmpty {
                report(fields, "an element is read by `fields` or by `member`, not both")
            }
            return .each(
                reference, trie: number, rules: document["fields"].map { rules($0) }, members: members)
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

    mutating func aliases(
        _ document: Document
    ) -> [(alias: KeyPath, path: KeyPath, position: SourcePosition)] {
        entries(of: document, "aliases").compactMap { entry in
            let name = Document(.string(entry.key), at: entry.keyPosition)
            guard let alias = reference(name)?.path, let path = reference(entry.value)?.path else {
                return nil
            }
            guard !alias.steps.starts(with: path.steps) else {
                report(name, "\(entry.key) is no other way to write \(path)")
                return nil
            }
            return (alias, path, entry.keyPosition)
        }
    }

    /// The keys that lead from an element to its single value.
    private mutating func members(_ document: Document) -> [[UInt8]] {
        guard let reference = reference(document) else { return [] }
        let keys = reference.path.steps.compactMap { step -> [UInt8]? in
            if case .key(let key) = step { key } else { nil }
        }
        if reference.isRoot || keys.isEmpty || keys.count < reference.path.steps.count {
            report(document, "`member` needs keys of the element")
        }
        return keys
    }

    mutating func function(_ document: Document) -> MappingDocument.Function? {
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
        case "in_json":
            guard var path = KeyPath(mark), !path.steps.contains(where: \.isByContent) else {
                report(
                    document, "\(mark) is no path into JSON",
                    hint: "keys and numbers; `$` is the value itself")
                return nil
            }
            if path.steps.first == .key([0x24]) { path.steps.removeFirst() }
            return .inJSON(path)
        case "strip_prefix": return .stripPrefix(mark)
        case "strip_suffix": return .stripSuffix(mark)
        default:
            let known = [
                "before", "after", "before_last", "after_last", "split", "in_json", "strip_prefix",
                "strip_suffix",
            ]
            let near = nearestName(to: entry.key, among: known)
            report(
                document, "there is no function \(entry.key)", hint: near.map { "did you mean \($0)?" } ?? "")
            return nil
        }
    }

    mutating func word(_ name: String, at document: Document) -> MappingDocument.Test? {
        if let test = MappingDocument.Test.words[name] { return test }
        let known = MappingDocument.Test.words.keys.sorted()
        let near = nearestName(to: name, among: known)
        report(
            document, "nothing is \(name)",
            hint: near.map { "did you mean \($0)?" } ?? "one of \(known.joined(separator: ", "))")
        return nil
    }

    mutating func conditions(_ document: Document) -> [MappingDocument.Condition] {
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

    mutating func condition(
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
