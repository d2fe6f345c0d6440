import Credentials
import Engine
package import Ports
import Synchronization

/// A feed that is sent to us: each request's records are durable before it is answered with 200.
///
/// Whoever gets another answer, or none, sends again; what had become durable nevertheless is then a duplicate by its
/// uid. While spools are full, or too much is in work, requests are told when to come again.
package final class PushReceiver: RequestHandler {
    package struct Config: Sendable {
        package var feed: String
        /// The collector's name in the pipeline file.
        package var source: String
        /// Where requests come to; for HEC what stands before `/services/collector`.
        package var path: String
        package var format: PushFormat
        package var auth: InboundAuth
        /// A larger body is refused, as it was sent and as it inflates: bytes.
        package var bodyBytesMax = 16 << 20
        package var inflatedBytesMax = 64 << 20
        /// Requests in work at once; more are told to come again.
        package var requestsMax = 32
        /// How long a request waits for its records to become durable.
        package var patience = Duration.seconds(20)

        package init(feed: String, source: String, path: String, format: PushFormat, auth: InboundAuth) {
            self.feed = feed
            self.source = source
            self.path = path
            self.format = format
            self.auth = auth
        }
    }

    /// When to come again: while too much is in work, and while nothing can be stored.
    package static let busyPause = "1"
    static let fullPause = "10"

    package let config: Config
    private let sink: any PageSink
    private let time: any TimeSource
    private let inWork = Mutex(0)

    package init(_ config: Config, sink: any PageSink, time: any TimeSource) {
        self.config = config
        self.sink = sink
        self.time = time
    }

    /// Whether a request's path is one of this receiver's.
    package func serves(_ request: HTTPRequest) -> Bool {
        let path = request.url.prefix { $0 != "?" }
        guard case .hec = config.format else { return path == config.path }
        return hecPath(request) != nil
    }

    private func hecPath(_ request: HTTPRequest) -> HECIntake.Path? {
        let path = request.url.prefix { $0 != "?" }
        guard path.hasPrefix(config.path) else { return nil }
        return HECIntake.path(path.dropFirst(config.path.count))
    }

    /// Whether the request is from somebody who may push to this receiver; its body must be there.
    package func admits(_ request: HTTPRequest) -> Bool { config.auth.admits(request, at: time.now) }

    package func refusal(of request: HTTPRequest) -> HTTPResponse? {
        if config.format == .hec {
            if hecPath(request) == .health { return HECIntake.Answer.healthy.response }
            if !config.auth.admits(headersOf: request) { return hecRefusal(request) }
            if hecPath(request) == .acknowledgement { return HECIntake.Answer.acknowledgementsOff.response }
            return request.method == .POST ? nil : Self.say(405, "POST it")
        }
        // What is signed can be told only with its body.
        guard config.auth.admits(headersOf: request) else { return Self.unauthorized(config.auth) }
        if case .oktaHook = config.format, request.method == .GET {
            guard let challenge = request.headers["X-Okta-Verification-Challenge"] else {
                return Self.say(400, "X-Okta-Verification-Challenge is missing")
            }
            return HTTPResponse(
                status: 200, headers: ["Content-Type": "application/json"],
                body: Array("{\"verification\":\(quoted(challenge))}".utf8))
        }
        return [.POST, .PUT].contains(request.method) ? nil : Self.say(405, "POST it")
    }

    private func hecRefusal(_ request: HTTPRequest) -> HTTPResponse {
        let given = request.headers["Authorization"] ?? ""
        if given.isEmpty { return HECIntake.Answer.tokenRequired.response }
        let isKnown = given.hasPrefix("Splunk ") || given.hasPrefix("Basic ")
        return (isKnown ? HECIntake.Answer.invalidToken : .invalidAuthorization).response
    }

    package func answer(_ request: HTTPRequest) async -> HTTPResponse {
        if let refusal = refusal(of: request) { return refusal }
        guard admits(request) else { return Self.unauthorized(config.auth) }
        guard enter() else { return later(429, Self.busyPause, "too many requests are in work") }
        defer { inWork.withLock { $0 -= 1 } }
        let object: RawObject
        do {
            object = RawObject(
                name: "\(config.source) \(request.url.prefix { $0 != "?" })", bytes: try body(of: request))
        } catch let refusal as BodyRefusal {
            if config.format == .hec, refusal.status == 400 {
                return HECIntake.Answer.invalidFormat(nil).response
            }
            return Self.say(refusal.status, refusal.reason)
        } catch let answer as HECIntake.Answer {
            return answer.response
        } catch {
            return Self.say(400, "\(error)")
        }
        guard !object.bytes.isEmpty else { return Self.say(400, "the body is empty") }
        let page = RawPage(
            feed: config.feed, source: config.source, objects: [object], position: nil, listed: 1, fetched: 1)
        switch await deliver(page) {
        case .success(let receipt):
            if config.format == .hec { return HECIntake.Answer.success.response }
            return Self.json(
                200,
                "{\"records\":\(receipt.records),\"events\":\(receipt.events),\"duplicate\":\(receipt.duplicate),\"malformed\":\(receipt.malformed)}"
            )
        case .failure: return later(503, Self.fullPause, "the records cannot be stored now")
        }
    }

    private func enter() -> Bool {
        inWork.withLock { count in
            guard count < config.requestsMax else { return false }
            count += 1
            return true
        }
    }

    private func body(of request: HTTPRequest) throws -> [UInt8] {
        guard request.body.count <= config.bodyBytesMax else {
            throw BodyRefusal(status: 413, reason: "the body is larger than \(config.bodyBytesMax) bytes")
        }
        let plain = try PushedBody.inflated(request.body, bytesMax: config.inflatedBytesMax)
        switch config.format {
        case .json: return plain
        case .webhook(let headers): return try PushedBody.webhook(plain, headers, of: request)
        case .oktaHook: return try PushedBody.oktaEvents(plain)
        case .hec:
            if hecPath(request) == .event { return try HECIntake.records(in: plain) }
            guard plain.contains(where: { $0 > 0x20 }) else { throw HECIntake.Answer.noData }
            return plain
        }
    }

    /// Waits for the page to be durable, but not longer than whoever sent it would.
    private func deliver(_ page: RawPage) async -> Result<PageReceipt, Fault> {
        let deadline = time.now + config.patience
        return await withTaskGroup(of: Result<PageReceipt, Fault>?.self) { group in
            group.addTask {
                do throws(Fault) { return .success(try await self.sink.deliver(page)) } catch {
                    return .failure(error)
                }
            }
            group.addTask {
                try? await self.time.sleep(until: deadline)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            // A page whose time is over may have become durable in the last moment.
            while let other = await group.next() { if first == nil, let other { return other } }
            return first ?? .failure(Fault(.cancelled, "stopped"))
        }
    }

    private func later(_ status: Int, _ seconds: String, _ reason: String) -> HTTPResponse {
        var response = config.format == .hec ? HECIntake.Answer.busy.response : Self.say(status, reason)
        response.headers["Retry-After"] = seconds
        return response
    }

    private static func unauthorized(_ auth: InboundAuth) -> HTTPResponse {
        var response = say(401, "not authorized")
        switch auth {
        case .bearer: response.headers["WWW-Authenticate"] = "Bearer"
        case .basic: response.headers["WWW-Authenticate"] = "Basic realm=\"martlet\""
        default: break
        }
        return response
    }

    package static func say(_ status: Int, _ reason: String) -> HTTPResponse {
        json(status, "{\"error\":\(quoted(reason))}")
    }

    private static func json(_ status: Int, _ text: String) -> HTTPResponse {
        HTTPResponse(
            status: status, headers: ["Content-Type": "application/json"], body: Array("\(text)\n".utf8))
    }
}
