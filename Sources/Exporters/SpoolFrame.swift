package import Codecs
package import Engine

/// Some events of one page on their way to a receiver: what the spool stores and checks as one.
///
/// `docs/state.md` has the bytes. The head carries everything that the accounts need, with a check sum of its
/// own, so that a damaged payload costs its rows and not the balance.
package struct SpoolFrame: Sendable {
    /// "MFRM".
    static let magic: UInt32 = 0x4D52_464D
    static let fixedHeadBytes = 60
    /// Longer head fields are damage: a feed's and a source's name fit.
    static let keyBytesMax = 4_096
    /// A longer payload is damage: the largest record is 16 MiB, and its event with raw data about twice that.
    static let payloadBytesMax = 128 << 20
    /// Shorter payloads are not worth packing.
    static let packedFromBytes = 1_024
    /// zstd's level: the measured optimum of speed for size on audit logs.
    package static let packingLevel = 1
    static let rowBytes = 44
    /// Memory for a frame's text that is kept for the next: bytes.
    private static let bytesKept = 8 << 20
    /// What a head's flags say.
    private static let isTextPacked: UInt32 = 1
    private static let hasRecords: UInt32 = 2
    private static let areRecordsPacked: UInt32 = 4

    package struct Head: Hashable, Sendable {
        package var key: LedgerKey
        /// When the page came, for the age of a batch.
        package var arrival: Timestamp
        package var rows: Int
        /// Rows appended to the segment before this frame: what tells how many rows a gap has cost.
        package var rowsBefore: UInt64
        /// Whether the text is a zstd frame, and what it takes.
        var isPacked: Bool
        var packedBytes: Int
        var payloadBytes: Int
        var payloadCheck: UInt32
        var textBytes: Int
        /// Of the vendor's records, which follow the text; `nil` where the frame has none.
        var recordBytes: Int?
        var areRecordsPacked: Bool
        package var headBytes: Int

        package var frameBytes: Int { headBytes + payloadBytes }
    }

    /// A frame's payload, ready for any spool: a row of numbers for each event, then their text, then their vendor's
    /// records where those are kept. The text is packed once whatever the number of exporters, and apart from the rows,
    /// so that some receivers can have it as it is.
    package struct Payload: Sendable {
        package let rows: Int
        fileprivate let isPacked: Bool
        fileprivate let packedBytes: Int
        fileprivate let textBytes: Int
        fileprivate var recordBytes: Int?
        fileprivate var areRecordsPacked = false
        fileprivate var bytes: [UInt8]

        /// - Parameter select: the rows to take; `nil` takes all.
        package init(
            _ batch: borrowing EventBatch, rows select: [Int]? = nil, withRecords: Bool = false,
            _ compressor: inout Compressor
        ) {
            if select == nil, batch.isText {
                self.init(text: batch, &compressor)
                if withRecords { add(recordsOf: batch, &compressor) }
                return
            }
            var chosen = EventBatch()
            for index in select ?? Array(batch.events.indices) {
                chosen.append(batch.events[index], from: batch)
            }
            self.init(text: chosen, &compressor)
            if withRecords { add(recordsOf: chosen, &compressor) }
        }

        private init(text batch: borrowing EventBatch, _ compressor: inout Compressor) {
            rows = batch.count
            textBytes = batch.bytes.count
            var writer = BinaryWriter()
            writer.bytes.reserveCapacity(batch.count * SpoolFrame.rowBytes + textBytes / 4)
            for event in batch.events { writer.put(row: event) }
            let start = writer.bytes.count
            isPacked = Self.put(batch.bytes, into: &writer.bytes, &compressor)
            packedBytes = writer.bytes.count - start
            bytes = writer.bytes
        }

        /// The same payload with the records of the batch it was made of.
        package func adding(
            recordsOf batch: borrowing EventBatch, rows select: [Int]? = nil, _ compressor: inout Compressor
        ) -> Payload {
            var whole = self
            whole.add(recordsOf: batch, rows: select, &compressor)
            return whole
        }

        private mutating func add(
            recordsOf batch: borrowing EventBatch, rows select: [Int]? = nil, _ compressor: inout Compressor
        ) {
            var records: [UInt8] = []
            if select == nil { records.reserveCapacity(batch.raw.count) }
            for index in select ?? Array(batch.events.indices) {
                records.append(contentsOf: batch.raw[batch.events[index].raw.range])
            }
            recordBytes = records.count
            areRecordsPacked = Self.put(records, into: &bytes, &compressor)
        }

        /// Appends bytes as a zstd frame, or as they are where that is no longer; whether they were packed.
        private static func put(
            _ plain: [UInt8], into bytes: inout [UInt8], _ compressor: inout Compressor
        ) -> Bool {
            let start = bytes.count
            if plain.count >= SpoolFrame.packedFromBytes {
                compressor.pack(plain, into: &bytes)
                if bytes.count - start < plain.count { return true }
                bytes.removeSubrange(start...)
            }
            bytes.append(contentsOf: plain)
            return false
        }
    }

    /// The whole frame as it goes to the disk.
    static func encode(_ payload: Payload, key: LedgerKey, arrival: Timestamp, rowsBefore: UInt64) -> [UInt8]
    {
        var flags = payload.isPacked ? isTextPacked : 0
        if payload.recordBytes != nil { flags |= hasRecords }
        if payload.areRecordsPacked { flags |= areRecordsPacked }
        var writer = BinaryWriter()
        writer.bytes.reserveCapacity(fixedHeadBytes + 64 + payload.bytes.count)
        writer.put(magic)
        writer.put(UInt32(0))
        writer.put(flags)
        writer.put(UInt32(clamping: payload.rows))
        writer.put(UInt32(clamping: payload.bytes.count))
        writer.put(CRC32C.of(payload.bytes))
        writer.put(UInt32(clamping: payload.textBytes))
        writer.put(UInt32(clamping: payload.packedBytes))
        writer.put(UInt32(clamping: payload.recordBytes ?? 0))
        writer.put(rowsBefore)
        writer.put(arrival.nanoseconds)
        var names = BinaryWriter()
        names.put(key)
        writer.put(UInt64(names.bytes.count))
        writer.bytes.append(contentsOf: names.bytes)
        writer.replace(at: 4, with: CRC32C.of(writer.bytes, in: 8..<writer.bytes.count))
        writer.bytes.append(contentsOf: payload.bytes)
        return writer.bytes
    }

    /// The head at `offset`, or `nil` where none stands or it is damaged or cut.
    package static func head(in bytes: [UInt8], at offset: Int) -> Head? {
        var reader = BinaryReader(bytes, in: offset..<bytes.count)
        do throws(BinaryReader.Malformed) {
            guard try reader.word(UInt32.self) == magic else { return nil }
            let check = try reader.word(UInt32.self)
            let flags = try reader.word(UInt32.self)
            let rows = Int(try reader.word(UInt32.self))
            let payloadBytes = Int(try reader.word(UInt32.self))
            let payloadCheck = try reader.word(UInt32.self)
            let textBytes = Int(try reader.word(UInt32.self))
            let packedBytes = Int(try reader.word(UInt32.self))
            let recordBytes = Int(try reader.word(UInt32.self))
            let rowsBefore = try reader.word(UInt64.self)
            let arrival = try reader.word(Int64.self)
            let nameBytes = try reader.word(UInt64.self)
            guard nameBytes <= UInt64(keyBytesMax), Int(nameBytes) <= reader.remaining,
                max(payloadBytes, textBytes, recordBytes) <= payloadBytesMax,
                rows * rowBytes + packedBytes <= payloadBytes,
                CRC32C.of(bytes, in: offset + 8..<offset + fixedHeadBytes + Int(nameBytes)) == check
            else { return nil }
            return Head(
                key: try reader.ledgerKey(), arrival: Timestamp(nanoseconds: arrival), rows: rows,
                rowsBefore: rowsBefore, isPacked: flags & isTextPacked != 0, packedBytes: packedBytes,
                payloadBytes: payloadBytes, payloadCheck: payloadCheck, textBytes: textBytes,
                recordBytes: flags & hasRecords != 0 ? recordBytes : nil,
                areRecordsPacked: flags & areRecordsPacked != 0,
                headBytes: fixedHeadBytes + Int(nameBytes))
        } catch {
            return nil
        }
    }

    package let head: Head
    /// Rows, then the text, then the records.
    private let payload: [UInt8]

    /// The frame whose head stands at `offset`; `nil` where its payload is damaged or cut.
    init?(_ head: Head, from bytes: [UInt8], at offset: Int) {
        let range = offset + head.headBytes..<offset + head.frameBytes
        guard range.upperBound <= bytes.count, CRC32C.of(bytes, in: range) == head.payloadCheck else {
            return nil
        }
        self.head = head
        payload = Array(bytes[range])
    }

    /// The events' text, a newline behind each: a zstd frame where `isPacked`.
    package var text: ArraySlice<UInt8> { payload[textRange] }
    private var textRange: Range<Int> {
        let start = head.rows * Self.rowBytes
        return start..<start + head.packedBytes
    }
    package var isPacked: Bool { head.isPacked }
    /// Of the text before it was packed.
    package var textBytes: Int { head.textBytes }

    private var recordRange: Range<Int> { textRange.upperBound..<payload.count }

    private func unpacked(_ range: Range<Int>, _ isPacked: Bool, _ count: Int) -> [UInt8]? {
        guard isPacked else { return range.count == count ? Array(payload[range]) : nil }
        var plain: [UInt8] = []
        // What is in a frame's payload was checked when it was read.
        return ZstdUnpacker().unpack(payload, in: range, count: count, isVerified: true, into: &plain)
            ? plain : nil
    }

    /// Replaces a batch's events by the frame's, in memory that is used again: there may be bytes behind the last event's.
    /// False, and no events, where the payload is damaged.
    package func read(over batch: inout EventBatch) -> Bool {
        batch.events.removeAll(keepingCapacity: true)
        batch.raw.removeAll(keepingCapacity: true)
        batch.acts.removeAll(keepingCapacity: true)
        if batch.bytes.count > max(Self.bytesKept, head.textBytes) { batch.bytes = [] }
        if head.isPacked {
            guard
                ZstdUnpacker().unpack(
                    payload, in: textRange, count: head.textBytes, isVerified: true, over: &batch.bytes)
            else { return false }
        } else {
            guard textRange.count == head.textBytes else { return false }
            batch.bytes = Array(text)
        }
        if let count = head.recordBytes {
            guard let found = unpacked(recordRange, head.areRecordsPacked, count) else { return false }
            batch.raw = found
        }
        let ends = readRows(at: 0, 0, into: &batch.events)
        if ends?.text == head.textBytes, head.recordBytes == nil || ends?.raw == batch.raw.count {
            return true
        }
        batch.events.removeAll(keepingCapacity: true)
        return false
    }

    /// Appends the rows' numbers as of texts that stand from these places on; where those end, or `nil` where the numbers are
    /// damaged.
    private func readRows(
        at textStart: Int, _ rawStart: Int, into events: inout [Event]
    ) -> (text: Int, raw: Int)? {
        var (text, raw) = (textStart, rawStart)
        var reader = BinaryReader(payload)
        events.reserveCapacity(events.count + head.rows)
        do throws(BinaryReader.Malformed) {
            for _ in 0..<head.rows {
                var event = try reader.event(jsonAt: text, rawAt: raw)
                text += Int(event.json.count) + 1
                raw += Int(event.raw.count)
                if head.recordBytes == nil { event.raw = .none }
                events.append(event)
            }
        } catch {
            return nil
        }
        return (text, raw)
    }

    /// Appends the frame's events to a batch, with their vendor's records where it has them; false, with nothing
    /// appended, where the payload is damaged.
    package func read(into batch: inout EventBatch) -> Bool {
        guard let plain = unpacked(textRange, head.isPacked, head.textBytes) else { return false }
        var raw: [UInt8] = []
        if let count = head.recordBytes {
            guard let found = unpacked(recordRange, head.areRecordsPacked, count) else { return false }
            raw = found
        }
        var events: [Event] = []
        guard let ends = readRows(at: batch.bytes.count, batch.raw.count, into: &events),
            ends.text == batch.bytes.count + plain.count,
            head.recordBytes == nil || ends.raw == batch.raw.count + raw.count
        else { return false }
        batch.bytes.append(contentsOf: plain)
        batch.raw.append(contentsOf: raw)
        batch.events.append(contentsOf: events)
        return true
    }
}

extension BinaryWriter {
    fileprivate mutating func put(row event: Event) {
        // A uid that is not inside its event's text cannot be kept.
        let isInside = event.uid.start >= event.json.start && event.uid.end <= event.json.end
        let (start, count) = isInside ? (event.uid.start - event.json.start, event.uid.count) : (0, 0)
        put(
            (
                UInt64(bitPattern: event.time.nanoseconds),
                UInt64(event.classUID) | UInt64(event.activityID) << 32 | UInt64(event.statusID) << 48
                    | UInt64(event.severityID) << 56,
                UInt64(event.kind.rawValue),
                UInt64(event.json.count) | UInt64(start) << 32,
                UInt64(count) | event.contentDigest << 32
            ), event.raw.count)
    }
}

extension BinaryReader {
    fileprivate mutating func event(jsonAt start: Int, rawAt rawStart: Int) throws(Malformed) -> Event {
        var event = Event(time: Timestamp(nanoseconds: try word()))
        event.classUID = try word()
        event.activityID = try word()
        event.statusID = try word()
        event.severityID = try word()
        guard let kind = Event.Kind(rawValue: UInt8(truncatingIfNeeded: try word(UInt64.self))) else {
            throw Malformed()
        }
        event.kind = kind
        let jsonBytes: UInt32 = try word()
        let uidStart: UInt32 = try word()
        let uidBytes: UInt32 = try word()
        _ = try word(UInt32.self)
        let rawBytes: UInt32 = try word()
        guard Int(uidStart) + Int(uidBytes) <= Int(jsonBytes) else { throw Malformed() }
        event.json = Extent(start: start, count: Int(jsonBytes))
        event.uid = Extent(start: start + Int(uidStart), count: Int(uidBytes))
        event.raw = Extent(start: rawStart, count: Int(rawBytes))
        return event
    }
}
