package import Engine

/// Drift over the events of one run: the reader of changes, and what becomes of them.
package struct DriftPart {
    private let reader = AccessEventReader()
    private var stream: DriftStream

    package init(_ settings: DriftSettings, _ catalogue: ActionCatalogue?) {
        stream = DriftStream(settings, catalogue)
    }

    package mutating func observe(_ event: Event, of batch: borrowing EventBatch) {
        guard let change = reader.change(event, of: batch) else { return }
        for fact in Drift.Fact.of(change, stream.drift.texts) { stream.take(fact) }
    }

    /// Appends what follows from everything that was read.
    package mutating func evaluate(into findings: inout EventBatch) {
        _ = stream.evaluate(into: &findings)
    }
}
