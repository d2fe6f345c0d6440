package import Engine

/// Records in, grants and the acts they should cover out: what `grants` does with its inputs.
package final class GrantRun: EventSink {
    package let input: EventInput
    package private(set) var book: GrantBook
    package private(set) var attributor: Attributor

    package init(
        feed: String, _ catalog: MappingCatalog, _ directory: IdentityDirectory,
        limits: GrantBook.Limits = GrantBook.Limits(), refused: InputRefusals
    ) throws(Problem) {
        input = try EventInput(feed: feed, catalog, keepsActs: true, refused: refused)
        book = GrantBook(limits: limits)
        var tree = CredentialTree()
        tree.directory = directory
        attributor = Attributor(tree)
    }

    package func take(_ batch: inout EventBatch) {
        for event in batch.events {
            let acting = attributor.tree.take(event, of: batch).map { attributor.tree.key(of: $0) }
            book.take(event, of: batch, feed: input.feed(of: event) ?? input.feed, acting: acting)
        }
    }

    package func review(_ policy: GrantPolicy) -> GrantReview { GrantReview(book, attributor, policy) }
}
