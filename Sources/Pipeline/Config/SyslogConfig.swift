package import Engine

package enum SyslogFraming: String, ConfigChoice {
    case octetCounting = "octet_counting"
    case newline
}

/// A syslog receiver over one connection.
package struct SyslogConfig: ConfigValue {
    package var address = ""
    package var usesTLS = true
    package var tls = TLSConfig()
    package var allowInsecure = false
    package var framing = SyslogFraming.octetCounting
    package var facility = 13
    package var hostname = "-"
    package var application = "martlet"
    package var messageMax = ByteSize(64 << 10)
    package var delivery = DeliveryConfig()

    package init() {}

    package static let name = "a syslog exporter"
    package static let summary = "Syslog of RFC 5424 over TLS, or over TCP on this machine."
    package static var fields: [ConfigField<Self>] {
        [
            .init("address", \.address, isRequired: true, "Host and port: `logs.example.com:6514`") {
                AdminConfig.split($0) == nil ? "“\($0)” is not a host and a port" : nil
            },
            .init("use_tls", \.usesTLS, "Speak TLS"),
            .init("tls", \.tls, "Private certificate authorities and client certificates"),
            .init(
                "allow_insecure", \.allowInsecure,
                "Allow a connection without TLS to other machines than this one"),
            .init("framing", \.framing, "How messages are told apart: their length before them, or lines"),
            .init(
                "facility", \.facility, "Syslog's facility by number; 13 is the audit log's",
                type: .integer(0...23)
            ) {
                $0 > 23 ? "must be from 0 to 23" : nil
            },
            .init("hostname", \.hostname, "The header's host name") { word($0, 255) },
            .init("application", \.application, "The header's application") { word($0, 48) },
            .init("message_max", \.messageMax, "A longer message is refused, since receivers cut it") {
                $0.bytes < 2_048 ? "must be at least 2KiB, which every receiver takes" : nil
            },
        ] + DeliveryConfig.fields.map { $0.lifted(\.delivery) }
    }

    private static func word(_ text: String, _ most: Int) -> String? {
        let isPlain = text.utf8.allSatisfy { (33...126).contains($0) }
        return isPlain && (1...most).contains(text.utf8.count)
            ? nil : "must be 1 to \(most) visible ASCII characters without spaces"
    }

    package func check(at position: SourcePosition, by decoder: inout ConfigDecoder) {
        KafkaCollectorConfig.checkPlain(
            [address], usesTLS: usesTLS || allowInsecure, at: position, by: &decoder)
        delivery.check(encodings: EncodingChoice.allCases, keepsOrder: true, at: position, by: &decoder)
    }
}
