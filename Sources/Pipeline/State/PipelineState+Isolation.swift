import Engine
import Exporters
package import Ports

extension PipelineState {
    /// Rows refused with one record of the journal, at most.
    private static let isolatedAtOnce: UInt64 = 10_000

    /// Refuses everything damaged in the spools of a state folder that no process uses; how many events that were.
    package static func isolateDamage(
        in folder: String, _ surroundings: RunSurroundings
    ) async throws(Fault) -> Int {
        let doors = Doors(
            transport: NoTransport(), time: surroundings.time, volume: try surroundings.volume(folder),
            entropy: surroundings.entropy)
        let names = try await read(doors.volume)?.queues.keys.sorted() ?? []
        let state = try await open(doors: doors, outlets: names.map { Outlet($0) })
        var count = 0
        for name in names { count += try await state.isolateDamage(of: name) }
        try await state.close()
        return count
    }

    /// Reads every row that waits for an exporter, and refuses those that cannot be read back: the dead letter names
    /// them by file and byte.
    package func isolateDamage(of exporter: String) async throws(Fault) -> Int {
        var reader = SpoolReader(exporter, volume: doors.volume)
        var count = 0
        var row: UInt64 = 0
        while true {
            let queue = await queue(of: exporter)
            guard let free = queue.nextFree(from: row, besides: []) else { return count }
            var batch = EventBatch()
            guard let run = try await reader.next(holding: free.lowerBound, in: queue, into: &batch) else {
                return count
            }
            let rows = run.rows.clamped(to: free)
            row = max(run.rows.upperBound, free.lowerBound + 1)
            guard let damage = run.damage else { continue }
            var start = rows.lowerBound
            while start < rows.upperBound {
                let part = start..<min(rows.upperBound, start + Self.isolatedAtOnce)
                let refused = part.map {
                    RefusedRow(row: $0, key: run.key, uid: "", reason: damage, raw: [])
                }
                try await judge(exporter, part, accepted: [:], refused: refused)
                start = part.upperBound
            }
            count += rows.count
        }
    }
}
