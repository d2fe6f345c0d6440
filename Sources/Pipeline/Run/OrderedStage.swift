import Ports

/// A stage behind all pages that follows what they brought, in one order.
protocol OrderedStage: Actor {
    /// Beats when something has come.
    nonisolated var arrived: Pulse { get }
    /// Delivers what follows from everything that has come; returns early only when cancelled.
    func evaluate(into sink: any PageSink) async
}

extension OrderedStage {
    /// Evaluates whenever something came, until cancelled.
    func run(into sink: any PageSink) async {
        while !Task.isCancelled {
            let beats = arrived.beats
            await evaluate(into: sink)
            do throws(CancellationError) { try await arrived.wait(after: beats) } catch { return }
        }
    }
}
