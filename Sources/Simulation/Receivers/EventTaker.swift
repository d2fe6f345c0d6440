package import Ports
import Synchronization

/// A receiver behind a door that is no HTTP: what it took, and everything that can go wrong on the way to it.
///
/// A Kafka, a syslog server and a mail server differ in how events stand in what they are sent; see the doors below it.
package final class EventTaker: Sendable {
    /// Probabilities per delivery.
    package struct Faults: Sendable {
        /// The connection breaks before anything has arrived.
        package var before = 0.0
        /// Everything was taken, and nobody hears of it.
        package var after = 0.0
        /// Nobody listens: certainly nothing has arrived.
        package var absent = 0.0
        /// The longest that a delivery takes.
        package var latency = Duration.milliseconds(80)

        package init() {}

        /// As a network's, in the words of a connection.
        package init(_ network: SimulatedNetwork.Faults) {
            before = network.resetBefore
            after = network.resetAfter
            absent = network.unavailable
            latency = network.latency
        }
    }

    package struct Tally: Sendable {
        package var deliveries = 0
        /// What did not look as the protocol has it.
        package var breaches: [String] = []
        /// How often each uid was taken.
        package var uids: [String: Int] = [:]

        package init() {}
    }

    private struct State {
        var tally = Tally()
        var faults: Faults
        var failures: [Fault] = []
        var faultsMet = 0
        var isAway = false
    }

    private let world: Simulation
    let habits: StrictReceiver.Habits
    private let state: Mutex<State>

    package init(
        _ world: Simulation, faults: Faults = Faults(), habits: StrictReceiver.Habits = .init()
    ) {
        self.world = world
        self.habits = habits
        state = Mutex(State(faults: faults))
    }

    package var tally: Tally { state.withLock { $0.tally } }
    /// Deliveries so far with which something went wrong.
    package var faultsMet: Int { state.withLock { $0.faultsMet } }
    package func setFaults(_ faults: Faults) { state.withLock { $0.faults = faults } }
    /// While it is away nobody listens.
    package func setAway(_ isAway: Bool) { state.withLock { $0.isAway = isAway } }
    /// The next deliveries fail with these, in order, and nothing of them arrives.
    package func fail(_ faults: [Fault]) { state.withLock { $0.failures += faults } }

    /// One delivery of a process whose power is `power`: `take` happens where it arrives.
    func deliver<Answer>(
        under power: Power, _ take: (inout Tally) -> Answer
    ) async throws(Fault) -> Answer {
        let faults = state.withLock { $0.faults }
        try power.check()
        await world.pass(world.span(upTo: faults.latency))
        if power.isOff, world.chance(0.5) { throw Fault(.cancelled, "cancelled") }
        if let fault = state.withLock({ $0.failures.isEmpty ? nil : $0.failures.removeFirst() }) {
            throw fault
        }
        if state.withLock({ $0.isAway }) || fails(faults.absent) {
            throw Fault(.transient, "connection refused", mayHaveArrived: false)
        }
        if fails(faults.before) { throw Fault(.transient, "connection reset by peer") }
        let answer = state.withLock { state in
            state.tally.deliveries += 1
            return take(&state.tally)
        }
        await world.pass(world.span(upTo: faults.latency))
        try power.check()
        if fails(faults.after) { throw Fault(.transient, "connection reset by peer") }
        return answer
    }

    private func fails(_ probability: Double) -> Bool {
        guard world.chance(probability) else { return false }
        state.withLock { $0.faultsMet += 1 }
        return true
    }

    func keep(_ uid: String, in tally: inout Tally) {
        if !habits.loses(uid) { tally.uids[uid, default: 0] += 1 }
    }
}

/// Whether one process still runs; its doors ask before they answer.
package final class Power: Sendable {
    private let isCut = Mutex(false)

    package init() {}

    package var isOff: Bool { isCut.withLock { $0 } || Task.isCancelled }
    package func cut() { isCut.withLock { $0 = true } }

    func check() throws(Fault) {
        if isOff { throw Fault(.cancelled, "cancelled") }
    }
}
