package import Credentials
import Engine
package import Ports

/// Carries out a collector's steps: sends, waits, retries, delivers, and only then lets it acknowledge.
///
/// Calls run beside one another and beside the one delivery under way, so that a queue's messages can be held
/// while a full spool makes everybody wait.
package struct Poller<Machine: Collector>: Sendable {
    /// Calls under way; the collector is not asked for more until one has ended.
    static var callsInFlightMax: Int { 256 }
    /// Tries of one call before a person is told, and the pause before the next round of tries.
    static var attempts: Int { 6 }
    static var roundPauseMax: Duration { .seconds(60) }
    /// Rounds of tries after which a run that must end gives up.
    static var roundsOnce: Int { 3 }
    /// Answers to one call that could not be used after which a run that must end gives up.
    static var unusableOnce: Int { 10 }
    /// Tries of one delivery after which a run that must end gives up.
    static var deliveriesOnce: Int { 8 }

    /// The rest of an object, read with the tries and pauses of any other call.
    private struct Pieces: PieceSource {
        let poller: Poller
        let rest: ObjectRest

        func piece(at offset: Int64) async throws(Fault) -> [UInt8] {
            if let end = rest.end, offset >= end { return [] }
            return try rest.bytes(in: await poller.perform(Call(0, rest.operation(from: offset))))
        }
    }

    private enum Event: Sendable {
        case reply(Call, Reply)
        case delivered(Result<PageReceipt, Fault>)
        case alarm(Timestamp)
    }

    /// A collector in the middle of its work.
    private struct Life {
        var machine: Machine
        /// Calls and deliveries under way.
        var running = 0
        var alarms: [Timestamp] = []
        /// How often a call's answer could not be used, by the call's number.
        var unusable: [Int: Int] = [:]
    }

    private let collector: Machine
    private let mode: RunMode
    private let caller: Caller
    private let files: any FileReader
    private let sink: any PageSink
    private let health: any HealthReporter

    private var time: any TimeSource { caller.time }

    package init(
        _ collector: Machine, mode: RunMode, caller: Caller, files: any FileReader, sink: any PageSink,
        health: any HealthReporter
    ) {
        self.collector = collector
        self.mode = mode
        self.caller = caller
        self.files = files
        self.sink = sink
        self.health = health
    }

    /// Returns when caught up, where the run is to end then; else it ends by cancellation (`cancelled`) or with
    /// the fault that stops this feed (`denied`), for which a person has to act.
    package func run() async throws(Fault) {
        var machine = collector
        try machine.resume(from: try await sink.position(of: machine.source), mode: mode, at: time.now)
        let started = machine
        let outcome: Result<Void, Fault> = await withTaskGroup(of: Event.self) { group in
            let result = await loop(started, &group)
            group.cancelAll()
            return result
        }
        try outcome.get()
    }

    private func loop(_ started: Machine, _ group: inout TaskGroup<Event>) async -> Result<Void, Fault> {
        var life = Life(machine: started)
        while true {
            var deadline: Timestamp?
            asking: while life.running < Self.callsInFlightMax {
                if Task.isCancelled { return .failure(Fault(.cancelled, "stopped")) }
                switch life.machine.next(at: time.now) {
                case .call(let call): start(call, &life, &group)
                case .deliver(var page, let rests):
                    life.running += 1
                    for (index, rest) in rests { page.objects[index].rest = Pieces(poller: self, rest: rest) }
                    group.addTask { [page] in .delivered(await deliver(page)) }
                case .report(let note): await health.report(note)
                case .wait(let until, let isCaughtUp):
                    if isCaughtUp, life.running == 0, mode == .once { return .success(()) }
                    deadline = until
                    precondition(
                        until != nil || life.running > 0, "\(collector.source) waits for nothing")
                    break asking
                }
            }
            if let deadline, !life.alarms.contains(where: { $0 <= deadline }) {
                life.alarms.append(deadline)
                group.addTask {
                    try? await time.sleep(until: deadline)
                    return .alarm(deadline)
                }
            }
            guard let event = await group.next() else { return .failure(Fault(.cancelled, "stopped")) }
            do throws(Fault) {
                switch event {
                case .alarm(let at): life.alarms.removeAll { $0 == at }
                case .delivered(let result):
                    life.running -= 1
                    life.machine.delivered(try result.get(), at: time.now)
                case .reply(let call, let reply):
                    life.running -= 1
                    if let fault = try take(reply, to: call, &life) {
                        if life.unusable[call.id] == 1 { await report(fault) }
                        var again = call
                        again.notBefore = time.now + .seconds(1) + .seconds(4) * caller.entropy.fraction()
                        start(again, &life, &group)
                    }
                }
            } catch {
                return .failure(error)
            }
        }
    }

    private func start(_ call: Call, _ life: inout Life, _ group: inout TaskGroup<Event>) {
        life.running += 1
        group.addTask { .reply(call, await perform(call)) }
    }

    /// Why the call has to be made again, where it has.
    private func take(_ reply: Reply, to call: Call, _ life: inout Life) throws(Fault) -> Fault? {
        if case .failed(let fault) = reply {
            switch fault.kind {
            case .cancelled: throw fault
            case .transient, .throttled, .denied: if call.isEssential { throw fault }
            // This one answer is beyond reading: the collector says what that means.
            case .malformed, .rejected: break
            }
        }
        do throws(Fault) {
            try life.machine.take(reply, to: call.id, at: time.now)
            life.unusable[call.id] = nil
            return nil
        } catch {
            let times = life.unusable[call.id, default: 0] + 1
            life.unusable[call.id] = times
            guard error.kind == .transient, mode == .continuous || times < Self.unusableOnce else {
                throw error
            }
            return error
        }
    }

    private func perform(_ call: Call) async -> Reply {
        var rounds = 0
        while true {
            do throws(Fault) {
                if let start = call.notBefore, start > time.now { try await sleep(until: start) }
                return try await perform(call.operation)
            } catch {
                switch error.kind {
                case .throttled(let until):
                    do throws(Fault) { try await sleep(until: until) } catch { return .failed(error) }
                case .transient
                where call.isEssential && (mode == .continuous || rounds + 1 < Self.roundsOnce):
                    rounds += 1
                    if rounds == 1 || rounds % 10 == 0 { await report(error) }
                    let pause = min(.seconds(5) * (1 << min(rounds, 8)), Self.roundPauseMax)
                    do throws(Fault) {
                        try await sleep(until: time.now + pause * (0.5 + caller.entropy.fraction() / 2))
                    } catch { return .failed(error) }
                default: return .failed(error)
                }
            }
        }
    }

    private func perform(_ operation: Call.Operation) async throws(Fault) -> Reply {
        switch operation {
        case .http(let request, let authorizer, let rule):
            .answer(
                try await caller.send(request, authorizer: authorizer, rule: rule, attempts: Self.attempts))
        case .list(let folder): .entries(try await files.entries(of: folder))
        case .entry(let path): .entry(try await files.entry(at: path))
        case .read(let path, let range): .bytes(try await files.read(path, in: range))
        case .look(let stream, let messagesMax, let bytesMax, let wait):
            .messages(try await stream.next(messagesMax: messagesMax, bytesMax: bytesMax, wait: wait))
        case .commit(let stream, let offsets): try await committed(offsets, to: stream)
        }
    }

    private func committed(
        _ offsets: [StreamPartition: Int64], to stream: any MessageStream
    ) async throws(Fault) -> Reply {
        try await stream.commit(offsets)
        return .committed
    }

    private func deliver(_ page: RawPage) async -> Result<PageReceipt, Fault> {
        var tries = 0
        var mark = PageMark()
        while true {
            let before = mark
            do throws(Fault) {
                return .success(try await sink.deliver(page, from: &mark))
            } catch {
                tries = mark == before ? tries + 1 : 1
                guard error.kind == .transient, mode == .continuous || tries < Self.deliveriesOnce else {
                    return .failure(error)
                }
                if tries == 1 || tries % 10 == 0 { await report(error) }
                let pause = min(.milliseconds(100) * (1 << min(tries, 12)), Self.roundPauseMax)
                do throws(Fault) {
                    try await sleep(until: time.now + pause * (0.5 + caller.entropy.fraction() / 2))
                } catch { return .failure(error) }
            }
        }
    }

    private func report(_ fault: Fault) async {
        await health.report(
            HealthNote(.warning, source: collector.source, code: "still-trying", fault.message))
    }

    private func sleep(until deadline: Timestamp) async throws(Fault) {
        do { try await time.sleep(until: deadline) } catch { throw Fault(.cancelled, "stopped") }
    }
}
