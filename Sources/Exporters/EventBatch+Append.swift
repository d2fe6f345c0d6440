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
        copy.raw = appendRaw(of: event, from: other)
        copy.act = .none
        events.append(copy)
    }

    private mutating func appendRaw(of event: Event, from other: borrowing EventBatch) -> Extent {
        if event.raw.isEmpty { return .none }
        let start = raw.count
        raw.append(contentsOf: other.raw[event.raw.range])
        return Extent(start: start, count: Int(event.raw.count))
    }

    /// Drops, of the rows from `first` on, all but these; what stays keeps its order.
    package mutating func keep(_ rows: [Int], from first: Int) {
        var place = 0
        while place < rows.count, rows[place] == first + place { place += 1 }
        let cut = first + place
        guard cut < count else { return }
        if closeUp(rows[place...], from: cut) { return }
        var moved = EventBatch()
        for row in rows[place...] { moved.append(events[row], from: self) }
        if let event = events[cut...].first(where: { !$0.raw.isEmpty }) {
            raw.removeSubrange(Int(event.raw.start)...)
        }
        bytes.removeSubrange(Int(events[cut].json.start)...)
        events.removeSubrange(cut...)
        append(moved.events.indices, of: moved)
    }

    /// `keep` without a copy of what stays, where each row's text and record stand behind those of the row before.
    private mutating func closeUp(_ rows: ArraySlice<Int>, from cut: Int) -> Bool {
        let text = Int(events[cut].json.start)
        let record = events[cut...].first { !$0.raw.isEmpty }.map { Int($0.raw.start) } ?? raw.count
        var (textEnd, recordEnd) = (text, record)
        for event in events[cut...] {
            guard Int(event.json.start) >= textEnd, event.json.end < bytes.count else { return false }
            textEnd = event.json.end + 1
            if event.raw.isEmpty { continue }
            guard Int(event.raw.start) >= recordEnd else { return false }
            recordEnd = event.raw.end
        }
        (textEnd, recordEnd) = (text, record)
        var place = cut
        for row in rows {
            var event = events[row]
            let (json, held) = (event.json, event.raw)
            bytes.move(json.range.lowerBound..<json.end + 1, down: textEnd)
            event.uid = Extent(
                start: textEnd + Int(event.uid.start) - Int(json.start), count: Int(event.uid.count))
            event.json = Extent(start: textEnd, count: Int(json.count))
            textEnd += Int(json.count) + 1
            if !held.isEmpty {
                raw.move(held.range, down: recordEnd)
                event.raw = Extent(start: recordEnd, count: Int(held.count))
                recordEnd += Int(held.count)
            }
            event.act = .none
            events[place] = event
            place += 1
        }
        bytes.removeSubrange(textEnd...)
        raw.removeSubrange(recordEnd...)
        events.removeSubrange(place...)
        return true
    }

    /// Its rows in runs of at most `rowsMax` rows and of about so many bytes of text, at most twice as many where
    /// more than one row is in it.
    package func cuts(rowsMax: Int, bytesMax: Int) -> [Range<Int>] {
        if count <= rowsMax, bytes.count <= 2 * bytesMax { return [0..<count] }
        var cuts: [Range<Int>] = []
        var start = 0
        while start < count {
            var end = start + 1
            let from = Int(events[start].json.start)
            while end < count, end - start < rowsMax, events[end].json.end - from <= bytesMax { end += 1 }
            cuts.append(start..<end)
            start = end
        }
        return cuts
    }

    /// Copies events, at once where they stand behind each other in the other batch.
    package mutating func append(_ rows: Range<Int>, of other: borrowing EventBatch) {
        guard let first = rows.first else { return }
        let start = Int(other.events[first].json.start)
        guard let end = other.textEnd(of: rows, from: start), end <= other.bytes.count else {
            for row in rows { append(other.events[row], from: other) }
            return
        }
        let shift = bytes.count - start
        bytes.append(contentsOf: other.bytes[start..<end])
        events.reserveCapacity(events.count + rows.count)
        for row in rows {
            var event = other.events[row]
            event.json = Extent(start: shift + Int(event.json.start), count: Int(event.json.count))
            event.uid = Extent(start: shift + Int(event.uid.start), count: Int(event.uid.count))
            event.raw = appendRaw(of: event, from: other)
            event.act = .none
            events.append(event)
        }
    }

    /// Whether `bytes` is the events' text and nothing else, a newline behind each.
    package var isText: Bool { textEnd(of: events.indices, from: 0) == bytes.count }

    /// The events' text, a newline behind each: NDJSON.
    package var text: [UInt8] {
        if isText { return bytes }
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count + count)
        for event in events {
            text += bytes[event.json.range]
            text.append(UInt8(ascii: "\n"))
        }
        return text
    }

    /// Where the text of rows that stand behind each other from `start` on ends; `nil` where they do not.
    private func textEnd(of rows: Range<Int>, from start: Int) -> Int? {
        var end = start
        for row in rows {
            guard Int(events[row].json.start) == end else { return nil }
            end = events[row].json.end + 1
        }
        return end
    }
}
