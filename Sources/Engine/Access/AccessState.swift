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

        package init(
            time: Timestamp, uid: String, value: String?, actor: String, operation: String,
            unseenSince: Timestamp? = nil
        ) {
            self.time = time
            self.uid = uid
            self.value = value
            self.actor = actor
            self.operation = operation
            self.unseenSince = unseenSince
        }
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
    package private(set) var refused = 0

    private struct Subject: Hashable {
        var account: String
        var name: String
    }

    package init() {}

    package var keyCount: Int { histories.count }

    package mutating func apply(_ change: Change) {
        guard histories.count < Self.keysMax || histories[change.key] != nil else {
            refused += 1
            return
        }
        var history = histories[change.key] ?? []
        let entry = change.entry
        let at = history.firstIndex { ($0.time, $0.uid) >= (entry.time, entry.uid) } ?? history.count
        if at < history.count, history[at].time == entry.time, history[at].uid == entry.uid { return }
        history.insert(entry, at: at)
        if history.count > Self.historyMax { history.removeFirst(history.count - Self.historyMax) }
        histories[change.key] = history
        subjects[Subject(account: change.key.account, name: change.key.subject), default: []].insert(
            change.key)
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
