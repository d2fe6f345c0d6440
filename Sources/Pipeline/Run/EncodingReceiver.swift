import Codecs
package import Engine
import Exporters
import Ports

/// A receiver that is sent events in another schema's fields, or the vendors' own records.
struct EncodingReceiver: Receiver {
    private let receiver: any Receiver
    /// `nil` for the vendors' records.
    private let map: FieldMap?

    init(_ receiver: any Receiver, _ map: FieldMap?) {
        self.receiver = receiver
        self.map = map
    }

    func deliver(_ batch: EventBatch, batchID: String) async throws(Fault) -> Verdict {
        try await receiver.deliver(map?.encoded(batch) ?? Self.records(of: batch), batchID: batchID)
    }

    func acknowledged(_ ids: [String]) async throws(Fault) -> Set<String> {
        try await receiver.acknowledged(ids)
    }
    var takesLostInParts: Bool { receiver.takesLostInParts }
    func tend() async { await receiver.tend() }
    func close() async throws(Fault) { try await receiver.close() }

    /// A row without its record stays as it is.
    private static func records(of batch: EventBatch) -> EventBatch {
        var out = EventBatch()
        for event in batch.events {
            var moved = event
            let start = out.bytes.count
            if event.raw.isEmpty {
                out.bytes += batch.bytes[event.json.range]
            } else {
                // A record may be written over several lines; in a string no line ends.
                for byte in batch.raw[event.raw.range] where byte != 0x0A && byte != 0x0D {
                    out.bytes.append(byte)
                }
            }
            moved.json = Extent(start: start, count: out.bytes.count - start)
            out.bytes.append(UInt8(ascii: "\n"))
            moved.uid = Extent(start: out.bytes.count, count: event.uid.range.count)
            out.bytes += batch.bytes[event.uid.range]
            moved.raw = .none
            out.events.append(moved)
        }
        return out
    }
}

/// The field maps that are in the binary.
package enum EncodingCatalog {
    private static let root = "schemas/encodings/"

    /// `nil` for OCSF and the raw record, which need none.
    package static func map(_ encoding: EncodingChoice) throws(Problems) -> FieldMap? {
        if encoding == .ocsf || encoding == .raw { return nil }
        let path = "\(root)\(encoding.rawValue).yaml"
        return try FieldMap(try YAMLReader.document(in: Assets.bytes(path) ?? [], file: path))
    }
}
