package import Engine
package import Ports

/// A command's input as it becomes events: what its sinks that look at events have in common.
package final class EventInput {
    /// As it was asked for; `MappingCatalog.auto` where each record tells it.
    let feed: String
    let normalizer: FeedNormalizer
    /// Where what cannot be read is told; nowhere in all passes over an input but one.
    let refused: InputRefusals?
    /// The file at hand.
    private(set) var file = ""
    private(set) var events = 0
    private var batch = EventBatch()

    /// Throws where nobody knows the feed.
    package init(
        feed: String, _ catalog: MappingCatalog, keepsActs: Bool = false, keepsRecords: Bool = false,
        refused: InputRefusals?
    ) throws(Problem) {
        _ = try catalog.normalizer(for: feed)
        self.feed = feed
        normalizer = FeedNormalizer(catalog, keepsActs: keepsActs, keepsRecords: keepsRecords)
        self.refused = refused
    }

    package func begin(_ file: String) {
        self.file = file
        normalizer.begin(file, feed: feed)
    }

    package func feed(_ bytes: Span<UInt8>, into take: (inout EventBatch) -> Void) {
        normalizer.feed(bytes)
        drain(take)
    }

    package func finish(fault: String?, into take: (inout EventBatch) -> Void) {
        normalizer.finish()
        drain(take)
        if let fault { refused?.add(file, reason: fault) }
    }

    /// The feed of an event, `nil` where the batch does not say it.
    func feed(of event: Event) -> String? {
        let (feeds, place) = (normalizer.feeds, Int(event.feed))
        return place < feeds.count ? feeds[place] : nil
    }

    private func drain(_ take: (inout EventBatch) -> Void) {
        while true {
            batch.removeAll()
            guard normalizer.advance(into: &batch) else { return }
            events += batch.count
            take(&batch)
            for refusal in normalizer.refusals { refused?.add(file, refusal) }
        }
    }
}

/// Takes the events of a command's input, batch by batch.
package protocol EventSink: InputSink {
    var input: EventInput { get }
    func take(_ batch: inout EventBatch)
}

extension EventSink {
    package var events: Int { input.events }

    package func begin(_ file: String) { input.begin(file) }
    package func feed(_ bytes: Span<UInt8>) { input.feed(bytes) { take(&$0) } }
    package func finish(fault: String?) { input.finish(fault: fault) { take(&$0) } }
    package func settle() async throws(Fault) { try await input.refused?.settle() }
}
