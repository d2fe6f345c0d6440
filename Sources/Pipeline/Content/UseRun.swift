package import Engine

/// Records in, used permissions out: what `rightsize` and `policy rehearse` do with their inputs.
package final class UseRun: EventSink {
    package let input: EventInput
    private let isAsked: (ObservedRequest) -> Bool
    private var reader: UseReader
    package private(set) var index: UseIndex

    /// - Parameter isAsked: whose requests are kept.
    package init(
        feed: String, _ catalog: MappingCatalog, _ permissions: EventPermissions, _ actions: ActionCatalogue,
        limits: UseIndex.Limits = UseIndex.Limits(), refused: InputRefusals,
        where isAsked: @escaping (ObservedRequest) -> Bool
    ) throws(Problem) {
        input = try EventInput(feed: feed, catalog, refused: refused)
        self.isAsked = isAsked
        reader = UseReader(permissions, actions)
        index = UseIndex(limits: limits)
    }

    package func take(_ batch: inout EventBatch) {
        for event in batch.events {
            guard let feed = input.feed(of: event), let use = reader.use(event, of: batch, feed: feed) else {
                continue
            }
            index.take(use, where: isAsked)
        }
    }
}
