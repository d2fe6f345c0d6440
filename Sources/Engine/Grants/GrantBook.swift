/// What brokers said of grants, and the privileged acts that should be covered by them: a fold over events in any order.
///
/// Two sets of facts, the newest of each up to a limit. What is said of them (`GrantReview`) is a function of the sets
/// and of who is who, so neither the order of events nor their repetition changes it, and a grant that is told late puts
/// earlier labels right. At a limit the oldest facts are forgotten; `forgottenBefore` says up to when.
package struct GrantBook: Sendable {
    package struct Limits: Hashable, Sendable {
        /// Phases of grants: one row is about 500 bytes.
        package var phases: Int
        /// Privileged acts: one row is about 100 bytes, its texts are shared.
        package var acts: Int
        /// Acts of days longer ago than this, by the newest event, are forgotten; `nil`: none are.
        package var age: Duration?

        package init(phases: Int = 200_000, acts: Int = 500_000, age: Duration? = nil) {
            self.phases = phases
            self.acts = acts
            self.age = age
        }
    }

    /// One privileged act. Texts are numbers in the pool; 0 is none.
    struct Act: Sendable, BitwiseCopyable {
        var time: Timestamp
        var acting: CredentialKey
        var uid: Int32 = 0
        var operation: Int32 = 0
        var system: Int32 = 0
        var account: Int32 = 0
        var role: Int32 = 0
        var resource: Int32 = 0
        var userUID: Int32 = 0
        var userName: Int32 = 0
        var userEmail: Int32 = 0
        var session: Int32 = 0
        var human: Int32 = 0
        var nature: Nature?
        var privilege: Privilege
        var isRoot = false
    }

    package let limits: Limits
    private(set) var phases: [GrantPhase] = []
    private(set) var acts: [Act] = []
    private(set) var texts = TextPool()
    /// The newest time of any event: what has not ended by then is still open.
    package private(set) var latest = Timestamp.distantPast
    /// Facts before this time may have been forgotten.
    package private(set) var forgottenBefore: Timestamp?
    private var reader = GrantFactReader()

    package init(limits: Limits = Limits()) { self.limits = limits }

    package var phaseCount: Int { phases.count }
    package var actCount: Int { acts.count }

    /// Takes what an event tells of grants or does with them.
    ///
    /// - Parameter feed: the event's, as `<vendor>.<feed>`.
    /// - Parameter acting: who acted, by attribution; nil where nobody is named.
    package mutating func take(
        _ event: Event, of batch: borrowing EventBatch, feed: String, acting: CredentialKey?
    ) {
        guard event.kind == .event else { return }
        see(event.time)
        if let fact = reader.fact(event, of: batch, feed: feed, acting: acting ?? CredentialKey.none) {
            take(fact)
        }
    }

    /// An event of this time has come, whatever it tells.
    package mutating func see(_ time: Timestamp) { latest = max(latest, time) }

    package mutating func take(_ fact: GrantFact) {
        see(fact.time)
        switch fact {
        case .phase(let phase):
            phases.append(phase)
            if phases.count > limits.phases + limits.phases / 4 { settle() }
        case .act(let act):
            acts.append(row(act))
            if acts.count > limits.acts + limits.acts / 4 { settle() }
        }
    }

    /// All that is remembered, in order.
    package mutating func facts() -> [GrantFact] {
        settle()
        return phases.map { .phase($0) } + acts.map { .act(act($0)) }
    }

    private mutating func row(_ act: GrantAct) -> Act {
        var row = Act(time: act.time, acting: act.acting, privilege: act.privilege)
        for (field, text) in Self.texts { row[keyPath: field] = texts.number(of: act[keyPath: text]) }
        row.nature = act.nature
        row.isRoot = act.isRoot
        return row
    }

    /// An act with its texts.
    func act(_ row: Act) -> GrantAct {
        var act = GrantAct(time: row.time, privilege: row.privilege)
        for (field, text) in Self.texts { act[keyPath: text] = texts[row[keyPath: field]] }
        act.nature = row.nature
        act.isRoot = row.isRoot
        act.acting = row.acting
        return act
    }

    // MARK: The sets

    /// Puts both sets in order, each fact once, the newest up to the limit.
    package mutating func settle() {
        phases.sort(by: Self.isBefore)
        phases = Self.unique(phases) { $0.time == $1.time && $0.uid == $1.uid }
        forgot(Self.cut(&phases, limits.phases) { $0.time })
        forgetDays()
        let pool = texts
        acts.sort { Self.isBefore($0, $1, pool) }
        acts = Self.unique(acts) { $0.time == $1.time && $0.uid == $1.uid }
        let isFull = acts.count > limits.acts
        forgot(Self.cut(&acts, limits.acts) { $0.time })
        if isFull { texts = renumbered() }
    }

    /// Forgets acts by whole days, so that what is said of a day rests on all of it or is not said any more.
    private mutating func forgetDays() {
        guard let age = limits.age, latest > .distantPast else { return }
        let first = Timestamp(seconds: (latest - age).seconds / 86_400 * 86_400)
        guard acts.contains(where: { $0.time < first }) else { return }
        acts.removeAll { $0.time < first }
        forgot(first)
        texts = renumbered()
    }

    private static func unique<Fact>(_ facts: [Fact], isSame: (Fact, Fact) -> Bool) -> [Fact] {
        var kept: [Fact] = []
        kept.reserveCapacity(facts.count)
        for fact in facts {
            // Of two accounts of the same fact the one that sorts last stays, whichever came first.
            if let last = kept.last, isSame(last, fact) { kept.removeLast() }
            kept.append(fact)
        }
        return kept
    }

    /// Leaves the last facts up to a limit; the first one's time where others had to go.
    private static func cut<Fact>(
        _ facts: inout [Fact], _ limit: Int, time: (Fact) -> Timestamp
    ) -> Timestamp? {
        guard facts.count > limit, let first = facts.suffix(limit).first else { return nil }
        facts.removeFirst(facts.count - limit)
        return time(first)
    }

    private mutating func forgot(_ time: Timestamp?) {
        if let time { forgottenBefore = max(forgottenBefore ?? .distantPast, time) }
    }

    private static func isBefore(_ a: GrantPhase, _ b: GrantPhase) -> Bool {
        if a.time != b.time { return a.time < b.time }
        if a.uid != b.uid { return a.uid < b.uid }
        return (a.grant.phase.rawValue, a.grant.end ?? .distantPast, a.session, a.actor)
            < (b.grant.phase.rawValue, b.grant.end ?? .distantPast, b.session, b.actor)
    }

    private static func isBefore(_ a: Act, _ b: Act, _ texts: TextPool) -> Bool {
        if a.time != b.time { return a.time < b.time }
        if a.uid != b.uid { return texts[a.uid] < texts[b.uid] }
        if a.operation != b.operation { return texts[a.operation] < texts[b.operation] }
        if a.resource != b.resource { return texts[a.resource] < texts[b.resource] }
        return a.acting < b.acting
    }

    /// A pool of the texts that are still asked for.
    private mutating func renumbered() -> TextPool {
        var pool = TextPool()
        for place in acts.indices {
            var act = acts[place]
            for (field, _) in Self.texts { act[keyPath: field] = pool.number(of: texts[act[keyPath: field]]) }
            acts[place] = act
        }
        return pool
    }

    private static var texts: [(WritableKeyPath<Act, Int32>, WritableKeyPath<GrantAct, String>)] {
        [
            (\.uid, \.uid), (\.operation, \.operation), (\.system, \.system), (\.account, \.account),
            (\.role, \.role), (\.resource, \.resource), (\.userUID, \.userUID), (\.userName, \.userName),
            (\.userEmail, \.userEmail), (\.session, \.session), (\.human, \.human),
        ]
    }
}

/// Texts by number, each held once.
struct TextPool: Sendable {
    private var numbers: [String: Int32] = [:]
    private var texts = [""]

    subscript(number: Int32) -> String {
        let place = Int(number)
        return texts.indices.contains(place) ? texts[place] : ""
    }

    mutating func number(of text: String) -> Int32 {
        if text.isEmpty { return 0 }
        if let known = numbers[text] { return known }
        guard texts.count < Int(Int32.max) else { return 0 }
        let number = Int32(truncatingIfNeeded: texts.count)
        texts.append(text)
        numbers[text] = number
        return number
    }
}
