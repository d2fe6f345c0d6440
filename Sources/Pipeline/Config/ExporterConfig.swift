package import Credentials
package import Engine

/// One exporter of a pipeline, by what it delivers to.
package enum ExporterConfig: ConfigDecodable {
    case splunkHEC(SplunkHECConfig)
    case http(HTTPExporterConfig)
    case file(FileExporterConfig)

    package static var configType: ConfigType {
        .tagged(
            key: "to",
            [
                ("splunk_hec", SplunkHECConfig.object), ("http", HTTPExporterConfig.object),
                ("file", FileExporterConfig.object),
            ])
    }
    package var configText: String? { nil }

    package static func decode(_ document: Document, by decoder: inout ConfigDecoder) -> ExporterConfig? {
        switch decoder.tag("to", of: document, among: configType) {
        case "splunk_hec":
            SplunkHECConfig.decode(document, ignoring: ["to"], by: &decoder).map { .splunkHEC($0) }
        case "http":
            HTTPExporterConfig.decode(document, ignoring: ["to"], by: &decoder).map { .http($0) }
        case "file":
            FileExporterConfig.decode(document, ignoring: ["to"], by: &decoder).map { .file($0) }
        default: nil
        }
    }

    package var delivery: DeliveryConfig {
        switch self {
        case .splunkHEC(let config): config.delivery
        case .http(let config): config.delivery
        case .file(let config): config.delivery
        }
    }

    package var kind: String {
        switch self {
        case .splunkHEC: "splunk_hec"
        case .http: "http"
        case .file: "file"
        }
    }

    package var connection: ConnectionConfig? {
        switch self {
        case .splunkHEC(let config): config.connection
        case .http(let config): config.connection
        case .file: nil
        }
    }
}

package enum Delivered: String, ConfigChoice { case events, findings }

package enum OCSFVersionChoice: String, ConfigChoice {
    case v1_9_0 = "1.9.0"
    case v1_8_0 = "1.8.0"
    case v1_5_0 = "1.5.0"
    case v1_1_0 = "1.1.0"
}

/// What every exporter takes: what it gets, in which batches, and how much may wait for it on disk.
package struct DeliveryConfig: ConfigValue {
    package var receives: [Delivered] = [.events, .findings]
    package var ocsf = OCSFVersionChoice.v1_9_0
    package var batch = BatchConfig()
    package var spool = SpoolConfig()

    package init() {}

    package static let name = "a delivery"
    package static let summary = "What every exporter takes."
    package static var fields: [ConfigField<Self>] {
        [
            .init("receives", \.receives, "What it is sent") {
                $0.isEmpty ? "at least one of events, findings" : nil
            },
            .init("ocsf", \.ocsf, "The OCSF version it is sent"),
            .init("batch", \.batch, "When a batch is sent: at whichever limit is reached first"),
            .init("spool", \.spool, "What waits for it on disk"),
        ]
    }
}

package struct BatchConfig: ConfigValue {
    /// What is not said is for each exporter to choose: `ExporterAssembly.limits`.
    package var rows: Int?
    package var bytes: ByteSize?
    package var age = Duration.seconds(5)

    package init() {}

    package static let name = "batch"
    package static let summary = "A batch is sent when one of these is reached."
    package static var fields: [ConfigField<Self>] {
        [
            .init(
                "rows", \.rows, "Events: 1000 unless told otherwise, 20000 for files",
                type: .integer(1...100_000)
            ) {
                $0.map { (1...100_000).contains($0) } ?? true ? nil : "must be from 1 to 100000"
            },
            .init("bytes", \.bytes, "Size before compression: 1MiB unless told otherwise, 8MiB for files") {
                $0.map { (1_024...256 << 20).contains($0.bytes) } ?? true
                    ? nil : "must be from 1KiB to 256MiB"
            },
            .init("age", \.age, "Time since its first event"),
        ]
    }
}

package struct SpoolConfig: ConfigValue {
    package var size = ByteSize(10 << 30)

    package init() {}

    package static let name = "spool"
    package static let summary = "At the limit collectors wait; nothing is dropped."
    package static var fields: [ConfigField<Self>] {
        [
            .init("size", \.size, "Bytes that may wait") {
                $0.bytes < 1 << 20 ? "must be at least 1MiB" : nil
            }
        ]
    }
}

package enum BodyCompression: String, ConfigChoice { case none, gzip, zstd }

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
