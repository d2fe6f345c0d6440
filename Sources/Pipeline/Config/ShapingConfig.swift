package import Credentials
package import Engine

/// What of the events an exporter gets, and what is taken out of them first.
package struct ShapingConfig: ConfigValue {
    package var filter: [FilterConfig] = []
    package var sample: SampleConfig?
    package var redact: [RedactConfig] = []
    package var eventMax: ByteSize?

    package init() {}

    package static let name = "shaping"
    package static let summary = "What of the events an exporter gets, and what is taken out of them first."
    package static var fields: [ConfigField<Self>] {
        [
            .init("filter", \.filter, "Events that this exporter does not get, counted as `filtered`"),
            .init("sample", \.sample, "Some events for all, the others counted as `filtered`"),
            .init("redact", \.redact, "Fields removed, masked or hashed before an event leaves"),
            .init(
                "event_max", \.eventMax,
                "A larger event is cut to this size and says so in `metadata.is_truncated`"
            ) {
                $0.map { $0.bytes >= 4_096 } ?? true ? nil : "must be at least 4KiB"
            },
        ]
    }
}

package struct SampleConfig: ConfigValue {
    package var oneIn = 1
    package var only: Conditions?

    package init() {}

    package static let name = "sample"
    package static let summary =
        "Keeps one event in so many, by a hash of its uid: the same ones every time. Findings are never sampled."
    package static var fields: [ConfigField<Self>] {
        [
            .init("one_in", \.oneIn, isRequired: true, "How many events one stands for") {
                $0 < 1 ? "must be at least 1" : nil
            },
            .init(
                "only", \.only, "Only events for which all of these conditions hold; the others are all kept"),
        ]
    }
}

package enum RedactionManner: String, ConfigChoice { case remove, mask, hash }

package struct RedactConfig: ConfigValue {
    package var paths: [Placed<String>] = []
    package var by = RedactionManner.remove
    package var key: Secret?

    package init() {}

    package static let name = "a redaction"
    package static let summary =
        "Fields that are removed, masked (`***`) or hashed (HMAC-SHA256 with a key), in `observables` as well."
    package static var fields: [ConfigField<Self>] {
        [
            .init(
                "fields", \.paths, isRequired: true, "OCSF paths: `actor.user.name`, `raw_data`, `unmapped`"),
            .init("by", \.by, isRequired: true, "What becomes of them"),
            .init("key", \.key, "With `hash`: the key, `${file:…}`"),
        ]
    }

    package func check(at position: SourcePosition, by decoder: inout ConfigDecoder) {
        if (by == .hash) != (key != nil) {
            decoder.complain(at: position, by == .hash ? "hash needs a key" : "a key is for hash alone")
        }
        for field in paths where field.value == "metadata" || field.value.hasPrefix("metadata.uid") {
            decoder.complain(
                at: field.position, "\(field.value) cannot be redacted: it is what an event is known by")
        }
    }
}
