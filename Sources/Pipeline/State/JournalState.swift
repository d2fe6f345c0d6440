import Codecs
package import Engine
package import Exporters

/// Everything Martlet remembers across a restart, folded from the journal's records in their order.
package struct JournalState: Hashable, Sendable {
    package struct Note: Hashable, Sendable {
        package var text: String
        package var at: Timestamp
    }

    /// Subjects of health notes; beyond it the oldest note goes.
    package static let notesMax = 256

    /// Keys the hashes of uids, so that nobody outside can aim at a collision.
    package var secret: [UInt64]
    package private(set) var positions: [String: [UInt8]] = [:]
    package private(set) var ledger = Ledger()
    package private(set) var queues: [String: SpoolQueue] = [:]
    /// What of the dead-letter files counts; extents that touch are one.
    package private(set) var deadLetter: [DeadLetterExtent] = []
    package private(set) var redriven: Set<DeadLetterPlace> = []
    package private(set) var notes: [String: Note] = [:]

    package init(secret: [UInt64]) { self.secret = secret }

    package mutating func apply(_ record: JournalRecord) {
        switch record {
        case .snapshot(let state): self = state
        case .page(let page): apply(page)
        case .attempt(let exporter, let rows, let resent):
            queues[exporter, default: SpoolQueue()].attempt(rows)
            ledger.resend([LedgerKey: Int](resent), at: exporter)
        case .verdict(let exporter, let rows, let accepted, let refused, let deadLetter):
            queues[exporter, default: SpoolQueue()].judge(rows)
            ledger.accept([LedgerKey: Int](accepted), at: exporter)
            ledger.refuse([LedgerKey: Int](refused), at: exporter)
            keep(deadLetter)
        case .release(let exporter, let rows):
            queues[exporter, default: SpoolQueue()].release(rows)
        case .note(let subject, let text, let at):
            notes[subject] = text.isEmpty ? nil : Note(text: text, at: at)
            if notes.count > Self.notesMax,
                let oldest = notes.min(by: { ($0.value.at, $0.key) < ($1.value.at, $1.key) })
            {
                notes[oldest.key] = nil
            }
        case .redriven(let place):
            redriven.insert(place)
        case .forgotten(let file):
            deadLetter.removeAll { $0.file == file }
            redriven = redriven.filter { $0.file != file }
        }
    }

    private mutating func apply(_ page: PageCommit) {
        if let position = page.position { positions[page.source] = position }
        for delta in page.ledger { ledger.add(delta.row, to: delta.key) }
        for one in page.queued {
            for extent in one.extents { queues[one.exporter, default: SpoolQueue()].commit(extent) }
        }
        keep(page.deadLetter)
    }

    /// Pages commit in another order than they wrote, so extents meet from both sides.
    private mutating func keep(_ extents: [DeadLetterExtent]) {
        guard !extents.isEmpty else { return }
        var merged: [DeadLetterExtent] = []
        for extent in (deadLetter + extents).sorted(by: { ($0.file, $0.start) < ($1.file, $1.start) }) {
            if let last = merged.last, last.file == extent.file, last.end == extent.start {
                merged[merged.count - 1].end = extent.end
                merged[merged.count - 1].entries += extent.entries
            } else {
                merged.append(extent)
            }
        }
        deadLetter = merged
    }
}

extension JournalState {
    func encode(into writer: inout BinaryWriter) {
        writer.put(count: secret.count)
        for word in secret { writer.put(word) }
        writer.put(count: positions.count)
        for (source, position) in positions.sorted(by: { $0.key < $1.key }) {
            writer.put(source)
            writer.put(bytes: position)
        }
        ledger.encode(into: &writer)
        writer.put(count: queues.count)
        for (exporter, queue) in queues.sorted(by: { $0.key < $1.key }) {
            writer.put(exporter)
            queue.encode(into: &writer)
        }
        writer.put(deadLetter)
        writer.put(count: redriven.count)
        for place in redriven.sorted() {
            writer.put(varint: place.file)
            writer.put(count: Int(place.offset))
        }
        writer.put(count: notes.count)
        for (subject, note) in notes.sorted(by: { $0.key < $1.key }) {
            writer.put(subject)
            writer.put(note.text)
            writer.put(note.at.nanoseconds)
        }
    }

    init(from reader: inout BinaryReader) throws(BinaryReader.Malformed) {
        secret = []
        for _ in 0..<(try reader.itemCount()) { secret.append(try reader.word()) }
        for _ in 0..<(try reader.itemCount()) {
            let source = try reader.string()
            positions[source] = try reader.byteString()
        }
        ledger = try Ledger(from: &reader)
        for _ in 0..<(try reader.itemCount()) {
            let exporter = try reader.string()
            queues[exporter] = try SpoolQueue(from: &reader)
        }
        deadLetter = try reader.deadLetterExtents()
        for _ in 0..<(try reader.itemCount()) { redriven.insert(try reader.deadLetterPlace()) }
        for _ in 0..<(try reader.itemCount()) {
            let subject = try reader.string()
            notes[subject] = Note(text: try reader.string(), at: Timestamp(nanoseconds: try reader.word()))
        }
    }
}
