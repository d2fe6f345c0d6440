package import Engine
import Glibc
import Ports

/// The machine's clock.
package struct SystemClock: TimeSource {
    /// The wall clock may be set while somebody sleeps: it is looked at again at least this often.
    private static let sleepMax = Duration.seconds(30)

    package init() {}

    package var now: Timestamp {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(seconds: Int64(time.tv_sec)) + .nanoseconds(Int64(time.tv_nsec))
    }

    package func sleep(until deadline: Timestamp) async throws(CancellationError) {
        while true {
            let left = deadline - now
            if left <= .zero {
                if Task.isCancelled { throw CancellationError() }
                return
            }
            do {
                try await Task.sleep(for: min(left, Self.sleepMax))
            } catch {
                throw CancellationError()
            }
        }
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
