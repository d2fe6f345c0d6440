/// One way in which access strayed: opened by an event, standing until another closes it.
///
/// A value and a function of the events behind it: the same events, in whatever order they came, make the same finding.
/// Everything that goes into a drift report is one of these, whoever raises it.
package struct DriftFinding: Hashable, Sendable {
    /// What a gain comes to at most.
    package enum Effect: UInt8, CaseIterable, Comparable, Sendable {
        case none, cosmetic, reads, writes, permissions

        package var name: String {
            switch self {
            case .none: "none"
            case .cosmetic: "cosmetic"
            case .reads: "read"
            case .writes: "write"
            case .permissions: "permissions"
            }
        }

        /// Nats.
        package var weight: Double {
            switch self {
            case .none: 0
            case .cosmetic: 0.5
            case .reads: 1
            case .writes: 2
            case .permissions: 3
            }
        }

        package static func < (a: Effect, b: Effect) -> Bool { a.rawValue < b.rawValue }
    }

    /// OCSF's severities.
    package enum Severity: UInt8, CaseIterable, Comparable, Sendable {
        case informational = 1, low, medium, high, critical

        package var name: String {
            switch self {
            case .informational: "Informational"
            case .low: "Low"
            case .medium: "Medium"
            case .high: "High"
            case .critical: "Critical"
            }
        }

        package static func < (a: Severity, b: Severity) -> Bool { a.rawValue < b.rawValue }
    }

    /// The event that made it so, or that ended it.
    package struct Cause: Hashable, Sendable {
        package var uid: String
        package var time: Timestamp
        /// What was called: `AttachRolePolicy`; `snapshot` where one showed it.
        package var operation: String
        /// Who the record names.
        package var actor = ""
        /// Who is behind the actor, where attribution knows.
        package var human: String?
        /// What stands behind the act: a grant, a pipeline, or neither.
        package var backing: Backing = .none
        /// Whether nobody was seen doing it: a snapshot showed that it had been done.
        package var isSnapshot: Bool { operation == AccessState.Entry.snapshot }

        package init(
            uid: String, time: Timestamp, operation: String, actor: String = "", human: String? = nil,
            backing: Backing = .none
        ) {
            self.uid = uid
            self.time = time
            self.operation = operation
            self.actor = actor
            self.human = human
            self.backing = backing
        }
    }

    package enum Backing: Hashable, Sendable {
        case none
        /// A grant of a broker, by its id.
        case grant(String)
        /// A declared pipeline, by the name it is declared under.
        case pipeline(String)
    }

    /// Event uids, gained actions and commands that a finding names: of more the first are kept.
    package static let listMax = 100

    package var code: DriftCode
    /// `AWS`, `Azure`, as their feeds' products are sold.
    package var provider: String
    /// The account, subscription, project or tenant; empty where it is not known.
    package var account: String
    /// Whose access it is.
    package var subject: String
    /// What it is access to or by: a policy, a role, a resource, a key; empty where there is none.
    package var object: String
    package var opened: Cause
    /// `nil` as long as it stands.
    package var closed: Cause?
    package var effect: Effect = .none
    /// What the document's comparison says.
    package var verdict: PolicyComparison.Verdict?
    /// A request that shows the difference, in words.
    package var witness = ""
    /// What may be done now that could not before.
    package var gained: [String] = []
    /// What is so, in one sentence.
    package var words: String
    /// What it comes to for whom, through groups, boundaries and guardrails; empty where it was not worked out.
    package var consequence = ""
    /// Commands that undo it, in order.
    package var remedies: [String] = []
    /// Uids of the events it rests on, the cause's first.
    package var evidence: [String]
    /// For what no event told: it cannot have happened before this.
    package var notBefore: Timestamp?
    /// Set where the taxonomy's weight says less than is known.
    package var severityGiven: Severity?

    package init(
        _ code: DriftCode, provider: String, account: String, subject: String, object: String = "",
        opened: Cause, effect: Effect = .none, words: String
    ) {
        self.code = code
        self.provider = provider
        self.account = account
        self.subject = subject
        self.object = object
        self.opened = opened
        self.effect = effect
        self.words = words
        evidence = opened.uid.isEmpty ? [] : [opened.uid]
    }

    /// The same for the same thing opened by the same event, in every run and report.
    ///
    /// A digest: it is asked for once and passed on where many findings are told.
    package var uid: String {
        StableDigest.identifier(of: [
            "martlet.drift", code.name, provider, account, subject, object, opened.uid,
        ])
    }

    package var isOpen: Bool { closed == nil }

    /// What it weighs, in nats.
    package var points: Double {
        let gain = code.countsEffect ? effect.weight : min(effect.weight, 1)
        return code.weight + gain
    }

    package var severity: Severity {
        if let severityGiven { return severityGiven }
        return switch points {
        case 4...: .critical
        case 3..<4: .high
        case 1.5..<3: .medium
        case 0.5..<1.5: .low
        default: .informational
        }
    }

    /// How long it has stood, or stood until it was closed.
    package func age(at time: Timestamp) -> Duration { max(.zero, (closed?.time ?? time) - opened.time) }

    /// Adds the uid of an event it rests on, once, up to the limit.
    package mutating func rest(on uid: String) {
        guard !uid.isEmpty, evidence.count < Self.listMax, !evidence.contains(uid) else { return }
        evidence.append(uid)
    }

    /// The order of reports: the gravest first, of equals the older, then by what they are about.
    package static func precedes(_ a: DriftFinding, _ b: DriftFinding) -> Bool {
        if a.severity != b.severity { return a.severity > b.severity }
        if a.points != b.points { return a.points > b.points }
        return (a.opened.time, a.code.rawValue, a.account, a.subject, a.object)
            < (b.opened.time, b.code.rawValue, b.account, b.subject, b.object)
    }
}
