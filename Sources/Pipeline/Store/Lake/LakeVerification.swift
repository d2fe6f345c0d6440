package import Exporters

/// What a lake has, compared with what the ledger says it was given.
///
/// The names of an exporter's objects say which rows are in them and how many objects there are of a batch, so a listing
/// is enough: nothing is read. Whether the bytes are what they were is said by the digest in a name and by the store.
package struct LakeVerification: Hashable, Sendable {
    package var exporter: String
    package var objects = 0
    /// Rows that the receiver was given and has judged.
    package var judged: UInt64 = 0
    /// Those of them that an object's name has.
    package var found: UInt64 = 0
    /// Rows that were refused, and so are perhaps in no object.
    package var refused: UInt64 = 0
    /// Judged rows in no object, the first of them.
    package var missing: [Range<UInt64>] = []
    /// Batches of which an object is missing.
    package var incomplete: [String] = []

    package var isComplete: Bool { incomplete.isEmpty && judged - found <= refused }

    /// At most so many stretches and batches are told.
    private static let toldMax = 20

    /// One result for each exporter that has objects among `keys`, by name, and for each of which it is known that it writes
    /// there.
    package static func compare(
        keys: [String], of pipeline: String, queues: [String: SpoolQueue], refused: [String: Int],
        writers: Set<String> = []
    ) -> [LakeVerification] {
        queues.keys.sorted().compactMap { exporter in
            let names = keys.compactMap { ObjectName($0, of: "\(pipeline)-\(exporter)-") }
            guard !names.isEmpty || writers.contains(exporter), let queue = queues[exporter] else {
                return nil
            }
            var result = LakeVerification(exporter: exporter)
            result.objects = names.count
            result.refused = UInt64(refused[exporter] ?? 0)
            result.look(queue, names)
            return result
        }
    }

    private mutating func look(_ queue: SpoolQueue, _ names: [ObjectName]) {
        var parts: [String: (of: Int, there: Set<Int>)] = [:]
        for name in names { parts[name.batch, default: (name.of, [])].there.insert(name.part) }
        incomplete = Array(
            parts.filter { $0.value.there.count < $0.value.of }.keys.sorted().prefix(Self.toldMax))
        var covered: [Range<UInt64>] = []
        for range in names.map(\.rows).sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = covered.last, last.upperBound >= range.lowerBound {
                covered[covered.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                covered.append(range)
            }
        }
        let all = (queue.judgedBelow > 0 ? [0..<queue.judgedBelow] : []) + queue.judgedIslands
        for rows in all {
            judged += UInt64(rows.count)
            var at = rows.lowerBound
            for range in covered where range.overlaps(rows) {
                if at < range.lowerBound { note(at..<range.lowerBound) }
                let shared = range.clamped(to: rows)
                found += UInt64(shared.count)
                at = shared.upperBound
            }
            if at < rows.upperBound { note(at..<rows.upperBound) }
        }
    }

    private mutating func note(_ rows: Range<UInt64>) {
        if missing.count < Self.toldMax { missing.append(rows) }
    }
}

/// An object's name taken apart: `FIRST-LAST[.ROW-COUNT][-PARTofALL]-DIGEST.suffix` behind what it begins with.
private struct ObjectName {
    var rows: Range<UInt64>
    /// What all objects of one batch have in common.
    var batch: String
    var part = 1
    var of = 1

    init?(_ key: String, of prefix: String) {
        guard let name = key.split(separator: "/").last, name.hasPrefix(prefix) else { return nil }
        var words = name.dropFirst(prefix.count).split(separator: "-").map { String($0) }
        // Rows that go again alone are counted inside of their batch: `0-100.7-3`.
        guard words.count >= 3, let first = UInt64(words[0]),
            let last = UInt64(words[1].prefix { $0 != "." }), first < last
        else { return nil }
        rows = first..<last
        words.removeLast()
        if let parts = words.last?.split(separator: "f"), parts.count == 2, parts[0].hasSuffix("o"),
            let part = Int(parts[0].dropLast()), let of = Int(parts[1])
        {
            (self.part, self.of) = (part, of)
            words.removeLast()
        }
        guard words.count == (words[1].contains(".") ? 3 : 2) else { return nil }
        batch = words.joined(separator: "-")
    }
}
