extension Command {
    static let exporters = Command(
        name: "exporters",
        summary: "Lists the kinds of exporters",
        examples: ["martlet exporters"]
    ) { _, context in
        for (name, summary) in exporterKinds { context.output.writeLine("\(name)\t\(summary)") }
        return .done
    }

    private static let exporterKinds = [
        ("file", "NDJSON files, gzip or zstd, rotated and renamed when whole"),
        ("http", "any HTTP receiver: NDJSON or JSON arrays; headers, bearer, basic, mTLS, HMAC signature"),
        ("splunk_hec", "Splunk HTTP Event Collector, with indexer acknowledgement"),
    ]
}
