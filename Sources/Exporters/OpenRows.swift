import Engine
import Ports

/// What of a shipment its receiver has not judged yet.
///
/// As long as it is all of it, the shipment goes as it was cut. Once a receiver judges row by row, only what is open goes
/// again, in parts of their own where that is too much at once; the books are closed over the whole shipment at its end.
struct OpenRows: Sendable {
    /// Unpacked once rows are picked out of it.
    private(set) var shipment: Shipment
    /// The rows that go next; `nil` for all of them.
    private var rows: [Int]?
    /// Further parts, the next one last.
    private var later: [[Int]] = []
    private(set) var refused: [Int: String] = [:]
    private(set) var acknowledgements: Set<String> = []

    init(_ shipment: Shipment) { self.shipment = shipment }

    /// Whether some of it was judged, or it is sent in parts.
    var isPart: Bool { rows != nil }
    var isLast: Bool { later.isEmpty }
    var count: Int { rows?.count ?? shipment.count }
    var damage: String? { shipment.damage }

    var counts: [LedgerKey: Int] {
        guard let rows else { return shipment.counts }
        return rows.reduce(into: [:]) { $0[shipment.key(of: $1), default: 0] += 1 }
    }

    var batch: EventBatch {
        guard let rows else { return shipment.batch }
        var part = EventBatch()
        for row in rows { part.append(shipment.batch.events[row], from: shipment.batch) }
        return part
    }

    /// The same for the same rows.
    var id: String {
        guard let rows, let first = rows.first else { return shipment.id }
        return "\(shipment.id).\(first)-\(rows.count)"
    }

    /// When the next part may go: `nil` inside leaves it to the sender's own pauses.
    struct Pause { var until: Timestamp? }

    /// Takes a verdict on what was sent; `nil` when nothing is left to send.
    mutating func take(_ verdict: Verdict) -> Pause? {
        let sent = rows ?? Array(0..<shipment.count)
        switch verdict {
        case .accepted: return next()
        case .awaiting(let acknowledgement):
            acknowledgements.insert(acknowledgement)
            return next()
        case .rejected(let places, let reason):
            for place in places where sent.indices.contains(place) { refused[sent[place]] = reason }
            return next()
        case .stopped(let place, let reason):
            guard sent.indices.contains(place) else {
                return halve(sent, "\(reason) (at row \(place) of \(sent.count))")
            }
            refused[sent[place]] = reason
            return go(on: Array(sent[(place + 1)...]), .distantPast)
        case .partial(let reasons, let again, let after):
            for (place, reason) in reasons where sent.indices.contains(place) {
                refused[sent[place]] = reason
            }
            return go(on: again.filter { sent.indices.contains($0) }.map { sent[$0] }, after)
        case .tooLarge(let reason): return halve(sent, reason)
        case .retry(let after): return Pause(until: after)
        case .denied: return Pause(until: nil)
        }
    }

    /// From now on in two parts; false where it is one row.
    mutating func halve() -> Bool {
        let sent = rows ?? Array(0..<shipment.count)
        guard sent.count > 1 else { return false }
        _ = halve(sent, "")
        return damage == nil
    }

    private mutating func next() -> Pause? {
        guard let part = later.popLast() else { return nil }
        rows = part
        return Pause(until: .distantPast)
    }

    private mutating func go(on open: [Int], _ moment: Timestamp?) -> Pause? {
        if open.isEmpty { return next() }
        pick(open)
        return Pause(until: moment)
    }

    private mutating func pick(_ open: [Int]) {
        if rows == nil { shipment = shipment.unpacked() }
        rows = open
    }

    private mutating func halve(_ sent: [Int], _ reason: String) -> Pause? {
        if sent.count == 1 {
            refused[sent[0]] = reason
            return next()
        }
        pick(Array(sent[..<(sent.count / 2)]))
        later.append(Array(sent[(sent.count / 2)...]))
        return Pause(until: .distantPast)
    }
}
