/// A string value of a Sigma rule: literal text, wildcards, placeholders and dash classes, in order.
///
/// Sigma's escapes: `\*` and `\?` are the characters themselves, `\\` is one backslash, and a backslash
/// before anything else is a backslash, so that `C:\Windows` needs no escaping.
struct SigmaText: Hashable, Sendable {
    enum Part: Hashable, Sendable {
        case literal(String)
        /// `*`: any number of characters, none included.
        case anyRun
        /// `?`: exactly one character.
        case anyOne
        /// `%name%`, which configuration must resolve before the rule can be used.
        case placeholder(String)
        /// What `windash` makes of a dash that begins an option: any of the dashes a shell takes for it.
        case dash
    }

    /// What a `dash` part stands for: hyphen, slash, en dash, em dash, horizontal bar.
    static let dashes = ["-", "/", "–", "—", "―"]

    var parts: [Part]

    init(parts: [Part]) { self.parts = parts }

    init(literal: String) { parts = literal.isEmpty ? [] : [.literal(literal)] }

    /// Reads a value as the rule's author wrote it.
    init(reading text: String) {
        var parts: [Part] = []
        var literal = ""
        var isEscaped = false
        func seal() {
            if !literal.isEmpty { parts.append(.literal(literal)) }
            literal = ""
        }
        for character in text.unicodeScalars {
            if isEscaped {
                isEscaped = false
                if character != "*", character != "?", character != "\\" {
                    literal.unicodeScalars.append("\\")
                }
                literal.unicodeScalars.append(character)
            } else if character == "\\" {
                isEscaped = true
            } else if character == "*" || character == "?" {
                seal()
                parts.append(character == "*" ? .anyRun : .anyOne)
            } else {
                literal.unicodeScalars.append(character)
            }
        }
        if isEscaped { literal.unicodeScalars.append("\\") }
        seal()
        self.parts = parts
    }

    var hasWildcard: Bool { parts.contains { $0 == .anyRun || $0 == .anyOne || $0 == .dash } }

    /// The text where there is nothing but text.
    var plain: String? {
        var text = ""
        for part in parts {
            guard case .literal(let literal) = part else { return nil }
            text += literal
        }
        return text
    }

    var placeholders: [String] {
        parts.compactMap { if case .placeholder(let name) = $0 { name } else { nil } }
    }

    mutating func open(front: Bool, back: Bool) {
        if front, parts.first != .anyRun { parts.insert(.anyRun, at: 0) }
        if back, parts.last != .anyRun { parts.append(.anyRun) }
    }

    /// Replaces every literal through `change`.
    func mapLiterals(_ change: (String) -> [Part]) -> SigmaText {
        SigmaText(
            parts: parts.flatMap { part -> [Part] in
                if case .literal(let literal) = part { change(literal) } else { [part] }
            })
    }

    /// Cuts `%name%` out of the literals; `\%` is a percent sign.
    func readingPlaceholders() -> SigmaText {
        mapLiterals { literal in
            var parts: [Part] = []
            var text = ""
            var rest = Substring(literal)
            while let first = rest.first {
                if rest.hasPrefix("\\%") {
                    text += "%"
                    rest = rest.dropFirst(2)
                } else if first == "%", let end = rest.dropFirst().firstIndex(of: "%"),
                    end > rest.index(after: rest.startIndex)
                {
                    if !text.isEmpty { parts.append(.literal(text)) }
                    text = ""
                    parts.append(.placeholder(String(rest[rest.index(after: rest.startIndex)..<end])))
                    rest = rest[rest.index(after: end)...]
                } else {
                    text.append(first)
                    rest = rest.dropFirst()
                }
            }
            if !text.isEmpty { parts.append(.literal(text)) }
            return parts
        }
    }

    /// Makes a dash class of each `-` or `/` that begins a word.
    ///
    /// That is `\B[-/]\b`: no word character before it, a word character after it. Only literals are looked
    /// at, and a wildcard beside the dash counts as the end of the text, as in pySigma.
    func readingDashes() -> SigmaText {
        func isWord(_ scalar: Unicode.Scalar) -> Bool {
            scalar == "_" || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        }
        return mapLiterals { literal in
            let scalars = Array(literal.unicodeScalars)
            var parts: [Part] = []
            var text = String.UnicodeScalarView()
            for (i, scalar) in scalars.enumerated() {
                let follows = i > 0 && isWord(scalars[i - 1])
                let leads = i + 1 < scalars.count && isWord(scalars[i + 1])
                if scalar == "-" || scalar == "/", !follows, leads {
                    if !text.isEmpty { parts.append(.literal(String(text))) }
                    text = String.UnicodeScalarView()
                    parts.append(.dash)
                } else {
                    text.append(scalar)
                }
            }
            if !text.isEmpty { parts.append(.literal(String(text))) }
            return parts
        }
    }

    /// Replaces placeholders by every combination of their configured values; `nil` past `limit`
    /// combinations.
    func resolving(_ values: [String: [String]], limit: Int) -> [SigmaText]? {
        var results: [[Part]] = [[]]
        for part in parts {
            guard case .placeholder(let name) = part, let choices = values[name] else {
                for i in results.indices { results[i].append(part) }
                continue
            }
            guard results.count * choices.count <= limit else { return nil }
            results = results.flatMap { head in choices.map { head + SigmaText(reading: $0).parts } }
        }
        return results.map(SigmaText.init(parts:))
    }
}
