package import Engine

/// What is asked of one table of the store: a stretch of event time and conditions that must all hold.
package struct EventQuery: Sendable {
    /// Holds for a row in which any value of any of the columns fits any of the patterns.
    package struct Condition: Sendable {
        package var leaves: [Int]
        package var patterns: [TextPattern]
        /// Looked at where not every row has a value in `leaves`.
        package var otherwise: [Int]

        package init(leaves: [Int], patterns: [TextPattern], otherwise: [Int] = []) {
            self.leaves = leaves
            self.otherwise = otherwise
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

    /// Whether most of the table has to be read: there is no stretch of time, no limit and no single value to look for.
    package var isScan: Bool {
        times == .min ..< .max && limit == nil
            && conditions.allSatisfy { $0.patterns.contains { $0.value == nil } }
    }
}
