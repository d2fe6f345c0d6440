/// Formulas as SMT-LIB 2.6 writes them, <https://smt-lib.org>: its strings are Unicode letters, its regular expressions
/// have a name for each operation.
enum SolverText {
    static func and(_ parts: [String]) -> String { joined("and", parts, "true") }
    static func or(_ parts: [String]) -> String { joined("or", parts, "false") }
    static func not(_ part: String) -> String {
        switch part {
        case "true": "false"
        case "false": "true"
        default: "(not \(part))"
        }
    }
    static func implies(_ one: String, _ other: String) -> String { "(=> \(one) \(other))" }
    static func inside(_ text: String, _ expression: String) -> String { "(str.in_re \(text) \(expression))" }
    static func concatenation(_ parts: [String]) -> String { joined("str.++", parts, "\"\"") }

    private static func joined(_ operation: String, _ parts: [String], _ none: String) -> String {
        switch parts.count {
        case 0: none
        case 1: parts[0]
        default: "(\(operation) \(parts.joined(separator: " ")))"
        }
    }

    /// A text, whatever letters it has.
    static func literal(_ symbols: some Sequence<WildcardPattern.Symbol>) -> String {
        var text = "\""
        for symbol in symbols {
            switch symbol {
            case 0x22: text += "\"\""
            // Only what begins an escape needs to be one.
            case 0x20...0x7E where symbol != 0x5C: text.unicodeScalars.append(Unicode.Scalar(UInt8(symbol)))
            default: text += "\\u{\(String(symbol, radix: 16))}"
            }
        }
        return text + "\""
    }

    static func literal(_ text: String) -> String { literal(WildcardPattern.letters(text)) }

    // MARK: Regular expressions

    static let letter = "re.allchar"
    /// A letter that is no colon.
    static let inSegment = "(re.union (re.range \"\\u{0}\" \"9\") (re.range \";\" \"\\u{2ffff}\"))"
    /// A letter that is not in upper case.
    static let folded = "(re.union (re.range \"\\u{0}\" \"@\") (re.range \"[\" \"\\u{2ffff}\"))"
    /// A letter of the first five segments of an ARN: neither a colon nor in upper case.
    static let foldedInSegment =
        "(re.union (re.range \"\\u{0}\" \"9\") (re.range \";\" \"@\") (re.range \"[\" \"\\u{2ffff}\"))"

    static func any(of expressions: [String]) -> String { joined("re.union", expressions, "re.none") }
    static func row(_ expressions: [String]) -> String { joined("re.++", expressions, "(str.to_re \"\")") }

    /// What a pattern without variables takes; `letter` is what `*` and `?` take.
    static func expression(
        _ pattern: WildcardPattern, letter: String = letter, ignoringCase: Bool = false
    ) -> String {
        var parts: [String] = []
        var plain: [WildcardPattern.Symbol] = []
        func flush() {
            if !plain.isEmpty { parts.append("(str.to_re \(literal(plain)))") }
            plain = []
        }
        for symbol in pattern.symbols {
            switch symbol {
            case WildcardPattern.star:
                flush()
                parts.append("(re.* \(letter))")
            case WildcardPattern.one:
                flush()
                parts.append(letter)
            case 0x41...0x5A where ignoringCase, 0x61...0x7A where ignoringCase:
                flush()
                parts.append(
                    "(re.union (str.to_re \(literal([symbol & ~0x20]))) (str.to_re \(literal([symbol | 0x20]))))"
                )
            default: plain.append(symbol)
            }
        }
        flush()
        return row(parts)
    }
}

/// The answer of a solver as lists and words.
indirect enum SolverTerm: Equatable {
    case word(String)
    case text(String)
    case list([SolverTerm])

    /// All terms of an output; `nil` where it is not whole.
    static func all(_ output: String) -> [SolverTerm]? {
        var letters = output.unicodeScalars.makeIterator()
        var open: [[SolverTerm]] = [[]]
        var word = ""
        var isText = false
        func close() {
            if !word.isEmpty { open[open.count - 1].append(.word(word)) }
            word = ""
        }
        var next = letters.next()
        while let letter = next {
            next = letters.next()
            if isText {
                if letter != "\"" {
                    word.unicodeScalars.append(letter)
                } else if next == "\"" {
                    word += "\""
                    next = letters.next()
                } else {
                    open[open.count - 1].append(.text(unescaped(word)))
                    (word, isText) = ("", false)
                }
                continue
            }
            switch letter {
            case "(":
                close()
                guard open.count < 256 else { return nil }
                open.append([])
            case ")":
                close()
                guard open.count > 1 else { return nil }
                let list = open.removeLast()
                open[open.count - 1].append(.list(list))
            case "\"":
                close()
                isText = true
            case " ", "\n", "\r", "\t": close()
            default: word.unicodeScalars.append(letter)
            }
        }
        close()
        return open.count == 1 && !isText ? open[0] : nil
    }

    /// `\u{e9}`, `\u00e9` and, of older solvers, `\xe9`.
    private static func unescaped(_ text: String) -> String {
        guard text.utf8.contains(0x5C) else { return text }
        var out = String.UnicodeScalarView()
        var rest = text.unicodeScalars[...]
        while let letter = rest.popFirst() {
            guard letter == "\\", let kind = rest.first, kind == "u" || kind == "x" else {
                out.append(letter)
                continue
            }
            var digits = rest.dropFirst()
            let isBraced = kind == "u" && digits.first == "{"
            if isBraced { digits = digits.dropFirst() }
            let number = digits.prefix(isBraced ? 6 : kind == "u" ? 4 : 2).prefix {
                $0.properties.isASCIIHexDigit
            }
            guard let value = UInt32(String(number), radix: 16), let scalar = Unicode.Scalar(value),
                !isBraced || digits.dropFirst(number.count).first == "}"
            else {
                out.append(letter)
                continue
            }
            out.append(scalar)
            rest = digits.dropFirst(number.count + (isBraced ? 1 : 0))
        }
        return String(out)
    }
}
