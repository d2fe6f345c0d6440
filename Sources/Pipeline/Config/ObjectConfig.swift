package import Engine

package enum ObjectFormat: String, ConfigChoice { case ndjson, parquet }

/// What every exporter to an object store takes.
package struct ObjectsConfig: ConfigValue {
    package var prefix = ""
    package var format = ObjectFormat.ndjson
    package var compression = BodyCompression.zstd
    package var delivery = DeliveryConfig()

    package init() {}

    package static let name = "objects"
    package static let summary = "What every exporter to an object store takes."
    package static var fields: [ConfigField<Self>] {
        [
            .init("prefix", \.prefix, "What object names begin with") { prefix in
                prefix.utf8.contains { $0 < 0x20 || $0 == 0x7F }
                    ? "has a character that no name may have" : nil
            },
            .init("format", \.format, "Lines of JSON, or Parquet in the event store's columns"),
            .init("compression", \.compression, "Of lines of JSON; Parquet is always zstd"),
        ] + DeliveryConfig.fields.map { $0.lifted(\.delivery) }
    }

    package func check(at position: SourcePosition, by decoder: inout ConfigDecoder) {
        delivery.check(
            encodings: format == .parquet ? [.ocsf] : EncodingChoice.allCases, at: position, by: &decoder)
    }
}

package struct S3ExporterConfig: ConfigValue {
    package var bucket = ""
    package var bucketOwner: String?
    package var createOnce = true
    package var objects = ObjectsConfig()
    package var aws = AWSConfig()

    package init() {}

    package static let name = "an s3 exporter"
    package static let summary =
        "Objects in Amazon S3 or a store that speaks its protocol, each created once."
    package static var fields: [ConfigField<Self>] {
        [
            .init("bucket", \.bucket, isRequired: true, "The bucket"),
            .init("bucket_owner", \.bucketOwner, "Account that must own the bucket"),
            .init(
                "create_once", \.createOnce,
                "Send `If-None-Match`; false for stores that do not know it, which then write the same bytes again"
            ),
        ] + ObjectsConfig.fields.map { $0.lifted(\.objects) } + AWSConfig.fields.map { $0.lifted(\.aws) }
    }

    package func check(at position: SourcePosition, by decoder: inout ConfigDecoder) {
        aws.check(at: position, by: &decoder)
        objects.check(at: position, by: &decoder)
    }
}

package struct GCSExporterConfig: ConfigValue {
    package var bucket = ""
    package var endpoint: EndpointURL?
    package var auth: AuthConfig?
    package var objects = ObjectsConfig()
    package var connection = ConnectionConfig()

    package init() {}

    package static let name = "a gcs exporter"
    package static let summary = "Objects in Google Cloud Storage, each created once."
    package static var fields: [ConfigField<Self>] {
        [
            .init("bucket", \.bucket, isRequired: true, "The bucket"),
            .init("auth", \.auth, "As whom, of the kind `google`; without it this machine's own credentials"),
            .init("endpoint", \.endpoint, "Base URL instead of Google's, for private endpoints and tests"),
        ] + ObjectsConfig.fields.map { $0.lifted(\.objects) }
            + ConnectionConfig.fields.map { $0.lifted(\.connection) }
    }

    package func check(at position: SourcePosition, by decoder: inout ConfigDecoder) {
        connection.checkPlain(endpoint, "endpoint", at: position, by: &decoder)
        objects.check(at: position, by: &decoder)
        if let auth, auth.kind != "google" {
            decoder.complain(at: position, "Cloud Storage takes auth of the kind google")
        }
    }
}

package struct AzureBlobExporterConfig: ConfigValue {
    package var account = ""
    package var container = ""
    package var endpoint: EndpointURL?
    package var auth: AuthConfig?
    package var objects = ObjectsConfig()
    package var connection = ConnectionConfig()

    package init() {}

    package static let name = "an azure_blob exporter"
    package static let summary = "Blobs in Azure Storage, and so in ADLS Gen2, each created once."
    package static var fields: [ConfigField<Self>] {
        [
            .init("account", \.account, isRequired: true, "The storage account") { complaint($0) },
            .init("container", \.container, isRequired: true, "The container, or file system") {
                complaint($0)
            },
            .init(
                "auth", \.auth,
                "As whom, of the kind `entra` or `azure_managed_identity`; without it this machine's identity"
            ),
            .init("endpoint", \.endpoint, "Base URL instead of Azure's, for private endpoints and tests"),
        ] + ObjectsConfig.fields.map { $0.lifted(\.objects) }
            + ConnectionConfig.fields.map { $0.lifted(\.connection) }
    }

    private static func complaint(_ name: String) -> String? {
        let isPlain = name.utf8.allSatisfy {
            (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D || $0 == 0x24
        }
        return isPlain && !name.isEmpty
            ? nil : "“\(name)” cannot be a name: lower-case letters, digits and “-” can"
    }

    package func check(at position: SourcePosition, by decoder: inout ConfigDecoder) {
        connection.checkPlain(endpoint, "endpoint", at: position, by: &decoder)
        objects.check(at: position, by: &decoder)
        if let auth, !["entra", "azure_managed_identity"].contains(auth.kind) {
            decoder.complain(
                at: position, "Azure Storage takes auth of the kind entra or azure_managed_identity")
        }
    }
}
