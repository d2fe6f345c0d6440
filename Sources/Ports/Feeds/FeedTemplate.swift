/// Text with `{names}` in it that values take the place of: a URL, a query's value, a text in a body.
///
/// A brace that no name of letters, digits, `_`, `.`, `@` or `$` follows is a brace.
package struct FeedTemplate: Hashable, Sendable {
    package enum Part: Hashable, Sendable {
        case text(String)
        case name(String)
    }

    package var parts: [Part] = []

    package init(_ text: String) {
        var rest = Substring(text)
        var plain = ""
        while let open = rest.firstIndex(of: "{") {
            plain += rest[..<open]
            let inner = rest[rest.index(after: open)...]
            let name = inner.prefix { Self.isNameCharacter($0) }
            if !name.isEmpty, inner[name.endIndex...].first == "}" {
                if !plain.isEmpty { parts.append(.text(plain)) }
                plain = ""
                parts.append(.name(String(name)))
                rest = inner[inner.index(after: name.endIndex)...]
            } else {
                plain += "{"
                rest = inner
            }
        }
        plain += rest
        if !plain.isEmpty || parts.isEmpty { parts.append(.text(plain)) }
    }

    private static func isNameCharacter(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || "_.@$".contains(character))
    }

    package var names: [String] {
        parts.compactMap { part in if case .name(let name) = part { name } else { nil } }
    }

    /// As it was written.
    package var text: String {
        parts.map { part in
            switch part {
            case .text(let text): text
            case .name(let name): "{\(name)}"
            }
        }.joined()
    }

    /// The text with its values; `nil` where a name has none.
    package func filled(_ value: (String) -> String?) -> String? {
        var filled = ""
        for part in parts {
            switch part {
            case .text(let text): filled += text
            case .name(let name):
                guard let value = value(name) else { return nil }
                filled += value
            }
        }
        return filled
    }
}

/// Templates under names, in the order written: a query, headers.
package struct FeedEntries: Hashable, Sendable {
    package struct Entry: Hashable, Sendable {
        package var name: String
        package var value: FeedTemplate

        package init(name: String, value: FeedTemplate) {
            self.name = name
            self.value = value
        }
    }

    package var all: [Entry] = []

    package init(_ all: [Entry] = []) { self.all = all }
}

/// A JSON body with templates for texts. A member whose template has a name without a value is left out.
package indirect enum FeedBody: Hashable, Sendable {
    case text(FeedTemplate)
    case number(String)
    case bool(Bool)
    case null
    case list([FeedBody])
    case object([Member])

    package struct Member: Hashable, Sendable {
        package var name: String
        package var value: FeedBody

        package init(name: String, value: FeedBody) {
            self.name = name
            self.value = value
        }
    }

    package var names: [String] {
        switch self {
        case .text(let template): template.names
        case .number, .bool, .null: []
        case .list(let items): items.flatMap(\.names)
        case .object(let members): members.flatMap(\.value.names)
        }
    }
}
