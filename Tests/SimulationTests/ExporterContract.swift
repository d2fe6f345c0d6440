import Engine
import Exporters
import Ports
import Simulation

@testable import Pipeline

/// One kind of exporter under its contract: how it is configured, and the receiver that is as strict as the real one.
struct ContractKind: Sendable, CustomStringConvertible {
    var name: String
    /// What stands under the exporter's name in a pipeline file, in flow form.
    var config: String
    var host: String
    var rules: @Sendable () -> StrictReceiver.Rules
    /// What repetitions come to: nothing where the receiver tells them.
    var removesRepetitions = false
    /// Whether a batch that is refused in part goes to the dead letter whole, because nobody knows which part it was.
    var namesNoRefused = false
    /// Whether a server's error of this kind is tried again soon.
    var retries500 = true
    /// A store of objects takes whatever is in them, and a lost answer costs no repetition.
    var isObjects = false
    /// Any 2xx is its word.
    var takesAnyWord = false
    var description: String { name }

    static let all: [ContractKind] = [
        ContractKind(
            name: "elasticsearch",
            config:
                "to: elasticsearch, url: 'https://es.example.com:9200', stream: logs-martlet-default, api_key: k",
            host: "https://es.example.com:9200", rules: { .elastic(key: "k") }, removesRepetitions: true),
        ContractKind(
            name: "datadog", config: "to: datadog, api_key: k, host: 'h\"', tags: 'a:b'",
            host: "https://http-intake.logs.datadoghq.com", rules: { .datadog(key: "k") }),
        ContractKind(
            name: "loki",
            config: "to: loki, url: 'https://loki.example.com/', tenant: t, environment: prod",
            host: "https://loki.example.com", rules: { .loki(tenant: "t") }, removesRepetitions: true),
        ContractKind(
            name: "sentinel",
            config: "to: sentinel, url: 'https://dce.example.com', rule: dcr-1, stream: Custom-Martlet_CL, "
                + "auth: {kind: entra, tenant: t, client_id: c, client_secret: s}",
            host: "https://dce.example.com", rules: { .sentinel(token: "a-token") }),
        ContractKind(
            name: "otlp", config: "to: otlp, url: 'https://otel.example.com:4318', api_key: k",
            host: "https://otel.example.com:4318", rules: { .otlp(key: "k") }, namesNoRefused: true,
            retries500: false),
        ContractKind(
            name: "clickhouse",
            config:
                "to: clickhouse, url: 'https://ch.example.com', database: logs, table: martlet, password: k",
            host: "https://ch.example.com", rules: { .clickhouse(password: "k") }),
        ContractKind(
            name: "secops_raw",
            config: "to: secops_raw, project: p, instance: i, forwarder: f, auth: {kind: google}",
            host: "https://us-chronicle.googleapis.com", rules: { .secopsRaw(token: "a-token") }),
        ContractKind(
            name: "secops_udm", config: "to: secops_udm, project: p, instance: i, auth: {kind: google}",
            host: "https://us-chronicle.googleapis.com", rules: { .secopsUDM(token: "a-token") }),
        ContractKind(
            name: "splunk_hec", config: "to: splunk_hec, url: 'https://splunk.example.com', token: t",
            host: "https://splunk.example.com", rules: { .splunk(token: "t") }),
        ContractKind(
            name: "http", config: "to: http, url: 'https://in.example.com/in', bearer: t, compression: zstd",
            host: "https://in.example.com", rules: { .lines(bearer: "t") }, takesAnyWord: true),
        ContractKind(
            name: "newrelic", config: "to: newrelic, license_key: k", host: "https://log-api.newrelic.com",
            rules: { .newRelic(key: "k") }),
        ContractKind(
            name: "logscale", config: "to: logscale, url: 'https://ls.example.com', token: k",
            host: "https://ls.example.com", rules: { .logScale(token: "k") }),
        ContractKind(
            name: "slack",
            config:
                "to: slack, url: 'https://hooks.example.com/services/T/B/x', receives: [events, findings]",
            host: "https://hooks.example.com", rules: { .slack }),
        ContractKind(
            name: "teams",
            config: "to: teams, url: 'https://flow.example.com/workflows/x', receives: [events, findings]",
            host: "https://flow.example.com", rules: { .teams }),
        ContractKind(
            name: "pagerduty", config: "to: pagerduty, routing_key: k, receives: [events, findings]",
            host: "https://events.pagerduty.com", rules: { .pagerDuty(key: "k") }, removesRepetitions: true),
        ContractKind(
            name: "s3",
            config: "to: s3, bucket: lake, prefix: in, region: eu-central-1, batch: {age: 1s}",
            host: "https://lake.s3.eu-central-1.amazonaws.com", rules: { .s3 }, removesRepetitions: true,
            isObjects: true),
        ContractKind(
            name: "gcs", config: "to: gcs, bucket: lake, prefix: in, compression: gzip, batch: {age: 1s}",
            host: "https://storage.googleapis.com", rules: { .gcs(token: "a-token") },
            removesRepetitions: true, isObjects: true),
        ContractKind(
            name: "azure_blob",
            config: "to: azure_blob, account: acme, container: lake, prefix: in, compression: none, "
                + "auth: {kind: entra, tenant: t, client_id: c, client_secret: s}, batch: {age: 1s}",
            host: "https://acme.blob.core.windows.net", rules: { .azureBlob(token: "a-token") },
            removesRepetitions: true, isObjects: true),
    ]
}

/// Hands out tokens to whoever asks: Entra, Google.
private struct TokenServer: SimulatedServer {
    func answer(_ request: HTTPRequest, at now: Timestamp) -> HTTPResponse {
        HTTPResponse(
            status: 200, headers: ["Content-Type": "application/json", "Metadata-Flavor": "Google"],
            body: Array(#"{"access_token":"a-token","token_type":"Bearer","expires_in":3600}"#.utf8))
    }
}

/// One exporter, some events, a receiver that behaves in one way, and what came of it.
struct ContractRun {
    static let events = 40

    var kind: ContractKind
    var manner = StrictReceiver.Manner.plain
    var poison: Set<Int> = []
    var faults = SimulatedNetwork.Faults()
    var fault: Fault?
    var span = Duration.minutes(10)

    struct Outcome {
        var cell: Ledger.Cell
        var tally: StrictReceiver.Tally
        var elsewhere: Int
        var note: String
        var dead: [DeadLetterEntry]
    }

    func run(seed: UInt64 = 7) throws -> Outcome {
        let world = Simulation(seed: seed)
        let network = SimulatedNetwork(world)
        let receiver = StrictReceiver(kind.rules(), manner)
        let elsewhere = StrictReceiver(kind.rules())
        network.serve(kind.host, receiver, faults: faults)
        network.serve("https://elsewhere.example.com", elsewhere)
        network.serve("https://login.microsoftonline.com", TokenServer())
        network.serve("http://metadata.example.com", TokenServer())
        let volume = SimulatedVolume(world)
        let transport: any Transport =
            fault.map { ScriptedTransport(world, .fault($0)) } ?? network.transport()
        let files = SimulatedFiles([
            "/p.yaml": """
            name: p
            collectors: {c: {from: files, paths: [/logs]}}
            exporters:
              out: {\(kind.config)}
            """
        ])
        let surroundings = RunSurroundings(
            time: world, entropy: world, files: files, processes: ScriptedProcesses(),
            environment: [
                "GCE_METADATA_HOST": "metadata.example.com", "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE",
                "AWS_SECRET_ACCESS_KEY": "s",
            ], transport: { _ in transport },
            volume: { _ in SimulatedVolume(world) }, log: .silent)
        try world.run(for: span) {
            let file = try await PipelineFile.read(["/p.yaml"], environment: [:], files)[0]
            let config = file.config.exporters.entries[0].value
            let target = try ExporterAssembly(file: file, surroundings: surroundings).receiver("out", config)
            let doors = Doors(transport: transport, time: world, volume: volume, entropy: world)
            let state = try await PipelineState.open(
                doors: doors, outlets: [ExporterAssembly.outlet("out", config)])
            let lines = (0..<Self.events).map { "\($0) \(poison.contains($0) ? "poison" : "sound")" }
            let object = RawObject(name: "o", bytes: Array(lines.joined(separator: "\n").utf8))
            _ = try await Lane(state) { ContractNormalizer() }.deliver(
                RawPage(feed: "f", source: "s", objects: [object], position: [1], listed: 1, fetched: 1))
            var limits = ExporterAssembly.limits(config)
            limits.rowsMax = min(limits.rowsMax, 4)
            await state.shipper("out", to: target, limits: limits)?.run()
        }
        let state = try world.run { try await PipelineState.read(volume) } ?? nil
        var dead: [DeadLetterEntry] = []
        if let state { dead = try refused(state, world, volume) }
        return Outcome(
            cell: state?.ledger.total.exporters["out"] ?? Ledger.Cell(), tally: receiver.tally,
            elsewhere: elsewhere.tally.requests, note: state?.notes["exporter out"]?.text ?? "",
            dead: dead)
    }

    private func refused(
        _ state: JournalState, _ world: Simulation, _ volume: SimulatedVolume
    ) throws -> [DeadLetterEntry] {
        let read = try world.run {
            var entries: [DeadLetterEntry] = []
            try await DeadLetter.read(volume, state) { _, entry in entries.append(entry) }
            return entries
        }
        return read ?? []
    }
}
