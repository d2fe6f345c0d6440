import Engine
package import Ports
import Synchronization

/// A partitioned log with groups, as Kafka keeps it: partitions move when members come, go or die, offsets are a group's,
/// and a commit of somebody who is a member no longer counts for nothing.
package final class MessageBroker: Sendable {
    private struct Member {
        var assigned: Set<Int> = []
        var cursors: [Int: Int] = [:]
        /// Told that its partitions are to be given back, and not back yet.
        var isRevoking = false
    }

    private struct State {
        var logs: [[[UInt8]]]
        var committed: [Int: Int] = [:]
        var members: [Int: Member] = [:]
        var lastMember = 0
        var isRebalancing = false
        var commits = 0
    }

    private let world: Simulation
    package let topic: String
    /// Probability that a look, or a commit, fails.
    private let failing: Double
    private let state: Mutex<State>

    package init(_ world: Simulation, topic: String, partitions: Int, failing: Double = 0) {
        self.world = world
        self.topic = topic
        self.failing = failing
        state = Mutex(State(logs: Array(repeating: [], count: partitions)))
    }

    package func append(_ text: String, to partition: Int) {
        state.withLock { $0.logs[partition].append(Array(text.utf8)) }
    }

    /// The group's offsets, by partition.
    package var committed: [Int: Int] { state.withLock { $0.committed } }
    package var ends: [Int] { state.withLock { $0.logs.map(\.count) } }

    /// A member of the group.
    package func join() -> any MessageStream {
        let id = state.withLock { state in
            state.lastMember += 1
            state.members[state.lastMember] = Member()
            state.isRebalancing = true
            return state.lastMember
        }
        return Stream(broker: self, member: id)
    }

    /// All members are gone without a word, as when their machines die.
    package func killAll() {
        state.withLock { state in
            state.members = [:]
            state.isRebalancing = false
        }
    }

    private struct Stream: MessageStream {
        let broker: MessageBroker
        let member: Int
        var origin: String { "topic \(broker.topic)" }

        func next(messagesMax: Int, bytesMax: Int, wait: Duration) async throws(Fault) -> StreamBatch {
            try await broker.look(member, messagesMax, wait)
        }
        func commit(_ offsets: [StreamPartition: Int64]) async throws(Fault) {
            try await broker.commit(member, offsets)
        }
        func close() async { broker.leave(member) }
    }

    private func leave(_ id: Int) {
        state.withLock { state in
            if state.members.removeValue(forKey: id) != nil { state.isRebalancing = true }
        }
    }

    private func look(_ id: Int, _ messagesMax: Int, _ wait: Duration) async throws(Fault) -> StreamBatch {
        if world.chance(failing) { throw Fault(.transient, "no broker answers") }
        let deadline = world.now + wait
        while true {
            let batch = state.withLock { state in Self.batch(&state, id, messagesMax, topic) }
            guard let batch else { throw Fault(.transient, "not a member any more") }
            if !batch.messages.isEmpty || batch.isRevoking || world.now >= deadline {
                return batch
            }
            do { try await world.sleep(until: world.now + .milliseconds(50)) } catch {
                throw Fault(.cancelled, "stopped")
            }
        }
    }

    private static func batch(_ state: inout State, _ id: Int, _ messagesMax: Int, _ topic: String)
        -> StreamBatch?
    {
        guard var member = state.members[id] else { return nil }
        var batch = StreamBatch()
        if member.isRevoking {
            member.isRevoking = false
            member.assigned = []
            member.cursors = [:]
        } else if state.isRebalancing, !member.assigned.isEmpty {
            member.isRevoking = true
            batch.isRevoking = true
        }
        state.members[id] = member
        if state.isRebalancing, state.members.values.allSatisfy({ $0.assigned.isEmpty }) { assign(&state) }
        guard !batch.isRevoking, !state.isRebalancing, var current = state.members[id] else { return batch }
        for partition in current.assigned.sorted() {
            while batch.messages.count < messagesMax, let cursor = current.cursors[partition],
                cursor < state.logs[partition].count
            {
                batch.messages.append(
                    StreamMessage(
                        partition: StreamPartition(topic: topic, number: Int32(partition)),
                        offset: Int64(cursor),
                        value: state.logs[partition][cursor]))
                current.cursors[partition] = cursor + 1
            }
        }
        batch.isAtEnd =
            !current.assigned.isEmpty
            && current.assigned.allSatisfy { current.cursors[$0] == state.logs[$0].count }
        state.members[id] = current
        return batch
    }

    private static func assign(_ state: inout State) {
        let ids = state.members.keys.sorted()
        guard !ids.isEmpty else { return }
        for partition in state.logs.indices {
            let id = ids[partition % ids.count]
            state.members[id]?.assigned.insert(partition)
            state.members[id]?.cursors[partition] = state.committed[partition] ?? 0
        }
        state.isRebalancing = false
    }

    private func commit(_ id: Int, _ offsets: [StreamPartition: Int64]) async throws(Fault) {
        await world.pass(world.span(upTo: .milliseconds(20)))
        if world.chance(failing) { throw Fault(.transient, "no broker answers") }
        state.withLock { state in
            for (partition, offset) in offsets {
                let number = Int(partition.number)
                guard state.members[id]?.assigned.contains(number) == true else { continue }
                state.committed[number] = Int(offset)
            }
        }
    }
}
