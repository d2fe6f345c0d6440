import Codecs
package import Engine
import Exporters
package import Ports

/// The facts that baselines remember, what is settled, and what was said, in append-only files: what a restart is
/// rebuilt from.
///
/// Facts are idempotent, and a page's are durable before the page is committed; so a page that is done again after a
/// crash adds nothing. A file that was cut by a crash is read as far as it is whole and never continued.
/// `docs/state.md` has the bytes.
package actor BehaviourLog {
    static let magic: [UInt8] = Array("MARTLETB".utf8)
    package static let formatVersion: UInt32 = 1
    /// A longer record is damage: bytes.
    private static let recordBytesMax = 64 << 20
    /// Days of identities, and bytes of what is settled, in one record.
    private static let daysPerRecord = 4_096
    private static let settledBytesPerRecord = 8 << 20

    private enum Kind: UInt8 { case facts = 1, told = 2, settled = 3 }

    /// Everything that the files say.
    package struct Content: Sendable {
        /// The newest that is whole.
        package var settled: [UInt8]?
        package var facts: [EntityDay] = []
        /// In the order in which it was said.
        package var told: [BehaviourTold] = []
        /// Records that say nothing that can be understood.
        package var damaged = 0
    }

    private let volume: any Volume
    private let turnstile = Turnstile()
    private var file: UInt64 = 0
    private var isBegun = false
    private var old: [String] = []
    /// Bytes in all files.
    package private(set) var bytes: Int64 = 0

    package init(volume: any Volume) { self.volume = volume }

    private static func path(_ file: UInt64) -> String { "behaviour/\(hexadecimal(file)).mb" }

    package func open() async throws(Fault) -> Content {
        var all = Content()
        for path in try await volume.files(under: "behaviour") {
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
            Self.scan(content, &all)
        }
        return all
    }

    private static func scan(_ content: [UInt8], _ all: inout Content) {
        var at = 12
        var settled: [UInt8] = []
        while at + 9 <= content.count {
            var head = BinaryReader(content, in: at..<content.count)
            guard let sum: UInt32 = try? head.word(), let count: UInt32 = try? head.word(),
                let type: UInt8 = try? head.word(), count <= recordBytesMax
            else { return }
            let end = at + 9 + Int(count)
            guard end <= content.count, CRC32C.of(content, in: at + 4..<end) == sum else { return }
            var payload = BinaryReader(content, in: at + 9..<end)
            do throws(BinaryReader.Malformed) {
                switch Kind(rawValue: type) {
                case .facts: try facts(&payload, &all)
                case .told: all.told += try told(&payload)
                case .settled:
                    let left = try payload.count()
                    settled += try payload.byteString()
                    if left == 0 {
                        all.settled = settled
                        settled = []
                    }
                case nil: all.damaged += 1
                }
            } catch {
                all.damaged += 1
            }
            at = end
        }
    }

    // MARK: Writing

    /// Durable when it returns.
    package func append(_ facts: [EntityDay], _ told: [BehaviourTold]) async throws(Fault) {
        if facts.isEmpty && told.isEmpty { return }
        await turnstile.enter()
        defer { turnstile.leave() }
        var rest = facts[...]
        while rest.count > Self.daysPerRecord {
            var writer = BinaryWriter()
            put(rest.prefix(Self.daysPerRecord), [], into: &writer)
            rest = rest.dropFirst(Self.daysPerRecord)
            try await write(writer, isLast: false)
        }
        var writer = BinaryWriter()
        put(rest, told, into: &writer)
        try await write(writer)
    }

    /// Writes everything anew and removes what was there: called when days were settled.
    package func replace(settled: [UInt8], _ facts: [EntityDay], _ told: [BehaviourTold]) async throws(Fault)
    {
        await turnstile.enter()
        defer { turnstile.leave() }
        var before = old
        if isBegun { before.append(Self.path(file)) }
        file += isBegun ? 1 : 0
        isBegun = false
        old = []
        var at = 0
        repeat {
            let end = min(settled.count, at + Self.settledBytesPerRecord)
            var writer = BinaryWriter()
            record(.settled, into: &writer) { writer in
                writer.put(count: settled.count - end)
                writer.put(bytes: Array(settled[at..<end]))
            }
            try await write(writer, isLast: false)
            at = end
        } while at < settled.count
        var rest = facts[...]
        while !rest.isEmpty {
            var writer = BinaryWriter()
            put(rest.prefix(Self.daysPerRecord), [], into: &writer)
            rest = rest.dropFirst(Self.daysPerRecord)
            try await write(writer, isLast: false)
        }
        var writer = BinaryWriter()
        put([], told, into: &writer)
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
            isBegun = true
            if isLast { try await volume.synchronize(path) }
        } catch {
            // An unknown part may stand at its end: it is not continued.
            old.append(path)
            file += 1
            isBegun = false
            throw error
        }
    }

    private func put(_ facts: ArraySlice<EntityDay>, _ told: [BehaviourTold], into writer: inout BinaryWriter)
    {
        if !facts.isEmpty {
            record(.facts, into: &writer) { writer in
                writer.put(count: facts.count)
                for day in facts { writer.put(bytes: day.encoded) }
            }
        }
        if !told.isEmpty {
            record(.told, into: &writer) { writer in
                writer.put(count: told.count)
                for one in told { Self.put(one, into: &writer) }
            }
        }
    }

    private func record(_ kind: Kind, into writer: inout BinaryWriter, _ body: (inout BinaryWriter) -> Void) {
        let start = writer.bytes.count
        writer.put(UInt32(0))
        writer.put(UInt32(0))
        writer.put(kind.rawValue)
        body(&writer)
        writer.replace(at: start + 4, with: UInt32(clamping: writer.bytes.count - start - 9))
        writer.replace(at: start, with: CRC32C.of(writer.bytes, in: start + 4..<writer.bytes.count))
    }

    // MARK: Bytes

    private static func facts(_ reader: inout BinaryReader, _ all: inout Content) throws(BinaryReader
        .Malformed)
    {
        for _ in 0..<(try reader.itemCount()) {
            if let day = EntityDay(encoded: try reader.byteString()) {
                all.facts.append(day)
            } else {
                all.damaged += 1
            }
        }
    }

    private static func put(_ told: BehaviourTold, into writer: inout BinaryWriter) {
        writer.put(told.uid)
        writer.put(Int64(told.day))
        writer.put(told.time.nanoseconds)
        writer.put(told.digest)
        writer.put(count: Int(told.version))
        writer.put(UInt8(told.stands ? 1 : 0))
    }

    private static func told(_ reader: inout BinaryReader) throws(BinaryReader.Malformed) -> [BehaviourTold] {
        var all: [BehaviourTold] = []
        for _ in 0..<(try reader.itemCount()) {
            let uid = try reader.string()
            let day: Int64 = try reader.word()
            let time = Timestamp(nanoseconds: try reader.word())
            let digest: UInt64 = try reader.word()
            let version = UInt32(clamping: try reader.count())
            all.append(
                BehaviourTold(
                    uid: uid, day: Int32(clamping: day), time: time, digest: digest, version: version,
                    stands: try reader.word(UInt8.self) == 1))
        }
        return all
    }
}
