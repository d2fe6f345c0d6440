import Codecs
import Engine

/// The catalog's lines: a check sum, then JSON.
///
/// A snapshot is a line of its own, which says how many segments it has, and lines that add them.
enum CatalogLine {
    /// The format that is written and read.
    static let formatVersion = 2
    /// Segments in one line of a snapshot.
    static let segmentsAtOnce = 4_096

    case snapshot(Catalog, segments: Int)
    case change(Catalog.Change)

    struct OtherVersion: Error { var version: Int64 }

    /// A whole snapshot.
    static func bytes(of catalog: Catalog) -> [UInt8] {
        let batches = catalog.batches.map(text).joined(separator: ",")
        var bytes = line(
            "{\"v\":\(formatVersion),\"id\":\(quoted(catalog.id)),\"next\":\(catalog.nextNumber),"
                + "\"batches\":[\(batches)],\"segments\":\(catalog.count)}")
        var rest = catalog.segments[...]
        while !rest.isEmpty {
            bytes += self.bytes(of: Catalog.Change(add: Array(rest.prefix(segmentsAtOnce))))
            rest = rest.dropFirst(segmentsAtOnce)
        }
        return bytes
    }

    static func bytes(of change: Catalog.Change) -> [UInt8] {
        var parts: [String] = []
        if let batch = change.batch { parts.append("\"batch\":\(text(batch))") }
        if !change.add.isEmpty {
            parts.append("\"add\":\(quoted(change.add.map(text).joined(separator: ";")))")
        }
        if !change.remove.isEmpty {
            parts.append("\"remove\":[\(change.remove.map(quoted).joined(separator: ","))]")
        }
        return line("{\(parts.joined(separator: ","))}")
    }

    private static func line(_ text: String) -> [UInt8] {
        let json = Array(text.utf8)
        return Array("\(String(CRC32C.of(json), radix: 16)) ".utf8) + json + [UInt8(ascii: "\n")]
    }

    private static func text(_ batch: Catalog.Batch) -> String {
        "[\(quoted(batch.id)),\(quoted(batch.digest))]"
    }

    /// Numbers behind a path, because a catalog may have a million of them.
    private static func text(_ segment: Segment) -> String {
        "\(segment.path) \(segment.day) \(segment.rows) \(segment.bytes) \(segment.from) \(segment.to) "
            + "\(segment.level) \(segment.written.nanoseconds)"
    }

    private static func quoted(_ text: String) -> String {
        String(decoding: JSONFragment.quoted(text), as: UTF8.self)
    }

    /// A line without its newline; `nil` where it is damaged.
    static func read(_ line: ArraySlice<UInt8>) throws(OtherVersion) -> CatalogLine? {
        let parts = line.split(separator: UInt8(ascii: " "), maxSplits: 1)
        guard parts.count == 2,
            UInt32(String(decoding: parts[0], as: UTF8.self), radix: 16) == CRC32C.of(Array(parts[1])),
            let json = try? JSONReader.document(in: Array(parts[1]), file: "catalog")
        else { return nil }
        if let version = json["v"]?.integer {
            if version != formatVersion { throw OtherVersion(version: version) }
            guard let count = json["segments"]?.integer else { return nil }
            let batches = (json["batches"]?.list ?? []).compactMap(batch)
            let next = UInt64(clamping: json["next"]?.integer ?? 1)
            return .snapshot(
                Catalog(id: json["id"]?.string ?? "", batches: batches, nextNumber: next),
                segments: Int(clamping: count))
        }
        var change = Catalog.Change(batch: json["batch"].flatMap(batch))
        if let added = json["add"]?.string {
            guard let segments = segments(Array(added.utf8)) else { return nil }
            change.add = segments
        }
        change.remove = (json["remove"]?.list ?? []).compactMap(\.string)
        return .change(change)
    }

    private static func batch(_ document: Document) -> Catalog.Batch? {
        guard let list = document.list, list.count == 2, let id = list[0].string, let digest = list[1].string
        else { return nil }
        return Catalog.Batch(id: id, digest: digest)
    }

    private static func segments(_ text: [UInt8]) -> [Segment]? {
        var segments: [Segment] = []
        var at = 0
        while at < text.count {
            guard let space = text[at...].firstIndex(of: UInt8(ascii: " ")) else { return nil }
            let path = String(decoding: text[at..<space], as: UTF8.self)
            at = space + 1
            // Day, rows, bytes, from, to, level, written.
            var numbers: InlineArray<7, Int64> = .init(repeating: 0)
            for index in 0..<7 {
                guard let number = number(text, &at) else { return nil }
                numbers[index] = number
            }
            segments.append(
                Segment(
                    path: path, day: Int(numbers[0]), rows: Int(numbers[1]), bytes: numbers[2],
                    from: numbers[3], to: numbers[4], level: Int(numbers[5]),
                    written: Timestamp(nanoseconds: numbers[6])))
        }
        return segments
    }

    /// A number and the byte behind it.
    private static func number(_ text: [UInt8], _ at: inout Int) -> Int64? {
        let isNegative = at < text.count && text[at] == UInt8(ascii: "-")
        if isNegative { at += 1 }
        var magnitude: UInt64 = 0
        let start = at
        while at < text.count, text[at] &- 0x30 < 10 {
            let (tens, isOver) = magnitude.multipliedReportingOverflow(by: 10)
            let (sum, isOverToo) = tens.addingReportingOverflow(UInt64(text[at] &- 0x30))
            if isOver || isOverToo { return nil }
            magnitude = sum
            at += 1
        }
        guard at > start, at == text.count || text[at] == UInt8(ascii: " ") || text[at] == UInt8(ascii: ";")
        else { return nil }
        at += 1
        return isNegative
            ? (magnitude <= 1 << 63 ? Int64(truncatingIfNeeded: 0 &- magnitude) : nil)
            : Int64(exactly: magnitude)
    }
}
