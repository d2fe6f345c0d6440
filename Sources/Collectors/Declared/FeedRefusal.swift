import Credentials
import Engine
import Ports

/// What a vendor's answer says when it is not what was asked for.
enum FeedRefusal: Sendable {
    /// Asked too often; not before this time.
    case throttled(until: Timestamp)
    case redirect(String)
    /// The cursor is no longer known.
    case expired(String)
    /// Credentials or permissions.
    case denied(String)
    /// Made already, or otherwise as good as done.
    case accepted
    case other(status: Int, String)

    /// Longer waits are cut: nobody stops a feed for a day with a header.
    static let waitMax = Duration.minutes(75)
    /// How much of a body is looked at and shown.
    static let bodyBytesMax = 16 << 10

    /// `nil` for an answer that is none.
    init?(_ response: HTTPResponse, _ declaration: FeedProtocol, at now: Timestamp) {
        guard !(200..<300).contains(response.status) else { return nil }
        let text = Self.text(of: response)
        if (300..<400).contains(response.status), let location = response.headers["Location"] {
            self = .redirect(location)
        } else if let wait = declaration.throttle.stated(by: response, at: now) {
            self = .throttled(until: now + min(max(wait, .zero), Self.waitMax))
        } else if declaration.expired.contains(where: { Int($0) == response.status || text.contains($0) }) {
            self = .expired("HTTP \(response.status): \(text)")
        } else if declaration.before.accept.contains(where: { text.contains($0) }) {
            self = .accepted
        } else if response.status == 401 || response.status == 403 {
            self = .denied("HTTP \(response.status): \(text)")
        } else {
            self = .other(status: response.status, text)
        }
    }

    /// What the vendor says, in whichever of the usual places; for messages, never for decisions but by its codes.
    static func text(of response: HTTPResponse) -> String {
        let body = Array(response.body.prefix(bodyBytesMax))
        guard let json = JSONValue(json: body) else {
            let plain = String(decoding: body.prefix(300), as: UTF8.self)
            return String(plain.unicodeScalars.map { $0.value < 0x20 ? " " : Character($0) })
        }
        let error = json["error"] ?? json
        var parts: [String] = []
        for name in ["code", "errorCode", "status", "error", "error_code", "reason"] {
            if let value = error[name]?.string ?? error[name]?.integer.map(String.init) {
                parts.append(value)
            }
        }
        // Google's and Okta's lists of reasons.
        for item in (error["errors"] ?? error["details"])?.array ?? [] {
            if let reason = item["reason"]?.string { parts.append(reason) }
        }
        if let text = error.string { parts.append(text) }
        for name in ["message", "errorSummary", "error_description", "detail", "title"] {
            if let value = (error[name] ?? json[name])?.string { parts.append(value) }
        }
        return String(parts.joined(separator: ": ").prefix(500))
    }
}

extension FeedThrottle {
    /// How long to wait, where the answer is a refusal that will pass and says when.
    func stated(by response: HTTPResponse, at now: Timestamp) -> Duration? {
        guard isThrottle(response) || [502, 503, 504].contains(response.status) else { return nil }
        let theirs = response.headers["Date"].flatMap { Timestamp(httpDate: $0) } ?? now
        if let text = response.headers["Retry-After"] {
            if let seconds = Double(text), seconds >= 0, seconds < 1e6 { return .seconds(seconds) }
            if let time = Timestamp(httpDate: text) { return time - theirs }
        }
        guard isThrottle(response), let resetHeader,
            let reset = response.headers[resetHeader].flatMap({ Int64($0) })
        else { return nil }
        // A second more: the header has whole ones.
        return Timestamp(seconds: reset) - theirs + .seconds(1)
    }

    /// Whether an answer says that it is asked too often.
    func isThrottle(_ response: HTTPResponse) -> Bool {
        if response.status == 429 { return true }
        guard (400..<500).contains(response.status) else { return false }
        if response.status == 403, response.headers["Retry-After"] != nil { return true }
        if let remainingHeader, response.headers[remainingHeader] == "0" { return true }
        guard !codes.isEmpty else { return false }
        let text = FeedRefusal.text(of: response)
        return codes.contains { text.contains($0) }
    }

    /// What the caller waits out by itself: refusals that will pass and do not say when.
    var rule: RetryRule {
        RetryRule { response in
            // A time that is stated is waited for exactly, by whoever knows the time.
            if stated(by: response, at: .epoch) != nil { return .answer }
            if isThrottle(response) {
                return .retry("HTTP \(response.status)", isThrottle: true, notBefore: nil)
            }
            guard [408, 500, 502, 503, 504, 509].contains(response.status) else { return .answer }
            return .retry("HTTP \(response.status)", isThrottle: false, notBefore: nil)
        }
    }
}
