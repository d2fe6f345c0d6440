import Engine

/// A bucket that an exporter of a pipeline writes objects to, as far as the file says where it is.
package struct BucketPlace: Hashable, Sendable {
    package var exporter: String
    package var bucket: String
    package var prefix: String
    package var region: String?
    package var endpoint: String?

    /// The S3 buckets of a pipeline file. What needs a secret that is not set is left out.
    static func all(in document: Document, _ references: References) -> [BucketPlace] {
        (document["exporters"]?.map ?? []).compactMap { entry in
            func text(_ document: Document?) -> String? {
                var decoder = ConfigDecoder(references: references)
                return document.flatMap { decoder.text(of: $0) }
            }
            let exporter = entry.value
            guard let kind = text(exporter["to"]), ["s3", "security_lake"].contains(kind),
                let bucket = text(exporter["bucket"])
            else { return nil }
            return BucketPlace(
                exporter: entry.key, bucket: bucket, prefix: text(exporter["prefix"]) ?? "",
                region: text(exporter["region"]),
                endpoint: text(exporter["endpoints"]?["s3"]) ?? text(exporter["endpoint"]))
        }
    }

    /// Whether its objects are among those below a prefix.
    package func stands(in bucket: String, below prefix: String) -> Bool {
        let (own, above) = (words(self.prefix), words(prefix))
        return self.bucket == bucket && own.starts(with: above)
    }

    private func words(_ path: String) -> [Substring] { path.split(separator: "/") }
}
