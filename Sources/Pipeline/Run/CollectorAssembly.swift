import Collectors
import Credentials
import Engine
import Ports

/// Makes collectors out of configuration.
struct CollectorAssembly: Sendable {
    let file: PipelineFile
    let surroundings: RunSurroundings

    /// One collector, ready to be polled.
    struct Part: Sendable {
        var name: String
        var collector: any Collector
        var caller: Caller

        /// Polls until the end that `mode` has, or until cancelled.
        func run(
            _ mode: RunMode, files: any FileReader, sink: any PageSink, health: any HealthReporter
        ) async throws(Fault) {
            try await poll(collector, mode, files: files, sink: sink, health: health)
        }

        private func poll(
            _ collector: some Collector, _ mode: RunMode, files: any FileReader, sink: any PageSink,
            health: any HealthReporter
        ) async throws(Fault) {
            try await Poller(collector, mode: mode, caller: caller, files: files, sink: sink, health: health)
                .run()
        }
    }

    func part(_ name: String, _ config: CollectorConfig) throws(Fault) -> Part {
        switch config {
        case .files(let files):
            let paths = files.paths.all.map { file.absolute($0.value) }
            var settings = FileCollector.Config(paths: paths)
            settings.interval = files.interval
            let collector = FileCollector(feed: files.feed.value, source: name, config: settings)
            return Part(name: name, collector: collector, caller: try caller(ConnectionConfig()))
        case .s3, .queue, .lookupEvents:
            throw Fault(.denied, "\(config.kind) is not there")
        }
    }

    func caller(_ connection: ConnectionConfig) throws(Fault) -> Caller {
        Caller(
            transport: try surroundings.transport(connection.absolute(in: file)), time: surroundings.time,
            entropy: surroundings.entropy)
    }

    /// The credentials that a collector's configuration asks for.
    func credentials(_ aws: AWSConfig, for name: String) throws(Fault) -> AWSCredentialCache {
        let around = AWSSurroundings(
            environment: surroundings.environment, files: surroundings.files,
            processes: surroundings.processes,
            caller: try caller(aws.connection), endpoints: aws.awsEndpoints)
        var choice = AWSIdentityChoice(profile: aws.profile)
        if let role = aws.roleARN {
            choice.roles = [AWSRole(arn: role, sessionName: "martlet-\(name)", externalID: aws.externalID)]
        }
        return AWSCredentialCache(AWSCredentialChain.source(choice, in: around), time: surroundings.time)
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
