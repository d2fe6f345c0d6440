import Codecs
package import Exporters

/// The completeness ledger: what became of everything seen, per feed, source instance and hour of arrival.
///
/// A value folded from the journal, so it balances after any crash. Rows older than `hoursMax` in which nothing is
/// pending are folded into one row per feed and source, at hour `olderHour`: totals are never lost.
package struct Ledger: Hashable, Sendable {
    /// Hours whose rows are kept apart.
    package static let hoursMax: Int64 = 90 * 24
    /// The hour that stands for everything older.
    package static let olderHour: Int64 = -1

    /// What one exporter owes and has delivered of a row's events.
    package struct Cell: Hashable, Sendable {
        package var queued = 0
        /// Left out by the exporter's own filter, or from before the exporter was there.
        package var filtered = 0
        package var accepted = 0
        package var refused = 0
        /// Sent again after perhaps being accepted; outside the balance.
        package var resent = 0

        package var pending: Int { queued - accepted - refused }

        package init() {}
    }

    package struct Row: Hashable, Sendable {
        package var listed = 0
        package var fetched = 0
        package var records = 0
        package var malformed = 0
        package var duplicate = 0
        package var filtered = 0
        package var events = 0
        package var exporters: [String: Cell] = [:]

        package init() {}

        /// Every record is accounted for, and so is every event at every exporter.
        package var isBalanced: Bool {
            records == malformed + duplicate + filtered + events
                && exporters.values.allSatisfy {
                    $0.pending >= 0 && events == $0.accepted + $0.refused + $0.pending + $0.filtered
                }
        }

        package var isSettled: Bool { exporters.values.allSatisfy { $0.pending == 0 } }
    }

    package private(set) var rows: [LedgerKey: Row] = [:]
    private var oldestKept = Int64.min

    package init() {}

    /// By hour, feed and source.
    package var sorted: [(key: LedgerKey, row: Row)] {
        rows.sorted { $0.key < $1.key }.map { (key: $0.key, row: $0.value) }
    }

    package var total: Row {
        var total = Row()
        for row in rows.values { total.add(row) }
        return total
    }

    /// What a page brought to a row: counts, and per exporter how many were queued and how many left out.
    package mutating func add(_ delta: Row, to key: LedgerKey) {
        var row = rows[key] ?? Row()
        row.join(delta)
        rows[key] = row
        foldOldRows(before: key.hour - Self.hoursMax)
    }

    package mutating func resend(_ counts: [LedgerKey: Int], at exporter: String) {
        change(counts, at: exporter) { $0.resent += $1 }
    }

    package mutating func accept(_ counts: [LedgerKey: Int], at exporter: String) {
        change(counts, at: exporter) { $0.accepted += $1 }
    }

    package mutating func refuse(_ counts: [LedgerKey: Int], at exporter: String) {
        change(counts, at: exporter) { $0.refused += $1 }
    }

    private mutating func change(
        _ counts: [LedgerKey: Int], at exporter: String, _ by: (inout Cell, Int) -> Void
    ) {
        for (key, count) in counts where count > 0 {
            by(&rows[key, default: Row()].exporters[exporter, default: Cell()], count)
        }
    }

    /// Looked at once an hour: rows that nothing can change any more become one.
    private mutating func foldOldRows(before hour: Int64) {
        guard hour > oldestKept else { return }
        oldestKept = hour
        for (key, row) in rows where key.hour != Self.olderHour && key.hour < hour && row.isSettled {
            rows[key] = nil
            rows[LedgerKey(feed: key.feed, source: key.source, hour: Self.olderHour), default: Row()].join(
                row)
        }
    }
}

extension Ledger.Row {
    /// Adds another row's counts; where only one of the two knows an exporter, the other's events count as left out
    /// there, so that the balance holds for exporters that come and go.
    mutating func join(_ other: Self) {
        for name in Set(exporters.keys).subtracting(other.exporters.keys) {
            exporters[name]?.filtered += other.events
        }
        for name in other.exporters.keys where exporters[name] == nil {
            exporters[name] = Ledger.Cell()
            exporters[name]?.filtered = events
        }
        add(other)
    }

    mutating func add(_ other: Self) {
        listed += other.listed
        fetched += other.fetched
        records += other.records
        malformed += other.malformed
        duplicate += other.duplicate
        filtered += other.filtered
        events += other.events
        for (name, cell) in other.exporters {
            exporters[name, default: Ledger.Cell()].queued += cell.queued
            exporters[name]?.filtered += cell.filtered
            exporters[name]?.accepted += cell.accepted
            exporters[name]?.refused += cell.refused
            exporters[name]?.resent += cell.resent
        }
    }

    func encode(into writer: inout BinaryWriter) {
        for count in [listed, fetched, records, malformed, duplicate, filtered, events] {
            writer.put(count: count)
        }
        writer.put(count: exporters.count)
        for (name, cell) in exporters.sorted(by: { $0.key < $1.key }) {
            writer.put(name)
            for count in [cell.queued, cell.filtered, cell.accepted, cell.refused, cell.resent] {
                writer.put(count: count)
            }
        }
    }

    init(from reader: inout BinaryReader) throws(BinaryReader.Malformed) {
        listed = try reader.count()
        fetched = try reader.count()
        records = try reader.count()
        malformed = try reader.count()
        duplicate = try reader.count()
        filtered = try reader.count()
        events = try reader.count()
        for _ in 0..<(try reader.itemCount()) {
            let name = try reader.string()
            var cell = Ledger.Cell()
            cell.queued = try reader.count()
            cell.filtered = try reader.count()
            cell.accepted = try reader.count()
            cell.refused = try reader.count()
            cell.resent = try reader.count()
            exporters[name] = cell
        }
    }
}

extension Ledger {
    func encode(into writer: inout BinaryWriter) {
        writer.put(oldestKept)
        writer.put(count: rows.count)
        for (key, row) in sorted {
            writer.put(key)
            row.encode(into: &writer)
        }
    }

    init(from reader: inout BinaryReader) throws(BinaryReader.Malformed) {
        oldestKept = try reader.word()
        for _ in 0..<(try reader.itemCount()) {
            let key = try reader.ledgerKey()
            rows[key] = try Row(from: &reader)
        }
    }
}
