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
}

/// Scores a day against a baseline.
struct DayScorer {
    /// Tenths, by what an action can do.
    private static let levelWeights: InlineArray<4, Int32> = [8, 10, 13, 17]
    private static let origins = DimensionSet([.network, .country])
    private static let programs = DimensionSet([.agent, .device, .method, .client])
    /// Members of the sum of actions.
    private static let actionsMax = 8
    /// A rule counts at most so much, by its level: one that says only where to look is no proof for being rare.
    private static let rulePointsMaxByLevel: InlineArray<5, Int32> = [2_048, 4_096, 6_144, 9_216, 9_216]
    /// A fact less surprising than one nat is no sign.
    private static let signPointsMin: Int32 = 1_024
    /// What a day is made of is kept for those that no more than one in twenty comes up to: neither an alert nor a line of
    /// the risk ledger rests on others.
    static let toldChanceMax = 0.05
    /// Days of a kind before the rarity of combinations and rules is believed.
    private static let daysMin = 50.0
    private static let presenceMin = 20.0

    let entity: EntityDay
    let baseline: Baseline
    let profile: Profile?
    private(set) var score: DayScore
    private var surprises: [Surprise] = []

    /// - Parameters:
    ///   - rollOuts: values that a group takes up on this day, as `Baseline.peerKey`.
    ///   - expected: values of this identity that somebody has called expected.
    ///   - daysNeeded: entity-days that a class must have to judge.
    init(
        _ entity: EntityDay, _ baseline: Baseline, rollOuts: [UInt64: RollOut], expected: Set<UInt32>,
        daysNeeded: Double
    ) {
        self.entity = entity
        self.baseline = baseline
        let profile = baseline.profiles.profile(of: entity.key)
        self.profile = profile
        let kind = EntityKind(entity.traits, odds: Int(profile?.odds ?? 0) * 2 + entity.traits.odds)
        let ownClass = baseline.dayClass(profile, kind, day: entity.day)
        score = DayScore(kind: kind, dayClass: ownClass, judge: ownClass)
        score.peer = profile?.peer ?? 0
        let reported = baseline.reported[entity.key] ?? []
        for fact in entity.facts {
            guard !expected.contains(fact.value) else {
                surprises.append(.none)
                continue
            }
            let key = Baseline.peerKey(score.peer, fact.value)
            let surprise = Surprise.of(
                fact, by: profile, kind, in: baseline, rollOut: rollOuts[key],
                isReported: reported.contains(fact.value))
            surprises.append(surprise)
            if surprise.isNew { score.novelties.append(fact.value) }
        }
        score.firings =
            Detectors(
                entity, profile, kind, isNew: surprises.map { $0.isNew && !$0.isRollOut },
                last: baseline.lastPlaces[entity.key], isShared: { baseline.isShared(egress: $0) }
            ).firings
        addGreatest(of: Self.origins)
        addGreatest(of: Self.programs)
        addHour()
        addActions()
        addVolume()
        addCombination()
        addRules(expected)
        score.points = score.shares.reduce(0) { $0 + $1.points }
        judge(daysNeeded)
        if score.chance > Self.toldChanceMax {
            // Nobody asks what an ordinary day is made of, and there are very many of them.
            score.shares = []
            score.covered = []
        }
    }

    /// Dependent dimensions never add up: the greatest takes all, the others are covered by it.
    private mutating func addGreatest(of dimensions: DimensionSet) {
        var greatest: Int?
        var others: [Int] = []
        for (place, fact) in entity.facts.enumerated() where dimensions.contains(fact.dimension) {
            guard surprises[place].points > 0 else { continue }
            if let best = greatest, surprises[best].points >= surprises[place].points {
                others.append(place)
            } else {
                if let best = greatest { others.append(best) }
                greatest = place
            }
        }
        guard let greatest else { return }
        score.shares.append(
            DayScore.Share(points: surprises[greatest].points, part: .fact(greatest, surprises[greatest])))
        score.covered += others
        for place in [greatest] + others where surprises[place].points >= Self.signPointsMin {
            sign(Int(entity.facts[place].dimension.rawValue))
        }
    }

    private mutating func sign(_ bit: Int) { score.combination |= 1 << UInt64(bit) }

    private mutating func addHour() {
        guard score.kind == .human, let profile else { return }
        let isWeekend = Baseline.isWeekend(entity.day)
        var (least, at) = (1.0, -1)
        for hour in 0..<24 where entity.hours >> UInt32(hour) & 1 == 1 {
            let (here, all) = profile.presence(hour: hour, isWeekend: isWeekend)
            guard all > Self.presenceMin else { continue }
            let chance = min(1, 24 * (here + 0.3) / (all + 7.2))
            if chance < least { (least, at) = (chance, hour) }
        }
        let points = Natural.surprise(least) / 2
        guard at >= 0, points > 0 else { return }
        score.shares.append(DayScore.Share(points: points, part: .hour(at)))
        if points >= Self.signPointsMin { sign(14) }
    }

    private mutating func addActions() {
        var candidates: [(points: Int32, place: Int)] = []
        for (place, fact) in entity.facts.enumerated() where surprises[place].points > 0 {
            var points = surprises[place].points
            switch fact.dimension {
            case .action:
                points = points * Self.levelWeights[Int(min(3, fact.level))] / 10
                if fact.isCatalogued { points = points * 3 / 2 }
                guard surprises[place].points >= Self.signPointsMin else { break }
                sign(10)
                if fact.level == 2 { sign(11) }
                if fact.level == 3 { sign(12) }
                if fact.isCatalogued { sign(13) }
            case .region, .account, .role, .service:
                if surprises[place].points >= Self.signPointsMin { sign(Int(fact.dimension.rawValue)) }
                // A new service comes with new actions, which say it already.
                if fact.dimension == .service { continue }
            default: continue
            }
            candidates.append((points, place))
        }
        candidates.sort { ($0.points, $1.place) > ($1.points, $0.place) }
        for (rank, candidate) in candidates.enumerated() {
            guard rank < Self.actionsMax else {
                score.covered.append(candidate.place)
                continue
            }
            score.shares.append(
                DayScore.Share(
                    points: Natural.damped(candidate.points, rank: rank + 1),
                    part: .fact(candidate.place, surprises[candidate.place])))
        }
    }

    private mutating func addVolume() {
        var greatest: Int?
        for (place, firing) in score.firings.enumerated()
        where firing.points > greatest.map({ score.firings[$0].points }) ?? 0 {
            greatest = place
        }
        guard let greatest else { return }
        score.shares.append(
            DayScore.Share(points: score.firings[greatest].points, part: .volume(greatest)))
    }

    /// The rarity of this set of signs among the days of the kind: what adding up points does not see.
    private mutating func addCombination() {
        for firing in score.firings { sign(16 + Int(firing.rule.rawValue)) }
        for fact in entity.facts where fact.dimension == .rule {
            // What its peers set off every day is as little a sign as an action that they all have.
            guard rarity(of: fact.value).points >= Self.signPointsMin else { continue }
            if let own = BehaviourRule.of(fact.value) {
                sign(16 + Int(own.rawValue))
            } else {
                sign(40 + Int(min(4, fact.level)))
            }
        }
        guard let record = baseline.classes[score.dayClass.wholeKind], record.days >= Self.daysMin else {
            return
        }
        let frequency = record.frequency(of: score.combination)
        let points = 2 * Natural.surprise(frequency)
        guard points > 0 else { return }
        score.shares.append(DayScore.Share(points: points, part: .combination(frequency)))
    }

    private func rarity(of rule: UInt32) -> RuleRarity {
        guard let record = baseline.classes[score.dayClass.wholeKind], record.days >= Self.daysMin else {
            return RuleRarity()
        }
        return RuleRarity(of: rule, record, profile, in: baseline)
    }

    /// One term for each rule and day: how much likelier it is under attack than its rate says it is otherwise.
    private mutating func addRules(_ expected: Set<UInt32>) {
        for (place, firing) in score.firings.enumerated() {
            let value = firing.rule.value
            guard !expected.contains(value) else { continue }
            score.fired.append(value)
            let rarity = rarity(of: value)
            guard rarity.points > 0 else { continue }
            score.shares.append(DayScore.Share(points: rarity.points, part: .detector(place, rarity)))
        }
        var hits: [(share: DayScore.Share, place: Int)] = []
        for (place, fact) in entity.facts.enumerated() where fact.dimension == .rule {
            guard !expected.contains(fact.value) else { continue }
            score.fired.append(fact.value)
            let rarity = rarity(of: fact.value)
            let points = min(rarity.points, Self.rulePointsMaxByLevel[Int(min(4, fact.level))])
            if points > 0 { hits.append((DayScore.Share(points: points, part: .rule(place, rarity)), place)) }
        }
        addGreatestOfEvents(hits)
    }

    /// Rules that fire on one event say one thing: the greatest takes all, the others are covered by it.
    private mutating func addGreatestOfEvents(_ hits: [(share: DayScore.Share, place: Int)]) {
        var counted: [Extent] = []
        for (share, place) in hits.sorted(by: { ($0.share.points, $1.place) > ($1.share.points, $0.place) }) {
            let uid = entity.facts[place].uid
            let isCovered = counted.contains { entity.bytes[$0.range] == entity.bytes[uid.range] }
            if isCovered {
                score.covered.append(place)
            } else {
                counted.append(uid)
                score.shares.append(share)
            }
        }
    }

    /// The conformal p-value: among the days of the narrowest class that has enough of them.
    private mutating func judge(_ daysNeeded: Double) {
        for wider in score.dayClass.wider {
            guard let record = baseline.classes[wider] else { continue }
            let (count, all) = record.tail(score.points)
            score.chance = count / all
            score.outOf = record.days
            score.judge = wider
            if record.days >= daysNeeded { return }
        }
    }
}
