package import Engine

/// A wait for a moment of a clock that may be set meanwhile.
///
/// It ends when the clock reaches the moment, or when it has lasted as long as it was to last when it began: a clock that
/// is set back makes nobody wait longer.
package struct ClockWait: Sendable {
    /// The clock is looked at again at least this often.
    package static let stepMax = Duration.seconds(30)

    private let deadline: Timestamp
    private let span: Duration

    package init(until deadline: Timestamp, at now: Timestamp) {
        self.deadline = deadline
        span = deadline - now
    }

    /// How long to sleep before it is looked at again; `nil` when the wait is over.
    ///
    /// - Parameter elapsed: since the wait began, by a clock that nobody sets.
    package func next(at now: Timestamp, elapsed: Duration) -> Duration? {
        let left = min(deadline - now, span - elapsed, Self.stepMax)
        return left > .zero ? left : nil
    }
}
