package import Engine

/// One pipeline file: from where, what, to where.
package struct PipelineConfig: ConfigValue {
    /// More in one file is refused: a pipeline per file and team reads better, and each costs tasks and files.
    static let partsMax = 256

    package var name = Placed("")
    package var state: String?
    package var vendors: [Placed<String>] = []
    package var collectors = Named<CollectorConfig>()
    package var filter: [FilterConfig] = []
    package var rules: [Placed<String>] = [Placed("builtin")]
    package var placeholders: String?
    package var behaviour = BehaviourConfig()
    package var drift = DriftConfig()
    package var reports = Named<ReportConfig>()
    package var rawData = false
    package var attribution = AttributionConfig()
    package var geo = GeoConfig()
    package var store = StoreConfig()
    package var deadLetter = DeadLetterConfig()
    package var exporters = Named<ExporterConfig>()
    package var admin: AdminConfig?

    package init() {}

    package static let name = "a pipeline"
    package static let summary = "From where, what, to where."
    package static var fields: [ConfigField<Self>] {
        [
            .init(
                "name", \.name, isRequired: true,
                "The pipeline's name: names its state folder and its metrics"
            ) {
                nameComplaint($0.value)
            },
            .init("state", \.state, "State folder; `--state` and `$MARTLET_STATE` come before it"),
            .init(
                "vendors", \.vendors,
                "Folders with more feeds: `<vendor>/<feed>/feed.yaml` and `mapping.yaml`"),
            .init(
                "collectors", \.collectors, isRequired: true, "Where records come from, under names of yours"),
            .init("filter", \.filter, "Events to leave out, counted in the ledger as `filtered`"),
            .init("rules", \.rules, "Sigma rules: `builtin`, files and folders; an empty list for none"),
            .init(
                "placeholders", \.placeholders,
                "YAML file with the values of `%placeholders%` in rules: `name: [value, …]`"),
            .init("behaviour", \.behaviour, "What baselines may raise"),
            .init("drift", \.drift, "What access is measured against as it changes"),
            .init("reports", \.reports, "Reports of drift, under names of yours"),
            .init("raw_data", \.rawData, "Add the vendor's record to each event as `raw_data`"),
            .init("attribution", \.attribution, "Who is behind each event, traced through its credentials"),
            .init("geo", \.geo, "Where source addresses are"),
            .init("store", \.store, "What is kept on this machine"),
            .init("dead_letter", \.deadLetter, "How much of what was refused may be kept"),
            .init("exporters", \.exporters, "Where events and findings go, under names of yours"),
            .init("admin", \.admin, "Metrics and health checks over HTTP"),
        ]
    }

    package func check(at position: SourcePosition, by decoder: inout ConfigDecoder) {
        if collectors.entries.isEmpty {
            decoder.complain(at: position, "a pipeline needs at least one of its collectors")
        }
        if exporters.entries.isEmpty, !store.enabled {
            decoder.complain(at: position, "a pipeline without a store needs at least one of its exporters")
        }
        for (what, count) in [
            ("collectors", collectors.entries.count), ("exporters", exporters.entries.count),
        ] where count > Self.partsMax {
            decoder.complain(at: position, "more than \(Self.partsMax) \(what)")
        }
        if !reports.entries.isEmpty, !drift.enabled {
            decoder.complain(at: position, "reports tell of drift, which is not enabled")
        }
        checkListening(by: &decoder)
        if exporters.entries.contains(where: { $0.name == StoreConfig.exporterName }) {
            decoder.complain(at: position, "the name store is the event store's: call the exporter otherwise")
        }
    }
}

extension PipelineConfig {
    /// Collectors at one address are behind one server.
    private func checkListening(by decoder: inout ConfigDecoder) {
        var seen: [String: (name: String, config: PushCollectorConfig)] = [:]
        for entry in collectors.entries {
            guard case .push(let config) = entry.value else { continue }
            guard let other = seen[config.listen.value] else {
                seen[config.listen.value] = (entry.name, config)
                continue
            }
            if config.tls?.certificate != other.config.tls?.certificate
                || config.tls?.key != other.config.tls?.key
            {
                decoder.complain(
                    at: entry.position,
                    "\(entry.name) and \(other.name) listen at one address with different tls")
            }
        }
    }
}

/// Events that are left out: those for which every condition holds.
package struct FilterConfig: ConfigValue {
    package var drop = Conditions()

    package init() {}

    package static let name = "a filter"
    package static let summary = "An event is left out when all conditions of one `drop` hold."
    package static var fields: [ConfigField<Self>] {
        [.init("drop", \.drop, isRequired: true, "OCSF paths and the value, or values, to compare with")]
    }
}

/// OCSF paths with the texts that their values may have.
package struct Conditions: ConfigDecodable {
    package struct Condition: Sendable {
        package var path: String
        package var position: SourcePosition?
        /// As in the event's JSON, without quotes; one of them must be equal.
        package var values: [String]
    }

    package var all: [Condition] = []

    package init() {}

    package static var configType: ConfigType { .conditions }
    package var configText: String? { nil }

    package static func decode(_ document: Document, by decoder: inout ConfigDecoder) -> Conditions? {
        guard let map = document.map, !map.isEmpty else {
            decoder.complain(at: document.position, "a mapping of paths to values is needed here")
            return nil
        }
        var conditions = Conditions()
        for entry in map {
            let values = (entry.value.list ?? [entry.value]).compactMap { decoder.text(of: $0) }
            conditions.all.append(Condition(path: entry.key, position: entry.keyPosition, values: values))
        }
        return conditions
    }
}

package struct AdminConfig: ConfigValue {
    package var listen = Placed("127.0.0.1:9464")

    package init() {}

    package static let name = "admin"
    package static let summary = "`/metrics` for Prometheus, `/healthz` and `/readyz`."
    package static var fields: [ConfigField<Self>] {
        [
            .init("listen", \.listen, "Address and port; this machine's own addresses only") {
                complaint($0.value)
            }
        ]
    }

    private static func complaint(_ text: String) -> String? {
        let parts = split(text)
        guard let parts else { return "“\(text)” is not an address and a port, such as 127.0.0.1:9464" }
        return ["127.0.0.1", "[::1]", "localhost"].contains(parts.host)
            ? nil : "only 127.0.0.1, [::1] or localhost"
    }

    /// Host and port of `host:port`.
    static func split(_ text: String) -> (host: String, port: UInt16)? {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        return (String(text[..<colon]), port)
    }

    package var address: (host: String, port: UInt16)? { Self.split(listen.value) }
}
