/// The smallest policy that a principal needs, from what it used and what nobody can know, with the proof of it.
///
/// From each allowance of the principal's policies the actions stay that were used, and those of which the log cannot
/// tell whether they were; used actions on the resources they were used on, where all of them are told. Conditions and
/// denials stay as they are. So nothing is allowed that was not: the comparison says so.
package struct Rightsizing: Sendable {
    /// A policy as it stands now.
    package struct Source: Sendable {
        package var name: String
        package var document: Document
        package var policy: AccessPolicy

        package init(_ name: String, _ document: Document, _ policy: AccessPolicy) {
            self.name = name
            self.document = document
            self.policy = policy
        }
    }

    /// An action that the new policy no longer allows.
    package struct Removed: Sendable {
        package var action: String
        package var level: String
        /// Before the days that were looked at, where there was one.
        package var lastUse: Timestamp?
        /// Requests that were refused, of the days.
        package var denied = 0
        /// Graver ones are greater.
        package var gravity: Int
        package var statements: [String]
    }

    /// An action that stays though no use of it is seen.
    package struct Kept: Sendable {
        package var action: String
        package var why: String
    }

    /// How far the log can be believed.
    package struct Coverage: Sendable {
        /// Days asked about, days since 1970.
        package var days: ClosedRange<Int64>
        /// Days on which the account's log has events, and is whole where a ledger says so.
        package var covered: Set<Int64>
        /// Services of which data events were seen on all covered days.
        package var dataServices: Set<String>

        package init(days: ClosedRange<Int64>, covered: Set<Int64>, dataServices: Set<String>) {
            self.days = days
            self.covered = covered
            self.dataServices = dataServices
        }

        package var missing: [Int64] { days.filter { !covered.contains($0) } }
    }

    /// Used requests put to the new policy.
    package struct Replay: Sendable {
        /// Distinct requests, and the events behind them.
        package var requests = 0
        package var events = 0
        package var allowed = 0
        /// Allowed by the policies as they are and not by the new one: must be none.
        package var broken: [ObservedRequest] = []
        /// Depends on values that the log does not tell.
        package var undecided = 0
        /// Not allowed by the policies as they are: by a resource's own policy, or by policies that are not given.
        package var byOthers = 0
    }

    /// Actions beyond which a policy's patterns are not taken apart.
    static let actionsMax = 100_000
    /// Resources of one action that are listed; of more the statement's own stay.
    static let shapesMax = 8

    package let sources: [Source]
    package let coverage: Coverage
    package internal(set) var policy: Document
    package internal(set) var used: [UseIndex.ActionUse] = []
    package internal(set) var removed: [Removed] = []
    package internal(set) var kept: [Kept] = []
    /// Used, and not allowed by any policy given.
    package internal(set) var unexplained: [String] = []
    package internal(set) var comparison: PolicyComparison
    package internal(set) var replay = Replay()
    package internal(set) var notes: [String] = []
    /// Bytes of the policy without white space: a managed policy of AWS's holds 6,144.
    package var policyBytes: Int { policy.plainJSON.utf8.count }
    package static let managedPolicyBytesMax = 6_144

    /// - Parameter earlier: what was used before the days.
    package init(
        _ sources: [Source], layers: PolicyLayers, used index: UseIndex, earlier: [String: Timestamp],
        coverage: Coverage, _ permissions: EventPermissions, _ catalogue: ActionCatalogue
    ) {
        self.sources = sources
        self.coverage = coverage
        let uses = index.actions()
        used = uses.filter { $0.used.count > 0 }
        let old = AccessPolicy(statements: sources.flatMap(\.policy.statements))
        var best: (Document, PolicyComparison)?
        var draft = RightsizingDraft(sources, index, coverage, permissions, catalogue)
        // Resources as they were used; where that gains anything, the statements' own.
        for scoping in RightsizingDraft.Scoping.allCases {
            draft.write(scoping)
            guard let new = try? AccessPolicy(draft.document, for: .identity) else { continue }
            let comparison = PolicyComparison(old: old, new: new, place: .identity, catalogue: catalogue)
            best = (draft.document, comparison)
            if comparison.verdict == .equal || comparison.verdict == .narrowed { break }
        }
        let found =
            best
            ?? (
                draft.document,
                PolicyComparison(old: old, new: AccessPolicy(statements: []), place: .identity)
            )
        policy = found.0
        comparison = found.1
        kept = draft.kept
        unexplained = draft.unexplained
        let denied = Dictionary(uses.map { ($0.action, $0.denied.count) }) { first, _ in first }
        removed = draft.removed.map { action, statements in
            Removed(
                action: action, level: catalogue.action(action)?.level.name ?? "", lastUse: earlier[action],
                denied: denied[action] ?? 0, gravity: catalogue.gravity(action), statements: statements)
        }.sorted { ($1.gravity, $0.action) < ($0.gravity, $1.action) }
        notes = draft.notes
        replay(index, layers)
        judge()
    }

    private mutating func replay(_ index: UseIndex, _ layers: PolicyLayers) {
        let before = RequestJudge(layers)
        var next = layers
        next.identity = []
        if let new = try? AccessPolicy(policy, for: .identity) {
            next.identity = [PolicyLayers.Named("the new policy", new)]
        }
        let after = RequestJudge(next)
        for (request, tally) in index.allowed.sorted(by: { UseIndex.isBefore($0.key, $1.key) }) {
            replay.requests += 1
            replay.events += tally.count
            if case .denied = before.answer(request, at: tally.last) {
                replay.byOthers += 1
                continue
            }
            switch after.answer(request, at: tally.last) {
            case .allowed: replay.allowed += 1
            case .denied: replay.broken.append(request)
            case .undecided: replay.undecided += 1
            }
        }
        if index.passedOver > 0 {
            notes.append("\(index.passedOver) requests more than are kept at once were not replayed")
        }
    }

    private mutating func judge() {
        if policyBytes > Self.managedPolicyBytesMax {
            notes.append(
                "\(policyBytes) characters: a managed policy holds \(Self.managedPolicyBytesMax), so it needs several"
            )
        }
        let missing = coverage.missing.count
        if missing > 0 {
            notes.append(
                "\(missing) of \(coverage.days.count) days have no log that is whole: what was used on them is not known"
            )
        }
    }

    /// Nothing wider, nothing broken, and no day missing.
    package var isProved: Bool {
        (comparison.verdict == .equal || comparison.verdict == .narrowed) && replay.broken.isEmpty
            && coverage.missing.isEmpty
    }
}
