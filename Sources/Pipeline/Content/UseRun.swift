package import Engine
package import Ports

/// Records in, used permissions out: what `rightsize` and `policy rehearse` do with their inputs.
package final class UseRun: InputSink {
    private let feed: String
    private let normalizer: FeedNormalizer
    private let refused: InputRefusals
    private let isAsked: (ObservedRequest) -> Bool
    private var batch = EventBatch()
    private var name = ""
    private var reader: UseReader
    package private(set) var index: UseIndex
    package private(set) var events = 0

    /// - Parameter isAsked: whose requests are kept.
    package init(
        feed: String, _ catalog: MappingCatalog, _ permissions: EventPermissions, _ actions: ActionCatalogue,
        limits: UseIndex.Limits = UseIndex.Limits(), refused: InputRefusals,
        where isAsked: @escaping (ObservedRequest) -> Bool
    ) throws(Problem) {
        _ = try catalog.normalizer(for: feed)
        self.feed = feed
        self.refused = refused
        self.isAsked = isAsked
        normalizer = FeedNormalizer(catalog)
        reader = UseReader(permissions, actions)
        index = UseIndex(limits: limits)
    }

    package func begin(_ file: String) {
        name = file
        normalizer.begin(file, feed: feed)
    }

    package func feed(_ bytes: Span<UInt8>) {
        normalizer.feed(bytes)
        drain()
    }

    package func finish(fault: String?) {
        normalizer.finish()
        drain()
        if let fault { refused.add(name, reason: fault) }
    }

    package func settle() async throws(Fault) { try await refused.settle() }

    private func drain() {
        while true {
            batch.removeAll()
            guard normalizer.advance(into: &batch) else { return }
            events += batch.count
            let feeds = normalizer.feeds
            for event in batch.events {
                let place = Int(event.feed)
                guard place < feeds.count,
                    let use = reader.use(event, of: batch, feed: feeds[place])
                else { continue }
                index.take(use, where: isAsked)
            }
            for refusal in normalizer.refusals { refused.add(name, refusal) }
        }
    }
}
