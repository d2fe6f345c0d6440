import Codecs
import Credentials
import Engine
import Exporters
import Pipeline
import Ports
import Simulation

/// Everything that a pipeline's exporters deliver to, played: each counts by uid what it has in the end.
struct LabReceivers: Sendable {
    enum Receiver: Sendable {
        case strict(StrictReceiver)
        /// A store of objects whose events stand in columns.
        case lake(StrictReceiver, LabLake)
        case splunk(HECReceiver)
        case taker(EventTaker)
        /// Files in this folder.
        case folder(String)
    }

    private(set) var all: [String: Receiver] = [:]

    /// - Parameters:
    ///   - habits: what each receiver does to events, by exporter.
    ///   - putsOff: exporters whose receivers put some events off once.
    init(
        of pipeline: PipelineFile, in world: Simulation, habits: [String: StrictReceiver.Habits],
        putsOff: Set<String> = []
    ) {
        for entry in pipeline.config.exporters.entries {
            let own = habits[entry.name] ?? StrictReceiver.Habits()
            switch entry.value {
            case .file(let config): all[entry.name] = .folder(pipeline.absolute(config.path.value))
            case .kafka, .syslog, .email: all[entry.name] = .taker(EventTaker(world, habits: own))
            case .splunkHEC(let config):
                var options = HECReceiver.Options(token: config.token.revealed)
                options.acknowledges = config.acknowledgement
                options.habits = own
                options.seed = world.seed
                if world.seed % 4 == 0 { options.losesAcknowledgement = 0.1 }
                all[entry.name] = .splunk(HECReceiver(options))
            default:
                guard var rules = Self.rules(for: entry.value) else { continue }
                rules.path = ""
                rules.headers = []
                rules.contentType = ""
                rules.compressions = ["gzip", "zstd"]
                if Self.isColumns(entry.value) {
                    let lake = LabLake()
                    rules.entries = { [lake.take($0)] }
                    all[entry.name] = .lake(StrictReceiver(rules, habits: own), lake)
                    continue
                }
                let manner: StrictReceiver.Manner = putsOff.contains(entry.name) ? .puttingOff : .plain
                all[entry.name] = .strict(StrictReceiver(rules, manner, habits: own))
            }
        }
    }

    private static func isColumns(_ config: ExporterConfig) -> Bool {
        switch config {
        case .s3(let config): config.objects.format == .parquet
        case .gcs(let config): config.objects.format == .parquet
        case .azureBlob(let config): config.objects.format == .parquet
        case .securityLake: true
        default: false
        }
    }

    /// What the product demands; addresses and credentials are the user's own and are not looked at.
    private static func rules(for config: ExporterConfig) -> StrictReceiver.Rules? {
        switch config {
        case .http: return .anything
        case .elastic: return .elastic(key: "")
        case .s3, .securityLake: return .s3
        case .gcs: return .gcs(token: "")
        case .azureBlob: return .azureBlob(token: "")
        case .declared(let declared):
            let values = declared.parameters.mapValues(\.revealed)
            switch declared.declaration.receiver {
            case "clickhouse": return .clickhouse(password: "")
            case "datadog": return .datadog(key: "")
            case "logscale": return .logScale(token: "")
            case "loki": return .loki(tenant: "")
            case "newrelic": return .newRelic(key: "")
            case "otlp": return .otlp(key: "")
            case "pagerduty": return .pagerDuty(key: values["routing_key"] ?? "")
            case "secops_raw":
                let place = "projects/\(values["project"] ?? "")/locations/\(values["region"] ?? "us")"
                return .secopsRaw(
                    token: "",
                    forwarder: "\(place)/instances/\(values["instance"] ?? "")/forwarders/"
                        + (values["forwarder"] ?? ""))
            case "secops_udm": return .secopsUDM(token: "")
            case "sentinel": return .sentinel(token: "")
            case "slack": return .slack
            case "teams": return .teams
            default: return nil
            }
        case .splunkHEC, .file, .kafka, .syslog, .email: return nil
        }
    }

    /// Exporters to which nothing here answers.
    static func unknown(in pipeline: PipelineFile) -> [String] {
        pipeline.config.exporters.entries.filter { entry in
            switch entry.value {
            case .splunkHEC, .file, .kafka, .syslog, .email: false
            default: rules(for: entry.value) == nil
            }
        }.map { "\($0.name) (\($0.value.kind))" }
    }

    /// Whether an event may be refused without the rest: a store of objects takes or refuses whatever it is given.
    static func judgesEvents(_ config: ExporterConfig) -> Bool {
        switch config {
        case .file, .s3, .securityLake, .gcs, .azureBlob, .syslog: false
        default: true
        }
    }

    func server(_ name: String) -> (any SimulatedServer)? {
        switch all[name] {
        case .strict(let receiver), .lake(let receiver, _): receiver
        case .splunk(let receiver): receiver
        case .taker, .folder, nil: nil
        }
    }

    func taker(_ name: String) -> EventTaker? {
        if case .taker(let taker)? = all[name] { taker } else { nil }
    }

    /// How often each event is there, and what was not as the product has it.
    func taken(by name: String, _ volume: (String) -> SimulatedVolume?) async throws -> (
        uids: [String: Int], breaches: [String]
    ) {
        switch all[name] {
        case .strict(let receiver): (receiver.tally.uids, receiver.tally.breaches)
        case .lake(let receiver, let lake): try await lake.events(in: receiver.tally.uids)
        case .splunk(let receiver): (receiver.tally.uids, receiver.tally.breaches)
        case .taker(let taker): (taker.tally.uids, taker.tally.breaches)
        case .folder(let folder): volume(folder).map { Self.events(in: $0, of: name) } ?? ([:], [])
        case nil: ([:], [])
        }
    }

    /// The lines of all files that are whole.
    private static func events(
        in volume: SimulatedVolume, of name: String
    ) -> (uids: [String: Int], breaches: [String]) {
        var uids: [String: Int] = [:]
        var breaches: [String] = []
        for path in volume.paths
        where path.hasPrefix("\(name)-") && path.contains(".ndjson") && !path.hasSuffix(".partial") {
            guard let text = try? Inflater.inflate(volume[path] ?? [], bytesMax: 256 << 20) else {
                breaches.append("\(path) cannot be unpacked")
                continue
            }
            for line in text.split(separator: 0x0A) {
                let event = try? JSONReader.document(in: Array(line), file: path)
                if let uid = event?["metadata"]?["uid"]?.string {
                    uids[uid, default: 0] += 1
                } else {
                    breaches.append("\(path) has a line that is no event")
                }
            }
        }
        return (uids, breaches)
    }
}
