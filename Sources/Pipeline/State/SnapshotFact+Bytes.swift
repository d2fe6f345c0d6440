import Codecs
import Engine

/// A fact about snapshots as bytes, as the log of drift keeps it.
extension SnapshotFact {
    private enum Kind: UInt8 {
        case item = 1
        /// Of IAM, as the first version wrote them: without a service.
        case endOfIAM = 2, judgedOfIAM = 3
        /// As the second wrote them: without a region.
        case endOfWhole = 4, judgedOfWhole = 5
        /// As the third wrote them: without the calls that were refused.
        case endOfRegion = 6, judgedOfRegion = 7
        case end = 8, judged = 9
    }

    func put(into writer: inout BinaryWriter) {
        switch self {
        case .item(let snapshot, let uid, let facts):
            writer.put(Kind.item.rawValue)
            writer.put(snapshot)
            writer.put(uid)
            writer.put(count: facts.count)
            for (key, value) in facts.sorted(by: { $0.key < $1.key }) {
                for text in [key.account, key.subject, key.kind.rawValue, key.part, value] {
                    writer.put(text)
                }
            }
        case .end(let end):
            writer.put(Kind.end.rawValue)
            Self.put(end, into: &writer)
        case .judged(let end):
            writer.put(Kind.judged.rawValue)
            Self.put(end, into: &writer)
        }
    }

    private static func put(_ end: SnapshotEnd, into writer: inout BinaryWriter) {
        writer.put(end.service.rawValue)
        writer.put(end.snapshot)
        writer.put(end.account)
        writer.put(end.part)
        writer.put(end.begun.nanoseconds)
        writer.put(end.taken.nanoseconds)
        writer.put(count: max(0, end.items))
        writer.put(UInt8(end.isComplete ? 1 : 0))
        writer.put(end.scope)
        writer.put(count: end.lacking.count)
        for lack in end.lacking {
            writer.put(lack.operation)
            writer.put(UInt8(lack.isDenied ? 1 : 0))
            writer.put(count: lack.subjects.count)
            for subject in lack.subjects { writer.put(subject) }
        }
    }

    /// `nil` where it says nothing that can be understood.
    init?(_ reader: inout BinaryReader) throws(BinaryReader.Malformed) {
        let kind = Kind(rawValue: try reader.word(UInt8.self))
        switch kind {
        case .item:
            let snapshot = try reader.string()
            let uid = try reader.string()
            var facts: [AccessState.Key: String] = [:]
            for _ in 0..<(try reader.itemCount()) {
                var texts: [String] = []
                for _ in 0..<5 { texts.append(try reader.string()) }
                guard let kind = AccessState.Kind(rawValue: texts[2]) else { continue }
                facts[AccessState.Key(texts[0], texts[1], kind, texts[3])] = texts[4]
            }
            self = .item(snapshot: snapshot, uid: uid, facts: facts)
        case .endOfIAM?, .endOfWhole?, .endOfRegion?, .end?:
            guard let end = try Self.end(&reader, kind) else { return nil }
            self = .end(end)
        case .judgedOfIAM?, .judgedOfWhole?, .judgedOfRegion?, .judged?:
            guard let end = try Self.end(&reader, kind) else { return nil }
            self = .judged(end)
        case nil: return nil
        }
    }

    private static func end(
        _ reader: inout BinaryReader, _ kind: Kind?
    ) throws(BinaryReader.Malformed) -> SnapshotEnd? {
        let isOfIAM = kind == .endOfIAM || kind == .judgedOfIAM
        let service = isOfIAM ? .iam : AccessSnapshot.Service(rawValue: try reader.string())
        let snapshot = try reader.string()
        let account = try reader.string()
        let hasCalls = kind == .end || kind == .judged
        let hasRegion = hasCalls || kind == .endOfRegion || kind == .judgedOfRegion
        let part = hasRegion ? try reader.string() : ""
        let begun = Timestamp(nanoseconds: try reader.word())
        let taken = Timestamp(nanoseconds: try reader.word())
        let items = try reader.count()
        let isComplete = try reader.word(UInt8.self) == 1
        let scope = hasCalls ? try reader.string() : ""
        let lacking = hasCalls ? try Self.lacking(&reader) : []
        return service.map {
            SnapshotEnd(
                snapshot: snapshot, service: $0, account: account, part: part, begun: begun, taken: taken,
                items: items, isComplete: isComplete, lacking: lacking, scope: scope)
        }
    }

    private static func lacking(
        _ reader: inout BinaryReader
    ) throws(BinaryReader.Malformed) -> [SnapshotLack] {
        var lacking: [SnapshotLack] = []
        for _ in 0..<(try reader.itemCount()) {
            let operation = try reader.string()
            let isDenied = try reader.word(UInt8.self) == 1
            var subjects: [String] = []
            for _ in 0..<(try reader.itemCount()) { subjects.append(try reader.string()) }
            lacking.append(SnapshotLack(operation: operation, subjects: subjects, isDenied: isDenied))
        }
        return lacking
    }
}
