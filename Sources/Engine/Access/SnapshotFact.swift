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
    /// The region or the list that it is of, and by which collector; empty where there is one alone.
    package var part: String
    package var begun: Timestamp
    package var taken: Timestamp
    /// Items that it should have.
    package var items: Int
    /// Every question about it was answered.
    package var isComplete: Bool
    /// The calls that did not come whole. Without any, one that is not complete proves nothing at all.
    package var lacking: [SnapshotLack]
    /// What its collector was told to ask about, such as `subscriptions/ID`; empty where nobody said.
    package var scope: String

    /// What it is one of many snapshots of.
    var source: AccessSnapshot.Source { .init(account: account, service: service, part: part) }

    package init(
        snapshot: String, service: AccessSnapshot.Service = .iam, account: String, part: String = "",
        begun: Timestamp, taken: Timestamp, items: Int, isComplete: Bool, lacking: [SnapshotLack] = [],
        scope: String = ""
    ) {
        self.snapshot = snapshot
        self.service = service
        self.account = account
        self.part = part
        self.begun = begun
        self.taken = taken
        self.items = items
        self.isComplete = isComplete
        self.lacking = lacking
        self.scope = scope
    }
}
