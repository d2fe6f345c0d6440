package import Engine
import Ports
import Synchronization

/// A machine's clock in a simulated world: it can be set, forward and back, while others sleep by it.
package final class SettableClock: TimeSource {
    private let world: Simulation
    private let offset = Mutex(Duration.zero)

    package init(_ world: Simulation) { self.world = world }

    package var now: Timestamp { world.now + offset.withLock { $0 } }

    /// Sets it on by so much; back where that is negative.
    package func set(by span: Duration) { offset.withLock { $0 += span } }

    package func sleep(until deadline: Timestamp) async throws(CancellationError) {
        let start = world.now
        let wait = ClockWait(until: deadline, at: now)
        while let left = wait.next(at: now, elapsed: world.now - start) {
            try await world.sleep(until: world.now + left)
        }
        if Task.isCancelled { throw CancellationError() }
    }
}
