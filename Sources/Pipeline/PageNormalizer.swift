package import Engine

/// A record of a page that could not become an event.
package struct RefusedRecord: Sendable, Hashable {
    /// Which record of its object this is, from 0; events count along.
    package var ordinal: Int
    /// From 1, as editors count.
    package var line: Int
    package var reason: String
    /// The record's bytes, as far as they are known.
    package var raw: [UInt8]

    package init(ordinal: Int, line: Int, reason: String, raw: [UInt8]) {
        self.ordinal = ordinal
        self.line = line
        self.reason = reason
        self.raw = raw
    }
}

/// Plain bytes of an object in, a window at a time; events, findings and refusals out.
///
/// One is made for each page in work, and is used by one task at a time. Events and refusals carry the ordinal of
/// their record in its object, the same whenever the object is read again: that is how far an object is durable. Findings come as rows of kind
/// `.finding` with a deterministic uid, in the batch of the events that raised them.
package protocol PageNormalizer: AnyObject {
    /// The feeds that `Event.feed` numbers, of the object being read; empty where they are all the page's own.
    var feeds: [String] { get }
    /// What correlations have to know of the records that came out since it was last asked.
    func takeSignals() -> [CorrelationSignal]
    /// What baselines have to know of the same; facts that are given twice add nothing.
    func takeFacts() -> FactBook
    /// What the same say of access.
    func takeNews() -> AccessNews
    /// Another object of the page begins.
    func begin(_ object: String, feed: String)
    func feed(_ bytes: Span<UInt8>)
    /// Nothing follows.
    func finish()
    /// Adds to the batch some of what the bytes fed so far have given, and replaces the refusals; false when there is
    /// nothing more before the next `feed` or `finish`.
    func advance(into batch: inout EventBatch, refusals: inout [RefusedRecord]) -> Bool
}

extension PageNormalizer {
    package var feeds: [String] { [] }
    package func takeSignals() -> [CorrelationSignal] { [] }
    package func takeFacts() -> FactBook { FactBook() }
    package func takeNews() -> AccessNews { AccessNews() }
}
