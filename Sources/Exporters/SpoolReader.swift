package import Engine
package import Ports

/// Reads an exporter's committed rows in their order, a bounded number of bytes at a time.
///
/// A damaged frame is stepped over to the next whole one; the rows that were in it are reported, with their
/// numbers and as much as is known of the accounts they belong to.
package struct SpoolReader: Sendable {
    /// Rows of one frame, or of a gap.
    package struct Run: Sendable {
        package var rows: Range<UInt64>
        package var key: LedgerKey
        package var arrival: Timestamp
        /// What is wrong and where, for rows that cannot be read back.
        package var damage: String?
    }

    /// What was read: events in row order, and whose they are. Rows of a damaged run have no event.
    package struct Chunk: Sendable {
        package var runs: [Run] = []
        package var batch = EventBatch()
    }

    /// What is read from the disk at once: bytes. A larger frame is read by itself.
    static let windowBytes: Int64 = 1 << 20

    private let exporter: String
    private let volume: any Volume
    /// The stretch of file last read.
    private var window: [UInt8] = []
    private var windowSegment: UInt64?
    private var windowStart: Int64 = 0
    /// Where the reader stands, so that the next run need not be searched for.
    private var stretch: SpoolQueue.Stretch?
    private var offset: Int64 = 0
    private var row: UInt64 = 0

    package init(_ exporter: String, volume: any Volume) {
        self.exporter = exporter
        self.volume = volume
    }

    private var path: String { Spool.path(exporter, stretch?.extent.segment ?? 0) }

    /// Reads one frame or one gap: what holds the row `first`. `nil` when the queue has no such row.
    ///
    /// Frames before it are passed over by their heads alone.
    package mutating func next(
        holding first: UInt64, in queue: SpoolQueue, into batch: inout EventBatch
    ) async throws(Fault) -> Run? {
        guard var found = try await next(holding: first, in: queue) else { return nil }
        if let frame = found.frame, !frame.read(into: &batch) {
            found.run.damage = "\(path): a frame of \(frame.head.rows) events cannot be unpacked"
        }
        return found.run
    }

    /// The same, with the frame as it is; a gap has none.
    package mutating func next(
        holding first: UInt64, in queue: SpoolQueue
    ) async throws(Fault) -> (run: Run, frame: SpoolFrame?)? {
        guard let holder = queue.stretch(holding: first) else { return nil }
        // A stretch only grows at its end, so its beginning says whether it is still the same.
        let isFurtherOn =
            row <= first && stretch?.firstRow == holder.firstRow
            && stretch?.extent.segment == holder.extent.segment
            && stretch?.extent.start == holder.extent.start
        if !isFurtherOn {
            offset = holder.extent.start
            row = holder.firstRow
        }
        stretch = holder
        while true {
            guard offset < holder.extent.end, let head = try await head(in: holder) else {
                let gap = try await stepOverDamage(in: holder)
                if gap.rows.upperBound > first { return (gap, nil) }
                continue
            }
            let rows = row..<row + UInt64(head.rows)
            if rows.upperBound <= first {
                pass(head)
                continue
            }
            try await load(offset..<offset + Int64(head.frameBytes), upTo: holder.extent.end)
            let frame = SpoolFrame(head, from: window, at: Int(offset - windowStart))
            let damage = frame == nil ? "\(path): damaged frame at byte \(offset), \(head.rows) events" : nil
            pass(head)
            return (Run(rows: rows, key: head.key, arrival: head.arrival, damage: damage), frame)
        }
    }

    private mutating func pass(_ head: SpoolFrame.Head) {
        offset += Int64(head.frameBytes)
        row += UInt64(head.rows)
    }

    /// Finds the next whole head in the stretch and reports the rows between.
    private mutating func stepOverDamage(in holder: SpoolQueue.Stretch) async throws(Fault) -> Run {
        let (from, end) = (offset, holder.extent.end)
        var probe = offset + 1
        var resumeRow = holder.rowsEnd
        while probe < end {
            try await load(probe..<min(probe + Self.headReach, end), upTo: end)
            let start = Int(probe - windowStart)
            guard let hit = Self.firstMagic(in: window, from: start) else {
                probe = max(probe + 1, windowStart + Int64(window.count) - 3)
                continue
            }
            probe = windowStart + Int64(hit)
            try await load(probe..<min(probe + Self.headReach, end), upTo: end)
            if let found = rowOfHead(at: probe, in: holder), found >= row {
                resumeRow = found
                break
            }
            probe += 1
        }
        let lost = row..<max(row, resumeRow)
        offset = min(probe, end)
        row = lost.upperBound
        return Run(
            rows: lost, key: Self.unknownKey, arrival: .epoch,
            damage: "\(path): damaged from byte \(from) to \(offset), \(lost.count) events")
    }

    /// The row that the whole head at an offset begins with; `nil` where none stands that belongs here.
    private func rowOfHead(at offset: Int64, in holder: SpoolQueue.Stretch) -> UInt64? {
        guard let head = SpoolFrame.head(in: window, at: Int(offset - windowStart)),
            offset + Int64(head.frameBytes) <= holder.extent.end, head.rowsBefore >= holder.extent.rowsBefore
        else { return nil }
        let found = holder.firstRow + (head.rowsBefore - holder.extent.rowsBefore)
        return found + UInt64(head.rows) <= holder.rowsEnd ? found : nil
    }

    private mutating func head(in holder: SpoolQueue.Stretch) async throws(Fault) -> SpoolFrame.Head? {
        try await load(offset..<min(offset + Self.headReach, holder.extent.end), upTo: holder.extent.end)
        guard rowOfHead(at: offset, in: holder) == row else { return nil }
        return SpoolFrame.head(in: window, at: Int(offset - windowStart))
    }

    private static func firstMagic(in bytes: [UInt8], from start: Int) -> Int? {
        guard start + magicBytes.count <= bytes.count else { return nil }
        return (start...bytes.count - magicBytes.count).first { index in
            bytes[index] == magicBytes[0] && bytes[index..<index + 4].elementsEqual(magicBytes)
        }
    }

    /// Makes `range` of the current segment stand in the window, with what follows it as far as there is room.
    private mutating func load(_ range: Range<Int64>, upTo end: Int64) async throws(Fault) {
        let windowEnd = windowStart + Int64(window.count)
        if windowSegment == stretch?.extent.segment, range.lowerBound >= windowStart,
            range.upperBound <= windowEnd
        {
            return
        }
        let wanted = range.lowerBound..<max(range.upperBound, min(range.lowerBound + Self.windowBytes, end))
        do throws(Fault) {
            window = try await volume.read(path, in: wanted)
        } catch let fault {
            guard try await volume.length(of: path) == nil else { throw fault }
            window = []  // a segment that is gone is damage, not a reason to wait
        }
        windowStart = range.lowerBound
        windowSegment = stretch?.extent.segment
        guard Int64(window.count) < range.upperBound - range.lowerBound else { return }
        // The file is shorter than the journal says: zeros are damage like any other.
        window += [UInt8](repeating: 0, count: Int(range.upperBound - range.lowerBound) - window.count)
    }

    private static let magicBytes = littleEndian(SpoolFrame.magic)
    private static let headReach = Int64(SpoolFrame.fixedHeadBytes + SpoolFrame.keyBytesMax)

    /// The account of events whose damage has taken their account with it; the journal knows the right one.
    package static let unknownKey = LedgerKey(feed: "", source: "", hour: 0)
}
