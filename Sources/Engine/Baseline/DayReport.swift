/// How one identity's day compares, under ours and under the sums that others add up: for measuring.
package struct DayReport: Sendable {
    package var entity: String
    /// The day's statistic, in nats, and how rare it is in its class.
    package var statistic: Double
    package var chance: Double
    package var isAlert: Bool
    /// Points of risk-based alerting, each rule counted once a day.
    package var riskPoints: Double
    /// Elastic's sum of alerts, each counting less than the one before it: s / i^1.5.
    package var dampedSum: Double

    private static let levels: [Double] = [10, 21, 47, 73, 99]

    /// What a new value is worth to detection by fixed points.
    private static func points(_ fact: Fact) -> Double {
        switch fact.dimension {
        case .network, .device: 25
        case .country, .account: 30
        case .agent, .region, .client: 20
        case .role, .service: 15
        case .action: [8, 10, 20, 30][Int(min(3, fact.level))] + (fact.isCatalogued ? 15 : 0)
        default: 5
        }
    }

    init(_ entity: EntityDay, _ score: DayScore, isAlert: Bool) {
        self.entity = String(decoding: entity.name, as: UTF8.self)
        statistic = Double(score.points) / 1_024
        chance = score.chance
        self.isAlert = isAlert
        let new = Set(score.novelties)
        var once: [Dimension: Double] = [:]
        var alerts: [Double] = []
        for fact in entity.facts where new.contains(fact.value) && fact.dimension.isHabit {
            let points = Self.points(fact)
            once[fact.dimension] = max(once[fact.dimension] ?? 0, points)
            alerts.append(points)
        }
        riskPoints = once.values.reduce(0, +)
        for firing in score.firings {
            riskPoints += Self.levels[Int(firing.rule.level)]
            alerts.append(Self.levels[Int(firing.rule.level)])
        }
        for fact in entity.facts where fact.dimension == .rule {
            riskPoints += Self.levels[Int(min(4, fact.level))]
            for _ in 0..<max(1, fact.count) { alerts.append(Self.levels[Int(min(4, fact.level))]) }
        }
        alerts.sort(by: >)
        dampedSum = 0
        for (i, points) in alerts.enumerated() {
            let rank = Double(i + 1)
            dampedSum += points / (rank * rank.squareRoot())
        }
    }
}

extension Behaviour {
    /// Every identity's day, of a day that is still open.
    package func report(on time: Timestamp) -> [DayReport] {
        let day = time.day
        guard let state = open[day], let facts = book.days[day] else { return [] }
        return zip(facts.entities, state.scores).filter { $0.1.kind != .address }.map { entity, score in
            DayReport(entity, score, isAlert: state.alerts[entity.key] != nil && !state.isStorm)
        }
    }

    /// Whether a day was raised as one alert of the whole tenant.
    package func isStorm(on time: Timestamp) -> Bool { open[time.day]?.isStorm ?? false }

    /// What the budget has become through what was raised.
    package var effectiveBudget: Double { settings.budget * Natural.exp(latest().budgetShift) }
}
