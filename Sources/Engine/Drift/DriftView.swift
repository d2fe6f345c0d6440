/// One subject's drift, read from the state of access: a function of the histories, whatever order they came in.
///
/// What is wrong with a state of affairs is a *condition* (`DriftCondition`). A finding is opened by the change with
/// which its condition began to hold, and closed by the one with which it ceased.
struct DriftView {
    let state: AccessState
    let judge: PolicyJudge
    let settings: DriftSettings
    let actors: DriftActors
    /// Policies of which some version ever gave the power over access.
    let governing: Set<AccessState.Subject>
    /// Accounts that are the organization's own.
    let own: Set<String>
    let provider: String
    let subject: AccessState.Subject
    /// As of when conditions of age are asked.
    let now: Timestamp
    var findings: [DriftFinding] = []
    var changes: [DriftChange] = []
    /// What was told before, by uid: of what stands as it was told nothing more is worked out, and of changes that are no
    /// findings nothing at all. `nil` where all is wanted.
    var told: [String: DriftTold]?
    /// Uids of what stands as it was told; these are not among the findings.
    var kept: [String] = []
    var wantsChanges: Bool { told == nil }

    /// When what only time makes wrong will be wrong next; `nil` where nothing will.
    var due: Timestamp?
    let holding: AccessHolding

    init(
        _ state: AccessState, _ judge: PolicyJudge, _ settings: DriftSettings, _ actors: DriftActors,
        governing: Set<AccessState.Subject>, own: Set<String>, provider: String,
        _ subject: AccessState.Subject, now: Timestamp
    ) {
        self.state = state
        self.judge = judge
        self.settings = settings
        self.actors = actors
        self.governing = governing
        self.own = own
        self.provider = provider
        self.subject = subject
        self.now = now
        holding = state.holding(subject.account, subject.name) ?? AccessHolding()
    }

    /// Finds everything.
    mutating func read() {
        readChanges()
        readStanding()
        readCredentials()
        readTrust()
        readExposure()
        readGuardrails()
        readUnseen()
        readBaseline()
    }

    // MARK: What is asked of the state

    func key(_ kind: AccessState.Kind, _ part: String = "") -> AccessState.Key {
        AccessState.Key(subject.account, subject.name, kind, part)
    }

    /// The subject's keys of a kind, in order.
    func keys(_ kind: AccessState.Kind) -> [AccessState.Key] {
        holding.slots(kind).map { key(kind, $0.part) }
    }

    /// A key's changes; the subject's own are at hand.
    func history(_ key: AccessState.Key) -> [AccessState.Entry] {
        guard isOwn(key) else { return state.history(key) }
        return holding.slot(key.kind, key.part)?.history ?? []
    }

    func value(_ key: AccessState.Key, at time: Timestamp) -> String? {
        isOwn(key) ? holding.value(key.kind, key.part, at: time) : state.value(key, at: time)
    }

    func entry(_ key: AccessState.Key, at time: Timestamp) -> AccessState.Entry? {
        isOwn(key) ? holding.slot(key.kind, key.part)?.entry(at: time) : state.entry(key, at: time)
    }

    private func isOwn(_ key: AccessState.Key) -> Bool {
        key.subject == subject.name && key.account == subject.account
    }

    /// Whether the subject is there, as far as is known.
    func isThere(_ time: Timestamp) -> Bool {
        guard let entry = holding.slot(.identity, "")?.entry(at: time) else { return true }
        return entry.value != nil
    }

    /// A managed policy's document in the version that counts, AWS's own included; `nil` where it is not known.
    func document(of arn: String, at time: Timestamp) -> String? {
        state.document(of: arn, subject.account, at: time) ?? judge.known(arn).document
    }

    /// The keys that a managed policy's document hangs on.
    func keys(ofPolicy arn: String) -> [AccessState.Key] {
        guard let policy = state.holding(subject.account, arn) else { return [] }
        return (policy.slots(.defaultVersion) + policy.slots(.version)).map {
            AccessState.Key(subject.account, arn, $0.kind, $0.part)
        }
    }

    func effect(ofPolicy arn: String, at time: Timestamp) -> DriftFinding.Effect {
        document(of: arn, at: time).map { judge.effect(of: $0) } ?? judge.known(arn).effect
    }

    func cause(_ entry: AccessState.Entry) -> DriftFinding.Cause {
        var cause = DriftFinding.Cause(
            uid: entry.uid, time: entry.time, operation: entry.operation, actor: entry.actor,
            human: entry.human)
        if let pipeline = actors.pipeline(of: entry.actor, human: entry.human) {
            cause.backing = .pipeline(pipeline)
        }
        return cause
    }

    // MARK: Conditions

    /// Follows keys through time: opens findings where conditions begin to hold, and closes them where they cease.
    ///
    /// - Parameter hold: the conditions at a time; of those of the same code and object the first counts.
    mutating func follow(
        _ keys: [AccessState.Key], from start: Timestamp = .distantPast,
        _ hold: (Timestamp, AccessState.Entry) -> [DriftCondition]
    ) {
        var open: [DriftCondition.Name: DriftFinding] = [:]
        for entry in steps(keys, from: start) {
            let conditions = hold(entry.time, entry)
            if conditions.isEmpty, open.isEmpty { continue }
            var holding: [DriftCondition.Name: DriftCondition] = [:]
            for condition in conditions where holding[condition.name] == nil {
                holding[condition.name] = condition
            }
            for (name, finding) in open where holding[name] == nil {
                if !isKept(finding, isOpen: false) {
                    var closed = finding
                    closed.closed = cause(entry)
                    findings.append(closed)
                }
                open[name] = nil
            }
            for (name, condition) in holding where open[name] == nil {
                open[name] = finding(condition, entry)
            }
        }
        for finding in open.values where !isKept(finding, isOpen: true) { findings.append(finding) }
    }

    /// Whether a finding stands as it was told: then it is only noted that it does.
    mutating func isKept(_ finding: DriftFinding, isOpen: Bool) -> Bool {
        guard let told else { return false }
        if told.isEmpty { return false }
        let uid = finding.uid
        guard told[uid]?.state == (isOpen ? .open : .closed) else { return false }
        kept.append(uid)
        return true
    }

    /// The changes of all the keys in order, of those at one instant the last; what somebody did before what a snapshot
    /// shows of it.
    private func steps(_ keys: [AccessState.Key], from start: Timestamp) -> [AccessState.Entry] {
        var entries: [AccessState.Entry] = []
        var seen: Set<AccessState.Key> = []
        for key in keys where keys.count == 1 || seen.insert(key).inserted {
            let history = history(key)
            // What held at the start is the first step.
            let first = history.lastIndex { $0.time <= start } ?? 0
            entries += history[min(first, history.count)...]
        }
        if entries.count < 2 { return entries }
        entries.sort(by: AccessState.Entry.precedes)
        var steps: [AccessState.Entry] = []
        for entry in entries {
            if let last = steps.last, last.time == entry.time {
                if entry.isSnapshot, !last.isSnapshot { continue }
                steps.removeLast()
            }
            steps.append(entry)
        }
        return steps
    }

    func finding(_ condition: DriftCondition, _ entry: AccessState.Entry) -> DriftFinding {
        var finding = DriftFinding(
            condition.code, provider: provider, account: subject.account,
            subject: condition.subject.isEmpty ? subject.name : condition.subject, object: condition.object,
            opened: cause(entry), effect: condition.effect, words: condition.words)
        finding.verdict = condition.verdict
        finding.witness = condition.witness
        finding.gained = condition.gained
        finding.consequence = condition.consequence
        finding.remedies = condition.remedies
        finding.severityGiven = condition.severity
        if let since = entry.unseenSince, since != .distantPast { finding.notBefore = since }
        return finding
    }

    /// Whether what a key is was there all along, as far as is known.
    func isFirstSight(_ key: AccessState.Key, at time: Timestamp) -> Bool {
        entry(key, at: time).map { Self.isFirstSight($0) } ?? false
    }

    /// Whether a change only shows what was there all along.
    static func isFirstSight(_ entry: AccessState.Entry) -> Bool {
        entry.isSnapshot && entry.unseenSince == nil
    }
}

/// Something that is wrong with a state of affairs.
struct DriftCondition {
    struct Name: Hashable {
        var code: DriftCode
        var subject: String
        var object: String
    }

    var code: DriftCode
    var object: String
    var words: String
    var effect: DriftFinding.Effect = .none
    /// Whose it is where it is not the subject's that is read.
    var subject = ""
    var verdict: PolicyComparison.Verdict?
    var witness = ""
    var gained: [String] = []
    var consequence = ""
    var remedies: [String] = []
    var severity: DriftFinding.Severity?

    init(_ code: DriftCode, _ object: String, effect: DriftFinding.Effect = .none, _ words: String) {
        self.code = code
        self.object = object
        self.effect = effect
        self.words = words
    }

    var name: Name { Name(code: code, subject: subject, object: object) }
}
