import Collectors
package import Credentials
package import Engine

package enum PushFormatChoice: String, ConfigChoice {
    case json, webhook, hec
    case oktaHook = "okta_hook"
}

/// A feed that is sent to us.
package struct PushCollectorConfig: ConfigValue {
    package var feed = Placed("auto")
    package var listen = Placed("127.0.0.1:8088")
    package var path = "/"
    package var format = PushFormatChoice.json
    package var headers: [String] = []
    package var auth: InboundAuthConfig?
    package var tls: ServerTLSConfig?
    package var bodyMax = ByteSize(16 << 20)
    package var inflatedMax = ByteSize(64 << 20)
    package var requestsMax = 32
    package var patience = Duration.seconds(20)
    package var allowInsecure = false

    package init() {}

    package static let name = "a push collector"
    package static let summary =
        "What is sent over HTTP: webhooks, HEC, lines of JSON. Answered with 200 once it is durable."
    package static var fields: [ConfigField<Self>] {
        [
            .init("feed", \.feed, "What the records are; `auto` tells them by their shape"),
            .init("listen", \.listen, "Address and port; collectors of one pipeline may share them") {
                AdminConfig.split($0.value) == nil
                    ? "“\($0.value)” is not an address and a port, such as 127.0.0.1:8088" : nil
            },
            .init(
                "path", \.path, "Where requests come to; for `hec` what stands before `/services/collector`"
            ) {
                $0.hasPrefix("/") && !$0.contains("?") ? nil : "must begin with /"
            },
            .init("format", \.format, "What a body is"),
            .init(
                "headers", \.headers, "For `webhook`: headers that become part of the record, as `_headers`"),
            .init("auth", \.auth, isRequired: true, "How senders show that they may"),
            .init("tls", \.tls, "The server's certificate; without it plain HTTP is spoken"),
            .init("body_max", \.bodyMax, "A larger body is refused, as it was sent"),
            .init("inflated_max", \.inflatedMax, "A larger body is refused, inflated"),
            .init(
                "requests_max", \.requestsMax, "Requests in work at once; more are told to come again",
                type: .integer(1...1_000)
            ) {
                (1...1_000).contains($0) ? nil : "must be from 1 to 1000"
            },
            .init("patience", \.patience, "How long a request waits for its records to become durable"),
            .init("allow_insecure", \.allowInsecure, "Speak plain HTTP to other machines than this one"),
        ]
    }

    package func check(at position: SourcePosition, by decoder: inout ConfigDecoder) {
        let host = AdminConfig.split(listen.value)?.host ?? ""
        let isLoopback = ["localhost", "[::1]"].contains(host) || host.hasPrefix("127.")
        if !isLoopback, tls == nil, !allowInsecure {
            decoder.complain(
                at: listen.position,
                "listen: plain HTTP at \(host) would take in credentials and logs unprotected",
                hint: "give tls, listen at 127.0.0.1 behind a proxy, or say allow_insecure: true")
        }
        if case .certificate? = auth, tls?.clientCA == nil {
            decoder.complain(
                at: position, "auth kind client_certificate needs to know whose certificates are trusted",
                hint: "give tls.client_ca")
        }
        if !headers.isEmpty, format != .webhook {
            decoder.complain(at: position, "headers are kept with format: webhook only")
        }
        let isToken: Bool = if case .hecToken? = auth { true } else { false }
        if isToken != (format == .hec) {
            decoder.complain(at: position, "format: hec and auth kind hec_token go together")
        }
    }

    func settings(_ source: String) -> PushReceiver.Config {
        let body: PushFormat =
            switch format {
            case .json: .json
            case .webhook: .webhook(headers: headers)
            case .hec: .hec
            case .oktaHook: .oktaHook
            }
        guard let auth = auth?.inbound else { preconditionFailure("auth is required") }
        let base = format == .hec && path == "/" ? "" : path
        var settings = PushReceiver.Config(
            feed: feed.value, source: source, path: base, format: body, auth: auth)
        settings.bodyBytesMax = Int(clamping: bodyMax.bytes)
        settings.inflatedBytesMax = Int(clamping: inflatedMax.bytes)
        settings.requestsMax = requestsMax
        settings.patience = patience
        return settings
    }
}

package struct ServerTLSConfig: ConfigValue {
    package var certificate = Secret("")
    package var key = Secret("")
    package var clientCA: Secret?

    package init() {}

    package static let name = "a server's tls"
    package static let summary = "Texts in PEM form, usually `${file:…}`."
    package static var fields: [ConfigField<Self>] {
        [
            .init("certificate", \.certificate, isRequired: true, "The certificate, and its chain behind it"),
            .init("key", \.key, isRequired: true, "Its private key"),
            .init(
                "client_ca", \.clientCA,
                "Authorities; who has no certificate of theirs is refused (mutual TLS)"),
        ]
    }
}

/// The `auth:` block of a push collector, by the kind of proof.
package enum InboundAuthConfig: ConfigDecodable {
    case bearer(BearerConfig)
    case basic(BasicAuthConfig)
    case header(HeaderConfig)
    case hecToken(BearerConfig)
    case hmac(InboundHMACConfig)
    case certificate(ClientCertificateConfig)

    package static var configType: ConfigType {
        .tagged(
            key: "kind",
            [
                ("bearer", BearerConfig.object), ("basic", BasicAuthConfig.object),
                ("header", HeaderConfig.object), ("hec_token", BearerConfig.object),
                ("hmac", InboundHMACConfig.object),
                ("client_certificate", ClientCertificateConfig.object),
            ])
    }
    package var configText: String? { nil }

    package static func decode(_ document: Document, by decoder: inout ConfigDecoder) -> InboundAuthConfig? {
        func read<Kind: ConfigValue>(_ make: (Kind) -> InboundAuthConfig) -> InboundAuthConfig? {
            Kind.decode(document, ignoring: ["kind"], by: &decoder).map(make)
        }
        return switch decoder.tag("kind", of: document, among: configType) {
        case "bearer": read { .bearer($0) }
        case "basic": read { .basic($0) }
        case "header": read { .header($0) }
        case "hec_token": read { .hecToken($0) }
        case "hmac": read { .hmac($0) }
        case "client_certificate": read { .certificate($0) }
        default: nil
        }
    }

    var inbound: InboundAuth {
        switch self {
        case .bearer(let config): .bearer(config.token)
        case .basic(let config): .basic(user: config.user, password: config.password)
        case .header(let config): .header(name: config.header, value: config.value)
        case .hecToken(let config): .hecToken(config.token)
        case .hmac(let config): .signature(config.signature)
        case .certificate(let config): .certificate(names: config.names)
        }
    }
}

package struct BearerConfig: ConfigValue {
    package var token = Secret("")

    package init() {}

    package static let name = "a sender's token"
    package static let summary = "`Authorization: Bearer …`; for HEC `Authorization: Splunk …`."
    package static var fields: [ConfigField<Self>] {
        [.init("token", \.token, isRequired: true, "The token that senders have")]
    }
}

package struct ClientCertificateConfig: ConfigValue {
    package var names: [String] = []

    package init() {}

    package static let name = "a sender's certificate"
    package static let summary = "The certificate alone is the proof; `tls.client_ca` says whose are trusted."
    package static var fields: [ConfigField<Self>] {
        [
            .init(
                "names", \.names,
                "Common names that may send; without them all that the authority vouches for")
        ]
    }
}

package struct HeaderConfig: ConfigValue {
    package var header = "Authorization"
    package var value = Secret("")

    package init() {}

    package static let name = "a sender's header"
    package static let summary =
        "A header with a value that only the sender knows, as Okta's event hooks have it."
    package static var fields: [ConfigField<Self>] {
        [
            .init("header", \.header, "The header's name"),
            .init("value", \.value, isRequired: true, "Its value"),
        ]
    }
}

package enum InboundScheme: String, ConfigChoice {
    case github, body, timestamped
    case standardWebhooks = "standard_webhooks"
}

package struct InboundHMACConfig: ConfigValue {
    package var secret = Secret("")
    package var scheme = InboundScheme.github
    package var header: String?
    package var timestampHeader = "X-Timestamp"
    package var signs = "{timestamp}.{body}"
    package var tolerance = WebhookSignature.toleranceUsual

    package init() {}

    package static let name = "a sender's signature"
    package static let summary = "HMAC-SHA256 over each body."
    package static var fields: [ConfigField<Self>] {
        [
            .init("secret", \.secret, isRequired: true, "What both sides know"),
            .init(
                "scheme", \.scheme,
                "What is signed and where it stands: GitHub's, the body alone, the body with a time, Standard Webhooks"
            ),
            .init("header", \.header, "Where the signature stands, with `body` and `timestamped`"),
            .init(
                "timestamp_header", \.timestampHeader,
                "With `timestamped`: where the time stands, epoch seconds"),
            .init("signs", \.signs, "With `timestamped`: what is signed; Slack has `v0:{timestamp}:{body}`") {
                $0.contains("{timestamp}") && $0.contains("{body}") ? nil : "must hold {timestamp} and {body}"
            },
            .init("tolerance", \.tolerance, "How far a request's time may be from ours"),
        ]
    }

    var signature: WebhookSignature {
        var signature =
            switch scheme {
            case .github: WebhookSignature(.body, secret: secret, header: "X-Hub-Signature-256")
            case .body: WebhookSignature(.body, secret: secret, header: header ?? "X-Signature-256")
            case .timestamped:
                WebhookSignature(
                    .timestamped(header: timestampHeader, template: signs), secret: secret,
                    header: header ?? "X-Signature")
            case .standardWebhooks:
                WebhookSignature(.standardWebhooks, secret: secret, header: "webhook-signature")
            }
        signature.tolerance = tolerance
        return signature
    }
}
