/// A run of bytes in some buffer, by offset: what an event holds instead of text.
package struct Extent: Hashable, Sendable, BitwiseCopyable {
    package var start: UInt32
    package var count: UInt32

    @inlinable package init(start: Int, count: Int) {
        self.start = UInt32(truncatingIfNeeded: start)
        self.count = UInt32(truncatingIfNeeded: count)
    }

    package static let none = Extent(start: 0, count: 0)
    @inlinable package var end: Int { Int(start) + Int(count) }
    @inlinable package var range: Range<Int> { Int(start)..<end }
    @inlinable package var isEmpty: Bool { count == 0 }
}

/// One normalized event, as the stages after the mapping see it.
///
/// Everything textual is an extent into the batch's bytes, so that a batch is two allocations whatever it holds.
package struct Event: Sendable, BitwiseCopyable {
    package enum Kind: UInt8, Sendable, BitwiseCopyable { case event = 0, finding = 1 }

    package var kind = Kind.event
    package var time: Timestamp
    package var classUID: UInt32 = 0
    package var activityID: UInt16 = 0
    package var statusID: UInt8 = 0
    package var severityID: UInt8 = 1
    /// `metadata.uid` without quotes, in JSON-escaped form, inside `json`.
    package var uid = Extent.none
    /// The OCSF object, without a newline at the end, in `EventBatch.bytes`.
    package var json = Extent.none
    /// The vendor's record in the tape it was normalized from, whose next run ends it; empty for a finding.
    package var record = Extent.none
    /// The vendor's record as it came, in `EventBatch.raw`; empty where records are not kept, and for a finding.
    package var raw = Extent.none
    /// What its record tells of credentials, in `EventBatch.acts`; empty where that is not kept, or nothing, and in a
    /// batch that the row was copied to.
    package var act = Extent.none
    /// Which record of its page this was: the n-th from 0.
    package var ordinal: UInt32 = 0
    /// Which of the normalizer's feeds it is of.
    package var feed: UInt16 = 0
    /// A 64-bit digest of the vendor's record without white space: equal content under an equal uid is a duplicate. None of
    /// a rule's finding, which its uid alone tells.
    package var contentDigest: UInt64 = 0

    package init(time: Timestamp) { self.time = time }
}

/// Events in input order, with the bytes they were written to: NDJSON, a newline behind each event.
package struct EventBatch: Sendable {
    package var bytes: [UInt8] = []
    package var events: [Event] = []
    /// The vendor's records of the events, for receivers that keep them apart from the event (`Event.raw`).
    package var raw: [UInt8] = []
    /// What the events' records tell of credentials (`Event.act`), as `Act` reads it.
    package var acts: [UInt8] = []

    package init() {}

    package var count: Int { events.count }

    package mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        events.removeAll(keepingCapacity: true)
        raw.removeAll(keepingCapacity: true)
        acts.removeAll(keepingCapacity: true)
    }

    /// The OCSF text of one event, for tests and for code that is not on the hot path.
    package func json(of event: Event) -> String { String(decoding: bytes[event.json.range], as: UTF8.self) }
    package func uid(of event: Event) -> String { String(decoding: bytes[event.uid.range], as: UTF8.self) }
}

/// A record that could not become an event, and why.
package struct Refusal: Sendable, Hashable {
    /// Which record of its page this was, from 0.
    package var ordinal: Int
    /// The line of its page on which it begins, from 1.
    package var line: Int
    /// One sentence for a person: what is wrong and where in the record.
    package var reason: String
    /// Its bytes as they came, so that it can be sent again once what was wrong is mended; of a record over
    /// `RecordReader.recordBytesMax` only the beginning.
    package var raw: [UInt8]

    package init(ordinal: Int, line: Int, reason: String, raw: [UInt8]) {
        self.ordinal = ordinal
        self.line = line
        self.reason = reason
        self.raw = raw
    }
}
