package import Engine
package import Ports

/// The one ordered stage that follows access through all pages: takes the changes that lanes read, judges them, and
/// delivers its findings as pages of its own.
package actor DriftStage: OrderedStage {
    /// The source under which its findings are accounted.
    static let source = "drift"
    /// The log is written anew when it holds so many bytes more than the state did last.
    private static let logBytesMin: Int64 = 16 << 20

    private let log: DriftLog
    private let delivery: StageDelivery
    private var stream: DriftStream
    private let turnstile = Turnstile()
    let arrived = Pulse()
    private var written: Int64 = 0

    /// Rebuilds what an earlier run knew and said.
    package static func open(
        _ settings: DriftSettings, _ catalogue: ActionCatalogue?, volume: any Volume, time: any TimeSource
    ) async throws(Fault) -> DriftStage {
        let log = DriftLog(volume: volume)
        let content = try await log.open()
        return DriftStage(settings, catalogue, content, log, time)
    }

    private init(
        _ settings: DriftSettings, _ catalogue: ActionCatalogue?, _ content: DriftLog.Content,
        _ log: DriftLog,
        _ time: any TimeSource
    ) {
        stream = DriftStream(settings, catalogue)
        for fact in content.facts { stream.take(fact) }
        for told in content.told { stream.restore(told) }
        self.log = log
        delivery = StageDelivery(source: Self.source, time: time)
    }

    package var notes: Drift.Notes { stream.drift.notes }

    /// Makes a page's changes durable, before the page is committed.
    func take(_ facts: [Drift.Fact]) async throws(Fault) {
        if facts.isEmpty { return }
        try await log.append(facts, [])
        for fact in facts { stream.take(fact) }
        arrived.beat()
    }

    /// Delivers what follows from everything that has come; returns early only when cancelled.
    func evaluate(into sink: any PageSink) async {
        await turnstile.enter()
        defer { turnstile.leave() }
        var findings = EventBatch()
        let told = stream.evaluate(into: &findings)
        let isDelivered = await delivery.deliver(findings, told.map(\.version), into: sink) {
            () async throws(Fault) in try await log.append([], told)
        }
        if isDelivered { await tidy() }
    }

    /// Keeps the log to what the state needs.
    private func tidy() async {
        guard await log.bytes > written * 2 + Self.logBytesMin else { return }
        // What cannot be written now is written another time; the old files stay till then.
        try? await log.replace(stream.drift.facts, stream.standing)
        written = await log.bytes
    }

    /// The report of a period, by all that has come.
    package func report(
        from: Timestamp, to: Timestamp, previous: DriftReport.Previous? = nil
    ) -> DriftReport { stream.drift.report(from: from, to: to, previous: previous) }
}
