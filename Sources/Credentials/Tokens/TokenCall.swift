import Engine
import Ports
import Synchronization

/// A clock that learns how far ours is from the other side's, for the times inside signed tokens.
final class VendorClock: Sendable {
    /// A difference that is worth a correction: a signature dated this far in the future is refused by some.
    private static let skewMin = Duration.seconds(30)

    private let time: any TimeSource
    /// What the vendor's clock shows less what ours does.
    private let offset = Mutex(Duration.zero)

    init(_ time: any TimeSource) { self.time = time }

    var now: Timestamp { time.now + offset.withLock { $0 } }

    /// Takes over the time an answer carries; `true` where that changes what we would say.
    func learn(from response: HTTPResponse) -> Bool {
        guard let theirs = response.headers["Date"].flatMap(Timestamp.init(httpDate:)) else { return false }
        let skew = theirs - time.now
        return offset.withLock { offset in
            let difference = skew - offset
            guard difference > Self.skewMin || difference < .zero - Self.skewMin else { return false }
            offset = skew
            return true
        }
    }
}

/// One exchange with whoever issues tokens. What proves who we are is made anew for each try, so that nothing that is
/// good for one use is sent twice, and what the answer teaches (a clock, a nonce) goes into the next.
struct TokenCall: Authorizer {
    /// Tries before a token endpoint that does not answer is given up.
    static let attempts = 5
    static let answerBytesMax = 1 << 20

    private(set) var request: HTTPRequest
    let clock: VendorClock
    /// What is being done, for a person: `getting a token for …`.
    let action: String
    /// Texts that no message may carry.
    let secrets: [Secret]
    var proofs: DPoPProofs?
    var rule = RetryRule.http
    /// A header by which the answer shows that it is from the right server.
    var mustCarry: (name: String, value: String)?
    /// Puts on the request what proves who we are, as of a time of the other side's clock.
    let prove: @Sendable (inout HTTPRequest, Timestamp) async throws(Fault) -> Void

    init(
        _ request: HTTPRequest, clock: VendorClock, action: String, secrets: [Secret],
        prove: @escaping @Sendable (inout HTTPRequest, Timestamp) async throws(Fault) -> Void
    ) {
        var request = request
        request.timeout = .seconds(30)
        request.responseBytesMax = Self.answerBytesMax
        self.request = request
        self.clock = clock
        self.action = action
        self.secrets = secrets
        self.prove = prove
    }

    /// A POST of form fields that are made anew for each try.
    init(
        form url: String, clock: VendorClock, action: String, secrets: [Secret],
        fields: @escaping @Sendable (Timestamp) async throws(Fault) -> [(String, String)]
    ) {
        self.init(
            HTTPRequest(
                .POST, url,
                headers: [
                    "Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json",
                ]),
            clock: clock, action: action, secrets: secrets
        ) { request, now throws(Fault) in
            request.body = Array(form(try await fields(now)).utf8)
        }
    }

    /// For a server on this machine, which answers at once or is not there.
    mutating func hurry() { request.timeout = .seconds(5) }

    /// For a server whose certificate no authority vouches for.
    mutating func trustOnly(_ thumbprint: String) { request.thumbprint = thumbprint }

    mutating func setHeader(_ name: String, _ value: String) { request.headers[name] = value }

    func authorize(_ request: HTTPRequest) async throws(Fault) -> HTTPRequest {
        var proved = request
        try await prove(&proved, clock.now)
        proofs?.attach(to: &proved, at: clock.now)
        return proved
    }

    func learn(from response: HTTPResponse, to request: HTTPRequest) async -> Bool {
        if let proofs, proofs.learn(from: response, to: request) { return true }
        return [400, 401].contains(response.status) && clock.learn(from: response)
    }

    /// The answer's JSON; `denied` with the issuer's reason where it refuses.
    func json(_ caller: Caller) async throws(Fault) -> JSONValue {
        let response: HTTPResponse
        do throws(Fault) {
            response = try await caller.send(request, authorizer: self, rule: rule, attempts: Self.attempts)
        } catch {
            throw Fault(
                error.kind, "\(action): \(clean(error.message))", mayHaveArrived: error.mayHaveArrived)
        }
        if let mustCarry, response.headers[mustCarry.name] != mustCarry.value {
            throw Fault(.denied, "\(action): the answer does not carry \(mustCarry.name): \(mustCarry.value)")
        }
        if let error = VendorError(response) {
            let isPassing = error.code == "temporarily_unavailable" || error.code == "server_error"
            throw Fault(isPassing ? .transient : .denied, "\(action): \(clean(error.text))")
        }
        guard (200...299).contains(response.status), let json = JSONValue(json: response.body) else {
            throw Fault(.transient, "\(action): HTTP \(response.status) without JSON")
        }
        return json
    }

    /// The token of an OAuth answer.
    func token(_ caller: Caller) async throws(Fault) -> AccessToken {
        let json = try await json(caller)
        guard let text = json["access_token"]?.string, !text.isEmpty else {
            throw Fault(.transient, "\(action): the answer holds no token")
        }
        var token = AccessToken(Secret(text), expiration: Self.expiration(json, now: caller.time.now))
        token.isBound = json["token_type"]?.string?.lowercased() == "dpop"
        return token
    }

    /// `expires_in`, else `expires_on`: both come as numbers and as texts.
    private static func expiration(_ json: JSONValue, now: Timestamp) -> Timestamp? {
        func seconds(_ name: String) -> Int64? {
            json[name]?.integer ?? json[name]?.string.flatMap { Int64($0) }
        }
        if let lifetime = seconds("expires_in") {
            return now + .seconds(min(max(lifetime, 0), 31_536_000))
        }
        return seconds("expires_on").map { Timestamp(seconds: $0) }
    }

    /// A text from the other side without what it may repeat of ours: secrets, and anything like a JSON Web Token.
    private func clean(_ text: String) -> String {
        var clean = text
        for secret in secrets where !secret.isEmpty {
            clean = clean.replacing(secret.revealed, with: "<redacted>")
        }
        guard clean.contains("eyJ") else { return clean }
        return clean.split(separator: " ", omittingEmptySubsequences: false).map {
            $0.contains("eyJ") && $0.count > 40 ? "<redacted>" : $0
        }.joined(separator: " ")
    }
}
