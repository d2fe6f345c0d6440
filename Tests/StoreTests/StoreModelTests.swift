import Engine
import Foundation
import Pipeline
import Ports
import Simulation
import Testing

@testable import Store

/// The store against a model of ten lines, through random actions, faults of the disk and crashes.
@Suite struct StoreModelTests {
    /// What must be there: deliveries that were answered are, one that was under way may be, and nothing comes twice.
    private struct Model {
        var answered: Set<String> = []
        var underWay: Set<String> = []

        mutating func delivered(_ numbers: Range<Int>, isAnswered: Bool) {
            let uids = Set(Stored.expected(numbers))
            if isAnswered { answered.formUnion(uids) } else { underWay.formUnion(uids) }
        }

        func check(_ stored: [String], _ seed: UInt64) {
            #expect(Set(stored).count == stored.count, "seed \(seed): something is there twice")
            #expect(answered.isSubset(of: stored), "seed \(seed): something answered is lost")
            #expect(
                Set(stored).isSubset(of: answered.union(underWay)), "seed \(seed): something nobody delivered"
            )
        }
    }

    private static var seeds: Int { SimulationSeeds.count(quick: 60) }

    @Test(
        "Random deliveries, merges, faults and crashes lose nothing that was answered and store nothing twice"
    )
    func randomLives() throws {
        for seed in 1...UInt64(Self.seeds) {
            let world = Simulation(seed: seed)
            try world.run { try await Self.live(world, seed) }
        }
    }

    private static func live(_ world: Simulation, _ seed: UInt64) async throws {
        var dice = SeededGenerator(seed: seed)
        var faults = SimulatedVolume.Faults()
        faults.append = [0, 0.02][dice.index(below: 2)]
        faults.synchronize = [0, 0.02][dice.index(below: 2)]
        faults.rename = [0, 0.02][dice.index(below: 2)]
        faults.latency = .zero
        var volume = SimulatedVolume(world, faults: faults)
        var limits = EventStore.Limits()
        limits.rowGroupRows = 8
        limits.mergeMin = 2
        let plans = try StorePlans.all()
        var store = EventStore(plans, volume: volume, time: world, limits: limits)
        var model = Model()
        var next = 0
        /// Deliveries that got no answer come again, under the same id and with the same content.
        var again: [Range<Int>] = []
        for _ in 0..<12 {
            switch dice.index(below: 6) {
            case 0...2:
                let numbers = again.popLast() ?? next..<next + 1 + dice.index(below: 8)
                next = max(next, numbers.upperBound)
                do throws(Fault) {
                    _ = try await store.append(
                        Stored.batch(numbers, spacing: 7_200_000), id: "\(numbers.lowerBound)")
                    model.delivered(numbers, isAnswered: true)
                } catch {
                    model.delivered(numbers, isAnswered: false)
                    again.append(numbers)
                }
            case 3: do throws(Fault) { _ = try await store.mergeOnce(all: true) } catch {}
            case 4:
                do throws(Fault) { try await store.tidy(all: true) } catch {}
                // The disk is full, or has room again.
                volume.faults.capacityBytes =
                    dice.index(below: 3) == 0
                    ? volume.bytesHeld + Int64(dice.index(below: 20_000)) : .max
            default:
                // A crash, at a moment or within the next call's bytes.
                if dice.index(below: 2) == 0 {
                    volume = volume.crash(
                        crashPoint: .beforeByte(Int64(dice.index(below: 40_000))))
                } else {
                    volume = volume.crash()
                }
                store = EventStore(plans, volume: volume, time: world, limits: limits)
            }
        }
        let disk = volume.crash()
        disk.faults = SimulatedVolume.Faults()
        store = EventStore(plans, volume: disk, time: world, limits: limits)
        model.check(try await Stored.uids(disk), seed)
        for numbers in again {
            _ = try await store.append(Stored.batch(numbers, spacing: 7_200_000), id: "\(numbers.lowerBound)")
            model.delivered(numbers, isAnswered: true)
        }
        while try await store.mergeOnce(all: true) {}
        model.check(try await Stored.uids(disk), seed)
        #expect(try await StoreCheck(plans, disk).verify().problems.isEmpty)
    }
}

/// How many seeds a test goes through: more in `scripts/test --all`.
enum SimulationSeeds {
    static func count(quick: Int) -> Int {
        guard let text = ProcessInfo.processInfo.environment["MARTLET_SEEDS"], let seeds = Int(text) else {
            return quick
        }
        return max(quick, seeds / 10)
    }
}
