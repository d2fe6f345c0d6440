import Codecs
import Credentials
import Engine
import Ports

/// One part of a declared feed as a state machine: the next request, and what an answer to it means.
struct DeclaredStream: Sendable {
    /// Records remembered, so that what is read again is not delivered again.
    static let seenMax = 200_000
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
    var isBusy = false
    /// Whether everything up to `until` is delivered, where there is one.
    var isDone = false

    var hasPrepared = false
    /// Tenths of a backfill that were told.
    private var progress = 0
    /// The newest record read, delivered or not.
    var newest: Timestamp?
    var lastRound: (end: Timestamp, deep: Timestamp)?
    var saved = Timestamp.distantPast
    /// Records from here on are counted by the census.
    var countsFrom: Timestamp?
    var seen = RecentSet<[UInt8]>(capacity: seenMax)

    init(
        _ stream: FeedStreams.Stream, _ declaration: FeedProtocol, _ settings: DeclaredCollector.Config,
        mark: FeedMark?
    ) {
        name = stream.name
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

    func isReady(at now: Timestamp) -> Bool { !isDone && !isBusy && (nextLook.map { $0 <= now } ?? true) }

    var isWindowed: Bool { declaration.position == .window }
    var holdsCursor: Bool { declaration.position == .cursor || declaration.position == .delta }
    private var interval: Duration { max(settings.interval ?? declaration.interval, .seconds(1)) }

    /// When the snapshot after the one last delivered is due.
    var nextSnapshot: Timestamp? { mark.looked.map { $0 + interval } }

    // MARK: Rounds

    /// Begins a round: from where, up to now. Gives what has to be delivered before anything is asked for: the mark
    /// at which a snapshot begins.
    mutating func open(at now: Timestamp) -> Draft? {
        nextLook = nil
        let whole = Timestamp(seconds: now.seconds)
        let end = min(whole, settings.until ?? whole)
        var start = end
        var isDeep = true
        if declaration.position != .snapshot { (start, isDeep) = beginning(at: now, end: end) }
        var round = FeedRound(
            from: start, to: end, isDeep: isDeep, span: isWindowed ? declaration.span : .days(36_500))
        if !hasPrepared, declaration.before.post != nil { round.stage = .before }
        if holdsCursor { round.next = mark.cursor }
        if declaration.position == .snapshot { round.snapshot = snapshotID(at: now) }
        self.round = round
        return snapshotMark(.begin, at: now)
    }

    private mutating func beginning(at now: Timestamp, end: Timestamp) -> (Timestamp, isDeep: Bool) {
        let oldest = declaration.retention.map { now - $0 } ?? .distantPast
        var start: Timestamp
        var isDeep = true
        if let low = mark.low {
            start = low
            if let last = lastRound, isWindowed {
                isDeep = now - last.deep >= overlap.deepEvery
                if !isDeep { start = max(low, last.end - overlap.shallow(census)) }
            }
        } else {
            start = max(settings.since ?? now - DeclaredCollector.sinceStandard, oldest)
            if mark.cursor == nil {
                let kept =
                    declaration.retention.map { "; the vendor keeps \($0.components.seconds / 86_400) days" }
                    ?? ""
                notes.append((.information, "first-start", "begins at \(start.iso8601)\(kept)"))
            }
        }
        let known = holdsCursor && mark.cursor != nil ? mark.looked ?? start : start
        if known < oldest - .minutes(1) {
            notes.append(
                (
                    .problem, "log-gap",
                    "the vendor no longer has the records from \(known.iso8601) to \(oldest.iso8601): "
                        + "they are missing unless they come by another way"
                ))
            start = max(start, oldest)
        }
        if mark.low == nil { mark.low = start }
        return (min(start, end), isDeep)
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
        let back = (mark.newest ?? mark.looked).map { $0 - overlap.bound }
        notes.append(
            (
                .problem, "cursor-lost",
                "\(why); it is read again from \((back ?? now - DeclaredCollector.sinceStandard).iso8601)"
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
            let settled =
                settings.until == nil
                ? min(round.stretch.upperBound, round.end - overlap.horizon) : round.stretch.upperBound
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

    mutating func closeRound(_ mark: inout FeedMark, at now: Timestamp) {
        guard let round else { return }
        // After a start or an outage what comes late is late because of us.
        let isSteady = lastRound.map { now - $0.end <= interval * 3 + .minutes(1) } ?? false
        if !isSteady { countsFrom = round.end }
        lastRound = (round.end, round.isDeep ? now : lastRound?.deep ?? now)
        if isWindowed, round.isDeep { overlap.review(census) }
        mark.looked = now
        mark.census = census
        mark.horizon = overlap.horizon > overlap.bound ? overlap.horizon : nil
        // A list of contents goes by when they became available, which is not a record's time.
        mark.missed = isWindowed && !declaration.listsContents ? overlap.missed(census) : nil
        if let until = settings.until, round.end >= until {
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
    func wantsSaving(at now: Timestamp) -> Bool { now - saved >= Self.saveEvery }
}

extension FeedNext {
    /// Whether what comes next is a whole URL, not a value in a request.
    var givesURL: Bool { link != nil || header != nil || url != nil }
}
