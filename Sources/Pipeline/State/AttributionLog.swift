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
    static let magic: [UInt8] = Array("MARTLETH".utf8)
    package static let formatVersion: UInt32 = 1
    /// A longer record is damage: bytes.
    private static let recordBytesMax = 64 << 20
    /// A tree is cut into records of so many bytes.
    private static let partBytes = 16 << 20

    private enum Kind: UInt8 { case acts = 1, treePart = 2, treeEnd = 3 }

    /// One act that told something new, with the event that tells of it.
    package struct Fact: Hashable, Sendable {
        package var time: Int64
        package var uid: [UInt8]
        /// As the mapping wrote it.
        package var act: [UInt8]
    }

    private let volume: any Volume
    private let turnstile = Turnstile()
    private var file: UInt64 = 0
    private var isBegun = false
    private var old: [String] = []
    /// Bytes in all files.
    package private(set) var bytes: Int64 = 0

    package init(volume: any Volume) { self.volume = volume }

    private static func path(_ file: UInt64) -> String { "attribution/\(hexadecimal(file)).ma" }

    /// Shows the tree everything that the files say.
    package func open(into tree: inout CredentialTree) async throws(Fault) {
        for path in try await volume.files(under: "attribution") {
            guard let number = segmentNumber(path) else { continue }
            file = max(file, number + 1)
            old.append(path)
            let length = try await volume.length(of: path) ?? 0
            bytes += length
            let content = try await volume.read(path, in: 0..<length)
            guard content.starts(with: Self.magic), content.count >= 12 else { continue }
            var reader = BinaryReader(content, in: 8..<content.count)
            guard let version: UInt32 = try? reader.word() else { continue }
            guard version <= Self.formatVersion else {
                throw Fault(
                    .denied,
                    "\(path) was written by a newer Martlet: this one reads format \(Self.formatVersion). Run the "
                        + "newer version, or start afresh with another state folder")
            }
            Self.scan(content, &tree)
        }
    }

    private static func scan(_ content: [UInt8], _ tree: inout CredentialTree) {
        var at = 12
        var parts: [UInt8] = []
        while at + 9 <= content.count {
            var head = BinaryReader(content, in: at..<content.count)
            guard let sum: UInt32 = try? head.word(), let count: UInt32 = try? head.word(),
                let type: UInt8 = try? head.word(), count <= recordBytesMax
            else { return }
            let end = at + 9 + Int(count)
            guard end <= content.count, CRC32C.of(content, in: at + 4..<end) == sum else { return }
            switch Kind(rawValue: type) {
            case .acts:
                var payload = BinaryReader(content, in: at + 9..<end)
                for fact in (try? facts(&payload)) ?? [] {
                    _ = tree.take(
                        fact.act.span, 0..<fact.act.count, at: fact.time, uid: fact.uid.span,
                        0..<fact.uid.count)
                }
            case .treePart: parts += content[at + 9..<end]
            case .treeEnd:
                parts += content[at + 9..<end]
                if let saved = try? CredentialTree(parts) { tree.merge(saved) }
                parts = []
            case nil: break
            }
            at = end
        }
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
    package func append(_ facts: [Fact]) async throws(Fault) {
        if facts.isEmpty { return }
        await turnstile.enter()
        defer { turnstile.leave() }
        var writer = BinaryWriter()
        record(.acts, into: &writer) { writer in
            writer.put(count: facts.count)
            for fact in facts {
                writer.put(fact.time)
                writer.put(bytes: fact.uid)
                writer.put(bytes: fact.act)
            }
        }
        try await write(writer)
    }

    /// Writes the whole tree and removes what was there before; `tree` must know all that was ever appended.
    package func replace(with tree: [UInt8]) async throws(Fault) {
        await turnstile.enter()
        defer { turnstile.leave() }
        var before = old
        if isBegun { before.append(Self.path(file)) }
        file += isBegun ? 1 : 0
        isBegun = false
        old = []
        var rest = tree[...]
        while rest.count > Self.partBytes {
            var writer = BinaryWriter()
            record(.treePart, into: &writer) { $0.bytes += rest.prefix(Self.partBytes) }
            rest = rest.dropFirst(Self.partBytes)
            try await write(writer, isLast: false)
        }
        var writer = BinaryWriter()
        record(.treeEnd, into: &writer) { $0.bytes += rest }
        try await write(writer)
        for path in before {
            bytes -= try await volume.length(of: path) ?? 0
            try await volume.remove(path)
        }
    }

    private func write(_ writer: BinaryWriter, isLast: Bool = true) async throws(Fault) {
        let path = Self.path(file)
        var bytes: [UInt8] = []
        if !isBegun {
            var head = BinaryWriter()
            head.bytes += Self.magic
            head.put(Self.formatVersion)
            bytes += head.bytes
        }
        bytes += writer.bytes
        do throws(Fault) {
            _ = try await volume.append(bytes, to: path)
            self.bytes += Int64(bytes.count)
            if isLast { try await volume.synchronize(path) }
            isBegun = true
        } catch {
            // An unknown part may stand at its end: it is not continued.
            old.append(path)
            file += 1
            isBegun = false
            throw error
        }
    }

    private func record(
        _ kind: Kind, into writer: inout BinaryWriter, _ body: (inout BinaryWriter) -> Void
    ) {
        let start = writer.bytes.count
        writer.put(UInt32(0))
        writer.put(UInt32(0))
        writer.put(kind.rawValue)
        body(&writer)
        writer.replace(at: start + 4, with: UInt32(clamping: writer.bytes.count - start - 9))
        writer.replace(at: start, with: CRC32C.of(writer.bytes, in: start + 4..<writer.bytes.count))
    }
}
