package import Engine
import Ports
import Synchronization

extension Simulation {
    package func sleep(until deadline: Timestamp) async throws(CancellationError) {
        let id = newSleeper()
        let wasWoken = await withTaskCancellationHandler {
            await withCheckedContinuation { fallAsleep(id, until: deadline, $0) }
        } onCancel: {
            cancel(id)
        }
        if !wasWoken { throw CancellationError() }
    }

    /// Lets time pass whether the task is cancelled or not: what a disk does.
    package func pass(_ span: Duration) async {
        let id = newSleeper()
        _ = await withCheckedContinuation { fallAsleep(id, until: now + span, $0) }
    }

    /// A span up to `longest`, short ones more often than long ones.
    package func span(upTo longest: Duration) -> Duration {
        let fraction = fraction()
        return .nanoseconds(Int64(Double(longest.nanoseconds) * fraction * fraction * fraction))
    }

    /// True with this probability.
    package func chance(_ probability: Double) -> Bool { probability > 0 && fraction() < probability }

    /// When the next of those who are still asleep wakes; whoever was cancelled is not among them.
    var nextDeadline: Timestamp? {
        state.withLock { state in
            while let earliest = state.sleepers.first, state.waiting[earliest.id] == nil {
                _ = state.sleepers.popEarliest()
            }
            return state.sleepers.first?.deadline
        }
    }

    private func newSleeper() -> UInt64 {
        state.withLock {
            $0.nextID += 1
            return $0.nextID
        }
    }

    private func fallAsleep(
        _ id: UInt64, until deadline: Timestamp, _ continuation: CheckedContinuation<Bool, Never>
    ) {
        let isCancelled = state.withLock { state in
            if state.cancelledBeforeAsleep.remove(id) != nil { return true }
            state.waiting[id] = continuation
            let order = state.generator.next()
            state.sleepers.push(Sleeper(deadline: max(deadline, state.now), order: order, id: id))
            return false
        }
        if isCancelled { continuation.resume(returning: false) }
    }

    private func cancel(_ id: UInt64) {
        let continuation = state.withLock { state in
            if let waiting = state.waiting.removeValue(forKey: id) { return Optional(waiting) }
            state.cancelledBeforeAsleep.insert(id)
            return nil
        }
        continuation?.resume(returning: false)
    }

    /// Moves the clock to the earliest sleeper and wakes it; false when nobody is asleep.
    func wakeEarliest() -> Bool {
        while true {
            let (found, continuation) = state.withLock { state in
                guard let sleeper = state.sleepers.popEarliest() else {
                    return (false, CheckedContinuation<Bool, Never>?.none)
                }
                // Whoever was cancelled while asleep is gone already.
                guard let waiting = state.waiting.removeValue(forKey: sleeper.id) else { return (true, nil) }
                state.now = max(state.now, sleeper.deadline)
                return (true, waiting)
            }
            guard found else { return false }
            if let continuation {
                continuation.resume(returning: true)
                return true
            }
        }
    }
}

extension [Simulation.Sleeper] {
    private func isEarlier(_ a: Int, _ b: Int) -> Bool {
        (self[a].deadline, self[a].order) < (self[b].deadline, self[b].order)
    }

    mutating func push(_ sleeper: Simulation.Sleeper) {
        append(sleeper)
        var child = count - 1
        while child > 0, isEarlier(child, (child - 1) / 2) {
            swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func popEarliest() -> Simulation.Sleeper? {
        guard !isEmpty else { return nil }
        swapAt(0, count - 1)
        let earliest = removeLast()
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < count && isEarlier(child, least) {
                least = child
            }
            if least == parent { return earliest }
            swapAt(parent, least)
            parent = least
        }
    }
}
