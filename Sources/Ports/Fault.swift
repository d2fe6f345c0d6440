package import Engine

/// What went wrong at a door, sorted by what the caller does about it.
package struct Fault: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Kind: Hashable, Sendable {
        /// Back off with jitter and try again.
        case transient
        /// Wait exactly until this time.
        case throttled(until: Timestamp)
        /// Credentials or permissions are wrong: stop this feed, say so, let the rest run on.
        case denied
        /// The data cannot be read: dead letter, then go on.
        case malformed
        /// These rows of the batch will never be accepted: dead letter. Empty means the whole batch.
        case rejected(rows: [Int])
        case cancelled
    }

    package var kind: Kind
    /// What is wrong, where, and what to do; never a secret.
    package var message: String
    /// False where the other side has certainly not seen the request: no such host, connection refused. What was
    /// perhaps seen counts as perhaps accepted.
    package var mayHaveArrived = true

    package init(_ kind: Kind, _ message: String, mayHaveArrived: Bool = true) {
        self.kind = kind
        self.message = message
        self.mayHaveArrived = mayHaveArrived
    }

    package var description: String { message }
}
