import Engine
import Exporters

extension ExporterAssembly {
    /// What suits a kind of receiver, unless the user says otherwise; never more than it takes.
    static func limits(_ config: ExporterConfig) -> Shipper.Limits {
        var limits = Shipper.Limits()
        var (rows, bytes) = (1_000, 1 << 20)
        if case .file(let file) = config {
            // Each batch costs two synchronizations of the disk, and they are written one by one. Those of zstd are in
            // memory as they will be in the file.
            (rows, bytes) = file.compression == .zstd ? (50_000, 32 << 20) : (20_000, 8 << 20)
            limits.concurrency = 1
        }
        if case .declared(let declared) = config {
            let most = declared.declaration.limits
            rows = most.rows ?? 5_000
            bytes = most.batch ?? most.bytes.map { $0 / 2 } ?? bytes
            // A receiver of notices takes them one by one, and not many of them a second.
            if rows == 1 { limits.concurrency = 1 }
        }
        var age = config.isObjects ? Duration.minutes(5) : .seconds(5)
        if case .syslog = config { limits.concurrency = 1 }
        if case .email = config {
            limits.concurrency = 1
            (rows, age) = (50, .minutes(1))
        }
        if case .kafka = config {
            // One after the other: events of one key stay in their order.
            limits.concurrency = 1
            rows = 5_000
        }
        if config.isObjects {
            (rows, bytes) = (50_000, 32 << 20)
            // Large ones: each is in memory while it is made.
            limits.concurrency = 2
        }
        if case .elastic = config { (rows, bytes) = (4_000, 4 << 20) }
        // A frame of the spool is then a batch, and goes as it is.
        if case .http(let http) = config, http.compression == .zstd { (rows, bytes) = (5_000, 4 << 20) }
        limits.rowsMax = config.delivery.batch.rows ?? rows
        if case .declared(let declared) = config, let most = declared.declaration.limits.rows {
            limits.rowsMax = min(limits.rowsMax, most)
        }
        limits.bytesMax = config.delivery.batch.bytes.map { Int($0.bytes) } ?? bytes
        limits.ageMax = config.delivery.batch.age ?? age
        limits.concurrency = config.delivery.concurrency ?? limits.concurrency
        return limits
    }
}

extension ExporterConfig {
    /// What it is sent, whether the user says so or the receiver takes nothing else.
    package var encoding: EncodingChoice {
        if let encoding = delivery.encoding { return encoding }
        guard case .declared(let config) = self else { return .ocsf }
        return config.declaration.encodings.first.flatMap { EncodingChoice(rawValue: $0) } ?? .ocsf
    }

    /// Whether a batch becomes objects: few large ones are better than many.
    var isObjects: Bool {
        switch self {
        case .s3, .securityLake, .gcs, .azureBlob: true
        default: false
        }
    }
}
