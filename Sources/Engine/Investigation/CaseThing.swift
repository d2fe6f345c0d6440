/// Something that was made, changed or taken away, and whether that still stands.
package struct CaseThing: Sendable {
    package enum Change: String, Sendable { case created, changed, removed }

    package enum Standing: Sendable, Equatable {
        /// Nothing in the data undoes it, up to the data's end.
        case stands
        case undone(by: String, operation: String, evidence: String, at: Timestamp)
        /// It ends by itself.
        case until(Timestamp)
        /// What undoes it is not known, or not which thing it is.
        case notKnown

        package var name: String {
            switch self {
            case .stands: "stands"
            case .undone: "undone"
            case .until: "expires"
            case .notKnown: "not_known"
            }
        }
    }

    package var change: Change
    /// `access key`, `policy on a role`.
    package var kind: String
    /// Which one it is; what tells it from others of its kind.
    package var label: String
    package var account: String
    package var operation: String
    package var time: Timestamp
    /// The event that shows it.
    package var evidence: String
    /// Further acts of the same kind that were folded into this one.
    package var more = 0
    package var standing: Standing
    package var command: String?
    /// Uses seen of a credential that was made.
    package var uses: Uses?

    package struct Uses: Sendable, Equatable {
        package var count = 0
        package var first: Timestamp
        package var last: Timestamp
        package var addresses: [String] = []
    }
}

/// Finds what an investigation's acts made, and looks in what came after for what undid it.
struct CaseThings {
    /// Acts of one operation that are told singly; of more the number.
    static let perOperationMax = 20
    static let thingsMax = 2_000

    private struct Made {
        var thing: CaseThing
        var event: CaseEvent
        var entry: UndoCatalogue.Entry?
    }

    private(set) var things: [CaseThing] = []
    private(set) var leftOut = 0

    /// - Parameter later: what anybody did that may undo something, in the order of time.
    init(acts: [CaseEvent], later: [CaseEvent], uses: [CaseEvent]) {
        var made: [Made] = []
        var count: [String: Int] = [:]
        var last: [String: Int] = [:]
        for event in acts {
            if let until = event.issuedUntil, event.outcome != .failure, let key = event.issued.first {
                made.append(Made(thing: Self.session(event, key, until), event: event))
                continue
            }
            guard let change = event.change else { continue }
            let entry = UndoCatalogue.entry(for: event)
            count[event.action, default: 0] += 1
            if count[event.action, default: 0] > Self.perOperationMax, let place = last[event.action] {
                made[place].thing.more += 1
                continue
            }
            guard made.count < Self.thingsMax else {
                leftOut += 1
                continue
            }
            last[event.action] = made.count
            made.append(Made(thing: Self.thing(event, change, entry), event: event, entry: entry))
        }
        for place in made.indices {
            Self.judge(&made[place], later)
            if let key = made[place].event.parameters["accessKeyId"], made[place].thing.kind == "access key" {
                made[place].thing.uses = Self.uses(of: key, uses)
            }
        }
        things = made.map(\.thing)
    }

    private static func session(_ event: CaseEvent, _ key: String, _ until: Timestamp) -> CaseThing {
        let role = event.parameters["roleArn"] ?? event.parameters["roleName"] ?? ""
        return CaseThing(
            change: .created, kind: "session", label: role.isEmpty ? key : "\(key) of \(role)",
            account: event.account, operation: event.operation, time: event.time, evidence: event.uid,
            standing: .until(until),
            command: role.split(separator: "/").last.flatMap { UndoCatalogue.shellWord(String($0)) }.map {
                "aws iam put-role-policy --role-name \($0) --policy-name revoke-older-sessions --policy-document "
                    + "'{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Deny\",\"Action\":\"*\","
                    + "\"Resource\":\"*\",\"Condition\":{\"DateLessThan\":{\"aws:TokenIssueTime\":\"NOW\"}}}}'"
            })
    }

    private static func thing(
        _ event: CaseEvent, _ change: CaseThing.Change, _ entry: UndoCatalogue.Entry?
    ) -> CaseThing {
        let target = event.targets.first
        let label = entry.map { entry in
            entry.identity.map { UndoCatalogue.value($0, of: event) }.filter { !$0.isEmpty }
                .joined(separator: " ")
        }
        let fallback = target?.label ?? event.affectedUser.label
        let isPart = entry == nil && target.map { Self.isPart(event.operation, of: $0.type) } == true
        return CaseThing(
            change: isPart && change == .created ? .changed : change,
            kind: entry?.kind ?? target?.type ?? (fallback.isEmpty ? event.service : "user"),
            label: label.flatMap { $0.isEmpty ? nil : $0 } ?? fallback, account: event.account,
            operation: event.operation, time: event.time, evidence: event.uid, standing: .notKnown,
            command: entry.flatMap { UndoCatalogue.command($0, for: event) })
    }

    /// Whether what an operation makes is a part of what it is on, which was there before: `PutBucketTagging` changes a
    /// bucket, `PutObject` makes an object.
    private static func isPart(_ operation: String, of type: String) -> Bool {
        for verb in ["Put", "Tag", "Add", "Attach", "Associate"] where operation.hasPrefix(verb) {
            let noun = operation.dropFirst(verb.count)
            return noun != (type.split(separator: ":").last ?? "")
        }
        return false
    }

    private static func judge(_ made: inout Made, _ later: [CaseEvent]) {
        guard made.thing.standing == .notKnown else { return }
        let event = made.event
        var isKnown = made.entry != nil
        let undoing: [String]
        if let entry = made.entry {
            undoing = entry.undoneBy
            if undoing.isEmpty || entry.identity.allSatisfy({ UndoCatalogue.value($0, of: event).isEmpty }) {
                isKnown = false
            }
        } else {
            undoing = UndoCatalogue.opposites(of: event.operation)
            isKnown = !undoing.isEmpty && !event.targets.isEmpty
        }
        guard isKnown else { return }
        made.thing.standing = .stands
        for other in later where CaseEvent.isEarlier(event, other) && other.outcome != .failure {
            guard
                let word = undoing.first(where: { UndoCatalogue.operation(of: $0) == other.operation }),
                UndoCatalogue.condition(of: word, holdsFor: other), isSame(made, other)
            else { continue }
            made.thing.standing = .undone(
                by: other.actor, operation: other.operation, evidence: other.uid, at: other.time)
            return
        }
    }

    /// Whether the later act is on the same thing: every value that tells it and that both have is equal, one at least.
    private static func isSame(_ made: Made, _ other: CaseEvent) -> Bool {
        let event = made.event
        if !event.account.isEmpty, !other.account.isEmpty, event.account != other.account { return false }
        guard let entry = made.entry else {
            return event.targets.contains { target in
                !target.label.isEmpty && other.targets.contains { $0.label == target.label }
            }
        }
        var agreed = 0
        for name in entry.identity {
            let (mine, theirs) = (UndoCatalogue.value(name, of: event), UndoCatalogue.value(name, of: other))
            if mine.isEmpty || theirs.isEmpty { continue }
            if mine != theirs { return false }
            agreed += 1
        }
        return agreed > 0
    }

    private static func uses(of key: String, _ events: [CaseEvent]) -> CaseThing.Uses? {
        var uses: CaseThing.Uses?
        for event in events where event.credential == key {
            var now = uses ?? CaseThing.Uses(first: event.time, last: event.time)
            now.count += 1
            now.last = max(now.last, event.time)
            if !event.address.isEmpty, now.addresses.count < 5, !now.addresses.contains(event.address) {
                now.addresses.append(event.address)
            }
            uses = now
        }
        return uses
    }
}
