import Engine

/// When a queue is asked again: at once while it has something new, a little later where it had waited for nothing, and
/// after twice as long each time where it answers at once though there is nothing.
struct LongPollPace: Sendable {
    /// Between an empty answer that was waited for and the next question.
    static let quietPause = Duration.milliseconds(500)

    /// How long the queue is asked to wait.
    let wait: Duration
    /// Not asked before.
    private(set) var next = Timestamp.distantPast
    private var pause = quietPause

    init(wait: Duration) { self.wait = wait }

    /// - Parameter asked: when the question was put; a retried one seems to have waited, which only shortens the pause.
    mutating func answered(isNew: Bool, asked: Timestamp?, at now: Timestamp) {
        let hasWaited = now - (asked ?? now) >= wait / 2
        if isNew || hasWaited {
            pause = Self.quietPause
            next = isNew ? now : now + Self.quietPause
        } else {
            next = now + pause
            pause = min(pause * 2, max(wait, Self.quietPause))
        }
    }
}
