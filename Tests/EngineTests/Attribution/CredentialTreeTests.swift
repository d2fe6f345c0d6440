import Testing

@testable import Engine

/// The tree is a function of the set of acts.
@Suite struct CredentialTreeTests {
    /// Users, roles taken from keys and from each other, in few seconds and under few names, so that much meets.
    static func world(seed: UInt64) throws -> [AttributionBench.Fact] {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        func below(_ bound: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state % UInt64(bound))
        }
        func time() -> String { "08:0\(below(3)):0\(below(4))" }
        var records: [String] = []
        for number in 0..<120 {
            let identity =
                below(3) == 0
                ? Trail.user("u\(below(4))", key: "AKIA\(below(4))")
                : Trail.session(
                    "R\(below(3))", below(4) == 0 ? "ana@example.com" : "n\(below(3))",
                    key: below(4) == 0 ? nil : "ASIA\(below(12))", from: time(),
                    more: below(5) == 0 ? #","sourceIdentity":"bo\#(below(2))@example.com""# : "")
            let answer =
                below(2) == 0
                ? Trail.assumed(
                    "R\(below(3))", "n\(below(3))", key: below(3) == 0 ? nil : "ASIA\(below(12))") : "null"
            records.append(
                Trail.record(
                    "e\(below(90))-\(number)", answer == "null" ? "CreateBucket" : "AssumeRole", identity,
                    at: time(), answer: answer,
                    more: below(6) == 0 ? #","sharedEventID":"s\#(below(3))""# : ""))
        }
        return try AttributionBench(records).facts
    }

    static func shuffled<T>(_ items: [T], seed: UInt64) -> [T] {
        var items = items
        var state = seed | 1
        for index in items.indices.reversed() where index > 0 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            items.swapAt(index, Int(state >> 33) % (index + 1))
        }
        return items
    }

    @Test("Order, repetition and cuts change no byte", arguments: 1...12 as ClosedRange<UInt64>)
    func order(seed: UInt64) throws {
        let facts = try Self.world(seed: seed)
        let bytes = AttributionBench.tree(facts).bytes
        for turn in 0..<6 as Range<UInt64> {
            let mixed = Self.shuffled(facts + facts.prefix(40), seed: seed &* 977 &+ turn)
            #expect(AttributionBench.tree(mixed).bytes == bytes)
            // In two halves, joined either way.
            let cut = mixed.count / 3
            var first = AttributionBench.tree(mixed[..<cut])
            let second = AttributionBench.tree(mixed[cut...])
            first.merge(second)
            #expect(first.bytes == bytes)
            var other = second
            other.merge(AttributionBench.tree(mixed[..<cut]))
            #expect(other.bytes == bytes)
            // Saved in the middle.
            var resumed = try CredentialTree(AttributionBench.tree(mixed[..<cut]).bytes)
            for fact in mixed[cut...] { AttributionBench.take(fact, into: &resumed) }
            #expect(resumed.bytes == bytes)
        }
    }

    @Test("The pieces of a tree, merged in any order, are the tree", arguments: 1...6 as ClosedRange<UInt64>)
    func pieces(seed: UInt64) throws {
        let tree = AttributionBench.tree(try Self.world(seed: seed))
        for nodes in [1, 7, 4_096] {
            var pieces: [[UInt8]] = []
            while let piece = tree.piece(pieces.count, nodes: nodes) { pieces.append(piece) }
            #expect(pieces.count == (tree.count + nodes - 1) / nodes + 1)
            for turn in 0..<3 as Range<UInt64> {
                var merged = CredentialTree()
                for piece in Self.shuffled(pieces, seed: seed &+ turn) {
                    merged.merge(try CredentialTree(piece))
                }
                #expect(merged.bytes == tree.bytes)
            }
        }
    }

    @Test("What comes late puts right what came before it, exactly")
    func late() throws {
        let bench = try AttributionBench(AttributionTests.chain)
        var attributor = Attributor()
        let last = bench.batch.events[2]
        let early = [last, bench.batch.events[1]].map { attributor.subject(of: $0, in: bench.batch)?.isKnown }
        #expect(early == [false, false])
        let first = attributor.subject(of: bench.batch.events[0], in: bench.batch)
        let then = attributor.subject(of: last, in: bench.batch)
        let (root, after) = (try #require(first), try #require(then))
        #expect(after.isKnown && after.key == root.key)
        #expect(attributor.tree.bytes == AttributionBench.tree(bench.facts).bytes)
    }

    @Test("At its bound the tree forgets what was used longest ago, and keeps what the rest came from")
    func bound() throws {
        var records = AttributionTests.chain
        for number in 0..<400 {
            records.append(
                Trail.record(
                    "f\(number)", "CreateBucket",
                    Trail.session("Other", "n\(number)", key: "ASIAX\(number)", from: "07:00:00"),
                    at: "07:\(10 + number / 60):\(10 + number % 50)"))
        }
        records.append(AttributionTests.chain[2])
        let bench = try AttributionBench(records)
        let tree = AttributionBench.tree(bench.facts, nodes: 200)
        #expect(tree.count <= 200 && tree.forgettings > 0)
        var attributor = Attributor(tree)
        let last = try #require(bench.batch.events.last)
        let asked = attributor.subject(of: last, in: bench.batch)
        let subject = try #require(asked)
        #expect(subject.isKnown && attributor.name(of: subject) == Trail.userARN("ana"))
    }

    @Test("Bytes that are no tree are refused, wherever they are cut")
    func damaged() throws {
        let bytes = AttributionBench.tree(try AttributionBench(AttributionTests.chain).facts).bytes
        for count in 0..<bytes.count {
            #expect(throws: CredentialTree.Malformed.self) { try CredentialTree(Array(bytes[..<count])) }
        }
    }

    @Test("Who acted is told from the record alone as from the tree", arguments: 1...4 as ClosedRange<UInt64>)
    func acting(seed: UInt64) throws {
        var tree = CredentialTree()
        for fact in try Self.world(seed: seed) {
            let node = AttributionBench.take(fact, into: &tree)
            let acting = ActTaking(fact.act, at: 0, uid: []).acting
            #expect(acting == node.map { tree.key(of: $0) })
        }
    }
}
