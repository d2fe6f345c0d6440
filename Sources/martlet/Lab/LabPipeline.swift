import Engine
import Exporters
import Pipeline
import Ports

/// A user's pipeline made ready for the fault lab: each part is reached under a name of its own, with credentials that
/// only stand in, and what the lab cannot play is replaced, or left out, and said.
struct LabPipeline: Sendable {
    static let domain = "lab.example.com"

    private(set) var file: PipelineFile
    /// What is not as the file says, in words for the user.
    private(set) var replacements: [String] = []
    /// Collectors of snapshots: a snapshot's identifiers hold its time, so those of two runs are not alike.
    private(set) var snapshots: Set<String> = []

    init(_ file: PipelineFile, _ feeds: FeedCatalog) {
        self.file = file
        for index in file.config.collectors.entries.indices {
            let entry = file.config.collectors.entries[index]
            self.file.config.collectors.entries[index].value = staged(entry.value, entry.name, feeds)
        }
        self.file.config.exporters.entries = file.config.exporters.entries.map { entry in
            var copy = entry
            copy.value = staged(entry.value, entry.name)
            return copy
        }
        if !file.config.reports.entries.isEmpty {
            replacements.append("reports are not made: their time zones and folders are this machine's")
            self.file.config.reports = Named()
        }
    }

    /// The same without what cannot be compared between two runs.
    var comparable: PipelineFile {
        var file = file
        file.config.collectors.entries.removeAll { snapshots.contains($0.name) }
        return file
    }

    static func host(ofCollector name: String) -> String { "c-\(name).\(domain)" }
    static func host(ofExporter name: String) -> String { "e-\(name).\(domain)" }

    // MARK: Collectors

    private mutating func staged(
        _ config: CollectorConfig, _ name: String, _ feeds: FeedCatalog
    ) -> CollectorConfig {
        let host = Self.host(ofCollector: name)
        switch config {
        case .files: return config
        case .s3(var bucket):
            if bucket.verifyDigests {
                replacements.append(
                    "collector \(name): digests are not verified, as the lab's trail signs none")
            }
            bucket.verifyDigests = false
            bucket.since = nil
            stand(in: &bucket.aws, at: host)
            // So that the bucket stands in the path, whatever it is called.
            bucket.aws.endpoint = EndpointURL("https://s3.\(Self.domain)")
            return .s3(bucket)
        case .queue(var queue):
            queue.buckets = []
            stand(in: &queue.aws, at: host)
            return .queue(queue)
        case .lookupEvents(var lookup):
            stand(in: &lookup.aws, at: host)
            return .lookupEvents(lookup)
        case .snapshot(var snapshot):
            snapshots.insert(name)
            stand(in: &snapshot.aws, at: host)
            return .snapshot(snapshot)
        case .api(var api):
            if feeds[api.feed.value]?.position == .snapshot { snapshots.insert(name) }
            api.endpoint = nil
            api.since = nil
            api.auth = Self.standIn(for: api.auth)
            stand(in: &api.connection, at: host)
            return .api(api)
        case .push(var push):
            push.tls = nil
            return .push(push)
        case .kafka(var kafka):
            if kafka.topics.all.count > 1 {
                replacements.append("collector \(name): only the first of its topics is read")
                kafka.topics = OneOrMore([kafka.topics.all[0]])
            }
            kafka.brokers = OneOrMore([host])
            kafka.auth = nil
            return .kafka(kafka)
        case .pubsub(var pubsub):
            pubsub.endpoint = nil
            pubsub.auth = Self.standIn(for: pubsub.auth) ?? .google(GoogleConfig())
            stand(in: &pubsub.connection, at: host)
            return .pubsub(pubsub)
        }
    }

    // MARK: Exporters

    private mutating func staged(_ config: ExporterConfig, _ name: String) -> ExporterConfig {
        let host = Self.host(ofExporter: name)
        switch config {
        case .splunkHEC(var hec):
            stand(in: &hec.connection, at: host)
            readable(&hec.delivery, name)
            return .splunkHEC(hec)
        case .http(var http):
            stand(in: &http.connection, at: host)
            readable(&http.delivery, name)
            return .http(http)
        case .file(var files):
            readable(&files.delivery, name)
            return .file(files)
        case .elastic(var elastic):
            stand(in: &elastic.connection, at: host)
            if var aws = elastic.aws {
                stand(in: &aws, at: host)
                elastic.aws = aws
            }
            readable(&elastic.delivery, name)
            return .elastic(elastic)
        case .s3(var s3):
            stand(in: &s3.aws, at: host)
            readable(&s3.objects, name)
            return .s3(s3)
        case .securityLake(var lake):
            stand(in: &lake.aws, at: host)
            return .securityLake(lake)
        case .gcs(var gcs):
            stand(in: &gcs.connection, at: host)
            gcs.auth = .google(GoogleConfig())
            readable(&gcs.objects, name)
            return .gcs(gcs)
        case .azureBlob(var blob):
            stand(in: &blob.connection, at: host)
            blob.auth = .google(GoogleConfig())
            readable(&blob.objects, name)
            return .azureBlob(blob)
        case .kafka(var kafka):
            kafka.brokers = OneOrMore([host])
            readable(&kafka.delivery, name)
            return .kafka(kafka)
        case .syslog(var syslog):
            syslog.address = "\(host):6514"
            readable(&syslog.delivery, name)
            return .syslog(syslog)
        case .email(var mail):
            mail.server = "\(host):587"
            return .email(mail)
        case .declared(var declared):
            stand(in: &declared.common.connection, at: host)
            declared.common.endpoint = nil
            declared.common.auth = Self.standIn(for: declared.common.auth)
            if let chosen = declared.common.delivery.encoding,
                chosen.rawValue != declared.declaration.encodings.first
            {
                declared.common.delivery.encoding = nil
                replacements.append(
                    "exporter \(name): its usual encoding is sent in place of \(chosen.rawValue)")
            }
            return .declared(declared)
        }
    }

    /// What a simulated receiver can read an event's uid out of.
    private mutating func readable(_ delivery: inout DeliveryConfig, _ name: String) {
        guard let chosen = delivery.encoding, chosen != .ocsf else { return }
        delivery.encoding = nil
        replacements.append("exporter \(name): OCSF is sent in place of \(chosen.rawValue)")
    }

    private mutating func readable(_ objects: inout ObjectsConfig, _ name: String) {
        readable(&objects.delivery, name)
    }

    // MARK: Connections

    private func stand(in aws: inout AWSConfig, at host: String) {
        aws.profile = nil
        aws.endpoint = nil
        aws.endpoints = Named()
        stand(in: &aws.connection, at: host)
    }

    /// The proxy of a connection tells the lab whose it is.
    private func stand(in connection: inout ConnectionConfig, at host: String) {
        connection.proxy = EndpointURL("http://\(host)")
        connection.tls = TLSConfig()
    }

    /// Credentials that are only shown stay; those that fetch tokens become a machine's own, whose tokens end.
    private static func standIn(for auth: AuthConfig?) -> AuthConfig? {
        switch auth {
        case nil: nil
        case .apiToken, .basic: auth
        default: .google(GoogleConfig())
        }
    }
}
