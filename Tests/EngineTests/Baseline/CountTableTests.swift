import Testing

@testable import Engine

/// Tables that hold what a dictionary would, and nothing else.
@Suite struct CountTableTests {
    private struct Dice {
        var state: UInt64

        mutating func below(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
    }

    @Test("A table of counts is a dictionary of counts", arguments: 1...20 as ClosedRange<UInt64>)
    func counts(seed: UInt64) {
        var dice = Dice(state: seed)
        var table = CountTable()
        var model: [UInt64: UInt32] = [:]
        // Keys of which many have one home, the least and the greatest among them.
        let keys = (0..<40).map { $0 < 20 ? UInt64($0) : UInt64.max &- UInt64($0 * 4_096) }
        for _ in 0..<4_000 {
            let key = keys[dice.below(keys.count)]
            switch dice.below(5) {
            case 0, 1:
                table.add(key)
                model[key, default: 0] += 1
            case 2, 3:
                table.release(key)
                if let count = model[key] { model[key] = count > 1 ? count - 1 : nil }
            default:
                let count = UInt32(dice.below(3))
                table[key] = count
                model[key] = count == 0 ? nil : count
            }
            #expect(table.count == model.count)
            #expect(table[key] == model[key] ?? 0)
        }
        let pairs = table.sorted.map { [$0.key, UInt64($0.value)] }
        #expect(pairs == model.sorted { $0.key < $1.key }.map { [$0.key, UInt64($0.value)] })
    }

    @Test("A count never runs over")
    func overflow() {
        var table = CountTable()
        table[7] = .max
        table.add(7)
        #expect(table[7] == .max)
    }

    @Test(
        "Profiles come back with their habits, and a copy keeps what it had",
        arguments: 1...10 as ClosedRange<UInt64>)
    func profiles(seed: UInt64) {
        var dice = Dice(state: seed)
        var table = ProfileTable()
        var model: [UInt64: (activity: UInt16, habits: [Habit])] = [:]
        var copy = (table: table, model: model)
        for turn in 0..<3_000 {
            let key = UInt64(dice.below(300)) &* 0x9E37_79B9_7F4A_7C15
            let place = table.place(of: key) ?? table.add(Profile(key: key, day: 1))
            var profile = table[place]
            profile.activity = UInt16(turn)
            let habits = (0..<dice.below(20)).map {
                Habit(value: UInt32($0), count: UInt16(turn), lastDay: 1)
            }
            table.put(profile, habits, at: place)
            model[key] = (UInt16(turn), habits)
            if turn == 1_500 { copy = (table, model) }
        }
        for (table, model) in [copy, (table, model)] {
            #expect(table.count == model.count)
            #expect(table.placesByKey.map { table[$0].key } == model.keys.sorted())
            for (key, known) in model {
                let past = table.past(of: key)
                #expect(past?.profile.activity == known.activity)
                #expect(past.map { Array($0.habits) } == known.habits)
            }
            let even = table.filtered { $0.activity % 2 == 0 }
            #expect(even.count == model.count { $0.value.activity % 2 == 0 })
            #expect(table.place(of: 12_345) == nil)
        }
    }
}
