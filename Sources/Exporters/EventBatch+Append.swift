package import Engine

extension EventBatch {
    /// Copies one event with its text from another batch.
    package mutating func append(_ event: Event, from other: borrowing EventBatch) {
        var copy = event
        let start = bytes.count
        bytes.append(contentsOf: other.bytes[event.json.range])
        copy.uid = Extent(
            start: start + Int(event.uid.start) - Int(event.json.start), count: Int(event.uid.count))
        copy.json = Extent(start: start, count: Int(event.json.count))
        bytes.append(UInt8(ascii: "\n"))
        events.append(copy)
    }

    /// Copies events, at once where they stand behind each other in the other batch.
    package mutating func append(_ rows: Range<Int>, of other: borrowing EventBatch) {
        guard let first = rows.first, let last = rows.last else { return }
        var end = Int(other.events[first].json.start)
        let isText = rows.allSatisfy { row in
            defer { end = other.events[row].json.end + 1 }
            return Int(other.events[row].json.start) == end
        }
        guard isText, end <= other.bytes.count else {
            for row in rows { append(other.events[row], from: other) }
            return
        }
        let start = Int(other.events[first].json.start)
        let shift = bytes.count - start
        bytes.append(contentsOf: other.bytes[start...other.events[last].json.end])
        events.reserveCapacity(events.count + rows.count)
        for row in rows {
            var event = other.events[row]
            event.json = Extent(start: shift + Int(event.json.start), count: Int(event.json.count))
            event.uid = Extent(start: shift + Int(event.uid.start), count: Int(event.uid.count))
            events.append(event)
        }
    }

    /// Whether `bytes` is the events' text and nothing else, a newline behind each.
    package var isText: Bool {
        var end = 0
        for event in events {
            guard Int(event.json.start) == end else { return false }
            end = event.json.end + 1
        }
        return end == bytes.count
    }
}
