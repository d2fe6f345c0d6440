import Codecs
import Testing

@testable import Engine

/// Baselines over seeded lives: what is found, what is not, and that order and repetition change nothing.
@Suite struct BaselineTests {
    private static let people = 40
    private static let days = 19

    static func material(_ seed: UInt64) -> [BaselineMaterial.Act] {
        var material = BaselineMaterial(seed: seed)
        return material.acts(people: people, days: days) + BaselineMaterial.theft(of: 7, day: 17)
    }

    @Test("A stolen credential is found, and its identity named")
    func theft() throws {
        let found = BaselineMaterial.standing([Self.material(1)])
        let theft = try #require(found.values.first { $0.contains("p7@example.com had a day") })
        #expect(theft.contains("new network 192.0.0.0/16"))
        #expect(theft.contains("\"session_split\""))
        #expect(theft.contains("theft-17-"))
        #expect(theft.contains("\"class_uid\":2004"))
    }

    @Test(
        "Order, repetition and batches change nothing that stands in the end",
        arguments: 1...6 as ClosedRange<UInt64>)
    func replay(seed: UInt64) {
        let acts = Self.material(seed)
        var random = BaselineMaterial(seed: seed &+ 99)
        let expected = BaselineMaterial.standing([acts])
        #expect(!expected.isEmpty)
        // Late by up to a day and a half, in batches of any size, a fifth of them twice.
        var shuffled = acts.map { (at: $0.at + .seconds(random.below(130_000)), act: $0) }
        shuffled += shuffled.indices.filter { _ in random.below(5) == 0 }.map {
            (shuffled[$0].at + .seconds(random.below(50_000)), shuffled[$0].act)
        }
        shuffled.sort { $0.at < $1.at }
        var batches: [[BaselineMaterial.Act]] = []
        var rest = shuffled.map(\.act)[...]
        while !rest.isEmpty {
            let count = min(rest.count, 1 + random.below(1_500))
            batches.append(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        #expect(BaselineMaterial.standing(batches) == expected)
    }

    @Test("Lanes that each see a part merge into what one would have seen", arguments: [2, 8])
    func lanes(count: Int) {
        let acts = Self.material(3)
        let batch = BaselineMaterial.batch(acts)
        var readers = [FactReader](repeating: FactReader(), count: count)
        var random = BaselineMaterial(seed: 5)
        for event in batch.events { readers[random.below(count)].observe(event, of: batch) }
        var behaviour = Behaviour()
        for lane in readers.indices { behaviour.take(readers[lane].take()) }
        var findings = EventBatch()
        behaviour.evaluate(into: &findings)
        let found = Dictionary(
            uniqueKeysWithValues: findings.events.map { (findings.uid(of: $0), findings.json(of: $0)) })
        #expect(found == BaselineMaterial.standing([acts]))
    }

    @Test("Days settled for want of memory leave the same findings where nothing came late")
    func settling() {
        let acts = Self.material(4).sorted { ($0.at, $0.uid) < ($1.at, $1.uid) }
        var small = BehaviourSettings()
        small.bytes = 200_000
        var days: [[BaselineMaterial.Act]] = []
        for act in acts {
            if days.last?.first?.at.day == act.at.day {
                days[days.count - 1].append(act)
            } else {
                days.append([act])
            }
        }
        var behaviour = Behaviour()
        let found = BaselineMaterial.standing(days, settings: small, behaviour: &behaviour)
        #expect(behaviour.notes.settlements > 5)
        #expect(behaviour.notes.late == 0)
        #expect(found == BaselineMaterial.standing(days))
    }

    @Test("Nothing is said in the first week, whatever happens")
    func coldStart() {
        var material = BaselineMaterial(seed: 2)
        let acts = material.acts(people: 30, days: 6) + BaselineMaterial.theft(of: 3, day: 4)
        #expect(BaselineMaterial.standing([acts]).isEmpty)
    }

    @Test("What a whole team takes up on one day is a roll-out and no alert")
    func rollOut() {
        var material = BaselineMaterial(seed: 6)
        var acts = material.acts(people: Self.people, days: Self.days)
        for person in 0..<Self.people {
            for number in 0..<6 {
                var act = BaselineMaterial.Act(
                    who: "p\(person)@example.com",
                    at: BaselineMaterial.start + .seconds(16 * 86_400 + 33_000 + number * 900 + person),
                    uid: "roll-\(person)-\(number)")
                act.ip = "198.\(51 + person % 3).100.\(1 + person)"
                act.agent = "NewTool/1.0 os/linux"
                act.action = "newservice:Create\(number)"
                acts.append(act)
            }
        }
        let found = BaselineMaterial.standing([acts])
        #expect(!found.values.contains { $0.contains("newservice") })
    }

    @Test("An expected value surprises nobody until it is no longer expected")
    func expectation() throws {
        let acts = Self.material(1)
        var settings = BehaviourSettings()
        let day = (BaselineMaterial.start + .days(17)).day
        let theft = BaselineMaterial.day(BaselineMaterial.theft(of: 7, day: 17))
        let own = try #require(theft.first { String(decoding: $0.name, as: UTF8.self) == "p7@example.com" })
        var values = Set(own.facts.map(\.value))
        values.formUnion(BehaviourRule.values)
        settings.expected[own.key] = [Expectation(values: values, days: day...day)]
        let found = BaselineMaterial.standing([acts], settings: settings)
        #expect(!found.values.contains { $0.contains("p7@example.com had a day") })
        settings.expected[own.key] = [Expectation(values: values, days: (day - 3)...(day - 1))]
        #expect(
            BaselineMaterial.standing([acts], settings: settings).values.contains {
                $0.contains("p7@example.com had a day")
            })
    }

    @Test("The long-run rate of alerts keeps to the budget where nothing is wrong", arguments: [1, 3])
    func budget(promised: Int) {
        var settings = BehaviourSettings()
        settings.budget = Double(promised)
        var material = BaselineMaterial(seed: 11)
        let acts = material.acts(people: 150, days: 40)
        let found = BaselineMaterial.standing([acts], settings: settings)
        let rate = Double(found.count) / 33
        #expect(rate <= 1.2 * Double(promised))
    }

    @Test("One finding stands for all only where more would be raised than anybody reads")
    func storm() {
        var baseline = Baseline()
        baseline.active = (weekday: 1_000, weekend: 300)
        let saturday = (BaselineMaterial.start + .days(5)).day
        let limit = AlertLimit(baseline, BehaviourSettings(), day: saturday)
        // Twelve of three hundred are many; but the budget is five, and eight alerts can be read.
        #expect(!limit.isStorm(12, alerts: 8))
        #expect(limit.isStorm(25, alerts: 21))
        #expect(!limit.isStorm(9, alerts: 21))
        #expect(!AlertLimit(baseline, BehaviourSettings(), day: saturday + 3).isStorm(25, alerts: 21))
    }

    @Test("Hostile values neither break a finding nor fill memory")
    func hostile() throws {
        var acts = Self.material(1)
        for number in 0..<600 {
            var act = BaselineMaterial.Act(
                who: "p7@example.com", at: BaselineMaterial.start + .seconds(17 * 86_400 + 40_000 - number),
                uid: "h\(number)")
            act.action = "svc:\\\"</script>\\u0000" + String(repeating: "x", count: 5_000) + "\(number)"
            act.ip = "203.0.113.\(number % 250)"
            acts.append(act)
        }
        var behaviour = Behaviour()
        let found = BaselineMaterial.standing([acts], behaviour: &behaviour)
        for text in found.values {
            _ = try JSONReader.document(in: Array(text.utf8), file: "finding")
            #expect(text.utf8.count < 64 << 10)
        }
        let day = try #require(behaviour.book.days[(BaselineMaterial.start + .days(17)).day])
        #expect(day.entities.allSatisfy { $0.weight < 1 << 20 })
    }

    @Test("What a person's accounts do in several systems is one identity's day, by the user's file alone")
    func holders() {
        var directory = IdentityDirectory()
        let arn = "arn:aws:iam::111122223333:user/ana"
        directory.add(
            person: "Ana Example", nature: .human, accounts: ["Ana@example.com", arn, "okta admin"])
        directory.add(person: "Bo Example", nature: .human, accounts: ["bo@example.com", "gitea admin"])
        let names = ["ana@example.com", arn, "bo@example.com", "admin", "carl@example.com"]
        let acts = names.enumerated().map {
            BaselineMaterial.Act(who: $1, at: BaselineMaterial.start + .seconds($0), uid: "e\($0)")
        }
        let days = BaselineMaterial.day(acts, of: AccountHolders(directory))
        let told = Set(days.map { String(decoding: $0.name, as: UTF8.self) })
        #expect(told == ["ana example", "bo example", "admin", "carl@example.com"])
        #expect(BaselineMaterial.day(acts.reversed(), of: AccountHolders(directory)).count == 4)
        // Whoever judges the day names it as the finding does.
        let keys = Set(days.map(\.key))
        #expect(keys.contains(JudgedDay(identity: "Ana Example", at: BaselineMaterial.start).key))
        #expect(BaselineMaterial.day(acts).count == 5)
    }
}
