import Engine
import Ports
import Simulation
import Testing

@testable import Pipeline

@Suite struct DuplicateDaysTests {
    /// Keys that came on so many days, one a day, and which of them are known when as many days are over by the clock.
    private static func known(days: Int, of world: Simulation, by clock: SettableClock) throws -> [Bool] {
        let volume = SimulatedVolume(world)
        return try world.run {
            let journal = try await Journal.open(volume: volume, time: clock, entropy: world)
            let duplicates = try await Duplicates.open(volume: volume, time: clock, journal: journal)
            var asked: [(hour: Int64, key: DuplicateKey)] = []
            for day in 0..<days {
                let key = DuplicateKey(uid: UInt64(day + 1), content: 7)
                asked.append((Int64(day), key))
                let ticket = await duplicates.begin()
                await duplicates.end(
                    ticket, committed: (UInt64(day), [PageCommit.Keys(hour: Int64(day), keys: [key])]))
                _ = try await duplicates.flush()
                clock.set(by: .days(1))
            }
            // A clock that jumps, and is set right again.
            clock.set(by: .days(40))
            _ = try await duplicates.flush()
            clock.set(by: .zero - .days(40))
            return try await duplicates.known(asked)
        } ?? []
    }

    @Test(
        "Duplicates are told for seven days on which something came, whatever the clock jumps to",
        arguments: [1, 7, 12])
    func days(count: Int) throws {
        let world = Simulation(seed: 1)
        let known = try Self.known(days: count, of: world, by: SettableClock(world))
        #expect(known == (0..<count).map { $0 >= count - 7 })
    }
}
