import Codecs
import Credentials
import Engine
import Ports

/// One part of a declared feed as a state machine: the next request, and what an answer to it means.
struct DeclaredStream: Sendable {
    /// Records remembered, so that what is read again is not delivered again.
    static let seenMax = 200_000
    /// Before it is tried again what an answer has made impossible to ask for.
    static let pauseAfterTrouble = Duration.minutes(5)
    /// A position is saved so often even where nothing happens, so that a later gap can be told.
    static let saveEvery = Duration.hours(1)

    /// What an answer leads to.
    enum Outcome {
        /// Another request, nothing to deliver.
        case again
        case pages([Draft])
    }

    /// A page on its way, and where the stream stands once it is durable.
    struct Draft {
        var name: String
        /// Where it is not a page of the stream's own feed.
        var feed: String?
        /// A JSON array.
        var bytes: [UInt8] = []
        var records = 0
        var mark: FeedMark?
    }

    let name: String
    /// The collector that it is a part of.
    let source: String
    let declaration: FeedProtocol
    let settings: DeclaredCollector.Config
    let address: FeedAddress
    let timePath: KeyPath?
    let own: [String: String]

    /// As of the last durable page.
    var mark: FeedMark
    var overlap: Overlap
    var census: DelayCensus
    var round: FeedRound?
    var notes: [(severity: HealthNote.Severity, code: String, text: String)] = []
    /// When to begin the next round; `nil` while there is more to read now.
    var nextLook: Timestamp?
    var nextRequest = Timestamp.distantPast
    /// The vendor's clock, by which windows are framed.
    var vendorTime = VendorTime()
    var isBusy = false
    /// Whether everything up to `until` is delivered, where there is one.
    var isDone = false

    var hasPrepared = false
    /// Tenths of a backfill that were told.
    private var progress = 0
    /// The newest record read, delivered or not.
    var newest: Timestamp?
    /// How far the last round has read, when it ended and when one last read back to the horizon: by the vendor's clock.
    var lastRound: (end: Timestamp, at: Timestamp, deep: Timestamp)?
    /// Whether the round that is about to begin takes the place of one that a wrong clock had framed.
    var isFramedAnew = false
    var saved = Timestamp.distantPast
    /// Records from here on are counted by the census.
    var countsFrom: Timestamp?
    var seen = RecentSet<[UInt8]>(capacity: seenMax)

    init(
        _ stream: FeedStreams.Stream, _ declaration: FeedProtocol, _ settings: DeclaredCollector.Config,
        of source: String, mark: FeedMark?
    ) {
        name = stream.name
        self.source = source
        self.declaration = declaration
        self.settings = settings
        let own = settings.parameters.merging(stream.values, uniquingKeysWith: { _, last in last })
        self.own = own
        let url = declaration.endpoint.url.flatMap { FeedEndpoint.host($0, FeedValues(own: own)) }
        let plain = declaration.endpoint.url.flatMap { $0.filled { own[$0] ?? "" } }
        address = FeedAddress(vendorURL: url ?? plain ?? "", endpoint: settings.endpoint)
        timePath = declaration.time?.filled { own[$0] }.flatMap { KeyPath($0) }
        self.mark = mark ?? FeedMark()
        census = self.mark.census
        newest = self.mark.newest
        overlap = Overlap(
            bound: settings.overlap ?? declaration.late,
            isFixed: settings.overlap != nil || declaration.listsContents,
            residual: 1 / Double(max(2, settings.oneMissedIn)), reach: declaration.retention ?? .days(3_650),
            horizon: self.mark.horizon)
        if let until = settings.until, let low = self.mark.low, low >= until { isDone = true }
    }

    func isReady(at now: Timestamp) -> Bool {
        !isDone && !isBusy
            && (nextLook.map { $0.isDue(at: now, within: max(interval, Self.pauseAfterTrouble)) } ?? true)
    }

    /// When the next request may be sent; a clock that was set back makes nobody wait longer than a vendor may ask for.
    func requestTime(at now: Timestamp) -> Timestamp {
        nextRequest.isDue(at: now, within: FeedRefusal.waitMax + declaration.pace) ? now : nextRequest
    }

    var isWindowed: Bool { declaration.position == .window }
    var holdsCursor: Bool { declaration.position == .cursor || declaration.position == .delta }
    private var interval: Duration { max(settings.interval ?? declaration.interval, .seconds(1)) }

    /// When the snapshot after the one last delivered is due.
    var nextSnapshot: Timestamp? { mark.looked.map { $0 + interval } }

    // MARK: Rounds

    /// Begins a round: from where, up to now, by the vendor's clock as far as it is known. Gives what has to be delivered
    /// before anything is asked for: the mark at which a snapshot begins.
    mutating func open(at ours: Timestamp) -> Draft? {
        nextLook = nil
        let now = vendorTime.now(at: ours)
        let whole = Timestamp(seconds: now.seconds)
        let end = min(whole, settings.until ?? whole)
        var start = end
        var isDeep = true
        var isFirst = false
        var gap: Range<Timestamp>?
        if declaration.position != .snapshot {
            bringBack(at: now)
            isFirst = mark.low == nil
            (start, isDeep, gap) = beginning(at: now, end: end)
        }
        var round = FeedRound(
            from: start, to: end, isDeep: isDeep, span: isWindowed ? declaration.span : .days(36_500))
        round.framedAt = now
        round.gap = gap
        round.isFirst = isFirst
        if !hasPrepared, declaration.before.post != nil { round.stage = .before }
        if holdsCursor { round.next = mark.cursor }
        if declaration.position == .snapshot { round.snapshot = snapshotID(at: now) }
        self.round = round
        return snapshotMark(.begin, at: now)
    }

    private mutating func beginning(at now: Timestamp, end: Timestamp) -> (
        Timestamp, isDeep: Bool, gap: Range<Timestamp>?
    ) {
        let oldest = declaration.retention.map { now - $0 } ?? .distantPast
        var start: Timestamp
        var isDeep = true
        if let low = mark.low {
            start = low
            if let last = lastRound, isWindowed {
                isDeep = !last.deep.isRecent(at: now, within: overlap.deepEvery)
                if !isDeep { start = max(low, last.end - overlap.shallow(census)) }
            }
        } else {
            start = max(settings.since ?? now - DeclaredCollector.sinceStandard, oldest)
        }
        var known = holdsCursor && mark.cursor != nil ? mark.looked ?? start : start
        // Who does not say the time has no witness but records: where none came, it was looked all the same.
        if !vendorTime.isKnown, let looked = mark.looked, looked <= now {
            known = max(known, looked - overlap.horizon)
        }
        var gap: Range<Timestamp>?
        if known < oldest - .minutes(1) {
            gap = known..<oldest
            start = max(start, oldest)
        }
        if mark.low == nil { mark.low = start }
        return (min(start, end), isDeep, gap)
    }

    /// A position in the vendor's future was put there by a clock that was ahead: it is brought back to what is known to
    /// be read.
    private mutating func bringBack(at now: Timestamp) {
        // Our own clock is asked only where no answer has said the time.
        guard settings.until == nil, vendorTime.isKnown || lastRound != nil, let low = mark.low, low > now
        else { return }
        let back =
            newest.map { min($0, now) - overlap.horizon }
            ?? settings.since ?? now - DeclaredCollector.sinceStandard
        guard back < low else { return }
        notes.append(
            (
                .problem, "position-ahead",
                "the position \(low.iso8601) is later than it is at the vendor: a clock was ahead; it is read again "
                    + "from \(back.iso8601), and what is older can be read with a backfill"
            ))
        mark.low = back
        lastRound = nil
    }

    /// The stretch or cursor is begun anew from its start; `false` where that has been tried too often.
    mutating func restart(_ why: String, at now: Timestamp) -> Bool {
        guard var round, round.restarts < FeedRound.restartsMax else { return false }
        let restarts = round.restarts + 1
        notes.append(
            (.warning, "cursor-lost", "\(why); it is read again from \(round.stretch.lowerBound.iso8601)"))
        round.begin(round.stretch)
        round.restarts = restarts
        if holdsCursor { round.next = mark.cursor }
        self.round = round
        nextRequest = max(nextRequest, now + .milliseconds(250) * (1 << restarts))
        return true
    }

    /// The saved cursor is gone: what came since is read again by time.
    mutating func loseCursor(_ why: String, at now: Timestamp) {
        let theirs = vendorTime.now(at: now)
        let back = (mark.newest ?? mark.looked).map { min($0, theirs) - overlap.bound }
        notes.append(
            (
                .problem, "cursor-lost",
                "\(why); it is read again from \((back ?? theirs - DeclaredCollector.sinceStandard).iso8601)"
            ))
        mark.cursor = nil
        mark.low = back
        round = nil
    }

    // MARK: Ends

    /// Where the stream stands once what was read of the present stretch, the round's last, is durable.
    private mutating func closeStretch(at now: Timestamp) -> FeedMark {
        var mark = current
        guard let round else { return mark }
        if isWindowed {
            // Only as far as an answer is a witness that nothing more comes.
            let end = witnessed(round)
            let settled =
                settings.until == nil
                ? min(round.stretch.upperBound, min(round.end, end) - overlap.horizon)
                : min(round.stretch.upperBound, end)
            mark.low = max(mark.low ?? settled, settled)
        }
        if round.isLast { closeRound(&mark, at: now) }
        return mark
    }

    /// The mark with what was learned since.
    var current: FeedMark {
        var mark = mark
        mark.newest = newest
        return mark
    }

    /// What time it was at the vendor when the present stretch was first answered, or at least that: a record that has come
    /// is a witness, too. A backfill of a vendor that says neither is believed to be one of the past.
    private func witnessed(_ round: FeedRound) -> Timestamp {
        round.answeredAt ?? (settings.until == nil ? newest ?? mark.low ?? round.start : .distantFuture)
    }

    mutating func closeRound(_ mark: inout FeedMark, at now: Timestamp) {
        guard let round else { return }
        let theirs = vendorTime.now(at: now)
        // After a start or an outage what comes late is late because of us.
        let isSteady = lastRound.map { theirs - $0.at <= interval * 3 + .minutes(1) } ?? false
        if !isSteady { countsFrom = round.end }
        let end = isWindowed ? min(round.end, witnessed(round)) : round.end
        lastRound = (end, theirs, round.isDeep ? theirs : lastRound?.deep ?? theirs)
        if isWindowed, round.isDeep { overlap.review(census) }
        mark.looked = theirs
        mark.census = census
        mark.horizon = overlap.horizon > overlap.bound ? overlap.horizon : nil
        // A list of contents goes by when they became available, which is not a record's time.
        mark.missed = isWindowed && !declaration.listsContents ? overlap.missed(census) : nil
        if let until = settings.until, min(round.end, witnessed(round)) >= until {
            isDone = true
            mark.low = until
            noteProgress(upTo: until)
        }
        self.round = nil
        nextLook = now + interval
        saved = now
    }

    /// Goes on behind a stretch that was read to its end.
    mutating func advance(at now: Timestamp) -> FeedMark {
        let mark = closeStretch(at: now)
        if var round {
            let next = round.stretch.upperBound
            noteProgress(upTo: next)
            round.restarts = 0
            round.begin(next..<min(round.end, next + declaration.span))
            self.round = round
        }
        return mark
    }

    /// Tells how far a backfill is, at each tenth.
    mutating func noteProgress(upTo time: Timestamp) {
        guard let until = settings.until, let start = settings.since ?? round?.start else { return }
        let share = Double((time - start).nanoseconds) / Double(max(1, (until - start).nanoseconds))
        let tenths = Int(10 * min(max(share, 0), 1))
        guard tenths > progress else { return }
        progress = tenths
        notes.append(
            (
                .information, "backfill-progress",
                "\(tenths * 10) % of \(start.iso8601) to \(until.iso8601) is read"
            ))
    }

    /// Whether a position should be saved though nothing has come.
    func wantsSaving(at now: Timestamp) -> Bool { !saved.isRecent(at: now, within: Self.saveEvery) }
}

extension FeedNext {
    /// Whether what comes next is a whole URL, not a value in a request.
    var givesURL: Bool { link != nil || header != nil || url != nil }
}
