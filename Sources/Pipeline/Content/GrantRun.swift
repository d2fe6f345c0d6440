package import Engine
package import Ports

/// Records in, grants and the acts they should cover out: what `grants` does with its inputs.
package final class GrantRun: InputSink {
    private let feed: String
    private let normalizer: FeedNormalizer
    private let refused: InputRefusals
    private var batch = EventBatch()
    private var name = ""
    package private(set) var book: GrantBook
    package private(set) var attributor: Attributor
    package private(set) var events = 0

    package init(
        feed: String, _ catalog: MappingCatalog, _ directory: IdentityDirectory,
        limits: GrantBook.Limits = GrantBook.Limits(), refused: InputRefusals
    ) throws(Problem) {
        _ = try catalog.normalizer(for: feed)
        self.feed = feed
        self.refused = refused
        normalizer = FeedNormalizer(catalog, keepsActs: true)
        book = GrantBook(limits: limits)
        var tree = CredentialTree()
        tree.directory = directory
        attributor = Attributor(tree)
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
                let node = attributor.tree.take(event, of: batch)
                let acting = node.map { attributor.tree.key(of: $0) }
                let place = Int(event.feed)
                book.take(
                    event, of: batch, feed: place < feeds.count ? feeds[place] : feed, acting: acting)
            }
            for refusal in normalizer.refusals { refused.add(name, refusal) }
        }
    }

    package func review(_ policy: GrantPolicy) -> GrantReview { GrantReview(book, attributor, policy) }
}
