import Credentials
import Engine
import Ports

/// One account and region that LookupEvents is asked about.
struct LookupStream: Sendable {
    struct Window: Sendable {
        var start: Timestamp
        var end: Timestamp
        /// Whether it reaches up to the present.
        var isLast: Bool
        /// What time it was at AWS, as far as was known when it was framed.
        var framedAt: Timestamp
        /// Events that AWS no longer has, if it is framed well.
        var gap: Range<Timestamp>?
        /// Whether an answer has shown that it is.
        var isSettled = false
        /// What time it was at AWS when it was first answered, where the answer says it.
        var answeredAt: Timestamp?
        var token: String?
    }

    var name: String
    var region: String
    var url: String
    var signer: AWSSigner
    /// Everything before is delivered.
    var mark: Timestamp?
    /// The newest event delivered, and the newest read.
    var newest: Timestamp?
    var read: Timestamp?
    var vendorTime = VendorTime()
    /// Whether the window that is about to begin takes the place of one that a wrong clock had framed.
    var isFramedAnew = false
    var window: Window?
    var closesAsLast = false
    /// When to look for newer events; `nil` while there is more to read now.
    var nextLook: Timestamp?
    var nextRequest = Timestamp.distantPast
    /// Whether a request is under way or its page not yet delivered.
    var isBusy = false
    var notes: [(severity: HealthNote.Severity, code: String, text: String)] = []
    var seen = RecentSet<String>(capacity: LookupCollector.identifiersMax)

    init(name: String, region: String, url: String, signer: AWSSigner, mark: Timestamp?, newest: Timestamp?) {
        self.name = name
        self.region = region
        self.url = url
        self.signer = signer
        self.mark = mark
        self.newest = newest
        read = newest
    }

    func isReady(at now: Timestamp, _ interval: Duration) -> Bool {
        !isBusy && (nextLook.map { $0.isDue(at: now, within: interval) } ?? true)
    }

    // MARK: Windows

    /// Begins a window, framed by AWS's clock as far as it is known.
    mutating func open(_ config: LookupCollector.Config, at ours: Timestamp) {
        let now = vendorTime.now(at: ours)
        bringBack(config, at: now)
        let oldest = now - LookupCollector.reach
        var start = mark ?? config.since ?? oldest
        var gap: Range<Timestamp>?
        if start < oldest {
            if mark != nil { gap = start..<oldest }
            start = oldest
        }
        start = min(start, now)
        // A window no longer than the overlap would end where it began.
        let end = start + max(config.window, config.overlap * 2)
        window = Window(start: start, end: min(now, end), isLast: end >= now, framedAt: now, gap: gap)
        nextLook = nil
    }

    /// A position in the future of AWS was put there by a clock that was ahead: it is brought back to what is known to be
    /// read.
    private mutating func bringBack(_ config: LookupCollector.Config, at now: Timestamp) {
        guard vendorTime.isKnown, let mark, mark > now else { return }
        let back =
            newest.map { min($0, now) - config.overlap } ?? config.since
            ?? now - LookupCollector.bringsBack
        guard back < mark else { return }
        notes.append(
            (
                .problem, "position-ahead",
                "the position \(mark.iso8601) is later than it is at AWS: a clock was ahead; it is read again from "
                    + back.iso8601
            ))
        self.mark = back
    }

    /// Learns from an answer what time it is at AWS; `true` where the window has to be framed anew, since its first answer
    /// shows that it was framed by a wrong clock. Then nothing of the answer is used.
    mutating func isFramedAnew(by response: HTTPResponse, at now: Timestamp) -> Bool {
        let theirs = VendorTime.stated(by: response)
        if let theirs { vendorTime.learn(from: theirs, at: now) }
        if let note = vendorTime.takeNote() { notes.append((.warning, "clock-off", note)) }
        guard let window, !window.isSettled else { return false }
        if let theirs, !isFramedAnew,
            VendorTime.isFar(theirs - window.framedAt) || mark.map({ $0 > theirs }) ?? false
        {
            isFramedAnew = true
            self.window = nil
            return true
        }
        isFramedAnew = false
        self.window?.isSettled = true
        self.window?.answeredAt = theirs
        if let gap = window.gap {
            notes.append(
                (
                    .problem, "log-gap",
                    "LookupEvents no longer has the events from \(gap.lowerBound.iso8601) to "
                        + "\(gap.upperBound.iso8601): read them from the trail's bucket"
                ))
        }
        return false
    }

    /// Where the stream stands once its window, which was read to its oldest event, is durable: what is older than the
    /// overlap will not grow any more, as of when the window was first answered; or as of the newest event, where the
    /// answers do not say the time.
    func settled(_ window: Window, _ overlap: Duration) -> Timestamp {
        let witnessed = window.answeredAt ?? read ?? window.start
        return max(mark ?? window.start, min(window.end, witnessed - overlap))
    }
}
