package import Engine
package import Ports

/// The one ordered stage behind all pages: takes the signals that rules raise, evaluates correlations over them, and
/// delivers their findings as pages of its own.
package actor CorrelationStage: OrderedStage {
    /// The source under which its findings are accounted.
    static let source = "correlation"
    /// The log is written anew when it holds so many times what is kept: bytes.
    private static let logBytesMin: Int64 = 8 << 20

    private let log: CorrelationLog
    private let delivery: StageDelivery
    private let attribution: AttributionStage?
    private var correlator: Correlator
    private let turnstile = Turnstile()
    let arrived = Pulse()
    private var settlements = 0

    /// Rebuilds what an earlier run had in mind.
    package static func open(
        _ plan: CorrelationPlan, volume: any Volume, time: any TimeSource,
        attribution: AttributionStage? = nil, limits: Correlator.Limits = .init()
    ) async throws(Fault) -> CorrelationStage {
        var correlator = Correlator(plan, limits: limits)
        let log = CorrelationLog(volume: volume, correlations: plan.correlations)
        let content = try await log.open()
        correlator.restore(frontier: content.frontier, content.settled)
        for told in content.told { correlator.restore(told) }
        for signal in content.signals { correlator.restore(signal) }
        let delivery = StageDelivery(source: Self.source, time: time, volume: volume)
        try await delivery.takeUp(noted: content.told.lazy.map { ($0.uid, $0.version) })
        return CorrelationStage(correlator, log, delivery, attribution)
    }

    private init(
        _ correlator: Correlator, _ log: CorrelationLog, _ delivery: StageDelivery,
        _ attribution: AttributionStage?
    ) {
        self.attribution = attribution
        self.correlator = correlator
        self.log = log
        self.delivery = delivery
    }

    package var notes: Correlator.Notes { correlator.notes }

    /// Makes a page's signals durable, before the page is committed.
    func take(_ signals: [CorrelationSignal]) async throws(Fault) {
        if signals.isEmpty { return }
        try await log.append(signals, [])
        for signal in signals { correlator.take(signal) }
        arrived.beat()
    }

    /// Delivers what follows from everything that has come; returns early only when cancelled.
    func evaluate(into sink: any PageSink) async {
        await turnstile.enter()
        defer { turnstile.leave() }
        var findings = EventBatch()
        let told = correlator.evaluate(into: &findings)
        attribution?.attribute(findings: &findings)
        let isDelivered = await delivery.deliver(findings, told.map(\.version), into: sink) {
            () async throws(Fault) in try await log.append([], told)
        }
        if isDelivered { await tidy() }
    }

    /// Keeps the log to what is still needed, once the past was settled.
    private func tidy() async {
        guard correlator.settlements != settlements, await log.bytes > Self.logBytesMin else { return }
        settlements = correlator.settlements
        var content = CorrelationLog.Content()
        correlator.forEachSignal { content.signals.append($0) }
        correlator.forEachTold { content.told.append($0) }
        (content.frontier, content.settled) = correlator.settled()
        // What cannot be written now is written at the next settlement; the old files stay till then.
        try? await log.replace(with: content)
    }
}
