import Credentials
import Engine
import Ports

/// From an object's first piece to its place in a page.
extension BucketCollector {
    /// An object that will never be readable is refused by name, so that it shows in the ledger.
    mutating func fetched(_ index: Int, _ reply: Reply) throws(Fault) {
        let key = slots[index].key
        var object = RawObject(name: config.bucket.uri(of: key), bytes: [])
        do throws(Fault) {
            var piece = try config.bucket.piece(of: key, isFirst: true, in: try reply.answer())
            object.bytes = piece.bytes
            object.recordsDone = partial.records(of: slots[index].mark)
            if piece.hasRest(config.pieceBytes) {
                piece.bytes = []
                slots[index].rest = .object(config.bucket, key: key, piece, pieceBytes: config.pieceBytes)
            }
        } catch {
            switch error.kind {
            case .rejected, .malformed: break
            default: throw error
            }
            notes.append(HealthNote(.problem, source: source, code: "object-unreadable", error.message))
            object.refusal = error.message
        }
        bufferedBytes += object.bytes.count - slots[index].held
        slots[index].held = object.bytes.count
        slots[index].object = object
    }

    /// The objects at the front that have come, once they fill a page or nothing more is on its way.
    mutating func page() -> Step? {
        var count = 0
        var bytes: Int64 = 0
        while count < slots.count, slots[count].object != nil, count < config.pageObjectsMax,
            count == 0 || bytes + slots[count].size <= config.pageBytesMax
        {
            bytes += slots[count].size
            count += 1
        }
        let isFull = count == config.pageObjectsMax || count < slots.count && slots[count].object != nil
        let isLast = count == slots.count && lists.isEmpty && listsRunning == 0
        let isStalled = bufferedBytes >= Self.bufferBytesMax && getsRunning == 0
        guard count > 0, isFull || isLast || isStalled else { return nil }
        let taken = Array(slots[..<count])
        let before = streams
        for slot in taken {
            streams[slot.parsed.stream]?.deliver(
                slot.mark, minute: slot.parsed.minute, overlap: config.overlap)
        }
        slots.removeFirst(count)
        firstSlot += count
        bufferedBytes -= taken.reduce(0) { $0 + $1.held }
        let objects = taken.compactMap(\.object)
        // An object whose beginning an earlier life has counted is not counted again.
        let counted = objects.filter { $0.recordsDone == 0 }
        var page = RawPage(
            feed: feed, source: source, objects: objects, position: Self.position(streams, nil),
            listed: counted.count, fetched: counted.count { $0.refusal == nil })
        let overlap = config.overlap
        let places = taken.map { ($0.parsed, $0.mark) }
        page.positionWithin = { mark in
            var streams = before
            for (parsed, mark) in places.prefix(mark.object) {
                streams[parsed.stream]?.deliver(mark, minute: parsed.minute, overlap: overlap)
            }
            let partial =
                mark.object < places.count
                ? PartialObject(mark: places[mark.object].1, records: mark.records) : nil
            return Self.position(streams, partial)
        }
        var rests: [Int: ObjectRest] = [:]
        for (index, slot) in taken.enumerated() { rests[index] = slot.rest }
        return .deliver(page, rests: rests)
    }
}
