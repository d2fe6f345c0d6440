/// What an organization says of its own access: what a deviation is measured against.
package struct DriftSettings: Sendable {
    /// Something that changes access as a matter of course: infrastructure as code, a broker, a joiner's process.
    package struct Pipeline: Hashable, Sendable {
        package let name: String
        /// Patterns of the actors it appears as, `*` and `?` in them.
        private let actors: [WildcardPattern]

        package init(name: String, actors: [String]) {
            self.name = name
            self.actors = actors.map { WildcardPattern($0) }
        }

        func acts(as actor: [WildcardPattern.Symbol]) -> Bool { actors.contains { $0.matches(actor) } }
    }

    package var pipelines: [Pipeline] = []
    /// Accounts, besides those that events are of, that are the organization's own.
    package var accounts: Set<String> = []
    /// Patterns of subjects that may have privileged access for good.
    package var allowedStanding: [String] = [] {
        didSet { standing = allowedStanding.map { WildcardPattern($0) } }
    }
    private var standing: [WildcardPattern] = []
    /// Long-lived credentials older than this are told.
    package var keyAge: Duration = .days(90)
    /// What access was approved as, by key; empty where nothing was.
    package var baseline: DriftBaseline?

    package init() {}

    /// What is declared, as it is called.
    package var declared: [String] {
        pipelines.map(\.name).sorted() + (baseline.map { [$0.name] } ?? [])
    }

    func allowsStanding(_ subject: String) -> Bool {
        standing.contains { $0.matches(subject) }
    }
}

/// Access as somebody approved it: what it should be.
package struct DriftBaseline: Hashable, Sendable {
    /// Where it is from, as people call it.
    package var name: String
    /// Of each key its value; a subject of which it says nothing is not judged by it.
    package var facts: Facts
    /// When it was taken; changes before it are part of it.
    package var time: Timestamp
    /// Whether what it does not name should not be there, too.
    package var isWhole: Bool

    /// Values by key, found by subject as well.
    package struct Facts: Hashable, Sendable {
        package let facts: [AccessState.Key: String]
        /// In the keys' order.
        private let subjects: [AccessState.Subject: [Fact]]
        /// Of which kinds accounts have some.
        private let kinds: [String: Set<AccessState.Kind>]
        /// Kinds of which there are no more than were told: of keys, devices and passwords a baseline rarely has all.
        private static let judged: Set<AccessState.Kind> = [
            .assignment, .resourcePolicy, .sharing, .guardrail, .guardrailTarget, .roleDefinition,
        ]

        /// A key with its value.
        typealias Fact = (key: AccessState.Key, value: String)

        package static func == (a: Facts, b: Facts) -> Bool { a.facts == b.facts }
        package func hash(into hasher: inout Hasher) { hasher.combine(facts) }

        package init(_ facts: [AccessState.Key: String]) {
            self.facts = facts
            subjects = Dictionary(grouping: facts) {
                AccessState.Subject(account: $0.key.account, name: $0.key.subject)
            }.mapValues { facts in
                facts.map { (key: $0.key, value: $0.value) }.sorted { $0.key < $1.key }
            }
            kinds = Dictionary(grouping: facts.keys, by: \.account).mapValues { Set($0.map(\.kind)) }
        }

        func holds(_ kind: AccessState.Kind, in account: String) -> Bool {
            Self.judged.contains(kind) && kinds[account]?.contains(kind) == true
        }

        func of(_ subject: AccessState.Subject) -> [Fact] { subjects[subject] ?? [] }

        var allSubjects: some Sequence<AccessState.Subject> { subjects.keys }
    }

    package init(name: String, facts: [AccessState.Key: String], time: Timestamp, isWhole: Bool) {
        self.name = name
        self.facts = Facts(facts)
        self.time = time
        self.isWhole = isWhole
    }

    /// Whether it says something of a key that it has no value of: of what it is whole in, all that an account has of a kind,
    /// where it has any.
    func judges(_ key: AccessState.Key) -> Bool { isWhole && facts.holds(key.kind, in: key.account) }
}
