import Codecs
import Engine
import Exporters
import Ports

/// What of a page becomes true with one record of the journal: all of a small page, a stretch of a large one.
final class LanePart {
    /// The feed under which findings are accounted.
    static let findingFeed = "martlet.finding"

    /// The rows that go to one line of the ledger.
    private struct Account {
        var key: LedgerKey
        var row = Ledger.Row()
        /// Not yet in a frame.
        var batch = EventBatch()
    }

    /// Records gone through and bytes inflated: what the part's end is decided by.
    var records = 0
    var bytes = 0
    private(set) var receipt = PageReceipt()
    /// What correlations have to know of it.
    var signals: [CorrelationSignal] = []

    private let page: RawPage
    private let lane: Lane
    private let state: PipelineState
    private let ticket: Duplicates.Ticket
    private let arrival: Timestamp
    private var compressor = Compressor(.zstd(level: SpoolFrame.packingLevel))
    private var spoolPages: [SpoolPage]
    /// The page's feed, then the findings, then the feeds that records turned out to be of (`auto`).
    private var accounts: [Account]
    /// Keys that this part has brought so far.
    private var seen: Set<DuplicateKey> = []
    private var keysByHour: [Int64: [DuplicateKey]] = [:]
    private var refusals: [DeadLetterEntry] = []
    private var refusalBytes = 0
    private var deadLetter: [DeadLetterExtent] = []
    /// Under which number of the journal, and with which keys; `nil` until then.
    private var committed: (sequence: UInt64, keys: [PageCommit.Keys])?

    init(_ page: RawPage, lane: Lane) async {
        self.page = page
        self.lane = lane
        let state = lane.state
        let arrival = state.doors.time.now
        self.state = state
        self.arrival = arrival
        ticket = await state.duplicates.begin()
        spoolPages = state.spools.map { _ in SpoolPage() }
        accounts = [page.feed, Self.findingFeed].map {
            Account(key: LedgerKey(feed: $0, source: page.account, arrival: arrival))
        }
    }

    var isFull: Bool { records >= lane.limits.partRecords || bytes >= lane.limits.partBytes }

    /// Makes it durable, with the position behind it; false where another page has committed some of its records since
    /// they were asked for.
    func commit(position: [UInt8]?, listed: Int, fetched: Int) async throws(Fault) -> Bool {
        for index in accounts.indices { try await writeFrame(index) }
        try await writeRefusals()
        for (index, spool) in state.spools.enumerated() { try await spool.synchronize(spoolPages[index]) }
        try await lane.correlation?.take(signals)
        signals = []
        let sequence = await state.journal.nextSequence
        guard try await state.duplicates.reserve(ticket, seen, sequenceAtLeast: sequence) else {
            return false
        }
        accounts[0].row.listed = listed
        accounts[0].row.fetched = fetched
        let commit = record(position)
        committed = (try await state.journal.commit([.page(commit)]), commit.duplicates)
        return true
    }

    /// Lets go of what it holds, committed or not.
    func end() async {
        await state.duplicates.end(ticket, committed: committed)
        for (spool, pages) in zip(state.spools, spoolPages) { await spool.finish(pages) }
        guard committed != nil else { return }
        state.committed.beat()
        if await state.duplicates.wantsFlush, let safe = try? await state.duplicates.flush() {
            await state.journal.setDuplicatesHave(safe)
        }
    }

    private func record(_ position: [UInt8]?) -> PageCommit {
        // What was refused is of no feed but the page's.
        accounts[0].row.records += receipt.malformed
        accounts[0].row.malformed = receipt.malformed
        var commit = PageCommit(source: page.source, position: position)
        commit.ledger = accounts.filter { $0.row.records > 0 || $0.key.feed == page.feed }.map {
            PageCommit.Delta(key: $0.key, row: $0.row)
        }
        for (outlet, pages) in zip(state.outlets, spoolPages) {
            for (key, extent) in pages.extents {
                let account = commit.ledger.firstIndex { $0.key == key } ?? 0
                commit.queued.append(.init(exporter: outlet.name, account: account, extents: [extent]))
            }
        }
        commit.deadLetter = deadLetter
        commit.duplicates = keysByHour.sorted { $0.key < $1.key }.map { .init(hour: $0.key, keys: $0.value) }
        return commit
    }

    // MARK: Taking

    /// The line of the ledger for a feed; a page that tells feeds apart has few.
    private func line(of feed: String) -> Int {
        if let known = accounts.firstIndex(where: { $0.key.feed == feed }) { return known }
        accounts.append(Account(key: LedgerKey(feed: feed, source: page.account, arrival: arrival)))
        return accounts.count - 1
    }

    /// Sorts the rows of a batch, from a record on, into filtered, duplicate and new ones.
    ///
    /// - Parameter feeds: those that `Event.feed` numbers; none where all are of the page's own.
    func sort(_ batch: EventBatch, from recordsDone: Int, feeds: [String]) async throws(Fault) {
        let accountOfFeed = feeds.map { line(of: $0) }
        func account(of event: Event) -> Int {
            if event.kind == .finding { return 1 }
            return Int(event.feed) < accountOfFeed.count ? accountOfFeed[Int(event.feed)] : 0
        }
        var isKept = [Bool](repeating: lane.filter == nil, count: batch.count)
        if let filter = lane.filter {
            for index in filter(batch) where batch.events.indices.contains(index) { isKept[index] = true }
        }
        var asked: [(hour: Int64, key: DuplicateKey)] = []
        var askedRows: [Int] = []
        var isNew = [Bool](repeating: false, count: batch.count)
        for (index, event) in batch.events.enumerated() {
            guard event.ordinal >= recordsDone else { continue }
            if event.kind == .event { receipt.records += 1 }
            accounts[account(of: event)].row.records += 1
            guard isKept[index] || event.kind == .finding else {
                receipt.filtered += 1
                accounts[account(of: event)].row.filtered += 1
                continue
            }
            let uid = state.hash.hash(batch.bytes, in: event.uid.range)
            // A rule's finding is the same finding whatever its text says; a stage's has versions.
            let isVersioned = event.kind == .event || page.feed == Self.findingFeed
            let key = DuplicateKey(uid: uid, content: isVersioned ? event.contentDigest : 1)
            guard seen.insert(key).inserted else { continue }
            asked.append((floorDivide(event.time.nanoseconds, 3_600_000_000_000), key))
            askedRows.append(index)
        }
        let known = try await state.duplicates.known(asked)
        for (place, row) in askedRows.enumerated() {
            if known[place] {
                seen.remove(asked[place].key)
            } else {
                isNew[row] = true
                keysByHour[asked[place].hour, default: []].append(asked[place].key)
            }
        }
        var run = 0..<0
        var runAccount = 0
        for (index, event) in batch.events.enumerated()
        where event.ordinal >= recordsDone && (isKept[index] || event.kind == .finding) {
            let account = account(of: event)
            if isNew[index] {
                if event.kind == .event { receipt.events += 1 }
                accounts[account].row.events += 1
                if index != run.upperBound || account != runAccount {
                    try await keep(run, of: batch, runAccount)
                    (run, runAccount) = (index..<index, account)
                }
                run = run.lowerBound..<index + 1
            } else {
                if event.kind == .event { receipt.duplicate += 1 }
                accounts[account].row.duplicate += 1
            }
        }
        try await keep(run, of: batch, runAccount)
    }

    /// Keeps rows that follow each other.
    private func keep(_ rows: Range<Int>, of batch: EventBatch, _ account: Int) async throws(Fault) {
        var rest = rows
        while !rest.isEmpty {
            // Frames end at their limits whatever the batches are.
            let roomRows = lane.limits.frameRows - accounts[account].batch.count
            let roomBytes = lane.limits.frameBytes - accounts[account].batch.bytes.count
            let start = Int(batch.events[rest.lowerBound].json.start)
            var end = rest.lowerBound + 1
            while end < rest.upperBound, end - rest.lowerBound < roomRows,
                batch.events[end].json.end - start < roomBytes
            {
                end += 1
            }
            accounts[account].batch.append(rest.lowerBound..<end, of: batch)
            rest = end..<rest.upperBound
            if !rest.isEmpty || accounts[account].batch.count >= lane.limits.frameRows
                || accounts[account].batch.bytes.count >= lane.limits.frameBytes
            {
                try await writeFrame(account)
            }
        }
    }

    // MARK: Writing

    /// Appends what an account has collected to every spool; packed once where all get the same.
    private func writeFrame(_ account: Int) async throws(Fault) {
        let batch = accounts[account].batch
        if batch.events.isEmpty { return }
        accounts[account].batch = EventBatch()
        let key = accounts[account].key
        var whole: SpoolFrame.Payload?
        for (index, outlet) in state.outlets.enumerated() {
            let payload: SpoolFrame.Payload?
            if let select = outlet.select {
                payload = SpoolFrame.Payload(
                    batch, rows: select(batch), withRecords: outlet.takesRecords, &compressor)
            } else {
                if whole == nil { whole = SpoolFrame.Payload(batch, &compressor) }
                payload = outlet.takesRecords ? whole?.adding(recordsOf: batch, &compressor) : whole
            }
            guard let payload else { continue }
            accounts[account].row.exporters[outlet.name, default: Ledger.Cell()].queued += payload.rows
            accounts[account].row.exporters[outlet.name]?.filtered += batch.count - payload.rows
            if payload.rows > 0 {
                try await state.spools[index].append(
                    payload, key: key, arrival: arrival, in: &spoolPages[index])
            }
        }
    }

    func refuse(_ refused: [RefusedRecord], in object: RawObject) async throws(Fault) {
        receipt.records += refused.count
        receipt.malformed += refused.count
        for record in refused {
            var entry = DeadLetterEntry(
                feed: page.feed, source: page.account, reason: record.reason, raw: record.raw, at: arrival)
            entry.file = object.name
            entry.line = record.line
            refusals.append(entry)
            refusalBytes += record.raw.count + 256
        }
        if refusalBytes >= lane.limits.refusalBytes { try await writeRefusals() }
    }

    private func writeRefusals() async throws(Fault) {
        let entries = refusals
        refusals = []
        refusalBytes = 0
        deadLetter += try await state.bury(entries)
    }
}

extension PageReceipt {
    static func += (total: inout PageReceipt, part: PageReceipt) {
        total.records += part.records
        total.malformed += part.malformed
        total.duplicate += part.duplicate
        total.filtered += part.filtered
        total.events += part.events
    }
}
