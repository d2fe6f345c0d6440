/// What an event tells of a snapshot that comes item by item between two marks.
package enum SnapshotFact: Hashable, Sendable {
    /// Something that was there: what of access it shows, which may be nothing.
    case item(snapshot: String, uid: String, facts: [AccessState.Key: String])
    case end(SnapshotEnd)
    /// The snapshot was held against what the changes told.
    case judged(SnapshotEnd)
}

/// The mark behind a snapshot.
package struct SnapshotEnd: Hashable, Sendable {
    package var snapshot: String
    package var service: AccessSnapshot.Service
    package var account: String
    /// The region or the list that it is of; empty where there is one alone.
    package var part: String
    package var begun: Timestamp
    package var taken: Timestamp
    /// Items that it should have.
    package var items: Int
    /// Every question about it was answered.
    package var isComplete: Bool

    /// What it is one of many snapshots of.
    var source: AccessSnapshot.Source { .init(account: account, service: service, part: part) }

    package init(
        snapshot: String, service: AccessSnapshot.Service = .iam, account: String, part: String = "",
        begun: Timestamp, taken: Timestamp, items: Int, isComplete: Bool
    ) {
        self.snapshot = snapshot
        self.service = service
        self.account = account
        self.part = part
        self.begun = begun
        self.taken = taken
        self.items = items
        self.isComplete = isComplete
    }
}

/// Finds items and marks of snapshots among events.
package struct SnapshotReader {
    private let index = EventIndex()
    private let texts: PolicyTexts

    package init(_ texts: PolicyTexts) { self.texts = texts }

    /// The classes of items and of marks.
    package static let classes: Set<Int64> = [5_003, 5_023, 6_007]

    package func fact(_ event: Event, of batch: borrowing EventBatch) -> SnapshotFact? {
        guard event.kind == .event, Self.classes.contains(Int64(event.classUID)),
            let (tape, record) = index.read(event, of: batch), let document = Document(tape, record.open)
        else { return nil }
        return fact(document)
    }

    /// The same of an event's text by itself, as a store has it.
    package func fact(in text: [UInt8]) -> SnapshotFact? {
        var batch = EventBatch()
        batch.bytes = text
        var row = Event(time: .epoch)
        row.json = Extent(start: 0, count: text.count)
        // Most are changes: their class alone says that they are none of a snapshot's.
        guard let (tape, record) = index.read(row, of: batch),
            let kind = tape.member("class_uid", of: record.open).flatMap({ Int64(tape.text(tape.extent($0))) }
            ),
            Self.classes.contains(kind), let document = Document(tape, record.open)
        else { return nil }
        return fact(document)
    }

    private func fact(_ document: Document) -> SnapshotFact? {
        guard let kind = document["class_uid"]?.integer, Self.classes.contains(kind),
            let metadata = document["metadata"], let snapshot = metadata["correlation_uid"]?.string,
            let uid = metadata["uid"]?.string, let time = document["time"]?.integer
        else { return nil }
        guard kind == 6_007 else {
            // Items that are no part of access are counted still: the mark says how many there are.
            guard let service = Self.service(of: metadata) else { return nil }
            let facts: [AccessState.Key: String]? =
                switch service {
                case .iam: AccessItem(event: document)?.facts(texts)
                case .organizations: OrganizationItem(event: document)?.facts(texts)
                case .identityCenter: IdentityCenterItem(event: document)?.facts(texts)
                case .kms: KeyItem(event: document)?.facts(texts)
                case .googleRoles: GoogleRoleItem(event: document)?.facts
                case .googleBindings: GoogleBindingItem(event: document)?.facts
                case .azureRoles: AzureRoleItem(event: document)?.facts
                }
            return .item(snapshot: snapshot, uid: uid, facts: facts ?? [:])
        }
        return end(document, metadata, snapshot, time)
    }

    /// The feed of what a collector of its own takes, or the service that a collector of AWS's asks.
    private static func service(of metadata: Document) -> AccessSnapshot.Service? {
        metadata["log_name"]?.string.flatMap { AccessSnapshot.Service(rawValue: $0) }
            ?? metadata["log_provider"]?.string.flatMap { AccessSnapshot.Service(rawValue: $0) }
    }

    private func end(
        _ document: Document, _ metadata: Document, _ snapshot: String, _ time: Int64
    ) -> SnapshotFact? {
        guard metadata["event_code"]?.string == "end", let name = document["scan"]?["name"]?.string,
            let service = AccessSnapshot.Service(rawValue: name),
            let begun = document["start_time"]?.integer
        else { return nil }
        let account = document["cloud"]?["account"]?["uid"]?.string
        guard let account = account ?? (service.isOfDeclaredFeed ? "" : nil) else { return nil }
        let part =
            document["cloud"]?["region"]?.string
            ?? document["unmapped"]?["snapshot"]?["stream"]?.string ?? ""
        return .end(
            SnapshotEnd(
                snapshot: snapshot, service: service, account: account, part: part,
                begun: Timestamp(milliseconds: begun),
                taken: Timestamp(milliseconds: time),
                items: Int(clamping: document["total"]?.integer ?? 0),
                isComplete: document["status_code"]?.string == "complete"))
    }
}

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

        /// When it is held against the changes; `nil` before the mark has come.
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
    /// The last that was judged, of each account and service.
    private var judged: [AccessSnapshot.Source: SnapshotEnd] = [:]
    /// Snapshots that were let go of before they were whole.
    package private(set) var forgotten = 0

    package init() {}

    /// - Parameter now: when it came; of files, which are read to their end before anything is due, no time at all.
    package mutating func take(_ fact: SnapshotFact, at now: Timestamp = .distantPast) {
        switch fact {
        case .item(let id, let uid, let facts):
            guard !isJudged(id), self[id].uids.insert(uid).inserted else { return }
            let before = self[id].facts.count
            self[id].facts.merge(facts) { $1 }
            count += self[id].facts.count - before
            if count > Self.factsMax, let oldest = order.first { letGo(oldest) }
        case .end(let end):
            guard !isJudged(end.snapshot) else { return }
            self[end.snapshot].end = end
            self[end.snapshot].ended = now
        case .judged(let end):
            remove(end.snapshot)
            if judged[end.source].map({ $0.begun <= end.begun }) ?? true { judged[end.source] = end }
        }
    }

    private func isJudged(_ id: String) -> Bool { judged.values.contains { $0.snapshot == id } }

    private subscript(id: String) -> Open {
        get { open[id] ?? Open() }
        set {
            if open[id] == nil {
                order.append(id)
                if order.count > Self.openMax, let oldest = order.first { letGo(oldest) }
            }
            open[id] = newValue
        }
    }

    private mutating func letGo(_ id: String) {
        forgotten += 1
        remove(id)
    }

    private mutating func remove(_ id: String) {
        count -= open.removeValue(forKey: id)?.facts.count ?? 0
        order.removeAll { $0 == id }
    }

    /// Takes out the snapshots whose time has come, the oldest first.
    ///
    /// Each is whole if its end says so and every item came: only then what it lacks was not there.
    package mutating func due(at now: Timestamp) -> [(end: SnapshotEnd, snapshot: AccessSnapshot)] {
        var due: [(end: SnapshotEnd, snapshot: AccessSnapshot)] = []
        for (_, one) in open {
            guard var end = one.end, let moment = one.due, moment <= now else { continue }
            // Of an organization it is the account that it belongs to, whoever asked; Google's marks name none.
            let isOwners = end.service == .organizations || end.service == .googleRoles
            if isOwners, let owner = one.facts.keys.first?.account { end.account = owner }
            var snapshot = AccessSnapshot(account: end.account, facts: one.facts, service: end.service)
            snapshot.part = end.part
            (snapshot.begun, snapshot.taken) = (end.begun, end.taken)
            snapshot.isWhole = end.isComplete && one.uids.count >= end.items
            due.append((end, snapshot))
        }
        for one in due { take(.judged(one.end)) }
        return due.sorted { ($0.end.begun, $0.end.snapshot) < ($1.end.begun, $1.end.snapshot) }
    }

    /// When the next one's time comes; `nil` where none is waited for.
    package var nextLook: Timestamp? { open.values.compactMap(\.due).min() }

    /// All that is remembered.
    package var facts: [SnapshotFact] {
        judged.values.sorted { $0.source < $1.source }.map { .judged($0) }
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
