package import Engine

/// How a running pipeline stands at one moment: what progress lines, metrics and health checks are made from.
package struct RunSnapshot: Sendable, Hashable {
    /// How one part fares.
    package enum Condition: Sendable, Hashable {
        case starting
        case running
        /// It goes on trying; why it does not get on.
        case struggling(String)
        /// A person must act before it gets on.
        case stopped(String)
        case finished

        /// For metrics and JSON.
        package var name: String {
            switch self {
            case .starting: "starting"
            case .running: "running"
            case .struggling: "struggling"
            case .stopped: "stopped"
            case .finished: "finished"
            }
        }

        package var reason: String? {
            switch self {
            case .struggling(let reason), .stopped(let reason): reason
            default: nil
            }
        }
    }

    package struct Collector: Sendable, Hashable {
        package var name: String
        package var feed: String
        package var condition = Condition.starting
        package var listed = 0
        package var fetched = 0
        package var records = 0
        package var malformed = 0
        package var duplicate = 0
        package var filtered = 0
        package var events = 0
        /// What it could not read and a person should look after: a folder without permission, an object denied.
        package var problems = 0
        /// When its last page was durable.
        package var lastPage: Timestamp?

        package init(name: String, feed: String) {
            self.name = name
            self.feed = feed
        }
    }

    package struct Exporter: Sendable, Hashable {
        package var name: String
        package var kind: String
        package var condition = Condition.starting
        package var queued = 0
        package var accepted = 0
        package var refused = 0
        package var resent = 0
        /// Events on disk that the receiver does not have yet.
        package var pending = 0
        /// Bytes of them.
        package var pendingBytes: Int64 = 0
        package var spoolBytesMax: Int64 = 0
        /// Requests under way, how many may be as of now, and rows that a batch may have as of now.
        package var inFlight = 0
        package var concurrency = 0
        package var batchRows = 0
        /// Answers that asked for less.
        package var throttled = 0

        package init(name: String, kind: String) {
            self.name = name
            self.kind = kind
        }
    }

    package var pipeline: String
    package var startedAt: Timestamp
    package var collectors: [Collector] = []
    package var exporters: [Exporter] = []
    package var findings = 0
    /// What was refused and is kept: bytes, and how many they may be.
    package var deadLetterBytes: Int64 = 0
    package var deadLetterBytesMax: Int64 = 0
    package var isStopping = false

    package init(pipeline: String, startedAt: Timestamp) {
        self.pipeline = pipeline
        self.startedAt = startedAt
    }

    package var records: Int { collectors.reduce(0) { $0 + $1.records } }
    package var events: Int { collectors.reduce(0) { $0 + $1.events } }
    package var accepted: Int { exporters.reduce(0) { $0 + $1.accepted } }
    package var pending: Int { exporters.reduce(0) { $0 + $1.pending } }
}
