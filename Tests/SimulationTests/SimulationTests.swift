import Engine
import Ports
import Simulation
import Synchronization
import Testing

@Suite struct SimulationTests {
    private actor Diary {
        var lines: [String] = []
        func note(_ line: String) { lines.append(line) }
    }

    /// What three tasks and an actor did, in the order they did it.
    private func diary(seed: UInt64) throws -> [String] {
        let world = Simulation(seed: seed)
        return try world.run {
            let diary = Diary()
            await withTaskGroup { group in
                for name in ["a", "b", "c"] {
                    group.addTask {
                        for step in 1...3 {
                            await world.pass(world.span(upTo: .seconds(1)))
                            await diary.note("\(name)\(step) at \(world.elapsed)")
                        }
                    }
                }
            }
            return await diary.lines
        } ?? []
    }

    @Test("One seed gives one history, other seeds give others")
    func repeats() throws {
        let histories = try (1...20).map { try diary(seed: $0) }
        #expect(try (1...20).map { try diary(seed: $0) } == histories)
        #expect(Set(histories).count == 20)
    }

    @Test("An hour of sleep takes no time, and ends when it should")
    func virtualTime() throws {
        let world = Simulation(seed: 1)
        let woken = try world.run {
            try await world.sleep(until: world.now + .hours(1))
            return world.elapsed
        }
        #expect(woken == .hours(1))
    }

    @Test("A span that ends cancels what sleeps beyond it")
    func spanEnds() throws {
        let world = Simulation(seed: 1)
        let polls = Mutex(0)
        try world.run(for: .seconds(95)) {
            while true {
                polls.withLock { $0 += 1 }
                try await world.sleep(until: world.now + .seconds(10))
            }
        }
        #expect(polls.withLock { $0 } == 10)
        #expect(world.elapsed == .seconds(95))
    }

    @Test("Two tasks that wait for each other are found out")
    func deadlock() {
        let world = Simulation(seed: 1)
        #expect(throws: Simulation.Deadlock.self) {
            try world.run {
                let (never, _) = AsyncStream<Int>.makeStream()
                for await _ in never {}
            }
        }
    }

    @Test(
        "What was synchronized is there after a crash, and nothing after it that was not written",
        arguments: 1...50)
    func crash(seed: UInt64) throws {
        let world = Simulation(seed: seed)
        let volume = SimulatedVolume(world)
        try world.run {
            _ = try await volume.append([1, 2, 3], to: "a/one")
            try await volume.synchronize("a/one")
            _ = try await volume.append([4, 5, 6], to: "a/one")
            _ = try await volume.append([7], to: "a/two")
        }
        let survivor = volume.crash()
        let kept = try #require(survivor["a/one"])
        #expect(kept.starts(with: [1, 2, 3]))
        #expect(zip(kept, [1, 2, 3, 4, 5, 6]).allSatisfy { $0 == $1 || $0 == 0 } && kept.count <= 6)
        #expect(throws: Fault.self) {
            try world.run { _ = try await volume.append([8], to: "a/one") }
        }
    }

    @Test(
        "A request that dies on the way has been handled, or not; the answer never comes twice",
        arguments: 1...50)
    func network(seed: UInt64) throws {
        let world = Simulation(seed: seed)
        let network = SimulatedNetwork(world)
        let counter = Counter()
        var faults = SimulatedNetwork.Faults()
        faults.resetBefore = 0.2
        faults.resetAfter = 0.2
        faults.throttled = 0.2
        network.serve("https://siem.example.com/", counter, faults: faults)
        let transport = network.transport()
        let (accepted, refused) = try #require(
            try world.run {
                var counts = (0, 0)
                for _ in 0..<20 {
                    do {
                        let response = try await transport.send(
                            HTTPRequest(.POST, "https://siem.example.com/x"))
                        if response.status == 200 { counts.0 += 1 } else { counts.1 += 1 }
                    } catch {}
                }
                return counts
            })
        let seen = counter.seen.withLock { $0 }
        #expect(accepted <= seen && seen <= 20 - refused)
    }

    private final class Counter: SimulatedServer {
        let seen = Mutex(0)
        func answer(_ request: HTTPRequest, at now: Timestamp) -> HTTPResponse {
            seen.withLock { $0 += 1 }
            return HTTPResponse(status: 200)
        }
    }
}
