import Codecs
import Engine
import Exporters
import Ports

/// What of a page becomes true with one record of the journal: all of a small page, a stretch of a large one.
package final class LanePart {
    /// The feed under which findings are accounted.
    package static let findingFeed = "martlet.finding"

    /// The rows that go to one line of the ledger.
    private struct Account {
        var key: LedgerKey
        var row = Ledger.Row()
        /// Not yet in a frame. The page's own feed has the workbench's batch instead.
        var batch = EventBatch()
    }

    /// Records gone through and bytes inflated: what the part's end is decided by.
    var records = 0
    var bytes = 0
    private(set) var receipt = PageReceipt()
    /// What correlations have to know of it.
    var signals: [CorrelationSignal] = []
    /// What baselines have to know of it.
    var facts = FactBook()
    /// What it says of access.
    var news = AccessNews()

    private let page: RawPage
    private let lane: Lane
    private let bench: Workbench
    private let state: PipelineState
    private let ticket: Duplicates.Ticket
    private let arrival: Timestamp
    private var spoolPages: [SpoolPage]
    /// The page's feed, then the findings, then the feeds that records turned out to be of (`auto`).
    private var accounts: [Account]
    /// Rows of the workbench's batch that have been sorted.
    private var sorted = 0
    /// Lines of the ledger for the numbers of feeds.
    private var accountOfFeed: [Int] = []
    /// Keys that this part has brought so far.
    private var seen = KeyTable()
    private var keysByHour: [Int64: [DuplicateKey]] = [:]
    private var refusals: [DeadLetterEntry] = []
    private var refusalBytes = 0
    private var deadLetter: [DeadLetterExtent] = []
    /// Under which number of the journal, and with which keys; `nil` until then.
    private var committed: (sequence: UInt64, keys: [PageCommit.Keys])?

    init(_ page: RawPage, lane: Lane, bench: Workbench) async {
        self.page = page
        self.lane = lane
        self.bench = bench
        let state = lane.state
        let arrival = state.doors.time.now
        self.state = state
        self.arrival = arrival
        ticket = await state.duplicates.begin()
        spoolPages = state.spools.map { _ in SpoolPage() }
        accounts = [page.feed, Self.findingFeed].map {
            Account(key: LedgerKey(feed: $0, source: page.account, arrival: arrival))
        }
        accounts[1].batch = exchange(&bench.findings, with: EventBatch())
    }

    var isFull: Bool { records >= lane.limits.partRecords || bytes >= lane.limits.partBytes }

    /// Makes it durable, with the position behind it; false where another page has committed some of its records since
    /// they were asked for.
    func commit(position: [UInt8]?, listed: Int, fetched: Int) async throws(Fault) -> Bool {
        try await sort()
        for index in accounts.indices { try await writeFrames(index, isLast: true) }
        try await writeRefusals()
        for (index, spool) in state.spools.enumerated() { try await spool.synchronize(spoolPages[index]) }
        try await lane.attribution?.keep()
        try await lane.correlation?.take(signals)
        signals = []
        try await lane.behaviour?.take(facts)
        facts = FactBook()
        try await lane.drift?.take(news)
        news = AccessNews()
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
        accounts[1].batch.removeAll()
        bench.findings = exchange(&accounts[1].batch, with: EventBatch())
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

    /// Takes what a run has added to the page's batch, from a record on.
    ///
    /// - Parameter feeds: those that `Event.feed` numbers; none where all are of the page's own.
    func take(from first: Int, recordsDone: Int, feeds: [String]) async throws(Fault) {
        if recordsDone > 0 {
            let rows = bench.batch.events.indices[first...]
            bench.batch.keep(rows.filter { bench.batch.events[$0].ordinal >= recordsDone }, from: first)
        }
        accountOfFeed = feeds.map { line(of: $0) }
        let limits = lane.limits
        if bench.batch.bytes.count >= limits.frameBytes || bench.batch.count >= limits.frameRows {
            try await sort()
            for account in accounts.indices { try await writeFrames(account, isLast: false) }
        }
    }

    /// Sorts the rows that the page's batch has been given into filtered, duplicate and new ones. New events of the
    /// page's feed stay in the batch; everything else leaves it.
    private func sort() async throws(Fault) {
        var rows = ask()
        let known = try await state.duplicates.known(rows.asked)
        var keys: (hour: Int64, keys: [DuplicateKey]) = (0, [])
        for (place, row) in rows.asked.enumerated() {
            if known[place] {
                seen.remove(row.key)
                rows.fates[rows.places[place]] = .duplicate
                continue
            }
            if row.hour != keys.hour, !keys.keys.isEmpty {
                keysByHour[keys.hour, default: []] += keys.keys
                keys.keys.removeAll(keepingCapacity: true)
            }
            keys.hour = row.hour
            keys.keys.append(row.key)
        }
        if !keys.keys.isEmpty { keysByHour[keys.hour, default: []] += keys.keys }
        settle(rows.fates)
    }

    /// What becomes of a row.
    private enum Fate { case filtered, duplicate, new }

    /// The fates of the rows not yet sorted, as far as they are known before the duplicates were asked, and what to
    /// ask them: the rows at `places`, counted from the first of these.
    private func ask() -> (fates: [Fate], asked: [(hour: Int64, key: DuplicateKey)], places: [Int]) {
        let first = sorted
        let (events, bytes) = (bench.batch.events[first...], bench.batch.bytes)
        var fates = [Fate](repeating: lane.filter == nil ? .duplicate : .filtered, count: events.count)
        if let filter = lane.filter {
            for row in filter(bench.batch, first) where events.indices.contains(row) {
                fates[row - first] = .duplicate
            }
        }
        var asked: [(hour: Int64, key: DuplicateKey)] = []
        var places: [Int] = []
        asked.reserveCapacity(events.count)
        places.reserveCapacity(events.count)
        let hash = state.hash
        var seen = exchange(&self.seen, with: KeyTable())
        seen.reserve(events.count)
        defer { self.seen = seen }
        for (place, event) in events.enumerated() {
            guard fates[place] == .duplicate || event.kind == .finding else { continue }
            let uid = hash.hash(bytes, in: event.uid.range)
            // A rule's finding is the same finding whatever its text says; a stage's has versions.
            let isVersioned = event.kind == .event || page.feed == Self.findingFeed
            let key = DuplicateKey(uid: uid, content: isVersioned ? event.contentDigest : 1)
            fates[place] = seen.insert(key) ? .new : .duplicate
            guard fates[place] == .new else { continue }
            asked.append((floorDivide(event.time.nanoseconds, 3_600_000_000_000), key))
            places.append(place)
        }
        return (fates, asked, places)
    }

    /// Counts the rows not yet sorted, and leaves in the page's batch what is new of the page's feed.
    private func settle(_ fates: [Fate]) {
        let first = sorted
        var stays: [Int] = []
        stays.reserveCapacity(fates.count)
        for (place, fate) in fates.enumerated() {
            let event = bench.batch.events[first + place]
            let isEvent = event.kind == .event
            var account = 0
            if !isEvent {
                account = 1
            } else if Int(event.feed) < accountOfFeed.count {
                account = accountOfFeed[Int(event.feed)]
            }
            accounts[account].row.records += 1
            if isEvent { receipt.records += 1 }
            switch fate {
            case .filtered:
                receipt.filtered += 1
                accounts[account].row.filtered += 1
            case .duplicate:
                if isEvent { receipt.duplicate += 1 }
                accounts[account].row.duplicate += 1
            default:
                if isEvent { receipt.events += 1 }
                accounts[account].row.events += 1
                if account == 0 {
                    stays.append(first + place)
                } else {
                    accounts[account].batch.append(event, from: bench.batch)
                }
            }
        }
        bench.batch.keep(stays, from: first)
        sorted = bench.batch.count
    }

    // MARK: Writing

    /// Appends what an account has collected to every spool, in frames that are full; `isLast` takes what is left.
    private func writeFrames(_ account: Int, isLast: Bool) async throws(Fault) {
        let limits = lane.limits
        let count = account == 0 ? bench.batch.count : accounts[account].batch.count
        let bytes = account == 0 ? bench.batch.bytes.count : accounts[account].batch.bytes.count
        guard count > 0, isLast || count >= limits.frameRows || bytes >= limits.frameBytes else { return }
        let frames =
            account == 0
            ? pack(bench.batch, account) : pack(accounts[account].batch, account)
        if account == 0 {
            bench.batch.removeAll()
            sorted = 0
        } else {
            accounts[account].batch.removeAll()
        }
        for (outlet, payload) in frames {
            try await state.spools[outlet].append(
                payload, key: accounts[account].key, arrival: arrival, in: &spoolPages[outlet])
        }
    }

    /// A batch in frames for every spool; packed once where all get the same.
    private func pack(_ batch: borrowing EventBatch, _ account: Int) -> [(
        outlet: Int, payload: SpoolFrame.Payload
    )] {
        var frames: [(outlet: Int, payload: SpoolFrame.Payload)] = []
        for rows in batch.cuts(rowsMax: lane.limits.frameRows, bytesMax: lane.limits.frameBytes) {
            let part = rows.count == batch.count ? nil : Array(rows)
            var whole: SpoolFrame.Payload?
            for (index, outlet) in state.outlets.enumerated() {
                let payload: SpoolFrame.Payload
                if let select = outlet.select {
                    payload = SpoolFrame.Payload(
                        batch, rows: select(batch).filter { rows.contains($0) },
                        withRecords: outlet.takesRecords, &bench.compressor)
                } else {
                    let packed = whole ?? SpoolFrame.Payload(batch, rows: part, &bench.compressor)
                    whole = packed
                    payload =
                        outlet.takesRecords
                        ? packed.adding(recordsOf: batch, rows: part, &bench.compressor) : packed
                }
                accounts[account].row.exporters[outlet.name, default: Ledger.Cell()].queued += payload.rows
                accounts[account].row.exporters[outlet.name]?.filtered += rows.count - payload.rows
                if payload.rows > 0 { frames.append((index, payload)) }
            }
        }
        return frames
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
