/// What can be said of a regular expression without running it.
///
/// One pattern run on every event costs more than a hundred plain comparisons, so that `.*text.*` becomes a
/// substring test, and other patterns are tried only where a literal they need occurs.
enum PatternShape {
    /// The pattern as a plain comparison, where it is one. Regular expressions mind the case, so the result
    /// does too (unless told otherwise).
    static func lowered(_ pattern: String, _ flags: SearchPattern.Flags) -> RuleCheck? {
        guard flags.isSubset(of: [.ignoreCase]), var body = Body(pattern) else { return nil }
        // `.` does not match a newline, so `^.*text` says more than "contains text": only what is not
        // anchored may drop it.
        let isFrontAnchored = body.takeFront("^")
        let isBackAnchored = body.takeBack("$")
        if !isFrontAnchored { body.dropRuns(front: true) }
        if !isBackAnchored { body.dropRuns(front: false) }
        guard let literal = body.literal, !literal.isEmpty else { return nil }
        let isCased = !flags.contains(.ignoreCase)
        switch (isFrontAnchored, isBackAnchored) {
        case (false, false): return .text(.contains, [literal], isCased: isCased)
        case (true, false): return .text(.startsWith, [literal], isCased: isCased)
        case (false, true): return .text(.endsWith, [literal], isCased: isCased)
        case (true, true): return .text(.equals, [literal], isCased: isCased)
        }
    }

    /// The longest text that every match holds; `nil` where none is certain.
    static func requiredLiteral(_ pattern: String, _ flags: SearchPattern.Flags) -> String? {
        guard let body = Body(pattern) else { return nil }
        return body.longestLiteral
    }

    private enum Piece: Equatable {
        case literal(Unicode.Scalar)
        /// `.*`
        case run
        case front, back
        /// A class, a group, an escape such as `\d`, a quantified character: anything that is not a literal.
        case other
    }

    /// The top level of a pattern; `nil` for alternation, inline flags and what this reader does not know.
    private struct Body {
        private var pieces: [Piece] = []

        init?(_ pattern: String) {
            let scalars = Array(pattern.unicodeScalars)
            var i = 0
            while i < scalars.count {
                let scalar = scalars[i]
                switch scalar {
                case "|": return nil
                case "(":
                    if i + 1 < scalars.count, scalars[i + 1] == "?" { return nil }
                    guard let end = Self.closing(scalars, i) else { return nil }
                    pieces.append(.other)
                    i = end
                case "[":
                    guard let end = Self.classEnd(scalars, i) else { return nil }
                    pieces.append(.other)
                    i = end
                case ")", "]", "{", "}": return nil
                case ".": pieces.append(.other)
                case "^": pieces.append(.front)
                case "$": pieces.append(.back)
                case "\\":
                    guard i + 1 < scalars.count else { return nil }
                    i += 1
                    let escaped = scalars[i]
                    if escaped.isASCII,
                        escaped.properties.isAlphabetic || escaped.properties.numericType != nil
                    {
                        guard "dDwWsSbB".unicodeScalars.contains(escaped) else { return nil }
                        pieces.append(.other)
                    } else {
                        pieces.append(.literal(escaped))
                    }
                default: pieces.append(.literal(scalar))
                }
                i += 1
                guard Self.quantifier(scalars, &i, &pieces, isDot: scalar == ".") else { return nil }
            }
        }

        /// Reads `*`, `+`, `?`, `{n,m}` and a lazy mark after a piece.
        private static func quantifier(
            _ scalars: [Unicode.Scalar], _ i: inout Int, _ pieces: inout [Piece], isDot: Bool
        ) -> Bool {
            guard i < scalars.count, ["*", "+", "?", "{"].contains(scalars[i]) else { return true }
            let isStar = scalars[i] == "*"
            if scalars[i] == "{" {
                guard let end = scalars[i...].firstIndex(of: "}") else { return false }
                i = end
            }
            i += 1
            if i < scalars.count, scalars[i] == "?" || scalars[i] == "+" { i += 1 }
            if !pieces.isEmpty { pieces[pieces.count - 1] = isDot && isStar ? .run : .other }
            return true
        }

        private static func classEnd(_ scalars: [Unicode.Scalar], _ start: Int) -> Int? {
            var i = start + 1
            if i < scalars.count, scalars[i] == "^" { i += 1 }
            if i < scalars.count, scalars[i] == "]" { i += 1 }
            while i < scalars.count {
                if scalars[i] == "\\" {
                    i += 1
                } else if scalars[i] == "[" {
                    return nil
                } else if scalars[i] == "]" {
                    return i
                }
                i += 1
            }
            return nil
        }

        private static func closing(_ scalars: [Unicode.Scalar], _ start: Int) -> Int? {
            var depth = 0
            var i = start
            while i < scalars.count {
                switch scalars[i] {
                case "\\": i += 1
                case "[":
                    guard let end = classEnd(scalars, i) else { return nil }
                    i = end
                case "(": depth += 1
                case ")":
                    depth -= 1
                    if depth == 0 { return i }
                default: break
                }
                i += 1
            }
            return nil
        }

        mutating func takeFront(_ mark: Character) -> Bool {
            guard pieces.first == .front else { return false }
            pieces.removeFirst()
            return true
        }

        mutating func takeBack(_ mark: Character) -> Bool {
            guard pieces.last == .back else { return false }
            pieces.removeLast()
            return true
        }

        mutating func dropRuns(front: Bool) {
            while front ? pieces.first == .run : pieces.last == .run {
                if front { pieces.removeFirst() } else { pieces.removeLast() }
            }
        }

        var literal: String? {
            var text = String.UnicodeScalarView()
            for piece in pieces {
                guard case .literal(let scalar) = piece else { return nil }
                text.append(scalar)
            }
            return String(text)
        }

        var longestLiteral: String? {
            var best = String.UnicodeScalarView()
            var current = String.UnicodeScalarView()
            for piece in pieces {
                if case .literal(let scalar) = piece {
                    current.append(scalar)
                } else {
                    current = String.UnicodeScalarView()
                }
                if current.count > best.count { best = current }
            }
            return best.isEmpty ? nil : String(best)
        }
    }
}
