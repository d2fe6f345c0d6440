import Engine

/// The store of what was refused.
package struct DeadLetterConfig: ConfigValue {
    package var size = ByteSize(1 << 30)

    package init() {}

    package static let name = "dead_letter"
    package static let summary = "What was refused, with the reason; nothing is removed from it unasked."
    package static var fields: [ConfigField<Self>] {
        [
            .init(
                "size", \.size,
                "From four fifths of it on a finding says so; at it, whatever would refuse more waits"
            ) {
                $0.bytes >= 1 << 20 ? nil : "must be at least 1MiB"
            }
        ]
    }
}
