package import Engine

/// What is asked of one table of the store: a stretch of event time and conditions that must all hold.
package struct EventQuery: Sendable {
    /// Holds for a row in which any value of any of the columns fits any of the patterns.
    package struct Condition: Sendable {
        package var leaves: [Int]
        package var patterns: [TextPattern]

        package init(leaves: [Int], patterns: [TextPattern]) {
            self.leaves = leaves
            self.patterns = patterns
        }
    }

    package var plan: ColumnPlan
    /// Milliseconds since 1970.
    package var times: Range<Int64> = .min ..< .max
    package var conditions: [Condition] = []
    /// Whole numbers that a column must have, any of them.
    package var numbers: [(leaf: Int, values: Set<Int64>)] = []
    package var isNewestFirst = false
    package var limit: Int?

    package init(_ plan: ColumnPlan) { self.plan = plan }

    /// Whether nothing but the whole table is asked for.
    package var isUnbounded: Bool {
        conditions.isEmpty && numbers.isEmpty && times == .min ..< .max && limit == nil
    }
}
