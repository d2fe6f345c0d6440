package import Engine
import Ports

/// A batch on its way: consecutive rows of the spool with whose they are.
package struct Shipment: Sendable {
    /// So many rows in a row are of one account.
    struct Owner: Sendable {
        var key: LedgerKey
        var rows: Int
    }

    package var rows: Range<UInt64>
    /// The rows' events, or the frames that hold them; never both.
    package private(set) var batch = EventBatch()
    package private(set) var frames: [SpoolFrame] = []
    private(set) var owners: [Owner] = []
    /// When the oldest page in it came.
    package var oldest = Timestamp.distantFuture
    /// The rows cannot be read back, and why; there is then no batch.
    package private(set) var damage: String?

    package init(startingAt row: UInt64) { rows = row..<row }

    /// The same at every try, and for ever the same rows.
    package var id: String { "\(rows.lowerBound)-\(rows.upperBound)" }

    package var count: Int { rows.count }
    var textBytes: Int { frames.reduce(batch.bytes.count) { $0 + $1.textBytes } }

    package var counts: [LedgerKey: Int] {
        var counts: [LedgerKey: Int] = [:]
        for owner in owners { counts[owner.key, default: 0] += owner.rows }
        return counts
    }

    package func counts(except refused: Set<Int>) -> [LedgerKey: Int] {
        var counts = counts
        for index in refused { counts[key(of: index), default: 0] -= 1 }
        return counts.filter { $0.value > 0 }
    }

    package func key(of index: Int) -> LedgerKey {
        var end = 0
        for owner in owners {
            end += owner.rows
            if index < end { return owner.key }
        }
        preconditionFailure("every row has an owner")
    }

    /// The same rows with their events; damaged where they cannot be had.
    func unpacked() -> Shipment {
        if frames.isEmpty { return self }
        var plain = self
        plain.frames = []
        for frame in frames where !frame.read(into: &plain.batch) {
            plain.damage = "a frame of \(frame.head.rows) events cannot be unpacked"
        }
        return plain
    }

    /// The rows at these places, as a shipment of their own.
    package func part(_ range: Range<Int>) -> Shipment {
        if !frames.isEmpty { return unpacked().part(range) }
        var part = Shipment(startingAt: rows.lowerBound + UInt64(range.lowerBound))
        part.oldest = oldest
        part.damage = damage
        for index in range where damage == nil {
            part.append(batch.events[index], from: batch, key: key(of: index))
        }
        if damage != nil { for index in range { part.own(1, key(of: index)) } }
        return part
    }

    /// Only of a shipment that has its events.
    package func refused(_ index: Int, _ reason: String) -> RefusedRow {
        let event = batch.events[index]
        return RefusedRow(
            row: rows.lowerBound + UInt64(index), key: key(of: index), uid: batch.uid(of: event),
            reason: reason, raw: Array(batch.bytes[event.json.range]))
    }

    mutating func append(_ event: Event, from other: borrowing EventBatch, key: LedgerKey) {
        batch.append(event, from: other)
        own(1, key)
    }

    mutating func append(_ range: Range<Int>, of other: borrowing EventBatch, key: LedgerKey) {
        batch.append(range, of: other)
        own(range.count, key)
    }

    mutating func append(_ frame: SpoolFrame) {
        frames.append(frame)
        own(frame.head.rows, frame.head.key)
    }

    mutating func appendDamaged(_ count: Int, _ key: LedgerKey, _ damage: String) {
        self.damage = damage
        own(count, key)
    }

    private mutating func own(_ count: Int, _ key: LedgerKey) {
        if owners.last?.key == key {
            owners[owners.count - 1].rows += count
        } else {
            owners.append(Owner(key: key, rows: count))
        }
        rows = rows.lowerBound..<rows.upperBound + UInt64(count)
    }
}
