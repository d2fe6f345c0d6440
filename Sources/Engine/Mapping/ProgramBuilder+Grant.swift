/// A mapping's `grant:`, lowered to one enrichment.
extension ProgramBuilder {
    /// Writes the grant the record tells of as `enrichments`; nothing where its phase yields nothing.
    mutating func emitGrant(_ rules: [ConditionedRule]) {
        let structure = schema.grant
        let root = Node("data", nil, path: "")
        let phase = root.child("phase", structure["phase"])
        let value = Node("value", structure["phase"], path: "value")
        for (rule, conditions) in rules {
            guard let destination = try? schema.resolve(rule.path, in: structure, hints: false) else {
                continue
            }
            place(rule, conditions, at: destination, in: root)
        }
        guard !phase.expressions.isEmpty else { return }
        value.expressions = phase.expressions

        let outer = ops
        ops = []
        emit(value, beside: root, scope: 0, prefix: "enrichments[].")
        let required = inner()
        ops.append(.init(code: .literal, text: text(#""name":"\#(Grant.enrichmentName)","type":"access","#)))
        if let provider = root.children.first(where: { $0.name == "provider" }) {
            emit(provider, beside: root, scope: 0, prefix: "enrichments[].")
        }
        ops.append(.init(code: .open, text: text("\"data\":{")))
        for child in root.children { emit(child, beside: root, scope: 0, prefix: "enrichments[].data.") }
        ops.append(.init(code: .close))
        let rest = inner()
        ops = outer

        var list = MappingProgram.Expression(kind: .items)
        list.items = Run32(start: Int32(items.count), count: 1)
        items.append(.init(conditions: .none, ops: rest, required: required))
        var op = MappingProgram.Op(code: .array, text: text("\"enrichments\":["))
        op.expressions = Run32(start: Int32(expressions.count), count: 1)
        expressions.append(list)
        ops.append(op)
    }

    /// Moves the steps there are to the table of arrays' elements.
    mutating func inner() -> Run32 {
        defer { ops = [] }
        let start = innerOps.count
        innerOps += ops
        return Run32(start: Int32(start), count: Int32(ops.count))
    }
}

extension OCSFSchema {
    /// What a grant is made of: OCSF's own objects for people, roles, resources and tickets, under names of ours.
    var grant: Structure {
        let phases = Grant.Phase.allCases.map { EnumValue(key: $0.rawValue, caption: $0.rawValue) }
        func list(_ name: String, _ object: String, isArray: Bool = false) -> Attribute {
            .init(
                name: name, type: objectNumber(named: object).map { .object($0) } ?? .anyObject,
                isArray: isArray)
        }
        func text(_ name: String, _ type: Scalar = .string) -> Attribute {
            .init(name: name, type: .scalar(type), isArray: false)
        }
        var phase = text("phase")
        phase.values = phases
        return Structure(
            name: "grant", caption: "Grant",
            attributes: [
                list("account", "account"), list("approvers", "user", isArray: true), text("duration"),
                text("end_time", .timestamp), text("is_emergency", .boolean), text("justification"), phase,
                text("provider"), list("requester", "user"),
                list("resources", "resource_details", isArray: true),
                list("roles", "iam_role", isArray: true), text("start_time", .timestamp),
                list("target", "user"),
                list("ticket", "ticket"), text("uid"),
            ])
    }
}
