import Codecs
package import Engine
package import Ports

/// Reads a store whole, and makes its catalog anew where that is lost.
package struct StoreCheck: Sendable {
    package struct Outcome: Sendable {
        package var segments = 0
        package var rows = 0
        /// By path, what is wrong.
        package var problems: [String] = []
    }

    private let plans: [ColumnPlan]
    private let volume: any Volume

    package init(_ plans: [ColumnPlan], _ volume: any Volume) {
        self.plans = plans
        self.volume = volume
    }

    /// Reads every column of every segment that the catalog knows.
    package func verify() async throws(Fault) -> Outcome {
        let catalog = try await CatalogLog.read(volume)
        var outcome = Outcome()
        for segment in catalog.segments {
            guard let plan = plans.first(where: { $0.table == segment.table }) else {
                outcome.problems.append("\(segment.path): the table \(segment.table) is not known")
                continue
            }
            do throws(Fault) {
                guard let bytes = try await volume.length(of: segment.path) else {
                    throw Fault(.malformed, "\(segment.path) is missing: \(segment.rows) rows")
                }
                guard bytes == segment.bytes else {
                    throw Fault(
                        .malformed, "\(segment.path) has \(bytes) bytes, and \(segment.bytes) in the catalog")
                }
                let found = try await Self.read(segment.path, bytes, plan, VolumeSource(volume))
                guard found.rows == segment.rows else {
                    throw Fault(
                        .malformed,
                        "\(segment.path) has \(found.rows) rows, and \(segment.rows) in the catalog")
                }
                outcome.segments += 1
                outcome.rows += found.rows
            } catch {
                outcome.problems.append(error.message)
            }
        }
        for plan in plans {
            for path in try await volume.files(under: plan.table) where catalog[path] == nil {
                // What was replaced stays for a while, and a delivery may be under way.
                if path.hasSuffix(".parquet"), Segment.number(of: path) >= catalog.nextNumber {
                    outcome.problems.append("\(path) is not in the catalog")
                }
            }
        }
        return outcome
    }

    /// Writes a catalog of all segments that are whole. Where a merge was under way, its inputs go.
    package func rebuild(at now: Timestamp) async throws(Fault) -> Outcome {
        var outcome = Outcome()
        var catalog = Catalog()
        var change = Catalog.Change()
        var merged: Set<String> = []
        for plan in plans {
            for path in try await volume.files(under: plan.table) where path.hasSuffix(".parquet") {
                do throws(Fault) {
                    let bytes = try await volume.length(of: path) ?? 0
                    let found = try await Self.read(path, bytes, plan, VolumeSource(volume))
                    var segment = Segment(
                        table: plan.table, day: Segment.day(of: found.from), number: 0, rows: found.rows,
                        bytes: bytes, from: found.from, to: found.to, level: found.level, written: now)
                    segment.path = path
                    change.add.append(segment)
                    merged.formUnion(found.inputs)
                } catch {
                    outcome.problems.append(error.message)
                }
            }
        }
        // What was merged may still be there beside what it was merged into.
        change.add.removeAll { merged.contains(Segment.name(of: $0.path)) }
        outcome.segments = change.add.count
        outcome.rows = change.add.reduce(0) { $0 + $1.rows }
        for path in try await volume.files(under: CatalogLog.folder) { try await volume.remove(path) }
        let log = CatalogLog(volume: volume)
        try await log.commit(change, to: &catalog)
        return outcome
    }

    struct Found {
        var rows = 0
        var from = Int64.max
        var to = Int64.min
        var level = 0
        var inputs: [String] = []
    }

    /// Reads a segment whole, so that every check sum in it is compared.
    static func read(
        _ path: String, _ bytes: Int64, _ plan: ColumnPlan, _ source: any SegmentSource
    ) async throws(Fault) -> Found {
        let file = try await SegmentFile.open(path, bytes: bytes, plan, source)
        var found = Found()
        found.level = file.level
        found.inputs = file.inputs
        for group in 0..<file.groups {
            found.rows += file.rows(in: group)
            for leaf in plan.leaves.indices {
                var column = file.emptyColumn(leaf)
                try await file.read(leaf, group, into: &column)
                try await file.checkIndexes(leaf, group)
                if leaf == plan.time {
                    column.forEachEntry { entry in
                        let time = entry.value >= 0 ? column.word(of: entry.value) : 0
                        found.from = min(found.from, time)
                        found.to = max(found.to, time)
                    }
                }
            }
        }
        return found
    }
}
