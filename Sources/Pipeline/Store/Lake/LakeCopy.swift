package import Engine
package import Ports
package import Store

/// Copies segments between a store and a lake, each once, however often it is run or stopped.
package struct LakeCopy: Sendable {
    package struct Outcome: Hashable, Sendable {
        package var copied = 0
        package var rows = 0
        package var bytes: Int64 = 0
        /// Segments that were there already, or are in what they were merged into.
        package var known = 0
        /// Segments of the lake that were replaced by ones into which they had been merged.
        package var replaced = 0
        /// What could not be copied or removed, and why.
        package var problems: [String] = []

        package init() {}
    }

    private let plans: [ColumnPlan]
    private let times: Range<Int64>

    /// - Parameter times: only segments with rows in this stretch of event time: milliseconds.
    package init(_ plans: [ColumnPlan], times: Range<Int64>) {
        self.plans = plans
        self.times = times
    }

    /// Told of the bytes that are behind us, and of all.
    package typealias Progress = (_ done: Int64, _ of: Int64) -> Void

    // MARK: Export

    /// Puts a store's segments into a lake, a day at a time: its files first, then the catalog that names them, then
    /// what they replace goes.
    package func export(
        _ catalog: Catalog, _ source: any SegmentSource, to lake: any Lake, progress: Progress
    ) async throws(Fault) -> Outcome {
        var outcome = Outcome()
        let there = try await lake.catalog()
        let wanted = catalog.segments.filter { $0.overlaps(times) }
        let total = wanted.reduce(0) { $0 + $1.bytes }
        var done: Int64 = 0
        for (folder, segments) in grouped(wanted) {
            guard let plan = plans.first(where: { folder.hasPrefix("\($0.table)/") }) else { continue }
            let others = Array(there.folders[folder, default: [:]].values)
            var change = Catalog.Change()
            for segment in segments {
                try Self.checkStopped()
                done += segment.bytes
                defer { progress(done, total) }
                let path = Segment.sharedPath(segment.path, of: catalog.id)
                let isThere =
                    if there[path] != nil { true } else {
                        try await isMerged(Segment.name(of: path), into: others, lake, plan)
                    }
                if isThere {
                    outcome.known += 1
                    continue
                }
                do throws(Fault) {
                    let bytes = try await source.read(segment.path, in: 0..<segment.bytes)
                    let names = try await SegmentReader.names(in: bytes, segment.path, plan)
                    _ = try await lake.create(path, bytes)
                    var copy = segment
                    copy.path = path
                    change.add.append(copy)
                    let merged = Set(names.map { Segment.qualified($0, catalog.id) })
                    change.remove += others.map(\.path).filter { merged.contains(Segment.name(of: $0)) }
                    outcome.copied += 1
                    outcome.rows += segment.rows
                    outcome.bytes += segment.bytes
                } catch {
                    guard Self.isOfOne(error) else { throw error }
                    outcome.problems.append(error.message)
                }
            }
            if change.isEmpty { continue }
            try await lake.commit(change)
            outcome.replaced += change.remove.count
            for path in change.remove {
                do throws(Fault) { try await lake.remove(path) } catch {
                    outcome.problems.append("\(path) was replaced and is still there: \(error.message)")
                }
            }
        }
        return outcome
    }

    /// Whether some segment of the lake has the rows of another already.
    private func isMerged(
        _ name: String, into others: [Segment], _ lake: any Lake, _ plan: ColumnPlan
    ) async throws(Fault) -> Bool {
        for other in others.sorted(by: { $0.path < $1.path }) where other.level > 0 {
            let names = try await SegmentReader(other, plan, lake.source).names
            if names.contains(where: { Segment.qualified($0, Self.store(of: other)) == name }) { return true }
        }
        return false
    }

    /// The store that a segment of a lake came from.
    private static func store(of segment: Segment) -> String {
        Segment.name(of: segment.path).split(separator: "-").dropFirst().joined(separator: "-")
    }

    // MARK: Import

    /// Takes a lake's segments into a store. Nothing else may have the store open.
    package func take(
        from lake: any Lake, into store: EventStore, progress: Progress
    ) async throws(Fault) -> Outcome {
        var outcome = Outcome()
        let catalog = try await lake.catalog()
        let wanted = catalog.segments.filter { $0.overlaps(times) }
        let total = wanted.reduce(0) { $0 + $1.bytes }
        var done: Int64 = 0
        try await store.open()
        for (folder, segments) in grouped(wanted) {
            guard let plan = plans.first(where: { folder.hasPrefix("\($0.table)/") }) else {
                outcome.problems.append("\(folder): no such table is known")
                continue
            }
            for segment in segments {
                try Self.checkStopped()
                done += segment.bytes
                defer { progress(done, total) }
                var taken = segment
                taken.path = Segment.sharedPath(segment.path, of: catalog.id)
                do throws(Fault) {
                    if try await store.holds(Segment.name(of: taken.path), in: folder, plan) {
                        outcome.known += 1
                        continue
                    }
                    let bytes = try await lake.source.read(segment.path, in: 0..<segment.bytes)
                    if try await store.take(taken, bytes) {
                        outcome.copied += 1
                        outcome.rows += segment.rows
                        outcome.bytes += segment.bytes
                    } else {
                        outcome.known += 1
                    }
                } catch {
                    guard Self.isOfOne(error) else { throw error }
                    outcome.problems.append(error.message)
                }
            }
        }
        return outcome
    }

    private func grouped(_ segments: [Segment]) -> [(folder: String, segments: [Segment])] {
        var byFolder: [String: [Segment]] = [:]
        for segment in segments { byFolder[Segment.folder(of: segment.path), default: []].append(segment) }
        return byFolder.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// Whether a fault is about one segment, so that the others are still to be copied.
    private static func isOfOne(_ fault: Fault) -> Bool {
        switch fault.kind {
        case .malformed, .rejected: true
        default: false
        }
    }

    private static func checkStopped() throws(Fault) {
        if Task.isCancelled { throw Fault(.cancelled, "stopped") }
    }
}
