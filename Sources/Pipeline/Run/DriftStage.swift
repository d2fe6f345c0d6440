package import Engine
package import Ports

/// The one ordered stage that follows access through all pages: takes the changes, grants, privileged acts and snapshots
/// that lanes read, judges them, and delivers its findings as pages of its own.
package actor DriftStage: OrderedStage {
    /// The source under which its findings are accounted.
    static let source = "drift"
    /// The log is written anew when it holds so many bytes more than the state did last.
    private static let logBytesMin: Int64 = 16 << 20
    /// Grants are looked at as a whole, so not after every page.
    private static let grantsPause = Duration.seconds(5)

    private let log: DriftLog
    private let delivery: StageDelivery
    private var stream: DriftStream
    private var grants: GrantStream
    private var snapshots = SnapshotBook()
    private let time: any TimeSource
    private var grantsNext = Timestamp.distantPast
    private let turnstile = Turnstile()
    let arrived = Pulse()
    private var written: Int64 = 0

    /// Rebuilds what an earlier run knew and said.
    package static func open(
        _ settings: DriftSettings, _ catalogue: ActionCatalogue?, _ grants: GrantStream,
        volume: any Volume, time: any TimeSource
    ) async throws(Fault) -> DriftStage {
        let log = DriftLog(volume: volume)
        let content = try await log.open()
        let delivery = StageDelivery(source: Self.source, time: time, volume: volume)
        try await delivery.takeUp(noted: content.told.lazy.map { ($0.uid, $0.version) })
        return DriftStage(settings, catalogue, grants, content, log, delivery, time)
    }

    private init(
        _ settings: DriftSettings, _ catalogue: ActionCatalogue?, _ grants: GrantStream,
        _ content: DriftLog.Content, _ log: DriftLog, _ delivery: StageDelivery,
        _ time: any TimeSource
    ) {
        stream = DriftStream(settings, catalogue)
        self.grants = grants
        self.log = log
        self.time = time
        self.delivery = delivery
        for fact in content.facts { self.stream.take(fact) }
        for fact in content.grants { self.grants.take(fact) }
        for fact in content.snapshots {
            snapshots.take(fact, at: time.now)
            if case .judged(let end) = fact { self.stream.takeJudged(end) }
        }
        for told in content.told {
            if told.code.isOfGrants { self.grants.restore(told) } else { self.stream.restore(told) }
        }
    }

    package var notes: Drift.Notes { stream.drift.notes }

    /// Makes a page's changes durable, before the page is committed.
    func take(_ news: AccessNews) async throws(Fault) {
        if news.isEmpty { return }
        try await log.append(.init(facts: news.changes, grants: news.grants, snapshots: news.snapshots))
        for fact in news.changes { stream.take(fact) }
        for fact in news.grants { grants.take(fact) }
        for fact in news.snapshots { snapshots.take(fact, at: time.now) }
        arrived.beat()
    }

    /// Evaluates whenever something came or is waited for no longer, until cancelled.
    func run(into sink: any PageSink) async {
        while !Task.isCancelled {
            let beats = arrived.beats
            await evaluate(into: sink)
            do throws(CancellationError) {
                let looks = [grants.nextLook.map { max($0, grantsNext) }, snapshots.nextLook]
                if let wake = looks.compactMap({ $0 }).min() {
                    try await arrived.wait(after: beats, until: wake, time)
                } else {
                    try await arrived.wait(after: beats)
                }
            } catch { return }
        }
    }

    /// Delivers what follows from everything that has come; returns early only when cancelled.
    func evaluate(into sink: any PageSink) async { await evaluate(into: sink, isLast: false) }

    /// The same, and leaves nothing for later that could be said now.
    func settle(into sink: any PageSink) async { await evaluate(into: sink, isLast: true) }

    private func evaluate(into sink: any PageSink, isLast: Bool) async {
        await turnstile.enter()
        defer { turnstile.leave() }
        await judgeSnapshots()
        var findings = EventBatch()
        var told = stream.evaluate(into: &findings)
        if isLast || time.now >= grantsNext {
            told += grants.evaluate(asOf: time.now, into: &findings)
            grantsNext = time.now + Self.grantsPause
        }
        let isDelivered = await delivery.deliver(findings, told.map(\.version), into: sink) {
            [told] () async throws(Fault) in try await log.append(.init(told: told))
        }
        if isDelivered { await tidy() }
    }

    /// Holds snapshots whose time has come against what the changes told.
    private func judgeSnapshots() async {
        for (end, snapshot) in snapshots.due(at: time.now) {
            var news = DriftLog.Content()
            news.facts = stream.take(snapshot, uid: end.snapshot)
            news.snapshots = [.judged(end)]
            // What cannot be written now is judged again after a restart, and comes to the same.
            try? await log.append(news)
        }
    }

    /// Keeps the log to what the state needs.
    private func tidy() async {
        guard await log.bytes > written * 2 + Self.logBytesMin else { return }
        // What cannot be written now is written another time; the old files stay till then.
        try? await log.replace(
            .init(
                facts: stream.drift.facts, grants: grants.facts(), snapshots: snapshots.facts,
                told: stream.standing + grants.standing))
        written = await log.bytes
    }

    /// The report of a period, by all that has come.
    package func report(
        from: Timestamp, to: Timestamp, previous: DriftReport.Previous? = nil
    ) -> DriftReport {
        let review = grants.review()
        return stream.drift.report(
            from: from, to: to, previous: previous, others: review.driftFindings(),
            backings: review.backings())
    }
}
