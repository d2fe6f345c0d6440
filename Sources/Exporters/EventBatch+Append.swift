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
        events.append(copy)
    }
}
