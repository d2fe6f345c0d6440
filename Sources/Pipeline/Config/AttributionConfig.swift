import Engine

/// Whose acts a pipeline's events were.
package struct AttributionConfig: ConfigValue {
    package var enabled = true
    package var identities: Placed<String>?
    package var credentials = 200_000

    package init() {}

    package static let name = "attribution"
    package static let summary = "Traces each event back to the human or workload that began it."
    package static var fields: [ConfigField<Self>] {
        [
            .init("enabled", \.enabled, "Write into each event whose act it was"),
            .init(
                "identities", \.identities,
                "A file of people and their accounts, YAML or CSV, beside what the feeds tell"),
            .init(
                "credentials", \.credentials,
                "Credentials, sessions and identities remembered; the oldest are forgotten beyond",
                type: .integer(1_000...10_000_000)
            ) {
                (1_000...10_000_000).contains($0) ? nil : "must be from 1000 to 10000000"
            },
        ]
    }
}
