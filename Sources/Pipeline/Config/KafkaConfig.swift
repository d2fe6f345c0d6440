package import Credentials
package import Engine

package enum KafkaStart: String, ConfigChoice { case oldest, newest }

package enum SASLMechanism: String, ConfigChoice {
    case plain = "PLAIN"
    case scramSHA256 = "SCRAM-SHA-256"
    case scramSHA512 = "SCRAM-SHA-512"
}

/// Topics of a Kafka, or event hubs, which speak its protocol.
package struct KafkaCollectorConfig: ConfigValue {
    package var feed = Placed("auto")
    package var brokers = OneOrMore<String>()
    package var topics = OneOrMore<String>()
    package var group = "martlet"
    package var start = KafkaStart.oldest
    package var connectionString: Secret?
    package var sasl: SASLConfig?
    package var auth: AuthConfig?
    package var usesTLS = true
    package var caFile: String?
    package var allowInsecure = false

    package init() {}

    package static let name = "a kafka collector"
    package static let summary = "Topics of a Kafka; Azure Event Hubs by their Kafka endpoint."
    package static var fields: [ConfigField<Self>] {
        [
            .init("feed", \.feed, "What the records are; `auto` tells them by their shape"),
            .init(
                "brokers", \.brokers, isRequired: true,
                "Addresses to begin with: `name.servicebus.windows.net:9093`"
            ) {
                complaint($0.all)
            },
            .init("topics", \.topics, isRequired: true, "Topics, or event hubs") {
                $0.all.isEmpty ? "at least one topic is needed" : nil
            },
            .init("group", \.group, "The consumer group, which keeps the offsets and shares the partitions"),
            .init("start", \.start, "Where a group without offsets begins"),
            .init("connection_string", \.connectionString, "An event hub's connection string"),
            .init("sasl", \.sasl, "User and password"),
            .init(
                "auth", \.auth,
                "Credentials that give bearer tokens: `entra`, `azure_managed_identity`, `oauth2`, `google`"),
            .init("use_tls", \.usesTLS, "Speak TLS"),
            .init("ca_file", \.caFile, "Certificate authorities to trust instead of the system's"),
            .init(
                "allow_insecure", \.allowInsecure,
                "Allow a connection without TLS to other machines than this one"),
        ]
    }

    static func complaint(_ brokers: [String]) -> String? {
        if brokers.isEmpty { return "at least one broker is needed" }
        return brokers.first { AdminConfig.split($0) == nil }.map { "“\($0)” is not a host and a port" }
    }

    package func check(at position: SourcePosition, by decoder: inout ConfigDecoder) {
        if [connectionString != nil, sasl != nil, auth != nil].count(where: { $0 }) > 1 {
            decoder.complain(at: position, "connection_string, sasl and auth exclude each other")
        }
        switch auth {
        case nil, .entra, .azureManagedIdentity, .oauth2, .google: break
        case let other?:
            decoder.complain(at: position, "auth of kind \(other.kind) gives no tokens for Kafka")
        }
        Self.checkPlain(brokers.all, usesTLS: usesTLS || allowInsecure, at: position, by: &decoder)
    }

    /// Without TLS a connection stays on this machine unless the file says otherwise.
    static func checkPlain(
        _ brokers: [String], usesTLS: Bool, at position: SourcePosition, by decoder: inout ConfigDecoder
    ) {
        let hosts = brokers.compactMap { AdminConfig.split($0)?.host }
        let isLoopback = hosts.allSatisfy { ["localhost", "[::1]"].contains($0) || $0.hasPrefix("127.") }
        if usesTLS || isLoopback { return }
        decoder.complain(
            at: position, "use_tls: false would send credentials and logs unprotected",
            hint: "use TLS, or say allow_insecure: true")
    }
}

package struct SASLConfig: ConfigValue {
    package var mechanism = SASLMechanism.plain
    package var user = ""
    package var password = Secret("")

    package init() {}

    package static let name = "sasl"
    package static let summary = "How a Kafka is told who we are."
    package static var fields: [ConfigField<Self>] {
        [
            .init("mechanism", \.mechanism, "How"),
            .init("user", \.user, isRequired: true, "User name"),
            .init("password", \.password, isRequired: true, "Password"),
        ]
    }
}
