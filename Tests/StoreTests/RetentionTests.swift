import Engine
import Pipeline
import Ports
import Simulation
import Synchronization
import Testing

@testable import Store

@Suite struct RetentionTests {
    private func store(_ volume: any Volume, _ world: Simulation) throws -> EventStore {
        var limits = EventStore.Limits()
        limits.rowGroupRows = 16
        return EventStore(try StorePlans.all(), volume: volume, time: world, limits: limits)
    }

    @Test("Rows of a class with a shorter age go when it is over, and the others of their segment stay")
    func classes() throws {
        let world = Simulation(seed: 1)
        try world.run {
            let volume = SimulatedVolume(world)
            let store = try self.store(volume, world)
            try await world.sleep(until: Timestamp(milliseconds: Stored.start))
            var batch = Stored.batch(0..<20, spacing: 60_000)
            var more = EventBatch()
            // The even ones are sign-ins.
            for (number, event) in batch.events.enumerated() where event.kind == .event {
                var text = batch.json(of: event)
                if number % 2 == 0 { text = text.replacing("\"class_uid\":6003", with: "\"class_uid\":3002") }
                var copy = event
                copy.json = Extent(start: more.bytes.count, count: text.utf8.count)
                more.bytes += Array(text.utf8) + [UInt8(ascii: "\n")]
                copy.raw = .none
                more.events.append(copy)
            }
            batch = more
            _ = try await store.append(batch, id: "a")
            let retention = Retention(age: .days(5), classAges: [3002: .days(1)])
            try await store.expire(retention)
            #expect(try await Stored.uids(volume).count == 16)
            try await world.sleep(until: world.now + .days(2))
            // Something was stored lately, so the clock is believed.
            _ = try await store.append(Stored.batch(2_000..<2_001, spacing: 60_000), id: "b")
            let later = try self.store(volume, world)
            try await later.open()
            for _ in 0..<2 { try await later.expire(retention) }
            let left = try await Stored.uids(volume)
            #expect(left == ["e-1", "e-11", "e-13", "e-15", "e-17", "e-2000", "e-3", "e-5", "e-7"].sorted())
            let before = volume.bytesWritten
            try await later.expire(retention)
            #expect(volume.bytesWritten == before, "a segment is written anew once for an age")
            #expect(try await StoreCheck(StorePlans.all(), volume).verify().problems.isEmpty)
        }
    }

    @Test("A clock that jumps a year ahead removes nothing, unless it goes on so for an hour")
    func jumps() throws {
        let world = Simulation(seed: 2)
        try world.run {
            let volume = SimulatedVolume(world)
            let store = try self.store(volume, world)
            try await world.sleep(until: Timestamp(milliseconds: Stored.start + Stored.day))
            _ = try await store.append(Stored.batch(0..<10), id: "a")
            let clock = JumpingClock(world)
            let jumped = EventStore(try StorePlans.all(), volume: volume, time: clock)
            try await jumped.open()
            clock.lead(by: .days(365))
            try await jumped.expire(Retention(age: .days(30)))
            #expect(try await Stored.uids(volume).count == 8)
            // Back, and far ahead again: neither is steady.
            for lead in [Duration.zero, .days(365), .days(3_650)] {
                clock.lead(by: lead)
                try await jumped.expire(Retention(age: .days(30)))
            }
            #expect(try await Stored.uids(volume).count == 8)
            // What is stored meanwhile does not make it believable.
            _ = try await jumped.append(Stored.batch(10..<20), id: "b")
            try await jumped.expire(Retention(age: .days(30)))
            clock.lead(by: .zero)
            #expect(try await Stored.uids(volume).count == 16)
            let again = EventStore(try StorePlans.all(), volume: volume, time: clock)
            try await again.open()
            clock.lead(by: .days(4_000))
            for _ in 0..<130 {
                try await again.expire(Retention(age: .days(30)))
                try await world.sleep(until: world.now + .seconds(30))
            }
            #expect(try await Stored.uids(volume).isEmpty, "an hour of it is believed")
        }
    }
}

/// A clock beside the world's.
private final class JumpingClock: TimeSource {
    private let world: Simulation
    private let ahead = Mutex(Duration.zero)

    init(_ world: Simulation) { self.world = world }

    func lead(by span: Duration) { ahead.withLock { $0 = span } }
    var now: Timestamp { world.now + ahead.withLock { $0 } }
    func sleep(until deadline: Timestamp) async throws(CancellationError) {
        try await world.sleep(until: deadline - ahead.withLock { $0 })
    }
}
