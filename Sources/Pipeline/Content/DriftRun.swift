package import Engine
package import Ports

/// Records in, drift out: what `drift` and `detect --content drift` do with their inputs.
///
/// Snapshots among the records (answers of `get-account-authorization-details`) are held against all changes, whatever
/// the order of the files.
package final class DriftRun: InputSink {
    /// Snapshots held at once; of more the rest is told as unreadable.
    package static let snapshotsMax = 256

    package private(set) var drift: Drift
    package private(set) var events = 0
    package private(set) var attributed = 0
    package private(set) var snapshots = 0
    /// Changes that snapshots showed and no event told.
    package private(set) var unseen = 0
    package private(set) var first = Timestamp.distantFuture
    package private(set) var last = Timestamp.distantPast

    private let refused: InputRefusals
    private let input: EventInput
    private var attributor: Attributor?
    private var grants = GrantBook()
    /// What grants are held to.
    package var grantPolicy = GrantPolicy()
    /// When it is, for snapshots that nothing else dates.
    package var present = Timestamp.epoch
    private let reader = AccessEventReader()
    private var days: Set<Int32> = []
    private var held: [(snapshot: AccessSnapshot, name: String)] = []
    /// Those that came item by item.
    private var marked = SnapshotBook()
    private let items: SnapshotReader
    private let snapshotTime: Timestamp?
    /// Whether the file at hand is a snapshot; not known before its first bytes.
    private var isSnapshot: Bool?
    private let snapshotReader = RecordReader()
    private var others: [DriftFinding] = []

    /// - Parameter snapshotTime: when the snapshots were taken; after everything else where that is not told.
    package init(
        feed: String, _ catalog: MappingCatalog, _ settings: DriftSettings, _ actions: ActionCatalogue?,
        attributor: Attributor?, snapshotTime: Timestamp? = nil, refused: InputRefusals
    ) throws(Problem) {
        input = try EventInput(feed: feed, catalog, keepsActs: attributor != nil, refused: refused)
        let drift = Drift(settings, actions)
        items = SnapshotReader(drift.texts)
        self.drift = drift
        self.attributor = attributor
        self.snapshotTime = snapshotTime
        self.refused = refused
    }

    package func begin(_ file: String) {
        isSnapshot = nil
        input.begin(file)
    }

    package func feed(_ bytes: Span<UInt8>) {
        if isSnapshot == nil {
            isSnapshot = Self.isSnapshot(bytes)
            if isSnapshot == true { snapshotReader.begin() }
        }
        if isSnapshot == true {
            snapshotReader.feed(bytes)
            return drainSnapshots()
        }
        input.feed(bytes) { take(&$0) }
    }

    package func finish(fault: String?) {
        if isSnapshot == true {
            snapshotReader.finish()
            drainSnapshots()
        }
        input.finish(fault: fault) { take(&$0) }
    }

    package func settle() async throws(Fault) { try await refused.settle() }

    private func take(_ batch: inout EventBatch) {
        attributor?.attribute(&batch, mayBeEnriched: input.normalizer.mayEnrich)
        for event in batch.events {
            take(event, of: batch)
            guard let feed = input.feed(of: event) else { continue }
            let node = attributor?.tree.take(event, of: batch)
            let acting = node.flatMap { attributor?.tree.key(of: $0) }
            grants.take(event, of: batch, feed: feed, acting: acting)
        }
    }

    /// An answer of `get-account-authorization-details` as a whole: the feeds take it apart, and then nobody sees that it
    /// was whole.
    private static func isSnapshot(_ bytes: Span<UInt8>) -> Bool {
        let names = ["\"UserDetailList\"", "\"RoleDetailList\""].map { Array($0.utf8) }
        guard bytes.count > 20 else { return false }
        var text: [UInt8] = []
        for index in 0..<min(bytes.count, 64 << 10) { text.append(bytes[index]) }
        // Inside another record (a log of calls) it stands deeper than at the head.
        guard let brace = text.firstIndex(where: { $0 > 0x20 }), text[brace] == UInt8(ascii: "{") else {
            return false
        }
        let head = text[(brace + 1)...].drop { $0 <= 0x20 }
        return names.contains { head.starts(with: $0) } || head.starts(with: "\"GroupDetailList\"".utf8)
            || head.starts(with: "\"Policies\"".utf8) && names.contains { text.holds($0) }
    }

    private func drainSnapshots() {
        while snapshotReader.advance() {
            for refusal in snapshotReader.refusals { refused.add(input.file, refusal) }
            for record in snapshotReader.records { takeSnapshot(snapshotReader.tape, record) }
        }
    }

    private func take(_ event: Event, of batch: borrowing EventBatch) {
        events += 1
        first = min(first, event.time)
        last = max(last, event.time)
        days.insert(Int32(clamping: event.time.seconds / 86_400))
        if let fact = items.fact(event, of: batch) { marked.take(fact) }
        guard let change = reader.change(event, of: batch) else { return }
        let before = drift.notes.changes
        drift.take(change)
        if change.human != nil { attributed += drift.notes.changes - before }
    }

    /// Takes an event's own text, as a store has it.
    package func take(event text: [UInt8], at time: Timestamp) {
        events += 1
        first = min(first, time)
        last = max(last, time)
        days.insert(Int32(clamping: time.seconds / 86_400))
        if let fact = items.fact(in: text) { return marked.take(fact) }
        guard let change = reader.change(in: text) else { return }
        let before = drift.notes.changes
        drift.take(change)
        if change.human != nil { attributed += drift.notes.changes - before }
    }

    /// Takes grants and the acts they should cover as another reading has them: of stored events that name their feed.
    package func adopt(_ other: GrantBook, _ attributor: Attributor) {
        grants = other
        self.attributor = attributor
    }

    private func takeSnapshot(_ tape: JSONTape, _ record: RawRecord) {
        guard
            tape.member("UserDetailList", of: record.open) != nil
                || tape.member("RoleDetailList", of: record.open) != nil
        else { return }
        guard let document = Document(tape, record.open),
            let snapshot = AccessSnapshot(authorizationDetails: document, drift.texts)
        else {
            return refused.add(
                input.file,
                reason:
                    "this has the members of get-account-authorization-details and no principal with an ARN: "
                    + "whose access it shows cannot be known")
        }
        snapshots += 1
        if snapshot.unreadable > 0 {
            refused.add(
                input.file,
                reason:
                    "\(snapshot.unreadable) items of the snapshot could not be read: what it does not show may be "
                    + "there all the same")
        }
        guard held.count < Self.snapshotsMax else {
            return refused.add(input.file, reason: "more than \(Self.snapshotsMax) snapshots at once")
        }
        held.append((snapshot, input.file))
    }

    /// The newest event's time; the present where there is none.
    package var end: Timestamp { last == .distantPast ? present : last }

    /// Holds the snapshots against what the events told.
    package func close() {
        let time = snapshotTime ?? end
        for (end, snapshot) in marked.due(at: .distantFuture) {
            snapshots += 1
            hold(snapshot, as: end.snapshot)
        }
        // Where two of the same time contradict each other, the order of the files decides nothing.
        for (snapshot, name) in held.sorted(by: { $0.name < $1.name }) {
            var snapshot = snapshot
            (snapshot.begun, snapshot.taken) = (time, time)
            hold(snapshot, as: "snapshot \(name)")
        }
        held = []
    }

    private func hold(_ snapshot: AccessSnapshot, as uid: String) {
        unseen += drift.take(snapshot, uid: uid).count { $0.change.entry.unseenSince != nil }
    }

    /// Takes findings that others have raised into the report.
    package func add(_ findings: [DriftFinding]) { others += findings }

    /// Holds what was read against a baseline as well.
    package func judge(against baseline: DriftBaseline) { drift.settings.baseline = baseline }

    /// The report of a period; of all that was seen where no period is given.
    package func report(
        from: Timestamp? = nil, to: Timestamp? = nil, previous: DriftReport.Previous? = nil
    ) -> DriftReport {
        let begin = from ?? (events == 0 ? present : first)
        let end = to ?? max(begin, self.end)
        let review = GrantReview(grants, attributor, grantPolicy)
        var coverage = DriftReport.Coverage()
        coverage.events = events
        coverage.changes = drift.notes.changes
        coverage.attributed = attributed
        coverage.snapshots = snapshots
        coverage.principals = drift.state.identities(at: end).count
        coverage.refused = refused.records + refused.inputs
        coverage.forgotten = drift.notes.refused
        coverage.silentDays = silentDays(begin, end)
        return drift.report(
            from: begin, to: end, previous: previous, coverage: coverage,
            others: others + review.driftFindings(), backings: review.backings())
    }

    /// Whole days of the period without any event, at most a year of them.
    private func silentDays(_ from: Timestamp, _ to: Timestamp) -> [String] {
        guard events > 0 else { return [] }
        let first = (from.seconds + 86_399) / 86_400
        let end = min(to.seconds / 86_400, first + 366)
        guard first < end else { return [] }
        return (first..<end).filter { !days.contains(Int32(clamping: $0)) }.map {
            String(DriftFinding.text(Timestamp(seconds: $0 * 86_400)).prefix(10))
        }
    }
}

extension [UInt8] {
    /// Whether a stretch of bytes stands in it.
    fileprivate func holds(_ part: [UInt8]) -> Bool {
        guard let first = part.first else { return true }
        return indices.contains { self[$0] == first && self[$0...].starts(with: part) }
    }
}
