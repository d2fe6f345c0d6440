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
        /// How many show a value that is new to them, and what is a roll-out thereby: by `Baseline.peerKey`.
        var takers = CountTable()
        var rollOuts = CountTable()
        var alerts: [UInt64: String] = [:]
        var isStorm = false
    }

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
            weight += part.weight
            book.days[day, default: FactBook.Day()].merge(part)
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

    // MARK: Raising

    private mutating func raise(
        _ day: Int32, against baseline: Baseline,
        into raised: inout [(told: BehaviourTold, text: CorrelationFindingWriter.Text)]
    ) {
        guard var state = open[day], let facts = book.days[day] else { return }
        let limit = AlertLimit(baseline, settings, day: day)
        var alerts: [(place: Int, score: DayScore)] = []
        var unusual = 0
        for place in state.scores.indices where limit.isKnown {
            let (chance, points) = (state.scores[place].chance, state.scores[place].points)
            if chance < AlertLimit.stormChance, points >= AlertLimit.pointsMin { unusual += 1 }
            if points >= AlertLimit.pointsMin, limit.isCrossed(by: state.scores[place]) {
                alerts.append((place, state.scores[place]))
            }
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
        weight = book.days.values.reduce(0) { $0 + $1.weight }
        while weight > settings.bytes / 2, book.days.count > Self.daysKeptOpen,
            let day = book.days.keys.min()
        {
            // The next day may have been measured against it already.
            let next = book.days.keys.filter { $0 > day }.min()
            base = next.flatMap { open[$0]?.before } ?? closed(day, base)
            weight -= book.days[day]?.weight ?? 0
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
