package import Engine
import Ports
import Synchronization

/// A world in which one seed decides everything: which of the runnable tasks goes next, how long a disk or a
/// network takes, what fails.
///
/// It is a task executor that runs every job of its body on the calling thread, one at a time, and a clock that
/// only moves when nothing can run. Child tasks and default actors stay on it; an unstructured task would leave
/// it, which is one reason why they are banned. The same seed gives the same run.
package final class Simulation: TaskExecutor, TimeSource, Entropy {
    /// Nobody can run and nobody is asleep, yet the body has not ended.
    package struct Deadlock: Error, CustomStringConvertible {
        package let seed: UInt64
        package var description: String { "seed \(seed): every task waits for another" }
    }

    /// More jobs than any sane run needs, without an end.
    package struct Livelock: Error, CustomStringConvertible {
        package let seed: UInt64
        package var description: String { "seed \(seed): still busy after \(Simulation.jobsMax) jobs" }
    }

    /// Jobs in one run; the run then fails.
    package static let jobsMax = 20_000_000

    struct Sleeper {
        var deadline: Timestamp
        /// Decides between sleepers of the same moment.
        var order: UInt64
        var id: UInt64
    }

    struct State {
        var now: Timestamp
        var generator: SeededGenerator
        var jobs: [UnownedJob] = []
        var sleepers: [Sleeper] = []
        var waiting: [UInt64: CheckedContinuation<Bool, Never>] = [:]
        var cancelledBeforeAsleep: Set<UInt64> = []
        var nextID: UInt64 = 0
    }

    package let seed: UInt64
    /// When the world begins: a Monday morning, on the hour.
    package let start: Timestamp
    let state: Mutex<State>

    package init(seed: UInt64, start: Timestamp = Timestamp(seconds: 1_700_467_200)) {
        self.seed = seed
        self.start = start
        state = Mutex(State(now: start, generator: SeededGenerator(seed: seed)))
    }

    package var now: Timestamp { state.withLock { $0.now } }

    /// Time since the world began.
    package var elapsed: Duration { now - start }

    package func next() -> UInt64 { state.withLock { $0.generator.next() } }

    /// Runs `body` until it returns or, where a span is given, cancels it once that much time has passed.
    ///
    /// `atEnd` comes just before that: a crash stops the disk and the network there, so that nothing the body still
    /// does has an effect. `nil` when the body was cancelled by the end of the span; any other error is thrown on. Time goes on where
    /// an earlier run of the same world left it.
    @discardableResult
    package func run<Value: Sendable>(
        for span: Duration? = nil, atEnd: () -> Void = {},
        _ body: @escaping @Sendable () async throws -> Value
    ) throws -> Value? {
        let outcome = Mutex<Result<Value, any Error>?>(nil)
        let task = Task(executorPreference: self) {
            do {
                let value = try await body()
                outcome.withLock { $0 = .success(value) }
            } catch {
                outcome.withLock { $0 = .failure(error) }
            }
        }
        var limit = span.map { now + $0 }
        var ran = 0
        while true {
            if let job = takeJob() {
                ran += 1
                guard ran <= Self.jobsMax else { throw Livelock(seed: seed) }
                unsafe job.runSynchronously(on: asUnownedTaskExecutor())
                continue
            }
            if let result = outcome.withLock({ $0 }) {
                return try value(of: result, wasCancelled: task.isCancelled)
            }
            if let end = limit, (nextDeadline ?? .distantFuture) > end {
                state.withLock { $0.now = end }
                limit = nil
                atEnd()
                task.cancel()
            } else if !wakeEarliest() {
                throw Deadlock(seed: seed)
            }
        }
    }

    private func value<Value>(of result: Result<Value, any Error>, wasCancelled: Bool) throws -> Value? {
        do {
            return try result.get()
        } catch let error {
            let isCancellation = error is CancellationError || (error as? Fault)?.kind == .cancelled
            if wasCancelled, isCancellation { return nil }
            throw error
        }
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        state.withLock { $0.jobs.append(job) }
    }

    private func takeJob() -> UnownedJob? {
        state.withLock { state -> UnownedJob? in
            guard !state.jobs.isEmpty else { return nil }
            let index = state.generator.index(below: state.jobs.count)
            state.jobs.swapAt(index, state.jobs.count - 1)
            return state.jobs.removeLast()
        }
    }
}
