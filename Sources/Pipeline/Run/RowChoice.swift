import Engine

/// Which rows of a batch one exporter gets: by kind, by its own filter, by sampling.
struct RowChoice: Sendable {
    private let receives: Set<Delivered>
    private let filter: EventFilter?
    private let oneIn: UInt64
    /// Events that are sampled; `nil` for all.
    private let sampled: EventFilter?

    /// `nil` for all.
    private let classes: Set<UInt32>?

    /// `nil` where it gets everything.
    init?(_ config: DeliveryConfig, classes: Set<UInt32>? = nil) {
        self.classes = classes
        receives = Set(config.receives)
        filter = EventFilter(config.shaping.filter)
        oneIn = UInt64(config.shaping.sample?.oneIn ?? 1)
        sampled = config.shaping.sample?.only.flatMap { only in
            var condition = FilterConfig()
            condition.drop = only
            return EventFilter([condition])
        }
        if receives == [.events, .findings], filter == nil, oneIn == 1, classes == nil { return nil }
    }

    func rows(of batch: borrowing EventBatch) -> [Int] {
        var rows = filter?.kept(batch) ?? Array(0..<batch.count)
        if receives != [.events, .findings] {
            let kind: Event.Kind = receives.contains(.events) ? .event : .finding
            rows = rows.filter { batch.events[$0].kind == kind }
        }
        if let classes { rows = rows.filter { classes.contains(batch.events[$0].classUID) } }
        if oneIn == 1 { return rows }
        // What the condition does not hold for is kept whole.
        let kept = sampled.map { Set($0.kept(batch)) } ?? []
        return rows.filter { row in
            let event = batch.events[row]
            if event.kind == .finding || kept.contains(row) { return true }
            // By the uid, so that a repetition fares as the first did.
            return WyHash.hash(batch.bytes.span.extracting(event.uid.range)) % oneIn == 0
        }
    }
}
