import Codecs
package import Engine
import Exporters
package import Ports

/// The changes of access that drift remembers and what was said of them, in append-only files: what a restart is rebuilt
/// from.
///
/// A change taken twice is one change, and a page's are durable before the page is committed. `docs/state.md` has the
/// bytes.
package actor DriftLog {
    package static let formatVersion: UInt32 = 1
    private static let perRecord = 4_096

    private enum Kind: UInt8 { case facts = 1, told = 2, grants = 3, snapshots = 4 }

    package struct Content: Sendable {
        package var facts: [Drift.Fact] = []
        package var grants: [GrantFact] = []
        package var snapshots: [SnapshotFact] = []
        /// In the order in which it was said.
        package var told: [DriftTold] = []
        /// Records that say nothing that can be understood.
        package var damaged = 0

        package init(
            facts: [Drift.Fact] = [], grants: [GrantFact] = [], snapshots: [SnapshotFact] = [],
            told: [DriftTold] = []
        ) {
            self.facts = facts
            self.grants = grants
            self.snapshots = snapshots
            self.told = told
        }

        var isEmpty: Bool { facts.isEmpty && grants.isEmpty && snapshots.isEmpty && told.isEmpty }
    }

    private let files: RecordFiles

    package init(volume: any Volume) {
        files = RecordFiles(
            .init(folder: "drift", ending: "md", magic: "MARTLETD", version: Self.formatVersion), in: volume)
    }

    package var bytes: Int64 { files.bytes }

    package func open() async throws(Fault) -> Content {
        var all = Content()
        try await files.open { record in
            do throws(BinaryReader.Malformed) {
                try Self.read(&record.payload, record.kind, into: &all)
            } catch {
                all.damaged += 1
            }
        }
        return all
    }

    private static func read(
        _ payload: inout BinaryReader, _ kind: UInt8, into all: inout Content
    ) throws(BinaryReader.Malformed) {
        func items<Item>(
            _ items: inout [Item], _ read: (inout BinaryReader) throws(BinaryReader.Malformed) -> Item?
        ) throws(BinaryReader.Malformed) {
            for _ in 0..<(try payload.itemCount()) {
                if let item = try read(&payload) { items.append(item) } else { all.damaged += 1 }
            }
        }
        switch Kind(rawValue: kind) {
        case .facts: try items(&all.facts, fact)
        case .grants:
            try items(&all.grants) { (bytes) throws(BinaryReader.Malformed) in try GrantFact(&bytes) }
        case .snapshots:
            try items(&all.snapshots) { (bytes) throws(BinaryReader.Malformed) in try SnapshotFact(&bytes) }
        case .told: try items(&all.told, told)
        case nil: all.damaged += 1
        }
    }

    // MARK: Writing

    /// Durable when it returns.
    package func append(_ news: Content) async throws(Fault) {
        if news.isEmpty { return }
        try await files.append { () async throws(Fault) in try await write(news) }
    }

    /// Writes everything anew and removes what was there.
    package func replace(_ all: Content) async throws(Fault) {
        try await files.replace { () async throws(Fault) in try await write(all) }
    }

    private func write(_ content: Content) async throws(Fault) {
        try await write(.facts, content.facts) { Self.put($0, into: &$1) }
        try await write(.grants, content.grants) { $0.put(into: &$1) }
        try await write(.snapshots, content.snapshots) { $0.put(into: &$1) }
        try await write(.told, content.told) { Self.put($0, into: &$1) }
    }

    private func write<Item>(
        _ kind: Kind, _ items: [Item], _ put: (Item, inout BinaryWriter) -> Void
    ) async throws(Fault) {
        var rest = items[...]
        while !rest.isEmpty {
            let part = rest.prefix(Self.perRecord)
            try await files.write(kind.rawValue) { writer in
                writer.put(count: part.count)
                for item in part { put(item, &writer) }
            }
            rest = rest.dropFirst(Self.perRecord)
        }
    }

    // MARK: Bytes

    private static func put(_ fact: Drift.Fact, into writer: inout BinaryWriter) {
        let (key, entry) = (fact.change.key, fact.change.entry)
        for text in [
            fact.provider, key.account, key.subject, key.kind.rawValue, key.part, entry.uid, entry.actor,
            entry.operation,
        ] { writer.put(text) }
        writer.put(entry.time.nanoseconds)
        writer.put(entry.unseenSince?.nanoseconds ?? .max)
        for text in [entry.value, entry.human] {
            writer.put(UInt8(text == nil ? 0 : 1))
            if let text { writer.put(text) }
        }
    }

    private static func put(_ one: DriftTold, into writer: inout BinaryWriter) {
        writer.put(one.subject.account)
        writer.put(one.subject.name)
        writer.put(one.uid)
        writer.put(UInt8(one.code.rawValue))
        writer.put(one.time.nanoseconds)
        writer.put(count: Int(one.version))
        writer.put(one.state.rawValue)
    }

    private static func fact(_ reader: inout BinaryReader) throws(BinaryReader.Malformed) -> Drift.Fact? {
        let provider = try reader.string()
        let account = try reader.string()
        let subject = try reader.string()
        let kind = AccessState.Kind(rawValue: try reader.string())
        let part = try reader.string()
        let uid = try reader.string()
        let actor = try reader.string()
        let operation = try reader.string()
        let time = Timestamp(nanoseconds: try reader.word())
        let since: Int64 = try reader.word()
        var texts: [String?] = []
        for _ in 0..<2 { texts.append(try reader.word(UInt8.self) == 1 ? try reader.string() : nil) }
        guard let kind else { return nil }
        let entry = AccessState.Entry(
            time: time, uid: uid, value: texts[0], actor: actor, operation: operation,
            unseenSince: since == .max ? nil : Timestamp(nanoseconds: since), human: texts[1])
        return Drift.Fact(
            provider: provider,
            change: AccessState.Change(AccessState.Key(account, subject, kind, part), entry))
    }

    private static func told(_ reader: inout BinaryReader) throws(BinaryReader.Malformed) -> DriftTold? {
        let account = try reader.string()
        let name = try reader.string()
        let uid = try reader.string()
        let code = DriftCode(rawValue: Int(try reader.word(UInt8.self)))
        let time = Timestamp(nanoseconds: try reader.word())
        let version = UInt32(clamping: try reader.count())
        let state = DriftTold.State(rawValue: try reader.word(UInt8.self))
        guard let code, let state else { return nil }
        return DriftTold(
            subject: AccessState.Subject(account: account, name: name), uid: uid, code: code, time: time,
            version: version, state: state)
    }
}
