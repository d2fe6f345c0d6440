package import Credentials
package import Engine
import Exporters

/// One exporter of a pipeline, by what it delivers to.
package enum ExporterConfig: ConfigDecodable {
    case splunkHEC(SplunkHECConfig)
    case http(HTTPExporterConfig)
    case file(FileExporterConfig)
    case elastic(ElasticConfig)
    case s3(S3ExporterConfig)
    case securityLake(SecurityLakeConfig)
    case gcs(GCSExporterConfig)
    case azureBlob(AzureBlobExporterConfig)
    case kafka(KafkaExporterConfig)
    case syslog(SyslogConfig)
    case email(MailConfig)
    case declared(DeclaredExporterConfig)

    /// Each kind's name, and what may stand in it.
    package static var kinds: [(tag: String, object: ConfigObject)] {
        [
            ("splunk_hec", SplunkHECConfig.object), ("http", HTTPExporterConfig.object),
            ("file", FileExporterConfig.object), ("elasticsearch", ElasticConfig.object),
            ("s3", S3ExporterConfig.object), ("security_lake", SecurityLakeConfig.object),
            ("gcs", GCSExporterConfig.object),
            ("azure_blob", AzureBlobExporterConfig.object), ("kafka", KafkaExporterConfig.object),
            ("syslog", SyslogConfig.object), ("email", MailConfig.object),
        ] + ReceiverCatalog.all.map { ($0.receiver, DeclaredExporterConfig.object(of: $0)) }
    }

    package static var configType: ConfigType { .tagged(key: "to", kinds) }
    package var configText: String? { nil }

    package static func decode(_ document: Document, by decoder: inout ConfigDecoder) -> ExporterConfig? {
        func read<Kind: ConfigValue>(_ make: (Kind) -> ExporterConfig) -> ExporterConfig? {
            Kind.decode(document, ignoring: ["to"], by: &decoder).map(make)
        }
        switch decoder.tag("to", of: document, among: configType) {
        case "splunk_hec": return read { .splunkHEC($0) }
        case "http": return read { .http($0) }
        case "file": return read { .file($0) }
        case "elasticsearch": return read { .elastic($0) }
        case "s3": return read { .s3($0) }
        case "security_lake": return read { .securityLake($0) }
        case "gcs": return read { .gcs($0) }
        case "azure_blob": return read { .azureBlob($0) }
        case "kafka": return read { .kafka($0) }
        case "syslog": return read { .syslog($0) }
        case "email": return read { .email($0) }
        case let name?:
            return ReceiverCatalog[name].flatMap {
                DeclaredExporterConfig.decode(document, as: $0, by: &decoder).map { .declared($0) }
            }
        case nil: return nil
        }
    }

    package var delivery: DeliveryConfig {
        switch self {
        case .splunkHEC(let config): config.delivery
        case .http(let config): config.delivery
        case .file(let config): config.delivery
        case .elastic(let config): config.delivery
        case .s3(let config): config.objects.delivery
        case .securityLake(let config): config.delivery
        case .gcs(let config): config.objects.delivery
        case .azureBlob(let config): config.objects.delivery
        case .kafka(let config): config.delivery
        case .syslog(let config): config.delivery
        case .email(let config): config.delivery
        case .declared(let config): config.common.delivery
        }
    }

    package var kind: String {
        switch self {
        case .splunkHEC: "splunk_hec"
        case .http: "http"
        case .file: "file"
        case .elastic: "elasticsearch"
        case .s3: "s3"
        case .securityLake: "security_lake"
        case .gcs: "gcs"
        case .azureBlob: "azure_blob"
        case .kafka: "kafka"
        case .syslog: "syslog"
        case .email: "email"
        case .declared(let config): config.declaration.receiver
        }
    }

    package var connection: ConnectionConfig? {
        switch self {
        case .splunkHEC(let config): config.connection
        case .http(let config): config.connection
        case .file, .kafka, .syslog, .email: nil
        case .elastic(let config): config.connection
        case .s3(let config): config.aws.connection
        case .securityLake(let config): config.aws.connection
        case .gcs(let config): config.connection
        case .azureBlob(let config): config.connection
        case .declared(let config): config.common.connection
        }
    }
}

package struct SplunkHECConfig: ConfigValue {
    package var url = EndpointURL.none
    package var token = Secret("")
    package var index: String?
    package var source: String?
    package var sourcetype: String? = "ocsf:event"
    package var host: String?
    package var acknowledgement = false
    package var compression = BodyCompression.gzip
    package var delivery = DeliveryConfig()
    package var connection = ConnectionConfig()

    package init() {}

    package static let name = "a splunk_hec exporter"
    package static let summary = "Splunk's HTTP Event Collector."
    package static var fields: [ConfigField<Self>] {
        [
            .init(
                "url", \.url, isRequired: true, "`https://host:8088`; `/services/collector/event` is added"),
            .init("token", \.token, isRequired: true, "The HEC token"),
            .init("index", \.index, "Index; without it the token's own"),
            .init("source", \.source, "Splunk's `source`"),
            .init("sourcetype", \.sourcetype, "Splunk's `sourcetype`"),
            .init("host", \.host, "Splunk's `host`"),
            .init(
                "acknowledgement", \.acknowledgement,
                "Count an event as accepted when the indexer has it on disk"),
            .init("compression", \.compression, "Of the request's body", type: .choice(["none", "gzip"])) {
                $0 == .zstd ? "Splunk reads gzip only" : nil
            },
        ] + DeliveryConfig.fields.map { $0.lifted(\.delivery) }
            + ConnectionConfig.fields.map { $0.lifted(\.connection) }
    }

    package func check(at position: SourcePosition, by decoder: inout ConfigDecoder) {
        connection.checkPlain(url, "url", at: position, by: &decoder)
        delivery.check(encodings: EncodingChoice.objects, at: position, by: &decoder)
    }
}

package enum HTTPBodyFormat: String, ConfigChoice {
    case ndjson
    case jsonArray = "json_array"
}

package struct HTTPExporterConfig: ConfigValue {
    package var url = EndpointURL.none
    package var format = HTTPBodyFormat.ndjson
    package var headers = SecretMap()
    package var bearer: Secret?
    package var basic: BasicConfig?
    package var hmac: HMACConfig?
    package var compression = BodyCompression.none
    package var delivery = DeliveryConfig()
    package var connection = ConnectionConfig()

    package init() {}

    package static let name = "an http exporter"
    package static let summary = "Any HTTP receiver: a POST per batch; 2xx means that all of it was taken."
    package static var fields: [ConfigField<Self>] {
        [
            .init("url", \.url, isRequired: true, "Where batches are posted"),
            .init("format", \.format, "One event a line, or one JSON array"),
            .init("headers", \.headers, "Headers of your own"),
            .init("bearer", \.bearer, "Sent as `Authorization: Bearer …`"),
            .init("basic", \.basic, "User and password"),
            .init("hmac", \.hmac, "Sign each body with HMAC-SHA256"),
            .init("compression", \.compression, "Of the request's body"),
        ] + DeliveryConfig.fields.map { $0.lifted(\.delivery) }
            + ConnectionConfig.fields.map { $0.lifted(\.connection) }
    }

    package func check(at position: SourcePosition, by decoder: inout ConfigDecoder) {
        connection.checkPlain(url, "url", at: position, by: &decoder)
        if bearer != nil, basic != nil {
            decoder.complain(at: position, "bearer and basic exclude each other")
        }
        delivery.check(
            encodings: format == .ndjson ? EncodingChoice.allCases : EncodingChoice.objects, at: position,
            by: &decoder)
    }
}

package struct BasicConfig: ConfigValue {
    package var user = ""
    package var password = Secret("")

    package init() {}

    package static let name = "basic"
    package static let summary = "HTTP basic authentication."
    package static var fields: [ConfigField<Self>] {
        [
            .init("user", \.user, isRequired: true, "User name"),
            .init("password", \.password, isRequired: true, "Password"),
        ]
    }
}

package enum SignatureScheme: String, ConfigChoice {
    case sha256
    case standardWebhooks = "standard_webhooks"
}

package struct HMACConfig: ConfigValue {
    /// Where the signature goes unless the user says otherwise.
    static let usualHeader = "X-Signature-256"

    package var secret = Secret("")
    package var scheme = SignatureScheme.sha256
    package var header = usualHeader

    package init() {}

    package static let name = "hmac"
    package static let summary = "HMAC-SHA256 with a shared secret, in one of two forms."
    package static var fields: [ConfigField<Self>] {
        [
            .init(
                "secret", \.secret, isRequired: true, "The shared secret; for `standard_webhooks` `whsec_…`"),
            .init(
                "scheme", \.scheme,
                "`sha256`: `sha256=` and 64 hexadecimal digits over the body as sent; `standard_webhooks`: "
                    + "`webhook-id`, `webhook-timestamp` and `webhook-signature` over all three"),
            .init("header", \.header, "The header that carries the signature of `sha256`"),
        ]
    }

    package func check(at position: SourcePosition, by decoder: inout ConfigDecoder) {
        if scheme == .standardWebhooks, header != Self.usualHeader {
            decoder.complain(
                at: position, "header: Standard Webhooks names its own headers",
                hint: "leave it out, or use scheme: sha256")
        }
    }
}

package struct FileExporterConfig: ConfigValue {
    package var path = Placed("")
    package var compression = BodyCompression.zstd
    package var rotate = RotationConfig()
    package var delivery = DeliveryConfig()

    package init() {}

    package static let name = "a file exporter"
    package static let summary = "NDJSON files in a folder; a file gets its final name when it is whole."
    package static var fields: [ConfigField<Self>] {
        [
            .init("path", \.path, isRequired: true, "The folder") {
                $0.value.isEmpty ? "must not be empty" : nil
            },
            .init("compression", \.compression, "Of the files"),
            .init("rotate", \.rotate, "When a file is whole"),
        ] + DeliveryConfig.fields.map { $0.lifted(\.delivery) }
    }

    package func check(at position: SourcePosition, by decoder: inout ConfigDecoder) {
        delivery.check(
            encodings: EncodingChoice.allCases, keepsOrder: true, at: position, by: &decoder)
    }
}

package struct RotationConfig: ConfigValue {
    package var size = ByteSize(256 << 20)
    package var age = Duration.minutes(60)

    package init() {}

    package static let name = "rotate"
    package static let summary = "A file is closed when one of these is reached, and at the end of a run."
    package static var fields: [ConfigField<Self>] {
        [
            .init("size", \.size, "Size as written"),
            .init("age", \.age, "Time since its first event"),
        ]
    }
}
