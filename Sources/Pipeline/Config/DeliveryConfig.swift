import Engine

package enum Delivered: String, ConfigChoice { case events, findings }

package enum OCSFVersionChoice: String, ConfigChoice {
    case v1_9_0 = "1.9.0"
    case v1_8_0 = "1.8.0"
    case v1_5_0 = "1.5.0"
    case v1_1_0 = "1.1.0"
}

/// What every exporter takes: what it gets, in which batches, and how much may wait for it on disk.
package struct DeliveryConfig: ConfigValue {
    package var receives: [Delivered] = [.events, .findings]
    package var ocsf = OCSFVersionChoice.v1_9_0
    /// `nil` for the receiver's usual one, which is OCSF nearly everywhere.
    package var encoding: EncodingChoice?
    package var shaping = ShapingConfig()
    package var batch = BatchConfig()
    /// `nil` for what suits the receiver: `ExporterAssembly.limits`.
    package var concurrency: Int?
    package var spool = SpoolConfig()

    package init() {}

    package static let name = "a delivery"
    package static let summary = "What every exporter takes."
    package static var fields: [ConfigField<Self>] {
        [
            .init("receives", \.receives, "What it is sent") {
                $0.isEmpty ? "at least one of events, findings" : nil
            },
            .init("ocsf", \.ocsf, "The OCSF version it is sent"),
            .init(
                "encoding", \.encoding,
                "How events are written; without it OCSF, or what the receiver takes only"),
        ] + ShapingConfig.fields.map { $0.lifted(\.shaping) } + [
            .init("batch", \.batch, "When a batch is sent: at whichever limit is reached first"),
            .init(
                "concurrency", \.concurrency,
                "Requests under way at once, at the most; as many of them as the receiver takes",
                type: .integer(1...64)
            ) {
                $0.map { (1...64).contains($0) } ?? true ? nil : "must be from 1 to 64"
            },
            .init("spool", \.spool, "What waits for it on disk"),
        ]
    }

    /// Every exporter says which encodings it takes; what is wrong with a choice among them.
    ///
    /// - Parameter keepsOrder: whether batches go one after the other, whatever is wished.
    func check(
        encodings: [EncodingChoice], keepsOrder: Bool = false, at position: SourcePosition,
        by decoder: inout ConfigDecoder
    ) {
        if keepsOrder, let concurrency, concurrency > 1 {
            decoder.complain(
                at: position, "concurrency: this exporter sends one batch after the other, in order",
                hint: "leave it out, or make batch larger")
        }
        if Set(shaping.redact.compactMap(\.key)).count > 1 {
            decoder.complain(at: position, "redact: one key for all that is hashed")
        }
        guard let encoding else { return }
        if !encodings.contains(encoding) {
            decoder.complain(
                at: position, "encoding: \(encoding.rawValue) is not what this receiver takes",
                hint: "one of \(encodings.map(\.rawValue).joined(separator: ", "))")
        }
        if encoding != .ocsf, ocsf != .v1_9_0 {
            decoder.complain(at: position, "ocsf: a version of OCSF is for encoding: ocsf alone")
        }
    }
}

/// How events are written; all but the first and the last are field maps under `schemas/encodings/`.
package enum EncodingChoice: String, ConfigChoice {
    case ocsf, ecs, cim, udm, cef, leef
    /// The vendor's record as it came; a finding, and an event without its record, stays OCSF.
    case raw

    /// Those whose events are JSON objects.
    static let objects: [EncodingChoice] = [.ocsf, .ecs, .cim, .udm, .raw]
}

package struct BatchConfig: ConfigValue {
    /// What is not said is for each exporter to choose: `ExporterAssembly.limits`.
    package var rows: Int?
    package var bytes: ByteSize?
    package var age: Duration?

    package init() {}

    package static let name = "batch"
    package static let summary = "A batch is sent when one of these is reached."
    package static var fields: [ConfigField<Self>] {
        [
            .init(
                "rows", \.rows, "Events: as many as suit the receiver, unless told otherwise",
                type: .integer(1...100_000)
            ) {
                $0.map { (1...100_000).contains($0) } ?? true ? nil : "must be from 1 to 100000"
            },
            .init("bytes", \.bytes, "Size before compression: what suits the receiver, unless told otherwise")
            {
                $0.map { (1_024...256 << 20).contains($0.bytes) } ?? true
                    ? nil : "must be from 1KiB to 256MiB"
            },
            .init(
                "age", \.age,
                "Time since its first event: 5s unless told otherwise, 5m for objects, 1m for mail"),
        ]
    }
}

package struct SpoolConfig: ConfigValue {
    package var size = ByteSize(10 << 30)

    package init() {}

    package static let name = "spool"
    package static let summary = "At the limit collectors wait; nothing is dropped."
    package static var fields: [ConfigField<Self>] {
        [
            .init("size", \.size, "Bytes that may wait") {
                $0.bytes < 1 << 20 ? "must be at least 1MiB" : nil
            }
        ]
    }
}

package enum BodyCompression: String, ConfigChoice { case none, gzip, zstd }
