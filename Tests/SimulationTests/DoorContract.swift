import Engine
import Exporters
import Ports
import Simulation

@testable import Pipeline

/// One kind of exporter that speaks no HTTP, under the same contract as those that do.
struct DoorKind: Sendable, CustomStringConvertible {
    var name: String
    /// What stands under the exporter's name in a pipeline file, in flow form.
    var config: String
    /// Whether single events can be refused over there.
    var refuses = true
    var description: String { name }

    static let all: [DoorKind] = [
        DoorKind(name: "kafka", config: "to: kafka, brokers: 'kafka.example.com:9093', topic: events"),
        DoorKind(name: "syslog", config: "to: syslog, address: 'logs.example.com:6514'", refuses: false),
        DoorKind(
            name: "syslog lines",
            config: "to: syslog, address: 'logs.example.com:6514', framing: newline", refuses: false),
        DoorKind(
            name: "email",
            config:
                "to: email, server: 'smtp.example.com:587', from: m@example.com, recipients: a@example.com, "
                + "receives: [events, findings]"),
    ]
}

/// One such exporter, some events, a receiver that behaves in one way, and what came of it.
struct DoorRun {
    static let events = ContractRun.events

    var kind: DoorKind
    var faults = EventTaker.Faults()
    var failures: [Fault] = []
    var habits = StrictReceiver.Habits()
    var words = "sound"
    var span = Duration.minutes(30)

    struct Outcome {
        var cell: Ledger.Cell
        var tally: EventTaker.Tally
        var note: String
        var dead: [DeadLetterEntry]
    }

    func run(seed: UInt64 = 7) throws -> Outcome {
        let world = Simulation(seed: seed)
        let taker = EventTaker(world, faults: faults, habits: habits)
        taker.fail(failures)
        let volume = SimulatedVolume(world)
        let files = SimulatedFiles([
            "/p.yaml": """
            name: p
            collectors: {c: {from: files, paths: [/logs]}}
            exporters:
              out: {\(kind.config)}
            """
        ])
        let surroundings = RunSurroundings(
            time: world, entropy: world, files: files, processes: ScriptedProcesses(), environment: [:],
            transport: { _ in ScriptedTransport(world) }, volume: { _ in SimulatedVolume(world) },
            kafkaSink: { _ in taker.sink() }, byteStream: { _ in taker.syslog() },
            mailer: { _ in taker.mailServer() }, log: .silent)
        try world.run(for: span) {
            let file = try await PipelineFile.read(["/p.yaml"], environment: [:], files)[0]
            let config = file.config.exporters.entries[0].value
            let target = try ExporterAssembly(file: file, surroundings: surroundings).receiver("out", config)
            let doors = Doors(
                transport: ScriptedTransport(world), time: world, volume: volume, entropy: world)
            let state = try await PipelineState.open(
                doors: doors, outlets: [ExporterAssembly.outlet("out", config)])
            let lines = (0..<Self.events).map { "\($0) \(words)" }
            let object = RawObject(name: "o", bytes: Array(lines.joined(separator: "\n").utf8))
            _ = try await Lane(state) { ContractNormalizer() }.deliver(
                RawPage(feed: "f", source: "s", objects: [object], position: [1], listed: 1, fetched: 1))
            var limits = ExporterAssembly.limits(config)
            limits.rowsMax = min(limits.rowsMax, 4)
            await state.shipper("out", to: target, limits: limits)?.run()
        }
        let state = try world.run { try await PipelineState.read(volume) } ?? nil
        var dead: [DeadLetterEntry] = []
        if let state {
            dead =
                try world.run {
                    var entries: [DeadLetterEntry] = []
                    try await DeadLetter.read(volume, state) { _, entry in entries.append(entry) }
                    return entries
                } ?? []
        }
        return Outcome(
            cell: state?.ledger.total.exporters["out"] ?? Ledger.Cell(), tally: taker.tally,
            note: state?.notes["exporter out"]?.text ?? "", dead: dead)
    }
}
