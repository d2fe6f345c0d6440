import Codecs
import Engine
import Exporters
import Ports

/// Makes receivers out of configuration.
struct ExporterAssembly: Sendable {
    let file: PipelineFile
    let surroundings: RunSurroundings

    func receiver(_ name: String, _ config: ExporterConfig) throws -> any Receiver {
        let receiver = try plainReceiver(name, config)
        guard let version = OCSFSchema.Version(rawValue: config.delivery.ocsf.rawValue),
            let translator = try OCSFContent.translator(to: version)
        else { return receiver }
        return TranslatingReceiver(receiver, translator)
    }

    private func plainReceiver(_ name: String, _ config: ExporterConfig) throws(Fault) -> any Receiver {
        let connections = CollectorAssembly(file: file, surroundings: surroundings)
        switch config {
        case .splunkHEC(let hec):
            var settings = SplunkHEC.Config(url: hec.url.text, token: hec.token)
            settings.index = hec.index
            settings.source = hec.source
            settings.sourcetype = hec.sourcetype
            settings.host = hec.host
            settings.acknowledgement = hec.acknowledgement
            settings.isCompressed = hec.compression == .gzip
            return HTTPReceiver(
                SplunkHEC(settings, entropy: surroundings.entropy),
                transport: try connections.transport(hec.connection), time: surroundings.time)
        case .http(let http):
            var settings = GenericHTTP.Config(url: http.url.text)
            settings.format = http.format == .ndjson ? .ndjson : .array
            settings.headers = http.headers.entries.map { ($0.name, $0.value) }
            if let bearer = http.bearer { settings.authorization = .bearer(bearer) }
            if let basic = http.basic {
                settings.authorization = .basic(user: basic.user, password: basic.password)
            }
            if let hmac = http.hmac {
                settings.signature =
                    switch hmac.scheme {
                    case .sha256: .simple(secret: hmac.secret, header: hmac.header)
                    case .standardWebhooks: .standardWebhooks(secret: hmac.secret)
                    }
            }
            settings.compression = form(http.compression)
            return HTTPReceiver(
                GenericHTTP(settings, time: surroundings.time),
                transport: try connections.transport(http.connection), time: surroundings.time)
        case .file(let config):
            var settings = FileExporter.Config()
            settings.compression = form(config.compression)
            settings.rotateBytes = config.rotate.size.bytes
            settings.rotateAge = config.rotate.age
            settings.prefix = name
            let volume = try surroundings.volume(file.absolute(config.path.value))
            return FileExporter(settings, volume: volume, time: surroundings.time)
        }
    }

    private func form(_ compression: BodyCompression) -> Compressor.Form {
        switch compression {
        case .none: .plain
        case .gzip: .gzipFast
        case .zstd: .zstd(level: 1)
        }
    }

    /// What an exporter gets, and how much may wait for it.
    static func outlet(_ name: String, _ config: ExporterConfig) -> PipelineState.Outlet {
        var spool = Spool.Limits()
        spool.bytesMax = config.delivery.spool.size.bytes
        let receives = Set(config.delivery.receives)
        if receives == [.events, .findings] { return PipelineState.Outlet(name, spool: spool) }
        let kind: Event.Kind = receives.contains(.events) ? .event : .finding
        return PipelineState.Outlet(name, spool: spool) { batch in
            (0..<batch.count).filter { batch.events[$0].kind == kind }
        }
    }

    static func limits(_ config: ExporterConfig) -> Shipper.Limits {
        var limits = Shipper.Limits()
        var (rows, bytes) = (1_000, 1 << 20)
        if case .file = config {
            // Each batch costs two synchronizations of the disk, and they are written one by one.
            (rows, bytes) = (20_000, 8 << 20)
            limits.concurrency = 1
        }
        limits.rowsMax = config.delivery.batch.rows ?? rows
        limits.bytesMax = config.delivery.batch.bytes.map { Int($0.bytes) } ?? bytes
        limits.ageMax = config.delivery.batch.age
        return limits
    }
}
