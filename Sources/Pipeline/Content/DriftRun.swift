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
    package private(set) var first = Timestamp.distantFuture
    package private(set) var last = Timestamp.distantPast

    private let refused: InputRefusals
    private let normalizer: FeedNormalizer
    private let feed: String
    private var attributor: Attributor?
    private let reader = AccessEventReader()
    private var batch = EventBatch()
    private var days: Set<Int32> = []
    private var held: [(snapshot: AccessSnapshot, name: String)] = []
    private let snapshotTime: Timestamp?
    private var file = ""

    /// - Parameter snapshotTime: when the snapshots were taken; after everything else where that is not told.
    package init(
        feed: String, _ catalog: MappingCatalog, _ settings: DriftSettings, _ actions: ActionCatalogue?,
        attributor: Attributor?, snapshotTime: Timestamp? = nil, refused: InputRefusals
    ) throws(Problem) {
        _ = try catalog.normalizer(for: feed)
        drift = Drift(settings, actions)
        normalizer = FeedNormalizer(catalog, keepsActs: attributor != nil)
        self.feed = feed
        self.attributor = attributor
        self.snapshotTime = snapshotTime
        self.refused = refused
    }

    package func begin(_ file: String) {
        self.file = file
        normalizer.begin(file, feed: feed)
    }

    package func feed(_ bytes: Span<UInt8>) {
        normalizer.feed(bytes)
        drain()
    }

    package func finish(fault: String?) {
        normalizer.finish()
        drain()
        if let fault { refused.add(file, reason: fault) }
    }

    package func settle() async throws(Fault) { try await refused.settle() }

    private func drain() {
        while true {
            batch.removeAll()
            guard normalizer.advance(into: &batch) else { return }
            attributor?.attribute(&batch, mayBeEnriched: normalizer.mayEnrich)
            let tape = normalizer.reader.tape
            for record in normalizer.reader.records { takeSnapshot(tape, record) }
            for event in batch.events { take(event) }
            for refusal in normalizer.refusals { refused.add(file, refusal) }
        }
    }

    private func take(_ event: Event) {
        events += 1
        first = min(first, event.time)
        last = max(last, event.time)
        days.insert(Int32(clamping: event.time.seconds / 86_400))
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
        guard let change = reader.change(in: text) else { return }
        let before = drift.notes.changes
        drift.take(change)
        if change.human != nil { attributed += drift.notes.changes - before }
    }

    private func takeSnapshot(_ tape: JSONTape, _ record: RawRecord) {
        guard
            tape.member("UserDetailList", of: record.open) != nil
                || tape.member("RoleDetailList", of: record.open) != nil,
            let document = Document(tape, record.open),
            let snapshot = AccessSnapshot(authorizationDetails: document, drift.texts)
        else { return }
        snapshots += 1
        guard held.count < Self.snapshotsMax else {
            return refused.add(file, reason: "more than \(Self.snapshotsMax) snapshots at once")
        }
        held.append((snapshot, file))
    }

    /// Holds the snapshots against what the events told.
    package func close() {
        let time = snapshotTime ?? (last == .distantPast ? .epoch : last)
        for (snapshot, name) in held { drift.take(snapshot, at: time, uid: "snapshot \(name)") }
        held = []
    }

    /// The report of a period; of all that was seen where no period is given.
    package func report(
        from: Timestamp? = nil, to: Timestamp? = nil, previous: DriftReport.Previous? = nil
    ) -> DriftReport {
        let begin = from ?? (events == 0 ? .epoch : first)
        let end = to ?? max(begin, events == 0 ? begin : last)
        let (findings, changes) = drift.readAll(at: end)
        var coverage = DriftReport.Coverage()
        coverage.events = events
        coverage.changes = drift.notes.changes
        coverage.attributed = attributed
        coverage.snapshots = snapshots
        coverage.principals = drift.state.identities(at: end).count
        coverage.refused = refused.records + refused.inputs
        coverage.forgotten = drift.notes.refused
        coverage.silentDays = silentDays(begin, end)
        return DriftReport(
            from: begin, to: end, findings: findings, changes: changes, coverage: coverage,
            previous: previous, declared: drift.settings.declared)
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
