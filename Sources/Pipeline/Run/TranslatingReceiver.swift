import Engine
import Exporters
import Ports
import Synchronization

/// A receiver that is sent another OCSF version than the canonical one.
struct TranslatingReceiver: Receiver {
    private let receiver: any Receiver
    private let translator: SharedTranslator

    init(_ receiver: any Receiver, _ translator: OCSFTranslator) {
        self.receiver = receiver
        self.translator = SharedTranslator(translator)
    }

    func deliver(_ batch: EventBatch, batchID: String) async throws(Fault) -> Verdict {
        let (translated, lost) = translator.translate(batch)
        if lost.isEmpty { return try await receiver.deliver(translated, batchID: batchID) }
        let reason = "the event cannot be written in the OCSF version of this exporter"
        return .setAside(Dictionary(uniqueKeysWithValues: lost.map { ($0, reason) }), of: batch.count)
    }

    func acknowledged(_ ids: [String]) async throws(Fault) -> Set<String> {
        try await receiver.acknowledged(ids)
    }
    var takesLostInParts: Bool { receiver.takesLostInParts }
    func tend() async { await receiver.tend() }
    func close() async throws(Fault) { try await receiver.close() }
}

/// One translator for all batches under way: its tables are large, its work is short.
private final class SharedTranslator: Sendable {
    private let translator: Mutex<OCSFTranslator>

    init(_ translator: OCSFTranslator) { self.translator = Mutex(translator) }

    /// The batch in the other version, and the rows that are not in it.
    func translate(_ batch: EventBatch) -> (batch: EventBatch, lost: Set<Int>) {
        translator.withLock { translator in
            var out = EventBatch()
            var lost: Set<Int> = []
            for (row, event) in batch.events.enumerated() {
                let start = out.bytes.count
                do throws(EventTree.Malformed) {
                    try translator.translate(batch.bytes, event.json.range, into: &out.bytes)
                } catch {
                    lost.insert(row)
                    continue
                }
                var moved = event
                moved.json = Extent(start: start, count: out.bytes.count - start)
                // Exporters ask for the uid by itself; where it stands in the new text is not known.
                moved.uid = Extent(start: out.bytes.count, count: event.uid.range.count)
                out.bytes += batch.bytes[event.uid.range]
                out.events.append(moved)
            }
            return (out, lost)
        }
    }
}
