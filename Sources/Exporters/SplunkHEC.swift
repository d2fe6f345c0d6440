import Codecs
package import Credentials
package import Engine
package import Ports
import Synchronization

/// Splunk's HTTP Event Collector, `/services/collector/event`.
///
/// A batch is JSON objects back to back. Splunk takes events in order and stops at the first that it cannot read,
/// naming it by `invalid-event-number`. It removes no duplicates: each event carries its `uid` as an indexed
/// field, by which a search can.
///
/// With indexer acknowledgement, Splunk's 200 only means "received"; the batch counts once `/services/collector/ack`
/// confirms its `ackId`. Ids begin again at 0 when Splunk restarts, so an id that comes a second time ends what
/// was open under the old ones: those batches are not confirmed by a stranger's id but sent again.
package final class SplunkHEC: Exporter {
    package static let name = "splunk_hec"

    package struct Config: Sendable {
        /// `https://host:8088`; the collector's path is added where it is missing.
        package var url: String
        package var token: Secret
        /// Splunk's metadata; without them the token's own defaults hold.
        package var index: String?
        package var source: String?
        package var sourcetype: String? = "ocsf:event"
        package var host: String?
        /// Counts an event as accepted only when an indexer has it on disk. Needs a token with that setting, and
        /// a load balancer that keeps a client on one Splunk server.
        package var acknowledgement = false
        package var isCompressed = true
        /// Further indexed fields of each event.
        package var fields: [(name: String, value: String)] = []

        package init(url: String, token: Secret) {
            self.url = url
            self.token = token
        }
    }

    /// Acknowledgements given on one channel since Splunk's ids last began at 0.
    private struct Channel {
        var generation = 0
        var seen: Set<Int> = []
        var highest = -1
    }

    /// Ids this far below the highest are told from late answers to requests that ran side by side.
    private static let reorderingMax = 1_024

    private let config: Config
    private let address: String
    /// A GUID; Splunk keeps acknowledgements by it.
    private let channelID: String
    private let channel = Mutex(Channel())
    /// The envelope around an event: what stands after its time, and after its uid.
    private let metadata: [UInt8]
    private let fields: [UInt8]

    package init(_ config: Config, entropy: any Entropy) {
        self.config = config
        address = Self.address(config.url)
        channelID = Self.guid(entropy.bytes(16))
        var metadata = ""
        let given = [
            ("host", config.host), ("source", config.source), ("sourcetype", config.sourcetype),
            ("index", config.index),
        ]
        for case (let name, let value?) in given { metadata += ",\"\(name)\":\(JSONText.quoted(value))" }
        self.metadata = Array("\(metadata),\"event\":".utf8)
        let further = config.fields.map { ",\(JSONText.quoted($0.name)):\(JSONText.quoted($0.value))" }
        fields = Array("\"\(further.joined())}}\n".utf8)
    }

    /// Where a HEC takes events, from the URL that a user gave.
    package static func address(_ url: String) -> String {
        var url = url
        while url.hasSuffix("/") { url.removeLast() }
        return url.contains("/services/collector") ? url : url + "/services/collector/event"
    }

    package func encode(_ batch: borrowing EventBatch, into body: inout [UInt8]) {
        body.reserveCapacity(
            body.count + batch.bytes.count + batch.count * (metadata.count + fields.count + 64))
        for index in 0..<batch.count {
            let event = batch.events[index]
            body += "{\"time\":".utf8
            Self.append(event.time, to: &body)
            body += metadata
            body += batch.bytes[event.json.range]
            body += ",\"fields\":{\"uid\":\"".utf8
            body += batch.bytes[event.uid.range]
            body += fields
        }
    }

    /// Epoch seconds with milliseconds, as Splunk wants them.
    private static func append(_ time: Timestamp, to body: inout [UInt8]) {
        let milliseconds = time.milliseconds
        if milliseconds < 0 { body.append(UInt8(ascii: "-")) }
        let (seconds, rest) = milliseconds.magnitude.quotientAndRemainder(dividingBy: 1_000)
        body += "\(seconds).".utf8
        for divisor: UInt64 in [100, 10, 1] { body.append(UInt8(ascii: "0") + UInt8(rest / divisor % 10)) }
    }

    package func request(carrying body: consuming [UInt8], batchID: String) -> HTTPRequest {
        var request = HTTPRequest(
            .POST, address,
            headers: [
                "Authorization": "Splunk \(config.token.revealed)", "Content-Type": "application/json",
            ])
        if config.acknowledgement { request.headers["X-Splunk-Request-Channel"] = channelID }
        if config.isCompressed {
            var compressor = Compressor(.gzipFast)
            compressor.pack(body, into: &request.body)
            request.headers["Content-Encoding"] = "gzip"
        } else {
            request.body = body
        }
        return request
    }

    package func verdict(on response: HTTPResponse, rows: Int, now: Timestamp) -> Verdict {
        let answer = HECAnswer(response)
        switch response.status {
        case 200:
            // A sign-in page also answers 200: only Splunk's own word counts.
            guard answer.code == 0 else {
                return .denied(reason: "this address answers like no Splunk HEC: \(response.excerpt)")
            }
            guard config.acknowledgement, let id = answer.ackID else { return .accepted }
            return .awaiting(acknowledgement: "\(generation(of: id)):\(id)")
        case 400: return badRequest(answer, response)
        case 401, 403: return .denied(reason: "Splunk refuses the token: \(answer.text ?? response.excerpt)")
        case 404, 405, 501:
            return .denied(reason: "there is no HEC at this address (HTTP status \(response.status))")
        case 413: return .tooLarge(reason: "Splunk's max_content_length is smaller than the batch")
        case 408, 425, 429, 500...: return .retry(after: response.retryTime(after: now))
        case 300..<400:
            let target = response.headers["Location"].map { " to \($0)" } ?? ""
            return .denied(reason: "this address redirects\(target): use the address itself")
        default:
            return .denied(reason: "Splunk answers with HTTP status \(response.status): \(response.excerpt)")
        }
    }

    /// Splunk's own codes tell what is wrong with the request, and whether it is one event or all of it.
    private func badRequest(_ answer: HECAnswer, _ response: HTTPResponse) -> Verdict {
        let reason =
            "Splunk: \(answer.text ?? response.excerpt) (code \(answer.code.map(String.init) ?? "none"))"
        switch answer.code {
        // The index is the same in every event, the channel in every request: no other batch fares better.
        case 7, 10, 11, 14, 16: return .denied(reason: reason)
        default:
            if let row = answer.invalidEvent { return .stopped(atRow: row, reason: reason) }
            // Which event it was can only be found by halves.
            return .tooLarge(reason: reason)
        }
    }

    private func generation(of id: Int) -> Int {
        channel.withLock { channel in
            if channel.seen.contains(id) || id < channel.highest - Self.reorderingMax {
                channel = Channel(generation: channel.generation + 1)
            }
            channel.seen.insert(id)
            channel.highest = max(channel.highest, id)
            if channel.seen.count > 2 * Self.reorderingMax {
                let oldest = channel.highest - Self.reorderingMax
                channel.seen = channel.seen.filter { $0 >= oldest }
            }
            return channel.generation
        }
    }

    /// The ids of the present generation; those of an older one time out and are sent again.
    private func current(_ ids: [String]) -> [(number: Int, id: String)] {
        let generation = channel.withLock { $0.generation }
        return ids.compactMap { id in
            let parts = id.split(separator: ":")
            guard parts.count == 2, Int(parts[0]) == generation, let number = Int(parts[1]) else {
                return nil
            }
            return (number, id)
        }
    }

    package func acknowledgementRequest(for ids: [String]) -> HTTPRequest? {
        let numbers = current(ids).map { "\($0.number)" }.joined(separator: ",")
        let address = address.replacing("/services/collector/event", with: "/services/collector/ack")
        return HTTPRequest(
            .POST, address,
            headers: [
                "Authorization": "Splunk \(config.token.revealed)", "Content-Type": "application/json",
                "X-Splunk-Request-Channel": channelID,
            ], body: Array("{\"acks\":[\(numbers)]}".utf8))
    }

    package func acknowledged(_ ids: [String], by response: HTTPResponse) -> Set<String> {
        guard response.status == 200,
            let acks = try? JSONReader.document(in: response.body, file: "acknowledgements")["acks"]
        else { return [] }
        return Set(current(ids).filter { acks["\($0.number)"]?.bool == true }.map(\.id))
    }

    private static func guid(_ bytes: [UInt8]) -> String {
        let text = Array(Hex.encode(bytes))
        return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(text[$0]) }.joined(separator: "-")
    }
}

/// What Splunk says in the body of an answer.
private struct HECAnswer {
    var code: Int?
    var text: String?
    var ackID: Int?
    var invalidEvent: Int?

    init(_ response: HTTPResponse) {
        guard let document = try? JSONReader.document(in: response.body, file: "answer") else { return }
        func number(_ name: String) -> Int? { document[name]?.integer.flatMap { Int(exactly: $0) } }
        code = number("code")
        text = document["text"]?.string
        ackID = number("ackId")
        invalidEvent = number("invalid-event-number")
    }
}
