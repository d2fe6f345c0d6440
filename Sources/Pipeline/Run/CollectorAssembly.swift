import Collectors
import Credentials
import Engine
import Ports

/// One collector of a running pipeline, however it comes by its records.
protocol CollectorPart: Sendable {
    var name: String { get }
    var feed: String { get }
    /// Collects until the end that `mode` has, or until cancelled.
    func run(
        _ mode: RunMode, files: any FileReader, sink: any PageSink, health: any HealthReporter
    ) async throws(Fault)
}

/// Makes collectors, and the way to reach the other side, out of configuration.
struct CollectorAssembly: Sendable {
    let file: PipelineFile
    /// How feeds with a declared protocol are collected.
    var feeds = FeedCatalog.none
    let surroundings: RunSurroundings

    /// One collector, ready to be polled.
    struct Part: CollectorPart {
        var name: String
        var collector: any Collector
        var caller: Caller
        /// Proves the trail complete beside reading it, in a run without an end.
        var digests: DigestVerification?
        /// Whether it has an end even in a run without one.
        var isBackfill = false
        /// Left when the run ends.
        var stream: (any MessageStream)?

        var feed: String { collector.feed }

        func run(
            _ mode: RunMode, files: any FileReader, sink: any PageSink, health: any HealthReporter
        ) async throws(Fault) {
            let mode = isBackfill ? .once : mode
            guard let digests, mode == .continuous else {
                return try await poll(collector, mode, files: files, sink: sink, health: health)
            }
            let watch = DigestWatch(digests, source: name, time: caller.time, health: health)
            let outcome: Result<Void, Fault> = await withTaskGroup(of: Result<Void, Fault>.self) { group in
                group.addTask {
                    do throws(Fault) {
                        return .success(
                            try await poll(collector, mode, files: files, sink: sink, health: health))
                    } catch { return .failure(error) }
                }
                group.addTask {
                    do throws(Fault) { return .success(try await watch.run()) } catch {
                        return .failure(error)
                    }
                }
                let first = await group.next() ?? .success(())
                group.cancelAll()
                return first
            }
            try outcome.get()
        }

        private func poll(
            _ collector: some Collector, _ mode: RunMode, files: any FileReader, sink: any PageSink,
            health: any HealthReporter
        ) async throws(Fault) {
            let poller = Poller(
                collector, mode: mode, caller: caller, files: files, sink: sink, health: health)
            do throws(Fault) {
                try await poller.run()
            } catch {
                await stream?.close()
                throw error
            }
            await stream?.close()
        }
    }

    /// - Parameter servers: those that the pipeline's push collectors share.
    func part(
        _ name: String, _ config: CollectorConfig, _ servers: [PushServer]
    ) throws(Fault) -> any CollectorPart {
        switch config {
        case .files(let files):
            let paths = files.paths.all.map { file.absolute($0.value) }
            var settings = FileCollector.Config(paths: paths)
            settings.interval = files.interval
            let collector = FileCollector(feed: files.feed.value, source: name, config: settings)
            return Part(name: name, collector: collector, caller: try caller(ConnectionConfig()))
        case .s3(let bucket): return try bucketPart(name, bucket)
        case .queue(let queue): return try queuePart(name, queue)
        case .lookupEvents(let lookup): return try lookupPart(name, lookup)
        case .snapshot(let snapshot): return try snapshotPart(name, snapshot)
        case .api(let api): return try apiPart(name, api)
        case .pubsub(let pubsub):
            let subscription = try subscription(pubsub)
            let collector = PubSubCollector(
                feed: pubsub.feed.value, source: name,
                config: pubSubSettings(subscription, deadline: pubsub.deadline))
            return Part(name: name, collector: collector, caller: try caller(pubsub.connection))
        case .kafka(let kafka): return try kafkaPart(name, kafka)
        case .push:
            guard let server = servers.first(where: { $0.serves(name) }) else {
                preconditionFailure("no server listens for \(name)")
            }
            return PushPart(name: name, feed: config.feed.value, server: server, time: surroundings.time)
        }
    }

    private func bucketPart(_ name: String, _ config: S3CollectorConfig) throws(Fault) -> Part {
        let bucket = S3Bucket(
            config.bucket, expectedOwner: config.bucketOwner, identity: try identity(config.aws, for: name))
        var settings = BucketCollector.Config(bucket: bucket)
        settings.prefix =
            config.prefix.isEmpty || config.prefix.hasSuffix("/") ? config.prefix : config.prefix + "/"
        settings.accounts = Set(config.accounts)
        settings.regions = Set(config.regions)
        settings.since = config.since.flatMap { Timestamp(userText: $0, now: surroundings.time.now) }
        settings.interval = config.interval
        settings.overlap = config.overlap
        let collector = BucketCollector(feed: config.feed.value, source: name, config: settings)
        var part = Part(name: name, collector: collector, caller: try caller(config.aws.connection))
        if config.verifyDigests { part.digests = try digests(name, config) }
        return part
    }

    /// What proves the bucket of an `s3` collector complete and unchanged.
    func digests(_ name: String, _ config: S3CollectorConfig) throws(Fault) -> DigestVerification {
        let identity = try identity(config.aws, for: name)
        let prefix =
            config.prefix.isEmpty || config.prefix.hasSuffix("/") ? config.prefix : config.prefix + "/"
        return DigestVerification(
            bucket: S3Bucket(config.bucket, expectedOwner: config.bucketOwner, identity: identity),
            prefix: prefix, accounts: Set(config.accounts), regions: Set(config.regions), identity: identity,
            caller: try caller(config.aws.connection))
    }

    private func queuePart(_ name: String, _ config: QueueCollectorConfig) throws(Fault) -> Part {
        let identity = try identity(config.aws, for: name)
        var settings = QueueCollector.Config(
            queue: SQSQueue(config.queue.text, identity: identity), identity: identity)
        settings.expectedBucketOwner = config.bucketOwner
        settings.buckets = Set(config.buckets)
        settings.waitSeconds = Int(config.wait.components.seconds)
        settings.visibilitySeconds = Int(config.visibility.components.seconds)
        let collector = QueueCollector(feed: config.feed.value, source: name, config: settings)
        return Part(name: name, collector: collector, caller: try caller(config.aws.connection))
    }

    private func lookupPart(_ name: String, _ config: LookupEventsConfig) throws(Fault) -> Part {
        let identity = try identity(config.aws, for: name)
        let regions = config.regions.isEmpty ? [config.aws.region] : config.regions
        var settings = LookupCollector.Config(
            streams: regions.map { .init(name: $0, identity: identity.inRegion($0)) })
        settings.since = surroundings.time.now - config.lookback
        settings.interval = config.interval
        settings.overlap = config.overlap
        let collector = LookupCollector(source: name, config: settings)
        return Part(name: name, collector: collector, caller: try caller(config.aws.connection))
    }

    /// Reads the past from the day of `since` up to now beside the live collector, under a position of its own, which is
    /// the same for the same day; `nil` for a collector that is not asked by time.
    func backfill(_ name: String, _ config: CollectorConfig, since: Timestamp) throws(Fault) -> Part? {
        guard case .api(let api) = config, feeds[api.feed.value]?.takesEnd == true else { return nil }
        let since = Timestamp(seconds: floorDivide(since.seconds, 86_400) * 86_400)
        let stamp = since.iso8601.prefix(10)
        var part = try apiPart(
            "\(name).backfill-\(stamp)", api, since: since,
            until: Timestamp(seconds: surroundings.time.now.seconds))
        part.isBackfill = true
        return part
    }

    private func apiPart(
        _ name: String, _ config: APICollectorConfig, since: Timestamp? = nil, until: Timestamp? = nil
    ) throws(Fault) -> Part {
        guard let declaration = feeds[config.feed.value] else {
            throw Fault(.denied, "\(name): there is no feed \(config.feed.value)")
        }
        var settings = DeclaredCollector.Config()
        settings.endpoint = config.endpoint?.text
        settings.parameters = config.values(for: declaration)
        settings.since =
            since ?? config.since.flatMap { Timestamp(userText: $0, now: surroundings.time.now) }
        settings.until = until
        settings.interval = config.interval
        settings.overlap = config.overlap
        settings.oneMissedIn = config.oneMissedIn
        if let auth = config.auth {
            let needs = AuthNeeds(
                scopes: declaration.auth.scope.flatMap { $0.filled { settings.parameters[$0] } }.map { [$0] }
                    ?? [],
                tokenPlace: TokenPlace(header: declaration.auth.header, scheme: declaration.auth.scheme))
            settings.authorizer = try authorizer(auth, for: needs, config.connection)
        }
        let collector = DeclaredCollector(declaration, source: name, config: settings)
        return Part(name: name, collector: collector, caller: try caller(config.connection))
    }

    private func snapshotPart(_ name: String, _ config: SnapshotCollectorConfig) throws(Fault) -> Part {
        var accounts: [SnapshotCollector.Config.Account] = []
        for role in config.roles {
            let identity = try identity(config.aws, for: name, then: role)
            accounts.append(.init(id: SnapshotCollectorConfig.account(of: role), identity: identity))
        }
        if accounts.isEmpty { accounts = [.init(id: nil, identity: try identity(config.aws, for: name))] }
        var settings = SnapshotCollector.Config(
            accounts: accounts, services: config.collect,
            regions: config.regions.isEmpty ? [config.aws.region] : config.regions)
        settings.teamTable = config.teamTable ?? ""
        settings.interval = config.interval
        settings.patience = config.patience
        let collector = SnapshotCollector(source: name, config: settings)
        return Part(name: name, collector: collector, caller: try caller(config.aws.connection))
    }

    /// A subscription, with the credentials to read it.
    func subscription(_ config: PubSubCollectorConfig) throws(Fault) -> PubSubSubscription {
        let needs = AuthNeeds(scopes: ["https://www.googleapis.com/auth/pubsub"])
        return PubSubSubscription(
            config.subscription, at: config.endpoint?.text ?? PubSubSubscription.usualAddress,
            authorizer: try authorizer(config.auth ?? .google(GoogleConfig()), for: needs, config.connection))
    }

    private func pubSubSettings(
        _ subscription: PubSubSubscription, deadline: Duration
    ) -> PubSubCollector.Config {
        var settings = PubSubCollector.Config(subscription: subscription)
        settings.deadlineSeconds = Int(deadline.components.seconds)
        return settings
    }

    private func kafkaPart(_ name: String, _ config: KafkaCollectorConfig) throws(Fault) -> Part {
        var options = KafkaOptions(
            brokers: config.brokers.all, topics: config.topics.all, group: config.group)
        options.beginsAtOldest = config.start == .oldest
        options.usesTLS = config.usesTLS
        options.caFile = config.caFile.map { file.absolute($0) }
        if let sasl = config.sasl {
            options.proof = .password(
                mechanism: sasl.mechanism.rawValue, user: sasl.user, password: sasl.password.revealed)
        } else if let connection = config.connectionString {
            options.proof = .password(
                mechanism: SASLMechanism.plain.rawValue, user: "$ConnectionString",
                password: connection.revealed)
        } else if let auth = config.auth {
            let host = config.brokers.all.first.map { $0.prefix { $0 != ":" } } ?? ""
            let needs = AuthNeeds(scopes: ["https://\(host)/.default"])
            guard let tokens = try tokens(auth, for: needs, ConnectionConfig()) else {
                throw Fault(.denied, "\(name): auth of kind \(auth.kind) gives no tokens for Kafka")
            }
            options.proof = .token { () async throws(Fault) in
                let token = try await tokens.current()
                return (token.text.revealed, token.expiration)
            }
        }
        let stream = try surroundings.kafka(options)
        let collector = KafkaCollector(
            feed: config.feed.value, source: name, config: KafkaCollector.Config(stream: stream))
        var part = Part(name: name, collector: collector, caller: try caller(ConnectionConfig()))
        part.stream = stream
        return part
    }

    func transport(_ connection: ConnectionConfig) throws(Fault) -> any Transport {
        let transport = try surroundings.transport(connection.absolute(in: file))
        guard let timeout = connection.timeout else { return transport }
        return PatientTransport(transport: transport, timeout: timeout)
    }

    func caller(_ connection: ConnectionConfig) throws(Fault) -> Caller {
        Caller(
            transport: try transport(connection), time: surroundings.time, entropy: surroundings.entropy)
    }

    /// What puts the credentials of an `auth:` block on requests; its tokens are got over the same connection.
    func authorizer(
        _ auth: AuthConfig, for needs: AuthNeeds, _ connection: ConnectionConfig
    ) throws(Fault) -> any Authorizer {
        let around = try awsSurroundings(AWSEndpoints(region: ""), connection)
        return auth.authorizer(for: needs, in: TokenSurroundings(around), absolute: file.absolute)
    }

    /// The tokens of an `auth:` block by themselves, for what is not HTTP; `nil` where it has none.
    func tokens(
        _ auth: AuthConfig, for needs: AuthNeeds, _ connection: ConnectionConfig
    ) throws(Fault) -> TokenCache? {
        let around = TokenSurroundings(try awsSurroundings(AWSEndpoints(region: ""), connection))
        return auth.source(for: needs, in: around, absolute: file.absolute).map {
            TokenCache($0.source, time: surroundings.time)
        }
    }

    private func awsSurroundings(
        _ endpoints: AWSEndpoints, _ connection: ConnectionConfig
    ) throws(Fault) -> AWSSurroundings {
        AWSSurroundings(
            environment: surroundings.environment, files: surroundings.files,
            processes: surroundings.processes, caller: try caller(connection), endpoints: endpoints,
            volume: surroundings.sharedVolume)
    }

    /// Who a collector is at AWS, as its configuration says.
    ///
    /// - Parameter role: assumed last, with the credentials that the rest amounts to.
    func identity(
        _ aws: AWSConfig, for name: String, then role: String? = nil
    ) throws(Fault) -> AWSIdentity {
        let around = try awsSurroundings(aws.awsEndpoints, aws.connection)
        var choice = AWSIdentityChoice(profile: aws.profile)
        choice.roles = [aws.roleARN, role].compactMap { $0 }.map {
            AWSRole(arn: $0, sessionName: "martlet-\(name)", externalID: aws.externalID)
        }
        return AWSIdentity(
            AWSCredentialChain.source(choice, in: around), endpoints: aws.awsEndpoints,
            time: surroundings.time)
    }
}

/// A transport whose requests take as long as the user allows.
struct PatientTransport: Transport {
    let transport: any Transport
    let timeout: Duration

    func send(_ request: HTTPRequest) async throws(Fault) -> HTTPResponse {
        var request = request
        request.timeout = timeout
        return try await transport.send(request)
    }
}

extension ConnectionConfig {
    /// The same with its files' paths seen from the pipeline file.
    func absolute(in file: PipelineFile) -> ConnectionConfig {
        var copy = self
        copy.tls.caFile = tls.caFile.map { file.absolute($0) }
        copy.tls.clientCertificate = tls.clientCertificate.map { file.absolute($0) }
        copy.tls.clientKey = tls.clientKey.map { file.absolute($0) }
        return copy
    }
}
