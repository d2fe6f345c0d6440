/// Who has what in some accounts, as of any time: a fold over changes in whatever order they arrive.
///
/// For each thing that access consists of, the last change before a time says how it stood; of changes at the same
/// instant the one whose event has the greater uid is the later. A deletion is kept like any other change, so one that
/// arrives late undoes nothing that came after it. The same change taken twice is one change.
package struct AccessState: Sendable {
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
            (a.account, a.subject, a.kind.order, a.part) < (b.account, b.subject, b.kind.order, b.part)
        }
    }

    /// How a key stood from a time on.
    package struct Entry: Hashable, Sendable {
        /// What stands for the call where a snapshot showed it, and nobody was seen doing it.
        package static let snapshot = "snapshot"

        package var time: Timestamp
        package var uid: String
        /// `nil`: it was taken away.
        package var value: String?
        /// Who did it; empty where a snapshot showed it.
        package var actor: String
        /// What was called: `AttachRolePolicy`; `snapshot` where one showed it.
        package var operation: String
        package var isSnapshot: Bool { operation == Self.snapshot }
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

    private(set) var holdings: [AccessHolding] = []
    private(set) var places: [Subject: Int] = [:]
    /// Who has an id of a directory's, and since when that was told: names change, and the id does not.
    private var names: [Subject: (name: String, entry: Entry)] = [:]
    /// Who was ever given a policy or a role, put in a group or bounded by a boundary: by account and what they were given.
    private var holders: [Subject: Set<Subject>] = [:]
    /// Guardrails, where they were ever set, and units placed: keys by their subject, whichever account told them.
    private(set) var targets: [String: Set<Key>] = [:]
    private var identityCounts: [String: Int] = [:]
    package private(set) var keyCount = 0
    /// Changes that are remembered, of all keys.
    package private(set) var entryCount = 0
    /// Accounts that something is known of.
    package private(set) var accounts: Set<String> = []
    /// Changes that only a snapshot showed.
    private(set) var unseenCount = 0
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

    /// Takes a change; false where it was taken before, or there is no room.
    @discardableResult
    package mutating func apply(_ change: Change) -> Bool {
        let (key, entry) = (change.key, change.entry)
        let subject = Subject(account: key.account, name: key.subject)
        let mayAdd = keyCount < Self.keysMax
        let place: Int
        if let known = places[subject] {
            place = known
        } else {
            guard mayAdd else {
                refused += 1
                return false
            }
            place = holdings.count
            holdings.append(AccessHolding())
            places[subject] = place
        }
        switch holdings[place].insert(entry, key.kind, key.part, mayAdd: mayAdd) {
        case .known: return false
        case .refused:
            refused += 1
            return false
        case .key:
            keyCount += 1
            entryCount += 1
        case .entry: entryCount += 1
        case .replacement: break
        }
        if entry.unseenSince != nil { unseenCount += 1 }
        // What is the provider's own is in no account.
        if !key.account.isEmpty { accounts.insert(key.account) }
        note(change, of: subject)
        return true
    }

    /// Who holds what, the other way round.
    private mutating func note(_ change: Change, of subject: Subject) {
        let key = change.key
        switch key.kind {
        case .attachment: holders[Subject(account: key.account, name: key.part), default: []].insert(subject)
        case .membership:
            holders[Subject(account: key.account, name: "group/\(key.part)"), default: []].insert(subject)
        case .boundary:
            guard let boundary = change.entry.value else { break }
            holders[Subject(account: key.account, name: boundary), default: []].insert(subject)
        case .assignment:
            guard let text = change.entry.value,
                let home = AccessAssignment(text: text).home(in: key.account)
            else { break }
            holders[home, default: []].insert(subject)
        case .guardrail, .placement: targets[key.subject, default: []].insert(key)
        case .guardrailTarget:
            targets[key.subject, default: []].insert(key)
            // Whichever account tells of the policy.
            if key.part.hasPrefix("p-") {
                holders[Subject(account: "", name: "policy/\(key.part)"), default: []].insert(subject)
            }
        // Beside what somebody is may stand what else they are known by.
        case .identity where key.part == DirectoryID.part:
            for id in DirectoryID.all(in: change.entry.value ?? "") {
                let known = names[Subject(account: key.account, name: id)]
                if known.map({ Entry.precedes($0.entry, change.entry) }) ?? true {
                    names[Subject(account: key.account, name: id)] = (key.subject, change.entry)
                }
            }
        case .identity: if history(key).count == 1 { identityCounts[key.account, default: 0] += 1 }
        default: break
        }
    }

    /// What an id of a directory's was called last.
    func name(ofID id: String, in account: String) -> String? {
        names[Subject(account: account, name: id)]?.name
    }

    // MARK: Histories

    /// All that is remembered of a subject.
    func holding(_ account: String, _ subject: String) -> AccessHolding? {
        places[Subject(account: account, name: subject)].map { holdings[$0] }
    }

    private func slot(_ key: Key) -> AccessHolding.Slot? {
        holding(key.account, key.subject)?.slot(key.kind, key.part)
    }

    /// A key's changes, the oldest first.
    package func history(_ key: Key) -> [Entry] { slot(key)?.history ?? [] }

    /// All keys of one subject, in order.
    package func keys(of subject: Subject) -> [Key] {
        (holding(subject.account, subject.name)?.slots ?? []).map {
            Key(subject.account, subject.name, $0.kind, $0.part)
        }
    }

    /// Everybody and everything that anything is known of, in order.
    package var allSubjects: [Subject] { places.keys.sorted() }

    /// An account's whose names begin so, in order.
    func allSubjects(of account: String, from prefix: String) -> [Subject] {
        places.keys.filter { $0.account == account && $0.name.hasPrefix(prefix) }.sorted()
    }

    /// Every key with its changes, in no particular order.
    func forEach(_ body: (Key, AccessHolding.Slot) -> Void) {
        for (subject, place) in places {
            for slot in holdings[place].slots {
                body(Key(subject.account, subject.name, slot.kind, slot.part), slot)
            }
        }
    }

    /// Who was ever given a policy or a role, put in a group or bounded by a boundary, in order.
    package func holders(of name: String, in account: String) -> [Subject] {
        (holders[Subject(account: account, name: name)] ?? []).sorted()
    }

    /// Principals of an account that were ever known.
    func count(ofIdentitiesIn account: String) -> Int { identityCounts[account] ?? 0 }

    /// The account, where something is known of one alone.
    package var onlyAccount: String? { accounts.count == 1 ? accounts.first : nil }

    /// All that there was at a time, by key.
    package func facts(at time: Timestamp) -> [Key: String] {
        var facts: [Key: String] = [:]
        forEach { key, slot in facts[key] = slot.value(at: time) }
        return facts
    }

    /// All changes that are remembered, in no particular order.
    package var changes: [Change] {
        var changes: [Change] = []
        changes.reserveCapacity(entryCount)
        forEach { key, slot in changes += slot.history.map { Change(key, $0) } }
        return changes
    }

    /// Forgets all changes that no longer count: each key's but the last before a time.
    package mutating func forget(before time: Timestamp) {
        for place in holdings.indices { entryCount -= holdings[place].forget(before: time) }
    }

    // MARK: Asking

    /// The last change up to a time, a deletion too.
    package func entry(_ key: Key, at time: Timestamp) -> Entry? { slot(key)?.entry(at: time) }

    package func value(_ key: Key, at time: Timestamp) -> String? {
        holding(key.account, key.subject)?.value(key.kind, key.part, at: time)
    }

    /// What of one kind a subject has, in the order of the parts.
    package func parts(_ account: String, _ subject: String, _ kind: Kind, at time: Timestamp) -> [Part] {
        (holding(account, subject)?.slots(kind) ?? []).compactMap { slot in
            guard let entry = slot.entry(at: time), let value = entry.value else { return nil }
            return Part(name: slot.part, value: value, entry: entry)
        }
    }

    package struct Part: Sendable {
        package var name: String
        package var value: String
        package var entry: Entry
    }
}
