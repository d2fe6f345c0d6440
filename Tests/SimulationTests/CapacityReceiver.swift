import Engine
import Ports
import Simulation
import Synchronization

/// A receiver of limited capacity: it takes so many requests at once, so many a second and so many rows, and refuses the
/// rest at once. What it takes it works on for a while; a row counts when the work begins.
final class CapacityReceiver: Sendable {
    struct Capacity: Sendable {
        var atOnce = Int.max
        var perSecond = Int.max
        var rows = Int.max
        /// In seconds, where a refusal says when to come again.
        var retryAfter: Int?
        var work = Duration.milliseconds(60)
        /// Batches of more rows are taken, and not answered.
        var rowsAnswered = Int.max
    }

    struct Tally: Sendable {
        var rows: [String: Int] = [:]
        /// Rows by the second of their coming.
        var bySecond: [Int64: Int] = [:]
        var batches = 0
        var refused = 0
        var tooLarge = 0
        var most = 0
    }

    private struct State {
        var tally = Tally()
        var inside = 0
        var second = Int64.min
        var used = 0
    }

    private let world: Simulation
    private let state = Mutex(State())
    private let limits: Mutex<Capacity>

    init(_ world: Simulation, _ capacity: Capacity) {
        self.world = world
        limits = Mutex(capacity)
    }

    var tally: Tally { state.withLock { $0.tally } }
    func set(_ capacity: Capacity) { limits.withLock { $0 = capacity } }

    /// Whoever was being served when their process died is gone.
    func hangUp() { state.withLock { $0.inside = 0 } }

    /// One life's way to it.
    func door() -> Door { Door(self) }

    final class Door: Transport {
        private let receiver: CapacityReceiver
        private let dead = Mutex(false)

        init(_ receiver: CapacityReceiver) { self.receiver = receiver }

        func stop() { dead.withLock { $0 = true } }

        func send(_ request: HTTPRequest) async throws(Fault) -> HTTPResponse {
            let world = receiver.world
            await world.pass(.milliseconds(1 + Int(world.next() % 4)))
            if dead.withLock({ $0 }) { throw Fault(.cancelled, "the process is dead") }
            let capacity = receiver.limits.withLock { $0 }
            let rows = String(decoding: request.body, as: UTF8.self).split(separator: "\n").map {
                String($0.prefix { $0 != " " })
            }
            if let refusal = receiver.enter(rows, capacity) { return refusal }
            await world.pass(capacity.work * (50 + Int(world.next() % 100)) / 100)
            if dead.withLock({ $0 }) { throw Fault(.cancelled, "the process is dead") }
            receiver.state.withLock { $0.inside -= 1 }
            guard rows.count <= capacity.rowsAnswered else {
                await world.pass(.seconds(30))
                throw Fault(.transient, "no answer within 30 s")
            }
            return HTTPResponse(status: 200)
        }
    }

    private func enter(_ rows: [String], _ capacity: Capacity) -> HTTPResponse? {
        let second = world.now.seconds
        return state.withLock { state in
            if rows.count > capacity.rows {
                state.tally.tooLarge += 1
                return HTTPResponse(status: 413)
            }
            if state.second != second { (state.second, state.used) = (second, 0) }
            guard state.inside < capacity.atOnce, state.used < capacity.perSecond else {
                state.tally.refused += 1
                let headers: HTTPHeaders = capacity.retryAfter.map { ["Retry-After": "\($0)"] } ?? [:]
                return HTTPResponse(status: capacity.retryAfter == nil ? 503 : 429, headers: headers)
            }
            state.used += 1
            state.inside += 1
            state.tally.batches += 1
            state.tally.most = max(state.tally.most, state.inside)
            state.tally.bySecond[second, default: 0] += rows.count
            for row in rows { state.tally.rows[row, default: 0] += 1 }
            return nil
        }
    }
}
