import Codecs
package import Engine
package import Ports
import Synchronization

/// Any vendor whose feed is declared, from the other side: it reads requests by the same declaration and answers as
/// the vendor does, with its paging, its way of throttling and its oddities.
///
/// What has happened becomes visible when it is told to, late or not. Pages follow one another by time and number, so
/// that what becomes visible among what was already read is missed by the reading under way, as in life.
package final class DeclaredVendor: SimulatedServer {
    /// Probabilities per request, by a seed of the vendor's own.
    package struct Oddities: Sendable {
        /// Refusals that will pass, in each of the ways the vendor has.
        package var throttle = 0.0
        package var emptyPage = 0.0
        /// A page whose next one is itself.
        package var repeatedPage = 0.0
        /// A record that stands twice in its page.
        package var duplicate = 0.0
        /// Page tokens and cursors that are no longer known.
        package var expired = 0.0
        /// A redirect within the host.
        package var redirect = 0.0
        /// An access token that has ended.
        package var unauthorized = 0.0
        package var seed: UInt64 = 1

        package init() {}
    }

    struct Happening: Sendable {
        var number: Int
        var stream: String
        var time: Timestamp
        var visibleAt: Timestamp
        var record: [UInt8]
    }

    struct State {
        var happenings: [Happening] = []
        var generator: SeededGenerator
        var requests = 0
        /// Answers that were ready later: the request's captures, by handle.
        var statements: [String: (stream: FeedStreams.Stream, names: [String: String], readyAt: Timestamp)] =
            [:]
        var hasSubscribed = false
        var token = 0
        var hasEnded = false
    }

    package let declaration: FeedProtocol
    /// What the user must say, as the requests will have it.
    let parameters: [String: String]
    let oddities: Oddities
    let pageSize: Int
    let state: Mutex<State>

    /// - Parameter pageSize: records in a page.
    package init(
        _ declaration: FeedProtocol, parameters: [String: String], pageSize: Int = 7,
        _ oddities: Oddities = Oddities()
    ) {
        self.declaration = declaration
        self.parameters = parameters
        self.oddities = oddities
        // Who names no way to a next page gives everything at once.
        let next = declaration.endpoint.next
        self.pageSize = next == FeedNext() ? .max : next.offset ?? pageSize
        state = Mutex(State(generator: SeededGenerator(seed: oddities.seed)))
    }

    package var requests: Int { state.withLock { $0.requests } }

    /// The streams' names, in the order declared.
    package var streams: [FeedStreams.Stream] {
        declaration.streams.all.isEmpty ? [.init(name: "all", values: [:])] : declaration.streams.all
    }

    /// The access token that is accepted now; any is where `unauthorized` is 0.
    package var token: String { state.withLock { "token-\($0.token)" } }

    /// - Parameter visibleAt: when an answer first shows it.
    package func happen(
        _ record: [UInt8], in stream: String = "all", at time: Timestamp, visibleAt: Timestamp
    ) {
        state.withLock { state in
            state.happenings.append(
                Happening(
                    number: state.happenings.count, stream: stream, time: time, visibleAt: visibleAt,
                    record: record))
        }
    }

    /// A record of this feed, with its time where the feed has it: for a stream of the vendor's own making.
    package func record(_ name: String, in stream: FeedStreams.Stream, at time: Timestamp) -> [UInt8] {
        var pieces = JSONPieces()
        pieces.put(JSONText.quoted(name), at: KeyPath([.key(Array("name".utf8))]))
        if let path = timePath(of: stream) { pieces.put(JSONText.quoted(time.iso8601), at: path) }
        if let path = declaration.endpoint.next.last { pieces.put(JSONText.quoted(name), at: path) }
        return Array(pieces.text.utf8)
    }

    package func timePath(of stream: FeedStreams.Stream) -> KeyPath? {
        declaration.time.flatMap { KeyPath($0.bound(stream.values).text) }
    }

    package func answer(_ request: HTTPRequest, at now: Timestamp) -> HTTPResponse {
        state.withLock { state in
            state.requests += 1
            // Not twice in a row: a client gives up on a token that is refused as soon as it was fetched.
            let isEnding = chance(oddities.unauthorized, &state) && !state.hasEnded
            state.hasEnded = isEnding
            if isEnding { state.token += 1 }
            if oddities.unauthorized > 0,
                request.headers[declaration.auth.header]?.hasSuffix("token-\(state.token)") != true
            {
                return refusal(401, "invalid_token", "The access token is missing or has expired.")
            }
            if chance(oddities.throttle, &state) { return throttled(&state, at: now) }
            if request.method == .GET, !request.url.contains("hop="), chance(oddities.redirect, &state) {
                let join = request.url.contains("?") ? "&" : "?"
                return HTTPResponse(status: 307, headers: ["Location": "\(request.url)\(join)hop=1"])
            }
            var response = served(request, &state, at: now)
            response.headers["Date"] = now.httpDate
            return response
        }
    }

    func chance(_ probability: Double, _ state: inout State) -> Bool {
        probability > 0 && Double(state.generator.next() >> 11) * 0x1p-53 < probability
    }

    // MARK: Refusals

    /// One of the ways in which this vendor says that it is asked too often.
    private func throttled(_ state: inout State, at now: Timestamp) -> HTTPResponse {
        let throttle = declaration.throttle
        let seconds = 1 + Int64(state.generator.next() % 5)
        var response = refusal(429, throttle.codes.first ?? "TooManyRequests", "Too many requests")
        response.headers["Date"] = now.httpDate
        switch state.generator.next() % 5 {
        case 0: response.headers["Retry-After"] = "\(seconds)"
        case 1: response.headers["Retry-After"] = (now + .seconds(seconds)).httpDate
        case 2:
            if let header = throttle.resetHeader { response.headers[header] = "\(now.seconds + seconds)" }
        case 3:
            if let code = throttle.codes.first {
                response = refusal(403, code, "Too many requests")
                response.headers["Date"] = now.httpDate
            }
        default:
            if let header = throttle.remainingHeader {
                response.status = 403
                response.headers[header] = "0"
                if let reset = throttle.resetHeader { response.headers[reset] = "\(now.seconds + seconds)" }
            }
        }
        return response
    }

    func refusal(_ status: Int, _ code: String, _ message: String) -> HTTPResponse {
        HTTPResponse(
            status: status, headers: ["Content-Type": "application/json"],
            body: Array(
                "{\"error\":{\"code\":\(JSONText.quoted(code)),\"message\":\(JSONText.quoted(message))}}".utf8
            ))
    }

    /// As the vendor says that a page or a cursor is no longer known.
    func expiry() -> HTTPResponse {
        let word = declaration.expired.first { Int($0) == nil } ?? "InvalidPageToken"
        return refusal(
            declaration.expired.compactMap { Int($0) }.first ?? 400, word, "The token is not valid.")
    }
}
