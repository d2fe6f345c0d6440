package import Credentials
package import Engine

package enum MailSecurity: String, ConfigChoice {
    case startTLS = "starttls"
    case tls
    case plain
}

/// Findings by mail.
package struct MailConfig: ConfigValue {
    package var server = ""
    package var security = MailSecurity.startTLS
    package var user: String?
    package var password: Secret?
    package var from = ""
    package var recipients = OneOrMore<String>()
    package var subject = "[Martlet]"
    package var caFile: String?
    package var delivery = MailConfig.usualDelivery

    private static var usualDelivery: DeliveryConfig {
        var delivery = DeliveryConfig()
        delivery.receives = [.findings]
        return delivery
    }

    package init() {}

    package static let name = "an email exporter"
    package static let summary = "Findings by mail, those of a minute in one message."
    package static var fields: [ConfigField<Self>] {
        [
            .init("server", \.server, isRequired: true, "Host and port: `smtp.example.com:587`") {
                AdminConfig.split($0) == nil ? "“\($0)” is not a host and a port" : nil
            },
            .init("security", \.security, "STARTTLS, TLS from the first byte (port 465), or neither"),
            .init("user", \.user, "User name"),
            .init("password", \.password, "The user's password"),
            .init("from", \.from, isRequired: true, "The sender's address") { complaint($0) },
            .init("recipients", \.recipients, isRequired: true, "Whom the mail is for: addresses") {
                recipients in
                recipients.all.isEmpty
                    ? "at least one is needed" : recipients.all.compactMap { complaint($0) }.first
            },
            .init("subject", \.subject, "What subjects begin with"),
            .init("ca_file", \.caFile, "Certificate authorities to trust instead of the system's"),
        ] + DeliveryConfig.fields.map { $0.lifted(\.delivery) }
    }

    private static func complaint(_ address: String) -> String? {
        let parts = address.split(separator: "@", omittingEmptySubsequences: false)
        let isPlain = address.utf8.allSatisfy {
            $0 > 0x20 && $0 < 0x7F && $0 != 0x3C && $0 != 0x3E && $0 != 0x2C
        }
        return isPlain && parts.count == 2 && parts.allSatisfy { !$0.isEmpty }
            ? nil : "“\(address)” is no address"
    }

    package func check(at position: SourcePosition, by decoder: inout ConfigDecoder) {
        KafkaCollectorConfig.checkPlain([server], usesTLS: security != .plain, at: position, by: &decoder)
        if (user == nil) != (password == nil) {
            decoder.complain(at: position, "user and password go together")
        }
        delivery.check(encodings: [.ocsf], keepsOrder: true, at: position, by: &decoder)
    }
}
