import Engine
package import Ports
import Synchronization

/// Brings one exporter's spool to its receiver: batches, waits, retries, acknowledgements and the books.
///
/// Before a request goes out its attempt is journaled, and its verdict after the answer, so that a restart knows
/// exactly which rows were perhaps accepted: those, and no others, are sent again under the same batch id and
/// counted as resent. One receiver's outage holds up nothing but its own spool.
package final class Shipper: Sendable {
    package struct Limits: Hashable, Sendable {
        /// Rows in a batch.
        package var rowsMax = 2_000
        /// Bytes of JSON in a batch before compression; a single larger event goes alone.
        package var bytesMax = 2 << 20
        /// How long a row may wait for its batch to fill.
        package var ageMax = Duration.seconds(1)
        /// Requests under way at once, at the most: how many of them the receiver's answers say. One keeps the order.
        package var concurrency = 8
        /// The first wait after a failure; it doubles up to `retryMax`, and the actual wait is drawn from 0 to it.
        package var retryFirst = Duration.seconds(1)
        package var retryMax = Duration.seconds(60)
        /// How often a receiver that denies us is asked again.
        package var deniedRetry = Duration.minutes(5)
        /// How often open acknowledgements are asked for, and when a batch without one is sent again.
        package var acknowledgementPoll = Duration.seconds(2)
        package var acknowledgementTimeout = Duration.minutes(5)
        /// Batches that wait for an acknowledgement; more are not sent until some have come.
        package var awaitingMax = 256

        package init() {}
    }

    struct Awaiting: Sendable {
        var rows: Range<UInt64>
        /// Those not confirmed yet.
        var acknowledgements: Set<String>
        var accepted: [LedgerKey: Int]
        var refused: [RefusedRow]
        var since: Timestamp
    }

    struct State: Sendable {
        var pace: Pace
        var inFlight: [Range<UInt64>] = []
        /// Shipments, by their first row, that wait for their turn to be sent.
        var waiting: Set<UInt64> = []
        /// Perhaps accepted, to be sent again.
        var redo: [Range<UInt64>] = []
        var awaiting: [Awaiting] = []
        /// No request before this: what a receiver's `Retry-After` asks for.
        private var notBefore = Timestamp.distantPast
        /// When that was said.
        private var heldSince = Timestamp.distantPast
        var isFlushing = false
        var isStopping = false
        /// Something failed since `stop`: what is left is for the next start.
        var hasGivenUp = false

        init(_ pace: Pace) { self.pace = pace }

        var taken: [Range<UInt64>] { inFlight + redo + awaiting.map(\.rows) }

        /// Until when nobody sends. A clock that was set back to before it was said would make it longer: it is over.
        func holdEnd(at now: Timestamp) -> Timestamp { now < heldSince ? .distantPast : notBefore }

        mutating func hold(until moment: Timestamp, at now: Timestamp) {
            notBefore = max(holdEnd(at: now), moment)
            heldSince = now
        }
    }

    package let name: String
    package let limits: Limits
    let receiver: any Receiver
    /// The same, where it takes whole frames.
    let frameReceiver: (any FrameReceiver)?
    let spool: Spool
    let log: any DeliveryLog
    let volume: any Volume
    let time: any TimeSource
    let entropy: any Entropy
    let state: Mutex<State>
    /// Beats when a task of ours has ended or we are told to flush or stop.
    let wake = Pulse()
    /// Beats when somebody's turn may have come: a request has ended, or one who waited goes.
    let moved = Pulse()
    /// Beats once, when `stop` is called: it ends every wait for a retry.
    let stopped = Pulse()

    package init(
        _ name: String, to receiver: any Receiver, spool: Spool, log: any DeliveryLog, doors: Doors,
        limits: Limits = Limits()
    ) {
        self.name = name
        self.limits = limits
        state = Mutex(State(Pace(most: limits.concurrency)))
        self.receiver = receiver
        frameReceiver = (receiver as? any FrameReceiver).flatMap { $0.takesFrames ? $0 : nil }
        self.spool = spool
        self.log = log
        volume = doors.volume
        time = doors.time
        entropy = doors.entropy
    }

    private var packing: ShipmentSource.Packing {
        guard let frameReceiver else { return .none }
        return frameReceiver.takesFramesSingly ? .singly : .whole
    }

    /// Ships until cancelled, or until `stop` was called and what was under way has ended.
    package func run() async {
        let unjudged = await log.queue(of: name).unjudged
        state.withLock { $0.redo = unjudged }
        await withDiscardingTaskGroup { group in
            group.addTask { await self.pollAcknowledgements() }
            group.addTask { await self.passOnCommits() }
            var source = ShipmentSource(name, volume: volume, packing)
            var open: Shipment?
            while !Task.isCancelled {
                let beats = wake.beats
                let next = await nextShipment(from: &source, open: &open)
                if let next {
                    state.withLock { $0.inFlight.append(next.shipment.rows) }
                    group.addTask {
                        await self.ship(next.shipment, isResent: next.isResent)
                        self.state.withLock { $0.inFlight.removeAll { $0 == next.shipment.rows } }
                        self.wake.beat()
                    }
                    continue
                }
                if isDone { break }
                let deadline = wakeTime(open)
                do throws(CancellationError) {
                    try await wake.wait(after: beats, until: deadline, time)
                } catch {
                    break
                }
            }
            group.cancelAll()
        }
        do throws(Fault) { try await receiver.close() } catch {
            await log.note("exporter \(name)", "closing: \(error)")
        }
    }

    /// From now on a batch goes out as soon as there is a row for it: for a run that is to come to an end.
    package func flush() {
        state.withLock { $0.isFlushing = true }
        wake.beat()
    }

    /// From now on nothing is tried a second time; `run` returns when everything has been tried once.
    package func stop() {
        state.withLock { state in
            state.isFlushing = true
            state.isStopping = true
        }
        stopped.beat()
        wake.beat()
        moved.beat()
    }

    /// How an exporter fares with its receiver, for metrics.
    package struct Standing: Hashable, Sendable {
        /// Requests under way, and how many may be as of now.
        package var underWay: Int
        package var limit: Int
        /// Rows that a batch may have as of now.
        package var batchRows: Int
        /// Answers of this run that asked for less.
        package var throttled: Int
    }

    package var standing: Standing {
        state.withLock { state in
            let pace = state.pace
            return Standing(
                underWay: pace.underWay, limit: pace.limit, batchRows: pace.part(of: limits.rowsMax),
                throttled: pace.throttled)
        }
    }

    var isStopping: Bool { state.withLock { $0.isStopping } }

    private var isDone: Bool {
        state.withLock { state in
            state.isStopping && state.inFlight.isEmpty && (state.hasGivenUp || state.awaiting.isEmpty)
        }
    }

    /// A commit for whichever exporter wakes us.
    private func passOnCommits() async {
        var seen = log.committed.beats
        while true {
            do throws(CancellationError) { try await log.committed.wait(after: seen) } catch { return }
            seen = log.committed.beats
            wake.beat()
        }
    }

    private func wakeTime(_ open: Shipment?) -> Timestamp {
        let now = time.now
        let holdEnd = state.withLock { $0.holdEnd(at: now) }
        if holdEnd > now { return holdEnd }
        guard let open, !open.rows.isEmpty else { return now + .minutes(1) }
        return max(min(open.oldest, now) + limits.ageMax, now + .milliseconds(1))
    }

    private func nextShipment(
        from source: inout ShipmentSource, open: inout Shipment?
    ) async -> (shipment: Shipment, isResent: Bool)? {
        let now = time.now
        let current = state.withLock { state in
            if state.isStopping, state.holdEnd(at: now) > now { state.hasGivenUp = true }
            return state
        }
        guard current.inFlight.count < inHandMax(current.pace), current.awaiting.count < limits.awaitingMax,
            current.holdEnd(at: now) <= now, !current.hasGivenUp
        else { return nil }
        let queue = await log.queue(of: name)
        do throws(Fault) {
            if let rows = current.redo.first { return try await again(rows, from: &source, queue) }
            var shipment = open ?? Shipment(startingAt: 0)
            guard let free = queue.nextFree(from: shipment.rows.lowerBound, besides: current.taken) else {
                return nil
            }
            let isNew = open == nil
            // It grows in place only where nobody else holds it.
            open = nil
            if isNew || free.lowerBound != shipment.rows.lowerBound {
                shipment = Shipment(startingAt: free.lowerBound)
            }
            let rowsMax = current.pace.part(of: limits.rowsMax)
            let bytesMax = current.pace.part(of: limits.bytesMax)
            try await source.fill(
                &shipment, upTo: free.upperBound, of: queue, rowsMax: rowsMax, bytesMax: bytesMax)
            guard !shipment.rows.isEmpty else { return nil }
            let isFull = source.isFull(
                shipment, rowsMax: rowsMax, bytesMax: bytesMax, nextRow: free.upperBound)
            let isAged =
                current.isFlushing || Self.hasAged(since: shipment.oldest, limits.ageMax, at: time.now)
            open = isFull || isAged ? nil : shipment
            return isFull || isAged ? (shipment, false) : nil
        } catch let fault {
            open = nil
            await cannotRead(fault)
            return nil
        }
    }

    /// Shipments to have in hand: one more than are under way, so that the next is ready while the books are closed over
    /// the last. Where the order is kept there is none that could go while another waits for its next try.
    private func inHandMax(_ pace: Pace) -> Int { limits.concurrency == 1 ? 1 : pace.limit + 1 }

    /// Rows that were perhaps accepted, exactly as they were sent.
    private func again(
        _ rows: Range<UInt64>, from source: inout ShipmentSource, _ queue: SpoolQueue
    ) async throws(Fault) -> (shipment: Shipment, isResent: Bool)? {
        var shipment = Shipment(startingAt: rows.lowerBound)
        try await source.fill(&shipment, upTo: rows.upperBound, of: queue, rowsMax: .max, bytesMax: .max)
        let reached = shipment.rows.upperBound
        state.withLock { state in
            state.redo.removeAll { $0 == rows }
            if !shipment.rows.isEmpty, reached < rows.upperBound {
                state.redo.append(reached..<rows.upperBound)
            }
        }
        return shipment.rows.isEmpty ? nil : (shipment, true)
    }

    private func cannotRead(_ fault: Fault) async {
        await log.note("spool \(name)", "reading: \(fault)")
        let now = time.now
        state.withLock { $0.hold(until: now + limits.retryFirst, at: now) }
    }

    /// Whether something is so old; what comes from later than now, since the clock was set back, is as old as need be.
    static func hasAged(since moment: Timestamp, _ age: Duration, at now: Timestamp) -> Bool {
        moment + age <= now || moment > now
    }
}
