package import Credentials
package import Engine

package enum KafkaCompression: String, ConfigChoice { case none, gzip, snappy, lz4, zstd }

/// A topic of Kafka's that events are written to.
package struct KafkaExporterConfig: ConfigValue {
    /// Who did it, as far as the event says.
    static let usualKey = "{$actor.user.uid|$actor.user.name|$user.uid|$user.name}"

    package var brokers = OneOrMore<String>()
    package var topic = ""
    package var key = usualKey
    package var connectionString: Secret?
    package var sasl: SASLConfig?
    package var usesTLS = true
    package var caFile: String?
    package var allowInsecure = false
    package var compression = KafkaCompression.zstd
    package var delivery = DeliveryConfig()

    package init() {}

    package static let name = "a kafka exporter"
    package static let summary = "A topic of Kafka's, or an event hub by its Kafka endpoint."
    package static var fields: [ConfigField<Self>] {
        [
            .init(
                "brokers", \.brokers, isRequired: true,
                "Addresses to begin with: `name.servicebus.windows.net:9093`"
            ) {
                KafkaCollectorConfig.complaint($0.all)
            },
            .init("topic", \.topic, isRequired: true, "The topic, or event hub"),
            .init("key", \.key, "A template; events with one key are in one partition, in their order") {
                complaint($0)
            },
            .init("connection_string", \.connectionString, "An event hub's connection string"),
            .init("sasl", \.sasl, "User and password"),
            .init("use_tls", \.usesTLS, "Speak TLS"),
            .init("ca_file", \.caFile, "Certificate authorities to trust instead of the system's"),
            .init(
                "allow_insecure", \.allowInsecure,
                "Allow a connection without TLS to other machines than this one"),
            .init("compression", \.compression, "Of batches of messages"),
        ] + DeliveryConfig.fields.map { $0.lifted(\.delivery) }
    }

    private static func complaint(_ key: String) -> String? {
        var fields = FieldPaths()
        do throws(EventTemplate.Flaw) {
            _ = try EventTemplate(key, at: .plain, fields: &fields)
            return nil
        } catch {
            return error.message
        }
    }

    package func check(at position: SourcePosition, by decoder: inout ConfigDecoder) {
        if connectionString != nil, sasl != nil {
            decoder.complain(at: position, "connection_string and sasl exclude each other")
        }
        delivery.check(encodings: EncodingChoice.allCases, keepsOrder: true, at: position, by: &decoder)
        KafkaCollectorConfig.checkPlain(
            brokers.all, usesTLS: usesTLS || allowInsecure, at: position, by: &decoder)
    }
}
