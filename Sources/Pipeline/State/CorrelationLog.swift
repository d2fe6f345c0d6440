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
    static let magic: [UInt8] = Array("MARTLETC".utf8)
    package static let formatVersion: UInt32 = 2
    /// A longer record is damage: bytes.
    private static let recordBytesMax = 64 << 20
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

    private let volume: any Volume
    /// The correlations' definitions, by their place.
    private let definitions: [String]
    private let places: [String: Int32]
    private let turnstile = Turnstile()
    private var file: UInt64 = 0
    private var isBegun = false
    private var old: [String] = []
    /// Bytes in all files.
    package private(set) var bytes: Int64 = 0

    package init(volume: any Volume, correlations: [SigmaCorrelation]) {
        self.volume = volume
        definitions = correlations.map(\.definition)
        places = Dictionary(
            definitions.enumerated().map { ($1, Int32($0)) }, uniquingKeysWith: { first, _ in first })
    }

    private static func path(_ file: UInt64) -> String { "correlation/\(hexadecimal(file)).mc" }

    /// Reads what is there. Signals of correlations that are no longer loaded, or now ask something else, are passed
    /// over.
    package func open() async throws(Fault) -> Content {
        var all = Content()
        for path in try await volume.files(under: "correlation") {
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
            scan(content, version, &all)
        }
        return all
    }

    private func scan(_ content: [UInt8], _ version: UInt32, _ all: inout Content) {
        var at = 12
        while at + 9 <= content.count {
            var head = BinaryReader(content, in: at..<content.count)
            guard let sum: UInt32 = try? head.word(), let count: UInt32 = try? head.word(),
                let type: UInt8 = try? head.word(), count <= Self.recordBytesMax
            else { return }
            let end = at + 9 + Int(count)
            guard end <= content.count, CRC32C.of(content, in: at + 4..<end) == sum else { return }
            var payload = BinaryReader(content, in: at + 9..<end)
            switch Kind(rawValue: type) {
            case .signals: all.signals += (try? signals(&payload, version)) ?? []
            case .told: all.told += (try? told(&payload)) ?? []
            case .settled:
                if let (frontier, groups) = try? settled(&payload) {
                    all.frontier = max(all.frontier, frontier)
                    all.settled += groups
                }
            case nil: break
            }
            at = end
        }
    }

    // MARK: Writing

    /// Durable when it returns.
    package func append(_ signals: [CorrelationSignal], _ told: [CorrelationTold]) async throws(Fault) {
        if signals.isEmpty && told.isEmpty { return }
        await turnstile.enter()
        defer { turnstile.leave() }
        var writer = BinaryWriter()
        put(signals, told, into: &writer)
        try await write(writer)
    }

    /// Writes everything anew and removes what was there: called when much of it is settled.
    package func replace(with content: Content) async throws(Fault) {
        await turnstile.enter()
        defer { turnstile.leave() }
        var before = old
        if isBegun { before.append(Self.path(file)) }
        file += isBegun ? 1 : 0
        isBegun = false
        old = []
        var rest = content.signals[...]
        while !rest.isEmpty {
            var writer = BinaryWriter()
            put(Array(rest.prefix(Self.signalsPerRecord)), [], into: &writer)
            rest = rest.dropFirst(Self.signalsPerRecord)
            try await write(writer, isLast: false)
        }
        var writer = BinaryWriter()
        put([], content.told, into: &writer)
        record(.settled, into: &writer) { writer in
            writer.put(content.frontier.nanoseconds)
            writer.put(count: content.settled.count)
            for one in content.settled { put(one, into: &writer) }
        }
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

    private func put(
        _ signals: [CorrelationSignal], _ told: [CorrelationTold], into writer: inout BinaryWriter
    ) {
        if !signals.isEmpty {
            record(.signals, into: &writer) { writer in
                writer.put(count: signals.count)
                for signal in signals { put(signal, into: &writer) }
            }
        }
        if !told.isEmpty {
            record(.told, into: &writer) { writer in
                writer.put(count: told.count)
                for one in told { put(one, into: &writer) }
            }
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
