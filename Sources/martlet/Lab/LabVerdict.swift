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
        /// Events that are nowhere: neither there nor in the dead letter.
        var lost: [String] = []
        /// Events said to be accepted that are not there, over those that `lost` names.
        var missing = 0
        var breaches: [String] = []
        var note: String?

        /// Why it does not hold; none where it does.
        var complaints: [String] {
            var complaints: [String] = []
            if !lost.isEmpty {
                let some = lost.prefix(3).joined(separator: ", ") + (lost.count > 3 ? ", …" : "")
                let why =
                    cell.pending > 0
                    ? "it still waits in the spool" : "it was acknowledged, or never queued, and is not there"
                complaints.append("lost \(lost.count) (\(some)): \(why)")
            }
            if missing > 0 {
                complaints.append(
                    "lost \(missing) more: its receiver acknowledged them and does not have them")
            }
            if repeated > cell.resent {
                complaints.append(
                    "came \(repeated) times too often, and the ledger counts \(cell.resent) as sent again")
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
    let records: Int
    private(set) var lines: [Line] = []
    /// What is wrong with the whole.
    private(set) var complaints: [String] = []
    let ledger: Ledger

    init(
        seed: UInt64, _ outcome: FaultLab.Outcome, expected: [String: [String: Int]], of pipeline: LabPipeline
    ) {
        self.seed = seed
        crashes = outcome.crashes
        records = outcome.records
        ledger = outcome.state.ledger
        for entry in pipeline.file.config.exporters.entries {
            lines.append(
                Self.line(
                    entry.name, entry.value.kind, outcome, expected[entry.name] ?? [:],
                    isWhole: pipeline.snapshots.isEmpty))
        }
        if !outcome.hasEnded { complaints.append("it was not done long after all faults had ended") }
        for (name, reason) in outcome.stopped { complaints.append("collector \(name) stopped: \(reason)") }
        for (key, row) in ledger.sorted where !row.isBalanced {
            complaints.append("the ledger does not balance: \(key.feed) \(key.source)")
        }
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
        line.repeated = taken.reduce(0) { sum, event in
            guard let once = expected[event.key] ?? (isWhole ? 1 : nil) else { return sum }
            return sum + max(0, event.value - once)
        }
        line.cell = outcome.state.ledger.total.exporters[name] ?? Ledger.Cell()
        line.lost = expected.keys.filter { taken[$0] == nil && !refused.contains($0) }.sorted()
        // What is compared by number alone, such as a snapshot's items: each accepted event is there at least once.
        let there = taken.values.reduce(0, +)
        line.missing = max(0, line.cell.accepted - there - line.lost.count)
        line.breaches = outcome.breaches[name] ?? []
        line.note = outcome.state.notes["exporter \(name)"]?.text
        return line
    }

    // MARK: Forms

    private static let titles = [
        "exporter", "kind", "expected", "taken", "repeated", "resent", "refused", "pending", "lost",
    ]

    /// The exporters as a table, then what is wrong.
    var text: String {
        let rows =
            [Self.titles]
            + lines.map { line in
                [line.name, line.kind]
                    + [
                        line.expected, line.taken, line.repeated, line.cell.resent, line.cell.refused,
                        line.cell.pending, line.lost.count + line.missing,
                    ].map(String.init)
            }
        let widths = Self.titles.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        var text = ""
        for row in rows {
            let cells = row.indices.map { column in
                let space = String(repeating: " ", count: widths[column] - row[column].count)
                return column < 2 ? row[column] + space : space + row[column]
            }
            text += cells.joined(separator: "  ") + "\n"
        }
        return text + complaintLines.map { $0 + "\n" }.joined()
    }

    var complaintLines: [String] {
        complaints + lines.flatMap { line in line.complaints.map { "\(line.name): \($0)" } }
    }

    var json: String {
        let exporters = lines.map { line in
            "\(quoted(line.name)):{\"kind\":\(quoted(line.kind)),\"expected\":\(line.expected),"
                + "\"taken\":\(line.taken),\"repeated\":\(line.repeated),\"resent\":\(line.cell.resent),"
                + "\"refused\":\(line.cell.refused),\"pending\":\(line.cell.pending),"
                + "\"lost\":\(line.lost.count + line.missing)}"
        }
        return "{\"seed\":\(seed),\"holds\":\(holds),\"crashes\":\(crashes),\"records\":\(records),"
            + "\"exporters\":{\(exporters.joined(separator: ","))},"
            + "\"complaints\":[\(complaintLines.map(quoted).joined(separator: ","))]}"
    }
}
