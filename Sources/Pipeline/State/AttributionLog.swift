import Codecs
package import Engine
import Exporters
package import Ports

/// What attribution knows, in append-only files: the acts that told it something new, and from time to time the whole
/// tree in their place.
///
/// Acts are idempotent facts, and a page's are durable before the page is committed; so a page that is done again after
/// a crash adds nothing. A file that was cut by a crash is read as far as it is whole and never continued.
/// `docs/state.md` has the bytes.
package actor AttributionLog {
    package static let formatVersion: UInt32 = 1
    private enum Kind: UInt8 { case acts = 1, treePart = 2, treeEnd = 3 }

    /// One act that told something new, with the event that tells of it.
    private struct Fact {
        var time: Int64
        var uid: [UInt8]
        var act: [UInt8]
    }

    /// A record of acts ends with the one that makes it longer than this: bytes.
    private static let recordBytes = 1 << 20

    private let files: RecordFiles

    package init(volume: any Volume) {
        files = RecordFiles(
            .init(folder: "attribution", ending: "ma", magic: "MARTLETH", version: Self.formatVersion),
            in: volume)
    }

    /// Bytes in all files.
    package var bytes: Int64 { files.bytes }

    /// A tree that knows everything the files say.
    ///
    /// - Parameter tree: what is known without them.
    package func open(into tree: CredentialTree) async throws(Fault) -> CredentialTree {
        var tree = tree
        var parts: (file: UInt64, bytes: [UInt8]) = (0, [])
        try await files.open { record in
            let kind = Kind(rawValue: record.kind)
            if kind == .acts {
                for fact in (try? Self.facts(&record.payload)) ?? [] {
                    _ = tree.take(
                        fact.act.span, 0..<fact.act.count, at: fact.time, uid: fact.uid.span,
                        0..<fact.uid.count)
                }
                return
            }
            guard kind != nil, let part = try? record.payload.raw(record.payload.remaining) else { return }
            if parts.file != record.file { parts = (record.file, []) }
            parts.bytes += part
            if kind == .treeEnd {
                if let saved = try? CredentialTree(parts.bytes) { tree.merge(saved) }
                parts.bytes = []
            }
        }
        return tree
    }

    private static func facts(_ reader: inout BinaryReader) throws(BinaryReader.Malformed) -> [Fact] {
        var facts: [Fact] = []
        for _ in 0..<(try reader.itemCount()) {
            let time: Int64 = try reader.word()
            facts.append(Fact(time: time, uid: try reader.byteString(), act: try reader.byteString()))
        }
        return facts
    }

    // MARK: Writing

    /// Durable when it returns.
    package func append(_ facts: Attributor.Facts) async throws(Fault) {
        if facts.isEmpty { return }
        try await files.append { () async throws(Fault) in
            var rest = facts.rows[...]
            while let first = rest.first {
                let end = first.uid.lowerBound + Self.recordBytes
                let rows = rest.prefix { $0.uid.lowerBound < end }
                try await files.write(Kind.acts.rawValue) { writer in
                    writer.put(count: rows.count)
                    for row in rows {
                        writer.put(row.time)
                        writer.put(bytes: facts.bytes[row.uid])
                        writer.put(bytes: facts.bytes[row.act])
                    }
                }
                rest = rest.dropFirst(rows.count)
            }
        }
    }

    /// Writes a tree piece by piece and removes what was there before; the pieces must tell all that was ever appended.
    ///
    /// - Parameter piece: by their number from 0 on; `nil` behind the last.
    /// - Returns: the bytes of all pieces.
    package func replace(
        with piece: @Sendable (_ number: Int) throws(Fault) -> [UInt8]?
    ) async throws(Fault) -> Int64 {
        var sum: Int64 = 0
        try await files.replace { () async throws(Fault) in
            var number = 0
            while let bytes = try piece(number) {
                try await files.write(Kind.treeEnd.rawValue) { $0.bytes += bytes }
                sum += Int64(bytes.count)
                number += 1
            }
        }
        return sum
    }
}
