package import Codecs
package import Engine
package import Ports

/// The `_bulk` API of Elasticsearch and OpenSearch, into a data stream or an index.
///
/// Every event is created under an `_id` that is a digest of its text: the same event again is answered 409, which
/// counts as accepted. (The event's `uid` alone would not do: an update has the same one.) The answer judges each event
/// by itself, in the order sent; what is refused for the moment (429, 5xx) goes again alone.
package struct ElasticBulk: Exporter {
    package static let name = "elasticsearch"

    package struct Config: Sendable {
        /// `https://host:9200`.
        package var url: String
        /// A data stream or an index.
        package var target: String
        /// An ingest pipeline of the receiver's.
        package var pipeline: String?
        /// Whether `@timestamp` is written before the event's own members; an encoding may have it already.
        package var addsTimestamp = true
        package var compression = Compressor.Form.gzipFast
        /// Bytes of a request; Elasticsearch takes 100 MB unless told otherwise, small managed domains 10 MB.
        package var bodyBytesMax = 10_000_000

        package init(url: String, target: String) {
            self.url = url
            self.target = target
        }
    }

    private let config: Config
    private let address: String

    package init(_ config: Config) {
        self.config = config
        var base = config.url
        while base.hasSuffix("/") { base.removeLast() }
        let pipeline = config.pipeline.map { "&pipeline=\(PercentEncoding.encode($0))" } ?? ""
        address =
            "\(base)/\(PercentEncoding.encode(config.target))/_bulk"
            + "?filter_path=errors,items.*.status,items.*.error.type,items.*.error.reason\(pipeline)"
    }

    package var bodyBytesMax: Int { config.bodyBytesMax }

    package func encode(_ batch: borrowing EventBatch, into body: inout [UInt8]) {
        body.reserveCapacity(body.count + batch.bytes.count + batch.count * 110)
        for event in batch.events {
            let text = event.json.range
            body += "{\"create\":{\"_id\":\"".utf8
            var hasher = Codecs.Hasher(.sha256)
            hasher.update(batch.bytes, in: text)
            body += Base64.encode(Array(hasher.finish().prefix(18)), .url).utf8
            body += "\"}}\n".utf8
            if config.addsTimestamp, text.count > 2 {
                body += "{\"@timestamp\":\"".utf8
                event.time.appendISO8601(to: &body)
                body += "\",".utf8
                body += batch.bytes[text.dropFirst()]
            } else {
                body += batch.bytes[text]
            }
            body.append(UInt8(ascii: "\n"))
        }
    }

    package func request(carrying body: consuming [UInt8], batchID: String) -> HTTPRequest {
        var request = HTTPRequest(.POST, address, headers: ["Content-Type": "application/x-ndjson"])
        if let encoding = config.compression.contentEncoding {
            request.headers["Content-Encoding"] = encoding
            var compressor = Compressor(config.compression)
            compressor.pack(body, into: &request.body)
        } else {
            request.body = body
        }
        return request
    }

    package func verdict(on response: HTTPResponse, rows: Int, now: Timestamp) -> Verdict {
        switch response.status {
        case 200: return items(of: response, rows: rows, now: now)
        case 400:
            return .tooLarge(reason: "the receiver cannot read it (HTTP status 400): \(response.excerpt)")
        case 413: return .tooLarge(reason: "larger than the receiver's http.max_content_length")
        case 401, 403:
            return .denied(
                reason:
                    "the receiver refuses the credentials (HTTP status \(response.status)): \(response.excerpt)"
            )
        case 501: return .denied(reason: "there is no _bulk API at this address (HTTP status 501)")
        case 408, 425, 429, 500...: return .retry(after: response.retryTime(after: now))
        case 300..<400:
            let target = response.headers["Location"].map { " to \($0)" } ?? ""
            return .denied(reason: "this address redirects\(target): use the address itself")
        default:
            return .denied(
                reason: "the receiver answers with HTTP status \(response.status): \(response.excerpt)")
        }
    }

    private func items(of response: HTTPResponse, rows: Int, now: Timestamp) -> Verdict {
        guard let answer = try? JSONReader.document(in: response.body, file: "bulk"),
            answer["errors"]?.bool != nil, let items = answer["items"]?.list, items.count == rows
        else {
            return .denied(reason: "this address answers like no _bulk API: \(response.excerpt)")
        }
        var refused: [Int: String] = [:]
        var again: [Int] = []
        var denial: String?
        for (row, item) in items.enumerated() {
            let outcome = item.map?.first?.value
            let status = outcome?["status"]?.integer ?? 500
            let error = outcome?["error"]
            let kind = error?["type"]?.string ?? "no error type"
            let reason = "\(kind): \(error?["reason"]?.string?.prefix(300) ?? "") (status \(status))"
            switch status {
            // 409: it is there already, from a request whose answer was lost.
            case 200...299, 409: continue
            case 429, 500...: again.append(row)
            case 401, 403, 404:
                denial = reason
                refused[row] = reason
            default: refused[row] = reason
            }
        }
        // An index that is missing or closed to us is so for every event.
        if let denial, refused.count == rows { return .denied(reason: denial) }
        if refused.isEmpty, again.isEmpty { return .accepted }
        return .partial(refused: refused, again: again, after: response.retryTime(after: now))
    }
}
