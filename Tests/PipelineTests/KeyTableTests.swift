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

    @Test("What is taken out is gone, and everything else is found as before")
    func removal() {
        let members = keys(5_000, seed: 3)
        var table = KeyTable()
        let added = members.count { table.insert($0) }
        let addedAgain = table.insert(members[7])
        #expect(added == members.count && !addedAgain)
        for (index, key) in members.enumerated() where index % 3 != 0 { table.remove(key) }
        table.remove(members[1])
        for (index, key) in members.enumerated() { #expect(table.contains(key) == (index % 3 == 0)) }
        #expect(table.count == (members.count + 2) / 3)
        var others = KeyTable()
        for key in members.dropFirst() where !table.contains(key) { others.insert(key) }
        #expect(table.isDisjoint(with: others) && others.isDisjoint(with: table))
        others.insert(members[0])
        #expect(!table.isDisjoint(with: others) && !others.isDisjoint(with: table))
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
