package import Engine
package import Exporters
package import Ports
package import Store
import Synchronization

/// The event store as one of a pipeline's receivers: the ledger counts what it took as it does for any other.
package final class StoreReceiver: FrameReceiver {
    /// How often merging, retention and the removal of what was replaced are looked at.
    private static let tendEvery = Duration.seconds(30)

    private let store: EventStore
    private let retention: Retention
    private let time: any TimeSource
    private let log: Log
    /// The last batch's memory, for the next one.
    private let spare = Mutex(EventBatch())

    package init(_ store: EventStore, retention: Retention, time: any TimeSource, log: Log) {
        self.store = store
        self.retention = retention
        self.time = time
        self.log = log
    }

    /// Unpacking a frame is all that is needed of it.
    package var takesFrames: Bool { true }

    package func deliver(_ batch: EventBatch, batchID: String) async throws(Fault) -> Verdict {
        verdict(try await stored(batch, batchID))
    }

    package func deliver(frames: [SpoolFrame], batchID: String) async throws(Fault) -> Verdict {
        var batch = spare.withLock { spare in
            defer { spare = EventBatch() }
            return spare
        }
        batch.removeAll()
        defer { spare.withLock { [batch] in $0 = batch } }
        var damaged: [Int] = []
        /// The shipment's row for each of the batch's.
        var rows: [Int] = []
        var first = 0
        for frame in frames {
            let range = first..<first + frame.head.rows
            if frame.read(into: &batch) { rows += range } else { damaged += range }
            first = range.upperBound
        }
        let refused = try await stored(batch, batchID).map { rows[$0] }
        return verdict((refused + damaged).sorted())
    }

    private func stored(_ batch: EventBatch, _ id: String) async throws(Fault) -> [Int] {
        try await store.append(batch, id: id)
    }

    private func verdict(_ refused: [Int]) -> Verdict {
        refused.isEmpty
            ? .accepted : .rejected(rows: refused, reason: "the event cannot be read back from the spool")
    }

    package func tend() async {
        while !Task.isCancelled {
            do throws(Fault) {
                try await store.open()
                try await store.tidy()
                while !Task.isCancelled, try await store.mergeOnce() {}
                try await store.expire(retention)
            } catch {
                log.warning("The event store could not be tended", ["reason": error.message])
            }
            do throws(CancellationError) { try await time.sleep(until: time.now + Self.tendEvery) } catch {
                return
            }
        }
    }
}
