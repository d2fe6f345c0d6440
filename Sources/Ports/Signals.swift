package import Engine
import Synchronization

/// Tells whoever waits that something has changed; waiting for a change that has already come returns at once.
package final class Pulse: Sendable {
    private struct State {
        var beats: UInt64 = 0
        var nextID: UInt64 = 0
        var waiting: [UInt64: CheckedContinuation<Bool, Never>] = [:]
        var cancelledEarly: Set<UInt64> = []
    }

    private let state = Mutex(State())

    package init() {}

    /// Beats so far. Read it, look at the thing, then wait for a beat after the number read: nothing is missed.
    package var beats: UInt64 { state.withLock { $0.beats } }

    package func beat() {
        let waiting = state.withLock { state in
            state.beats += 1
            defer { state.waiting.removeAll() }
            return state.waiting.sorted { $0.key < $1.key }.map(\.value)
        }
        for continuation in waiting { continuation.resume(returning: true) }
    }

    package func wait(after beats: UInt64) async throws(CancellationError) {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        let hasBeaten = await withTaskCancellationHandler {
            await withCheckedContinuation { enter(id, after: beats, $0) }
        } onCancel: {
            let continuation = state.withLock { state in
                if let waiting = state.waiting.removeValue(forKey: id) { return Optional(waiting) }
                state.cancelledEarly.insert(id)
                return nil
            }
            continuation?.resume(returning: false)
        }
        state.withLock { _ = $0.cancelledEarly.remove(id) }
        if !hasBeaten { throw CancellationError() }
    }

    private func enter(_ id: UInt64, after beats: UInt64, _ continuation: CheckedContinuation<Bool, Never>) {
        let answer = state.withLock { state -> Bool? in
            if state.cancelledEarly.contains(id) { return false }
            if state.beats > beats { return true }
            state.waiting[id] = continuation
            return nil
        }
        if let answer { continuation.resume(returning: answer) }
    }

    /// Waits for a beat, but not beyond the deadline.
    package func wait(
        after beats: UInt64, until deadline: Timestamp, _ time: any TimeSource
    ) async throws(CancellationError) {
        let isCancelled = await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await self.wait(after: beats) }
            group.addTask { try? await time.sleep(until: deadline) }
            await group.next()
            group.cancelAll()
            return Task.isCancelled
        }
        if isCancelled { throw CancellationError() }
    }
}

/// Lets one task at a time through, in the order of their coming. For short stretches of writing: waiting here
/// does not end with a cancellation.
package final class Turnstile: Sendable {
    private struct State {
        var isTaken = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    package init() {}

    package func enter() async {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                if state.isTaken {
                    state.waiting.append(continuation)
                    return false
                }
                state.isTaken = true
                return true
            }
            if isFree { continuation.resume() }
        }
    }

    package func leave() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            if state.waiting.isEmpty {
                state.isTaken = false
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.resume()
    }
}
