import Testing

@testable import Engine

/// Whom an identity is compared with, and what that makes of what it does.
@Suite struct PeerTests {
    /// What is usual after some days on which each person does one thing, and rules that fire on it.
    private static func baseline(
        people: Int, days: Int = 10, rule: (Int, Int) -> RuleHit? = { _, _ in nil },
        change: (Int, inout BaselineMaterial.Act) -> Void
    ) -> Baseline {
        var behaviour = Behaviour()
        for day in 0..<days {
            var reader = FactReader()
            for person in 0..<people {
                var act = BaselineMaterial.Act(
                    who: "p\(person)@example.com",
                    at: BaselineMaterial.start + .seconds(day * 86_400 + 36_000 + person),
                    uid: "d\(day)-p\(person)")
                change(person, &act)
                let batch = BaselineMaterial.batch([act])
                let hits = rule(person, day).map { [$0] } ?? []
                reader.observe(batch.events[0], of: batch, rules: hits)
            }
            behaviour.take(reader.take())
        }
        var findings = EventBatch()
        behaviour.evaluate(into: &findings)
        return behaviour.latest()
    }

    private static func past(_ person: Int, in baseline: Baseline) throws -> Past {
        try #require(baseline.profiles.past(of: Subject.key(Array("p\(person)@example.com".utf8))))
    }

    @Test("Who has one permission set are peers, whatever its role is called in their accounts")
    func permissionSets() throws {
        let baseline = Self.baseline(people: 12) { person, act in
            act.account = "11112222333\(person % 3)"
            act.role = "AWSReservedSSO_\(person < 6 ? "Data" : "Platform")_372f8b0ed5df809\(person % 3)"
        }
        let groups = try (0..<12).map { try Self.past($0, in: baseline).profile.peer }
        #expect(Set(groups[..<6]).count == 1)
        #expect(Set(groups[6...]).count == 1)
        #expect(groups[0] != groups[6])
        #expect(baseline.peerSizes[UInt64(groups[0])] == 6)
    }

    @Test("Whose role hardly anybody shares is compared with all of the account")
    func small() throws {
        let baseline = Self.baseline(people: 14) { person, act in
            act.account = person % 2 == 0 ? "111122223333" : "444455556666"
            act.role = "job-\(person)-role"
        }
        let groups = try (0..<14).map { try Self.past($0, in: baseline).profile.peer }
        #expect(Set(groups).count == 2)
        #expect(groups[0] == groups[2] && groups[1] == groups[3] && groups[0] != groups[1])
        #expect(baseline.peerSizes[UInt64(groups[1])] == 7)
        let restored = try #require(Baseline(encoded: baseline.encoded))
        #expect(restored.encoded == baseline.encoded)
        #expect(restored.groupSizes.count == 14)
    }

    @Test("A rule says little of those whose peers set it off all the time, and the more of everybody else")
    func rules() throws {
        let hit = RuleHit(id: "trail", title: "Trail stopped", level: 3)
        // One group sets it off in turns, each of its members every fifth day.
        let baseline = Self.baseline(
            people: 60, days: 30, rule: { person, day in person < 12 && person % 5 == day % 5 ? hit : nil }
        ) { person, act in
            act.group = person < 15 ? "operators" : "others\(person % 3)"
        }
        let people = DayClass(kind: 0, activity: DayClass.always, isWeekend: false)
        let record = try #require(baseline.classes[people])
        func rarity(_ person: Int) throws -> RuleRarity {
            RuleRarity(of: hit.value, record, try Self.past(person, in: baseline), in: baseline)
        }
        let (habit, peer, other) = (try rarity(0), try rarity(13), try rarity(40))
        #expect(habit.points == 0)
        #expect(peer.peers == 12 && peer.ofPeers == 15 && other.peers == 0)
        #expect(peer.rate > peer.kindRate && other.rate < other.kindRate)
        #expect(other.points > peer.points + 2_048)
        #expect(other.words.contains("it has fired for 0 of 15 peers and 12 of 60 identities"))
        // Of a rule that has never fired nobody's peers say anything.
        let never = RuleRarity(of: RuleHit(id: "new", title: "", level: 3).value, record, nil, in: baseline)
        #expect(never.rate == never.kindRate)
    }
}
