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
    package static let formatVersion: UInt32 = 1
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

    private let files: RecordFiles

    package init(volume: any Volume) {
        files = RecordFiles(
            .init(folder: "behaviour", ending: "mb", magic: "MARTLETB", version: Self.formatVersion),
            in: volume)
    }

    package func open() async throws(Fault) -> Content {
        var all = Content()
        var settled: (file: UInt64, bytes: [UInt8]) = (0, [])
        try await files.open { record in
            do throws(BinaryReader.Malformed) {
                switch Kind(rawValue: record.kind) {
                case .facts: try Self.facts(&record.payload, &all)
                case .told: all.told += try Self.told(&record.payload)
                case .settled:
                    if settled.file != record.file { settled = (record.file, []) }
                    let left = try record.payload.count()
                    settled.bytes += try record.payload.byteString()
                    if left == 0 {
                        all.settled = settled.bytes
                        settled.bytes = []
                    }
                case nil: all.damaged += 1
                }
            } catch {
                all.damaged += 1
            }
        }
        return all
    }

    // MARK: Writing

    /// Durable when it returns.
    package func append(_ facts: [EntityDay], _ told: [BehaviourTold]) async throws(Fault) {
        if facts.isEmpty && told.isEmpty { return }
        try await files.append { () async throws(Fault) in
            try await write(facts)
            try await write(told)
        }
    }

    /// Writes everything anew and removes what was there: called when days were settled.
    package func replace(settled: [UInt8], _ facts: [EntityDay], _ told: [BehaviourTold]) async throws(Fault)
    {
        try await files.replace { () async throws(Fault) in
            var at = 0
            repeat {
                let end = min(settled.count, at + Self.settledBytesPerRecord)
                try await files.write(Kind.settled.rawValue) { writer in
                    writer.put(count: settled.count - end)
                    writer.put(bytes: Array(settled[at..<end]))
                }
                at = end
            } while at < settled.count
            try await write(facts)
            try await write(told)
        }
    }

    private func write(_ facts: [EntityDay]) async throws(Fault) {
        var rest = facts[...]
        while !rest.isEmpty {
            let days = rest.prefix(Self.daysPerRecord)
            try await files.write(Kind.facts.rawValue) { writer in
                writer.put(count: days.count)
                for day in days { writer.put(bytes: day.encoded) }
            }
            rest = rest.dropFirst(Self.daysPerRecord)
        }
    }

    private func write(_ told: [BehaviourTold]) async throws(Fault) {
        if told.isEmpty { return }
        try await files.write(Kind.told.rawValue) { writer in
            writer.put(count: told.count)
            for one in told { Self.put(one, into: &writer) }
        }
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
