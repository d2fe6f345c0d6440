import Engine
import Exporters
import Pipeline
import Ports

/// What a run in the fault lab came to: for each exporter what was lost, what came twice, and why.
struct LabVerdict: Sendable {
    struct Line: Sendable {
        var name: String
        var kind: String
        /// Events that its receiver has to have.
        var expected = 0
        /// Different events that it has.
        var taken = 0
        /// Events too many: what it has more often than without faults.
        var repeated = 0
        var cell = Ledger.Cell()
        /// Events that it has and no run without faults would have given it.
        var more: [String] = []
        /// Events that are nowhere: neither there nor in the dead letter.
        var lost: [String] = []
        /// Events said to be accepted that are not there, over those that `lost` names.
        var missing = 0
        var breaches: [String] = []
        var note: String?
        /// What went wrong at its receiver.
        var faults = 0
        /// Whether its receiver tells an event that it has from a new one.
        var isIdempotent = false
        /// Some of the events that came too often.
        var examples: [String] = []

        mutating func add(_ other: Line) {
            faults += other.faults
            expected += other.expected
            taken += other.taken
            repeated += other.repeated
            more += other.more
            cell.queued += other.cell.queued
            cell.accepted += other.cell.accepted
            cell.resent += other.cell.resent
            cell.refused += other.cell.refused
            lost += other.lost
            missing += other.missing
        }

        private func some(_ uids: [String]) -> String {
            uids.prefix(3).joined(separator: ", ") + (uids.count > 3 ? ", …" : "")
        }

        /// Why it does not hold; none where it does.
        var complaints: [String] {
            var complaints: [String] = []
            if !lost.isEmpty {
                let why =
                    cell.pending > 0
                    ? "it still waits in the spool" : "it was acknowledged, or never queued, and is not there"
                complaints.append("lost \(lost.count) (\(some(lost))): \(why)")
            }
            if missing > 0 {
                complaints.append(
                    "lost \(missing) more: its receiver acknowledged them and does not have them")
            }
            if isIdempotent, repeated > 0 {
                complaints.append(
                    "came \(repeated) times too often (\(some(examples))) to a receiver that keeps each event once"
                )
            }
            if repeated > cell.resent {
                complaints.append(
                    "came \(repeated) times too often (\(some(examples))), and the ledger counts \(cell.resent) as sent again"
                )
            }
            if cell.pending > 0 {
                complaints.append("\(cell.pending) still wait\(note.map { ": \($0)" } ?? "")")
            }
            for breach in Set(breaches).sorted().prefix(3) {
                complaints.append("its receiver could not read it: \(breach)")
            }
            return complaints
        }
    }

    let seed: UInt64
    let crashes: Int
    let diskFaults: Int
    let clockJumps: Int
    let records: Int
    private(set) var lines: [Line] = []
    /// What is wrong with the whole.
    private(set) var complaints: [String] = []
    /// What is right, and not to be expected.
    private(set) var remarks: [String] = []
    let ledger: Ledger

    init(
        seed: UInt64, _ outcome: FaultLab.Outcome, expected: [String: [String: Int]], of pipeline: LabPipeline
    ) {
        self.seed = seed
        crashes = outcome.crashes
        diskFaults = outcome.diskFaults
        clockJumps = outcome.clockJumps
        records = outcome.records
        ledger = outcome.state.ledger
        var exporters = pipeline.file.config.exporters.entries.map { ($0.name, $0.value.kind) }
        if pipeline.file.config.store.enabled {
            exporters.append((StoreConfig.exporterName, StoreConfig.exporterName))
        }
        for (name, kind) in exporters {
            lines.append(
                Self.line(
                    name, kind, outcome, expected[name] ?? [:], isWhole: pipeline.snapshots.isEmpty))
        }
        if !outcome.hasEnded { complaints.append("it was not done long after all faults had ended") }
        for (name, reason) in outcome.stopped { complaints.append("collector \(name) stopped: \(reason)") }
        for (key, row) in ledger.sorted where !row.isBalanced {
            complaints.append("the ledger does not balance: \(key.feed) \(key.source)")
        }
        judgeMore(outcome.findings)
    }

    /// Says what the events are that no run without faults has: findings that were told while something was late, mostly,
    /// and taken back when it had come.
    private mutating func judgeMore(_ findings: [String: LabFinding]) {
        let uids = Set(lines.flatMap(\.more))
        guard !uids.isEmpty else { return }
        let known = uids.compactMap { findings[$0] }
        let takenBack = known.filter(\.isTakenBack)
        if !takenBack.isEmpty {
            remarks.append(
                "\(takenBack.count) more than without faults: findings told while events were late, and taken back when "
                    + "they had come (\(Self.titles(takenBack)))")
        }
        let standing = known.filter { !$0.isTakenBack }
        if !standing.isEmpty {
            remarks.append("\(standing.count) more than without faults: findings (\(Self.titles(standing)))")
        }
        let others = uids.filter { findings[$0] == nil }.sorted()
        if !others.isEmpty {
            remarks.append(
                "\(others.count) more than without faults (\(others.prefix(3).joined(separator: ", ")))")
        }
    }

    /// What findings are about, the most frequent first.
    private static func titles(_ findings: [LabFinding]) -> String {
        var counts: [String: Int] = [:]
        for finding in findings { counts[finding.title, default: 0] += 1 }
        let sorted = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        return sorted.prefix(3).map { "\($0.value) “\($0.key)”" }.joined(separator: ", ")
            + (sorted.count > 3 ? ", …" : "")
    }

    var holds: Bool { complaints.isEmpty && lines.allSatisfy { $0.complaints.isEmpty } }

    /// - Parameter isWhole: whether `expected` has every event; else it says nothing of those that it does not have.
    private static func line(
        _ name: String, _ kind: String, _ outcome: FaultLab.Outcome, _ expected: [String: Int], isWhole: Bool
    ) -> Line {
        var line = Line(name: name, kind: kind)
        let taken = outcome.taken[name] ?? [:]
        let refused = Set(outcome.dead.filter { $0.exporter == name }.map(\.uid))
        line.expected = expected.count
        line.taken = taken.count
        line.cell = outcome.state.ledger.total.exporters[name] ?? Ledger.Cell()
        // A finding is told anew when more becomes known of it: of those together as many as were accepted.
        let likeFindings = taken.filter { isLikeFinding($0.key) }
        let versions = line.cell.accepted - (taken.count - likeFindings.count)
        line.repeated = max(0, likeFindings.values.reduce(0, +) - max(versions, likeFindings.count))
        for (uid, count) in taken.sorted(by: { $0.key < $1.key }) where likeFindings[uid] == nil {
            guard let once = expected[uid] ?? (isWhole ? 1 : nil), count > once else { continue }
            line.repeated += count - once
            line.examples.append(uid)
        }
        if isWhole { line.more = taken.keys.filter { expected[$0] == nil }.sorted() }
        line.lost = expected.keys.filter { taken[$0] == nil && !refused.contains($0) }.sorted()
        // What is compared by number alone, such as a snapshot's items: each accepted event is there at least once.
        let there = taken.values.reduce(0, +)
        // Of the store's, the oldest go when their time has come.
        let isKept = name != StoreConfig.exporterName
        line.missing = isKept ? max(0, line.cell.accepted - there - line.lost.count) : 0
        line.breaches = outcome.breaches[name] ?? []
        line.note = outcome.state.notes["exporter \(name)"]?.text
        line.faults = outcome.faults[name] ?? 0
        line.isIdempotent = Self.keepsOnce.contains(kind)
        return line
    }

    /// A finding's uid is a UUID, as some records' are.
    private static func isLikeFinding(_ uid: String) -> Bool {
        uid.utf8.count == 36 && uid.split(separator: "-").map(\.utf8.count) == [8, 4, 4, 4, 12]
    }

    /// Kinds of receivers that say that nothing is there twice, whatever is sent again.
    static let keepsOnce = Set(
        ExporterKind.all.filter { kind in
            kind.repeats.hasPrefix("None") && !kind.repeats.contains("within a run")
                && !kind.repeats.contains("where")
        }.map(\.name) + [StoreConfig.exporterName])

    // MARK: Forms

    private static let titles = [
        "exporter", "kind", "faults", "expected", "taken", "more", "repeated", "resent", "refused", "pending",
        "lost",
    ]

    /// The exporters as a table, then what is wrong.
    var text: String { Self.table(lines) + (remarks + complaintLines).map { $0 + "\n" }.joined() }

    /// The exporters of many runs as one table.
    static func sum(_ verdicts: [LabVerdict]) -> String {
        var sums: [Line] = []
        for line in verdicts.flatMap(\.lines) {
            guard let place = sums.firstIndex(where: { $0.name == line.name }) else {
                sums.append(line)
                continue
            }
            sums[place].add(line)
        }
        return table(sums)
    }

    private static func table(_ lines: [Line]) -> String {
        let rows =
            [titles]
            + lines.map { line in
                [line.name, line.kind]
                    + [
                        line.faults, line.expected, line.taken, line.more.count, line.repeated,
                        line.cell.resent,
                        line.cell.refused, line.cell.pending, line.lost.count + line.missing,
                    ].map(String.init)
            }
        let widths = titles.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        var text = ""
        for row in rows {
            let cells = row.indices.map { column in
                let space = String(repeating: " ", count: widths[column] - row[column].count)
                return column < 2 ? row[column] + space : space + row[column]
            }
            text += cells.joined(separator: "  ") + "\n"
        }
        return text
    }

    var complaintLines: [String] {
        complaints + lines.flatMap { line in line.complaints.map { "\(line.name): \($0)" } }
    }

    var json: String {
        let exporters = lines.map { line in
            "\(quoted(line.name)):{\"kind\":\(quoted(line.kind)),\"faults\":\(line.faults),\"expected\":\(line.expected),"
                + "\"taken\":\(line.taken),\"more\":\(line.more.count),\"repeated\":\(line.repeated),\"resent\":\(line.cell.resent),"
                + "\"refused\":\(line.cell.refused),\"pending\":\(line.cell.pending),"
                + "\"lost\":\(line.lost.count + line.missing)}"
        }
        return "{\"seed\":\(seed),\"holds\":\(holds),\"crashes\":\(crashes),\"records\":\(records),"
            + "\"disk_faults\":\(diskFaults),\"clock_jumps\":\(clockJumps),"
            + "\"exporters\":{\(exporters.joined(separator: ","))},"
            + "\"remarks\":[\(remarks.map(quoted).joined(separator: ","))],"
            + "\"complaints\":[\(complaintLines.map(quoted).joined(separator: ","))]}"
    }
}
