package import Engine

/// A page's objects through the record reader and the mapping of their feed: bytes in, events out.
///
/// Raises no findings; the content stage does. Also what `normalize` and `detect` read their input with.
package final class FeedNormalizer: PageNormalizer {
    package let reader = RecordReader()
    private let catalog: MappingCatalog
    private let keepsRaw: Bool
    private let keepsActs: Bool
    private let keepsRecords: Bool
    private var normalizers: [String: Normalizer] = [:]
    private var current: Normalizer?
    private var refused: [Refusal] = []

    /// - Parameter keepsRecords: whether batches carry the vendor's records beside the events.
    package init(
        _ catalog: MappingCatalog, keepsRaw: Bool = false, keepsActs: Bool = false, keepsRecords: Bool = false
    ) {
        self.catalog = catalog
        self.keepsRaw = keepsRaw
        self.keepsActs = keepsActs
        self.keepsRecords = keepsRecords
    }

    /// The feeds that `Event.feed` numbers, of the object being read.
    package var feeds: [String] { current?.feeds ?? [] }
    /// Of each of them, whether its events may have enrichments.
    package var mayEnrich: [Bool] { current?.mayEnrich ?? [] }

    /// A feed that nobody knows is read as any JSON: names are checked where they are written.
    package func begin(_ object: String, feed: String) {
        if normalizers[feed] == nil {
            let named = try? catalog.normalizer(
                for: feed, keepsRaw: keepsRaw, keepsRecords: keepsRecords, keepsActs: keepsActs)
            normalizers[feed] =
                named
                ?? (try? catalog.normalizer(
                    for: MappingCatalog.auto, keepsRaw: keepsRaw, keepsRecords: keepsRecords,
                    keepsActs: keepsActs))
        }
        current = normalizers[feed]
        current?.begin()
        reader.begin(current?.layouts ?? RecordLayouts())
    }

    package func feed(_ bytes: Span<UInt8>) { reader.feed(bytes) }
    package func finish() { reader.finish() }

    package func advance(into batch: inout EventBatch, refusals: inout [RefusedRecord]) -> Bool {
        refusals.removeAll(keepingCapacity: true)
        guard advance(into: &batch) else { return false }
        refusals += refused.map {
            RefusedRecord(ordinal: $0.ordinal, line: $0.line, reason: $0.reason, raw: $0.raw)
        }
        return true
    }

    /// The next run, added to the batch; its refusals are in `refusals`.
    package func advance(into batch: inout EventBatch) -> Bool {
        refused.removeAll(keepingCapacity: true)
        guard reader.advance() else { return false }
        refused += reader.refusals
        current?.normalize(reader, into: &batch, refusals: &refused)
        return true
    }

    /// What was refused in the run, in no order between reader and mapping.
    package var refusals: [Refusal] { refused }
}
