import Engine
import Pipeline
import Ports
import Simulation
import Synchronization
import Testing

@testable import Store

/// Deliveries, merges, expiry of what was replaced, and readers, all at once.
@Suite struct StoreConcurrencyTests {
    private static let rounds = 12
    private static let each = 15

    /// Events that were answered, counted from the first.
    private final class Answered: Sendable { let upTo = Mutex(0) }

    @Test(
        "A reader sees what was answered before it began, once, while others write and merge",
        arguments: 1...20)
    func readers(seed: UInt64) throws {
        let world = Simulation(seed: seed)
        try world.run {
            let volume = SimulatedVolume(world)
            var limits = EventStore.Limits()
            limits.rowGroupRows = 8
            limits.mergeMin = 2
            limits.grace = .seconds(30)
            let plans = try StorePlans.all()
            let store = EventStore(plans, volume: volume, time: world, limits: limits)
            let answered = Answered()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for round in 0..<Self.rounds {
                        let numbers = round * Self.each..<(round + 1) * Self.each
                        _ = try await store.append(Stored.batch(numbers, spacing: 600_000), id: "\(round)")
                        answered.upTo.withLock { $0 = numbers.upperBound }
                        try await world.sleep(until: world.now + .milliseconds(200))
                    }
                }
                group.addTask {
                    for _ in 0..<40 {
                        _ = try await store.mergeOnce(all: true)
                        try await store.tidy()
                        try await world.sleep(until: world.now + .milliseconds(150))
                    }
                }
                for _ in 0..<3 {
                    group.addTask {
                        for _ in 0..<8 {
                            let before = answered.upTo.withLock { $0 }
                            let seen = try await Self.seen(volume, plans[0])
                            #expect(Set(seen).count == seen.count, "seed \(seed)")
                            #expect(Set(Stored.expected(0..<before)).isSubset(of: seen), "seed \(seed)")
                            try await world.sleep(until: world.now + .milliseconds(300))
                        }
                    }
                }
                try await group.waitForAll()
            }
            while try await store.mergeOnce(all: true) {}
            #expect(try await Stored.uids(volume) == Stored.expected(0..<Self.rounds * Self.each))
        }
    }

    private static func seen(_ volume: any Volume, _ plan: ColumnPlan) async throws -> [String] {
        let catalog = try await CatalogLog.read(volume)
        let reader = StoreReader([.init(segments: catalog.segments, source: VolumeSource(volume))])
        let uid = try #require(plan.leaf(at: "metadata.uid"))
        var uids: [String] = []
        let outcome = try await reader.run(EventQuery(plan), leaves: [uid]) { rows, row in
            for entry in rows.entries(of: row).map({ rows.entries[$0] }) where Int(entry.leaf) == uid {
                uids.append(String(decoding: rows.bytes[entry.range], as: UTF8.self))
            }
            return true
        }
        #expect(outcome.problems == [])
        return uids
    }
}
