/// Reads `mapping.yaml` and collects everything wrong with it.
struct MappingReader {
    /// Rules that choose a class are asked for every record, one after the other.
    static let classRulesMax = 16
    static let nestingMax = 8

    var problems: [Problem] = []
    var trieCount = 0
    var nesting = 0

    mutating func read(_ document: Document) -> MappingDocument {
        let nowhere = MappingDocument.Target(
            className: "base_event", activity: "other", position: document.position)
        var mapping = MappingDocument(otherwise: nowhere)
        var fields = MappingDocument.Block(classes: [], operations: [], conditions: [], rules: [])
        var blocks: [MappingDocument.Block] = []
        var caseBlocks: [MappingDocument.Block] = []
        forEach(
            in: document, "a mapping",
            [
                "product", "profiles", "detect", "layouts", "record", "class", "fields", "grant",
                "attribution",
                "blocks", "unmapped",
            ]
        ) { reader, key, value in
            switch key {
            case "product":
                for entry in reader.entries(of: value, "product") {
                    mapping.product.append((entry.key, entry.value, entry.keyPosition))
                }
            case "profiles":
                mapping.profiles = reader.texts(of: value).map { ($0.text, $0.position) }
            case "detect": mapping.detects = reader.listOrOne(value).map { reader.detection($0) }
            case "layouts": mapping.layouts = reader.layouts(value)
            case "record": reader.record(value, into: &mapping)
            case "class": reader.classes(value, into: &mapping, &caseBlocks)
            case "fields": fields.rules = reader.rules(value)
            case "grant": fields.grant = reader.rules(value)
            case "attribution": fields.attribution = reader.rules(value)
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
    mutating func forEach(
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

    mutating func entries(of document: Document, _ what: String) -> [Document.Entry] {
        if let map = document.map { return map }
        report(document, "\(what) must be a mapping, not \(document.kind)")
        return []
    }

    mutating func list(_ document: Document, _ what: String) -> [Document] {
        if let list = document.list { return list }
        report(document, "\(what) must be a list, not \(document.kind)")
        return []
    }

    func listOrOne(_ document: Document) -> [Document] { document.list ?? [document] }

    /// A scalar's text, as a record's value is compared with it.
    mutating func text(_ document: Document) -> String? {
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

    mutating func texts(of document: Document) -> [(text: String, position: SourcePosition)] {
        listOrOne(document).compactMap { item in text(item).map { ($0, item.position) } }
    }

    mutating func reference(_ document: Document) -> MappingDocument.Reference? {
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

    mutating func references(_ document: Document) -> [MappingDocument.Reference] {
        listOrOne(document).compactMap { reference($0) }
    }

    // MARK: Record and class

    mutating func record(_ document: Document, into mapping: inout MappingDocument) {
        let keys = ["id", "time", "principal", "time_optional", "aliases"]
        forEach(in: document, "record", keys) { reader, key, value in
            switch key {
            case "id": mapping.id = reader.listOrOne(value).map { reader.references($0) }
            case "time": mapping.time = reader.expressions(value)
            case "principal": mapping.principal = reader.reference(value)
            case "aliases": mapping.aliases = reader.aliases(value)
            default: mapping.isTimeOptional = value.bool ?? false
            }
        }
    }

    mutating func detection(_ document: Document) -> [MappingDocument.Condition] {
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

    /// `layouts`: where records stand in a document of this feed that is none itself.
    mutating func layouts(_ document: Document) -> RecordLayouts {
        var layouts = RecordLayouts()
        forEach(in: document, "layouts", ["arrays", "tables"]) { reader, key, value in
            if key == "arrays" {
                layouts.arrays = Set(reader.texts(of: value).map { Array($0.text.utf8) })
                return
            }
            for table in reader.list(value, "tables") {
                guard let header = table["header"].map({ reader.texts(of: $0).map(\.text) }), !header.isEmpty
                else {
                    reader.report(table, "a table needs `header`: its first columns")
                    continue
                }
                layouts.tables.append(
                    .init(header: header, member: table["in"].flatMap { reader.text($0) } ?? ""))
            }
        }
        return layouts
    }

    mutating func target(_ document: Document) -> MappingDocument.Target? {
        guard let text = text(document) else { return nil }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else {
            report(document, "\(text) is no class with an activity", hint: "write class/activity")
            return nil
        }
        return .init(className: parts[0], activity: parts[1], position: document.position)
    }

    /// A path, a list of which the first that is there counts, or `{from: …, take: …}`.
    mutating func chooser(_ document: Document) -> MappingDocument.Chooser {
        guard document.map != nil else { return .init(references: references(document)) }
        var chooser = MappingDocument.Chooser(references: [])
        forEach(in: document, "what chooses the class", ["from", "take"]) { reader, key, value in
            switch key {
            case "from": chooser.references = reader.references(value)
            default: chooser.functions = reader.listOrOne(value).compactMap { reader.function($0) }
            }
        }
        return chooser
    }

    mutating func classes(
        _ document: Document, into mapping: inout MappingDocument, _ blocks: inout [MappingDocument.Block]
    ) {
        if let from = document["from"] { mapping.from = listOrOne(from).map { chooser($0) } }
        if mapping.from.count > 2 { report(document, "a class is chosen by two values at most") }
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
                        let (fields, grant) = (entry.value["fields"], entry.value["grant"])
                        if fields != nil || grant != nil {
                            block = blocks.count
                            blocks.append(
                                .init(
                                    classes: [], operations: [], conditions: [],
                                    rules: fields.map { reader.rules($0) } ?? [],
                                    grant: grant.map { reader.rules($0) } ?? [], isOfCase: true))
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

    mutating func pattern(
        _ text: String, _ width: Int, at document: Document
    ) -> MappingDocument.Pattern? {
        guard width == 2 else { return .init(parts: [text]) }
        guard let slash = text.firstIndex(of: "/") else {
            report(document, "\(text) names one value where `from` has two", hint: "write first/second")
            return nil
        }
        return .init(parts: [String(text[..<slash]), String(text[text.index(after: slash)...])])
    }

    mutating func block(_ document: Document) -> MappingDocument.Block {
        var block = MappingDocument.Block(classes: [], operations: [], conditions: [], rules: [])
        let keys = ["classes", "operations", "when", "fields", "grant", "attribution"]
        forEach(in: document, "a block", keys) { reader, key, value in
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
            case "grant": block.grant = reader.rules(value)
            case "attribution": block.attribution = reader.rules(value)
            default: block.rules = reader.rules(value)
            }
        }
        return block
    }
}
