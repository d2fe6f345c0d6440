import Engine
import Simulation
import Testing

@testable import Pipeline

@Suite struct KeyTableTests {
    private func keys(_ count: Int, seed: UInt64) -> [DuplicateKey] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { _ in DuplicateKey(uid: generator.next(), content: generator.next()) }
    }

    @Test("A table has what was inserted and nothing else, in at most 28 bytes a key")
    func exact() {
        let members = keys(20_000, seed: 1)
        var table = KeyTable()
        for key in members + members.prefix(100) { table.insert(key) }
        #expect(table.count == members.count)
        #expect(members.allSatisfy { table.contains($0) })
        #expect(keys(20_000, seed: 2).allSatisfy { !table.contains($0) })
        #expect(table.bytes <= members.count * 28)
        // Spread over the table: a bad place for keys makes every look-up a walk through all of them.
        #expect(table.longestRun < 400, "\(table.longestRun) keys in a row")
    }

    @Test("Fingerprints let no member through as new, and hardly a stranger as known")
    func prints() {
        let members = keys(20_000, seed: 1)
        var table = PrintTable(segmentSlots: 4_096)
        for key in members { table.insert(key) }
        #expect(members.allSatisfy { table.mayContain($0) })
        #expect(keys(20_000, seed: 2).count { table.mayContain($0) } <= 2)
        #expect(table.bytes <= members.count * 6)
    }
}
