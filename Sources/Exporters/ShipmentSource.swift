import Engine
import Ports

/// Cuts an exporter's queue into shipments, reading each frame once.
struct ShipmentSource: Sendable {
    /// Whether shipments are frames as the spool has them.
    enum Packing {
        case none
        /// As many whole ones as a batch holds.
        case whole
        /// One that makes a batch by itself; smaller ones are taken apart and put together. A shipment of exactly one
        /// frame's rows is always that frame, so that it is the same bytes at every try and after a restart.
        case singly
    }

    /// A frame of at least this part of a batch makes one by itself.
    private static let batchParts = 4

    private var reader: SpoolReader
    private let packing: Packing
    private var run: SpoolReader.Run?
    private var frame: SpoolFrame?
    /// The frame's, where they were needed.
    private var events: EventBatch?

    init(_ exporter: String, volume: any Volume, _ packing: Packing) {
        reader = SpoolReader(exporter, volume: volume)
        self.packing = packing
    }

    /// Adds rows to a shipment until it is full or `free` ends. Damaged rows come as a shipment of their own, and
    /// an event, or a frame, that is too large for any batch alone in one.
    mutating func fill(
        _ shipment: inout Shipment, upTo end: UInt64, of queue: SpoolQueue, rowsMax: Int, bytesMax: Int
    ) async throws(Fault) {
        while shipment.rows.upperBound < end, shipment.count < rowsMax {
            let row = shipment.rows.upperBound
            if run?.rows.contains(row) != true {
                (run, frame, events) = (nil, nil, nil)
                if let found = try await reader.next(holding: row, in: queue) {
                    (run, frame) = (found.run, found.frame)
                }
            }
            guard let run, run.rows.contains(row) else { return }
            guard let frame, run.damage == nil else {
                guard shipment.rows.isEmpty else { return }
                let count = Int(min(end, run.rows.upperBound) - row)
                shipment.appendDamaged(count, run.key, run.damage ?? "the frame is gone")
                return
            }
            let isWhole = run.rows.lowerBound == row && run.rows.upperBound <= end
            let isFitting = frame.head.rows <= rowsMax && frame.textBytes <= bytesMax
            // Else the next cut would be inside of it, and of all that follow.
            if packing == .singly, isWhole, isFitting, !shipment.rows.isEmpty,
                isLarge(frame, rowsMax, bytesMax)
            {
                return
            }
            if packing == .singly, let held = shipment.frames.first {
                // It is taken apart only where more follows in the same shipment.
                if isLarge(held, rowsMax, bytesMax) { return }
                guard let events = unpacked(frame) else { return }
                let next = Int(events.events[Int(row - run.rows.lowerBound)].json.count)
                guard held.textBytes + next <= bytesMax else { return }
                shipment = shipment.unpacked()
                if shipment.damage != nil { return }
            }
            if packing == .singly, isWhole, shipment.rows.isEmpty, isFitting || frame.head.rows == 1 {
                shipment.append(frame)
            } else if packing == .whole, isWhole, shipment.batch.count == 0 {
                let isRoomLeft =
                    shipment.textBytes + frame.textBytes <= bytesMax
                    && shipment.count + frame.head.rows <= rowsMax
                guard isRoomLeft || shipment.rows.isEmpty else { return }
                shipment.append(frame)
            } else {
                // Frames and single rows do not mix.
                guard shipment.frames.isEmpty, let events = unpacked(frame) else { return }
                let first = Int(row - run.rows.lowerBound)
                let rows = min(Int(min(end, run.rows.upperBound) - row), rowsMax - shipment.count)
                let count = Self.fitting(first..<first + rows, of: events, shipment, bytesMax)
                guard count > 0 else { return }
                shipment.append(first..<first + count, of: events, key: run.key)
            }
            shipment.oldest = min(shipment.oldest, run.arrival)
        }
    }

    /// How many of these events still fit; one does, whatever its size, where it would be the only one.
    private static func fitting(
        _ range: Range<Int>, of events: EventBatch, _ shipment: Shipment, _ bytesMax: Int
    ) -> Int {
        var bytes = shipment.batch.bytes.count
        var count = 0
        for index in range {
            let next = Int(events.events[index].json.count)
            guard bytes + next <= bytesMax || shipment.rows.isEmpty && count == 0 else { break }
            bytes += next + 1
            count += 1
        }
        return count
    }

    /// The frame's events; where there are none its run becomes a damaged one.
    private mutating func unpacked(_ frame: SpoolFrame) -> EventBatch? {
        if let events { return events }
        var batch = EventBatch()
        guard frame.read(into: &batch), batch.count == frame.head.rows else {
            run?.damage = "a frame of \(frame.head.rows) events cannot be unpacked"
            return nil
        }
        events = batch
        return batch
    }

    private func isLarge(_ frame: SpoolFrame, _ rowsMax: Int, _ bytesMax: Int) -> Bool {
        frame.head.rows >= rowsMax / Self.batchParts || frame.textBytes >= bytesMax / Self.batchParts
    }

    func isFull(_ shipment: Shipment, rowsMax: Int, bytesMax: Int, nextRow end: UInt64) -> Bool {
        if shipment.damage != nil || shipment.count >= rowsMax { return true }
        if packing == .singly, let held = shipment.frames.first, isLarge(held, rowsMax, bytesMax) {
            return true
        }
        guard let run, run.rows.contains(shipment.rows.upperBound), shipment.rows.upperBound < end else {
            return false
        }
        // There was another row, and it did not fit.
        return true
    }
}
