package import Engine

/// Something that can stand in a pipeline file.
package protocol ConfigDecodable: Sendable {
    static var configType: ConfigType { get }
    /// `nil` once a problem was recorded.
    static func decode(_ document: Document, by decoder: inout ConfigDecoder) -> Self?
    /// As a user would write it; `nil` where there is nothing to write.
    var configText: String? { get }
}

/// A mapping with known keys, declared field by field.
///
/// The one declaration drives decoding, the refusal of unknown keys, the JSON Schema and the reference page. `init()`
/// gives the defaults; a required field's is a placeholder that never leaves a successful decoding.
package protocol ConfigValue: ConfigDecodable {
    init()
    static var name: String { get }
    static var summary: String { get }
    static var fields: [ConfigField<Self>] { get }
    /// Checks what no single field can: called once all fields are decoded.
    func check(at position: SourcePosition, by decoder: inout ConfigDecoder)
}

/// One key of a mapping.
package struct ConfigField<Owner> {
    package let facts: ConfigFieldFacts
    let decode: (Document, inout Owner, inout ConfigDecoder) -> Void

    private init(
        facts: ConfigFieldFacts, decode: @escaping (Document, inout Owner, inout ConfigDecoder) -> Void
    ) {
        self.facts = facts
        self.decode = decode
    }

    /// A key whose value goes to `path`, checked by `check`, which gives a complaint or `nil`.
    package init<Value: ConfigDecodable>(
        _ name: String, _ path: WritableKeyPath<Owner, Value>, isRequired: Bool = false, _ help: String,
        type: ConfigType? = nil, check: ((Value) -> String?)? = nil
    ) where Owner: ConfigValue {
        let standard = isRequired ? nil : Owner()[keyPath: path].configText
        self.init(
            facts: ConfigFieldFacts(
                name: name, type: type ?? Value.configType, isRequired: isRequired, standard: standard,
                help: help)
        ) { document, owner, decoder in
            guard let value = Value.decode(document, by: &decoder) else { return }
            if let complaint = check?(value) {
                decoder.complain(at: document.position, "\(name): \(complaint)")
            }
            owner[keyPath: path] = value
        }
    }

    /// The same key in a value that holds this one's owner: how groups of keys are shared.
    func lifted<Outer>(_ path: WritableKeyPath<Outer, Owner>) -> ConfigField<Outer> {
        ConfigField<Outer>(facts: facts) { [decode] document, outer, decoder in
            decode(document, &outer[keyPath: path], &decoder)
        }
    }
}

extension ConfigValue {
    package static var object: ConfigObject {
        ConfigObject(name: name, summary: summary, fields: fields.map(\.facts))
    }
    package static var configType: ConfigType { .object(object) }
    package var configText: String? { nil }
    package func check(at position: SourcePosition, by decoder: inout ConfigDecoder) {}

    package static func decode(_ document: Document, by decoder: inout ConfigDecoder) -> Self? {
        decode(document, ignoring: [], by: &decoder)
    }

    /// Decodes all keys but those in `ignoring`, which somebody else reads.
    static func decode(
        _ document: Document, ignoring: Set<String>, by decoder: inout ConfigDecoder
    ) -> Self? {
        guard let entries = document.map else {
            decoder.complain(at: document.position, "\(name) must be a mapping, not \(document.kind)")
            return nil
        }
        let before = decoder.problems.count
        var value = Self()
        let known = fields
        for entry in entries where !ignoring.contains(entry.key) {
            guard let field = known.first(where: { $0.facts.name == entry.key }) else {
                let names = known.map(\.facts.name) + ignoring
                let near = nearestName(to: entry.key, among: names)
                decoder.complain(
                    at: entry.keyPosition, "\(name) has no key “\(entry.key)”",
                    hint: near.map { "did you mean “\($0)”?" }
                        ?? "there is \(names.sorted().joined(separator: ", "))")
                continue
            }
            field.decode(entry.value, &value, &decoder)
        }
        for field in known where field.facts.isRequired && document[field.facts.name] == nil {
            decoder.complain(
                at: document.position, "\(name) needs “\(field.facts.name)”", hint: field.facts.help)
        }
        if decoder.problems.count == before { value.check(at: document.position, by: &decoder) }
        return value
    }
}

/// Collects problems while a file is decoded, and knows what references stand for.
package struct ConfigDecoder {
    package private(set) var problems: [Problem] = []
    let references: References

    package init(references: References) { self.references = references }

    package mutating func complain(at position: SourcePosition?, _ message: String, hint: String = "") {
        problems.append(Problem(at: position, message, hint: hint))
    }

    /// The text of a scalar with its references filled in; `nil` after a complaint.
    mutating func text(of document: Document) -> String? {
        let raw: String
        switch document.value {
        case .string(let string): raw = string
        case .integer, .number, .bool:
            guard let text = document.text else {
                complain(at: document.position, "text is needed here, not \(document.kind)")
                return nil
            }
            raw = text
        default:
            complain(at: document.position, "text is needed here, not \(document.kind)")
            return nil
        }
        switch references.filled(raw) {
        case .success(let text): return text
        case .failure(let missing):
            complain(at: document.position, missing.message, hint: missing.hint)
            return nil
        }
    }
}
