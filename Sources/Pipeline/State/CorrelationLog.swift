import Codecs
package import Engine
import Exporters
package import Ports

/// The signals that correlations remember, and what they have said, in append-only files: what a restart is rebuilt
/// from.
///
/// Signals are idempotent facts, and a page's are durable before the page is committed; so a page that is done again
/// after a crash adds nothing. A file that was cut by a crash is read as far as it is whole and never continued.
/// `docs/state.md` has the bytes.
package actor CorrelationLog {
    /// 2 since signals say which credential acted.
    package static let formatVersion: UInt32 = 2
    /// Signals in one record when everything is written anew.
    private static let signalsPerRecord = 4_096

    private enum Kind: UInt8 { case signals = 1, told = 2, settled = 3 }

    /// Everything that the files say.
    package struct Content: Sendable {
        package var signals: [CorrelationSignal] = []
        /// In the order in which it was said.
        package var told: [CorrelationTold] = []
        package var frontier = Timestamp.distantPast
        package var settled: [CorrelationSettled] = []
    }

    private let files: RecordFiles
    /// The correlations' definitions, by their place.
    private let definitions: [String]
    private let places: [String: Int32]

    package init(volume: any Volume, correlations: [SigmaCorrelation]) {
        files = RecordFiles(
            .init(folder: "correlation", ending: "mc", magic: "MARTLETC", version: Self.formatVersion),
            in: volume)
        definitions = correlations.map(\.definition)
        places = Dictionary(
            definitions.enumerated().map { ($1, Int32($0)) }, uniquingKeysWith: { first, _ in first })
    }

    /// Bytes in all files.
    package var bytes: Int64 { files.bytes }

    /// Reads what is there. Signals of correlations that are no longer loaded, or now ask something else, are passed
    /// over.
    package func open() async throws(Fault) -> Content {
        var all = Content()
        try await files.open { record in
            switch Kind(rawValue: record.kind) {
            case .signals: all.signals += (try? signals(&record.payload, record.version)) ?? []
            case .told: all.told += (try? told(&record.payload)) ?? []
            case .settled:
                if let (frontier, groups) = try? settled(&record.payload) {
                    all.frontier = max(all.frontier, frontier)
                    all.settled += groups
                }
            case nil: break
            }
        }
        return all
    }

    // MARK: Writing

    /// Durable when it returns.
    package func append(_ signals: [CorrelationSignal], _ told: [CorrelationTold]) async throws(Fault) {
        if signals.isEmpty && told.isEmpty { return }
        try await files.append { () async throws(Fault) in
            try await write(signals[...])
            try await write(told)
        }
    }

    /// Writes everything anew and removes what was there: called when much of it is settled.
    package func replace(with content: Content) async throws(Fault) {
        try await files.replace { () async throws(Fault) in
            var rest = content.signals[...]
            while !rest.isEmpty {
                try await write(rest.prefix(Self.signalsPerRecord))
                rest = rest.dropFirst(Self.signalsPerRecord)
            }
            try await write(content.told)
            try await files.write(Kind.settled.rawValue) { writer in
                writer.put(content.frontier.nanoseconds)
                writer.put(count: content.settled.count)
                for one in content.settled { put(one, into: &writer) }
            }
        }
    }

    private func write(_ signals: ArraySlice<CorrelationSignal>) async throws(Fault) {
        if signals.isEmpty { return }
        try await files.write(Kind.signals.rawValue) { writer in
            writer.put(count: signals.count)
            for signal in signals { put(signal, into: &writer) }
        }
    }

    private func write(_ told: [CorrelationTold]) async throws(Fault) {
        if told.isEmpty { return }
        try await files.write(Kind.told.rawValue) { writer in
            writer.put(count: told.count)
            for one in told { put(one, into: &writer) }
        }
    }

    // MARK: Bytes

    private func put(_ signal: CorrelationSignal, into writer: inout BinaryWriter) {
        writer.put(definitions[Int(signal.correlation)])
        writer.put(count: Int(signal.member))
        writer.put(signal.time.nanoseconds)
        writer.put(bytes: signal.uid)
        writer.put(signal.group)
        writer.put(signal.values)
        writer.put(bytes: signal.actor)
        writer.put(UInt64(signal.acting?.high ?? 0))
        writer.put(UInt64(signal.acting?.low ?? 0))
    }

    private func signals(
        _ reader: inout BinaryReader, _ version: UInt32
    ) throws(BinaryReader.Malformed) -> [CorrelationSignal] {
        var signals: [CorrelationSignal] = []
        for _ in 0..<(try reader.itemCount()) {
            let place = places[try reader.string()]
            let member = try reader.count()
            let time = Timestamp(nanoseconds: try reader.word())
            var signal = CorrelationSignal(
                correlation: place ?? 0, member: Int32(clamping: member), time: time,
                uid: try reader.byteString(), group: try reader.texts())
            signal.values = try reader.texts()
            signal.number = signal.values.first.flatMap { CorrelationSignal.number(in: $0) }
            signal.actor = try reader.byteString()
            if version > 1 {
                let key = CredentialKey(high: try reader.word(), low: try reader.word())
                signal.acting = key == .none ? nil : key
            }
            if place != nil { signals.append(signal) }
        }
        return signals
    }

    private func put(_ told: CorrelationTold, into writer: inout BinaryWriter) {
        writer.put(definitions[Int(told.correlation)])
        writer.put(told.group)
        writer.put(told.uid)
        writer.put(told.time.nanoseconds)
        writer.put(told.digest)
        writer.put(count: Int(told.version))
        writer.put(UInt8(told.stands ? 1 : 0))
    }

    private func put(_ settled: CorrelationSettled, into writer: inout BinaryWriter) {
        writer.put(definitions[Int(settled.correlation)])
        writer.put(settled.group)
        writer.put(UInt8(settled.isOpen ? 1 : 0))
        writer.put((settled.lastTime ?? .distantPast).nanoseconds)
        writer.put(settled.lastUID ?? "")
    }

    private func settled(
        _ reader: inout BinaryReader
    ) throws(BinaryReader.Malformed) -> (Timestamp, [CorrelationSettled]) {
        let frontier = Timestamp(nanoseconds: try reader.word())
        var all: [CorrelationSettled] = []
        for _ in 0..<(try reader.itemCount()) {
            let place = places[try reader.string()]
            let group = try reader.texts()
            let isOpen = try reader.word(UInt8.self) == 1
            let time = Timestamp(nanoseconds: try reader.word())
            let uid = try reader.string()
            guard let place else { continue }
            all.append(
                CorrelationSettled(
                    correlation: place, group: group, isOpen: isOpen,
                    lastTime: time == .distantPast ? nil : time, lastUID: uid.isEmpty ? nil : uid))
        }
        return (frontier, all)
    }

    private func told(_ reader: inout BinaryReader) throws(BinaryReader.Malformed) -> [CorrelationTold] {
        var all: [CorrelationTold] = []
        for _ in 0..<(try reader.itemCount()) {
            let place = places[try reader.string()]
            let group = try reader.texts()
            let uid = try reader.string()
            let time = Timestamp(nanoseconds: try reader.word())
            let digest: UInt64 = try reader.word()
            let version = UInt32(clamping: try reader.count())
            let stands = try reader.word(UInt8.self) == 1
            guard let place else { continue }
            all.append(
                CorrelationTold(
                    correlation: place, group: group, uid: uid, time: time, digest: digest, version: version,
                    stands: stands))
        }
        return all
    }
}

extension BinaryWriter {
    fileprivate mutating func put(_ texts: [[UInt8]]) {
        put(count: texts.count)
        for text in texts { put(bytes: text) }
    }
}

extension BinaryReader {
    fileprivate mutating func texts() throws(Malformed) -> [[UInt8]] {
        var texts: [[UInt8]] = []
        for _ in 0..<(try itemCount()) { texts.append(try byteString()) }
        return texts
    }
}
