/// Lowers rules for one class into a program's tables; says what is wrong with them on the way.
struct ProgramBuilder {
    /// An attribute to be written, in the order of first mention.
    private final class Node {
        let name: String
        let attribute: OCSFSchema.Attribute?
        let path: String
        var children: [Node] = []
        var expressions: [(expression: MappingDocument.Expression, conditions: [MappingDocument.Condition])] =
            []
        var special: MappingProgram.Op.Code?

        init(_ name: String, _ attribute: OCSFSchema.Attribute?, path: String) {
            self.name = name
            self.attribute = attribute
            self.path = path
        }

        func child(_ name: String, _ attribute: OCSFSchema.Attribute?) -> Node {
            if let found = children.first(where: { $0.name == name }) { return found }
            let node = Node(name, attribute, path: path.isEmpty ? name : "\(path).\(name)")
            children.append(node)
            return node
        }
    }

    let schema: OCSFSchema
    let profiles: [String]
    /// Slot of each path, for the record and for each `each`.
    let slots: [[KeyPath: Int]]
    /// What is added to the slots of each.
    let slotOffsets: [Int]

    var ops: [MappingProgram.Op] = []
    var expressions: [MappingProgram.Expression] = []
    var conditions: [MappingProgram.Condition] = []
    var texts: [Run32] = []
    var references: [Int32] = []
    var functions: [MappingProgram.Function] = []
    var cases: [MappingProgram.Case] = []
    var items: [MappingProgram.Item] = []
    var observables: [Run32] = []
    var pool: [UInt8] = []
    var problems: [Problem] = []
    /// Enum values that this class has not; a fault only where no class has them.
    var unfit: [Problem] = []
    /// Where constants stand that did fit.
    var fitted: Set<SourcePosition> = []

    init(schema: OCSFSchema, profiles: [String], slots: [[KeyPath: Int]], slotOffsets: [Int]) {
        self.schema = schema
        self.profiles = profiles
        self.slots = slots
        self.slotOffsets = slotOffsets
    }

    /// A problem that says an attribute is not in this class; another class may have it.
    struct Missing: Error { var problem: Problem }

    /// The program for `structure`; rules later in the list count first.
    mutating func program(
        _ structure: OCSFSchema.Structure, activity: OCSFSchema.EnumValue,
        rules: [(MappingDocument.Rule, [MappingDocument.Condition])], time: [MappingDocument.Expression],
        activityFrom: MappingDocument.Reference?
    ) -> MappingProgram {
        let root = Node("", nil, path: "")
        let metadata = root.child("metadata", schema.baseEvent["metadata"])
        metadata.child("uid", nil).special = .uid
        root.child("time", schema.baseEvent["time"]).special = .time
        for (rule, conditions) in rules { add(rule, conditions, to: root, in: structure) }

        let activityID = activity.id ?? 0
        let category = schema.categoryName(structure.categoryUID)
        var head = #"{"activity_id":\#(activityID),"#
        let named = root.children.first { $0.name == "activity_name" }
        if activityID != 99, named == nil { head += "\"activity_name\":\(quoted(activity.caption))," }
        head += "\"category_name\":\(quoted(category)),\"category_uid\":\(structure.categoryUID),"
        head += "\"class_name\":\(quoted(structure.caption)),\"class_uid\":\(structure.uid),"
        head += "\"type_name\":\(quoted("\(structure.caption): \(activity.caption)")),"
        head += "\"type_uid\":\(Int64(structure.uid) * 100 + activityID),"
        let start = ops.count
        ops.append(.init(code: .literal, text: text(head)))
        if activityID == 99, named == nil {
            let node = root.child("activity_name", structure["activity_name"])
            let nowhere = SourcePosition(file: "", line: 0, column: 0)
            let caption = Document(.string(activity.caption), at: nowhere)
            node.expressions.append((.init(source: .constant(caption), position: nowhere), []))
            if let activityFrom {
                node.expressions.insert((.init(source: .paths([activityFrom]), position: nowhere), []), at: 0)
            }
            root.children.removeLast()
            root.children.insert(node, at: 0)
        }
        for child in root.children { emit(child, beside: root, scope: 0) }
        let count = ops.count - start
        let times = lower(time.map { ($0, []) }, attribute: schema.baseEvent["time"], scope: 0)
        return MappingProgram(
            self, main: Run32(start: Int32(start), count: Int32(count)), time: times, classUID: structure.uid,
            activityID: Int(activityID))
    }

    // MARK: The tree of attributes

    /// Where a rule's path leads in `structure`, or the problem; `Missing` if only this class lacks it.
    func resolve(
        _ rule: MappingDocument.Rule, in structure: OCSFSchema.Structure, hints: Bool = true
    ) throws(Missing) -> OCSFSchema.Destination {
        let destination: OCSFSchema.Destination
        do {
            destination = try schema.resolve(rule.path, in: structure, at: rule.position, hints: hints)
        } catch {
            throw Missing(problem: error)
        }
        for profile in destination.profiles
        where !profiles.contains(profile) || !structure.profiles.contains(profile) {
            throw Missing(
                problem: Problem(
                    at: rule.position, "\(rule.path) needs the profile \(profile)",
                    hint: structure.profiles.contains(profile)
                        ? "add it to `profiles`" : "class \(structure.name) does not know it"))
        }
        return destination
    }

    private static let derived: Set<String> = [
        "activity_id", "category_uid", "category_name", "class_uid", "class_name", "type_uid", "type_name",
        "time",
        "observables", "unmapped", "raw_data", "raw_data_hash", "raw_data_size",
    ]

    private mutating func add(
        _ rule: MappingDocument.Rule, _ conditions: [MappingDocument.Condition], to root: Node,
        in structure: OCSFSchema.Structure
    ) {
        guard let destination = try? resolve(rule, in: structure, hints: false) else { return }
        if root.path.isEmpty, let first = destination.steps.first?.attribute.name,
            Self.derived.contains(first)
        {
            problems.append(
                Problem(at: rule.position, "\(first) is filled in, not mapped", hint: "see docs/mappings.md"))
            return
        }
        var node = root
        for (index, step) in destination.steps.enumerated() {
            node = node.child(step.attribute.name, step.attribute)
            let isLast = index == destination.steps.count - 1 && destination.rest.isEmpty
            if !isLast, step.attribute.isArray {
                problems.append(
                    Problem(
                        at: rule.position, "\(node.path) is an array",
                        hint:
                            "give it `each` or `items`, with `\(step.attribute.name)` alone as the attribute")
                )
                return
            }
            if !isLast { node.expressions = [] }
        }
        for name in destination.rest { node = node.child(name, nil) }
        node.children = []
        if rule.expressions.isEmpty {
            // `null` under a condition: nothing, where it holds.
            let nothing = MappingDocument.Expression(source: .nothing, position: rule.position)
            node.expressions = conditions.isEmpty ? [] : [(nothing, conditions)] + node.expressions
        } else {
            node.expressions = rule.expressions.map { ($0, conditions) } + node.expressions
        }
    }

    // MARK: Steps

    private mutating func emit(_ node: Node, beside parent: Node, scope: Int, prefix: String = "") {
        if let special = node.special {
            ops.append(.init(code: special, text: text("\(quoted(node.name)):")))
            return
        }
        if node.expressions.isEmpty {
            guard !node.children.isEmpty else { return }
            ops.append(.init(code: .open, text: text("\(quoted(node.name)):{")))
            for child in node.children { emit(child, beside: node, scope: scope, prefix: prefix) }
            ops.append(.init(code: .close))
            return
        }
        switch node.attribute?.type {
        case .object(let number) where node.attribute?.isArray == true:
            emitArray(node, schema.objects[number], scope: scope, prefix: prefix)
        case .object(let number):
            let object = schema.objects[number]
            for (expression, _) in node.expressions {
                if case .nothing = expression.source { continue }
                let example = object.attributes.first?.name ?? "uid"
                problems.append(
                    Problem(
                        at: expression.position, "\(node.path) is an object (\(object.name))",
                        hint: "name an attribute in it, such as \(node.path).\(example)"))
            }
        default: emitLeaf(node, beside: parent, scope: scope, prefix: prefix)
        }
    }

    private mutating func emitLeaf(_ node: Node, beside parent: Node, scope: Int, prefix: String) {
        var op = MappingProgram.Op(code: .leaf, text: text("\(quoted(node.name)):"))
        if case .scalar(let scalar) = node.attribute?.type { op.scalar = scalar } else { op.scalar = .json }
        op.isArray = node.attribute?.isArray ?? false
        if let attribute = node.attribute, !attribute.values.isEmpty {
            let start = cases.count
            for value in attribute.values {
                let isText = op.scalar == .string
                cases.append(
                    .init(
                        text: text(value.key), isPrefix: false,
                        output: text(isText ? quoted(value.key) : value.key),
                        caption: text(quoted(value.caption)), id: Int32(clamping: value.id ?? -1)))
            }
            op.values = Run32(start: Int32(start), count: Int32(cases.count - start))
            if let sibling = attribute.sibling, !parent.children.contains(where: { $0.name == sibling }) {
                op.sibling = text("\(quoted(sibling)):")
            }
        }
        let path = prefix + node.path
        if let type = node.attribute?.observable, node.attribute?.type != .scalar(.json) {
            op.observable = Int32(observables.count)
            let caption = schema.observables[type] ?? "Other"
            observables.append(
                text(#"{"name":\#(quoted(path)),"type":\#(quoted(caption)),"type_id":\#(type),"value":"#))
        }
        if prefix.isEmpty, node.path == "status_id" { op.captures = .status }
        if prefix.isEmpty, node.path == "severity_id" { op.captures = .severity }
        // A constant that nothing can come before is a text like any other.
        if let first = node.expressions.first, case .constant(let document) = first.expression.source,
            first.conditions.isEmpty, first.expression.conditions.isEmpty, op.observable < 0,
            op.captures == .nothing,
            let value = constant(document, node.attribute)
        {
            var whole =
                "\(quoted(node.name)):\(op.isArray && document.list == nil ? "[\(value.json)]" : value.json),"
            if op.sibling.count > 0, let caption = value.caption, let sibling = node.attribute?.sibling {
                whole += "\(quoted(sibling)):\(quoted(caption)),"
            }
            ops.append(.init(code: .literal, text: text(whole)))
            return
        }
        op.expressions = lower(node.expressions, attribute: node.attribute, scope: scope)
        specialize(&op)
        ops.append(op)
    }

    /// Finds what of an attribute's work can be left out for every record.
    private func specialize(_ op: inout MappingProgram.Op) {
        guard op.expressions.count == 1 else { return }
        let expression = expressions[Int(op.expressions.start)]
        guard expression.kind == .paths, expression.references.count > 0 else { return }
        if expression.references.count == 1 {
            op.onlyReference = references[Int(expression.references.start)]
        }
        let isBare =
            expression.conditions.count == 0 && expression.functions.count == 0 && expression.cases.count == 0
            && expression.otherwise < 0 && expression.test == .none
        if isBare, op.scalar.isAnyString, !op.isArray, op.values.count == 0, op.captures == .nothing {
            op.code = .text
        }
    }

    private mutating func emitArray(_ node: Node, _ object: OCSFSchema.Structure, scope: Int, prefix: String)
    {
        var op = MappingProgram.Op(code: .array, text: text("\(quoted(node.name)):["))
        let here = prefix + node.path + "[]."
        var lowered: [MappingProgram.Expression] = []
        for (expression, outer) in node.expressions {
            switch expression.source {
            case .each(let reference, let trie, let rules):
                var each = MappingProgram.Expression(kind: .each)
                each.conditions = lower(outer + expression.conditions, scope: scope)
                each.references = lower([reference], scope: scope)
                each.trie = Int32(trie + 1)
                guard let rules else {
                    problems.append(
                        Problem(
                            at: expression.position, "\(node.path) holds objects (\(object.name))",
                            hint: "add `fields`"))
                    continue
                }
                each.items = lower(
                    [.init(conditions: [], rules: rules)], object, scope: trie + 1, prefix: here)
                lowered.append(each)
            case .items(let list):
                var each = MappingProgram.Expression(kind: .items)
                each.conditions = lower(outer + expression.conditions, scope: scope)
                each.items = lower(list, object, scope: scope, prefix: here)
                lowered.append(each)
            case .nothing:
                var nothing = MappingProgram.Expression(kind: .nothing)
                nothing.conditions = lower(outer, scope: scope)
                lowered.append(nothing)
            default:
                problems.append(
                    Problem(
                        at: expression.position, "\(node.path) is an array of objects (\(object.name))",
                        hint: "give it `each` or `items`"))
            }
        }
        op.expressions = Run32(start: Int32(expressions.count), count: Int32(lowered.count))
        expressions += lowered
        ops.append(op)
    }

    /// Lowers the objects of an array; their steps stand in a table of their own.
    private mutating func lower(
        _ list: [MappingDocument.Item], _ object: OCSFSchema.Structure, scope: Int, prefix: String
    ) -> Run32 {
        var built: [MappingProgram.Item] = []
        for item in list {
            let root = Node("", nil, path: "")
            for rule in item.rules {
                do {
                    let destination = try schema.resolve(rule.path, in: object, at: rule.position)
                    addInner(rule, destination, to: root)
                } catch {
                    problems.append(error)
                }
            }
            // Steps of elements are kept in a list of their own until the main ones are done.
            let outer = ops
            ops = []
            for child in root.children { emit(child, beside: root, scope: scope, prefix: prefix) }
            let inner = ops
            ops = outer
            let start = innerOps.count
            innerOps += inner
            built.append(
                .init(
                    conditions: lower(item.conditions, scope: scope),
                    ops: Run32(start: Int32(start), count: Int32(inner.count))))
        }
        let start = items.count
        items += built
        return Run32(start: Int32(start), count: Int32(built.count))
    }

    /// The steps of arrays' elements; a table of their own, so that the main steps stand together.
    var innerOps: [MappingProgram.Op] = []

    private mutating func addInner(
        _ rule: MappingDocument.Rule, _ destination: OCSFSchema.Destination, to root: Node
    ) {
        var node = root
        for step in destination.steps { node = node.child(step.attribute.name, step.attribute) }
        for name in destination.rest { node = node.child(name, nil) }
        node.expressions = rule.expressions.map { ($0, []) } + node.expressions
    }

    // MARK: Expressions

    private mutating func lower(
        _ list: [(expression: MappingDocument.Expression, conditions: [MappingDocument.Condition])],
        attribute: OCSFSchema.Attribute?, scope: Int
    ) -> Run32 {
        var lowered: [MappingProgram.Expression] = []
        for (expression, outer) in list {
            var out = MappingProgram.Expression(kind: .paths)
            out.readAs = expression.readAs.code
            switch expression.source {
            case .paths(let paths): out.references = lower(paths, scope: scope)
            case .constant(let document):
                out.kind = .constant
                guard let value = constant(document, attribute) else {
                    unfit.append(constantProblem(document, attribute))
                    continue
                }
                fitted.insert(document.position)
                out.text = text(
                    attribute?.isArray == true && document.list == nil ? "[\(value.json)]" : value.json)
                out.caption = value.caption.map { text(quoted($0)) } ?? .none
                out.id = value.id
            case .join(let paths, let between):
                out.kind = .join
                out.references = lower(paths, scope: scope)
                out.text = escapedText(between)
            case .nothing: out.kind = .nothing
            case .each(let reference, _, let rules):
                out.references = lower([reference], scope: scope)
                if rules != nil || attribute?.isArray != true {
                    problems.append(
                        Problem(
                            at: expression.position, "\(attribute?.name ?? "this") is no array of objects"))
                    continue
                }
            case .items:
                problems.append(
                    Problem(at: expression.position, "\(attribute?.name ?? "this") is no array of objects"))
                continue
            }
            out.conditions = lower(outer + expression.conditions, scope: scope)
            out.functions = lower(expression.functions)
            if let test = expression.test {
                out.test = lower(test.0).code
                out.isTestNegated = test.isNegated
            }
            lowerCases(expression, attribute, into: &out)
            lowered.append(out)
        }
        let start = expressions.count
        expressions += lowered
        return Run32(start: Int32(start), count: Int32(lowered.count))
    }

    private mutating func lowerCases(
        _ expression: MappingDocument.Expression, _ attribute: OCSFSchema.Attribute?,
        into out: inout MappingProgram.Expression
    ) {
        var list: [MappingProgram.Case] = []
        func append(_ text: String, _ isPrefix: Bool, _ result: Document, _ builder: inout ProgramBuilder) {
            guard let value = builder.constant(result, attribute) else {
                let problem = builder.constantProblem(result, attribute)
                builder.unfit.append(problem)
                return
            }
            builder.fitted.insert(result.position)
            let caption = value.caption.map { builder.text(builder.quoted($0)) } ?? .none
            list.append(
                .init(
                    text: builder.text(text), isPrefix: isPrefix, output: builder.text(value.json),
                    caption: caption, id: value.id))
        }
        for item in expression.cases { append(item.text, item.isPrefix, item.result, &self) }
        let start = cases.count
        if let otherwise = expression.otherwise {
            let before = list.count
            append("", true, otherwise, &self)
            if list.count > before {
                out.otherwise = Int32(start + before)
            }
        }
        cases += list
        let count = out.otherwise >= 0 ? list.count - 1 : list.count
        out.cases = Run32(start: Int32(start), count: Int32(count))
    }

    private mutating func lower(_ list: [MappingDocument.Reference], scope: Int) -> Run32 {
        let start = references.count
        for reference in list {
            let trie = reference.isRoot ? 0 : scope
            let slot = reference.path.steps.isEmpty ? 0 : slots[trie][reference.path] ?? 0
            references.append(Int32(clamping: slotOffsets[trie] + slot))
        }
        return Run32(start: Int32(start), count: Int32(list.count))
    }

    mutating func lower(_ list: [MappingDocument.Condition], scope: Int) -> Run32 {
        let lowered = list.map { condition -> MappingProgram.Condition in
            let run = lower([condition.reference], scope: scope)
            let test = lower(condition.test)
            return .init(
                reference: references[Int(run.start)], test: test.code, isNegated: condition.isNegated,
                texts: test.texts)
        }
        let start = conditions.count
        conditions += lowered
        return Run32(start: Int32(start), count: Int32(lowered.count))
    }

    private mutating func lower(_ test: MappingDocument.Test) -> (code: MappingProgram.TestCode, texts: Run32)
    {
        func run(_ list: [String], _ builder: inout ProgramBuilder) -> Run32 {
            let start = builder.texts.count
            for item in list {
                let text = builder.text(item)
                builder.texts.append(text)
            }
            return Run32(start: Int32(start), count: Int32(list.count))
        }
        switch test {
        case .equals(let list): return (.equals, run(list, &self))
        case .startsWith(let list): return (.startsWith, run(list, &self))
        case .endsWith(let list): return (.endsWith, run(list, &self))
        case .contains(let list): return (.contains, run(list, &self))
        case .present: return (.present, .none)
        case .ip: return (.ip, .none)
        case .arn: return (.arn, .none)
        case .email: return (.email, .none)
        case .number: return (.number, .none)
        case .text: return (.text, .none)
        case .object: return (.object, .none)
        case .array: return (.array, .none)
        }
    }

    private mutating func lower(_ list: [MappingDocument.Function]) -> Run32 {
        let start = functions.count
        for function in list { functions.append(lower(function)) }
        return Run32(start: Int32(start), count: Int32(list.count))
    }

    private mutating func lower(_ function: MappingDocument.Function) -> MappingProgram.Function {
        switch function {
        case .arnPartition: .init(code: .arnPart, part: 1)
        case .arnService: .init(code: .arnPart, part: 2)
        case .arnRegion: .init(code: .arnPart, part: 3)
        case .arnAccount: .init(code: .arnPart, part: 4)
        case .arnResource: .init(code: .arnResource)
        case .arnName: .init(code: .arnName)
        case .lower: .init(code: .lower)
        case .upper: .init(code: .upper)
        case .json: .init(code: .json)
        case .parsedJSON: .init(code: .parsedJSON)
        case .before(let mark): .init(code: .before, text: text(mark))
        case .after(let mark): .init(code: .after, text: text(mark))
        case .beforeLast(let mark): .init(code: .beforeLast, text: text(mark))
        case .afterLast(let mark): .init(code: .afterLast, text: text(mark))
        case .split(let mark, let part):
            .init(code: .split, text: text(mark), part: Int32(clamping: part))
        case .stripPrefix(let mark): .init(code: .stripPrefix, text: text(mark))
        case .stripSuffix(let mark): .init(code: .stripSuffix, text: text(mark))
        }
    }

    // MARK: Texts and constants

    mutating func text(_ text: String) -> Run32 { bytes(Array(text.utf8)) }

    private mutating func bytes(_ bytes: [UInt8]) -> Run32 {
        let start = pool.count
        pool += bytes
        return Run32(start: Int32(start), count: Int32(bytes.count))
    }

    /// `text` as it stands inside a JSON string.
    private mutating func escapedText(_ text: String) -> Run32 {
        var escaped: [UInt8] = []
        JSONText.escape(text.utf8, into: &escaped)
        return bytes(escaped)
    }

    private func quoted(_ text: String) -> String { String(decoding: JSONText.quoted(text), as: UTF8.self) }

    /// A constant as JSON, with its caption and id where the attribute is an enum; `nil` if it does not fit.
    private func constant(
        _ document: Document, _ attribute: OCSFSchema.Attribute?
    ) -> (json: String, caption: String?, id: Int32)? {
        if let list = document.list {
            guard attribute?.isArray ?? true else { return nil }
            let parts = list.map { constant($0, attribute)?.json }
            guard !parts.contains(nil) else { return nil }
            return ("[\(parts.compactMap { $0 }.joined(separator: ","))]", nil, -1)
        }
        if let attribute, !attribute.values.isEmpty {
            let name = document.string ?? document.integer.map(String.init) ?? ""
            guard let value = attribute.value(named: name) else { return nil }
            let json = attribute.type == .scalar(.string) || value.id == nil ? quoted(value.key) : value.key
            return (json, value.caption, Int32(clamping: value.id ?? -1))
        }
        guard case .scalar(let scalar) = attribute?.type ?? .scalar(.json) else { return nil }
        switch (scalar, document.value) {
        case (.boolean, .bool(let bool)), (.json, .bool(let bool)): return (bool ? "true" : "false", nil, -1)
        case (.integer, .integer(let value)), (.long, .integer(let value)), (.port, .integer(let value)),
            (.timestamp, .integer(let value)), (.float, .integer(let value)), (.json, .integer(let value)):
            return ("\(value)", nil, -1)
        case (.float, .number), (.json, .number): return (document.text ?? "0", nil, -1)
        case (.boolean, _), (.integer, _), (.long, _), (.port, _), (.timestamp, _), (.float, _): return nil
        case (_, .string(let value)): return (quoted(value), nil, -1)
        case (_, .integer), (_, .bool), (_, .number): return (quoted(document.text ?? ""), nil, -1)
        default: return nil
        }
    }

    private func constantProblem(_ document: Document, _ attribute: OCSFSchema.Attribute?) -> Problem {
        let name = attribute?.name ?? "this attribute"
        let given = document.string ?? document.text ?? document.kind
        if let attribute, !attribute.values.isEmpty {
            let near = nearestName(to: given, among: attribute.valueNames)
            return Problem(
                at: document.position, "\(name) has no value \(given)",
                hint: near.map { "did you mean \($0)?" }
                    ?? "it has \(attribute.valueNames.prefix(12).joined(separator: ", "))")
        }
        return Problem(at: document.position, "\(given) does not fit \(name)", hint: "see its OCSF type")
    }
}
