import Codecs
import Credentials
import Engine
import Exporters
import Ports

/// A receiver whose events are redacted and cut to size first; what cannot be cut goes to the dead letter.
struct ShapingReceiver: Receiver {
    private let receiver: any Receiver
    private let shaper: EventShaper
    private let eventMax: Int

    /// `nil` where nothing is to be done.
    init?(_ receiver: any Receiver, _ config: ShapingConfig) {
        if config.redact.isEmpty, config.eventMax == nil { return nil }
        self.receiver = receiver
        eventMax = config.eventMax.map { Int($0.bytes) } ?? .max
        let rules = config.redact.flatMap { redaction in
            redaction.paths.map { path in
                EventShaper.Rule(
                    path: path.value,
                    manner: EventShaper.Manner(rawValue: redaction.by.rawValue) ?? .remove)
            }
        }
        let key = Array((config.redact.compactMap(\.key).first?.revealed ?? "").utf8)
        shaper = EventShaper(rules, bytesMax: config.eventMax.map { Int($0.bytes) }) { text in
            Array(Hex.encode(Digest.hmacSHA256(text, key: key).prefix(16)).utf8)
        }
    }

    func deliver(_ batch: EventBatch, batchID: String) async throws(Fault) -> Verdict {
        var shaper = shaper
        var out = EventBatch()
        var refused: [Int: String] = [:]
        out.bytes.reserveCapacity(batch.bytes.count)
        for (row, event) in batch.events.enumerated() {
            let start = out.bytes.count
            do throws(EventTree.Malformed) {
                guard try shaper.shape(batch.bytes, event.json.range, into: &out.bytes) else {
                    refused[row] = "the event cannot be cut to \(eventMax) bytes (event_max)"
                    continue
                }
            } catch {
                out.bytes.removeSubrange(start...)
                refused[row] = "the event cannot be redacted: \(error.reason)"
                continue
            }
            var moved = event
            moved.json = Extent(start: start, count: out.bytes.count - start)
            out.bytes.append(UInt8(ascii: "\n"))
            moved.uid = Extent(start: out.bytes.count, count: event.uid.range.count)
            out.bytes += batch.bytes[event.uid.range]
            // The vendor's record holds everything that was taken out of the event.
            moved.raw = .none
            out.events.append(moved)
        }
        if !refused.isEmpty { return .setAside(refused, of: batch.count) }
        return try await receiver.deliver(out, batchID: batchID)
    }

    func acknowledged(_ ids: [String]) async throws(Fault) -> Set<String> {
        try await receiver.acknowledged(ids)
    }
    var takesLostInParts: Bool { receiver.takesLostInParts }
    func tend() async { await receiver.tend() }
    func close() async throws(Fault) { try await receiver.close() }
}
