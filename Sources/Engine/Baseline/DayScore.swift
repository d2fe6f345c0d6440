/// What one identity's day comes to, and what it is made of.
struct DayScore: Sendable {
    /// Something that the day's statistic is the sum of.
    enum Part: Sendable {
        /// A fact by its place, how surprising it is, and how it was weighted.
        case fact(Int, Surprise)
        case hour(Int)
        case volume(Int)
        case combination(Double)
        /// A detector by its place among the firings, or a rule by its fact's place.
        case detector(Int, RuleRarity)
        case rule(Int, RuleRarity)
    }

    struct Share: Sendable {
        /// In 1/1024 nat.
        var points: Int32
        var part: Part
    }

    var kind = EntityKind.human
    var dayClass: DayClass
    /// The sum of the shares, in 1/1024 nat.
    var points: Int32 = 0
    var shares: [Share] = []
    /// Facts of a group of which only the greatest counts, by place.
    var covered: [Int] = []
    /// What the detectors saw.
    var firings: [Detectors.Firing] = []
    var combination: UInt64 = 0
    /// The values of the rules and detectors that fired.
    var fired: [UInt32] = []
    /// Values that were new to the identity.
    var novelties: [UInt32] = []
    var peer: UInt32 = 0
    /// The share of its class's days that came to as much, and out of how many that is told.
    var chance = 1.0
    var outOf = 0.0
    /// The class that had enough days to tell it.
    var judge: DayClass

    init(dayClass: DayClass) {
        self.dayClass = dayClass
        judge = dayClass
    }
}
