package import Engine
import Exporters
package import Ports

/// How one exporter's spool stands on the disk, read without changing anything.
package struct SpoolReport: Hashable, Sendable {
    package struct Segment: Hashable, Sendable {
        package var path: String
        package var bytes: Int64
        /// Rows in those stretches of it that are not all judged.
        package var rows: UInt64
    }

    package var exporter: String
    package var segments: [Segment] = []
    package var pendingRows: UInt64
    /// Rows under way when the journal was read: perhaps accepted.
    package var unjudgedRows: UInt64
    /// When the page of the oldest pending row came.
    package var oldest: Timestamp?
    /// Each frame or stretch that cannot be read back, by file, byte and rows; found by `verify` only.
    package var damage: [String] = []
    /// Rows read back whole; by `verify` only.
    package var rowsRead: UInt64 = 0

    /// Every exporter that the journal knows, and how its spool stands.
    package static func inspect(
        _ volume: any Volume, _ state: JournalState
    ) async throws(Fault) -> [SpoolReport] {
        var reports: [SpoolReport] = []
        for (name, queue) in state.queues.sorted(by: { $0.key < $1.key }) {
            var report = SpoolReport(
                exporter: name, pendingRows: queue.pendingRows,
                unjudgedRows: queue.unjudged.reduce(0) { $0 + UInt64($1.count) })
            let pending = Dictionary(
                grouping: queue.stretches.filter { queue.isPending($0) }, by: \.extent.segment)
            for (number, stretches) in pending.sorted(by: { $0.key < $1.key }) {
                let path = Spool.path(name, number)
                let rows = stretches.reduce(UInt64(0)) { $0 + UInt64($1.extent.rows) }
                guard let bytes = try await volume.length(of: path) else {
                    report.damage.append("\(path) is missing: \(rows) events cannot be read back")
                    continue
                }
                report.segments.append(Segment(path: path, bytes: bytes, rows: rows))
            }
            if let first = queue.nextFree(from: 0, besides: [])?.lowerBound, report.damage.isEmpty {
                var reader = SpoolReader(name, volume: volume)
                var batch = EventBatch()
                let run = try await reader.next(holding: first, in: queue, into: &batch)
                report.oldest = run?.damage == nil ? run?.arrival : nil
            }
            reports.append(report)
        }
        return reports
    }

    /// Reads every pending row back, a frame at a time.
    package static func verify(
        _ volume: any Volume, _ state: JournalState
    ) async throws(Fault) -> [SpoolReport] {
        var reports = try await inspect(volume, state)
        for index in reports.indices {
            // What is missing is found again, with its rows.
            reports[index].damage = []
            guard let queue = state.queues[reports[index].exporter] else { continue }
            var reader = SpoolReader(reports[index].exporter, volume: volume)
            var row: UInt64 = 0
            while let free = queue.nextFree(from: row, besides: []) {
                var batch = EventBatch()
                guard let run = try await reader.next(holding: free.lowerBound, in: queue, into: &batch)
                else { break }
                if let damage = run.damage {
                    reports[index].damage.append(damage)
                } else {
                    reports[index].rowsRead += UInt64(run.rows.clamped(to: free).count)
                }
                row = max(run.rows.upperBound, free.lowerBound + 1)
            }
        }
        return reports
    }
}
