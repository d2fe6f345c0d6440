/// All that is remembered of one subject: its keys in order, each with its changes.
struct AccessHolding: Sendable {
    struct Slot: Sendable {
        var kind: AccessState.Kind
        var part: String
        /// The oldest first.
        var history: [AccessState.Entry]

        /// The last change up to a time, a deletion too.
        func entry(at time: Timestamp) -> AccessState.Entry? {
            var at = history.count
            // The latest is what is asked of most.
            while at > 0 {
                at -= 1
                if history[at].time <= time { return history[at] }
            }
            return nil
        }

        /// The same, without the rest of the entry.
        func value(at time: Timestamp) -> String? {
            var at = history.count
            while at > 0 {
                at -= 1
                if history[at].time <= time { return history[at].value }
            }
            return nil
        }
    }

    /// What a change came to: nothing new, another entry of a key, one in place of the oldest, a key, or no room for one.
    enum Insertion { case known, entry, replacement, key, refused }

    /// In the order of the kinds' names, then of the parts.
    private(set) var slots: [Slot] = []

    /// Keys of one kind.
    func slots(_ kind: AccessState.Kind) -> ArraySlice<Slot> {
        let start = place(kind, "").at
        var end = start
        while end < slots.count, slots[end].kind == kind { end += 1 }
        return slots[start..<end]
    }

    func slot(_ kind: AccessState.Kind, _ part: String) -> Slot? {
        let (at, isThere) = place(kind, part)
        return isThere ? slots[at] : nil
    }

    func value(_ kind: AccessState.Kind, _ part: String, at time: Timestamp) -> String? {
        let (at, isThere) = place(kind, part)
        return isThere ? slots[at].value(at: time) : nil
    }

    /// Where a key is, or would be.
    private func place(_ kind: AccessState.Kind, _ part: String) -> (at: Int, isThere: Bool) {
        var low = 0
        var high = slots.count
        while low < high {
            let middle = (low + high) / 2
            let other = slots[middle].kind
            if other == kind, slots[middle].part == part { return (middle, true) }
            if other.order < kind.order || (other == kind && slots[middle].part < part) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return (low, false)
    }

    /// Takes a change into its place; one that was there changes nothing.
    mutating func insert(
        _ entry: AccessState.Entry, _ kind: AccessState.Kind, _ part: String, mayAdd: Bool
    ) -> Insertion {
        let (at, isThere) = place(kind, part)
        guard isThere else {
            guard mayAdd else { return .refused }
            slots.insert(Slot(kind: kind, part: part, history: [entry]), at: at)
            return .key
        }
        return Self.insert(entry, into: &slots[at].history)
    }

    private static func insert(_ entry: AccessState.Entry, into history: inout [AccessState.Entry])
        -> Insertion
    {
        var at = history.count
        while at > 0, AccessState.Entry.precedes(entry, history[at - 1]) { at -= 1 }
        if at > 0, history[at - 1].time == entry.time, history[at - 1].uid == entry.uid { return .known }
        guard history.count >= AccessState.historyMax else {
            history.insert(entry, at: at)
            return .entry
        }
        // Older than all that is kept of it.
        if at == 0 { return .known }
        history.insert(entry, at: at)
        history.removeFirst()
        return .replacement
    }

    /// Forgets what no longer counts: of each key all but the last change before a time. Answers how many.
    mutating func forget(before time: Timestamp) -> Int {
        var gone = 0
        for at in slots.indices {
            let history = slots[at].history
            guard let last = history.lastIndex(where: { $0.time < time }), last > 0 else { continue }
            gone += last
            slots[at].history = Array(history[last...])
        }
        return gone
    }
}
