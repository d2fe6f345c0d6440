import Codecs
package import Engine
import Exporters
package import Ports

/// One file of the journal: a head, a snapshot, then records.
package struct JournalSegment: Hashable, Sendable {
    static let magic: [UInt8] = Array("MARTLETJ".utf8)
    /// The format written, and the newest that is read.
    package static let formatVersion: UInt32 = 1
    static let headBytes = 32
    static let recordHeadBytes = 9
    /// A longer record is damage: bytes.
    static let recordBytesMax = 512 << 20
    static let windowBytes: Int64 = 1 << 20

    package var number: UInt64
    /// The number of the first record after the snapshot.
    package var firstSequence: UInt64
    package var created: Timestamp
    package var bytes: Int64 = 0

    init(number: UInt64, firstSequence: UInt64, created: Timestamp) {
        self.number = number
        self.firstSequence = firstSequence
        self.created = created
    }

    package var path: String { Self.path(number) }
    static func path(_ number: UInt64) -> String { "journal/\(hexadecimal(number)).mj" }

    func putHead(into writer: inout BinaryWriter) {
        writer.bytes += Self.magic
        writer.put(Self.formatVersion)
        writer.put(UInt32(0))
        writer.put(firstSequence)
        writer.put(created.nanoseconds)
    }

    /// Check sum, length, type, payload; the check sum covers all that follows it.
    static func put(_ record: JournalRecord, into writer: inout BinaryWriter) {
        let start = writer.bytes.count
        writer.put(UInt32(0))
        writer.put(UInt32(0))
        writer.put(record.type)
        record.encode(into: &writer)
        let payloadBytes = writer.bytes.count - start - recordHeadBytes
        writer.replace(at: start + 4, with: UInt32(clamping: payloadBytes))
        writer.replace(at: start, with: CRC32C.of(writer.bytes, in: start + 4..<writer.bytes.count))
    }

    /// Reads a segment's head; `nil` where it is not one.
    static func open(_ path: String, _ volume: any Volume) async throws(Fault) -> JournalSegment? {
        guard let number = segmentNumber(path) else { return nil }
        let head = try await volume.read(path, in: 0..<Int64(headBytes))
        guard head.count == headBytes, head.starts(with: magic) else { return nil }
        var reader = BinaryReader(head, in: 8..<headBytes)
        do throws(BinaryReader.Malformed) {
            let version: UInt32 = try reader.word()
            _ = try reader.word(UInt32.self)
            let first: UInt64 = try reader.word()
            let created = Timestamp(nanoseconds: try reader.word())
            var segment = JournalSegment(number: number, firstSequence: first, created: created)
            if version > formatVersion { throw BinaryReader.Malformed() }
            segment.bytes = 0
            return segment
        } catch {
            throw Fault(
                .denied,
                "\(path) was written by a newer Martlet: this one reads format \(formatVersion). Run the newer "
                    + "version, or start afresh with another state folder")
        }
    }

    /// Hands over record after record until the file ends, a record is damaged or cut, or `body` has enough.
    /// Gives the number of bytes that were whole.
    @discardableResult
    func scan(_ volume: any Volume, _ body: (JournalRecord) -> Bool) async throws(Fault) -> Int64 {
        var window: [UInt8] = []
        var start = 0
        var offset = Int64(Self.headBytes)
        var isAtEnd = false
        while true {
            let needed = Self.bytesNeeded(window, at: start)
            guard let needed else { return offset }
            if window.count - start < needed {
                if isAtEnd { return offset }
                window.removeFirst(start)
                start = 0
                let from = offset + Int64(window.count)
                let wanted = max(Self.windowBytes, Int64(needed - window.count))
                let more = try await volume.read(path, in: from..<from + wanted)
                isAtEnd = Int64(more.count) < wanted
                window += more
                continue
            }
            let range = start..<start + needed
            guard let record = Self.record(window, in: range), body(record) else { return offset }
            start = range.upperBound
            offset += Int64(needed)
        }
    }

    /// How many bytes the record at `start` has, or at least its head; `nil` where it cannot be one.
    private static func bytesNeeded(_ bytes: [UInt8], at start: Int) -> Int? {
        guard bytes.count - start >= recordHeadBytes else { return recordHeadBytes }
        let length = (0..<4).reduce(0) { $0 | Int(bytes[start + 4 + $1]) << (8 * $1) }
        return length <= recordBytesMax ? recordHeadBytes + length : nil
    }

    private static func record(_ bytes: [UInt8], in range: Range<Int>) -> JournalRecord? {
        let check = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[range.lowerBound + $1]) << UInt32(8 * $1) }
        guard CRC32C.of(bytes, in: range.lowerBound + 4..<range.upperBound) == check else { return nil }
        var reader = BinaryReader(bytes, in: range.lowerBound + recordHeadBytes..<range.upperBound)
        return try? JournalRecord(type: bytes[range.lowerBound + 8], from: &reader)
    }
}

/// What a start finds in the journal; reading it changes nothing on the disk.
package struct JournalRecovery: Sendable {
    package var state: JournalState
    package var nextSequence: UInt64 = 0
    /// Oldest first.
    package var segments: [JournalSegment] = []
    /// What a person should know about what could not be read.
    package var notes: [String] = []

    /// `nil` where there is no journal yet.
    package static func read(_ volume: any Volume) async throws(Fault) -> JournalRecovery? {
        let paths = try await volume.files(under: "journal").filter { $0.hasSuffix(".mj") }
        if paths.isEmpty { return nil }
        var segments: [JournalSegment] = []
        var notes: [String] = []
        for path in paths {
            guard var segment = try await JournalSegment.open(path, volume) else {
                notes.append("\(path) is not a journal segment, or its head is damaged; it was left out")
                continue
            }
            segment.bytes = try await volume.length(of: path) ?? 0
            segments.append(segment)
        }
        // The newest whole segment knows everything; an older one is asked only where damage leaves no choice.
        while let newest = segments.last {
            if var recovered = try await fold(newest, volume) {
                recovered.segments = segments
                recovered.notes = notes + recovered.notes
                return recovered
            }
            notes.append("\(newest.path) has no whole snapshot; went back to the segment before it")
            segments.removeLast()
        }
        throw Fault(
            .denied,
            "no segment under journal/ can be read: restore the state folder from a copy, or move it away to begin "
                + "afresh (the collectors then read again what their vendors still have)")
    }

    private static func fold(_ segment: JournalSegment, _ volume: any Volume) async throws(Fault)
        -> JournalRecovery?
    {
        var recovered: JournalRecovery?
        try await segment.scan(volume) { record in
            if case .snapshot(let state) = record, recovered == nil {
                recovered = JournalRecovery(state: state, nextSequence: segment.firstSequence)
                return true
            }
            guard recovered != nil else { return false }
            recovered?.state.apply(record)
            recovered?.nextSequence += 1
            return true
        }
        return recovered
    }
}
