import Collectors
package import Engine

/// A Pub/Sub subscription.
package struct PubSubCollectorConfig: ConfigValue {
    package var feed = Placed("gcp.audit")
    package var subscription = ""
    package var auth: AuthConfig?
    package var deadline = Duration.seconds(60)
    package var endpoint: EndpointURL?
    package var connection = ConnectionConfig()

    package init() {}

    package static let name = "a pubsub collector"
    package static let summary = "A Google Pub/Sub subscription, as a log sink's topic has it."
    package static var fields: [ConfigField<Self>] {
        [
            .init("feed", \.feed, "What the messages are; `auto` tells them by their shape"),
            .init(
                "subscription", \.subscription, isRequired: true,
                "`projects/PROJECT/subscriptions/NAME`, of the pull kind"
            ) {
                PubSubSubscription.isName($0) ? nil : "“\($0)” is not projects/PROJECT/subscriptions/NAME"
            },
            .init("auth", \.auth, "Credentials; without it this machine's own at Google"),
            .init("deadline", \.deadline, "How long a message is kept from others; moved on while worked on")
            {
                $0 < .seconds(10) || $0 > .seconds(600) ? "must be from 10s to 10m" : nil
            },
            .init("endpoint", \.endpoint, "Base URL of Pub/Sub, for private endpoints and emulators"),
        ] + ConnectionConfig.fields.map { $0.lifted(\.connection) }
    }

    package func check(at position: SourcePosition, by decoder: inout ConfigDecoder) {
        connection.checkPlain(endpoint, "endpoint", at: position, by: &decoder)
    }
}
