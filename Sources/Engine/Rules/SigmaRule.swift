/// What a rule of any kind says of itself, and its findings repeat.
package struct RuleHead: Sendable {
    package enum Level: String, CaseIterable, Sendable { case informational, low, medium, high, critical }

    /// The rule's `id`; where it has none, a digest of what it asks.
    package var id: String
    package var title: String
    /// Referable from correlations.
    package var name: String?
    package var summary: String
    package var level: Level
    package var status: String
    package var tags: [String]
    package var references: [String]
    package var falsePositives: [String]
    package var position: SourcePosition
}

/// One loaded Sigma rule: what a finding says about it, and what it asks of an event.
@dynamicMemberLookup
package struct SigmaRule: Sendable {
    package var head: RuleHead
    package var logsource: Logsource
    var expression: RuleExpression

    package subscript<Value>(dynamicMember path: Swift.KeyPath<RuleHead, Value>) -> Value {
        head[keyPath: path]
    }

    package static func == (a: SigmaRule, b: SigmaRule) -> Bool {
        a.id == b.id && a.logsource == b.logsource && a.expression == b.expression
    }
}

/// Which log a rule is written for.
package struct Logsource: Hashable, Sendable {
    package var category: String?
    package var product: String?
    package var service: String?

    /// `aws/cloudtrail`, `linux/process_creation`, for people.
    package var description: String { [product, category, service].compactMap { $0 }.joined(separator: "/") }
}
