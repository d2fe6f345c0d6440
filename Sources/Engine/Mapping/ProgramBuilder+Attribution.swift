/// A mapping's `attribution:`, lowered to steps of their own that write what `Act` reads.
extension ProgramBuilder {
    /// Attributes of the event that say, unless the mapping knows better, who acted with what.
    private static let natural: [(path: String, field: Act.Field)] = [
        ("actor.session.credential_uid", .key), ("actor.session.uid", .session),
        ("actor.user.uid", .subject), ("actor.user.uid_alt", .subjectAlt), ("actor.user.name", .name),
        ("actor.user.email_addr", .email), ("actor.user.type_id", .typeID),
    ]
    /// The same of the account that an event of user management is about.
    private static let managed: [(path: String, field: Act.Field)] = [
        ("user.uid", .account), ("user.uid_alt", .accountAlt), ("user.name", .accountName),
        ("user.email_addr", .accountEmail),
    ]

    /// The steps, in the table of arrays' elements.
    ///
    /// - Parameters:
    ///   - rules: those of the event's own attributes, of which some are read again.
    ///   - system: what ids are of, unless the mapping says so.
    mutating func emitAttribution(
        _ rules: [ConditionedRule], _ own: [ConditionedRule], of structure: OCSFSchema.Structure,
        system: String
    ) -> Run32 {
        let lowered = schema.act
        let root = Node("", nil, path: "")
        let nowhere = SourcePosition(file: "", line: 0, column: 0)
        let name = Document(.string(system), at: nowhere)
        add(.system, [.init(source: .constant(name), position: nowhere)], [], lowered, to: root)
        let known = structure.name == "user_management" ? Self.natural + Self.managed : Self.natural
        for (rule, conditions) in rules {
            guard let field = known.first(where: { $0.path == rule.path })?.field else { continue }
            add(field, rule.expressions, conditions, lowered, to: root)
        }
        for (rule, conditions) in own {
            guard let field = Act.Field.allCases.first(where: { $0.attribute == rule.path }) else { continue }
            add(field, rule.expressions, conditions, lowered, to: root)
        }
        let outer = ops
        ops = [.init(code: .literal, text: text("{"))]
        for child in root.children { emit(child, beside: root, scope: 0, prefix: "attribution.") }
        let run = inner()
        ops = outer
        return run
    }

    private mutating func add(
        _ field: Act.Field, _ expressions: [MappingDocument.Expression],
        _ conditions: [MappingDocument.Condition], _ structure: OCSFSchema.Structure, to root: Node
    ) {
        let letter = String(UnicodeScalar(field.letter))
        let position = expressions.first?.position ?? SourcePosition(file: "", line: 0, column: 0)
        let rule = MappingDocument.Rule(path: letter, position: position, expressions: expressions)
        guard let destination = try? schema.resolve(letter, in: structure, hints: false) else { return }
        place(rule, conditions, at: destination, in: root)
    }
}

extension OCSFSchema {
    /// What `attribution:` is made of, as mappings write it.
    var attribution: Structure { Structure(name: "attribution", attributes: attributes { $0.attribute }) }

    /// The same as `Act` reads it: a letter for each.
    var act: Structure {
        Structure(name: "attribution", attributes: attributes { String(UnicodeScalar($0.letter)) })
    }

    private func attributes(_ name: (Act.Field) -> String) -> [Attribute] {
        Act.Field.allCases.map { field in
            var attribute = Attribute(
                name: name(field), type: .scalar(.string), isArray: field == .delegates)
            switch field {
            case .sessionTime: attribute.type = .scalar(.timestamp)
            case .kind:
                attribute.values = Nature.allCases.map { EnumValue(key: $0.name, caption: $0.name) }
            case .issuedBy:
                attribute.values = LinkKind.issuing.map { EnumValue(key: $0.name, caption: $0.name) }
            case .typeID:
                if let number = objectNumber(named: "user"), let own = objects[number]["type_id"] {
                    attribute.type = own.type
                    attribute.values = own.values
                }
            default: break
            }
            return attribute
        }.sorted { $0.name < $1.name }
    }
}
