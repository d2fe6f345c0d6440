import Engine
import Ports

extension HTTPResponse {
    /// When `Retry-After` allows the next try: whole seconds, or a date in HTTP's own form. Never further than
    /// `retryAfterMax`, so that no receiver can put us to sleep for good.
    func retryTime(after now: Timestamp) -> Timestamp? {
        guard let text = headers["Retry-After"]?.trimmed else { return nil }
        let latest = now + .seconds(Self.retryAfterMaxSeconds)
        if let seconds = Int(text) {
            return seconds < 0 ? nil : min(latest, now + .seconds(min(seconds, Self.retryAfterMaxSeconds)))
        }
        // Sun, 06 Nov 1994 08:49:37 GMT
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT",
            let month = Self.months.firstIndex(of: String(parts[2]))
        else { return nil }
        let number = month < 9 ? "0\(month + 1)" : "\(month + 1)"
        return Timestamp(iso8601: "\(parts[3])-\(number)-\(parts[1])T\(parts[4])Z").map {
            min(latest, max(now, $0))
        }
    }

    /// What a proxy in front of the receiver has against our connection, in its own words; `nil` where it says nothing of
    /// the kind.
    ///
    /// nginx asks for certificates after the handshake and says with status 400, and a page of its own, that one is
    /// missing or not its authority's. From a receiver that status is about the events; this is about us.
    package var connectionRefusal: String? {
        guard status == 400 else { return nil }
        return Self.refusals.first { body.firstRange(of: Array("<title>400 \($0)</title>".utf8)) != nil }
    }

    private static let refusals = [
        "No required SSL certificate was sent", "The SSL certificate error",
        "The plain HTTP request was sent to HTTPS port", "Request Header Or Cookie Too Large",
    ]
    private static let retryAfterMaxSeconds = 3_600
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// The beginning of the body, fit for a message: printable, one line.
    var excerpt: String {
        let text = String(decoding: body.prefix(200), as: UTF8.self)
        return String(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7f ? " " : Character($0) })
            .trimmed
    }
}

extension String {
    fileprivate var trimmed: String {
        var text = self[...]
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
