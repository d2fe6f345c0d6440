import Ports

/// The JSON Schema of pipeline files, for editors; made from the declarations.
package enum PipelineSchema {
    package static func json() -> String {
        var text = """
            {
              "$schema": "https://json-schema.org/draft/2020-12/schema",
              "$id": "https://martlet.example.com/schemas/pipeline.schema.json",
              "title": "Martlet pipeline",

            """
        // The outer braces are ours: the object's own are cut off.
        text += body(of: PipelineConfig.object, fixed: nil, indent: 2) + "\n}\n"
        return text
    }

    private static func schema(of type: ConfigType, indent: Int) -> String {
        switch type {
        case .text, .secret: #"{"type": ["string", "number", "boolean"]}"#
        case .url: #"{"type": "string", "pattern": "^(https?://|\\$\\{)"}"#
        case .bool: #"{"type": "boolean"}"#
        case .integer(let range):
            range.upperBound == .max
                ? #"{"type": "integer", "minimum": \#(range.lowerBound)}"#
                : #"{"type": "integer", "minimum": \#(range.lowerBound), "maximum": \#(range.upperBound)}"#
        case .duration: #"{"type": "string", "pattern": "^([0-9]+(ms|s|m|h|d|w))+$"}"#
        case .size: #"{"type": ["string", "integer"], "pattern": "^[0-9]+ ?([kKmMgGtT]i?)?[bB]?$"}"#
        case .choice(let names): #"{"enum": [\#(names.map(quoted).joined(separator: ", "))]}"#
        case .oneOrMore(let element):
            #"{"anyOf": [\#(schema(of: element, indent: indent)), "#
                + #"{"type": "array", "minItems": 1, "items": \#(schema(of: element, indent: indent))}]}"#
        case .list(let element): #"{"type": "array", "items": \#(schema(of: element, indent: indent))}"#
        case .map(let element):
            #"{"type": "object", "additionalProperties": \#(schema(of: element, indent: indent))}"#
        case .conditions: #"{"type": "object", "minProperties": 1}"#
        case .json: "{}"
        case .object(let object): "{\n\(body(of: object, fixed: nil, indent: indent + 2))\n\(pad(indent))}"
        case .tagged(let key, let kinds):
            "{\"oneOf\": [\n"
                + kinds.map { kind in
                    "\(pad(indent + 2)){\n"
                        + body(of: kind.object, fixed: (key, kind.tag), indent: indent + 4)
                        + "\n\(pad(indent + 2))}"
                }.joined(separator: ",\n") + "\n\(pad(indent))]}"
        }
    }

    private static func body(of object: ConfigObject, fixed: (key: String, value: String)?, indent: Int)
        -> String
    {
        var required = object.fields.filter(\.isRequired).map(\.name)
        var members: [String] = []
        if let fixed {
            required.insert(fixed.key, at: 0)
            members.append("\(pad(indent + 2))\(quoted(fixed.key)): {\"const\": \(quoted(fixed.value))}")
        }
        for field in object.fields {
            var facts = "\"description\": \(quoted(field.help))"
            if let standard = field.standard { facts += ", \"default\": \(json(standard, field.type))" }
            // An object says itself what it is.
            if case .object = field.type { facts = "" } else { facts += ", " }
            let type = schema(of: field.type, indent: indent + 2)
            members.append("\(pad(indent + 2))\(quoted(field.name)): {\(facts)" + type.dropFirst())
        }
        return """
            \(pad(indent))"type": "object",
            \(pad(indent))"description": \(quoted(object.summary)),
            \(pad(indent))"required": [\(required.map(quoted).joined(separator: ", "))],
            \(pad(indent))"additionalProperties": false,
            \(pad(indent))"properties": {
            \(members.joined(separator: ",\n"))
            \(pad(indent))}
            """
    }

    /// A default as JSON.
    private static func json(_ text: String, _ type: ConfigType) -> String {
        switch type {
        case .bool, .integer: text
        case .list(let element), .oneOrMore(let element):
            "["
                + text.dropFirst().dropLast().split(separator: ",").map {
                    json(String($0.drop { $0 == " " }), element)
                }.joined(separator: ", ") + "]"
        default: quoted(text)
        }
    }

    private static func pad(_ count: Int) -> String { String(repeating: " ", count: count) }
}

/// The reference pages of pipeline files and of `feed.yaml`, made from the same declarations.
package enum PipelineReference {
    package static func markdown(of object: ConfigObject = PipelineConfig.object) -> String {
        var sections: [String] = []
        var seen: Set<String> = []
        add(object, to: &sections, &seen)
        return sections.joined(separator: "\n")
    }

    private static func add(
        _ object: ConfigObject, tag: (key: String, value: String)? = nil, to sections: inout [String],
        _ seen: inout Set<String>
    ) {
        guard seen.insert(object.name).inserted else { return }
        var text = "### \(title(object, tag))\n\n\(object.summary)\n\n"
        text += "| Key | Value | Default | |\n|---|---|---|---|\n"
        for field in object.fields {
            let standard = field.isRequired ? "required" : field.standard.map { "`\($0)`" } ?? ""
            text += "| `\(field.name)` | \(field.type.name) | \(standard) | \(field.help) |\n"
        }
        sections.append(text)
        for field in object.fields { descend(field.type, to: &sections, &seen) }
    }

    private static func descend(_ type: ConfigType, to sections: inout [String], _ seen: inout Set<String>) {
        switch type {
        case .object(let object): add(object, to: &sections, &seen)
        case .list(let element), .map(let element), .oneOrMore(let element):
            descend(element, to: &sections, &seen)
        case .tagged(let key, let kinds):
            for kind in kinds { add(kind.object, tag: (key, kind.tag), to: &sections, &seen) }
        default: break
        }
    }

    private static func title(_ object: ConfigObject, _ tag: (key: String, value: String)?) -> String {
        if let tag { return "`\(tag.key): \(tag.value)`" }
        return object.name.hasPrefix("a ") ? "A" + object.name.dropFirst() : "`\(object.name)`"
    }
}
