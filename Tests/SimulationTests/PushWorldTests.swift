import Collectors
import Credentials
import Engine
import Exporters
import Pipeline
import Ports
import Simulation
import Testing

/// Senders that push, repeat what was not answered with 200, and forget what was; and a process that dies meanwhile.
@Suite struct PushWorldTests {
    private static let senders = 3
    private static let bodies = 12

    /// The lines of one body; some come in several.
    private static func body(_ sender: Int, _ number: Int) -> [String] {
        (0..<4).map { "1700467200000 u\(sender)-\(number)-\($0) plain" }
            + (number % 3 == 0 ? ["1700467200000 shared-\(number) plain"] : [])
    }

    private static func live(
        _ doors: Doors, _ done: Noted<Set<String>>, _ statuses: Noted<Set<Int>>
    ) async throws {
        let spool = Spool.Limits(bytesMax: 1_500, segmentBytes: 300)
        let state = try await PipelineState.open(doors: doors, outlets: [.init("siem", spool: spool)])
        var config = PushReceiver.Config(
            feed: "test.push", source: "push", path: "/in", format: .json, auth: .bearer(Secret("t")))
        config.requestsMax = 2
        config.patience = .seconds(2)
        let receiver = PushReceiver(config, sink: Lane(state) { WorldNormalizer() }, time: doors.time)
        let exporter = HTTPReceiver(
            WorldExporter(host: "siem.example.com"), transport: doors.transport, time: doors.time)
        guard let shipper = state.shipper("siem", to: exporter) else { return }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await shipper.run() }
            await withTaskGroup(of: Void.self) { senders in
                for sender in 0..<Self.senders {
                    senders.addTask { await send(sender, receiver, doors, done, statuses) }
                }
            }
            while await state.pendingRows > 0, !Task.isCancelled {
                try? await doors.time.sleep(until: doors.time.now + .seconds(1))
            }
            shipper.stop()
        }
        try await state.close()
    }

    private static func send(
        _ sender: Int, _ receiver: PushReceiver, _ doors: Doors, _ done: Noted<Set<String>>,
        _ statuses: Noted<Set<Int>>
    ) async {
        for number in 0..<bodies {
            while !done.value.contains("\(sender)-\(number)"), !Task.isCancelled {
                let text = body(sender, number).joined(separator: "\n")
                let answer = await receiver.answer(
                    HTTPRequest(
                        .POST, "/in", headers: ["Authorization": "Bearer t"], body: Array(text.utf8)))
                if Task.isCancelled { return }
                statuses.change { $0.insert(answer.status) }
                // An answer may be lost on its way: the sender does not know, and sends again.
                if answer.status == 200, doors.entropy.next() % 5 != 0 {
                    done.change { $0.insert("\(sender)-\(number)") }
                } else {
                    try? await doors.time.sleep(
                        until: doors.time.now + .milliseconds(Int64(doors.entropy.next() % 900)))
                }
            }
        }
    }

    @Test(
        "What was answered with 200 is delivered, once after removal of duplicates, through crashes and outages",
        arguments: 1...60 as ClosedRange<UInt64>)
    func durable(seed: UInt64) throws {
        let world = Simulation(seed: seed)
        let network = SimulatedNetwork(world)
        let siem = WorldReceiver(.plain, seed: seed)
        var faults = SimulatedNetwork.Faults()
        faults.unavailable = 0.2
        network.serve("https://siem.example.com/", siem, faults: faults)
        var disk = SimulatedVolume.Faults()
        if seed % 2 == 0 { disk.synchronize = 0.05 }
        var volume = SimulatedVolume(world, faults: disk)
        let (done, statuses) = (Noted<Set<String>>([]), Noted<Set<Int>>([]))
        for life in 0..<4 {
            let transport = network.transport()
            let doors = Doors(transport: transport, time: world, volume: volume, entropy: world)
            if life == 3 { volume.faults = SimulatedVolume.Faults() }
            let span: Duration? = life == 3 ? nil : .milliseconds(Int64(300 + world.next() % 4_000))
            do {
                try world.run(
                    for: span,
                    atEnd: { [volume] in
                        volume.stop()
                        transport.stop()
                    }
                ) { try await Self.live(doors, done, statuses) }
            } catch let fault as Fault where life < 3 && [.transient, .cancelled].contains(fault.kind) {
                volume.stop()
                transport.stop()
            }
            if life < 3 { volume = volume.crash() }
        }
        #expect(statuses.value.contains(200))
        #expect(done.value.count == Self.senders * Self.bodies)
        let sent = Set(
            (0..<Self.senders).flatMap { sender in
                (0..<Self.bodies).flatMap { Self.body(sender, $0) }
            }.map { String($0.dropFirst(14)) })
        #expect(Set(siem.taken.keys) == sent)
        let last = volume
        let ledger = try #require(try world.run { try await PipelineState.read(last)?.ledger } ?? nil)
        #expect(ledger.sorted.allSatisfy { $0.row.isBalanced })
        let total = ledger.total
        #expect(total.events == sent.count && total.exporters["siem"]?.pending == 0)
        let extra = siem.taken.values.reduce(0) { $0 + $1.count - 1 }
        #expect(extra <= total.exporters["siem"]?.resent ?? 0)
    }
}
