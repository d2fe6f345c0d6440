package import Engine
package import Ports

/// The one ordered stage that learns from all pages: takes the facts that lanes read, scores days against what was
/// usual, and delivers its findings as pages of its own.
package actor BehaviourStage: OrderedStage {
    /// The source under which its findings are accounted.
    static let source = "behaviour"

    private let log: BehaviourLog
    private let delivery: StageDelivery
    private var behaviour: Behaviour
    private let turnstile = Turnstile()
    let arrived = Pulse()
    private var settlements = 0

    /// Rebuilds what an earlier run had in mind.
    package static func open(
        _ settings: BehaviourSettings, volume: any Volume, time: any TimeSource
    ) async throws(Fault) -> BehaviourStage {
        let log = BehaviourLog(volume: volume)
        let delivery = StageDelivery(source: Self.source, time: time, volume: volume)
        let (behaviour, told) = try await Self.learned(settings, log)
        try await delivery.takeUp(noted: told.lazy.map { ($0.uid, $0.version) })
        return BehaviourStage(behaviour, log, delivery)
    }

    /// Every identity's risk by what a pipeline has learned so far, riskiest first; its files are only read.
    package static func risks(
        _ settings: BehaviourSettings, volume: any Volume
    ) async throws(Fault) -> [EntityRisk] {
        var (behaviour, _) = try await learned(settings, BehaviourLog(volume: volume))
        // Days are scored when they are evaluated; what is raised thereby has been delivered by the pipeline.
        var findings = EventBatch()
        behaviour.evaluate(into: &findings)
        return behaviour.risks()
    }

    private static func learned(
        _ settings: BehaviourSettings, _ log: BehaviourLog
    ) async throws(Fault) -> (Behaviour, told: [BehaviourTold]) {
        var behaviour = Behaviour(settings)
        let content = try await log.open()
        if let settled = content.settled, !behaviour.restore(settled: settled) {
            throw Fault(
                .denied,
                "what the baselines had learned cannot be read. Remove the folder behaviour of this pipeline's state "
                    + "to let them learn anew")
        }
        for day in content.facts { behaviour.take(day) }
        for told in content.told { behaviour.restore(told) }
        return (behaviour, content.told)
    }

    private init(
        _ behaviour: Behaviour, _ log: BehaviourLog, _ delivery: StageDelivery
    ) {
        self.behaviour = behaviour
        self.log = log
        self.delivery = delivery
    }

    package var notes: Behaviour.Notes { behaviour.notes }

    /// Makes a page's facts durable, before the page is committed.
    func take(_ facts: FactBook) async throws(Fault) {
        if facts.isEmpty { return }
        try await log.append(facts.entityDays, [])
        behaviour.take(facts)
        arrived.beat()
    }

    /// Delivers what follows from everything that has come; returns early only when cancelled.
    func evaluate(into sink: any PageSink) async {
        await turnstile.enter()
        defer { turnstile.leave() }
        var findings = EventBatch()
        let told = behaviour.evaluate(into: &findings)
        let isDelivered = await delivery.deliver(findings, told.map(\.version), into: sink) {
            () async throws(Fault) in try await log.append([], told)
        }
        if isDelivered { await tidy() }
    }

    /// Keeps the log to what is still needed, once days were settled.
    private func tidy() async {
        guard behaviour.notes.settlements != settlements else { return }
        settlements = behaviour.notes.settlements
        let (settled, open) = behaviour.kept
        // What cannot be written now is written at the next settlement; the old files stay till then.
        try? await log.replace(settled: settled, open, behaviour.standing)
    }
}
