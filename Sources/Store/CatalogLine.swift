import Codecs
import Engine

/// The catalog's lines: a check sum, then JSON.
enum CatalogLine {
    /// The format written, and the newest that is read.
    static let formatVersion = 1

    case snapshot(Catalog)
    case change(Catalog.Change)

    struct Newer: Error { var version: Int64 }

    var bytes: [UInt8] {
        var text: String
        switch self {
        case .snapshot(let catalog):
            let segments = catalog.segments.values.sorted { $0.path < $1.path }.map(Self.text)
            let batches = catalog.batches.map(Self.text)
            text =
                "{\"v\":\(Self.formatVersion),\"next\":\(catalog.nextNumber),\"batches\":[\(batches.joined(separator: ","))],"
                + "\"segments\":[\(segments.joined(separator: ","))]}"
        case .change(let change):
            var parts: [String] = []
            if let batch = change.batch { parts.append("\"batch\":\(Self.text(batch))") }
            if !change.add.isEmpty {
                parts.append("\"add\":[\(change.add.map(Self.text).joined(separator: ","))]")
            }
            if !change.remove.isEmpty {
                parts.append("\"remove\":[\(change.remove.map(Self.quoted).joined(separator: ","))]")
            }
            text = "{\(parts.joined(separator: ","))}"
        }
        let json = Array(text.utf8)
        return Array("\(String(CRC32C.of(json), radix: 16)) ".utf8) + json + [UInt8(ascii: "\n")]
    }

    private static func text(_ batch: Catalog.Batch) -> String {
        "[\(quoted(batch.id)),\(quoted(batch.digest))]"
    }

    private static func text(_ segment: Segment) -> String {
        "{\"table\":\(quoted(segment.table)),\"day\":\(segment.day),\"path\":\(quoted(segment.path)),"
            + "\"rows\":\(segment.rows),\"bytes\":\(segment.bytes),\"from\":\(segment.from),\"to\":\(segment.to),"
            + "\"level\":\(segment.level),\"written\":\(segment.written.nanoseconds)}"
    }

    private static func quoted(_ text: String) -> String {
        String(decoding: JSONFragment.quoted(text), as: UTF8.self)
    }

    /// A line without its newline; `nil` where it is damaged.
    static func read(_ line: ArraySlice<UInt8>) throws(Newer) -> CatalogLine? {
        let parts = line.split(separator: UInt8(ascii: " "), maxSplits: 1)
        guard parts.count == 2,
            UInt32(String(decoding: parts[0], as: UTF8.self), radix: 16) == CRC32C.of(Array(parts[1])),
            let json = try? JSONReader.document(in: Array(parts[1]), file: "catalog")
        else { return nil }
        if let version = json["v"]?.integer {
            if version > formatVersion { throw Newer(version: version) }
            let segments = (json["segments"]?.list ?? []).compactMap(segment)
            let batches = (json["batches"]?.list ?? []).compactMap(batch)
            let next = UInt64(clamping: json["next"]?.integer ?? 1)
            return .snapshot(Catalog(segments: segments, batches: batches, nextNumber: next))
        }
        return .change(
            Catalog.Change(
                batch: json["batch"].flatMap(batch), add: (json["add"]?.list ?? []).compactMap(segment),
                remove: (json["remove"]?.list ?? []).compactMap(\.string)))
    }

    private static func batch(_ document: Document) -> Catalog.Batch? {
        guard let list = document.list, list.count == 2, let id = list[0].string, let digest = list[1].string
        else { return nil }
        return Catalog.Batch(id: id, digest: digest)
    }

    private static func segment(_ document: Document) -> Segment? {
        guard let table = document["table"]?.string, let day = document["day"]?.integer,
            let path = document["path"]?.string, let rows = document["rows"]?.integer,
            let bytes = document["bytes"]?.integer, let from = document["from"]?.integer,
            let to = document["to"]?.integer, let level = document["level"]?.integer,
            let written = document["written"]?.integer
        else { return nil }
        var segment = Segment(
            table: table, day: Int(day), number: 0, rows: Int(rows), bytes: bytes, from: from, to: to,
            level: Int(level), written: Timestamp(nanoseconds: written))
        segment.path = path
        return segment
    }
}
