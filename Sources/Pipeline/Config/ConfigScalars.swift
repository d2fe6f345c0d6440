package import Credentials
package import Engine

extension String: ConfigDecodable {
    package static var configType: ConfigType { .text }
    package var configText: String? { isEmpty ? nil : self }

    package static func decode(_ document: Document, by decoder: inout ConfigDecoder) -> String? {
        decoder.text(of: document)
    }
}

extension Secret: ConfigDecodable {
    package static var configType: ConfigType { .secret }
    package var configText: String? { nil }

    package static func decode(_ document: Document, by decoder: inout ConfigDecoder) -> Secret? {
        guard let text = decoder.text(of: document) else { return nil }
        if text.isEmpty {
            decoder.complain(at: document.position, "the secret is empty")
            return nil
        }
        return Secret(text)
    }
}

extension Bool: ConfigDecodable {
    package static var configType: ConfigType { .bool }
    package var configText: String? { self ? "true" : "false" }

    package static func decode(_ document: Document, by decoder: inout ConfigDecoder) -> Bool? {
        if let bool = document.bool { return bool }
        decoder.complain(at: document.position, "true or false is needed here, not \(document.kind)")
        return nil
    }
}

extension Int: ConfigDecodable {
    package static var configType: ConfigType { .integer(0...Int.max) }
    package var configText: String? { String(self) }

    package static func decode(_ document: Document, by decoder: inout ConfigDecoder) -> Int? {
        if let integer = document.integer, integer >= 0 { return Int(integer) }
        decoder.complain(at: document.position, "a whole number from 0 is needed here, not \(document.kind)")
        return nil
    }
}

extension Duration: ConfigDecodable {
    package static var configType: ConfigType { .duration }
    package var configText: String? { userText }

    package static func decode(_ document: Document, by decoder: inout ConfigDecoder) -> Duration? {
        if let text = document.text ?? document.string, let duration = Duration(userText: text) {
            return duration
        }
        decoder.complain(at: document.position, "a duration is needed here", hint: "such as 15m, 24h, 7d")
        return nil
    }
}

extension ByteSize: ConfigDecodable {
    package static var configType: ConfigType { .size }
    package var configText: String? { userText }

    package static func decode(_ document: Document, by decoder: inout ConfigDecoder) -> ByteSize? {
        if let text = document.text ?? document.string, let size = ByteSize(userText: text) { return size }
        decoder.complain(at: document.position, "a size is needed here", hint: "such as 64MiB, 10GiB")
        return nil
    }
}

extension Optional: ConfigDecodable where Wrapped: ConfigDecodable {
    package static var configType: ConfigType { Wrapped.configType }
    package var configText: String? { self?.configText }

    package static func decode(_ document: Document, by decoder: inout ConfigDecoder) -> Wrapped?? {
        Wrapped.decode(document, by: &decoder).map { .some($0) }
    }
}

extension Array: ConfigDecodable where Element: ConfigDecodable {
    package static var configType: ConfigType { .list(Element.configType) }
    package var configText: String? {
        isEmpty ? nil : "[\(compactMap(\.configText).joined(separator: ", "))]"
    }

    package static func decode(_ document: Document, by decoder: inout ConfigDecoder) -> [Element]? {
        guard let list = document.list else {
            decoder.complain(at: document.position, "a list is needed here, not \(document.kind)")
            return nil
        }
        return list.compactMap { Element.decode($0, by: &decoder) }
    }
}

/// One value or a list of them, as suits the writer.
package struct OneOrMore<Element: ConfigDecodable>: ConfigDecodable {
    package var all: [Element]

    package init(_ all: [Element] = []) { self.all = all }

    package static var configType: ConfigType { .oneOrMore(Element.configType) }
    package var configText: String? { all.configText }

    package static func decode(_ document: Document, by decoder: inout ConfigDecoder) -> Self? {
        if document.list != nil { return [Element].decode(document, by: &decoder).map { Self($0) } }
        return Element.decode(document, by: &decoder).map { Self([$0]) }
    }
}

/// A value that remembers where it was written, for what is found wrong with it later.
package struct Placed<Value: ConfigDecodable>: ConfigDecodable {
    package var value: Value
    package var position: SourcePosition?

    package init(_ value: Value, at position: SourcePosition? = nil) {
        self.value = value
        self.position = position
    }

    package static var configType: ConfigType { Value.configType }
    package var configText: String? { value.configText }

    package static func decode(_ document: Document, by decoder: inout ConfigDecoder) -> Self? {
        Value.decode(document, by: &decoder).map { Self($0, at: document.position) }
    }
}

/// Things under names of the user's, in the order written.
package struct Named<Value: ConfigDecodable>: ConfigDecodable {
    package struct Entry: Sendable {
        package var name: String
        package var position: SourcePosition?
        package var value: Value
    }

    package var entries: [Entry] = []

    package init() {}

    package static var configType: ConfigType { .map(Value.configType) }
    package var configText: String? { nil }

    package static func decode(_ document: Document, by decoder: inout ConfigDecoder) -> Self? {
        guard let map = document.map else {
            decoder.complain(at: document.position, "a mapping of names is needed here, not \(document.kind)")
            return nil
        }
        var named = Self()
        for entry in map {
            if let complaint = nameComplaint(entry.key) { decoder.complain(at: entry.keyPosition, complaint) }
            if let value = Value.decode(entry.value, by: &decoder) {
                named.entries.append(Entry(name: entry.key, position: entry.keyPosition, value: value))
            }
        }
        return named
    }
}

/// What is wrong with a name that becomes part of file names and metrics, or `nil`.
func nameComplaint(_ name: String) -> String? {
    let isPlain = name.utf8.allSatisfy {
        (0x61...0x7A).contains($0) || (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D
            || $0 == 0x5F || $0 == 0x2E
    }
    guard isPlain, !name.isEmpty, name.utf8.count <= 64, !name.hasPrefix("."), !name.hasPrefix("-") else {
        return "“\(name)” cannot be a name: up to 64 letters, digits, “-”, “_” and “.” can"
    }
    return nil
}

/// Header names and the like to texts that may be secret.
package struct SecretMap: ConfigDecodable {
    package struct Entry: Sendable {
        package var name: String
        package var value: Secret
    }

    package var entries: [Entry] = []

    package init() {}

    package static var configType: ConfigType { .map(.secret) }
    package var configText: String? { nil }

    package static func decode(_ document: Document, by decoder: inout ConfigDecoder) -> SecretMap? {
        guard let map = document.map else {
            decoder.complain(at: document.position, "a mapping is needed here, not \(document.kind)")
            return nil
        }
        var values = SecretMap()
        for entry in map {
            guard let text = decoder.text(of: entry.value) else { continue }
            values.entries.append(Entry(name: entry.key, value: Secret(text)))
        }
        return values
    }
}

/// An enumeration whose cases are written by their raw values.
package protocol ConfigChoice: ConfigDecodable, RawRepresentable<String>, CaseIterable {}

extension ConfigChoice {
    package static var configType: ConfigType { .choice(allCases.map(\.rawValue)) }
    package var configText: String? { rawValue }

    package static func decode(_ document: Document, by decoder: inout ConfigDecoder) -> Self? {
        guard let text = document.text ?? document.string else {
            decoder.complain(at: document.position, "text is needed here, not \(document.kind)")
            return nil
        }
        if let value = Self(rawValue: text) { return value }
        let names = allCases.map(\.rawValue)
        let near = nearestName(to: text, among: names)
        decoder.complain(
            at: document.position, "“\(text)” is not known here",
            hint: near.map { "did you mean “\($0)”?" } ?? "one of \(names.joined(separator: ", "))")
        return nil
    }
}
