import Engine
import Ports
import Synchronization

extension Shipper {
    private enum Outcome {
        /// The books are closed over all of it.
        case judged
        /// Nothing was accepted; it goes again in two halves.
        case tooLarge(reason: String)
        /// Judged up to this row; the receiver has not looked at the rest.
        case judgedUpTo(Int)
        /// Somebody else goes on: the acknowledgements, the next start.
        case leftToOthers
    }

    /// Brings one shipment to its end, in parts where the receiver wants it so.
    func ship(_ shipment: Shipment, isResent: Bool) async {
        var work = [(shipment, isResent)]
        while let (current, isResent) = work.popLast() {
            if let damage = current.damage {
                await bury(current, damage)
                continue
            }
            switch await deliver(current, isResent: isResent) {
            case .judged: continue
            case .leftToOthers: return
            case .judgedUpTo(let next):
                if next < current.count {
                    work.append((current.part(next..<current.count), false))
                }
            case .tooLarge(let reason):
                let count = current.count
                if count == 1 {
                    guard await judge(current, refused: [0: reason]) else { return }
                } else {
                    guard
                        await persist({ () throws(Fault) in
                            try await self.log.release(self.name, current.rows)
                        })
                    else { return }
                    work.append((current.part(count / 2..<count), false))
                    work.append((current.part(0..<count / 2), false))
                }
            }
        }
    }

    /// Tries until there is a verdict on the whole of it.
    private func deliver(_ shipment: Shipment, isResent: Bool) async -> Outcome {
        var wait = limits.retryFirst
        var open = OpenRows(shipment)
        // What the next attempt counts as resent; `nil` while the attempt in the journal still stands for it.
        var resent: [LedgerKey: Int]? = isResent ? shipment.counts : [:]
        var timeouts = 0
        while true {
            guard var ticket = await turn(of: open) else {
                return await leave(shipment, isOpen: open.isPart || resent?.isEmpty != true)
            }
            if let counts = resent {
                guard
                    await persist({ () throws(Fault) in
                        try await self.log.attempt(self.name, shipment.rows, resent: counts)
                    })
                else {
                    yield(ticket, .silent)
                    return .leftToOthers
                }
                resent = nil
            }
            ticket.sentAt = time.now
            let verdict: Verdict
            do throws(Fault) {
                verdict = try await hand(over: open)
                yield(ticket, Pace.Sign(verdict), until: verdict.pause)
            } catch let fault {
                let sign = sign(of: fault, since: ticket)
                verdict = Self.verdict(for: fault, rows: open.count)
                yield(ticket, sign, until: verdict.pause)
                if fault.kind == .cancelled || Task.isCancelled { return .leftToOthers }
                if fault.mayHaveArrived { resent = open.counts }
                timeouts = sign == .timedOut ? timeouts + 1 : 0
                // The same again and again would never get through.
                if timeouts >= Self.timeoutsMax, receiver.takesLostInParts, open.halve() { timeouts = 0 }
            }
            switch verdict {
            case .denied(let reason):
                await hold(until: time.now + limits.deniedRetry, "denied: \(reason)")
            case .retry(let after):
                if let after { await hold(until: after, "asked to wait until \(after.iso8601)") }
                guard await backOff(&wait, until: after) else {
                    return await leave(shipment, isOpen: open.isPart || resent != nil)
                }
            case .awaiting(let acknowledgement) where open.isLast:
                await remember(open, acknowledgement)
                return .leftToOthers
            case .stopped(let row, let reason) where !open.isPart:
                return await stopped(shipment, at: row, reason)
            case .tooLarge(let reason) where !open.isPart:
                return .tooLarge(reason: reason)
            default:
                let before = open.count
                guard let pause = open.take(verdict) else {
                    if !open.acknowledgements.isEmpty {
                        await remember(open)
                        return .leftToOthers
                    }
                    return await judge(shipment, refused: open.refused) ? .judged : .leftToOthers
                }
                if let damage = open.damage {
                    await bury(open.shipment, damage)
                    return .judged
                }
                if open.count < before { wait = limits.retryFirst }
                guard await backOff(&wait, until: pause.until) else {
                    return await leave(shipment, isOpen: true)
                }
            }
        }
    }

    /// Waits until `moment`, or a drawn while that grows from try to try; false when stopping.
    private func backOff(_ wait: inout Duration, until moment: Timestamp?) async -> Bool {
        if moment == .distantPast { return !Task.isCancelled }
        let drawn = Duration.nanoseconds(Int64(Double(wait.nanoseconds) * entropy.fraction()))
        wait = min(wait + wait, limits.retryMax)
        return await pause(until: moment ?? time.now + drawn)
    }

    private func hand(over open: OpenRows) async throws(Fault) -> Verdict {
        guard let frameReceiver, !open.shipment.frames.isEmpty, !open.isPart else {
            return try await receiver.deliver(open.batch, batchID: open.id)
        }
        return try await frameReceiver.deliver(frames: open.shipment.frames, batchID: open.id)
    }

    /// A fault in the words of a verdict.
    private static func verdict(for fault: Fault, rows: Int) -> Verdict {
        switch fault.kind {
        case .transient, .malformed, .cancelled: .retry(after: nil)
        case .throttled(let until): .retry(after: until)
        case .denied: .denied(reason: fault.message)
        case .rejected(let refused):
            .rejected(rows: refused.isEmpty ? Array(0..<rows) : refused, reason: fault.message)
        }
    }

    /// Stopping: what was certainly not accepted goes back into the queue, the rest stays an open attempt.
    private func leave(_ shipment: Shipment, isOpen: Bool) async -> Outcome {
        state.withLock { $0.hasGivenUp = true }
        if !isOpen, !Task.isCancelled { try? await log.release(name, shipment.rows) }
        return .leftToOthers
    }

    private func stopped(_ shipment: Shipment, at row: Int, _ reason: String) async -> Outcome {
        guard (0..<shipment.count).contains(row) else {
            // An answer that names no row of ours refuses nothing and accepts nothing we can rely on.
            return .tooLarge(reason: "\(reason) (at row \(row) of \(shipment.count))")
        }
        let judged = shipment.part(0..<row + 1)
        return await judge(judged, refused: [row: reason]) ? .judgedUpTo(row + 1) : .leftToOthers
    }

    /// Closes the books over a shipment; false when that could not be done any more.
    private func judge(_ shipment: Shipment, refused: [Int: String]) async -> Bool {
        let places = refused.keys.filter { (0..<shipment.count).contains($0) }.sorted()
        let plain = places.isEmpty ? shipment : shipment.unpacked()
        if let damage = plain.damage, !places.isEmpty {
            await bury(plain, damage)
            return true
        }
        let rows = places.map { plain.refused($0, refused[$0] ?? "") }
        let accepted = shipment.counts(except: Set(places))
        return await judge(shipment.rows, accepted: accepted, refused: rows)
    }

    private func judge(_ rows: Range<UInt64>, accepted: [LedgerKey: Int], refused: [RefusedRow]) async -> Bool
    {
        let isDone = await persist { () throws(Fault) in
            try await self.log.judge(self.name, rows, accepted: accepted, refused: refused)
        }
        guard isDone else { return false }
        await spool.removeUnneeded { await self.log.queue(of: self.name).segments }
        return true
    }

    /// Rows that cannot be read back: the dead letter names them, everything else goes on.
    private func bury(_ shipment: Shipment, _ damage: String) async {
        await log.note("spool \(name)", damage)
        var rows: [RefusedRow] = []
        var row = shipment.rows.lowerBound
        for owner in shipment.owners {
            for _ in 0..<owner.rows {
                rows.append(RefusedRow(row: row, key: owner.key, uid: "", reason: damage, raw: []))
                row += 1
            }
        }
        _ = await judge(shipment.rows, accepted: [:], refused: rows)
    }

    /// What was handed over waits for its acknowledgements; the rows refused on the way are judged with it.
    private func remember(_ open: OpenRows, _ last: String? = nil) async {
        let shipment = open.shipment
        let places = open.refused.keys.sorted()
        let awaiting = Awaiting(
            rows: shipment.rows,
            acknowledgements: open.acknowledgements.union([last].compactMap { $0 }),
            accepted: shipment.counts(except: Set(places)),
            refused: places.isEmpty ? [] : places.map { shipment.refused($0, open.refused[$0] ?? "") },
            since: time.now)
        state.withLock { $0.awaiting.append(awaiting) }
    }

    /// Asks for open acknowledgements; what was not confirmed in time is sent again.
    func pollAcknowledgements() async {
        while true {
            do throws(CancellationError) {
                try await time.sleep(until: time.now + limits.acknowledgementPoll)
            } catch {
                return
            }
            // What is sent again and what is no longer waited for are told by one look at the clock: the same.
            let now = time.now
            let open = state.withLock { state in
                func isLate(_ one: Awaiting) -> Bool {
                    Self.hasAged(since: one.since, limits.acknowledgementTimeout, at: now)
                }
                let late = state.awaiting.filter(isLate)
                state.awaiting.removeAll(where: isLate)
                state.redo += late.map(\.rows)
                return state.awaiting
            }
            let asked = open.flatMap { $0.acknowledgements.sorted() }
            if !open.isEmpty, let confirmed = try? await receiver.acknowledged(asked) {
                for one in open {
                    let left = one.acknowledgements.subtracting(confirmed)
                    guard left.isEmpty else {
                        // A receiver may say it only once.
                        state.withLock { state in
                            for index in state.awaiting.indices where state.awaiting[index].rows == one.rows {
                                state.awaiting[index].acknowledgements = left
                            }
                        }
                        continue
                    }
                    guard await judge(one.rows, accepted: one.accepted, refused: one.refused) else { return }
                    state.withLock { $0.awaiting.removeAll { $0.rows == one.rows } }
                }
            }
            wake.beat()
        }
    }

    /// Nobody sends before `moment`; the reason is a health note until something is accepted again.
    private func hold(until moment: Timestamp, _ reason: String) async {
        let now = time.now
        state.withLock { $0.hold(until: moment, at: now) }
        await log.note("exporter \(name)", reason)
    }

    /// False when stopping: nothing is tried a second time then.
    private func pause(until moment: Timestamp) async -> Bool {
        let isOver: Void? = try? await stopped.wait(after: 0, until: moment, time)
        return isOver != nil && !isStopping
    }

    /// Writes to the journal, again and again if need be: without it nothing may go on. False when cancelled.
    private func persist(_ write: () async throws(Fault) -> Void) async -> Bool {
        var wait = limits.retryFirst
        while true {
            do throws(Fault) {
                try await write()
                return true
            } catch let fault {
                if Task.isCancelled { return false }
                await log.note("state", "writing the journal: \(fault)")
                let drawn = Duration.nanoseconds(Int64(Double(wait.nanoseconds) * entropy.fraction()))
                wait = min(wait + wait, limits.retryMax)
                do throws(CancellationError) { try await time.sleep(until: time.now + drawn) } catch {
                    return false
                }
            }
        }
    }
}
