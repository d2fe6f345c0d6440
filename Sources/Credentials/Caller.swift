import Engine
package import Ports

/// How one vendor's answers say "try again".
package struct RetryRule: Sendable {
    package enum Reading: Hashable, Sendable {
        /// Final, whatever its status.
        case answer
        /// The same request may fare better after a while, and not before the vendor's own delay where it gave one.
        case retry(String, isThrottle: Bool, notBefore: Duration?)
    }

    package var read: @Sendable (HTTPResponse) -> Reading

    package init(_ read: @escaping @Sendable (HTTPResponse) -> Reading) { self.read = read }

    /// 429 and 5xx, with `Retry-After` in seconds.
    package static let http = RetryRule { response in
        guard response.status == 429 || [500, 502, 503, 504].contains(response.status) else { return .answer }
        let least = response.headers["Retry-After"].flatMap(Double.init)
        return .retry(
            "HTTP \(response.status)", isThrottle: response.status == 429,
            notBefore: least.map { .seconds(min(max($0, 0), 3_600)) })
    }
}

/// Sends one request until an answer is final: authorizes, backs off with full jitter, learns from refusals.
package struct Caller: Sendable {
    /// The longest pause between two tries.
    static let pauseMax = Duration.seconds(20)
    static let throttlePause = Duration.seconds(1)
    static let errorPause = Duration.milliseconds(50)
    /// How often one request is sent again at once because its authorizer has learned something.
    static let lessonsMax = 3

    package let transport: any Transport
    package let time: any TimeSource
    package let entropy: any Entropy

    package init(transport: any Transport, time: any TimeSource, entropy: any Entropy) {
        self.transport = transport
        self.time = time
        self.entropy = entropy
    }

    package init(_ doors: Doors) {
        self.init(transport: doors.transport, time: doors.time, entropy: doors.entropy)
    }

    /// The final answer; a `transient` fault that says what came last where `attempts` tries brought none.
    package func send(
        _ request: HTTPRequest, authorizer: any Authorizer = Anonymous(), rule: RetryRule, attempts: Int
    ) async throws(Fault) -> HTTPResponse {
        var tries = 0
        var lessons = 0
        while true {
            let pause: Duration
            let reason: String
            do throws(Fault) {
                let sent = try await authorizer.authorize(request)
                let response = try await transport.send(sent)
                if response.status >= 400, lessons < Self.lessonsMax,
                    await authorizer.learn(from: response, to: sent)
                {
                    lessons += 1
                    continue
                }
                guard case .retry(let why, let isThrottle, let least) = rule.read(response) else {
                    return response
                }
                pause = max(
                    least ?? .zero, jittered(isThrottle ? Self.throttlePause : Self.errorPause, after: tries))
                reason = why
            } catch {
                guard error.kind == .transient else { throw error }
                pause = jittered(Self.errorPause, after: tries)
                reason = error.message
            }
            tries += 1
            guard tries < attempts else {
                throw Fault(.transient, "\(Self.place(request)): \(reason) (after \(tries) tries)")
            }
            do { try await time.sleep(until: time.now + pause) } catch { throw Fault(.cancelled, "stopped") }
        }
    }

    private func jittered(_ base: Duration, after tries: Int) -> Duration {
        min(base * (1 << min(tries, 12)), Self.pauseMax) * entropy.fraction()
    }

    /// The request without its query, which may hold what is not for the log.
    static func place(_ request: HTTPRequest) -> String {
        "\(request.method.rawValue) \(request.url.prefix { $0 != "?" })"
    }
}
