import Codecs
package import Engine
import Exporters
package import Ports
package import Store

/// Pipelines' stores as somebody beside them reads them: the segments, and what is on its way to one.
package enum StoreAccess {
    /// Events that are in no segment yet are read up to this many; a store that is further behind says so.
    package static let recentMax = 200_000
    /// Made into one segment in memory.
    private static let recentAtOnce = 20_000

    package struct Opened: Sendable {
        package var parts: [StoreReader.Part]
        package var catalog: Catalog
        /// Events that are not in a segment and were left out.
        package var leftOut = 0
        /// What of the spool cannot be read.
        package var problems: [String] = []
    }

    /// A store without a pipeline's state: only what is in segments.
    package static func open(_ volume: any Volume, at folder: String) async throws(Fault) -> Opened {
        let catalog = try await CatalogLog.read(volume)
        return Opened(
            parts: [
                StoreReader.Part(
                    segments: catalog.segments,
                    source: VolumeSource(volume),
                    folder: folder)
            ], catalog: catalog)
    }

    /// A pipeline's store. The journal is to be read before: what moves to a segment meanwhile is then not missed.
    package static func open(
        _ volume: any Volume, at folder: String, state: JournalState, _ stateVolume: any Volume,
        _ plans: [ColumnPlan]
    ) async throws(Fault) -> Opened {
        var opened = try await open(volume, at: folder)
        guard let queue = state.queues[StoreConfig.exporterName] else { return opened }
        let stored = opened.catalog.batches.compactMap { rows(of: $0.id) }
        var reader = SpoolReader(StoreConfig.exporterName, volume: stateVolume)
        var batch = EventBatch()
        var row: UInt64 = 0
        var taken = 0
        while let free = queue.nextFree(from: row, besides: stored) {
            if taken >= recentMax {
                opened.leftOut = Int(clamping: queue.pendingRows) - taken
                break
            }
            var found = EventBatch()
            guard let run = try await reader.next(holding: free.lowerBound, in: queue, into: &found) else {
                break
            }
            if let damage = run.damage { opened.problems.append(damage) }
            let wanted = run.rows.clamped(to: free)
            for number in wanted where run.damage == nil {
                batch.append(found.events[Int(number - run.rows.lowerBound)], from: found)
            }
            taken += wanted.count
            row = max(wanted.upperBound, free.lowerBound + 1)
            if batch.count >= recentAtOnce {
                opened.parts.append(try RecentRows.part(batch, plans, number: opened.parts.count))
                batch = EventBatch()
            }
        }
        if batch.count > 0 {
            opened.parts.append(try RecentRows.part(batch, plans, number: opened.parts.count))
        }
        return opened
    }

    /// The rows of a shipment, by its id.
    private static func rows(of id: String) -> Range<UInt64>? {
        let ends = id.split(separator: "-").compactMap { UInt64($0) }
        return ends.count == 2 && ends[0] < ends[1] ? ends[0]..<ends[1] : nil
    }
}
