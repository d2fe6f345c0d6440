package import Engine
package import Ports

/// What a receiver's answer means for the batch it was sent.
package enum Verdict: Hashable, Sendable {
    /// Every row is the receiver's now.
    case accepted
    /// Nothing is known to be accepted: the same batch again, at the earliest then (`nil`: back off with jitter).
    case retry(after: Timestamp?)
    /// These rows will never be accepted; all the others were.
    case rejected(rows: [Int], reason: String)
    /// The rows before this one were accepted, this one never will be, those after it were not looked at.
    case stopped(atRow: Int, reason: String)
    /// Judged row by row: `refused` never will be accepted and why, `again` are to be sent once more (at the earliest
    /// then; `nil`: back off with jitter), and all the others are accepted.
    case partial(refused: [Int: String], again: [Int], after: Timestamp?)
    /// Received but not yet durable over there: ask for this acknowledgement before counting it.
    case awaiting(acknowledgement: String)
    /// Nothing was accepted because it was too much at once: again in two halves. A single row that is too large
    /// goes to the dead letter.
    case tooLarge(reason: String)
    /// Credentials or address are wrong: no batch will fare better until a person mends it. Kept and tried slowly.
    case denied(reason: String)
}

/// One kind of receiver: batch → request, response → verdict. It never waits, retries or counts.
package protocol Exporter: Sendable {
    static var name: String { get }
    /// Appends the batch in the receiver's form.
    func encode(_ batch: borrowing EventBatch, into body: inout [UInt8])
    /// The request for one encoded batch, compressed here where that is asked for; `batchID` is the same at
    /// every try.
    func request(carrying body: consuming [UInt8], batchID: String) -> HTTPRequest
    func verdict(on response: HTTPResponse, rows: Int, now: Timestamp) -> Verdict

    /// Rows that the receiver can never take, known before anything is sent: too large for it, not in its form.
    func unsendable(in batch: borrowing EventBatch) -> [Int: String]
    /// Whether a body may be a frame's text as the spool has it: an event a line, in zstd.
    var takesPackedText: Bool { get }
    /// `request(carrying:batchID:)` for such a text.
    func request(carryingPacked text: consuming [UInt8], batchID: String) -> HTTPRequest
    /// Bytes of an encoded batch, before compression, that the receiver takes at once.
    var bodyBytesMax: Int { get }

    /// Asks which of these acknowledgements are durable by now; `nil` where the receiver gives none.
    func acknowledgementRequest(for ids: [String]) -> HTTPRequest?
    /// Those of `ids` that the answer confirms.
    func acknowledged(_ ids: [String], by response: HTTPResponse) -> Set<String>
}

extension Exporter {
    package func unsendable(in batch: borrowing EventBatch) -> [Int: String] { [:] }
    package var bodyBytesMax: Int { .max }
    package var takesPackedText: Bool { false }
    package func request(carryingPacked text: consuming [UInt8], batchID: String) -> HTTPRequest {
        preconditionFailure("\(Self.name) takes no packed text")
    }
    package func acknowledgementRequest(for ids: [String]) -> HTTPRequest? { nil }
    package func acknowledged(_ ids: [String], by response: HTTPResponse) -> Set<String> { [] }
}
