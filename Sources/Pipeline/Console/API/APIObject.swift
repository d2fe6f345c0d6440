package import Credentials
package import Engine

/// What a value of the API is: what its description and its JSON have in common.
package indirect enum APIType: Sendable {
    case text
    case integer
    case number
    case boolean
    /// RFC 3339.
    case time
    /// Anything JSON can say.
    case any
    case choice([String])
    case list(APIType)
    /// Names to values.
    case map(APIType)
    case nullable(APIType)
    case object(APIShape)

    /// As JSON Schema has it, with objects by reference.
    var schema: JSONValue {
        switch self {
        case .text: ["type": "string"]
        case .integer: ["type": "integer"]
        case .number: ["type": "number"]
        case .boolean: ["type": "boolean"]
        case .time: ["type": "string", "format": "date-time"]
        case .any: [:]
        case .choice(let names): ["type": "string", "enum": .array(names.map { .string($0) })]
        case .list(let element): ["type": "array", "items": element.schema]
        case .map(let element): ["type": "object", "additionalProperties": element.schema]
        case .nullable(let value): ["anyOf": [value.schema, ["type": "null"]]]
        case .object(let shape): ["$ref": .string("#/components/schemas/\(shape.name)")]
        }
    }

    /// The objects that it is made of.
    func collect(into shapes: inout [String: APIShape]) {
        switch self {
        case .list(let inner), .map(let inner), .nullable(let inner): inner.collect(into: &shapes)
        case .object(let shape):
            guard shapes[shape.name] == nil else { return }
            shapes[shape.name] = shape
            for member in shape.members { member.type.collect(into: &shapes) }
        default: break
        }
    }

    /// In a few words, for the reference.
    var words: String {
        switch self {
        case .text: "text"
        case .integer: "whole number"
        case .number: "number"
        case .boolean: "true or false"
        case .time: "RFC 3339 time"
        case .any: "any JSON"
        case .choice(let names): names.joined(separator: ", ")
        case .list(let element): "list of \(element.words)"
        case .map(let element): "names to \(element.words)"
        case .nullable(let value): "\(value.words), or null"
        case .object(let shape): shape.name
        }
    }
}

/// An object of the API with its members, in the order in which they are told.
package struct APIShape: Sendable {
    package struct Member: Sendable {
        package var name: String
        package var type: APIType
        package var what: String
    }

    package var name: String
    package var what: String
    package var members: [Member]

    /// Every member is always there, and nothing else is.
    var schema: JSONValue {
        var properties: [String: JSONValue] = [:]
        for member in members {
            var schema = member.type.schema.object ?? [:]
            // Beside a reference a description would be lost to older readers.
            if schema["$ref"] == nil { schema["description"] = .string(member.what) }
            properties[member.name] = .object(schema)
        }
        return [
            "type": "object", "description": .string(what), "properties": .object(properties),
            "required": .array(members.map { .string($0.name) }), "additionalProperties": false,
        ]
    }
}

/// Something that can stand in an answer of the API.
package protocol APIWritable: SendableMetatype {
    static var apiType: APIType { get }
    var apiValue: JSONValue { get }
}

/// An object of the API: its declared members are both its JSON and its description, so neither can be without the other.
package protocol APIObject: APIWritable, Sendable {
    static var name: String { get }
    static var what: String { get }
    static var members: [APIMember<Self>] { get }
}

package struct APIMember<Owner> {
    let facts: APIShape.Member
    let value: (Owner) -> JSONValue

    package init<Value: APIWritable>(
        _ name: String, _ path: Swift.KeyPath<Owner, Value>, _ what: String
    ) {
        facts = APIShape.Member(name: name, type: Value.apiType, what: what)
        value = { $0[keyPath: path].apiValue }
    }

    package init(
        _ name: String, of names: [String], _ path: Swift.KeyPath<Owner, String>, _ what: String
    ) {
        facts = APIShape.Member(name: name, type: .choice(names), what: what)
        value = { .string($0[keyPath: path]) }
    }
}

extension APIObject {
    package static var apiType: APIType {
        .object(APIShape(name: name, what: what, members: members.map(\.facts)))
    }
    package var apiValue: JSONValue {
        var members: [String: JSONValue] = [:]
        for member in Self.members { members[member.facts.name] = member.value(self) }
        return .object(members)
    }
}

extension String: APIWritable {
    package static var apiType: APIType { .text }
    package var apiValue: JSONValue { .string(self) }
}

extension Int: APIWritable {
    package static var apiType: APIType { .integer }
    package var apiValue: JSONValue { .integer(self) }
}

extension Double: APIWritable {
    package static var apiType: APIType { .number }
    package var apiValue: JSONValue { isFinite ? .number("\(self)") : .number("0") }
}

extension Bool: APIWritable {
    package static var apiType: APIType { .boolean }
    package var apiValue: JSONValue { .bool(self) }
}

extension Timestamp: APIWritable {
    package static var apiType: APIType { .time }
    package var apiValue: JSONValue { .string(iso8601) }
}

extension JSONValue: APIWritable {
    package static var apiType: APIType { .any }
    package var apiValue: JSONValue { self }
}

extension Optional: APIWritable where Wrapped: APIWritable {
    package static var apiType: APIType { .nullable(Wrapped.apiType) }
    package var apiValue: JSONValue { map(\.apiValue) ?? .null }
}

extension Array: APIWritable where Element: APIWritable {
    package static var apiType: APIType { .list(Element.apiType) }
    package var apiValue: JSONValue { .array(map(\.apiValue)) }
}

extension Dictionary: APIWritable where Key == String, Value: APIWritable {
    package static var apiType: APIType { .map(Value.apiType) }
    package var apiValue: JSONValue { .object(mapValues(\.apiValue)) }
}

/// Why a request was not answered.
struct APIRefusal: APIObject {
    var error: String

    static let name = "Refusal"
    static let what = "Why a request was not answered."
    static var members: [APIMember<Self>] {
        [.init("error", \.error, "What is wrong, and what to do")]
    }
}
