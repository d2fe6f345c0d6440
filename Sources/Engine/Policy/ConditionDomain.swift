/// The values of one condition key that can make a difference to a set of conditions.
///
/// Every other value behaves like one of them, so what holds for these holds for all: no value; each value that is
/// listed; texts that stand for each pattern and for what several patterns have in common; both sides of each number,
/// time and network; a text of its own; and for keys of several values, their combinations.
struct ConditionDomain {
    /// Letters that no policy has, one of which stands for each that a `*` takes.
    static let fresh = ["\u{E000}", "\u{E001}"]
    static let regionsMax = 9
    private static let patternsMax = 128

    /// `nil`: the key is absent.
    private(set) var values: [PolicyContext.Value?] = [nil]
    /// Whether nothing was left out.
    private(set) var isComplete = true

    private let conditions: [PolicyCondition]
    private var texts: [String] = []
    private var seen = Set<String>()

    /// Of conditions over one key, without variables.
    init(_ conditions: [PolicyCondition]) {
        self.conditions = conditions
        collectTexts()
        keepOneOfEachKind()
    }

    private mutating func add(_ text: String) {
        if seen.insert(text).inserted { texts.append(text) }
    }

    private mutating func collectTexts() {
        var likes: [WildcardPattern] = []
        var arns: [ResourcePattern] = []
        var isText = false
        var ignoresCase = false
        for condition in conditions {
            let comparison = condition.comparison.comparison
            switch comparison {
            case .text, .like, .binary: isText = true
            case .textIgnoringCase: (isText, ignoresCase) = (true, true)
            default: break
            }
            for value in condition.values {
                switch comparison {
                case .like where !value.pattern.isLiteral: likes.append(value.pattern)
                case .arn: arns.append(value.arn ?? ResourcePattern(value.text))
                case .number, .date, .null, .bool, .address: break
                default: add(value.text)
                }
            }
        }
        collectOrdered()
        collectPatterns(likes, arns, isMixed: isText && !arns.isEmpty)
        for letter in Self.fresh { add(letter + letter) }
        guard ignoresCase else { return }
        for text in texts {
            add(text.lowercased())
            add(text.uppercased())
            add(String(text.map { $0.isUppercase ? Character($0.lowercased()) : Character($0.uppercased()) }))
        }
    }

    /// Both sides of each number, time and network.
    private mutating func collectOrdered() {
        var numbers: [Double] = []
        var times: [Timestamp] = []
        for condition in conditions {
            for value in condition.values {
                if let number = value.number { numbers.append(number) }
                if let time = value.time { times.append(time) }
                if let network = value.network { for edge in network.edges { add(edge) } }
            }
            switch condition.comparison.comparison {
            case .bool: for text in ["true", "false"] { add(text) }
            case .address: for text in ["192.0.2.1", "2001:db8::1"] { add(text) }
            default: break
            }
        }
        numbers.sort()
        for (index, number) in numbers.enumerated() {
            var points = [number, number - 1, number + 1, number.nextDown, number.nextUp]
            if index > 0 { points.append((numbers[index - 1] + number) / 2) }
            for point in points {
                add(point == point.rounded() && abs(point) < 1e15 ? String(Int64(point)) : String(point))
            }
        }
        for time in times where time < .distantFuture {
            for seconds: Int64 in [0, -1, 1] {
                var bytes: [UInt8] = []
                (time + .seconds(seconds)).appendISO8601(to: &bytes)
                add(String(decoding: bytes, as: UTF8.self))
            }
        }
    }

    private mutating func collectPatterns(
        _ likes: [WildcardPattern], _ arns: [ResourcePattern], isMixed: Bool
    ) {
        let ones = (likes + arns.map(\.whole)).map(\.oneCount).max() ?? 0
        var patterns = likes
        // Texts and ARNs on one key: a `*` of the one takes colons, of the other it does not.
        if isMixed { patterns += arns.map(\.whole) }
        for pattern in closure(patterns, { $0.intersection($1) }) {
            guard let instances = pattern.instances(against: ones) else {
                isComplete = false
                continue
            }
            for instance in instances { addText(instance) }
            if isMixed { addColons(pattern) }
        }
        for arn in closure(arns, { $0.intersection($1, .segment) }) {
            guard let instances = arn.instances(against: ones, .segment) else {
                isComplete = false
                continue
            }
            for instance in instances where !instance.isSpecial { addText(instance.whole) }
        }
        if !arns.isEmpty {
            for letter in Self.fresh { add(Array(repeating: letter, count: 6).joined(separator: ":")) }
        }
    }

    /// The patterns with all that several of them have in common.
    private mutating func closure<P: Hashable>(_ patterns: [P], _ meet: (P, P) -> [P]?) -> [P] {
        var all: [P] = []
        var known = Set<P>()
        for pattern in patterns where known.insert(pattern).inserted {
            for other in all {
                guard let meeting = meet(other, pattern) else {
                    isComplete = false
                    continue
                }
                for found in meeting where known.insert(found).inserted { all.append(found) }
            }
            all.append(pattern)
            if all.count > Self.patternsMax {
                isComplete = false
                break
            }
        }
        return all
    }

    private mutating func addText(_ symbols: [WildcardPattern.Symbol]) {
        for letter in Self.fresh { add(Self.text(symbols, letter)) }
    }

    private static func text(_ symbols: [WildcardPattern.Symbol], _ letter: String) -> String {
        WildcardPattern.text(symbols, word: "", letter: letter)
    }

    /// Instances in which a `*` takes one colon, or as many as an ARN lacks.
    private mutating func addColons(_ pattern: WildcardPattern) {
        let colon = WildcardPattern.Symbol(UInt8(ascii: ":"))
        let lacking = max(1, 5 - pattern.symbols.count { $0 == colon })
        let stars = min(pattern.symbols.count { $0 == WildcardPattern.star }, 4)
        for number in 0..<(1 << (2 * stars)) {
            var text: [WildcardPattern.Symbol] = []
            var star = 0
            for symbol in pattern.symbols {
                guard symbol == WildcardPattern.star else {
                    text.append(symbol == WildcardPattern.one ? WildcardPattern.fresh : symbol)
                    continue
                }
                let colons = [0, 1, lacking, 2][(number >> (2 * min(star, stars - 1))) & 3]
                text.append(WildcardPattern.fresh)
                for _ in 0..<colons { text += [colon, WildcardPattern.fresh] }
                star += 1
            }
            add(Self.text(text, Self.fresh[0]))
        }
    }

    // MARK: Kinds of values

    /// Keeps of all texts that every condition answers alike the first, and a second for keys of several values.
    private mutating func keepOneOfEachKind() {
        let empty = PolicyContext()
        let isMany = conditions.contains { $0.comparison.quantifier != .one }
        var kinds: [[Bool]: Int] = [:]
        var regions: [[String]] = []
        for text in texts {
            let answers = conditions.map { $0.accepts(text, empty) }
            if let region = kinds[answers] {
                if regions[region].count < 2 { regions[region].append(text) }
            } else {
                kinds[answers] = regions.count
                regions.append([text])
            }
        }
        values += regions.map { .single($0[0]) }
        guard isMany else { return }
        for region in regions where region.count > 1 { values.append(.list(region)) }
        if regions.count > Self.regionsMax {
            isComplete = false
            for (index, region) in regions.enumerated() {
                for other in regions.dropFirst(index + 1) { values.append(.list([region[0], other[0]])) }
                if values.count > 2_000 { break }
            }
            return
        }
        for subset in 1..<(1 << regions.count) where subset & (subset - 1) != 0 {
            values.append(.list(regions.indices.filter { subset >> $0 & 1 == 1 }.map { regions[$0][0] }))
        }
    }
}
