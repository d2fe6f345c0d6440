/// What a rule asks of an event, with field names as its author wrote them.
indirect enum RuleExpression: Hashable, Sendable {
    case constant(Bool)
    case test(RuleTest)
    case not(RuleExpression)
    case all([RuleExpression])
    case any([RuleExpression])
}

/// One question about one field; true where any value of the field answers yes.
struct RuleTest: Hashable, Sendable {
    /// `nil`: the whole record, which is where keywords are searched.
    var field: String?
    var check: RuleCheck
    var position: SourcePosition

    static func == (a: RuleTest, b: RuleTest) -> Bool { a.field == b.field && a.check == b.check }
    func hash(into hasher: inout Hasher) {
        hasher.combine(field)
        hasher.combine(check)
    }
}

enum RuleCheck: Hashable, Sendable {
    enum Shape: UInt8, Hashable, Sendable { case equals, startsWith, endsWith, contains }
    enum Comparison: UInt8, Hashable, Sendable { case less, atMost, greater, atLeast, equal }
    enum DatePart: UInt8, Hashable, Sendable { case minute, hour, day, week, month, year }

    /// Present, whatever the value, null included.
    case exists
    /// Missing, or null.
    case null
    /// Any of the texts, compared without regard to case unless cased.
    case text(Shape, [String], isCased: Bool)
    /// Wildcards that are not just at the ends.
    case glob(SigmaText, isCased: Bool)
    case pattern(String, SearchPattern.Flags)
    case network(NetworkRange)
    case number(Comparison, Double)
    case datePart(DatePart, Comparison, Double)
    /// Another field's value stands in this shape in this one.
    case field(String, Shape, isCased: Bool)
}

/// Limits of one rule; a rule past one is refused with a message, the others load on.
enum RuleLimits {
    /// Values under one field of one detection.
    static let valuesMax = 20_000
    /// Characters in one value.
    static let valueCharactersMax = 65_536
    /// Texts that one value may become through placeholders and encodings.
    static let variantsMax = 4_096
    /// Detections (names) in one rule.
    static let detectionsMax = 512
    /// Maps within lists within maps: a detection has two levels, and nothing deeper has a meaning.
    static let conditionsMax = 64
}
