import Codecs
import Engine
import Pipeline
import Ports
import Simulation
import Testing

@testable import Store

@Suite struct QueryTests {
    @Test(
        "A text fits a pattern as it should",
        arguments: [
            ("Describe*", false, "DescribeInstances", true), ("describe*", true, "DescribeInstances", true),
            ("describe*", false, "DescribeInstances", false), ("*key", true, "CreateAccessKey", true),
            ("*cess*", false, "CreateAccessKey", true), ("*", false, "", true), ("", false, "", true),
            ("a", false, "", false), ("*ab*", true, "aAB", true), ("abc", false, "abcd", false),
        ])
    func patterns(pattern: String, isCaseBlind: Bool, text: String, fits: Bool) {
        let pattern = TextPattern(pattern, isCaseBlind: isCaseBlind)
        #expect(unsafe Array(text.utf8).withUnsafeBufferPointer { unsafe pattern.fits($0) } == fits)
    }

    /// Random questions to a store of many segments, some merged, some rows in no segment yet.
    @Test("A query gives exactly the rows that fit, in order", arguments: 0..<12)
    func againstAllRows(seed: UInt64) throws {
        let world = Simulation(seed: seed)
        try world.run {
            var dice = SeededGenerator(seed: seed)
            let volume = SimulatedVolume(world)
            var limits = EventStore.Limits()
            limits.rowGroupRows = 8 + dice.index(below: 40)
            limits.mergeMin = 2
            let plans = try StorePlans.all()
            let store = EventStore(plans, volume: volume, time: world, limits: limits)
            let spacing = Int64(60_000 * (1 + dice.index(below: 200)))
            var next = 0
            for part in 0..<6 {
                let end = next + 10 + dice.index(below: 60)
                _ = try await store.append(Stored.batch(next..<end, spacing: spacing), id: "\(part)")
                next = end
                if dice.index(below: 3) == 0 { _ = try await store.mergeOnce() }
            }
            let stored = next
            next += dice.index(below: 50)
            let recent = try RecentRows.part(Stored.batch(stored..<next, spacing: spacing), plans, number: 1)
            let catalog = try await CatalogLog.read(volume)
            let reader = StoreReader([
                .init(segments: catalog.segments, source: VolumeSource(volume)), recent,
            ])
            let plan = plans[0]
            for _ in 0..<12 {
                var query = EventQuery(plan)
                let user = dice.index(below: 9)
                let (low, high) = (dice.index(below: next), dice.index(below: next))
                var fits: [(Int) -> Bool] = [{ $0 % 5 != 4 }]
                if dice.index(below: 2) == 0 {
                    query.conditions.append(QueryWords.entity("user-\(user)", plan))
                    fits.append { $0 % 7 == user }
                }
                if dice.index(below: 3) == 0 {
                    query.conditions.append(QueryWords.address("192.0.2.\(user)", plan))
                    fits.append { $0 % 50 == user }
                }
                if dice.index(below: 3) == 0 {
                    query.conditions += QueryWords.action("op\(user % 4)", plan)
                    fits.append { $0 % 3 == user % 4 }
                }
                if dice.index(below: 4) == 0 {
                    query.conditions.append(QueryWords.resource("r-\(low)", plan))
                    fits.append { $0 == low }
                }
                if dice.index(below: 2) == 0 {
                    query.times =
                        Stored.start + Int64(min(low, high)) * spacing..<Stored.start + Int64(max(low, high))
                        * spacing
                    fits.append { $0 >= min(low, high) && $0 < max(low, high) }
                }
                query.isNewestFirst = dice.index(below: 2) == 0
                if dice.index(below: 3) == 0 { query.limit = dice.index(below: 20) }
                var expected = (0..<next).filter { number in fits.allSatisfy { $0(number) } }.map {
                    "e-\($0)"
                }
                if query.isNewestFirst { expected.reverse() }
                if let limit = query.limit { expected = Array(expected.prefix(limit)) }
                var got: [String] = []
                let uid = try #require(plan.leaf(at: "metadata.uid"))
                let outcome = try await reader.run(query, leaves: [uid]) { rows, row in
                    for entry in rows.entries(of: row).map({ rows.entries[$0] }) where Int(entry.leaf) == uid
                    {
                        got.append(String(decoding: rows.bytes[entry.range], as: UTF8.self))
                    }
                    return true
                }
                #expect(got == expected, "seed \(seed)")
                #expect(outcome.hits == expected.count && outcome.problems == [])
            }
        }
    }
}
