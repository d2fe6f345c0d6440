/// Who has what in some accounts, as of any time: a fold over changes in whatever order they arrive.
///
/// For each thing that access consists of, the last change before a time says how it stood; of changes at the same
/// instant the one whose event has the greater uid is the later. A deletion is kept like any other change, so one that
/// arrives late undoes nothing that came after it. The same change taken twice is one change.
package struct AccessState: Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        /// A principal: its value is its ARN.
        case identity
        /// A group that a user is in.
        case membership
        /// A managed policy that is attached: its part is the policy's ARN.
        case attachment
        /// A policy of its own, by name: its value is the document.
        case inline
        case boundary
        /// Who may take a role: its value is the document.
        case trust
        /// A managed policy's version: the subject is the policy's ARN, the part the version.
        case version
        /// Which version of a managed policy counts.
        case defaultVersion = "default-version"
        case accessKey = "access-key"
        case password
        case mfa
        /// Who may use a resource: its value is the document.
        case resourcePolicy = "resource-policy"
        /// What keeps a bucket or an account from being public: `on`, or which switches are off.
        case publicAccessBlock = "public-access-block"
        /// Whom a resource is given to beside its policy: its part is the one who got it, its value as well.
        case sharing
        /// A service or resource control policy: its value is the document.
        case guardrail
        /// Where a guardrail holds; whatever limits access and is no document is one of these, too.
        case guardrailTarget = "guardrail-target"
        /// Somebody has a role somewhere: its value is an `AccessAssignment`.
        case assignment
        /// What a role of Azure's or Google's may do: its value is the document.
        case roleDefinition = "role-definition"
        /// Who vouches for identities: its value tells one configuration from another.
        case federation
        /// A trail, a recorder or a stream of audit records.
        case recording
    }

    /// One thing that is there or not.
    package struct Key: Hashable, Comparable, Sendable {
        package var account: String
        /// `user/ada`, `role/deploy`, `group/admins`, or a managed policy's ARN.
        package var subject: String
        package var kind: Kind
        package var part: String

        package init(_ account: String, _ subject: String, _ kind: Kind, _ part: String = "") {
            self.account = account
            self.subject = subject
            self.kind = kind
            self.part = part
        }

        package static func < (a: Key, b: Key) -> Bool {
            (a.account, a.subject, a.kind.rawValue, a.part) < (b.account, b.subject, b.kind.rawValue, b.part)
        }
    }

    /// How a key stood from a time on.
    package struct Entry: Hashable, Sendable {
        package var time: Timestamp
        package var uid: String
        /// `nil`: it was taken away.
        package var value: String?
        /// Who did it; empty where a snapshot showed it.
        package var actor: String
        /// What was called: `AttachRolePolicy`; `snapshot` where one showed it.
        package var operation: String
        /// A snapshot showed something else than the changes before it, so a change was not seen: it happened between
        /// this time and `time`.
        package var unseenSince: Timestamp?
        /// Who was behind the actor, where attribution knew.
        package var human: String?

        package init(
            time: Timestamp, uid: String, value: String?, actor: String, operation: String,
            unseenSince: Timestamp? = nil, human: String? = nil
        ) {
            self.time = time
            self.uid = uid
            self.value = value
            self.actor = actor
            self.operation = operation
            self.unseenSince = unseenSince
            self.human = human
        }

        /// The order in which entries of one key count.
        static func precedes(_ a: Entry, _ b: Entry) -> Bool { (a.time, a.uid) < (b.time, b.uid) }
    }

    package struct Change: Hashable, Sendable {
        package var key: Key
        package var entry: Entry

        package init(_ key: Key, _ entry: Entry) {
            self.key = key
            self.entry = entry
        }
    }

    /// Changes kept of one key; of more the oldest are forgotten.
    package static let historyMax = 1_000
    /// Keys in all; of more nothing is taken, and it is counted.
    package static let keysMax = 4_000_000

    private var histories: [Key: [Entry]] = [:]
    /// Keys by account and subject, so that one principal is found among many.
    private var subjects: [Subject: Set<Key>] = [:]
    /// Who was ever given a policy, put in a group or bounded by a boundary: by account and what they were given.
    private var holders: [Subject: Set<Subject>] = [:]
    /// Where guardrails were ever set.
    private var guardrailTargets: Set<Key> = []
    /// Roles of which it is known whom they trust, by account.
    private var trusts: [String: Set<Subject>] = [:]
    private var identityCounts: [String: Int] = [:]
    package private(set) var refused = 0

    package struct Subject: Hashable, Comparable, Sendable {
        package var account: String
        package var name: String

        package init(account: String, name: String) {
            self.account = account
            self.name = name
        }

        package static func < (a: Subject, b: Subject) -> Bool { (a.account, a.name) < (b.account, b.name) }
    }

    package init() {}

    package var keyCount: Int { histories.count }

    package mutating func apply(_ change: Change) {
        guard histories.count < Self.keysMax || histories[change.key] != nil else {
            refused += 1
            return
        }
        let entry = change.entry
        guard Self.insert(entry, into: &histories[change.key, default: []]) else { return }
        entryCount += 1
        accounts.insert(change.key.account)
        let key = change.key
        let subject = Subject(account: key.account, name: key.subject)
        subjects[subject, default: []].insert(key)
        switch key.kind {
        case .attachment: holders[Subject(account: key.account, name: key.part), default: []].insert(subject)
        case .membership:
            holders[Subject(account: key.account, name: "group/\(key.part)"), default: []].insert(subject)
        case .boundary:
            guard let boundary = entry.value else { break }
            holders[Subject(account: key.account, name: boundary), default: []].insert(subject)
        case .guardrailTarget: guardrailTargets.insert(key)
        case .trust: trusts[key.account, default: []].insert(subject)
        case .identity: if histories[key]?.count == 1 { identityCounts[key.account, default: 0] += 1 }
        default: break
        }
    }

    /// In its place; false where the same change was there.
    private static func insert(_ entry: Entry, into history: inout [Entry]) -> Bool {
        var at = history.count
        while at > 0, Entry.precedes(entry, history[at - 1]) { at -= 1 }
        if at > 0, history[at - 1].time == entry.time, history[at - 1].uid == entry.uid { return false }
        history.insert(entry, at: at)
        if history.count > historyMax { history.removeFirst(history.count - historyMax) }
        return true
    }

    // MARK: Histories

    /// A key's changes, the oldest first.
    package func history(_ key: Key) -> [Entry] { histories[key] ?? [] }

    /// All keys of one subject, in order.
    package func keys(of subject: Subject) -> [Key] { (subjects[subject] ?? []).sorted() }

    /// Everybody and everything that anything is known of, in order.
    package var allSubjects: [Subject] { subjects.keys.sorted() }

    /// Who was ever given a policy, put in a group or bounded by a boundary, in order.
    package func holders(of name: String, in account: String) -> [Subject] {
        (holders[Subject(account: account, name: name)] ?? []).sorted()
    }

    /// Principals of an account that were ever known.
    func count(ofIdentitiesIn account: String) -> Int { identityCounts[account] ?? 0 }

    /// Roles that name a principal of their account in what they trust, in order.
    func trusting(_ identity: Key) -> [Subject] {
        let name = identity.subject.split(separator: "/").last.map { "/\($0)" } ?? identity.subject
        return (trusts[identity.account] ?? []).filter { role in
            history(Key(role.account, role.name, .trust)).contains { $0.value?.contains(name) == true }
        }.sorted()
    }

    /// Documents of the guardrails that are attached to an account itself.
    func guardrails(over account: String, at time: Timestamp) -> [String] {
        guardrailTargets.filter { $0.subject == "target/\(account)" && $0.part.hasPrefix("p-") }.sorted()
            .compactMap { key in
                guard value(key, at: time) != nil else { return nil }
                return value(Key(key.account, "policy/\(key.part)", .guardrail), at: time)
            }
    }

    /// Accounts that something is known of.
    package private(set) var accounts: Set<String> = []
    /// Changes that are remembered, of all keys.
    package private(set) var entryCount = 0

    /// The account, where something is known of one alone.
    package var onlyAccount: String? { accounts.count == 1 ? accounts.first : nil }

    /// All that there was at a time, by key.
    package func facts(at time: Timestamp) -> [Key: String] {
        var facts: [Key: String] = [:]
        for key in histories.keys { facts[key] = value(key, at: time) }
        return facts
    }

    /// All changes that are remembered, in no particular order.
    package var changes: [Change] {
        histories.flatMap { key, history in history.map { Change(key, $0) } }
    }

    /// Forgets all changes of a subject that no longer count: each key's but the last before a time.
    package mutating func forget(before time: Timestamp) {
        for (key, history) in histories {
            guard let last = history.lastIndex(where: { $0.time < time }), last > 0 else { continue }
            entryCount -= last
            histories[key] = Array(history[last...])
        }
    }

    // MARK: Asking

    /// The last change up to a time, a deletion too.
    package func entry(_ key: Key, at time: Timestamp) -> Entry? { histories[key]?.last { $0.time <= time } }

    package func value(_ key: Key, at time: Timestamp) -> String? { entry(key, at: time)?.value }

    /// What of one kind a subject has, in the order of the parts.
    package func parts(_ account: String, _ subject: String, _ kind: Kind, at time: Timestamp) -> [Part] {
        (subjects[Subject(account: account, name: subject)] ?? []).filter { $0.kind == kind }.sorted()
            .compactMap { key in
                guard let entry = entry(key, at: time), let value = entry.value else { return nil }
                return Part(name: key.part, value: value, entry: entry)
            }
    }

    package struct Part: Sendable {
        package var name: String
        package var value: String
        package var entry: Entry
    }

    /// Principals that were there, in order: account and subject.
    package func identities(at time: Timestamp) -> [(account: String, subject: String)] {
        histories.keys.filter { $0.kind == .identity && value($0, at: time) != nil }.sorted()
            .map { ($0.account, $0.subject) }
    }

    /// Principals of any time that a person means by a name: an ARN, `user/ada` or `ada`.
    package func named(_ name: String) -> [(account: String, subject: String)] {
        let principal = RequestPrincipal(name)
        return histories.keys.filter { key in
            guard key.kind == .identity else { return false }
            if let account = principal.account {
                let isRole = principal.roleName.map { key.subject == "role/\($0)" } ?? false
                let isUser = principal.userName.map { key.subject == "user/\($0)" } ?? false
                let isSame = histories[key]?.contains { $0.value == name } ?? false
                return key.account == account && (isRole || isUser || isSame)
            }
            return key.subject == name || key.subject.hasSuffix("/\(name)")
        }.sorted().map { ($0.account, $0.subject) }
    }

    // MARK: Snapshots

    /// Takes all that was there at a time; what the changes before it say otherwise was changed unseen.
    ///
    /// `covered` are the kinds of subjects of which the snapshot is whole: of those, what it does not show was taken
    /// away. Answers with what was not as expected.
    @discardableResult
    package mutating func apply(
        snapshot facts: [Key: String], of account: String, at time: Timestamp, uid: String,
        covering isCovered: (Key) -> Bool
    ) -> [Change] {
        var differences: [Change] = []
        let isKnown = histories.keys.contains { $0.account == account }
        func note(_ key: Key, _ value: String?) {
            let before = entry(key, at: time)
            guard before?.value != value else { return }
            // In an account that nothing is known of yet, all that is there is simply there.
            let since = isKnown ? before?.time ?? .distantPast : nil
            let entry = Entry(
                time: time, uid: uid, value: value, actor: "", operation: "snapshot", unseenSince: since)
            differences.append(Change(key, entry))
        }
        for (key, value) in facts.sorted(by: { $0.key < $1.key }) { note(key, value) }
        let absent = histories.keys.filter { $0.account == account && facts[$0] == nil && isCovered($0) }
        for key in absent.sorted() where entry(key, at: time)?.value != nil { note(key, nil) }
        for change in differences { apply(change) }
        return differences.filter { $0.entry.unseenSince != nil }
    }
}
