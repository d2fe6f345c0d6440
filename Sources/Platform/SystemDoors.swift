package import Engine
import Glibc
import Ports

/// The machine's clock.
package struct SystemClock: TimeSource {
    package init() {}

    package var now: Timestamp {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(seconds: Int64(time.tv_sec)) + .nanoseconds(Int64(time.tv_nsec))
    }

    package func sleep(until deadline: Timestamp) async throws(CancellationError) {
        let start = ContinuousClock.now
        let wait = ClockWait(until: deadline, at: now)
        while let left = wait.next(at: now, elapsed: ContinuousClock.now - start) {
            do { try await Task.sleep(for: left) } catch { throw CancellationError() }
        }
        if Task.isCancelled { throw CancellationError() }
    }
}

/// The kernel's random numbers.
package struct SystemEntropy: Entropy {
    package init() {}

    package func next() -> UInt64 {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    }
}
