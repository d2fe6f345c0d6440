import Codecs
package import Engine
import Exporters
package import Ports

/// Records in, what belongs to an investigation gathered: one round of it over its inputs.
package final class InvestigationRun: InputSink {
    private let feed: String
    private let normalizer: FeedNormalizer
    private let refused: InputRefusals?
    private var attributor: Attributor
    private var batch = EventBatch()
    private var name = ""
    package private(set) var investigator: Investigator
    package private(set) var events = 0

    /// - Parameters:
    ///   - attributor: knows all of the input.
    ///   - refused: where what cannot be read is told; nowhere in all rounds but one.
    package init(
        feed: String, _ catalog: MappingCatalog, _ attributor: Attributor, _ investigator: Investigator,
        refused: InputRefusals?
    ) {
        self.feed = feed
        self.attributor = attributor
        self.investigator = investigator
        self.refused = refused
        normalizer = FeedNormalizer(catalog, keepsActs: true, keepsRecords: true)
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
        if let fault { refused?.add(name, reason: fault) }
    }

    package func settle() async throws(Fault) { try await refused?.settle() }

    private func drain() {
        while true {
            batch.removeAll()
            guard normalizer.advance(into: &batch) else { return }
            attributor.attribute(&batch, mayBeEnriched: normalizer.mayEnrich)
            events += batch.count
            for event in batch.events {
                let text = Array(batch.bytes[event.json.range])
                let record = event.raw.isEmpty ? text[...] : batch.raw[event.raw.range]
                investigator.take(
                    text, digest: Digest.sha256Hex(Array(record)), isOfRecord: !event.raw.isEmpty)
            }
            for refusal in normalizer.refusals { refused?.add(name, refusal) }
        }
    }
}
