import Dispatch

/// Runs an actor's jobs one after another on a queue of its own, so that calls into the kernel that block never
/// hold one of the few threads that everything else shares.
final class BlockingExecutor: SerialExecutor {
    private let queue: DispatchQueue

    init(_ label: String) { queue = DispatchQueue(label: label) }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { unsafe job.runSynchronously(on: unsafe self.asUnownedSerialExecutor()) }
    }
}
