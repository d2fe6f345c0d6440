/// Gathers what belongs to an investigation from events that come in any order, as often as it has to ask for them.
///
/// It asks in rounds, each answered with at least the events that its question fits: first for the name itself, then for
/// all of the human behind it, following credentials that their acts handed out, and last for what came of it: what
/// undid what they made, who used the keys they made, and who else came from where they came from.
package struct Investigator: Sendable {
    /// Events held at most; of more those that only looked go first, the oldest before the newer.
    package static let eventsMax = 100_000
    /// Rounds that follow credentials: a chain of roles longer than that is AWS's own limit many times over.
    private static let followingsMax = 6
    /// Names remembered to offer the nearest of, where nothing is found.
    private static let namesMax = 100_000
    /// Addresses and operations that are asked for at once.
    static let askedMax = 200

    package enum Relation: String, Sendable {
        /// Done by whom it is about, or with or on what it is about.
        case acted
        /// Done to them by somebody else.
        case affected
        /// Somebody's, after it.
        case later
    }

    /// What the next round has to be answered with.
    package struct Question: Sendable, Equatable {
        /// Humans, accounts, keys, sessions, roles, addresses or things, as they stand in events; at first with their tails.
        package var names: [String] = []
        package var addresses: [String] = []
        package var operations: [String] = []
        /// Whether a name may also stand at the end of an ARN.
        package var takesTails = false
        /// Whether humans are asked for by what attribution calls them.
        package var humans: [String] = []
    }

    private enum Stage { case find, follow, aftermath, done }

    package let entity: CaseEntity
    /// Whether only what bears the name is asked for, whoever is behind it.
    package let isNarrow: Bool
    private var stage = Stage.find
    private var followings = 0
    package private(set) var question: Question

    private(set) var kind: CaseEntity.Kind?
    /// What the name is, in the events so far.
    private(set) var kindsFound: Set<CaseEntity.Kind> = []
    /// Humans behind the acts that bear the name.
    private(set) var behind: [String: Behind] = [:]
    /// The human whose acts are gathered, where it is one.
    private(set) var human: String?
    private var isAffectedName: Set<String> = []
    private var credentials: Set<String> = []
    private var asked: Set<String> = []
    private(set) var acts: [String: CaseEvent] = [:]
    private(set) var relations: [String: Relation] = [:]
    private(set) var later: [String: CaseEvent] = [:]
    private var names: Set<String> = []
    /// Events beyond the limit.
    package private(set) var leftOut = 0
    package private(set) var seen = 0

    struct Behind: Sendable {
        var nature: String
        var events: Int
    }

    package init(_ entity: CaseEntity, isNarrow: Bool = false) {
        self.entity = entity
        self.isNarrow = isNarrow
        question = Question(
            names: [entity.name], addresses: [entity.name], takesTails: true, humans: [entity.name])
    }

    /// Whether some event bears the name, as far as events were taken.
    package var isNamed: Bool { !kindsFound.isEmpty }

    // MARK: Taking

    /// - Parameter isOfRecord: whether `digest` is of the vendor's record, and not of the event's text.
    package mutating func take(_ text: [UInt8], digest: @autoclosure () -> String, isOfRecord: Bool) {
        guard var event = CaseEvent(text) else { return }
        seen += 1
        guard let relation = relation(of: event) else { return }
        event.digest = digest()
        event.isOfRecord = isOfRecord
        if relation == .later {
            Self.put(event, into: &later)
            if later.count > 2 * Self.eventsMax { leftOut += Self.shrink(&later) }
            return
        }
        Self.put(event, into: &acts)
        if relations[event.uid] != .acted { relations[event.uid] = relation }
        if acts.count > 2 * Self.eventsMax { leftOut += Self.shrink(&acts) }
    }

    /// Of two events of one uid, which are versions of one another, the same in whatever order they come.
    private static func put(_ event: CaseEvent, into pool: inout [String: CaseEvent]) {
        if let held = pool[event.uid], held.digest > event.digest { return }
        pool[event.uid] = event
    }

    private static func shrink(_ pool: inout [String: CaseEvent]) -> Int {
        let sorted = pool.values.sorted { CaseEvent.isKept($0, before: $1) }
        for event in sorted.dropFirst(eventsMax) { pool[event.uid] = nil }
        return max(0, sorted.count - eventsMax)
    }

    private mutating func relation(of event: CaseEvent) -> Relation? {
        switch stage {
        case .find: return find(event)
        case .follow:
            if isHumans(event) { return .acted }
            return isAffected(event) ? .affected : nil
        case .aftermath: return acts[event.uid] == nil && isAftermath(event) ? .later : nil
        case .done: return nil
        }
    }

    private mutating func find(_ event: CaseEvent) -> Relation? {
        let (acting, affected) = entity.kinds(in: event)
        if let acting {
            kindsFound.insert(acting)
            return .acted
        }
        if let affected {
            kindsFound.insert(affected)
            // What is done on a thing is what an investigation of the thing is about.
            return affected == .resource ? .acted : .affected
        }
        if kindsFound.isEmpty, names.count < Self.namesMax {
            for name in [
                event.who, event.email, event.principal, event.credential, event.role, event.address,
            ] {
                offer(name)
            }
        }
        return nil
    }

    /// Whether it is an act of the human's, or of a credential that is theirs where the event itself does not say whose.
    private func isHumans(_ event: CaseEvent) -> Bool {
        if !event.who.isEmpty { return event.who == human }
        return event.held.contains { credentials.contains($0) }
    }

    private func isAffected(_ event: CaseEvent) -> Bool {
        guard let human else { return false }
        return [event.affectedEmail, event.affectedUser.uid, event.affectedUser.name].contains {
            !$0.isEmpty && ($0 == human || isAffectedName.contains($0))
        }
    }

    private func isAftermath(_ event: CaseEvent) -> Bool {
        question.operations.contains(event.operation) || question.addresses.contains(event.address)
            || (!event.credential.isEmpty && question.names.contains(event.credential))
    }

    // MARK: Rounds

    /// Ends a round; whether `question` holds another.
    package mutating func finishRound() -> Bool {
        switch stage {
        case .find: decide()
        case .follow: follow()
        case .aftermath, .done: stage = .done
        }
        return stage != .done
    }

    private mutating func decide() {
        // What acts comes before what is only acted on; among those the first that leads to a human.
        kind = kindsFound.min()
        guard let kind else {
            stage = .done
            return
        }
        for event in acts.values where relations[event.uid] == .acted && !event.who.isEmpty {
            behind[event.who, default: Behind(nature: event.nature, events: 0)].events += 1
        }
        let humans = behind.filter { $0.value.nature != "service" }
        if kind.leadsToHuman, !isNarrow, humans.count == 1, let only = humans.first?.key {
            human = only
            stage = .follow
            follow()
        } else {
            askAftermath()
        }
    }

    /// Asks for the human's other acts as long as that brings up credentials that nobody has asked for.
    private mutating func follow() {
        guard let human else { return askAftermath() }
        for event in acts.values where relations[event.uid] == .acted {
            credentials.formUnion(event.held)
            credentials.formUnion(event.issued)
            for name in [event.principal, event.email, event.root.uid]
            where !name.isEmpty && event.root.uid == event.principal {
                isAffectedName.insert(name)
            }
        }
        let new = credentials.union(isAffectedName).subtracting(asked)
        guard followings == 0 || !new.isEmpty, followings < Self.followingsMax else { return askAftermath() }
        followings += 1
        asked.formUnion(new)
        question = Question(names: new.sorted(), humans: followings == 1 ? [human] : [])
    }

    private mutating func askAftermath() {
        stage = .aftermath
        var operations: Set<String> = []
        var keys: Set<String> = []
        var addresses: [String: Int] = [:]
        for event in acts.values {
            if event.change != nil {
                for undoing in UndoCatalogue.entry(for: event)?.undoneBy
                    ?? UndoCatalogue.opposites(of: event.operation)
                {
                    operations.insert(UndoCatalogue.operation(of: undoing))
                }
                if event.operation == "CreateAccessKey", let key = event.parameters["accessKeyId"] {
                    keys.insert(key)
                }
            }
            if !event.address.isEmpty { addresses[event.address, default: 0] += 1 }
        }
        question = Question(
            names: Array(keys.sorted().prefix(Self.askedMax)),
            addresses: addresses.count <= 20 ? addresses.keys.sorted() : [],
            operations: Array(operations.sorted().prefix(Self.askedMax)))
        if question == Question() { stage = .done }
    }

    // MARK: Nothing found

    /// A name that is there, to be offered where the one asked for is not.
    package mutating func offer(_ name: String) {
        if names.count < Self.namesMax, !name.isEmpty, name.utf8.count <= 200 { names.insert(name) }
    }

    /// The names that are nearest to the one asked for: those that contain it, then those that differ least.
    package func nearest(atMost count: Int = 5) -> [String] {
        let wanted = entity.name.lowercased()
        var found = wanted.utf8.count < 3 ? [] : names.filter { $0.lowercased().contains(wanted) }.sorted()
        // Somebody may mistype the part that people say: what stands before the @, or behind the last slash.
        var forms: [String: [String]] = [:]
        for name in names.subtracting(found) {
            forms[name, default: []].append(name)
            for part in [name.split(separator: "@").first, name.split(separator: "/").last] {
                if let part, part.count < name.count { forms[String(part), default: []].append(name) }
            }
        }
        while found.count < count, let near = nearestName(to: entity.name, among: forms.keys) {
            for name in (forms.removeValue(forKey: near) ?? []).sorted() where !found.contains(name) {
                found.append(name)
            }
        }
        return Array(found.prefix(count))
    }
}
