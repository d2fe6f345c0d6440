package import Engine
import Ports

/// A batch on its way: consecutive rows of the spool with whose they are.
package struct Shipment: Sendable {
    package var rows: Range<UInt64>
    package var batch = EventBatch()
    /// One for each row.
    package var keys: [LedgerKey] = []
    /// When the oldest page in it came.
    package var oldest = Timestamp.distantFuture
    /// The rows cannot be read back, and why; there is then no batch.
    package var damage: String?

    package init(startingAt row: UInt64) { rows = row..<row }

    /// The same at every try, and for ever the same rows.
    package var id: String { "\(rows.lowerBound)-\(rows.upperBound)" }

    package var counts: [LedgerKey: Int] {
        var counts: [LedgerKey: Int] = [:]
        for key in keys { counts[key, default: 0] += 1 }
        return counts
    }

    package func counts(except refused: Set<Int>) -> [LedgerKey: Int] {
        var counts: [LedgerKey: Int] = [:]
        for (index, key) in keys.enumerated() where !refused.contains(index) { counts[key, default: 0] += 1 }
        return counts
    }

    /// The rows at these places, as a shipment of their own.
    package func part(_ range: Range<Int>) -> Shipment {
        var part = Shipment(startingAt: rows.lowerBound + UInt64(range.lowerBound))
        part.oldest = oldest
        for index in range { part.append(batch.events[index], from: batch, key: keys[index]) }
        return part
    }

    package func refused(_ index: Int, _ reason: String) -> RefusedRow {
        let event = batch.events[index]
        return RefusedRow(
            row: rows.lowerBound + UInt64(index), key: keys[index], uid: batch.uid(of: event), reason: reason,
            raw: Array(batch.bytes[event.json.range]))
    }

    mutating func append(_ event: Event, from other: borrowing EventBatch, key: LedgerKey) {
        batch.append(event, from: other)
        keys.append(key)
        rows = rows.lowerBound..<rows.upperBound + 1
    }
}

/// Cuts an exporter's queue into shipments, reading each frame once.
struct ShipmentSource: Sendable {
    private var reader: SpoolReader
    private var run: SpoolReader.Run?
    private var events = EventBatch()

    init(_ exporter: String, volume: any Volume) { reader = SpoolReader(exporter, volume: volume) }

    /// Adds rows to a shipment until it is full or `free` ends. Damaged rows come as a shipment of their own, and
    /// an event that is too large for any batch alone in one.
    mutating func fill(
        _ shipment: inout Shipment, upTo end: UInt64, of queue: SpoolQueue, rowsMax: Int, bytesMax: Int
    ) async throws(Fault) {
        while shipment.rows.upperBound < end, shipment.batch.count < rowsMax {
            let row = shipment.rows.upperBound
            if run?.rows.contains(row) != true {
                run = nil
                events.removeAll()
                run = try await reader.next(holding: row, in: queue, into: &events)
            }
            guard let run, run.rows.contains(row) else { return }
            if let damage = run.damage {
                guard shipment.rows.isEmpty else { return }
                shipment.rows = row..<min(end, run.rows.upperBound)
                shipment.keys = Array(repeating: run.key, count: shipment.rows.count)
                shipment.damage = damage
                return
            }
            let event = events.events[Int(row - run.rows.lowerBound)]
            let isRoomLeft = shipment.batch.bytes.count + Int(event.json.count) <= bytesMax
            guard isRoomLeft || shipment.rows.isEmpty else { return }
            shipment.append(event, from: events, key: run.key)
            shipment.oldest = min(shipment.oldest, run.arrival)
        }
    }

    func isFull(_ shipment: Shipment, rowsMax: Int, nextRow end: UInt64) -> Bool {
        if shipment.damage != nil || shipment.batch.count >= rowsMax { return true }
        guard let run, run.rows.contains(shipment.rows.upperBound), shipment.rows.upperBound < end else {
            return false
        }
        // There was another row, and it did not fit.
        return true
    }
}
