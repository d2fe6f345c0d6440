/// Snapshots that are coming in, until they are whole and may be held against what changes told.
package struct SnapshotBook {
    /// Snapshots at once, and what they show; of more the oldest is let go of.
    static let openMax = 256
    static let factsMax = 4_000_000
    /// An event may come so much later than the snapshot that shows what it did, and an item than the mark behind it:
    /// items and marks are two feeds, and neither waits for the other.
    package static let wait = Duration.minutes(30)

    private struct Open {
        var facts: [AccessState.Key: String] = [:]
        var uids: Set<String> = []
        var end: SnapshotEnd?
        /// When the mark came.
        var ended = Timestamp.distantPast

        /// Whether it says what roles of Entra's are called.
        var definesRoles = false

        /// Takes what an item shows, once; how much of it is new.
        mutating func take(_ facts: [AccessState.Key: String], _ uid: String) -> Int {
            guard uids.insert(uid).inserted else { return 0 }
            var new = 0
            for (key, value) in facts {
                let known = key.kind == .identity && key.part == DirectoryID.part ? self.facts[key] : nil
                let whole = known.map { DirectoryID.joined($0, value) } ?? value
                if self.facts.updateValue(whole, forKey: key) == nil { new += 1 }
                if EntraRoleItem.isDefinition(key) { definesRoles = true }
            }
            return new
        }

        /// When it is held against the changes at the earliest; `nil` before the mark has come.
        var due: Timestamp? {
            guard let end else { return nil }
            let isWhole = uids.count >= end.items
            return isWhole ? end.taken + SnapshotBook.wait : max(end.taken, ended) + SnapshotBook.wait
        }
    }

    private var open: [String: Open] = [:]
    /// In the order of their coming.
    private var order: [String] = []
    private var count = 0
    /// The last that were judged.
    private var judged = JudgedSnapshots()
    /// Snapshots that were let go of before they were whole.
    package private(set) var forgotten = 0

    package init() {}

    /// - Parameter now: when it came; of files, which are read to their end before anything is due, no time at all.
    package mutating func take(_ fact: SnapshotFact, at now: Timestamp = .distantPast) {
        switch fact {
        case .item(let id, let uid, let facts):
            guard !judged.holds(id) else { return }
            begin(id)
            // In place: a list of a hundred thousand comes item by item.
            let new = open[id, default: Open()].take(facts, uid)
            count += new
            if count > Self.factsMax, let oldest = order.first { letGo(oldest) }
        case .end(let end):
            guard !judged.holds(end.snapshot) else { return }
            begin(end.snapshot)
            open[end.snapshot]?.end = end
            open[end.snapshot]?.ended = now
        case .judged(let end):
            remove(end.snapshot)
            judged.take(end)
        }
    }

    private mutating func begin(_ id: String) {
        guard open[id] == nil else { return }
        order.append(id)
        open[id] = Open()
        if order.count > Self.openMax, let oldest = order.first { letGo(oldest) }
    }

    private mutating func letGo(_ id: String) {
        forgotten += 1
        remove(id)
    }

    private mutating func remove(_ id: String) {
        count -= open.removeValue(forKey: id)?.facts.count ?? 0
        order.removeAll { $0 == id }
    }

    /// When a snapshot is held against the changes; `nil` before its mark has come.
    ///
    /// Who has a role of Entra's is listed by the roles' ids, and what those are called by another list: where that is on
    /// its way it is waited for, no longer than for anything else.
    private func moment(of one: Open) -> Timestamp? {
        guard let due = one.due, one.end?.service == .entraRoles, !one.definesRoles else { return one.due }
        let isNaming = open.values.contains { other in
            other.definesRoles && (other.due.map { $0 > due } ?? true)
        }
        return isNaming ? due + Self.wait : due
    }

    /// Takes out the snapshots whose time has come, the oldest first.
    ///
    /// Each is whole if its end says so and every item came: only then what it lacks was not there. Of one whose end names
    /// the calls that were refused, the same holds of what the others tell.
    package mutating func due(at now: Timestamp) -> [(end: SnapshotEnd, snapshot: AccessSnapshot)] {
        var due: [(end: SnapshotEnd, snapshot: AccessSnapshot)] = []
        for (_, one) in open {
            guard var end = one.end, let moment = moment(of: one), moment <= now else { continue }
            // Of an organization it is the account that it belongs to, whoever asked; Google's marks name none.
            let isOwners = end.service == .organizations || end.service == .googleRoles
            if isOwners, let owner = one.facts.keys.first?.account { end.account = owner }
            let hasAll = one.uids.count >= end.items
            end.isComplete = end.isComplete && hasAll
            if !hasAll { end.lacking = [] }
            due.append((end, AccessSnapshot(one.facts, end)))
        }
        for one in due { take(.judged(one.end)) }
        return due.sorted {
            ($0.snapshot.definesRoles ? 0 : 1, $0.end.begun, $0.end.snapshot)
                < ($1.snapshot.definesRoles ? 0 : 1, $1.end.begun, $1.end.snapshot)
        }
    }

    /// When the next one's time comes; `nil` where none is waited for.
    package var nextLook: Timestamp? { open.values.compactMap { moment(of: $0) }.min() }

    /// All that is remembered.
    package var facts: [SnapshotFact] {
        judged.all.map { .judged($0) }
            + order.flatMap { id -> [SnapshotFact] in
                guard let one = open[id] else { return [] }
                // Which item showed what does not matter any more, only how many there were.
                let items = one.uids.sorted().enumerated().map { place, uid in
                    SnapshotFact.item(snapshot: id, uid: uid, facts: place == 0 ? one.facts : [:])
                }
                return items + (one.end.map { [.end($0)] } ?? [])
            }
    }
}
