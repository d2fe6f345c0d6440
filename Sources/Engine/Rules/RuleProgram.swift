/// Rules compiled for one feed: what its matcher runs, never changed after.
///
/// Texts are folded, wildcards lowered, equal questions asked once; each rule is a branch code over its
/// questions, and is tried only on records whose discriminating field holds a value it asks for.
package struct RuleProgram: Sendable {
    enum Operation: UInt8, BitwiseCopyable {
        case exists, null, equals, startsWith, endsWith, contains, glob, pattern, network, number, datePart,
            field
    }

    /// One question. What `first` and `count` delimit depends on the operation: literals, globs, patterns,
    /// networks.
    struct Predicate: BitwiseCopyable {
        var field: Int32
        var operation: Operation
        var isCased = false
        var first: Int32 = 0
        var count: Int32 = 0
        /// Where several texts are looked for together; -1: one after the other.
        var needles: Int32 = -1
        var comparison = RuleCheck.Comparison.equal
        var datePart = RuleCheck.DatePart.year
        var shape = RuleCheck.Shape.equals
        var operand: Double = 0
    }

    struct Literal: BitwiseCopyable {
        var bytes: Extent
        var hash: UInt64
    }

    /// A regular expression with the text that must occur before it is tried.
    struct Pattern: Sendable {
        var search: SearchPattern
        var required: Extent
    }

    /// One branch: ask, then go on at one of two places; -1 is a match, -2 a miss.
    struct Branch: BitwiseCopyable {
        static let match: Int32 = -1
        static let miss: Int32 = -2
        var predicate: Int32
        var ifTrue: Int32
        var ifFalse: Int32
    }

    struct Rule: Sendable {
        /// Its place in the rule set the program was compiled from.
        var index: Int
        var entry: Int32
        /// Questions that speak for the rule (not under a `not`), for the evidence of a finding.
        var evidence: [Evidence]
        /// Whether its hits raise findings; else it is only a part of correlations.
        var isLoud = true
        var taps: [Tap] = []
    }

    /// What a correlation takes of a rule's hit: the fields that it groups by, and those that it counts.
    struct Tap: Sendable {
        var correlation: Int32
        var member: Int32
        var group: [Int32]
        var values: [Int32]
    }

    struct Evidence: Sendable {
        var predicate: Int32
        /// The field as the rule writes it; empty for keywords.
        var name: String
    }

    /// Rules by the value of one field that they all require.
    struct Dispatch: BitwiseCopyable {
        var field: Int32
        /// Its part of `slots`: open addressing over folded values.
        var start: Int32
        /// Slots less one; their number is a power of two.
        var mask: Int32

        struct Slot: BitwiseCopyable {
            var hash: UInt64 = 0
            var bytes = Extent.none
            /// Its rules, in `slotRules`.
            var first: Int32 = 0
            /// 0: an empty slot.
            var count: Int32 = 0
        }
    }

    /// Fields to be read of a record.
    struct Reading: Sendable {
        var trie = FieldTrie([])
        /// Whether the whole record's text is one of them.
        var takesRecord = false
    }

    /// The feed it was compiled for: `aws.cloudtrail`.
    package let feed: String
    /// The rule set's rules that apply to the feed; hits name them by place in this array.
    package internal(set) var sources: [SigmaRule] = []

    var predicates: [Predicate] = []
    var literals: [Literal] = []
    var texts: [UInt8] = []
    var needles: [Needles] = []
    var globs: [Glob] = []
    var patterns: [Pattern] = []
    var networks: [NetworkRange] = []
    var branches: [Branch] = []
    var rules: [Rule] = []
    var dispatches: [Dispatch] = []
    var slots: [Dispatch.Slot] = []
    var slotRules: [Int32] = []
    /// Rules that no dispatch covers: tried on every record.
    var always: [Int32] = []
    var fieldCount = 2
    /// What the dispatches and the rules tried on every record read: all that is looked at of most records.
    var firstReading = Reading()
    /// What else any rule reads; `nil` where that is nothing.
    var restReading: Reading?
    /// The OCSF classes that its rules are for, of a program about events.
    var classes: Set<UInt32> = []
    var asksEveryClass = false

    init(feed: String) { self.feed = feed }

    /// The rules on records of those that apply to a feed, each by itself.
    package init(_ rules: [SigmaRule], feed: String) { self = RuleCompiler.compile(rules, feed: feed) }

    /// Rules tried on every record, and rules in all: how well the dispatch works.
    package var alwaysCount: Int { always.count }
    package var count: Int { rules.count }
}
