package import Credentials
package import Engine

package enum ElasticService: String, ConfigChoice { case es, aoss }

/// An exporter to Elasticsearch or OpenSearch.
package struct ElasticConfig: ConfigValue {
    package var url = EndpointURL.none
    package var stream = ""
    package var pipeline: String?
    package var apiKey: Secret?
    package var basic: BasicConfig?
    package var bearer: Secret?
    package var aws: AWSConfig?
    package var service = ElasticService.es
    package var compression = BodyCompression.gzip
    package var requestBytes = ByteSize(10_000_000)
    package var delivery = DeliveryConfig()
    package var connection = ConnectionConfig()

    package init() {}

    package static let name = "an elasticsearch exporter"
    package static let summary = "Elasticsearch, Elastic Cloud and OpenSearch, by the `_bulk` API."
    package static var fields: [ConfigField<Self>] {
        [
            .init("url", \.url, isRequired: true, "`https://host:9200`"),
            .init("stream", \.stream, isRequired: true, "Data stream or index: `logs-martlet-default`") {
                complaint($0)
            },
            .init("pipeline", \.pipeline, "Ingest pipeline of the receiver's"),
            .init("api_key", \.apiKey, "An API key as Elasticsearch encodes it"),
            .init("basic", \.basic, "User and password"),
            .init("bearer", \.bearer, "Sent as `Authorization: Bearer …`"),
            .init("aws", \.aws, "As whom requests are signed, for Amazon OpenSearch Service"),
            .init("service", \.service, "With `aws`: `es`, or `aoss` for OpenSearch Serverless"),
            .init("compression", \.compression, "Of the request's body", type: .choice(["none", "gzip"])) {
                $0 == .zstd ? "Elasticsearch reads gzip only" : nil
            },
            .init("request_bytes", \.requestBytes, "What the receiver takes at once, before compression"),
        ] + DeliveryConfig.fields.map { $0.lifted(\.delivery) }
            + ConnectionConfig.fields.map { $0.lifted(\.connection) }
    }

    private static func complaint(_ name: String) -> String? {
        let isPlain = name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"\\/*?\"<>|,#:".utf8.contains($0) }
        guard isPlain, name == name.lowercased(), !name.isEmpty, !"-_+".contains(name.prefix(1)) else {
            return "“\(name)” cannot be the name of a data stream or an index"
        }
        return nil
    }

    package func check(at position: SourcePosition, by decoder: inout ConfigDecoder) {
        connection.checkPlain(url, "url", at: position, by: &decoder)
        delivery.check(encodings: [.ocsf, .ecs, .cim], at: position, by: &decoder)
        let ways = [apiKey != nil, basic != nil, bearer != nil, aws != nil]
        if ways.count(where: { $0 }) > 1 {
            decoder.complain(at: position, "api_key, basic, bearer and aws exclude each other")
        }
    }
}
