package import Codecs
package import Engine

/// Some events of one page on their way to a receiver: what the spool stores and checks as one.
///
/// `docs/state.md` has the bytes. The head carries everything that the accounts need, with a check sum of its
/// own, so that a damaged payload costs its rows and not the balance.
package struct SpoolFrame: Sendable {
    /// "MFRM".
    static let magic: UInt32 = 0x4D52_464D
    static let fixedHeadBytes = 52
    /// Longer head fields are damage: a feed's and a source's name fit.
    static let keyBytesMax = 4_096
    /// A longer payload is damage: the largest record is 16 MiB, and its event with raw data about twice that.
    static let payloadBytesMax = 128 << 20
    /// Shorter payloads are not worth packing.
    static let packedFromBytes = 1_024
    /// zstd's level: the measured optimum of speed for size on audit logs.
    package static let packingLevel = 1
    static let rowBytes = 40

    package struct Head: Hashable, Sendable {
        package var key: LedgerKey
        /// When the page came, for the age of a batch.
        package var arrival: Timestamp
        package var rows: Int
        /// Rows appended to the segment before this frame: what tells how many rows a gap has cost.
        package var rowsBefore: UInt64
        /// Whether the text is a zstd frame.
        var isPacked: Bool
        var payloadBytes: Int
        var payloadCheck: UInt32
        var textBytes: Int
        package var headBytes: Int

        package var frameBytes: Int { headBytes + payloadBytes }
    }

    /// A frame's payload, ready for any spool: a row of numbers for each event, then their text. The text is packed
    /// once whatever the number of exporters, and apart from the rows, so that some receivers can have it as it is.
    package struct Payload: Sendable {
        package let rows: Int
        let isPacked: Bool
        let textBytes: Int
        let bytes: [UInt8]

        /// - Parameter select: the rows to take; `nil` takes all.
        package init(_ batch: borrowing EventBatch, rows select: [Int]? = nil, _ compressor: inout Compressor)
        {
            if select == nil, batch.isText {
                self.init(text: batch, &compressor)
                return
            }
            var chosen = EventBatch()
            for index in select ?? Array(batch.events.indices) {
                chosen.append(batch.events[index], from: batch)
            }
            self.init(text: chosen, &compressor)
        }

        private init(text batch: borrowing EventBatch, _ compressor: inout Compressor) {
            rows = batch.count
            textBytes = batch.bytes.count
            var writer = BinaryWriter()
            writer.bytes.reserveCapacity(batch.count * SpoolFrame.rowBytes + textBytes / 4)
            for event in batch.events { writer.put(row: event) }
            var packed = false
            if textBytes >= SpoolFrame.packedFromBytes {
                compressor.pack(batch.bytes, into: &writer.bytes)
                packed = writer.bytes.count < batch.count * SpoolFrame.rowBytes + textBytes
            }
            isPacked = packed
            if !packed {
                writer.bytes.removeSubrange((batch.count * SpoolFrame.rowBytes)...)
                writer.bytes.append(contentsOf: batch.bytes)
            }
            bytes = writer.bytes
        }
    }

    /// The whole frame as it goes to the disk.
    static func encode(_ payload: Payload, key: LedgerKey, arrival: Timestamp, rowsBefore: UInt64) -> [UInt8]
    {
        var writer = BinaryWriter()
        writer.bytes.reserveCapacity(fixedHeadBytes + 64 + payload.bytes.count)
        writer.put(magic)
        writer.put(UInt32(0))
        writer.put(UInt32(payload.isPacked ? 1 : 0))
        writer.put(UInt32(clamping: payload.rows))
        writer.put(UInt32(clamping: payload.bytes.count))
        writer.put(CRC32C.of(payload.bytes))
        writer.put(UInt32(clamping: payload.textBytes))
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
            let rowsBefore = try reader.word(UInt64.self)
            let arrival = try reader.word(Int64.self)
            let nameBytes = try reader.word(UInt64.self)
            guard nameBytes <= UInt64(keyBytesMax), Int(nameBytes) <= reader.remaining,
                max(payloadBytes, textBytes) <= payloadBytesMax, rows * rowBytes <= payloadBytes,
                CRC32C.of(bytes, in: offset + 8..<offset + fixedHeadBytes + Int(nameBytes)) == check
            else { return nil }
            return Head(
                key: try reader.ledgerKey(), arrival: Timestamp(nanoseconds: arrival), rows: rows,
                rowsBefore: rowsBefore, isPacked: flags & 1 == 1, payloadBytes: payloadBytes,
                payloadCheck: payloadCheck, textBytes: textBytes, headBytes: fixedHeadBytes + Int(nameBytes)
            )
        } catch {
            return nil
        }
    }

    package let head: Head
    /// Rows, then the text.
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
    package var text: ArraySlice<UInt8> { payload[(head.rows * Self.rowBytes)...] }
    package var isPacked: Bool { head.isPacked }
    /// Of the text before it was packed.
    package var textBytes: Int { head.textBytes }

    /// Appends the frame's events to a batch; false, with nothing appended, where the payload is damaged.
    func read(into batch: inout EventBatch) -> Bool {
        var plain = Array(text)
        if head.isPacked {
            guard let inflated = try? Inflater.inflate(plain, bytesMax: head.textBytes) else { return false }
            plain = inflated
        }
        guard plain.count == head.textBytes else { return false }
        var reader = BinaryReader(payload)
        var events: [Event] = []
        events.reserveCapacity(head.rows)
        var start = batch.bytes.count
        do throws(BinaryReader.Malformed) {
            for _ in 0..<head.rows {
                let event = try reader.event(jsonAt: start)
                start += Int(event.json.count) + 1
                events.append(event)
            }
        } catch {
            return false
        }
        guard start == batch.bytes.count + plain.count else { return false }
        batch.bytes.append(contentsOf: plain)
        batch.events.append(contentsOf: events)
        return true
    }
}

extension BinaryWriter {
    fileprivate mutating func put(row event: Event) {
        put(event.time.nanoseconds)
        put(event.classUID)
        put(event.activityID)
        put(event.statusID)
        put(event.severityID)
        put(UInt64(event.kind.rawValue))
        put(event.json.count)
        // A uid that is not inside its event's text cannot be kept.
        let isInside = event.uid.start >= event.json.start && event.uid.end <= event.json.end
        put(isInside ? event.uid.start - event.json.start : 0)
        put(isInside ? event.uid.count : 0)
        put(UInt32(truncatingIfNeeded: event.contentDigest))
    }
}

extension BinaryReader {
    fileprivate mutating func event(jsonAt start: Int) throws(Malformed) -> Event {
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
        guard Int(uidStart) + Int(uidBytes) <= Int(jsonBytes) else { throw Malformed() }
        event.json = Extent(start: start, count: Int(jsonBytes))
        event.uid = Extent(start: start + Int(uidStart), count: Int(uidBytes))
        return event
    }
}
