import Collectors
package import Engine
import Exporters
import Ports

/// How a run is meant to go and to end.
package struct RunPlan: Sendable {
    /// Ends when every collector is caught up and every exporter has drained.
    package var endsWhenDone = false
    /// For such a run: how long nothing may be accepted before what is pending is left to the next start.
    package var patience = Duration.minutes(2)
    /// How long requests under way may take when the run is stopped; they are not tried again.
    package var grace = Duration.seconds(10)
    /// From where on the past is read beside live collection, by collectors that can be asked for it.
    package var since: Timestamp?
    /// How often the observer is told how things stand.
    package var observeEvery = Duration.milliseconds(500)

    package init() {}
}

/// What came of a run.
package struct RunOutcome: Sendable {
    package var snapshot: RunSnapshot
    /// Whether it was asked to stop before it was done.
    package var wasStopped: Bool

    /// Collectors that a person has to look after, with the reasons.
    package var stoppedCollectors: [(name: String, reason: String)] {
        snapshot.collectors.compactMap { collector in
            if case .stopped(let reason) = collector.condition { (collector.name, reason) } else { nil }
        }
    }
    /// Things that collectors could not read and that are not in the dead letter, because nothing of them is there.
    package var unreadable: Int { snapshot.collectors.reduce(0) { $0 + $1.problems } }
    package var refused: Int {
        snapshot.collectors.reduce(0) { $0 + $1.malformed } + snapshot.exporters.reduce(0) { $0 + $1.refused }
    }
}

/// The tasks of one running pipeline, and the order in which they end: collectors first, then the lanes, which end
/// with the deliveries under way, then the shippers with what they have in hand.
struct PipelineRun: Sendable {
    /// How often a draining run looks whether it is done.
    private static let drainPoll = Duration.milliseconds(100)

    let collectors: [any CollectorPart]
    let shippers: [Shipper]
    let receivers: [any Receiver]
    let sink: any PageSink
    /// What comes behind the rules, and where its findings go.
    struct Correlation: Sendable {
        var stage: CorrelationStage
        var sink: any PageSink
    }

    let correlation: Correlation?

    /// What learns from all pages, and where its findings go.
    struct Behaviour: Sendable {
        var stage: BehaviourStage
        var sink: any PageSink
    }

    let behaviour: Behaviour?

    struct Straying: Sendable {
        var stage: DriftStage
        var reports: ReportStage
        var sink: any PageSink
    }

    let drift: Straying?
    let health: HealthStage
    let files: any FileReader
    let board: RunBoard
    let time: any TimeSource
    let log: Log
    let plan: RunPlan
    /// Brings the exporters' part of the board up to date.
    let refresh: @Sendable () async -> Void

    private enum Ended: Sendable {
        case shipper, collectors, drained, stopRequest, graceTime, observer, keeper
    }

    /// Runs until done, or until `stop` returns and everything has come to its end.
    func run(
        until stop: @escaping @Sendable () async -> Void, observe: @escaping @Sendable (RunSnapshot) -> Void
    ) async -> RunOutcome {
        let stopping = Pulse()
        var wasStopped = false
        await withTaskGroup(of: Ended.self) { group in
            for shipper in shippers {
                group.addTask {
                    await shipper.run()
                    return .shipper
                }
            }
            for receiver in receivers {
                group.addTask {
                    await receiver.tend()
                    return .keeper
                }
            }
            if let correlation {
                group.addTask {
                    await correlation.stage.run(into: correlation.sink)
                    return .keeper
                }
            }
            if let behaviour {
                group.addTask {
                    await behaviour.stage.run(into: behaviour.sink)
                    return .keeper
                }
            }
            if let drift {
                group.addTask {
                    await drift.stage.run(into: drift.sink)
                    return .keeper
                }
                group.addTask {
                    await drift.reports.run(into: drift.sink)
                    return .keeper
                }
            }
            group.addTask {
                await health.run(into: sink)
                return .keeper
            }
            group.addTask {
                await collect(until: stopping)
                return .collectors
            }
            group.addTask {
                await stop()
                return .stopRequest
            }
            group.addTask {
                await watch(observe)
                return .observer
            }
            var shippersLeft = shippers.count
            while shippersLeft > 0, let ended = await group.next() {
                switch ended {
                case .stopRequest:
                    wasStopped = true
                    board.beginStopping()
                    log.info("Stopping: what is under way is finished")
                    stopping.beat()
                case .collectors:
                    group.addTask {
                        await drain(until: stopping)
                        return .drained
                    }
                case .drained:
                    for shipper in shippers { shipper.stop() }
                    group.addTask {
                        try? await time.sleep(until: time.now + plan.grace)
                        return .graceTime
                    }
                case .graceTime:
                    group.cancelAll()
                case .shipper:
                    shippersLeft -= 1
                case .observer, .keeper: continue
                }
            }
            group.cancelAll()
        }
        await refresh()
        observe(board.snapshot)
        return RunOutcome(snapshot: board.snapshot, wasStopped: wasStopped)
    }

    /// Polls every collector; a fault in one stops that one only.
    private func collect(until stopping: Pulse) async {
        let mode: RunMode = plan.endsWhenDone ? .once : .continuous
        await withTaskGroup(of: Bool.self) { group in
            for part in collectors {
                group.addTask {
                    await poll(part, mode)
                    return false
                }
            }
            group.addTask {
                try? await stopping.wait(after: 0)
                return true
            }
            var left = collectors.count
            while let isStop = await group.next() {
                if isStop { break }
                left -= 1
                // A service goes on for its exporters and its health page, even with no collector left.
                if left == 0, plan.endsWhenDone { break }
            }
            group.cancelAll()
        }
    }

    private func poll(_ part: any CollectorPart, _ mode: RunMode) async {
        board.collector(part.name) { $0.condition = .running }
        do throws(Fault) {
            try await part.run(mode, files: files, sink: sink, health: board)
            board.collector(part.name) { $0.condition = .finished }
        } catch {
            if error.kind == .cancelled { return }
            board.collector(part.name) { $0.condition = .stopped(error.message) }
            log.error("A collector has stopped", ["collector": part.name, "reason": error.message])
        }
    }

    /// Waits until everything is delivered, where the run is to end by itself; while receivers take what they are
    /// given it waits as long as that lasts.
    private func drain(until stopping: Pulse) async {
        guard plan.endsWhenDone else { return }
        // Without this the last page's findings would wait for the next start; a stopped run leaves them to it.
        if let correlation, stopping.beats == 0 { await correlation.stage.evaluate(into: correlation.sink) }
        if let behaviour, stopping.beats == 0 { await behaviour.stage.evaluate(into: behaviour.sink) }
        if let drift, stopping.beats == 0 {
            await drift.stage.settle(into: drift.sink)
            await drift.reports.makeDue(into: drift.sink)
        }
        await health.look(into: sink)
        for shipper in shippers { shipper.flush() }
        var settled = -1
        var lastChange = time.now
        while stopping.beats == 0, !Task.isCancelled {
            await refresh()
            let snapshot = board.snapshot
            if snapshot.pending == 0 { return }
            let now = snapshot.exporters.reduce(0) { $0 + $1.accepted + $1.refused }
            if now != settled {
                settled = now
                lastChange = time.now
            }
            if time.now - lastChange > plan.patience {
                log.warning(
                    "Nothing was accepted for \(plan.patience.userText): the rest is left to the next start")
                return
            }
            try? await stopping.wait(after: 0, until: time.now + Self.drainPoll, time)
        }
    }

    private func watch(_ observe: @escaping @Sendable (RunSnapshot) -> Void) async {
        while !Task.isCancelled {
            await refresh()
            observe(board.snapshot)
            do throws(CancellationError) {
                try await time.sleep(until: time.now + plan.observeEvery)
            } catch {
                return
            }
        }
    }
}
