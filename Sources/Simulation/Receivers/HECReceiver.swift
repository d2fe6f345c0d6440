import Codecs
package import Engine
package import Ports
import Synchronization

/// A strict Splunk HEC: request → response, for the simulated network and, behind a real server, for loopback.
///
/// It checks the token, the channel, the compression and each event's grammar, takes events in order up to the
/// first bad one as Splunk does, and counts each `uid`, so that a test can ask for "every one, none twice".
package final class HECReceiver: SimulatedServer {
    package struct Options: Sendable {
        package var token: String
        /// Indexer acknowledgement is on: a channel is demanded, and an ack id given.
        package var acknowledges = false
        /// How long after an event request its acknowledgement turns true.
        package var acknowledgeAfter: Duration = .seconds(1)
        package var bodyBytesMax = 8 << 20
        /// Events that hold this text are refused, as an indexed field or an event in a bad form would be.
        package var refusing: String?
        /// What becomes of events by their uids.
        package var habits = StrictReceiver.Habits()
        /// Probabilities per event request.
        package var unavailable = 0.0
        package var throttled = 0.0
        /// Everything is taken, and then 500 is said.
        package var fails = 0.0
        /// The acknowledgement never comes, though the events were taken.
        package var losesAcknowledgement = 0.0
        package var seed: UInt64 = 1
        /// Distinct uids remembered; beyond it further ones are only counted.
        package var uidsMax = 2_000_000

        package init(token: String) { self.token = token }
    }

    /// What was seen so far.
    package struct Tally: Sendable {
        package var requests = 0
        /// Requests that broke the protocol: wrong path, method, encoding, JSON.
        package var breaches: [String] = []
        package var events = 0
        package var bytes = 0
        /// How often each `uid` was taken.
        package var uids: [String: Int] = [:]
        package var classes: [String: Int] = [:]

        package var repeated: Int { uids.values.count { $0 > 1 } }
    }

    private struct State {
        var tally = Tally()
        var dice: SeededGenerator
        var acks: [String: [Int: Timestamp]] = [:]
        var lastAck: [String: Int] = [:]
    }

    private let options: Options
    private let state: Mutex<State>

    package init(_ options: Options) {
        self.options = options
        state = Mutex(State(dice: SeededGenerator(seed: options.seed)))
    }

    package var tally: Tally { state.withLock { $0.tally } }

    /// Splunk is started again: the ids of acknowledgements begin at 0, and all open ones are forgotten.
    package func restart() {
        state.withLock {
            $0.acks = [:]
            $0.lastAck = [:]
        }
    }

    package func answer(_ request: HTTPRequest, at now: Timestamp) -> HTTPResponse {
        let path = Self.path(of: request.url)
        return state.withLock { state in
            state.tally.requests += 1
            switch path {
            case "/services/collector/event", "/services/collector", "/services/collector/event/1.0":
                return take(request, at: now, &state)
            case "/services/collector/ack": return acknowledge(request, at: now, &state)
            case "/services/collector/health", "/services/collector/health/1.0":
                return Self.reply(200, 17, "HEC is healthy")
            default:
                state.tally.breaches.append("path \(path)")
                return HTTPResponse(status: 404)
            }
        }
    }

    private static func path(of url: String) -> String {
        var rest = url[...]
        if let scheme = rest.firstRange(of: "://") {
            rest = rest[scheme.upperBound...]
            rest = rest[(rest.firstIndex(of: "/") ?? rest.endIndex)...]
        }
        return String(rest.prefix { $0 != "?" })
    }

    private static func reply(_ status: Int, _ code: Int, _ text: String, _ more: String = "") -> HTTPResponse
    {
        HTTPResponse(
            status: status, headers: ["Content-Type": "application/json; charset=UTF-8"],
            body: Array("{\"text\":\"\(text)\",\"code\":\(code)\(more)}".utf8))
    }

    /// What is wrong with who asks; `nil` where nothing is.
    private func refusal(_ request: HTTPRequest) -> HTTPResponse? {
        guard let given = request.headers["Authorization"], !given.isEmpty else {
            return Self.reply(401, 2, "Token is required")
        }
        guard given.hasPrefix("Splunk ") else { return Self.reply(401, 3, "Invalid authorization") }
        return given == "Splunk \(options.token)" ? nil : Self.reply(403, 4, "Invalid token")
    }

    private func channel(_ request: HTTPRequest) -> String? {
        request.headers["X-Splunk-Request-Channel"].flatMap { $0.utf8.count == 36 ? $0.lowercased() : nil }
    }

    private func take(_ request: HTTPRequest, at now: Timestamp, _ state: inout State) -> HTTPResponse {
        guard request.method == .POST else { return HTTPResponse(status: 405) }
        if let refusal = refusal(request) { return refusal }
        if options.acknowledges, channel(request) == nil {
            let isMissing = request.headers["X-Splunk-Request-Channel"] == nil
            return isMissing
                ? Self.reply(400, 10, "Data channel is missing") : Self.reply(400, 11, "Invalid data channel")
        }
        if state.dice.chance(options.unavailable) { return Self.reply(503, 9, "Server is busy") }
        if state.dice.chance(options.throttled) {
            var response = Self.reply(429, 26, "Queue is at capacity")
            response.headers["Retry-After"] = "1"
            return response
        }
        guard request.body.count <= options.bodyBytesMax else { return HTTPResponse(status: 413) }
        var body = request.body
        if let encoding = request.headers["Content-Encoding"] {
            guard encoding == "gzip", Compression.of(body) == .gzip,
                let plain = try? Inflater.inflate(body, bytesMax: 8 * options.bodyBytesMax)
            else {
                state.tally.breaches.append("encoding \(encoding)")
                return HTTPResponse(status: 415)
            }
            body = plain
        }
        state.tally.bytes += body.count
        if let refusal = store(body, &state) { return refusal }
        var more = ""
        if options.acknowledges, let channel = channel(request) {
            let id = state.lastAck[channel].map { $0 + 1 } ?? 0
            state.lastAck[channel] = id
            if !state.dice.chance(options.losesAcknowledgement) {
                state.acks[channel, default: [:]][id] = now + options.acknowledgeAfter
            }
            more = ",\"ackId\":\(id)"
        }
        if state.dice.chance(options.fails) { return Self.reply(500, 8, "Internal server error") }
        return Self.reply(200, 0, "Success", more)
    }

    /// Takes events up to the first bad one.
    private func store(_ body: [UInt8], _ state: inout State) -> HTTPResponse? {
        var number = 0
        func refuse(_ code: Int, _ text: String, breach: String? = nil) -> HTTPResponse {
            if let breach { state.tally.breaches.append("event \(number) \(breach)") }
            return Self.reply(400, code, text, ",\"invalid-event-number\":\(number)")
        }
        do throws(JSONSpans.Broken) {
            var reader = try JSONSpans(body)
            while let envelope = try reader.next() {
                let members = reader.members(of: envelope) ?? []
                let isKnown = members.allSatisfy { member in
                    Self.known.contains { reader.text(member.name, is: $0) }
                }
                guard isKnown, let time = members.first(where: { reader.text($0.name, is: "time") })?.value,
                    Double(String(decoding: body[time], as: UTF8.self)) != nil
                else { return refuse(6, "Invalid data format", breach: "has a bad envelope") }
                guard let event = members.first(where: { reader.text($0.name, is: "event") })?.value else {
                    return refuse(12, "Event field is required")
                }
                if let text = options.refusing, body[event].firstRange(of: Array(text.utf8)) != nil {
                    return refuse(6, "Invalid data format")
                }
                let uid = Self.uid(of: event, reader)
                if let uid, options.habits.refuses(uid) { return refuse(6, "Invalid data format") }
                if uid.map({ options.habits.loses($0) }) != true { count(reader, event, uid, &state.tally) }
                number += 1
            }
        } catch {
            return refuse(6, "Invalid data format", breach: "is no JSON")
        }
        return number == 0 ? Self.reply(400, 5, "No data") : nil
    }

    private static let known: [StaticString] = [
        "time", "host", "source", "sourcetype", "index", "event", "fields",
    ]

    private static func uid(of event: Range<Int>, _ reader: JSONSpans) -> String? {
        let metadata = reader.members(of: event)?.first { reader.text($0.name, is: "metadata") }?.value
        return reader.member("uid", of: metadata).map { text(reader.bytes[$0]) }
    }

    private func count(_ reader: JSONSpans, _ event: Range<Int>, _ uid: String?, _ tally: inout Tally) {
        tally.events += 1
        let members = reader.members(of: event) ?? []
        if let name = members.first(where: { reader.text($0.name, is: "class_name") })?.value {
            tally.classes[Self.text(reader.bytes[name]), default: 0] += 1
        }
        guard let key = uid else { return }
        if tally.uids[key] != nil || tally.uids.count < options.uidsMax { tally.uids[key, default: 0] += 1 }
    }

    /// What stands between a JSON string's quotes.
    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        let isQuoted = bytes.count >= 2 && bytes.first == UInt8(ascii: "\"") && bytes.last == bytes.first
        return String(decoding: isQuoted ? bytes.dropFirst().dropLast() : bytes, as: UTF8.self)
    }

    private func acknowledge(_ request: HTTPRequest, at now: Timestamp, _ state: inout State) -> HTTPResponse
    {
        if let refusal = refusal(request) { return refusal }
        guard options.acknowledges else { return Self.reply(400, 14, "ACK is disabled") }
        guard let channel = channel(request) else { return Self.reply(400, 10, "Data channel is missing") }
        guard let acks = try? JSONReader.document(in: request.body, file: "acks")["acks"]?.list else {
            state.tally.breaches.append("acknowledgement request")
            return Self.reply(400, 6, "Invalid data format")
        }
        let answers = acks.compactMap { $0.integer.map { Int($0) } }.map { id in
            let isDone = state.acks[channel]?[id].map { $0 <= now } ?? false
            // True is said once, and then forgotten.
            if isDone { state.acks[channel]?[id] = nil }
            return "\"\(id)\":\(isDone)"
        }
        return HTTPResponse(
            status: 200, headers: ["Content-Type": "application/json; charset=UTF-8"],
            body: Array("{\"acks\":{\(answers.joined(separator: ","))}}".utf8))
    }
}
