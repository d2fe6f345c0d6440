package import Engine
package import Ports

/// The one ordered stage that learns from all pages: takes the facts that lanes read, scores days against what was
/// usual, and delivers its findings as pages of its own.
package actor BehaviourStage {
    /// The source under which its findings are accounted.
    static let source = "behaviour"

    private let log: BehaviourLog
    private let time: any TimeSource
    private var behaviour: Behaviour
    private let turnstile = Turnstile()
    private let arrived = Pulse()
    private var settlements = 0

    /// Rebuilds what an earlier run had in mind.
    package static func open(
        _ settings: BehaviourSettings, volume: any Volume, time: any TimeSource
    ) async throws(Fault) -> BehaviourStage {
        var behaviour = Behaviour(settings)
        let log = BehaviourLog(volume: volume)
        let content = try await log.open()
        if let settled = content.settled, !behaviour.restore(settled: settled) {
            throw Fault(
                .denied,
                "what the baselines had learned cannot be read. Remove the folder behaviour of this pipeline's state "
                    + "to let them learn anew")
        }
        for day in content.facts { behaviour.take(day) }
        for told in content.told { behaviour.restore(told) }
        return BehaviourStage(behaviour, log, time)
    }

    private init(_ behaviour: Behaviour, _ log: BehaviourLog, _ time: any TimeSource) {
        self.behaviour = behaviour
        self.log = log
        self.time = time
    }

    package var notes: Behaviour.Notes { behaviour.notes }

    /// Makes a page's facts durable, before the page is committed.
    func take(_ facts: FactBook) async throws(Fault) {
        if facts.isEmpty { return }
        try await log.append(facts.entityDays, [])
        behaviour.take(facts)
        arrived.beat()
    }

    /// Evaluates whenever something came, until cancelled.
    func run(into sink: any PageSink) async {
        while !Task.isCancelled {
            let seen = arrived.beats
            await evaluate(into: sink)
            do throws(CancellationError) { try await arrived.wait(after: seen) } catch { return }
        }
    }

    /// Delivers what follows from everything that has come; returns early only when cancelled.
    func evaluate(into sink: any PageSink) async {
        await turnstile.enter()
        defer { turnstile.leave() }
        var findings = EventBatch()
        let told = behaviour.evaluate(into: &findings)
        var page: [UInt8] = []
        for (row, one) in zip(findings.events, told) {
            page += Array("{\"version\":\(one.version),\"finding\":".utf8)
            page += findings.bytes[row.json.range]
            page += Array("}\n".utf8)
        }
        if !told.isEmpty {
            let object = RawObject(name: Self.source, bytes: page)
            let raw = RawPage(
                feed: LanePart.findingFeed, source: Self.source, objects: [object], position: nil, listed: 1,
                fetched: 1)
            guard await isDone({ () async throws(Fault) in _ = try await sink.deliver(raw) }) else { return }
            guard await isDone({ () async throws(Fault) in try await self.log.append([], told) }) else {
                return
            }
        }
        await tidy()
    }

    /// Tries until it is done; false where it was cancelled before.
    private func isDone(_ work: () async throws(Fault) -> Void) async -> Bool {
        var pause = Duration.milliseconds(200)
        while true {
            do throws(Fault) {
                try await work()
                return true
            } catch {
                if error.kind == .cancelled || Task.isCancelled { return false }
            }
            do throws(CancellationError) { try await time.sleep(until: time.now + pause) } catch {
                return false
            }
            pause = min(pause * 2, .seconds(30))
        }
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
