import Codecs
package import Credentials
package import Engine
package import Ports

/// CloudTrail's LookupEvents API: management events of one account and region, newest first, 90 days back.
///
/// The end of a window is frozen before its first request, and the position moves only once the window was read
/// to its oldest event. It then stands `overlap` before the time that the first answer gives, since events appear late;
/// what was read twice is delivered once. For bootstrap and small accounts: two requests of 50 events a second are the limit.
package struct LookupCollector: Collector {
    package struct Config: Sendable {
        package struct Stream: Sendable {
            /// What the position is kept under: `111111111111/eu-west-1`.
            package var name: String
            package var identity: AWSIdentity

            package init(name: String, identity: AWSIdentity) {
                self.name = name
                self.identity = identity
            }
        }

        package var streams: [Stream]
        /// Where a first start begins; 90 days back at most.
        package var since: Timestamp?
        package var overlap = Duration.minutes(60)
        package var interval = Duration.seconds(60)
        /// The longest window that is read as one; the position moves after each.
        package var window = Duration.hours(6)
        /// Requests to one account and region begin at least this far apart.
        package var pace = Duration.milliseconds(500)

        package init(streams: [Stream]) { self.streams = streams }
    }

    /// How far back LookupEvents sees.
    static let reach = Duration.days(90)
    /// How far a position is brought back that a wrong clock has put into the future, where nothing better is known.
    static let bringsBack = Duration.days(7)
    static let pageEventsMax = 50
    /// Event identifiers remembered per account and region, so that an overlap is not delivered again.
    static let identifiersMax = 200_000

    package let feed = "aws.cloudtrail"
    package let source: String
    private let config: Config

    private var streams: [LookupStream] = []
    private var calls: [Int: Int] = [:]
    private var lastID = 0
    private var pages: [(stream: Int, page: PageDraft)] = []
    private var delivering: Int?

    private struct PageDraft {
        var object: RawObject?
        var events: Int
        /// Where the stream stands once this page is durable; `nil` in the middle of a window.
        var mark: Timestamp?
        /// The newest event read until then.
        var newest: Timestamp?
    }

    package init(source: String, config: Config) {
        self.source = source
        self.config = config
    }

    package mutating func resume(from position: [UInt8]?, mode: RunMode, at now: Timestamp) throws(Fault) {
        var saved: [String: JSONValue] = [:]
        var newest: [String: JSONValue] = [:]
        if let position {
            guard let json = JSONValue(json: position), json["v"]?.integer == 1,
                let map = json["streams"]?.object
            else { throw Fault(.denied, "\(source): the saved position cannot be read") }
            saved = map
            newest = json["newest"]?.object ?? [:]
        }
        streams = config.streams.map { stream in
            let mark = saved[stream.name]?.integer.map { Timestamp(nanoseconds: $0) }
            return LookupStream(
                name: stream.name, region: stream.identity.endpoints.region,
                url: stream.identity.endpoints.url(of: "cloudtrail"),
                signer: stream.identity.signer(for: "cloudtrail"), mark: mark,
                newest: newest[stream.name]?.integer.map { Timestamp(nanoseconds: $0) })
        }
    }

    private var position: [UInt8] {
        var saved: [String: JSONValue] = [:]
        var newest: [String: JSONValue] = [:]
        for stream in streams {
            if let mark = stream.mark { saved[stream.name] = .integer(mark.nanoseconds) }
            if let time = stream.newest { newest[stream.name] = .integer(time.nanoseconds) }
        }
        return JSONValue.object(["v": 1, "streams": .object(saved), "newest": .object(newest)]).bytes
    }

    // MARK: Steps

    package mutating func next(at now: Timestamp) -> Step {
        for index in streams.indices where !streams[index].notes.isEmpty {
            let note = streams[index].notes.removeFirst()
            return .report(
                HealthNote(
                    note.severity, source: source, code: note.code, "\(streams[index].name): \(note.text)"))
        }
        if delivering == nil, !pages.isEmpty { return deliver() }
        let interval = max(config.interval, .seconds(1))
        for index in streams.indices where streams[index].isReady(at: now, interval) {
            if streams[index].window == nil { streams[index].open(config, at: now) }
            return request(index, at: now)
        }
        // A region that does not answer keeps no other from its next look.
        let look = streams.filter { !$0.isBusy }.compactMap(\.nextLook).min()
        guard calls.isEmpty, delivering == nil else { return .wait(until: look, isCaughtUp: false) }
        return .wait(
            until: look ?? now + config.interval, isCaughtUp: streams.allSatisfy { $0.nextLook != nil })
    }

    private mutating func request(_ index: Int, at now: Timestamp) -> Step {
        guard let window = streams[index].window else { return .wait(until: now, isCaughtUp: false) }
        var body: [String: JSONValue] = [
            "StartTime": .integer(window.start.seconds), "EndTime": .integer(window.end.seconds),
            "MaxResults": .integer(Self.pageEventsMax),
        ]
        if let token = window.token { body["NextToken"] = .string(token) }
        var request = AWSIdentity.jsonRequest(
            streams[index].url, version: "1.1",
            target: "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents", .object(body))
        request.responseBytesMax = 64 << 20
        let planned = streams[index].nextRequest
        let start = planned.isDue(at: now, within: config.pace * 2) ? now : planned
        streams[index].nextRequest = start + config.pace
        streams[index].isBusy = true
        lastID += 1
        calls[lastID] = index
        return .call(
            Call(lastID, .http(request, authorizer: streams[index].signer, rule: .aws), notBefore: start))
    }

    package mutating func take(_ reply: Reply, to id: Int, at now: Timestamp) throws(Fault) {
        guard let index = calls[id] else { return }
        let response = try reply.answer()
        if streams[index].isFramedAnew(by: response, at: now) {
            streams[index].isBusy = false
            calls[id] = nil
            return
        }
        let stream = streams[index]
        guard let window = stream.window else { return }
        if let error = AWSError(response) {
            guard error.code == "InvalidNextTokenException" || error.code == "InvalidNextToken" else {
                throw error.fault(
                    "looking up events of \(stream.name)", permission: "cloudtrail:LookupEvents on *")
            }
            // A token lives only so long: the window is read again from its newest event.
            streams[index].window?.token = nil
            streams[index].isBusy = false
            calls[id] = nil
            return
        }
        guard let json = JSONValue(json: response.body), let events = json["Events"]?.array else {
            throw Fault(.transient, "looking up events of \(stream.name): the answer holds no events")
        }
        let token = json["NextToken"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        if token != nil, token == window.token {
            throw Fault(.transient, "looking up events of \(stream.name): the same page comes next again")
        }
        calls[id] = nil
        streams[index].window?.token = token
        var draft = PageDraft(object: nil, events: 0, mark: nil)
        let lines = fresh(events, of: index)
        if token == nil {
            draft.mark = streams[index].settled(window, config.overlap)
            draft.newest = streams[index].read
        }
        if !lines.isEmpty {
            draft.object = RawObject(
                name: "cloudtrail:LookupEvents/\(stream.name)/\(window.end.iso8601)", bytes: lines)
            draft.events = events.count
        }
        pages.append((index, draft))
    }

    /// The records in the answer that were not delivered before, one a line.
    private mutating func fresh(_ events: [JSONValue], of index: Int) -> [UInt8] {
        var lines: [UInt8] = []
        for event in events {
            guard let record = event["CloudTrailEvent"]?.string else { continue }
            if let seconds = event["EventTime"]?.double, abs(seconds) < 1e10 {
                let time = Timestamp(seconds: Int64(seconds))
                streams[index].read = max(streams[index].read ?? time, time)
            }
            let id = event["EventId"]?.string ?? Hex.encode(Digest.sha256(Array(record.utf8)))
            guard streams[index].seen.insert(id) else { continue }
            for byte in record.utf8 { lines.append(byte == 0x0A || byte == 0x0D ? 0x20 : byte) }
            lines.append(0x0A)
        }
        return lines
    }

    private mutating func deliver() -> Step {
        let (index, draft) = pages.removeFirst()
        if let mark = draft.mark { streams[index].mark = mark }
        streams[index].newest = draft.newest ?? streams[index].newest
        delivering = index
        if draft.mark != nil {
            let wasLast = streams[index].window?.isLast ?? true
            streams[index].window = nil
            streams[index].closesAsLast = wasLast
        }
        var page = RawPage(
            feed: feed, source: source, objects: draft.object.map { [$0] } ?? [],
            position: draft.mark == nil ? nil : position, listed: 1, fetched: 1)
        // With one region its row bears the collector's own name.
        if streams.count > 1 { page.part = streams[index].name }
        return .deliver(page)
    }

    package mutating func delivered(_ receipt: PageReceipt, at now: Timestamp) {
        guard let index = delivering else { return }
        delivering = nil
        streams[index].isBusy = false
        if streams[index].window == nil, streams[index].closesAsLast {
            streams[index].nextLook = now + max(config.interval, .seconds(1))
        }
    }
}
