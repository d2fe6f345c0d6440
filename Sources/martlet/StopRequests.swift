import Platform
import Ports
import Synchronization

/// The signals that ask to stop, for whoever waits, also one after another.
///
/// A stream ends for good with the first waiter that is cancelled; here who comes later still hears of a signal, and of
/// one that came before.
final class StopRequests: Sendable {
    private let kind = Mutex(CommandContext.StopRequest.interrupt)
    private let asked = Pulse()

    init(_ signals: AsyncStream<StopSignals.Kind>) {
        Task {
            for await signal in signals {
                kind.withLock { $0 = signal == .interrupt ? .interrupt : .terminate }
                asked.beat()
            }
        }
    }

    /// The last signal, once there is one; of no meaning where the waiting was cancelled.
    func next() async -> CommandContext.StopRequest {
        try? await asked.wait(after: 0)
        return kind.withLock { $0 }
    }
}
