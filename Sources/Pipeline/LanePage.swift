import Codecs
import Engine
import Exporters
import Ports

/// One page on its way through the lane.
final class LanePage {
    /// The feed under which findings are accounted.
    static let findingFeed = "martlet.finding"

    let ticket: Duplicates.Ticket
    private(set) var spoolPages: [SpoolPage]
    private(set) var committed: (sequence: UInt64, keys: [PageCommit.Keys])?

    private let page: RawPage
    private let lane: Lane
    private let state: PipelineState
    private let normalizer: any PageNormalizer
    private let arrival: Timestamp
    private var compressor = Compressor(.zstd(level: 1))
    private var receipt = PageReceipt()
    /// Delivered before the page that is being put together: events, then findings.
    private var accounts: [Account]
    private var seen: Set<DuplicateKey> = []
    private var keysByHour: [Int64: [DuplicateKey]] = [:]
    private var refusals: [DeadLetterEntry] = []
    private var refusalBytes = 0
    private var deadLetter: [DeadLetterExtent] = []

    /// The rows that go to one line of the ledger.
    private struct Account {
        var key: LedgerKey
        var row = Ledger.Row()
        /// Not yet in a frame.
        var batch = EventBatch()
    }

    init(_ page: RawPage, lane: Lane, normalizer: any PageNormalizer, ticket: Duplicates.Ticket) {
        self.page = page
        self.lane = lane
        self.normalizer = normalizer
        self.ticket = ticket
        state = lane.state
        arrival = lane.state.doors.time.now
        spoolPages = lane.state.spools.map { _ in SpoolPage() }
        accounts = [page.feed, Self.findingFeed].map {
            Account(key: LedgerKey(feed: $0, source: page.source, arrival: lane.state.doors.time.now))
        }
        accounts[0].row.listed = page.listed
        accounts[0].row.fetched = page.fetched
    }

    func run() async throws(Fault) -> PageReceipt? {
        for object in page.objects { try await read(object) }
        for index in accounts.indices { try await writeFrame(index) }
        try await writeRefusals()
        for (index, spool) in state.spools.enumerated() { try await spool.synchronize(spoolPages[index]) }
        let sequence = await state.journal.nextSequence
        guard try await state.duplicates.reserve(ticket, seen, sequenceAtLeast: sequence) else { return nil }
        let commit = commitRecord()
        let number = try await state.journal.commit([.page(commit)])
        committed = (number, commit.duplicates)
        return receipt
    }

    private func commitRecord() -> PageCommit {
        accounts[0].row.records = receipt.records
        accounts[0].row.malformed = receipt.malformed
        accounts[0].row.duplicate = receipt.duplicate
        accounts[0].row.filtered = receipt.filtered
        accounts[0].row.events = receipt.events
        var commit = PageCommit(source: page.source, position: page.position)
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

    // MARK: Reading

    private func read(_ object: RawObject) async throws(Fault) {
        if let refusal = object.refusal {
            receipt.records += 1
            try await refuse([RefusedRecord(line: 0, reason: refusal, raw: object.bytes)], in: object)
            return
        }
        normalizer.begin(object.name, feed: page.feed)
        var inflater = Inflater()
        var window = [UInt8](
            repeating: 0, count: max(1, min(lane.limits.windowBytes, 64 + object.bytes.count * 8)))
        var offset = 0
        var broken: String?
        reading: while true {
            var filled = 0
            var isOver = false
            do throws(CodecError) {
                switch try inflater.read(object.bytes, at: &offset, isLast: true, into: &window, at: &filled)
                {
                case .finished: isOver = true
                default: isOver = filled == 0
                }
            } catch {
                broken = error.message
                isOver = true
            }
            if filled > 0 {
                normalizer.feed(Array(window[..<filled]))
                try await absorb(object)
            }
            if isOver { break reading }
        }
        normalizer.finish()
        try await absorb(object)
        if let broken {
            receipt.records += 1
            let reason = "\(broken); what stood before it was read"
            try await refuse([RefusedRecord(line: 0, reason: reason, raw: [])], in: object)
        }
    }

    /// Takes what the normalizer has ready.
    private func absorb(_ object: RawObject) async throws(Fault) {
        var batch = EventBatch()
        var refused: [RefusedRecord] = []
        while normalizer.advance(into: &batch, refusals: &refused) {
            receipt.records += refused.count
            try await refuse(refused, in: object)
            try await sort(batch)
        }
    }

    /// Sorts a batch's rows into filtered, duplicate and new ones.
    private func sort(_ batch: EventBatch) async throws(Fault) {
        var isKept = [Bool](repeating: lane.filter == nil, count: batch.count)
        if let filter = lane.filter {
            for index in filter(batch) where batch.events.indices.contains(index) { isKept[index] = true }
        }
        var asked: [(hour: Int64, key: DuplicateKey)] = []
        var askedRows: [Int] = []
        var isNew = [Bool](repeating: false, count: batch.count)
        for (index, event) in batch.events.enumerated() {
            if event.kind == .event { receipt.records += 1 } else { accounts[1].row.records += 1 }
            guard isKept[index] || event.kind == .finding else {
                receipt.filtered += 1
                continue
            }
            let uid = state.hash.hash(batch.bytes, in: event.uid.range)
            // A finding is the same finding whatever its text says.
            let key = DuplicateKey(uid: uid, content: event.kind == .finding ? 1 : event.contentDigest)
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
        for (index, event) in batch.events.enumerated() where isKept[index] || event.kind == .finding {
            let account = event.kind == .event ? 0 : 1
            if isNew[index] {
                if account == 0 { receipt.events += 1 } else { accounts[1].row.events += 1 }
                try await keep(event, of: batch, account)
            } else if account == 0 {
                receipt.duplicate += 1
            } else {
                accounts[1].row.duplicate += 1
            }
        }
    }

    private func keep(_ event: Event, of batch: EventBatch, _ account: Int) async throws(Fault) {
        accounts[account].batch.append(event, from: batch)
        let held = accounts[account].batch
        if held.bytes.count >= lane.limits.frameBytes || held.count >= lane.limits.frameRows {
            try await writeFrame(account)
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
            var payload = whole
            if let select = outlet.select {
                payload = SpoolFrame.Payload(batch, rows: select(batch), &compressor)
            } else if payload == nil {
                payload = SpoolFrame.Payload(batch, &compressor)
                whole = payload
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

    private func refuse(_ refused: [RefusedRecord], in object: RawObject) async throws(Fault) {
        receipt.malformed += refused.count
        for record in refused {
            var entry = DeadLetterEntry(
                feed: page.feed, source: page.source, reason: record.reason, raw: record.raw, at: arrival)
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
