/// How a `*` in the first five segments of an ARN is understood.
///
/// AWS matches segment by segment, and yet says that a `*` at the end of a segment may reach beyond the colon. What
/// holds under both readings holds.
package enum ResourceReading: String, CaseIterable, Sendable {
    /// A `*` stays between its colons.
    case segment
    /// A `*` takes colons as well.
    case string
}

/// A resource as a policy names it: an ARN with wildcards, or `*`.
///
/// Partition, service, region and account are the same in any case; the resource's own part is not.
package struct ResourcePattern: Hashable, Sendable {
    /// As the policy has it.
    package let text: String
    /// The whole, with the first five segments in lower case.
    let whole: WildcardPattern
    /// Six, or none where it is no ARN.
    let segments: [WildcardPattern]
    let isAny: Bool

    init(_ text: String, variables: Bool = false) {
        self.init(WildcardPattern(text, variables: variables), text: text)
    }

    /// `isPadded`: a short ARN that ends in `*` means all below, as it does for resources and not in conditions.
    init(_ pattern: WildcardPattern, text: String? = nil, isPadded: Bool = true) {
        self.text = text ?? pattern.description
        isAny = pattern.isAny
        let colon = WildcardPattern.Symbol(UInt8(ascii: ":"))
        var parts = pattern.symbols.split(separator: colon, maxSplits: 5, omittingEmptySubsequences: false)
            .map { Array($0) }
        if isPadded, parts.count > 1, parts.count < 6, parts.last?.last == WildcardPattern.star {
            parts += repeatElement([WildcardPattern.star], count: 6 - parts.count)
        }
        guard parts.count == 6, !pattern.isAny else {
            whole = pattern
            segments = []
            return
        }
        segments = parts.enumerated().map { index, part in
            let segment = WildcardPattern(symbols: part)
            return index < 5 ? segment.lowercased : segment
        }
        whole = Self.joined(segments.map(\.symbols))
    }

    /// A pattern that is no ARN, whatever colons it has.
    init(plain text: String) {
        self.text = text
        whole = WildcardPattern(text)
        segments = []
        isAny = whole.isAny
    }

    private init(segments: [WildcardPattern]) {
        self.segments = segments
        whole = Self.joined(segments.map(\.symbols))
        text = whole.description
        isAny = false
    }

    private static func joined(_ segments: [[WildcardPattern.Symbol]]) -> WildcardPattern {
        let colon = WildcardPattern.Symbol(UInt8(ascii: ":"))
        return WildcardPattern(symbols: Array(segments.joined(separator: [colon])))
    }

    var hasVariable: Bool { whole.hasVariable }

    /// Whether both readings see the same in it: no `*` in the first five segments.
    var isPlain: Bool { isAny || (segments.count == 6 && !segments.dropLast().contains(where: \.hasStar)) }

    /// Whether it takes the resource, under this reading.
    func matches(_ resource: ResourceText, _ reading: ResourceReading) -> Bool {
        if isAny { return true }
        if resource.isSpecial { return false }
        guard reading == .segment, segments.count == 6, resource.segments.count == 6 else {
            return whole.matches(resource.whole)
        }
        for index in 0..<6 where !segments[index].matches(resource.segments[index]) { return false }
        return true
    }

    /// Whether it takes the value of a condition's key: only ARNs, unless it takes everything.
    func matchesARN(_ value: ResourceText) -> Bool {
        isAny || (segments.count == 6 && value.segments.count == 6 && matches(value, .segment))
    }

    /// The pattern with the request's values for its variables.
    func resolved(in context: PolicyContext) -> ResourcePattern? {
        guard hasVariable else { return self }
        guard segments.count == 6 else {
            return whole.resolved(in: context).map { ResourcePattern($0) }
        }
        var resolved: [WildcardPattern] = []
        for segment in segments {
            guard let segment = segment.resolved(in: context) else { return nil }
            resolved.append(segment)
        }
        return ResourcePattern(segments: resolved)
    }

    /// Patterns that together take what both take; `nil` where there are too many.
    func intersection(_ other: ResourcePattern, _ reading: ResourceReading) -> [ResourcePattern]? {
        if isAny { return [other] }
        if other.isAny || self == other { return [self] }
        guard reading == .segment, segments.count == 6, other.segments.count == 6 else {
            return whole.intersection(other.whole)?.map { ResourcePattern($0) }
        }
        var heads: [[WildcardPattern]] = [[]]
        for index in 0..<6 {
            guard let meeting = segments[index].intersection(other.segments[index]) else { return nil }
            heads = heads.flatMap { head in meeting.map { head + [$0] } }
            if heads.count > 64 { return nil }
        }
        return heads.map { ResourcePattern(segments: $0) }
    }

    /// Texts that stand for all that the pattern takes, against patterns with so many `?`.
    func instances(against ones: Int, _ reading: ResourceReading) -> [ResourceText]? {
        if isAny {
            return [
                .special,
                ResourceText(
                    segments: Array(
                        repeating: WildcardPattern(symbols: [WildcardPattern.star]).generic, count: 6),
                    whole: whole.generic),
            ]
        }
        if ones == 0 || segments.isEmpty || reading == .string {
            guard let texts = whole.instances(against: ones) else { return nil }
            let isSimple = texts.count == 1
            return texts.map { text in
                ResourceText(segments: isSimple ? segments.map(\.generic) : [], whole: text)
            }
        }
        guard let texts = segments[5].instances(against: ones) else { return nil }
        let head = segments.dropLast().map(\.generic)
        return texts.map { ResourceText(segments: head + [$0]) }
    }
}

/// A resource that a request is for, or a text that stands for many of them.
struct ResourceText: Hashable, Sendable {
    /// Six, the first five in lower case; none where it is no ARN.
    let segments: [[WildcardPattern.Symbol]]
    let whole: [WildcardPattern.Symbol]

    /// What actions that are for no resource of their own are asked on: `*`, which only `*` takes.
    static let special = ResourceText(segments: [], whole: [WildcardPattern.star])

    var isSpecial: Bool { whole == [WildcardPattern.star] }

    init(segments: [[WildcardPattern.Symbol]], whole: [WildcardPattern.Symbol]) {
        self.segments = segments
        self.whole = whole
    }

    init(segments: [[WildcardPattern.Symbol]]) {
        self.segments = segments
        whole = Array(segments.joined(separator: [WildcardPattern.Symbol(UInt8(ascii: ":"))]))
    }

    /// A request's resource.
    init(_ text: String) {
        if text == "*" || text.isEmpty {
            self = .special
            return
        }
        let letters = WildcardPattern.letters(text)
        let parts = letters.split(separator: 0x3A, maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6 else {
            self.init(segments: [], whole: letters)
            return
        }
        self.init(
            segments: parts.enumerated().map { index, part in
                index == 5 ? Array(part) : part.map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }
            })
    }
}
