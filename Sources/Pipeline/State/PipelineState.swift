package import Engine
package import Exporters
package import Ports
import Synchronization

/// Everything durable of a running pipeline behind one name: journal, duplicates, spools, dead letter, ledger.
///
/// Open it once for a state folder, hand its `lane` to the collectors, run its shippers, close it last.
package final class PipelineState: DeliveryLog {
    package struct Limits: Hashable, Sendable {
        package var journal = Journal.Limits()
        package var duplicates = Duplicates.Limits()
        package var deadLetter = DeadLetter.Limits()

        package init() {}
    }

    /// An exporter as the pipeline file names it.
    package struct Outlet: Sendable {
        package var name: String
        package var spool: Spool.Limits
        /// The rows of a batch this exporter is to get, ascending; `nil` gives it all.
        package var select: (@Sendable (borrowing EventBatch) -> [Int])?
        /// Whether it gets the vendor's records beside the events.
        package var takesRecords: Bool

        package init(
            _ name: String, spool: Spool.Limits = Spool.Limits(), takesRecords: Bool = false,
            select: (@Sendable (borrowing EventBatch) -> [Int])? = nil
        ) {
            self.name = name
            self.spool = spool
            self.takesRecords = takesRecords
            self.select = select
        }
    }

    package let doors: Doors
    package let journal: Journal
    package let deadLetter: DeadLetter
    package let outlets: [Outlet]
    /// In the order of `outlets`.
    package let spools: [Spool]
    package let committed = Pulse()
    let duplicates: Duplicates
    let hash: KeyedHash

    private init(
        doors: Doors, journal: Journal, duplicates: Duplicates, deadLetter: DeadLetter, outlets: [Outlet],
        spools: [Spool], hash: KeyedHash
    ) {
        self.doors = doors
        self.journal = journal
        self.duplicates = duplicates
        self.deadLetter = deadLetter
        self.outlets = outlets
        self.spools = spools
        self.hash = hash
    }

    /// Recovers the state folder behind `doors.volume`; memory does not grow with the backlog.
    package static func open(
        doors: Doors, outlets: [Outlet], limits: Limits = Limits()
    ) async throws(Fault) -> PipelineState {
        let (volume, time) = (doors.volume, doors.time)
        let journal = try await Journal.open(
            volume: volume, time: time, entropy: doors.entropy, limits: limits.journal)
        let duplicates = try await Duplicates.open(
            volume: volume, time: time, journal: journal, limits: limits.duplicates)
        let deadLetter = DeadLetter(volume: volume, limits: limits.deadLetter)
        try await deadLetter.open()
        let state = await journal.state
        var spools: [Spool] = []
        for outlet in outlets {
            let spool = Spool(outlet.name, volume: volume, limits: outlet.spool)
            try await spool.open(needed: state.queues[outlet.name]?.segments ?? [])
            spools.append(spool)
        }
        return PipelineState(
            doors: doors, journal: journal, duplicates: duplicates, deadLetter: deadLetter, outlets: outlets,
            spools: spools, hash: KeyedHash(key: state.secret))
    }

    /// The state as another process has left it or is writing it, without changing anything; `nil` where none is.
    package static func read(_ volume: any Volume) async throws(Fault) -> JournalState? {
        try await JournalRecovery.read(volume)?.state
    }

    /// The shipper of one of the outlets.
    package func shipper(
        _ name: String, to receiver: any Receiver, limits: Shipper.Limits = Shipper.Limits()
    ) -> Shipper? {
        guard let index = outlets.firstIndex(where: { $0.name == name }) else { return nil }
        return Shipper(name, to: receiver, spool: spools[index], log: self, doors: doors, limits: limits)
    }

    package var ledger: Ledger { get async { await journal.state.ledger } }
    /// Health notes by subject: `exporter NAME`, `spool NAME`, `journal`, `deadletter`, `feed SOURCE`, `state`.
    package var notes: [String: JournalState.Note] { get async { await journal.state.notes } }

    /// Rows that are committed and not yet judged, over all outlets.
    package var pendingRows: UInt64 {
        get async {
            let state = await journal.state
            return outlets.reduce(0) { $0 + (state.queues[$1.name]?.pendingRows ?? 0) }
        }
    }

    package func position(of source: String) async -> [UInt8]? { await journal.state.positions[source] }

    /// Writes out what only memory has, and removes the segments that are fully shipped. Call it when the lanes and
    /// shippers have ended; without it a later start does the same work again.
    package func close() async throws(Fault) {
        for spool in spools {
            await spool.close()
            await spool.removeUnneeded { await self.queue(of: spool.exporter).segments }
        }
        // A file for each hour of events, each synchronized: too much for what the journal has as well.
        if await journal.holdsFewKeys { return }
        await journal.setDuplicatesHave(try await duplicates.flush())
    }

    // MARK: DeliveryLog

    package func queue(of exporter: String) async -> SpoolQueue {
        await journal.state.queues[exporter] ?? SpoolQueue()
    }

    package func attempt(
        _ exporter: String, _ rows: Range<UInt64>, resent: [LedgerKey: Int]
    ) async throws(Fault) {
        try await journal.commit([.attempt(exporter: exporter, rows: rows, resent: resent.list)])
    }

    package func judge(
        _ exporter: String, _ rows: Range<UInt64>, accepted: [LedgerKey: Int], refused: [RefusedRow]
    ) async throws(Fault) {
        var refused = refused
        for index in refused.indices where refused[index].key == SpoolReader.unknownKey {
            refused[index].key = try await key(of: refused[index].row, exporter)
        }
        var counts: [LedgerKey: Int] = [:]
        for row in refused { counts[row.key, default: 0] += 1 }
        let extents = try await bury(refused.map { entry(for: $0, exporter) })
        var records = [
            JournalRecord.verdict(
                exporter: exporter, rows: rows, accepted: accepted.list, refused: counts.list,
                deadLetter: extents)
        ]
        // What was accepted again needs no note any more.
        if !accepted.isEmpty, await journal.state.notes["exporter \(exporter)"] != nil {
            records.append(.note(subject: "exporter \(exporter)", text: "", at: doors.time.now))
        }
        try await journal.commit(records)
    }

    package func release(_ exporter: String, _ rows: Range<UInt64>) async throws(Fault) {
        try await journal.commit([.release(exporter: exporter, rows: rows)])
    }

    package func note(_ subject: String, _ text: String) async {
        guard await journal.state.notes[subject]?.text != text else { return }
        // A note that cannot be written is no reason to stop: the subject will come up again.
        _ = try? await journal.commit([.note(subject: subject, text: text, at: doors.time.now)])
    }

    private func entry(for row: RefusedRow, _ exporter: String) -> DeadLetterEntry {
        var entry = DeadLetterEntry(
            feed: row.key.feed, source: row.key.source, reason: row.reason, raw: row.raw, at: doors.time.now)
        entry.uid = row.uid
        entry.exporter = exporter
        return entry
    }

    func bury(_ entries: [DeadLetterEntry]) async throws(Fault) -> [DeadLetterExtent] {
        try await deadLetter.append(entries)
    }

    /// The account that a row was queued under, when its frame can no longer tell.
    private func key(of row: UInt64, _ exporter: String) async throws(Fault) -> LedgerKey {
        try await journal.ledgerKey(of: exporter, row: row) ?? SpoolReader.unknownKey
    }
}
