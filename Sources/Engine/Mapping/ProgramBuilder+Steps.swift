/// Steps of the program, from the tree of attributes.
extension ProgramBuilder {
    mutating func emit(_ node: Node, beside parent: Node, scope: Int, prefix: String = "") {
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

    mutating func emitLeaf(_ node: Node, beside parent: Node, scope: Int, prefix: String) {
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
    func specialize(_ op: inout MappingProgram.Op) {
        guard op.expressions.count == 1 else { return }
        let expression = expressions[Int(op.expressions.start)]
        guard expression.kind == .paths, expression.references.count > 0 else { return }
        if expression.references.count == 1 {
            op.onlyReference = references[Int(expression.references.start)]
        }
        if op.isText(by: expression) { op.code = .text }
    }

    mutating func emitArray(_ node: Node, _ object: OCSFSchema.Structure, scope: Int, prefix: String) {
        var op = MappingProgram.Op(code: .array, text: text("\(quoted(node.name)):["))
        let here = prefix + node.path + "[]."
        var lowered: [MappingProgram.Expression] = []
        for (expression, outer) in node.expressions {
            switch expression.source {
            case .each(let reference, let trie, let rules, _):
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
    mutating func lower(
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

    mutating func addInner(
        _ rule: MappingDocument.Rule, _ destination: OCSFSchema.Destination, to root: Node
    ) {
        var node = root
        for step in destination.steps { node = node.child(step.attribute.name, step.attribute) }
        for name in destination.rest { node = node.child(name, nil) }
        node.expressions = rule.expressions.map { ($0, []) } + node.expressions
    }
}
