import Codecs
package import Engine
import Exporters

/// Records in, what belongs to an investigation gathered: one round of it over its inputs.
package final class InvestigationRun: EventSink {
    package let input: EventInput
    private var attributor: Attributor
    package private(set) var investigator: Investigator

    /// - Parameters:
    ///   - attributor: knows all of the input.
    ///   - refused: where what cannot be read is told; nowhere in all rounds but one.
    package init(
        feed: String, _ catalog: MappingCatalog, _ attributor: Attributor, _ investigator: Investigator,
        refused: InputRefusals?
    ) throws(Problem) {
        input = try EventInput(feed: feed, catalog, keepsActs: true, keepsRecords: true, refused: refused)
        self.attributor = attributor
        self.investigator = investigator
    }

    package func take(_ batch: inout EventBatch) {
        attributor.attribute(&batch, mayBeEnriched: input.normalizer.mayEnrich)
        for event in batch.events {
            let text = Array(batch.bytes[event.json.range])
            let record = event.raw.isEmpty ? text[...] : batch.raw[event.raw.range]
            investigator.take(
                text, digest: Digest.sha256Hex(Array(record)), isOfRecord: !event.raw.isEmpty)
        }
    }
}
