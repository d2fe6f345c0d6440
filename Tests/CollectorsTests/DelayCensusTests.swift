import Engine
import Foundation
import Ports
import Simulation
import Testing

@testable import Collectors

/// What the census states about late records, held against what really came late.
@Suite struct DelayCensusTests {
    /// Delays of one shape; seconds.
    enum Shape: CaseIterable {
        case prompt, exponential, heavy, twoModes

        func delay(_ world: Simulation) -> Double {
            let u = max(1e-12, 1 - world.fraction())
            switch self {
            case .prompt: return 2 * world.fraction()
            case .exponential: return -20 * log(u)
            // P(delay > t) falls with t^-1.5.
            case .heavy: return 2 * (pow(u, -2.0 / 3) - 1)
            case .twoModes:
                return world.fraction() < 0.99 ? 5 * world.fraction() : 600 + 300 * world.fraction()
            }
        }
    }

    @Test(
        "The share stated as later than a reach is not below the true one by more than chance",
        arguments: Shape.allCases, UInt64(1)...5)
    func stated(shape: Shape, seed: UInt64) {
        let world = Simulation(seed: seed)
        var census = DelayCensus()
        let horizon = Duration.hours(1)
        for _ in 0..<50_000 {
            let delay = Duration.seconds(shape.delay(world))
            // What is later than the horizon is never seen.
            if delay <= horizon { census.add(delay) }
        }
        var beyond = [Int: Int]()
        let fresh = 200_000
        for _ in 0..<fresh {
            let delay = shape.delay(world)
            for octave in 3..<12 where delay > Double(1 << octave) { beyond[octave, default: 0] += 1 }
        }
        for octave in 3..<12 {
            let truth = Double(beyond[octave] ?? 0) / Double(fresh)
            let stated = census.stated(beyond: DelayCensus.end(of: octave), horizon: horizon)
            #expect(stated >= truth * 0.8 - 5e-5, "\(shape), 2^\(octave) s: \(stated) stated, \(truth) true")
        }
    }

    @Test(
        "Prompt feeds are read back little, feeds with stragglers far, and the horizon grows with a tail behind it"
    )
    func reach() {
        let world = Simulation(seed: 9)
        func overlap(_ shape: Shape, late: Duration) -> (Overlap, DelayCensus) {
            var census = DelayCensus()
            var overlap = Overlap(bound: late, isFixed: false, residual: 1e-4, reach: .days(30))
            for round in 0..<60_000 {
                let delay = Duration.seconds(shape.delay(world))
                if delay <= overlap.horizon { census.add(delay) }
                if round % 1_000 == 999 { overlap.review(census) }
            }
            return (overlap, census)
        }
        let (prompt, counted) = overlap(.prompt, late: .hours(1))
        #expect(prompt.shallow(counted) <= .seconds(8))
        #expect(prompt.horizon == .hours(1))
        let (modes, stragglers) = overlap(.twoModes, late: .hours(1))
        #expect(modes.shallow(stragglers) > .minutes(15))
        let (heavy, tail) = overlap(.heavy, late: .minutes(10))
        #expect(heavy.horizon > .minutes(10))
        #expect(heavy.horizon <= .minutes(160))
        _ = tail
        let few = DelayCensus()
        #expect(prompt.shallow(few) == prompt.horizon, "without evidence everything is read again")
    }
}
