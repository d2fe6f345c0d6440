import Exporters

/// What a person is told of one kind of exporter.
package struct ExporterKind: Sendable {
    package var name: String
    package var about: String
    package var counts: String
    package var repeats: String

    /// Those written in Swift, then those that files declare.
    package static let all: [ExporterKind] =
        [
            ExporterKind(
                name: "azure_blob", about: "Azure Blob Storage and ADLS Gen2: NDJSON or Parquet objects",
                counts: "the object created, or there already", repeats: "None"),
            ExporterKind(
                name: "gcs", about: "Google Cloud Storage: NDJSON or Parquet objects",
                counts: "the object created, or there already", repeats: "None"),
            ExporterKind(
                name: "security_lake", about: "Custom sources of Amazon Security Lake: Parquet in OCSF 1.1.0",
                counts: "the object created, or there already", repeats: "None"),
            ExporterKind(
                name: "s3", about: "Amazon S3 and stores that speak its protocol: NDJSON or Parquet objects",
                counts: "the object created, or there already", repeats: "None"),
            ExporterKind(
                name: "kafka", about: "A topic of Kafka's or an event hub, keyed by who did it",
                counts: "acknowledged by all replicas", repeats: "None within a run; then possible"),
            ExporterKind(
                name: "syslog",
                about: "Syslog of RFC 5424 over TLS with octet counting, in OCSF, CEF or LEEF",
                counts: "handed to the connection: syslog knows no acknowledgement", repeats: "Possible"),
            ExporterKind(
                name: "email", about: "Findings by mail, those of a minute in one message",
                counts: "the mail server has taken the message", repeats: "Possible; one Message-ID"),
            ExporterKind(
                name: "elasticsearch", about: "Elasticsearch, Elastic Cloud and OpenSearch, by the _bulk API",
                counts: "each event\u{2019}s own status", repeats: "None within one backing index"),
            ExporterKind(
                name: "file", about: "NDJSON files in a folder, rotated and renamed when whole",
                counts: "bytes and name durable on the disk", repeats: "None"),
            ExporterKind(
                name: "http",
                about: "Any HTTP receiver: NDJSON or JSON arrays; bearer, basic, mTLS, HMAC signature",
                counts: "any 2xx", repeats: "Possible; each batch carries an Idempotency-Key"),
            ExporterKind(
                name: "splunk_hec", about: "Splunk HTTP Event Collector, with indexer acknowledgement",
                counts: "Splunk\u{2019}s code 0, or the indexer\u{2019}s acknowledgement",
                repeats: "Possible; each event carries its uid"),
        ]
        + ReceiverCatalog.all.map {
            ExporterKind(name: $0.receiver, about: $0.about, counts: $0.counts, repeats: $0.repeats)
        }
}
