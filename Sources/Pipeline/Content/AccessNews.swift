package import Engine

/// What records say of access: changes of it, grants with the acts that they should cover, and snapshots.
package struct AccessNews: Sendable {
    package var changes: [Drift.Fact] = []
    package var grants: [GrantFact] = []
    package var snapshots: [SnapshotFact] = []

    package init() {}

    package var isEmpty: Bool { changes.isEmpty && grants.isEmpty && snapshots.isEmpty }
}

/// Reads what a normalizer's events say of access.
struct AccessNewsReader {
    private let changes = AccessEventReader()
    private let texts: PolicyTexts
    private var grants = GrantFactReader()
    private let snapshots: SnapshotReader

    init(_ texts: PolicyTexts = PolicyTexts()) {
        self.texts = texts
        snapshots = SnapshotReader(texts)
    }

    /// - Parameter feed: the event's, as `<vendor>.<feed>`.
    mutating func read(
        _ event: Event, of batch: borrowing EventBatch, feed: String, into news: inout AccessNews
    ) {
        if let change = changes.change(event, of: batch) { news.changes += Drift.Fact.of(change, texts) }
        if let fact = grants.fact(event, of: batch, feed: feed) { news.grants.append(fact) }
        if let fact = snapshots.fact(event, of: batch) { news.snapshots.append(fact) }
    }
}
