import Engine

/// The event store of a pipeline: what is kept of it on this machine, and for how long.
package struct StoreConfig: ConfigValue {
    /// The store's name among the exporters of the ledger; none of them may have it.
    package static let exporterName = "store"

    package var enabled = true
    package var path: String?
    package var raw = true
    package var age = Duration.days(90)
    package var classes: [ClassAgeConfig] = []
    package var size = ByteSize(100 << 30)
    package var seal = StoreSealConfig()

    package init() {}

    /// Whether the lane has to hand over the vendor's records.
    package var keepsRecords: Bool { enabled && raw }

    package static let name = "store"
    package static let summary = "The event store, which `query`, `investigate` and `replay` read."
    package static var fields: [ConfigField<Self>] {
        [
            .init("enabled", \.enabled, "Keep events and findings on this machine"),
            .init("path", \.path, "Its folder; `store` in the state folder unless told otherwise"),
            .init("raw", \.raw, "Keep the vendor's record with each event, as `raw_data`"),
            .init("age", \.age, "Events and findings older than this are removed") { complaint($0) },
            .init("classes", \.classes, "Other ages for some classes"),
            .init("size", \.size, "The oldest days are removed while the store is larger") {
                $0.bytes >= 16 << 20 ? nil : "must be at least 16MiB"
            },
            .init("seal", \.seal, "When a segment is written: at whichever limit is reached first"),
        ]
    }

    static func complaint(_ age: Duration) -> String? { age >= .hours(1) ? nil : "must be at least 1h" }
}

package struct ClassAgeConfig: ConfigValue {
    package var uid = 0
    package var age = Duration.days(90)

    package init() {}

    package static let name = "an age"
    package static let summary = "How long the events of one OCSF class are kept."
    package static var fields: [ConfigField<Self>] {
        [
            .init("class", \.uid, isRequired: true, "OCSF's `class_uid`, such as 6003"),
            .init("age", \.age, isRequired: true, "Events of the class older than this are removed") {
                StoreConfig.complaint($0)
            },
        ]
    }
}

package struct StoreSealConfig: ConfigValue {
    package var rows = 20_000
    package var age = Duration.seconds(60)

    package init() {}

    package static let name = "seal"
    package static let summary = "What is not in a segment yet is read from the spool, which takes longer."
    package static var fields: [ConfigField<Self>] {
        [
            .init("rows", \.rows, "Events", type: .integer(100...500_000)) {
                (100...500_000).contains($0) ? nil : "must be from 100 to 500000"
            },
            .init("age", \.age, "Time since its first event"),
        ]
    }
}
