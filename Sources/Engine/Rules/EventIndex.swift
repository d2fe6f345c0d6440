/// The tape of one event's own text, so that rules ask about OCSF fields as they ask about a vendor's record.
///
/// Holds memory from event to event; each task has its own. What it gave is valid until it is asked again.
package final class EventIndex {
    /// The buffer is given back after an event that needed more: bytes.
    private static let bytesKept = 4 << 20

    private var buffer: JSONBuffer?

    package init() {}

    /// The event as a record of its own tape; `nil` where its text is no JSON object, which no mapping writes.
    func read(_ event: Event, of batch: borrowing EventBatch) -> (tape: JSONTape, record: RawRecord)? {
        if let buffer, buffer.capacity > Self.bytesKept { self.buffer = nil }
        let buffer = self.buffer ?? JSONBuffer(capacity: 1 << 14)
        self.buffer = buffer
        buffer.truncate(to: 0)
        unsafe batch.bytes.withUnsafeBufferPointer {
            unsafe buffer.append(UnsafeBufferPointer(rebasing: $0[event.json.range]))
        }
        guard case .indexed(let tokens, let count) = buffer.index(from: 0, count: buffer.count), count > 0
        else { return nil }
        buffer.reserveMatches(count + 1)
        guard buffer.view[tokens[0]] == UInt8(ascii: "{"),
            case .whole(let next, let isCompact) = buffer.check(tokens, count: count, from: 0, bytesFrom: 0),
            next == count, isCompact
        else { return nil }
        let tape = JSONTape(
            bytes: buffer.view, tokens: tokens, matches: buffer.matchView, tokenCount: count,
            hasBackslash: buffer.view.hasBackslash(0, buffer.count))
        let whole = Extent(start: 0, count: buffer.count)
        return (tape, RawRecord(open: 0, extent: whole, source: whole, ordinal: Int(event.ordinal)))
    }
}
