package import Credentials
package import Engine
package import Ports

/// Something a collector wants done in the world, under a number of its own choosing.
package struct Call: Sendable {
    package enum Operation: Sendable {
        case http(HTTPRequest, authorizer: any Authorizer, rule: RetryRule)
        case list(folder: String)
        case entry(path: String)
        case read(path: String, range: Range<Int64>)
        case look(any MessageStream, messagesMax: Int, bytesMax: Int, wait: Duration)
        case commit(any MessageStream, [StreamPartition: Int64])
    }

    package var id: Int
    package var operation: Operation
    /// Not started before this time: how a vendor's request rate is kept.
    package var notBefore: Timestamp?
    /// Whether the feed makes no sense without it. Such a call is tried until it gets an answer (or until a run
    /// that must end gives up), and a refusal stops the feed; any other call's failure is handed to the collector,
    /// as is an answer that can never be read (too large, not HTTP).
    package var isEssential: Bool

    package init(_ id: Int, _ operation: Operation, notBefore: Timestamp? = nil, isEssential: Bool = true) {
        self.id = id
        self.operation = operation
        self.notBefore = notBefore
        self.isEssential = isEssential
    }
}

/// What became of a call.
package enum Reply: Sendable {
    case answer(HTTPResponse)
    case entries([FileEntry])
    case entry(FileEntry?)
    case bytes([UInt8])
    case messages(StreamBatch)
    case committed
    case failed(Fault)

    /// The HTTP answer, or why there is none.
    func answer() throws(Fault) -> HTTPResponse {
        switch self {
        case .answer(let response): return response
        case .failed(let fault): throw fault
        case .entries, .entry, .bytes, .messages, .committed:
            throw Fault(.malformed, "the answer to another question")
        }
    }
}

/// What a collector does next: a value, so that whoever carries it out can be a test.
package enum Step: Sendable {
    /// To be started now; its reply may come after those of later calls.
    case call(Call)
    /// To be made durable now. A collector gives one page at a time and goes on when it is told of its delivery.
    ///
    /// `rests` says, by the object's place in the page, where the bytes behind its first piece come from.
    case deliver(RawPage, rests: [Int: ObjectRest] = [:])
    case report(HealthNote)
    /// Nothing to begin before `until`, or before a reply or a delivery where that is `nil`.
    ///
    /// `isCaughtUp` says that everything the vendor had at the last look is delivered.
    case wait(until: Timestamp?, isCaughtUp: Bool)
}

/// How a collector's life is meant to end.
package enum RunMode: Hashable, Sendable {
    case continuous
    /// Ends when caught up.
    case once
}

/// One feed's protocol as a state machine: it says which step comes next and reads what came of it.
///
/// It cannot lose a position, wait or retry, since nothing it is given can do so; see `Poller`.
package protocol Collector: Sendable {
    /// `aws.cloudtrail`, or `auto`.
    var feed: String { get }
    /// The collector's name in the pipeline file; positions are kept under it.
    var source: String { get }
    /// Begins where the last durable page left off; `nil` is a first start.
    ///
    /// A position this version cannot read is `denied`, since beginning anew would deliver everything again.
    mutating func resume(from position: [UInt8]?, mode: RunMode, at now: Timestamp) throws(Fault)
    mutating func next(at now: Timestamp) -> Step
    /// A `transient` fault has the same call made again after a pause; `denied` stops the feed.
    mutating func take(_ reply: Reply, to id: Int, at now: Timestamp) throws(Fault)
    /// The page last given is durable, and its position with it.
    mutating func delivered(_ receipt: PageReceipt, at now: Timestamp)
}
