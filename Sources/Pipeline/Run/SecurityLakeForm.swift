import Codecs
import Engine
import Exporters
import Store

/// Objects as Amazon Security Lake's custom sources want them: OCSF 1.1.0, one class in a file, nested columns, apart by
/// source, account and day.
///
/// Columns are those of the event store that the class has in OCSF 1.1.0. What an event has beyond them is text in
/// `unmapped`, by JSON Pointer: nothing is left out.
struct SecurityLakeForm: ObjectForm {
    private struct Group: Hashable {
        var classUID: Int
        var account: String
        var day: Int
    }

    private let region: String
    /// Where no event says one.
    private let account: String
    /// The custom source's name and the columns, by class.
    private let sources: [Int: (name: String, plan: ColumnPlan)]
    private let fields: FieldPaths
    private let classSlot: Int
    private let accountSlot: Int

    /// - Parameter sources: the names of custom sources by the class that each has.
    init(region: String, account: String, sources: [Int: String]) throws {
        self.region = region
        self.account = account
        var fields = FieldPaths()
        classSlot = fields.slot(for: "class_uid")
        accountSlot = fields.slot(for: "cloud.account.uid")
        self.fields = fields
        let schema = try OCSFContent.schema(.v1_1_0)
        let plans = try StorePlans.all()
        var known: [Int: (name: String, plan: ColumnPlan)] = [:]
        for (uid, name) in sources {
            guard let structure = schema.eventClass(uid: uid), let plan = plans.first else { continue }
            known[uid] = (
                name, try Self.plan(of: structure, schema, from: uid / 1_000 == 2 ? plans[1] : plan)
            )
        }
        self.sources = known
    }

    var suffix: String { ".parquet" }
    var contentType: String { "application/vnd.apache.parquet" }

    /// The store's columns that a class has in OCSF 1.1.0; those of the store's own stand last, the one left out behind them.
    private static func plan(
        of structure: OCSFSchema.Structure, _ schema: OCSFSchema, from plan: ColumnPlan
    ) throws -> ColumnPlan {
        let own = [ColumnPlan.principalColumn, ColumnPlan.restColumn, ColumnPlan.rawColumn]
        var lines = ""
        for line in plan.lines.split(separator: "\n") {
            let words = line.split(separator: " ")
            let path = String(words[0]).replacing("[]", with: "")
            guard !own.contains(path), let target = try? schema.resolve(path, in: structure, hints: false),
                target.rest.isEmpty
            else { continue }
            lines += "\(words[0]) \(words[1])\n"
        }
        lines += "\(ColumnPlan.rawColumn) text\n\(ColumnPlan.restColumn) json\n"
        return try ColumnPlan(table: plan.table, lines: lines + "\(ColumnPlan.principalColumn) text\n")
    }

    /// Without whom the store files a row under, and the rest by the name that OCSF has for it.
    private static func columns(_ fields: [ParquetSchema.Field]) -> [ParquetSchema.Field] {
        fields.dropLast().map { field in
            field.name == ColumnPlan.restColumn ? .leaf("unmapped", .json) : field
        }
    }

    func pieces(of batch: EventBatch) -> FormedPieces {
        var refused: [Int: String] = [:]
        var groups: [Group: [Int]] = [:]
        var tree = EventTree()
        var found: [FieldPaths.Found] = []
        for (row, event) in batch.events.enumerated() {
            let text = batch.bytes.span.extracting(event.json.range)
            do throws(EventTree.Malformed) { try tree.read(text) } catch {
                refused[row] = "the event cannot be read: \(error.reason)"
                continue
            }
            fields.find(in: tree, of: text, into: &found)
            func value(_ slot: Int) -> String {
                let range = found[slot].isMissing ? 0..<0 : found[slot].range
                let start = Int(event.json.start)
                return String(
                    decoding: batch.bytes[start + range.lowerBound..<start + range.upperBound], as: UTF8.self)
            }
            let uid = Int(value(classSlot)) ?? 0
            guard sources[uid] != nil else {
                refused[row] = "there is no custom source for events of class \(uid) (sources)"
                continue
            }
            let named = value(accountSlot)
            let isAccount = named.utf8.count == 12 && named.utf8.allSatisfy { (0x30...0x39).contains($0) }
            let day = Segment.day(of: event.time.milliseconds)
            groups[Group(classUID: uid, account: isAccount ? named : account, day: day), default: []].append(
                row)
        }
        if !refused.isEmpty { return FormedPieces(refused: refused) }
        var pieces: [ObjectPiece] = []
        let order = groups.keys.sorted {
            ($0.classUID, $0.account, $0.day) < ($1.classUID, $1.account, $1.day)
        }
        for group in order {
            guard let rows = groups[group], let source = sources[group.classUID] else { continue }
            guard let bytes = encoded(rows, of: batch, source.plan, group.day, &refused) else { continue }
            let day = Timestamp(seconds: Int64(group.day) * 86_400).iso8601.prefix(10).replacing(
                "-", with: "")
            pieces.append(
                ObjectPiece(
                    folder: "ext/\(source.name)/region=\(region)/accountId=\(group.account)/eventDay=\(day)",
                    bytes: bytes))
        }
        return FormedPieces(pieces: pieces, refused: refused)
    }

    private func encoded(
        _ rows: [Int], of batch: EventBatch, _ plan: ColumnPlan, _ day: Int, _ refused: inout [Int: String]
    ) -> [UInt8]? {
        var own = EventBatch()
        for row in rows { own.append(batch.events[row], from: batch) }
        let shredder = BatchShredder(plan, level: 3, writtenAs: Self.columns)
        for index in shredder.shred(own, Array(rows.indices)) {
            refused[rows[index]] = "the event cannot be read back from the spool"
        }
        guard let encoded = try? shredder.encode(day) else {
            for row in rows { refused[row] = "the events of the batch cannot be written as Parquet" }
            return nil
        }
        return encoded.bytes
    }
}
