/// Drift as findings that open, stand and close while changes come in: what was said is remembered, and put right.
package struct DriftStream {
    private let teller = DriftTeller()
    package private(set) var drift: Drift
    private var told: [AccessState.Subject: [String: DriftTold]] = [:]
    /// The latest change's time: of age is asked as of then, so that a replay says what the run said.
    private var now = Timestamp.distantPast

    package init(_ settings: DriftSettings, _ catalogue: ActionCatalogue?) {
        drift = Drift(settings, catalogue)
    }

    package mutating func take(_ fact: Drift.Fact) {
        drift.take(fact)
        now = max(now, fact.change.entry.time)
    }

    /// Takes all that was there at a time. Answers with what it showed first.
    package mutating func take(_ snapshot: AccessSnapshot, uid: String) -> [Drift.Fact] {
        let facts = drift.take(snapshot, uid: uid)
        if let taken = snapshot.taken { now = max(now, taken) }
        return facts
    }

    /// A snapshot was held against the changes by an earlier run.
    package mutating func takeJudged(_ end: SnapshotEnd) { drift.takeJudged(end) }

    /// Takes back up what an earlier run has said.
    package mutating func restore(_ one: DriftTold) { told[one.subject, default: [:]][one.uid] = one }

    /// Everything that was said: what was taken back too, so that it is told anew when it comes again.
    package var standing: [DriftTold] {
        told.sorted { $0.key < $1.key }.flatMap { $0.value.values.sorted { $0.uid < $1.uid } }
    }

    /// Appends what is to be said now, and answers with what was said of each.
    package mutating func evaluate(into findings: inout EventBatch) -> [DriftTold] {
        evaluate(drift.takeTouched(at: now), into: &findings)
    }

    /// The same, having looked at everybody: it takes longer and says nothing else.
    mutating func evaluateAll(into findings: inout EventBatch) -> [DriftTold] {
        _ = drift.takeTouched(at: now)
        return evaluate(drift.everybody, into: &findings)
    }

    private mutating func evaluate(
        _ subjects: [AccessState.Subject], into findings: inout EventBatch
    ) -> [DriftTold] {
        var said: [DriftTold] = []
        let own = drift.own
        for subject in subjects {
            let known = told[subject] ?? [:]
            let (found, kept) = drift.findings(of: subject, own: own, told: known, at: now)
            if found.isEmpty, known.isEmpty { continue }
            said += teller.tell(found, kept: kept, known: known, into: &findings) { _ in subject }
        }
        for one in said { restore(one) }
        return said
    }
}

/// What was said of a finding last.
package struct DriftTold: Hashable, Sendable {
    package enum State: UInt8, Sendable { case open, closed, retracted }

    package var subject: AccessState.Subject
    package var uid: String
    package var code: DriftCode
    package var time: Timestamp
    /// How often it was said: each time is delivered once.
    package var version: UInt32
    package var state: State

    package init(
        subject: AccessState.Subject, uid: String, code: DriftCode, time: Timestamp, version: UInt32,
        state: State
    ) {
        self.subject = subject
        self.uid = uid
        self.code = code
        self.time = time
        self.version = version
        self.state = state
    }
}
