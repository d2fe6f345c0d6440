/// Texts in the pool, and constants as an attribute takes them.
extension ProgramBuilder {
    mutating func text(_ text: String) -> Run32 { bytes(Array(text.utf8)) }

    mutating func bytes(_ bytes: [UInt8]) -> Run32 {
        let start = pool.count
        pool += bytes
        return Run32(start: Int32(start), count: Int32(bytes.count))
    }

    /// `text` as it stands inside a JSON string.
    mutating func escapedText(_ text: String) -> Run32 {
        var escaped: [UInt8] = []
        JSONText.escape(text.utf8, into: &escaped)
        return bytes(escaped)
    }

    func quoted(_ text: String) -> String { String(decoding: JSONText.quoted(text), as: UTF8.self) }

    /// A constant as JSON, with its caption and id where the attribute is an enum; `nil` if it does not fit.
    func constant(
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

    func constantProblem(_ document: Document, _ attribute: OCSFSchema.Attribute?) -> Problem {
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
