import Codecs
import Engine
import Exporters

extension JournalRecord {
    var type: UInt8 {
        switch self {
        case .snapshot: 1
        case .page: 2
        case .attempt: 3
        case .verdict: 4
        case .release: 5
        case .note: 6
        case .redriven: 7
        case .forgotten: 8
        }
    }

    func encode(into writer: inout BinaryWriter) {
        switch self {
        case .snapshot(let state): state.encode(into: &writer)
        case .page(let page): page.encode(into: &writer)
        case .attempt(let exporter, let rows, let resent):
            writer.put(exporter)
            writer.put(rows: rows)
            writer.put(resent)
        case .verdict(let exporter, let rows, let accepted, let refused, let deadLetter):
            writer.put(exporter)
            writer.put(rows: rows)
            writer.put(accepted)
            writer.put(refused)
            writer.put(deadLetter)
        case .release(let exporter, let rows):
            writer.put(exporter)
            writer.put(rows: rows)
        case .note(let subject, let text, let at):
            writer.put(subject)
            writer.put(text)
            writer.put(at.nanoseconds)
        case .redriven(let place):
            writer.put(varint: place.file)
            writer.put(count: Int(place.offset))
        case .forgotten(let file): writer.put(varint: file)
        }
    }

    init(type: UInt8, from reader: inout BinaryReader) throws(BinaryReader.Malformed) {
        switch type {
        case 1: self = .snapshot(try JournalState(from: &reader))
        case 2: self = .page(try PageCommit(from: &reader))
        case 3:
            self = .attempt(
                exporter: try reader.string(), rows: try reader.rows(), resent: try reader.counts())
        case 4:
            self = .verdict(
                exporter: try reader.string(), rows: try reader.rows(), accepted: try reader.counts(),
                refused: try reader.counts(), deadLetter: try reader.deadLetterExtents())
        case 5: self = .release(exporter: try reader.string(), rows: try reader.rows())
        case 6:
            self = .note(
                subject: try reader.string(), text: try reader.string(),
                at: Timestamp(nanoseconds: try reader.word()))
        case 7: self = .redriven(try reader.deadLetterPlace())
        case 8: self = .forgotten(file: try reader.varint())
        default: throw BinaryReader.Malformed()
        }
        guard reader.isAtEnd else { throw BinaryReader.Malformed() }
    }
}

extension PageCommit {
    func encode(into writer: inout BinaryWriter) {
        writer.put(source)
        writer.put(UInt8(position == nil ? 0 : 1))
        if let position { writer.put(bytes: position) }
        writer.put(count: ledger.count)
        for delta in ledger {
            writer.put(delta.key)
            delta.row.encode(into: &writer)
        }
        writer.put(count: queued.count)
        for one in queued {
            writer.put(one.exporter)
            writer.put(count: one.account)
            writer.put(count: one.extents.count)
            for extent in one.extents { extent.encode(into: &writer) }
        }
        writer.put(deadLetter)
        writer.put(count: duplicates.count)
        for hour in duplicates {
            writer.put(hour.hour)
            writer.put(count: hour.keys.count)
            for key in hour.keys {
                writer.put(key.uid)
                writer.put(key.content)
            }
        }
    }

    init(from reader: inout BinaryReader) throws(BinaryReader.Malformed) {
        source = try reader.string()
        position = try reader.word(UInt8.self) == 0 ? nil : try reader.byteString()
        for _ in 0..<(try reader.itemCount()) {
            ledger.append(Delta(key: try reader.ledgerKey(), row: try Ledger.Row(from: &reader)))
        }
        for _ in 0..<(try reader.itemCount()) {
            var one = Queued(exporter: try reader.string(), account: try reader.count(), extents: [])
            for _ in 0..<(try reader.itemCount()) { one.extents.append(try SpoolExtent(from: &reader)) }
            queued.append(one)
        }
        deadLetter = try reader.deadLetterExtents()
        for _ in 0..<(try reader.itemCount()) {
            var hour = Keys(hour: try reader.word(), keys: [])
            let count = try reader.itemCount()
            hour.keys.reserveCapacity(count)
            for _ in 0..<count {
                hour.keys.append(DuplicateKey(uid: try reader.word(), content: try reader.word()))
            }
            duplicates.append(hour)
        }
    }
}

extension BinaryWriter {
    fileprivate mutating func put(_ counts: [JournalRecord.Count]) {
        put(count: counts.count)
        for count in counts {
            put(count.key)
            put(count: count.rows)
        }
    }

    mutating func put(_ extents: [DeadLetterExtent]) {
        put(count: extents.count)
        for extent in extents {
            put(varint: extent.file)
            put(count: Int(extent.start))
            put(count: Int(extent.end))
            put(count: extent.entries)
        }
    }
}

extension BinaryReader {
    fileprivate mutating func counts() throws(Malformed) -> [JournalRecord.Count] {
        var counts: [JournalRecord.Count] = []
        for _ in 0..<(try itemCount()) {
            counts.append(JournalRecord.Count(key: try ledgerKey(), rows: try count()))
        }
        return counts
    }

    mutating func deadLetterExtents() throws(Malformed) -> [DeadLetterExtent] {
        var extents: [DeadLetterExtent] = []
        for _ in 0..<(try itemCount()) {
            extents.append(
                DeadLetterExtent(
                    file: try varint(), start: Int64(try count()), end: Int64(try count()),
                    entries: try count()))
        }
        return extents
    }

    mutating func deadLetterPlace() throws(Malformed) -> DeadLetterPlace {
        DeadLetterPlace(file: try varint(), offset: Int64(try count()))
    }
}
