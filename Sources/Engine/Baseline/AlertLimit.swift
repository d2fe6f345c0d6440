/// Where a day's alerts begin.
struct AlertLimit: Sendable {
    /// A day with less surprise than this is never an alert, however usual the others are: 4 nats in 1/1024.
    static let pointsMin: Int32 = 4_096
    /// Nor is one that more than one in twenty comes up to.
    private static let chanceMax = DayScorer.toldChanceMax
    /// On a day on which more than 3 % of the identities are as rare as one in a hundred, something has happened to
    /// the tenant, and not to one of them: one finding says so in place of more than four times as many as are promised.
    /// Fewer stand for themselves, for a day of few identities has so many rare ones by chance, or by several attacks.
    static let stormChance = 0.01
    private static let stormShare = 0.03
    private static let stormMin = 10.0
    private static let stormBudgets = 4.0

    /// The chance that must not be exceeded.
    let chance: Double
    let budget: Double
    /// What the budget has become through what was raised before.
    let effective: Double
    let identities: Double
    /// Days that a class needs to judge by itself.
    let daysNeeded: Double
    let isKnown: Bool

    init(_ baseline: Baseline, _ settings: BehaviourSettings, day: Int32) {
        let (weekday, weekend) = baseline.active
        let own = Baseline.isWeekend(day) ? weekend : weekday
        identities = max(1, own > 0 ? own : max(weekday, weekend))
        budget = settings.budget
        effective = budget * Natural.exp(baseline.budgetShift)
        chance = min(Self.chanceMax, effective / identities)
        daysNeeded = max(50, 2 * max(weekday, weekend) / max(0.1, budget))
        isKnown = baseline.daysClosed >= BehaviourSettings.learningDays && budget > 0
    }

    func isCrossed(by score: DayScore) -> Bool {
        score.points >= Self.pointsMin && score.chance <= chance && score.outOf >= daysNeeded
    }

    func isStorm(_ unusual: Int, alerts: Int) -> Bool {
        Double(unusual) > max(Self.stormMin, Self.stormShare * identities)
            && Double(alerts) > Self.stormBudgets * budget
    }
}
