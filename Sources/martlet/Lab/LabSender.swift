import Codecs
import Credentials
import Engine
import Pipeline
import Ports
import Simulation
import Synchronization

/// Somebody who pushes records, and sends again what was not answered with 200.
final class LabSender: Sendable {
    struct Body: Sendable {
        var at: Timestamp
        var number: Int
        var records: [[UInt8]]
    }

    /// How often an answer is lost on its way.
    private static let lost = 0.1

    private let config: PushCollectorConfig
    private let bodies: [Body]
    private let done = Mutex(0)

    init(_ config: PushCollectorConfig, bodies: [Body]) {
        self.config = config
        self.bodies = bodies
    }

    var isDone: Bool { done.withLock { $0 } == bodies.count }

    /// Sends what is due, in its order, until cancelled or nothing is left.
    func run(to handlers: @Sendable () -> [any RequestHandler], in world: Simulation, losing: Bool) async {
        while !Task.isCancelled {
            let next = done.withLock { $0 }
            guard next < bodies.count else { return }
            do throws(CancellationError) {
                try await world.sleep(until: max(bodies[next].at, world.now + .milliseconds(200)))
            } catch {
                return
            }
            let request = request(bodies[next], at: world.now)
            let status = await send(request, to: handlers())
            if Task.isCancelled { return }
            if status == 200, !losing || !world.chance(Self.lost) {
                done.withLock { $0 = next + 1 }
            } else {
                try? await world.sleep(until: world.now + .seconds(1))
            }
        }
    }

    private func send(_ request: HTTPRequest, to handlers: [any RequestHandler]) async -> Int {
        for handler in handlers {
            if let refusal = handler.refusal(of: request) {
                if refusal.status == 404 { continue }
                return refusal.status
            }
            return await handler.answer(request).status
        }
        return 503
    }

    // MARK: Requests

    private func request(_ body: Body, at now: Timestamp) -> HTTPRequest {
        let text: [UInt8]
        var path = config.path
        switch config.format {
        case .json: text = Array(body.records.joined(separator: [0x0A]))
        case .webhook: text = body.records[0]
        case .hec:
            path = (path == "/" ? "" : path) + "/services/collector/event"
            text = Array(
                body.records.map { Array("{\"time\":\(now.seconds),\"event\":".utf8) + $0 + [0x7D] }.joined(
                    separator: [0x0A]))
        case .oktaHook:
            text =
                Array("{\"data\":{\"events\":[".utf8) + Array(body.records.joined(separator: [0x2C]))
                + Array("]}}".utf8)
        }
        var request = HTTPRequest(
            .POST, path, headers: ["Content-Type": "application/json"], body: text)
        // A webhook's headers are part of its record, and tell deliveries apart.
        for name in config.headers { request.headers[name] = "lab-\(body.number)" }
        prove(&request, body, at: now)
        return request
    }

    private func prove(_ request: inout HTTPRequest, _ body: Body, at now: Timestamp) {
        switch config.auth {
        case .bearer(let config): request.headers["Authorization"] = "Bearer \(config.token.revealed)"
        case .basic(let config):
            let pair = Array("\(config.user):\(config.password.revealed)".utf8)
            request.headers["Authorization"] = "Basic \(Base64.encode(pair))"
        case .header(let config): request.headers[config.header] = config.value.revealed
        case .hecToken(let config): request.headers["Authorization"] = "Splunk \(config.token.revealed)"
        case .hmac(let config): sign(&request, config, body, at: now)
        case .certificate(let config): request.sender = config.names.first ?? "a sender of the lab"
        case nil: break
        }
    }

    private func sign(
        _ request: inout HTTPRequest, _ config: InboundHMACConfig, _ body: Body, at now: Timestamp
    ) {
        let key = Array(config.secret.revealed.utf8)
        switch config.scheme {
        case .github: request.headers["X-Hub-Signature-256"] = "sha256=\(tag(request.body, key))"
        case .body: request.headers[config.header ?? "X-Signature-256"] = tag(request.body, key)
        case .timestamped:
            request.headers[config.timestampHeader] = "\(now.seconds)"
            let signed = config.signs.replacing("{timestamp}", with: "\(now.seconds)").replacing(
                "{body}", with: String(decoding: request.body, as: UTF8.self))
            request.headers[config.header ?? "X-Signature"] = tag(Array(signed.utf8), key)
        case .standardWebhooks:
            let id = "msg-\(body.number)"
            request.headers["webhook-id"] = id
            request.headers["webhook-timestamp"] = "\(now.seconds)"
            let text = config.secret.revealed
            let encoded = text.hasPrefix("whsec_") ? String(text.dropFirst(6)) : text
            let digest = Digest.hmacSHA256(
                Array("\(id).\(now.seconds).".utf8) + request.body, key: Base64.decode(encoded) ?? key)
            request.headers["webhook-signature"] = "v1,\(Base64.encode(digest))"
        }
    }

    private func tag(_ bytes: [UInt8], _ key: [UInt8]) -> String {
        Hex.encode(Digest.hmacSHA256(bytes, key: key))
    }
}
