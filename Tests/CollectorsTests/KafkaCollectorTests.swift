import Credentials
import Engine
import Ports
import Simulation
import Synchronization
import Testing

@testable import Collectors

@Suite struct KafkaCollectorTests {
    /// What was durable of each partition, by the name of the message.
    private static func delivered(_ pages: [RememberedPages]) -> [String] {
        pages.flatMap { $0.objects.map { "\($0.name) \(String(decoding: $0.bytes, as: UTF8.self))" } }
    }

    private static func run(
        _ world: Simulation, _ broker: MessageBroker, into pages: RememberedPages, _ mode: RunMode
    ) async throws(Fault) {
        let stream = broker.join()
        var config = KafkaCollector.Config(stream: stream)
        config.pageMessagesMax = 5
        config.bufferBytesMax = 200
        let collector = KafkaCollector(feed: "f", source: "hub", config: config)
        let caller = Caller(transport: ScriptedTransport(world), time: world, entropy: world)
        do throws(Fault) {
            try await Poller(
                collector, mode: mode, caller: caller, files: SimulatedFiles(), sink: pages,
                health: RememberedNotes()
            ).run()
        } catch {
            await stream.close()
            throw error
        }
        await stream.close()
    }

    @Test(
        "Offsets are never committed ahead of what is durable, and nothing is lost however often the process dies",
        arguments: UInt64(1)...40)
    func crashes(seed: UInt64) throws {
        let world = Simulation(seed: seed)
        let broker = MessageBroker(world, topic: "hub", partitions: 3, failing: seed % 2 == 0 ? 0.03 : 0)
        for number in 0..<60 { broker.append("m\(number)", to: number % 3) }
        let pages = RememberedPages(world, refuses: 0.2)
        for _ in 0..<3 {
            do {
                try world.run(for: .milliseconds(Int64(100 + world.next() % 900))) {
                    try await Self.run(world, broker, into: pages, .continuous)
                }
            } catch let fault as Fault where fault.kind == .cancelled {}
            broker.killAll()
            let names = Set(pages.objects.map(\.name))
            for (partition, offset) in broker.committed {
                for before in 0..<offset {
                    #expect(names.contains("hub/\(partition)/\(before)"), "seed \(seed)")
                }
            }
        }
        try world.run { try await Self.run(world, broker, into: pages, .once) }
        #expect(Set(pages.objects.map(\.name)).count == 60)
        #expect((0..<3).map { broker.committed[$0] } == broker.ends)
    }

    @Test(
        "Consumers that come and go share the partitions; what one has read is not read again by another",
        arguments: UInt64(1)...30)
    func rebalance(seed: UInt64) throws {
        let world = Simulation(seed: seed)
        let broker = MessageBroker(world, topic: "hub", partitions: 4)
        for number in 0..<80 { broker.append("m\(number)", to: number % 4) }
        let (first, second) = (RememberedPages(world), RememberedPages(world))
        try world.run {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { try? await Self.run(world, broker, into: first, .continuous) }
                group.addTask {
                    try? await world.sleep(until: world.now + .milliseconds(30))
                    await withTaskGroup(of: Void.self) { inner in
                        inner.addTask { try? await Self.run(world, broker, into: second, .continuous) }
                        try? await world.sleep(until: world.now + .seconds(5))
                        inner.cancelAll()
                    }
                }
                for number in 80..<120 {
                    try? await world.sleep(until: world.now + .milliseconds(60))
                    broker.append("m\(number)", to: number % 4)
                }
                try? await world.sleep(until: world.now + .seconds(30))
                group.cancelAll()
            }
        }
        let all = Self.delivered([first, second])
        #expect(Set(all).count == 120)
        #expect((0..<4).map { broker.committed[$0] } == broker.ends)
        #expect(!second.objects.isEmpty && !first.objects.isEmpty)
        // Who is stopped leaves what it was just delivering to the next.
        #expect(all.count <= 120 + 10, "\(all.count)")
    }

    @Test("A run that is to end does so when all partitions are read to their ends, or none is given")
    func once() throws {
        let world = Simulation(seed: 1)
        let broker = MessageBroker(world, topic: "hub", partitions: 2)
        for number in 0..<7 { broker.append(number == 3 ? "" : "m\(number)", to: number % 2) }
        let pages = RememberedPages(world)
        try world.run { try await Self.run(world, broker, into: pages, .once) }
        #expect(pages.objects.count == 6, "a message without a value is no record")
        #expect(pages.pages.reduce(0) { $0 + $1.listed } == 7)
        #expect((0..<2).map { broker.committed[$0] } == [4, 3])
        #expect(world.elapsed < .seconds(10))
        try world.run { try await Self.run(world, broker, into: pages, .once) }
        #expect(pages.objects.count == 6)
    }
}
