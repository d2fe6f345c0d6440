import Codecs
package import Engine
import Exporters

/// Records in, what belongs to an investigation gathered: one round of it over its inputs.
package final class InvestigationRun: EventSink {
    package let input: EventInput
    private var attributor: Attributor
    private var locator: Locator?
    package private(set) var investigator: Investigator

    /// - Parameters:
    ///   - attributor: knows all of the input.
    ///   - geography: what a database tells of addresses, where there is one.
    ///   - refused: where what cannot be read is told; nowhere in all rounds but one.
    package init(
        feed: String, _ catalog: MappingCatalog, _ attributor: Attributor, _ investigator: Investigator,
        _ geography: Geography? = nil, refused: InputRefusals?
    ) throws(Problem) {
        input = try EventInput(feed: feed, catalog, keepsActs: true, keepsRecords: true, refused: refused)
        self.attributor = attributor
        locator = geography.map { Locator($0) }
        self.investigator = investigator
    }

    package func take(_ batch: inout EventBatch) {
        locator?.locate(&batch)
        attributor.attribute(&batch, mayBeEnriched: input.normalizer.mayEnrich)
        for event in batch.events {
            let text = Array(batch.bytes[event.json.range])
            let record = event.raw.isEmpty ? text[...] : batch.raw[event.raw.range]
            investigator.take(
                text, digest: Digest.sha256Hex(Array(record)), isOfRecord: !event.raw.isEmpty)
        }
    }
}
