/// Drift as findings that open, stand and close while changes come in: what was said is remembered, and put right.
package struct DriftStream {
    private let writer = DriftFindingWriter()
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

    /// Takes back up what an earlier run has said.
    package mutating func restore(_ one: DriftTold) { told[one.subject, default: [:]][one.uid] = one }

    /// Everything that was said and not taken back.
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
            let found = drift.findings(of: subject, own: own, at: now)
            if found.isEmpty, told[subject] == nil { continue }
            said += tell(found, of: subject, into: &findings)
        }
        for one in said {
            if one.state == .retracted {
                told[one.subject]?[one.uid] = nil
                if told[one.subject]?.isEmpty == true { told[one.subject] = nil }
            } else {
                restore(one)
            }
        }
        return said
    }

    private func tell(
        _ found: [DriftFinding], of subject: AccessState.Subject, into findings: inout EventBatch
    ) -> [DriftTold] {
        var said: [DriftTold] = []
        var known = told[subject] ?? [:]
        for finding in found {
            let uid = finding.uid
            let before = known.removeValue(forKey: uid)
            let state: DriftTold.State = finding.isOpen ? .open : .closed
            guard before?.state != state else { continue }
            var version = before?.version ?? 0
            if before == nil, !finding.isOpen {
                var opened = finding
                opened.closed = nil
                version += 1
                writer.append(opened, to: &findings)
                said.append(
                    DriftTold(
                        subject: subject, uid: uid, code: finding.code, time: finding.opened.time,
                        version: version,
                        state: .open))
            }
            writer.append(finding, to: &findings)
            said.append(
                DriftTold(
                    subject: subject, uid: uid, code: finding.code,
                    time: finding.closed?.time ?? finding.opened.time,
                    version: version + 1, state: state))
        }
        for one in known.values.sorted(by: { $0.uid < $1.uid }) {
            var gone = one
            gone.state = .retracted
            gone.version += 1
            writer.append(retraction: gone, to: &findings)
            said.append(gone)
        }
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
