/// A pattern of letters, `*` (any run, the empty one too) and `?` (any one letter), as access policies use it.
///
/// Policy variables stand in it as opaque letters: two patterns with the same variable agree at that place, whatever the
/// variable will be. A *generic* text has two fresh letters for each `*`, which only another pattern's `*` can take; so a
/// pattern includes another exactly if it matches its generic text, as long as it has no `?` itself.
package struct WildcardPattern: Hashable, Sendable {
    package typealias Symbol = UInt32

    // Letters are Unicode scalars; these are beyond them.
    static let star: Symbol = 0x11_0000
    static let one: Symbol = 0x11_0001
    /// A letter that no policy holds.
    static let fresh: Symbol = 0x11_0002
    /// A variable's name, byte by byte, moved out of reach of all letters.
    static let variableBase: Symbol = 0x12_0000
    static let variableEnd: Symbol = 0x12_0100

    private(set) var symbols: [Symbol]
    private(set) var hasStar = false
    private(set) var oneCount = 0
    private(set) var hasVariable = false

    init(symbols: [Symbol]) {
        var kept: [Symbol] = []
        kept.reserveCapacity(symbols.count)
        for symbol in symbols {
            if symbol == Self.star {
                hasStar = true
                if kept.last == Self.star { continue }
            } else if symbol == Self.one {
                oneCount += 1
            } else if symbol >= Self.variableBase {
                hasVariable = true
            }
            kept.append(symbol)
        }
        self.symbols = kept
    }

    /// Reads a pattern; with `variables`, `${name}` is a policy variable and `${*}`, `${?}`, `${$}` are plain letters.
    init(_ text: String, variables: Bool = false, isLowercased: Bool = false) {
        let letters = Self.letters(text)
        var symbols: [Symbol] = []
        symbols.reserveCapacity(letters.count)
        var at = 0
        while at < letters.count {
            let letter = letters[at]
            if variables, letter == 0x24, at + 1 < letters.count, letters[at + 1] == 0x7B,
                let end = letters[at...].firstIndex(of: 0x7D)
            {
                let name = String(
                    String.UnicodeScalarView(letters[at + 2..<end].compactMap(Unicode.Scalar.init)))
                Self.append(variable: Array(name.utf8)[...], to: &symbols)
                at = end + 1
                continue
            }
            switch letter {
            case 0x2A: symbols.append(Self.star)
            case 0x3F: symbols.append(Self.one)
            case 0x41...0x5A where isLowercased: symbols.append(letter | 0x20)
            default: symbols.append(letter)
            }
            at += 1
        }
        self.init(symbols: symbols)
    }

    /// A text's letters.
    static func letters(_ text: String) -> [Symbol] { text.unicodeScalars.map(\.value) }

    /// A text without wildcards, whatever letters it has.
    init(literal text: String) { self.init(symbols: Self.letters(text)) }

    private static func append(variable name: ArraySlice<UInt8>, to symbols: inout [Symbol]) {
        if name.count == 1, let letter = name.first, [0x2A, 0x3F, 0x24].contains(letter) {
            symbols.append(Symbol(letter))
            return
        }
        // Keys are the same in any case; a default value is not.
        var isKey = true
        for byte in name where !(isKey && byte == 0x20) {
            if byte == UInt8(ascii: ",") { isKey = false }
            let isUpper = isKey && byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
            symbols.append(variableBase + Symbol(isUpper ? byte | 0x20 : byte))
        }
        symbols.append(variableEnd)
    }

    var isLiteral: Bool { !hasStar && oneCount == 0 && !hasVariable }
    /// Whether it takes every text.
    var isAny: Bool { symbols == [Self.star] }

    var lowercased: WildcardPattern {
        WildcardPattern(
            symbols: symbols.map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 })
    }

    // MARK: Matching

    /// Whether the pattern takes these letters, which may be fresh ones or variables.
    func matches(_ text: [Symbol]) -> Bool {
        guard hasStar || oneCount > 0 else { return symbols == text }
        var at = 0
        var position = 0
        var resume = -1
        var resumeText = 0
        while position < text.count {
            if at < symbols.count, symbols[at] == Self.star {
                resume = at
                resumeText = position
                at += 1
            } else if at < symbols.count, symbols[at] == text[position] || symbols[at] == Self.one {
                at += 1
                position += 1
            } else if resume >= 0 {
                at = resume + 1
                resumeText += 1
                position = resumeText
            } else {
                return false
            }
        }
        while at < symbols.count, symbols[at] == Self.star { at += 1 }
        return at == symbols.count
    }

    func matches(_ text: String) -> Bool { matches(Self.letters(text)) }

    /// The text that only patterns which include this one take.
    var generic: [Symbol] {
        guard hasStar || oneCount > 0 else { return symbols }
        return instance { _ in 2 }
    }

    /// The text with as many fresh letters for the n-th `*` as `length` says.
    func instance(_ length: (Int) -> Int) -> [Symbol] {
        var text: [Symbol] = []
        var number = 0
        for symbol in symbols {
            if symbol == Self.star {
                text += repeatElement(Self.fresh, count: length(number))
                number += 1
            } else {
                text.append(symbol == Self.one ? Self.fresh : symbol)
            }
        }
        return text
    }

    /// Instances with each `*` from no letter to one more than the `?` on the other side.
    ///
    /// `nil` where there would be too many.
    func instances(against ones: Int) -> [[Symbol]]? {
        guard ones > 0, hasStar else { return [generic] }
        let stars = symbols.count { $0 == Self.star }
        let lengths = ones + 2
        var count = 1
        for _ in 0..<stars {
            count *= lengths
            if count > 256 { return nil }
        }
        return (0..<count).map { number in
            var digits = number
            let chosen = (0..<stars).map { _ in
                defer { digits /= lengths }
                return digits % lengths
            }
            return instance { chosen[$0] }
        } + [generic]
    }

    // MARK: Intersecting

    /// Patterns whose texts together are those that both take; `nil` where there are too many.
    func intersection(_ other: WildcardPattern) -> [WildcardPattern]? {
        if isAny { return [other] }
        if other.isAny || self == other { return [self] }
        if !hasStar, oneCount == 0 { return other.matches(symbols) ? [self] : [] }
        if !other.hasStar, other.oneCount == 0 { return matches(other.symbols) ? [other] : [] }
        // Mostly one includes the other.
        if oneCount == 0, other.oneCount == 0 {
            if other.matches(generic) { return [self] }
            if matches(other.generic) { return [other] }
        }
        guard symbols.count + other.symbols.count <= Meeting.symbolsMax else { return nil }
        var meeting = Meeting(a: symbols, b: other.symbols)
        let found = meeting.patterns(0, 0)
        guard !meeting.isTooLarge else { return nil }
        let patterns = found.map { WildcardPattern(symbols: $0) }
        // What another one includes adds nothing.
        return patterns.enumerated().filter { index, pattern in
            !patterns.enumerated().contains {
                $0 != index && $1.oneCount == 0 && $1.matches(pattern.generic)
                    && ($0 < index || !pattern.matches($1.generic))
            }
        }.map(\.element)
    }

    /// Walks two patterns side by side, position by position.
    private struct Meeting {
        static let patternsMax = 64
        /// Of both patterns: the walk goes as deep.
        static let symbolsMax = 1_024
        private static let placesMax = 20_000

        let a: [Symbol]
        let b: [Symbol]
        var known: [Int: [[Symbol]]] = [:]
        var isTooLarge = false

        mutating func patterns(_ i: Int, _ j: Int) -> [[Symbol]] {
            if isTooLarge { return [] }
            let key = i * (b.count + 1) + j
            if let found = known[key] { return found }
            var found = Set<[Symbol]>()
            let x = i < a.count ? a[i] : nil
            let y = j < b.count ? b[j] : nil
            switch (x, y) {
            case (nil, nil): found.insert([])
            case (star, star):
                for rest in patterns(i + 1, j) + patterns(i, j + 1) { found.insert(Self.joined(star, rest)) }
            case (star, nil): found.formUnion(patterns(i + 1, j))
            case (nil, star): found.formUnion(patterns(i, j + 1))
            case (star, let letter?):
                found.formUnion(patterns(i + 1, j))
                for rest in patterns(i, j + 1) { found.insert(Self.joined(letter, rest)) }
            case (let letter?, star):
                found.formUnion(patterns(i, j + 1))
                for rest in patterns(i + 1, j) { found.insert(Self.joined(letter, rest)) }
            case (let p?, let q?) where p == q || p == one || q == one:
                for rest in patterns(i + 1, j + 1) { found.insert(Self.joined(p == one ? q : p, rest)) }
            default: break
            }
            if found.count > Self.patternsMax || known.count > Self.placesMax { isTooLarge = true }
            let list = found.sorted { $0.lexicographicallyPrecedes($1) }
            known[key] = list
            return list
        }

        private static func joined(_ symbol: Symbol, _ rest: [Symbol]) -> [Symbol] {
            symbol == star && rest.first == star ? rest : [symbol] + rest
        }
    }
}

extension WildcardPattern {
    /// The pattern as a person writes it: `word` for what two fresh letters stand for, `letter` for each other one.
    static func text(_ symbols: [Symbol], word: String, letter: String) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(symbols.count + 16)
        var at = 0
        while at < symbols.count {
            switch symbols[at] {
            case star: bytes.append(UInt8(ascii: "*"))
            case one: bytes.append(UInt8(ascii: "?"))
            case fresh:
                let run = symbols[at...].prefix { $0 == fresh }.count
                let isWord = run == 2 && !word.isEmpty
                for _ in 0..<(isWord ? 1 : run) { bytes += Array((isWord ? word : letter).utf8) }
                at += run - 1
            case variableBase...:
                bytes += Array("${".utf8)
                while at < symbols.count, symbols[at] != variableEnd {
                    bytes.append(UInt8(truncatingIfNeeded: symbols[at] - variableBase))
                    at += 1
                }
                bytes.append(UInt8(ascii: "}"))
            case 0..<0x80: bytes.append(UInt8(truncatingIfNeeded: symbols[at]))
            case let letter:
                if let scalar = Unicode.Scalar(letter) { bytes += Array(String(Character(scalar)).utf8) }
            }
            at += 1
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension WildcardPattern: CustomStringConvertible {
    package var description: String { Self.text(symbols, word: "", letter: "") }
}
