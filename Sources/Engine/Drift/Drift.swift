/// How access strays, as a fold over changes in whatever order they arrive.
///
/// What it finds is read from the state of access each time it is asked, of the subjects that changes have touched
/// since: so a change that comes late puts right what was said, and the order of arrival shows nowhere.
package struct Drift {
    /// What it has seen, in numbers.
    package struct Notes: Hashable, Sendable {
        package var changes = 0
        /// Changes that were not taken, the state being full.
        package var refused = 0
        /// How often old changes were let go of.
        package var forgettings = 0
    }

    /// Changes remembered; at more, those that are older than `remembered` and no longer count are let go of.
    static let entriesMax = 4_000_000
    static let remembered = Duration.days(90)

    package var settings: DriftSettings {
        didSet { actors = DriftActors(settings.pipelines) }
    }
    private var actors: DriftActors
    /// Policies of which some version ever gave the power over access.
    private var governing: Set<AccessState.Subject> = []
    package private(set) var state = AccessState()
    package private(set) var notes = Notes()
    private let judge: PolicyJudge
    private var providers: [String: String] = [:]
    private var touched: Set<AccessState.Subject> = []
    private var mentions = DriftMentions()
    private var clock = DriftClock()
    /// What the last snapshots of each account and service proved.
    private var judged = JudgedSnapshots()

    package init(_ settings: DriftSettings, _ catalogue: ActionCatalogue?) {
        self.settings = settings
        actors = DriftActors(settings.pipelines)
        judge = PolicyJudge(catalogue)
        if let baseline = settings.baseline { touched.formUnion(baseline.facts.allSubjects) }
    }

    package var texts: PolicyTexts { judge.texts }

    /// A change with the cloud or product that it is of.
    package struct Fact: Hashable, Sendable {
        package var provider: String
        package var change: AccessState.Change

        package init(provider: String, change: AccessState.Change) {
            self.provider = provider
            self.change = change
        }

        /// What an event changes.
        package static func of(_ event: AccessEvent, _ texts: PolicyTexts) -> [Fact] {
            AccessChanges.of(event, texts).map { Fact(provider: event.provider, change: $0) }
        }
    }

    /// All that is remembered, in no particular order.
    package var facts: [Fact] {
        state.changes.map { Fact(provider: providers[$0.key.account] ?? "", change: $0) }
    }

    // MARK: Taking

    /// Takes what an event changes.
    package mutating func take(_ event: AccessEvent) {
        for fact in Fact.of(event, texts) { take(fact) }
    }

    package mutating func take(_ fact: Fact) {
        note(fact.provider, of: fact.change.key.account)
        take(fact.change)
    }

    package mutating func take(_ change: AccessState.Change) {
        notes.changes += 1
        absorb(change)
    }

    private mutating func absorb(_ change: AccessState.Change) {
        let accounts = state.accounts.count
        let isNew = state.apply(change)
        notes.refused = state.refused
        guard isNew else { return }
        if state.entryCount > Self.entriesMax {
            // Older changes are folded into what they came to; a finding keeps the event that opened it as long as that
            // is the last of its key.
            state.forget(before: change.entry.time - Self.remembered)
            notes.forgettings += 1
        }
        mentions.note(change, judge)
        if change.key.kind == .version, let text = change.entry.value, judge.effect(of: text) == .permissions
        {
            governing.insert(AccessState.Subject(account: change.key.account, name: change.key.subject))
        }
        touch(change.key)
        // What the provider changes of a role is told where somebody has it.
        if change.key.kind == .assignment, let text = change.entry.value,
            let home = AccessAssignment(text: text).home(in: change.key.account)
        {
            touched.insert(home)
        }
        // Whoever let it in was open to a stranger, and is no more.
        if state.accounts.count != accounts {
            touched.formUnion(mentions.naming(account: change.key.account))
        }
    }

    /// Takes all that was there at a time; what no event told becomes a finding. Answers with what it showed first.
    @discardableResult
    package mutating func take(_ listed: AccessSnapshot, uid: String) -> [Fact] {
        var snapshot = state.resolved(listed, texts)
        let (provider, source) = (snapshot.service.provider, snapshot.source)
        note(provider, of: snapshot.account)
        guard let taken = snapshot.taken else { return [] }
        let begun = min(snapshot.begun ?? taken, taken)
        snapshot.isAlone = !snapshot.service.isRivalled || judged.rivals(of: source, at: begun).isEmpty
        let earlier = judged.earlier(than: begun, of: source)
        let service = snapshot.service
        let changes = state.differences(
            from: snapshot, uid: uid,
            lastWhole: { key in
                earlier.first {
                    AccessSnapshot.isProved(key, by: service, isWhole: $0.isComplete, $0.lacking)
                }?.begun
            }, covering: snapshot.isWhole(in:))
        for change in changes {
            note(provider, of: change.key.account)
            absorb(change)
        }
        takeJudged(
            SnapshotEnd(
                snapshot: uid, service: service, account: snapshot.account, part: snapshot.part, begun: begun,
                taken: taken, items: snapshot.facts.count, isComplete: snapshot.isWhole,
                lacking: snapshot.lacking))
        return changes.map { Fact(provider: provider, change: $0) }
    }

    /// A snapshot was held against the changes before.
    package mutating func takeJudged(_ end: SnapshotEnd) { judged.take(end) }

    /// The last snapshots that had been begun by a time, of each account, service and collector.
    package func snapshots(at time: Timestamp) -> [SnapshotEnd] { judged.latest(at: time) }

    /// What those do not tell, and why.
    package func shortfalls(at time: Timestamp) -> [SnapshotShortfall] {
        snapshots(at: time).flatMap {
            SnapshotShortfall.of($0, rivals: judged.rivals(of: $0.source, at: $0.begun))
        }
    }

    private mutating func note(_ provider: String, of account: String) {
        let known = providers[account]
        // Whichever event comes first, the same is said.
        guard known.map({ provider < $0 }) ?? true else { return }
        providers[account] = provider
        if known != nil { touched.formUnion(state.allSubjects.filter { $0.account == account }) }
    }

    /// Everybody whom a change may concern is looked at anew.
    private mutating func touch(_ key: AccessState.Key) {
        let subject = AccessState.Subject(account: key.account, name: key.subject)
        touched.insert(subject)
        // A policy's holders have it, a group's members have what it has, and a role trusts who may be gone.
        for holder in state.holders(of: key.subject, in: key.account) {
            touched.insert(holder)
            for member in state.holders(of: holder.name, in: holder.account) { touched.insert(member) }
        }
        // Whether a level misses a policy depends on what the policy says.
        if key.kind == .guardrail { touched.formUnion(state.holders(of: key.subject, in: "")) }
        if key.kind == .identity { touched.formUnion(mentions.naming(subject)) }
    }

    /// The subjects that may stand otherwise than when it was last asked, as of a time, in order.
    package mutating func takeTouched(at now: Timestamp) -> [AccessState.Subject] {
        touched.formUnion(clock.due(at: now))
        defer { touched = [] }
        return touched.sorted()
    }

    // MARK: Asking

    /// The organization's own accounts.
    var own: Set<String> { state.accounts.union(settings.accounts) }

    private func view(_ subject: AccessState.Subject, own: Set<String>, at now: Timestamp) -> DriftView {
        DriftView(
            state, judge, settings, actors, governing: governing, own: own,
            provider: providers[subject.account] ?? "", subject, now: now)
    }

    /// What is and was wrong with the subjects, as of a time, in the order of reports; and their changes, in time's.
    package func read(
        _ subjects: [AccessState.Subject], at now: Timestamp
    ) -> (findings: [DriftFinding], changes: [DriftChange]) {
        let own = own
        var findings: [DriftFinding] = []
        var changes: [DriftChange] = []
        for subject in subjects {
            var view = view(subject, own: own, at: now)
            view.read()
            findings += view.findings
            changes += view.changes
        }
        findings.sort(by: DriftFinding.precedes)
        changes.sort {
            ($0.cause.time, $0.cause.uid, $0.subject, $0.kind.rawValue, $0.object)
                < ($1.cause.time, $1.cause.uid, $1.subject, $1.kind.rawValue, $1.object)
        }
        return (findings, changes)
    }

    /// What is and was wrong with one subject, in the order of reports, and uids of what stands as it was told; what time
    /// alone will add is looked at then.
    mutating func findings(
        of subject: AccessState.Subject, own: Set<String>, told: [String: DriftTold], at now: Timestamp
    ) -> (new: [DriftFinding], kept: [String]) {
        var view = view(subject, own: own, at: now)
        view.told = told
        view.read()
        if let due = view.due { clock.look(at: subject, from: due) }
        return (view.findings.sorted(by: DriftFinding.precedes), view.kept)
    }

    /// Everything.
    package func readAll(at now: Timestamp) -> (findings: [DriftFinding], changes: [DriftChange]) {
        read(everybody, at: now)
    }

    /// Everybody and everything that changes or the baseline told of, in order.
    var everybody: [AccessState.Subject] {
        guard let baseline = settings.baseline else { return state.allSubjects }
        return Set(state.allSubjects).union(baseline.facts.allSubjects).sorted()
    }
}
