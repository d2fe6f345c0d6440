package import Engine

/// Drift over the events of one run: the reader of changes and grants, and what becomes of them.
package struct DriftPart {
    private var reader: AccessNewsReader
    private var stream: DriftStream
    private var grants: GrantStream
    private var snapshots = SnapshotBook()
    private var news = AccessNews()

    /// - Parameter grants: what grants are held to.
    /// - Parameter directory: which accounts are the same human's.
    package init(
        _ settings: DriftSettings, _ catalogue: ActionCatalogue?, grants policy: GrantPolicy = GrantPolicy(),
        directory: IdentityDirectory? = nil
    ) {
        stream = DriftStream(settings, catalogue)
        grants = GrantStream(policy, directory: directory, limits: GrantBook.Limits())
        reader = AccessNewsReader(stream.drift.texts)
    }

    /// - Parameter feed: the event's, as `<vendor>.<feed>`.
    package mutating func observe(_ event: Event, of batch: borrowing EventBatch, feed: String) {
        reader.read(event, of: batch, feed: feed, into: &news)
        for fact in news.changes { stream.take(fact) }
        for fact in news.grants { grants.take(fact) }
        for fact in news.snapshots { snapshots.take(fact) }
        grants.see(event.time)
        news.changes.removeAll(keepingCapacity: true)
        news.grants.removeAll(keepingCapacity: true)
        news.snapshots.removeAll(keepingCapacity: true)
    }

    /// Appends what follows from everything that was read.
    package mutating func evaluate(into findings: inout EventBatch) {
        for (end, snapshot) in snapshots.due(at: .distantFuture) {
            _ = stream.take(snapshot, uid: end.snapshot)
        }
        _ = stream.evaluate(into: &findings)
        _ = grants.evaluate(asOf: .distantFuture, into: &findings)
    }
}
