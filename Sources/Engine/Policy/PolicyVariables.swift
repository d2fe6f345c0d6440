/// Values of condition keys, as a request carries them; keys are the same in any case.
package struct PolicyContext: Hashable, Sendable {
    /// One value, or the values of a key that has several.
    package enum Value: Hashable, Sendable {
        case single(String)
        case list([String])
    }

    /// By lowercased key.
    package private(set) var values: [String: Value] = [:]
    /// How the keys were written.
    private var names: [String: String] = [:]

    package init() {}

    package subscript(key: String) -> Value? {
        get { values[key.lowercased()] }
        set {
            let folded = key.lowercased()
            values[folded] = newValue
            names[folded] = newValue == nil ? nil : key
        }
    }

    /// A value by a key that is lowercase already.
    func value(folded key: String) -> Value? { values[key] }

    /// Keys as they were written, in byte order.
    package var entries: [(key: String, value: Value)] {
        values.map { (names[$0.key] ?? $0.key, $0.value) }.sorted { $0.0 < $1.0 }
    }
}

extension WildcardPattern {
    /// The pattern with the request's values for its variables, whose letters are then plain ones.
    ///
    /// `nil` where a variable has no value, no default, or several values: then nothing matches.
    func resolved(in context: PolicyContext) -> WildcardPattern? {
        guard hasVariable else { return self }
        var resolved: [Symbol] = []
        var at = 0
        while at < symbols.count {
            guard symbols[at] >= Self.variableBase else {
                resolved.append(symbols[at])
                at += 1
                continue
            }
            var name: [UInt8] = []
            while at < symbols.count, symbols[at] != Self.variableEnd {
                name.append(UInt8(truncatingIfNeeded: symbols[at] - Self.variableBase))
                at += 1
            }
            at += 1
            guard let value = Self.value(of: String(decoding: name, as: UTF8.self), in: context) else {
                return nil
            }
            resolved += Self.letters(value)
        }
        return WildcardPattern(symbols: resolved)
    }

    /// The keys of the variables, with their defaults if they have any.
    var variables: [(key: String, fallback: String?)] {
        symbols.split(separator: Self.variableEnd, omittingEmptySubsequences: true).compactMap { piece in
            let name = piece.drop { $0 < Self.variableBase }
            guard !name.isEmpty else { return nil }
            let text = String(
                decoding: name.map { UInt8(truncatingIfNeeded: $0 - Self.variableBase) }, as: UTF8.self)
            return Self.parts(of: text)
        }
    }

    private static func value(of variable: String, in context: PolicyContext) -> String? {
        let (key, fallback) = parts(of: variable)
        switch context.value(folded: key) {
        case .single(let text): return text
        case .list(let texts): return texts.count == 1 ? texts[0] : nil
        case nil: return fallback
        }
    }

    /// `key, 'default'`.
    private static func parts(of variable: String) -> (key: String, fallback: String?) {
        guard let comma = variable.firstIndex(of: ",") else { return (variable, nil) }
        var rest = variable[variable.index(after: comma)...].drop { $0 == " " }
        while rest.last == " " { rest.removeLast() }
        if rest.first == "'", rest.last == "'", rest.count >= 2 { rest = rest.dropFirst().dropLast() }
        return (String(variable[..<comma]), String(rest))
    }
}
