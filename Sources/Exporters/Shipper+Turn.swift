import Engine
import Ports
import Synchronization

/// Who may send, and when: the oldest of those who wait, as soon as the pace allows it and the receiver's own word is over.
extension Shipper {
    /// Tries without an answer after which a batch goes in two, where its receiver can be sent parts.
    static let timeoutsMax = 3
    /// No answer for so long is a time-out.
    private static let answerMax = Duration.seconds(10)

    /// Waits for its turn; `nil` when we are to stop, or cancelled, instead.
    func turn(of open: OpenRows) async -> Pace.Ticket? {
        let first = open.shipment.rows.lowerBound
        let size = part(of: open)
        state.withLock { _ = $0.waiting.insert(first) }
        defer {
            state.withLock { _ = $0.waiting.remove(first) }
            moved.beat()
        }
        while !Task.isCancelled {
            let beats = moved.beats
            let now = time.now
            let (ticket, moment) = state.withLock { state -> (Pace.Ticket?, Timestamp?) in
                let holdEnd = state.holdEnd(at: now)
                if holdEnd > now { return (nil, holdEnd) }
                guard state.waiting.min() == first, let turn = state.pace.turn(at: now) else {
                    return (nil, nil)
                }
                return turn > now ? (nil, turn) : (state.pace.depart(size: size, at: now), nil)
            }
            if let ticket { return ticket }
            do throws(CancellationError) {
                guard let moment else {
                    try await moved.wait(after: beats)
                    continue
                }
                // Whoever would have to wait by the clock leaves it to the next start.
                if isStopping { return nil }
                try await moved.wait(after: beats, until: moment, time)
            } catch {
                return nil
            }
        }
        return nil
    }

    /// The request has ended; what its answer asks of everybody is known before the next one goes.
    func yield(_ ticket: Pace.Ticket, _ sign: Pace.Sign, until moment: Timestamp? = nil) {
        let now = time.now
        state.withLock { state in
            if let moment { state.hold(until: moment, at: now) }
            state.pace.arrive(ticket, sign, at: now)
        }
        moved.beat()
    }

    func sign(of fault: Fault, since ticket: Pace.Ticket) -> Pace.Sign {
        switch fault.kind {
        case .throttled: .throttled
        case .transient where fault.mayHaveArrived:
            time.now - ticket.sentAt >= Self.answerMax ? .timedOut : .lost
        case .transient, .denied, .malformed, .rejected, .cancelled: .silent
        }
    }

    private func part(of open: OpenRows) -> Double {
        let rows = Double(open.count) / Double(limits.rowsMax)
        let share = Double(open.count) / Double(max(1, open.shipment.count))
        let bytes = Double(open.shipment.textBytes) * share / Double(limits.bytesMax)
        return min(1, max(rows, bytes))
    }
}

extension Pace.Sign {
    init(_ verdict: Verdict) {
        switch verdict {
        case .accepted, .rejected, .stopped, .awaiting: self = .taken
        case .retry: self = .throttled
        case .partial(_, let again, let after):
            // What was set aside here has not been sent.
            self = after == .distantPast ? .silent : again.isEmpty ? .taken : .throttled
        case .tooLarge: self = .tooLarge
        case .denied: self = .silent
        }
    }
}

extension Verdict {
    /// Until when the receiver wants to be left alone.
    var pause: Timestamp? {
        if case .retry(let after) = self, after != .distantPast { after } else { nil }
    }
}
