import Codecs
package import Engine
package import Ports
import Synchronization

/// CloudTrail's own API for one account and region: LookupEvents, newest first, and ListPublicKeys.
///
/// Pages follow one another by time and id, so an event that becomes visible late among what was already read
/// is missed by the window under way, as in life.
package final class AWSCloudTrailAPI: SimulatedServer {
    package struct Oddities: Sendable {
        /// Probabilities per request, by a seed of the server's own.
        package var emptyPage = 0.0
        package var expiredToken = 0.0
        package var seed: UInt64 = 1

        package init() {}
    }

    private struct Happening {
        var time: Timestamp
        var visibleAt: Timestamp
        var id: String
        var record: String
    }

    package struct PublicKey: Sendable {
        package var pkcs1: [UInt8]
        package var fingerprint: String
        package var from: Timestamp
        package var until: Timestamp

        package init(pkcs1: [UInt8], fingerprint: String, from: Timestamp, until: Timestamp) {
            self.pkcs1 = pkcs1
            self.fingerprint = fingerprint
            self.from = from
            self.until = until
        }
    }

    private struct State {
        var happenings: [Happening] = []
        var keys: [PublicKey] = []
        var recent: [Timestamp] = []
        var throttled = 0
        var requests = 0
        var generator: SeededGenerator
    }

    /// LookupEvents requests in a second.
    static let ratePerSecond = 2

    private let oddities: Oddities
    private let state: Mutex<State>

    package init(_ oddities: Oddities = Oddities()) {
        self.oddities = oddities
        state = Mutex(State(generator: SeededGenerator(seed: oddities.seed)))
    }

    package var requests: Int { state.withLock { $0.requests } }
    package var throttled: Int { state.withLock { $0.throttled } }

    /// - Parameter visibleAt: when LookupEvents first shows it.
    package func happen(id: String, at time: Timestamp, visibleAt: Timestamp, record: String) {
        let whole = Timestamp(seconds: time.seconds)
        state.withLock {
            $0.happenings.append(Happening(time: whole, visibleAt: visibleAt, id: id, record: record))
        }
    }

    package func publish(_ key: PublicKey) { state.withLock { $0.keys.append(key) } }

    package func answer(_ request: HTTPRequest, at now: Timestamp) -> HTTPResponse {
        guard request.headers["Authorization"]?.hasPrefix("AWS4-HMAC-SHA256 ") == true else {
            return Self.error(
                "MissingAuthenticationTokenException", "Missing Authentication Token", status: 403)
        }
        let operation = request.headers["X-Amz-Target"]?.split(separator: ".").last ?? ""
        guard let input = try? JSONReader.document(in: request.body, file: "request") else {
            return Self.error("SerializationException", "the body is no JSON")
        }
        return switch operation {
        case "LookupEvents": lookUp(input, at: now)
        case "ListPublicKeys": listKeys(input)
        default: Self.error("UnknownOperationException", "no such operation")
        }
    }

    private func lookUp(_ input: Document, at now: Timestamp) -> HTTPResponse {
        state.withLock { state in
            state.requests += 1
            state.recent.removeAll { now - $0 >= .seconds(1) }
            guard state.recent.count < Self.ratePerSecond else {
                state.throttled += 1
                return Self.error("ThrottlingException", "Rate exceeded")
            }
            state.recent.append(now)
            func chance(_ probability: Double) -> Bool {
                probability > 0 && Double(state.generator.next() >> 11) * 0x1p-53 < probability
            }
            let token = input["NextToken"]?.string
            if token != nil, chance(oddities.expiredToken) {
                return Self.error(
                    "InvalidNextTokenException", "A token from call with different parameters was passed")
            }
            let start = Timestamp(seconds: input["StartTime"]?.integer ?? 0)
            let end = Timestamp(seconds: input["EndTime"]?.integer ?? 0)
            guard start <= end else { return Self.error("InvalidTimeRangeException", "end before start") }
            let most = Int(input["MaxResults"]?.integer ?? 50)
            guard (1...50).contains(most) else { return Self.error("InvalidMaxResultsException", "1 to 50") }
            let oldest = now - .days(90)
            var visible = state.happenings.filter {
                $0.time >= max(start, oldest) && $0.time <= end && $0.visibleAt <= now
            }
            visible.sort { ($1.time, $1.id) < ($0.time, $0.id) }
            if let token {
                let parts = token.split(separator: "/")
                let time = Timestamp(seconds: parts.first.flatMap { Int64($0) } ?? 0)
                let id = parts.count > 1 ? String(parts[1]) : ""
                visible.removeAll { ($0.time, $0.id) >= (time, id) }
            }
            var page = visible.prefix(most)
            var next = page.count < visible.count ? page.last.map { "\($0.time.seconds)/\($0.id)" } : nil
            if !page.isEmpty, token == nil, chance(oddities.emptyPage) {
                next = "\(end.seconds + 1)/"
                page = []
            }
            let events = page.map { event in
                "{\"EventId\":\(JSONText.quoted(event.id)),\"EventTime\":\(event.time.seconds).0,\"ReadOnly\":\"false\","
                    + "\"CloudTrailEvent\":\(JSONText.quoted(event.record))}"
            }
            let tail = next.map { ",\"NextToken\":\(JSONText.quoted($0))" } ?? ""
            return HTTPResponse(
                status: 200, body: Array("{\"Events\":[\(events.joined(separator: ","))]\(tail)}".utf8))
        }
    }

    private func listKeys(_ input: Document) -> HTTPResponse {
        let start = Timestamp(seconds: input["StartTime"]?.integer ?? 0)
        let end = Timestamp(seconds: input["EndTime"]?.integer ?? .max)
        let keys = state.withLock { $0.keys }.filter { $0.until >= start && $0.from <= end }
        let list = keys.map { key in
            "{\"Value\":\"\(Base64.encode(key.pkcs1))\",\"ValidityStartTime\":\(key.from.seconds).0,"
                + "\"ValidityEndTime\":\(key.until.seconds).0,\"Fingerprint\":\"\(key.fingerprint)\"}"
        }
        return HTTPResponse(
            status: 200, body: Array("{\"PublicKeyList\":[\(list.joined(separator: ","))]}".utf8))
    }

    private static func error(_ code: String, _ message: String, status: Int = 400) -> HTTPResponse {
        HTTPResponse(
            status: status, headers: ["Content-Type": "application/x-amz-json-1.1"],
            body: Array("{\"__type\":\"\(code)\",\"message\":\"\(message)\"}".utf8))
    }
}
