import Codecs
import Credentials
import Engine
import Exporters
import Ports

/// Makes receivers out of configuration.
struct ExporterAssembly: Sendable {
    let file: PipelineFile
    let surroundings: RunSurroundings

    /// The receiver behind everything that is done to events on the way: they are shaped as OCSF first, and written in
    /// another version or schema last.
    func receiver(_ name: String, _ config: ExporterConfig) throws -> any Receiver {
        var receiver = try plainReceiver(name, config)
        let delivery = config.delivery
        switch config.encoding {
        case .ocsf:
            if let version = OCSFSchema.Version(rawValue: delivery.ocsf.rawValue),
                let translator = try OCSFContent.translator(to: version)
            {
                receiver = TranslatingReceiver(receiver, translator)
            }
        case let encoding: receiver = EncodingReceiver(receiver, try EncodingCatalog.map(encoding))
        }
        return ShapingReceiver(receiver, delivery.shaping) ?? receiver
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
        case .elastic(let config): return try elastic(name, config, connections)
        case .s3(let config):
            let identity = try connections.identity(config.aws, for: name)
            let store = S3Objects(
                config.bucket, endpoints: config.aws.awsEndpoints, owner: config.bucketOwner,
                createsOnce: config.createOnce)
            return try objects(
                name, store, config.objects, identity.signer(for: "s3"),
                try connections.transport(config.aws.connection))
        case .securityLake(let config): return try securityLake(name, config, connections)
        case .gcs(let config):
            let needs = AuthNeeds(scopes: [GoogleObjects.scope])
            return try objects(
                name, GoogleObjects(config.bucket, at: config.endpoint?.text), config.objects,
                try connections.authorizer(
                    config.auth ?? .google(GoogleConfig()), for: needs, config.connection),
                try connections.transport(config.connection))
        case .azureBlob(let config):
            let needs = AuthNeeds(scopes: [AzureObjects.scope])
            let auth = config.auth ?? .azureManagedIdentity(ManagedIdentityConfig())
            let store = AzureObjects(
                account: config.account, container: config.container, at: config.endpoint?.text)
            return try objects(
                name, store, config.objects, try connections.authorizer(auth, for: needs, config.connection),
                try connections.transport(config.connection))
        case .kafka(let config): return try kafka(config)
        case .syslog(let config): return try syslog(config)
        case .email(let config): return try email(config)
        case .declared(let config): return try declared(config, connections)
        }
    }

    private func securityLake(
        _ name: String, _ config: SecurityLakeConfig, _ connections: CollectorAssembly
    ) throws(Fault) -> any Receiver {
        let identity = try connections.identity(config.aws, for: name)
        let store = S3Objects(
            config.bucket, endpoints: config.aws.awsEndpoints, owner: nil, createsOnce: true,
            givesControl: true)
        let form: SecurityLakeForm
        do {
            form = try SecurityLakeForm(
                region: config.aws.region, account: config.account, sources: config.names)
        } catch {
            throw Fault(.denied, "\(error)")
        }
        return ObjectReceiver(
            store, form: form, prefix: "", name: "\(file.config.name.value)-\(name)",
            transport: try connections.transport(config.aws.connection),
            authorizer: identity.signer(for: "s3"), time: surroundings.time)
    }

    private func objects(
        _ name: String, _ store: any ObjectStoreProtocol, _ config: ObjectsConfig,
        _ authorizer: any Authorizer,
        _ transport: any Transport
    ) throws(Fault) -> any Receiver {
        let form: any ObjectForm
        switch config.format {
        case .ndjson: form = NDJSONForm(self.form(config.compression))
        case .parquet:
            do throws(Problems) { form = ParquetForm(plans: try StorePlans.all()) } catch {
                throw Fault(.denied, error.description)
            }
        }
        return ObjectReceiver(
            store, form: form, prefix: config.prefix, name: "\(file.config.name.value)-\(name)",
            transport: transport, authorizer: authorizer, time: surroundings.time)
    }

    private func elastic(
        _ name: String, _ config: ElasticConfig, _ connections: CollectorAssembly
    ) throws(Fault) -> any Receiver {
        var settings = ElasticBulk.Config(url: config.url.text, target: config.stream)
        settings.pipeline = config.pipeline
        settings.addsTimestamp = config.delivery.encoding != .ecs
        settings.compression = form(config.compression)
        settings.bodyBytesMax = Int(config.requestBytes.bytes)
        var authorizer: any Authorizer = Anonymous()
        if let key = config.apiKey {
            authorizer = FixedAuthorizer(token: key, place: TokenPlace(scheme: "ApiKey"))
        } else if let basic = config.basic {
            authorizer = FixedAuthorizer(user: basic.user, password: basic.password)
        } else if let bearer = config.bearer {
            authorizer = FixedAuthorizer(token: bearer, place: TokenPlace())
        } else if let aws = config.aws {
            authorizer = try connections.identity(aws, for: name).signer(for: config.service.rawValue)
        }
        return HTTPReceiver(
            ElasticBulk(settings), transport: try connections.transport(config.connection),
            authorizer: authorizer, time: surroundings.time)
    }

    private func declared(
        _ config: DeclaredExporterConfig, _ connections: CollectorAssembly
    ) throws(Fault) -> any Receiver {
        var settings = DeclaredExporter.Config()
        settings.parameters = config.values
        settings.endpoint = config.common.endpoint?.text
        settings.compression = form(config.compression)
        let exporter: DeclaredExporter
        do throws(EventTemplate.Flaw) {
            exporter = try DeclaredExporter(config.declaration, settings)
        } catch {
            throw Fault(.denied, "\(config.declaration.receiver): \(error.message)")
        }
        var authorizer: any Authorizer = Anonymous()
        if let auth = config.common.auth {
            let needs = AuthNeeds(scopes: config.declaration.auth.scope.map { [$0] } ?? [])
            authorizer = try connections.authorizer(auth, for: needs, config.common.connection)
        }
        return HTTPReceiver(
            exporter, transport: try connections.transport(config.common.connection),
            authorizer: authorizer, time: surroundings.time)
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
        let takesRecords = config.encoding == .raw
        var classes: Set<UInt32>?
        if case .securityLake(let lake) = config { classes = lake.classes }
        guard let choice = RowChoice(config.delivery, classes: classes) else {
            return PipelineState.Outlet(name, spool: spool, takesRecords: takesRecords)
        }
        return PipelineState.Outlet(name, spool: spool, takesRecords: takesRecords) { choice.rows(of: $0) }
    }
}
