/// What is promised, and what people have said about what was raised.
package struct BehaviourSettings: Sendable {
    /// Days that must have been closed before anything is raised.
    static let learningDays = 7

    /// At most so many alerts a day are to be expected of days on which nothing is wrong.
    package var budget = 5.0
    /// Facts of days that may still change: bytes. Past it the oldest days are settled.
    package var bytes = 128 << 20
    /// By identity: what is expected of it, and until when.
    package var expected: [UInt64: [Expectation]] = [:]
    package var benign: Set<JudgedDay> = []
    package var malicious: Set<JudgedDay> = []

    package init() {}

    func expected(_ key: UInt64, on day: Int32) -> Set<UInt32> {
        guard let all = expected[key] else { return [] }
        return Set(all.filter { $0.days.contains(day) }.flatMap(\.values))
    }
}

/// Values that an identity is expected to show for some days.
package struct Expectation: Sendable, Hashable {
    package var values: Set<UInt32>
    package var days: ClosedRange<Int32>

    package init(values: Set<UInt32>, days: ClosedRange<Int32>) {
        self.values = values
        self.days = days
    }

    /// The value that a finding names by its dimension and its text.
    package static func value(_ dimension: String, _ text: String) -> UInt32? {
        if dimension == "detector" { return BehaviourRule.allCases.first { $0.name == text }?.value }
        guard let known = Dimension.allCases.first(where: { $0.noun == dimension }) else { return nil }
        let bytes = Array(text.utf8)
        return known.value(of: WyHash.hash(bytes.span))
    }
}

/// One identity's day on which somebody has passed judgement.
package struct JudgedDay: Sendable, Hashable {
    package var key: UInt64
    package var day: Int32

    package init(identity: String, at time: Timestamp) {
        self.init(key: Subject.key(Array(identity.utf8)), day: time.day)
    }

    init(key: UInt64, day: Int32) {
        self.key = key
        self.day = day
    }
}

/// What was said of a finding last.
package struct BehaviourTold: Sendable, Hashable {
    package var uid: String
    package var day: Int32
    package var time: Timestamp
    package var digest: UInt64
    package var version: UInt32
    package var stands: Bool

    package init(uid: String, day: Int32, time: Timestamp, digest: UInt64, version: UInt32, stands: Bool) {
        self.uid = uid
        self.day = day
        self.time = time
        self.digest = digest
        self.version = version
        self.stands = stands
    }
}

/// Baselines and calibrated alerts over the facts of events, in whatever order those come.
///
/// A day is scored against what was usual up to the day before; days stay open for facts that come late, and what was
/// said is corrected then. So after the same facts, in any order, batches and repetition, the last version of every
/// finding is the same, byte for byte. Past `BehaviourSettings.bytes` of facts the oldest days are settled, and what
/// comes later for them is counted and passed over; the newest two days always stay open.
package struct Behaviour: Sendable {
    package struct Notes: Hashable, Sendable {
        /// Identities' days that came after their day was settled.
        package var late = 0
        package var findings = 0
        package var updates = 0
        package var retractions = 0
        package var settlements = 0
    }

    /// What an open day has come to.
    struct OpenDay: Sendable {
        /// What it is measured against; only kept for the newest days.
        var before: Baseline?
        var scores: [DayScore] = []
        /// Who shows a value that is new to them, by `Baseline.peerKey`.
        var takers: [UInt64: Set<Int32>] = [:]
        var rollOuts: [UInt64: RollOut] = [:]
        var alerts: [UInt64: String] = [:]
        var isStorm = false
    }

    /// A group's members who take up a value on one day before it is a roll-out: so many, and this share of them.
    static let rollOutMembersMin = 3
    static let rollOutShare = 0.05
    private static let daysKeptOpen = 2

    package var settings: BehaviourSettings
    var base = Baseline()
    var book = FactBook()
    var open: [Int32: OpenDay] = [:]
    var told: [String: BehaviourTold] = [:]
    var weight = 0
    package internal(set) var notes = Notes()
    private let writer = BehaviourFindingWriter()

    package init(_ settings: BehaviourSettings = BehaviourSettings()) { self.settings = settings }

    package var isFull: Bool { weight > settings.bytes }

    /// Takes facts; nothing follows from them before `evaluate`.
    package mutating func take(_ facts: FactBook) {
        for (day, part) in facts.days {
            guard day > base.lastDay ?? .min else {
                notes.late += part.entities.count
                continue
            }
            for entity in part.entities {
                weight += entity.weight
                book.days[day, default: FactBook.Day()].merge(entity)
            }
            book.days[day]?.events += part.events
        }
    }

    package mutating func take(_ entity: EntityDay) {
        guard entity.day > base.lastDay ?? .min else {
            notes.late += 1
            return
        }
        weight += entity.weight
        book.merge(entity)
    }

    /// Goes by other settings from now on: days that are still open are looked at again.
    package mutating func heed(_ settings: BehaviourSettings) {
        self.settings = settings
        open = [:]
    }

    /// Takes over what an earlier run had said.
    package mutating func restore(_ told: BehaviourTold) { self.told[told.uid] = told }

    /// Appends what follows from the facts taken since the last time, as rows in the order of their times.
    @discardableResult
    package mutating func evaluate(into findings: inout EventBatch) -> [BehaviourTold] {
        var raised: [(told: BehaviourTold, text: CorrelationFindingWriter.Text)] = []
        let days = book.days.keys.sorted()
        if let first = days.firstIndex(where: { isStale($0) }) {
            // From the newest day before it whose baseline is still known.
            var start = first
            while start > 0, open[days[start]]?.before == nil { start -= 1 }
            var baseline = open[days[start]]?.before ?? base
            for place in start..<days.count {
                let day = days[place]
                if place >= first {
                    rescore(day, against: baseline, isWhole: place > first)
                    raise(day, against: baseline, into: &raised)
                }
                let isRecent = place >= days.count - Self.daysKeptOpen
                open[day]?.before = isRecent ? baseline : nil
                if place + 1 < days.count { baseline = closed(day, baseline) }
            }
        }
        raised.sort { ($0.told.time, $0.told.uid) < ($1.told.time, $1.told.uid) }
        for finding in raised { BehaviourFindingWriter.append(finding.text, to: &findings) }
        if isFull { settle() }
        return raised.map(\.told)
    }

    private func isStale(_ day: Int32) -> Bool {
        open[day] == nil || book.days[day]?.touched.all.isEmpty == false
    }

    private func closed(_ day: Int32, _ baseline: Baseline) -> Baseline {
        guard let facts = book.days[day], let state = open[day] else { return baseline }
        let outcome = Baseline.Outcome(
            alerts: state.alerts, benign: settings.benign, malicious: settings.malicious)
        return baseline.closing(day, facts, state.scores, outcome, budget: settings.budget)
    }

    // MARK: Scoring

    private func score(_ entity: EntityDay, _ baseline: Baseline, _ rollOuts: [UInt64: RollOut]) -> DayScore {
        let active = max(baseline.active.weekday, baseline.active.weekend)
        return DayScorer(
            entity, baseline, rollOuts: rollOuts, expected: settings.expected(entity.key, on: entity.day),
            daysNeeded: max(50, 2 * active / max(0.1, settings.budget))
        ).score
    }

    /// Brings a day's scores up to date: of all its identities, or of those to which something came.
    private mutating func rescore(_ day: Int32, against baseline: Baseline, isWhole: Bool) {
        guard let facts = book.days[day] else { return }
        // Taken out while it changes: a copy of a day's scores is as much as the scores.
        var state = open.removeValue(forKey: day) ?? OpenDay()
        var places = facts.touched.all
        if isWhole || state.scores.isEmpty {
            state.scores.removeAll(keepingCapacity: true)
            state.takers = [:]
            state.rollOuts = [:]
            places = facts.entities.indices.map { Int32($0) }
        }
        for place in places.sorted() {
            let score = score(facts.entities[Int(place)], baseline, state.rollOuts)
            if Int(place) < state.scores.count {
                forget(place, of: &state)
                state.scores[Int(place)] = score
            } else {
                state.scores.append(score)
            }
            for value in score.novelties {
                state.takers[Baseline.peerKey(score.peer, value), default: []].insert(place)
            }
        }
        absorbRollOuts(facts, baseline, &state)
        open[day] = state
        book.days[day]?.settleTouched()
    }

    private func forget(_ place: Int32, of state: inout OpenDay) {
        let old = state.scores[Int(place)]
        for value in old.novelties { state.takers[Baseline.peerKey(old.peer, value)]?.remove(place) }
    }

    /// What enough of a group takes up on one day surprises the less in each of them, the more they are.
    private func absorbRollOuts(_ facts: FactBook.Day, _ baseline: Baseline, _ state: inout OpenDay) {
        var affected: Set<Int32> = []
        for (key, members) in state.takers where members.count >= Self.rollOutMembersMin {
            let peer = UInt32(key >> 32)
            let size = peer == 0 ? baseline.profiles.count : Int(baseline.peerSizes[peer] ?? 0)
            guard Double(members.count) >= Self.rollOutShare * Double(size) else { continue }
            let rollOut = RollOut(members.count, of: size)
            guard state.rollOuts[key] != rollOut else { continue }
            state.rollOuts[key] = rollOut
            affected.formUnion(members)
        }
        for place in affected.sorted() {
            state.scores[Int(place)] = score(facts.entities[Int(place)], baseline, state.rollOuts)
        }
    }

    // MARK: Raising

    private mutating func raise(
        _ day: Int32, against baseline: Baseline,
        into raised: inout [(told: BehaviourTold, text: CorrelationFindingWriter.Text)]
    ) {
        guard var state = open[day], let facts = book.days[day] else { return }
        let limit = AlertLimit(baseline, settings, day: day)
        var alerts: [(place: Int, score: DayScore)] = []
        var unusual = 0
        for (place, score) in state.scores.enumerated() where limit.isKnown {
            if score.chance < AlertLimit.stormChance, score.points >= AlertLimit.pointsMin { unusual += 1 }
            if limit.isCrossed(by: score) { alerts.append((place, score)) }
        }
        state.isStorm = limit.isStorm(unusual, alerts: alerts.count)
        state.alerts = [:]
        var texts: [CorrelationFindingWriter.Text] = []
        var standing: Set<String> = []
        let stormUID = writer.stormUID(day)
        if state.isStorm {
            texts.append(
                writer.storm(day, alerts.map { (facts.entities[$0.place], $0.score) }, unusual, limit))
            standing.insert(stormUID)
        }
        for (place, score) in alerts {
            let entity = facts.entities[place]
            let uid = writer.uid(entity)
            state.alerts[entity.key] = uid
            if state.isStorm { continue }
            standing.insert(uid)
            texts.append(writer.finding(entity, score, limit, baseline))
        }
        for text in texts { tell(text, day, into: &raised) }
        let withdrawn = told.values.filter { $0.day == day && $0.stands && !standing.contains($0.uid) }
        for old in withdrawn.sorted(by: { $0.uid < $1.uid }) {
            let text = writer.retraction(old, successor: state.isStorm ? stormUID : nil)
            notes.retractions += 1
            let new = BehaviourTold(
                uid: old.uid, day: day, time: old.time, digest: text.digest, version: old.version + 1,
                stands: false)
            told[old.uid] = new
            raised.append((new, text))
        }
        open[day] = state
    }

    private mutating func tell(
        _ text: CorrelationFindingWriter.Text, _ day: Int32,
        into raised: inout [(told: BehaviourTold, text: CorrelationFindingWriter.Text)]
    ) {
        let uid = String(decoding: text.bytes[text.uid.range], as: UTF8.self)
        let before = told[uid]
        if let before, before.stands, before.digest == text.digest { return }
        if before == nil { notes.findings += 1 } else { notes.updates += 1 }
        let new = BehaviourTold(
            uid: uid, day: day, time: text.time, digest: text.digest, version: (before?.version ?? 0) + 1,
            stands: true)
        told[uid] = new
        raised.append((new, text))
    }

    // MARK: Bounds

    /// Closes the oldest days for good until half of the room is free; the newest two stay open.
    private mutating func settle() {
        weight = book.days.values.reduce(0) { $0 + $1.entities.reduce(0) { $0 + $1.weight } }
        while weight > settings.bytes / 2, book.days.count > Self.daysKeptOpen,
            let day = book.days.keys.min()
        {
            // The next day may have been measured against it already.
            let next = book.days.keys.filter { $0 > day }.min()
            base = next.flatMap { open[$0]?.before } ?? closed(day, base)
            weight -= book.days[day]?.entities.reduce(0) { $0 + $1.weight } ?? 0
            book.days[day] = nil
            open[day] = nil
            told = told.filter { $0.value.day != day }
            notes.settlements += 1
        }
    }

    /// What is usual after everything taken so far.
    package func latest() -> Baseline {
        var baseline = base
        for day in book.days.keys.sorted() { baseline = closed(day, baseline) }
        return baseline
    }
}

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
