package import Codecs
package import Engine

/// The ledger's row that something counts in: a feed, a source instance and an hour of arrival.
package struct LedgerKey: Hashable, Comparable, Sendable {
    package var feed: String
    package var source: String
    /// Hours since 1970-01-01T00:00Z.
    package var hour: Int64

    package init(feed: String, source: String, hour: Int64) {
        self.feed = feed
        self.source = source
        self.hour = hour
    }

    package init(feed: String, source: String, arrival: Timestamp) {
        self.init(feed: feed, source: source, hour: floorDivide(arrival.nanoseconds, 3_600_000_000_000))
    }

    package static func < (a: LedgerKey, b: LedgerKey) -> Bool {
        (a.hour, a.feed, a.source) < (b.hour, b.feed, b.source)
    }
}

/// Whole frames, one after the other, in a spool segment.
package struct SpoolExtent: Hashable, Sendable {
    package var segment: UInt64
    package var start: Int64
    package var end: Int64
    package var rows: Int
    /// Rows in the segment before these: what makes every frame's head tell its row.
    package var rowsBefore: UInt64

    package init(segment: UInt64, start: Int64, end: Int64, rows: Int, rowsBefore: UInt64) {
        self.segment = segment
        self.start = start
        self.end = end
        self.rows = rows
        self.rowsBefore = rowsBefore
    }
}

/// What one exporter still owes its receiver, as the journal tells it: a value that is folded from the journal's
/// records, live and at recovery alike.
///
/// Each committed row has a number, counted from the exporter's first: what a batch holds is a range of numbers,
/// and the same rows keep their numbers for ever. Only what was committed is here; frames that a crash left in
/// a segment without a commit are never read.
package struct SpoolQueue: Hashable, Sendable {
    package struct Stretch: Hashable, Sendable {
        package var firstRow: UInt64
        package var extent: SpoolExtent
        package var rowsEnd: UInt64 { firstRow + UInt64(extent.rows) }
    }

    /// In the order of commitment; stretches that touch are one. Those fully judged are gone.
    package private(set) var stretches: [Stretch] = []
    /// The number the next committed row gets.
    package private(set) var nextRow: UInt64 = 0
    /// Judged rows: everything below `judgedBelow`, and these ranges above it, ascending.
    package private(set) var judgedBelow: UInt64 = 0
    package private(set) var judgedIslands: [Range<UInt64>] = []
    /// Attempts whose outcome is not known; ascending, never overlapping.
    package private(set) var unjudged: [Range<UInt64>] = []

    package init() {}

    package var pendingRows: UInt64 {
        nextRow - judgedBelow - judgedIslands.reduce(0) { $0 + UInt64($1.count) }
    }

    /// The segments that still hold rows not judged.
    package var segments: Set<UInt64> { Set(stretches.map(\.extent.segment)) }

    package mutating func commit(_ extent: SpoolExtent) {
        guard extent.rows > 0 else { return }
        if let last = stretches.last, last.extent.segment == extent.segment, last.extent.end == extent.start,
            last.rowsEnd == nextRow
        {
            stretches[stretches.count - 1].extent.end = extent.end
            stretches[stretches.count - 1].extent.rows += extent.rows
        } else {
            stretches.append(Stretch(firstRow: nextRow, extent: extent))
        }
        nextRow += UInt64(extent.rows)
    }

    package mutating func attempt(_ rows: Range<UInt64>) {
        unjudged.removeAll { $0.overlaps(rows) }
        unjudged.append(rows)
        unjudged.sort { $0.lowerBound < $1.lowerBound }
    }

    /// The attempt has certainly brought nothing: its rows are as if never tried.
    package mutating func release(_ rows: Range<UInt64>) { unjudged.removeAll { $0.overlaps(rows) } }

    package mutating func judge(_ rows: Range<UInt64>) {
        var rest: [Range<UInt64>] = []
        for attempt in unjudged {
            if !attempt.overlaps(rows) {
                rest.append(attempt)
                continue
            }
            // A receiver may judge a part of a batch; the rest goes on being tried.
            if attempt.lowerBound < rows.lowerBound { rest.append(attempt.lowerBound..<rows.lowerBound) }
            if rows.upperBound < attempt.upperBound { rest.append(rows.upperBound..<attempt.upperBound) }
        }
        unjudged = rest
        judgedIslands.append(rows)
        judgedIslands.sort { $0.lowerBound < $1.lowerBound }
        var merged: [Range<UInt64>] = []
        for island in judgedIslands where island.upperBound > judgedBelow {
            if island.lowerBound <= judgedBelow {
                judgedBelow = island.upperBound
            } else if let last = merged.last, last.upperBound >= island.lowerBound {
                merged[merged.count - 1] = last.lowerBound..<max(last.upperBound, island.upperBound)
            } else {
                merged.append(island)
            }
        }
        judgedIslands = merged
        stretches.removeAll { $0.rowsEnd <= judgedBelow }
    }

    /// The first row at or after `row` that is neither judged nor in `taken`, and how far the run of such rows goes.
    package func nextFree(from row: UInt64, besides taken: [Range<UInt64>]) -> Range<UInt64>? {
        var start = max(row, judgedBelow)
        var end = nextRow
        let blocked = (judgedIslands + taken).sorted { $0.lowerBound < $1.lowerBound }
        for range in blocked where !range.isEmpty {
            if range.upperBound <= start { continue }
            if range.lowerBound <= start {
                start = range.upperBound
            } else {
                end = min(end, range.lowerBound)
                break
            }
        }
        return start < end ? start..<end : nil
    }

    /// Whether any row of a stretch is not judged.
    package func isPending(_ stretch: Stretch) -> Bool {
        nextFree(from: stretch.firstRow, besides: []).map { $0.lowerBound < stretch.rowsEnd } ?? false
    }

    /// Where a row stands, by the stretch that holds it.
    package func stretch(holding row: UInt64) -> Stretch? {
        stretches.first { $0.firstRow <= row && row < $0.rowsEnd }
    }
}

extension SpoolQueue {
    package func encode(into writer: inout BinaryWriter) {
        writer.put(varint: nextRow)
        writer.put(varint: judgedBelow)
        writer.put(count: stretches.count)
        for stretch in stretches {
            writer.put(varint: stretch.firstRow)
            stretch.extent.encode(into: &writer)
        }
        for ranges in [judgedIslands, unjudged] {
            writer.put(count: ranges.count)
            for range in ranges { writer.put(rows: range) }
        }
    }

    package init(from reader: inout BinaryReader) throws(BinaryReader.Malformed) {
        nextRow = try reader.varint()
        judgedBelow = try reader.varint()
        for _ in 0..<(try reader.itemCount()) {
            stretches.append(Stretch(firstRow: try reader.varint(), extent: try SpoolExtent(from: &reader)))
        }
        for _ in 0..<(try reader.itemCount()) { judgedIslands.append(try reader.rows()) }
        for _ in 0..<(try reader.itemCount()) { unjudged.append(try reader.rows()) }
    }
}

extension SpoolExtent {
    package func encode(into writer: inout BinaryWriter) {
        writer.put(varint: segment)
        writer.put(count: Int(start))
        writer.put(count: Int(end))
        writer.put(count: rows)
        writer.put(varint: rowsBefore)
    }

    package init(from reader: inout BinaryReader) throws(BinaryReader.Malformed) {
        segment = try reader.varint()
        start = Int64(try reader.count())
        end = Int64(try reader.count())
        rows = try reader.count()
        rowsBefore = try reader.varint()
    }
}

extension BinaryWriter {
    package mutating func put(rows: Range<UInt64>) {
        put(varint: rows.lowerBound)
        put(varint: rows.upperBound)
    }

    package mutating func put(_ key: LedgerKey) {
        put(key.feed)
        put(key.source)
        put(key.hour)
    }
}

extension BinaryReader {
    package mutating func rows() throws(Malformed) -> Range<UInt64> {
        let (lower, upper) = (try varint(), try varint())
        guard lower <= upper else { throw Malformed() }
        return lower..<upper
    }

    package mutating func ledgerKey() throws(Malformed) -> LedgerKey {
        LedgerKey(feed: try string(), source: try string(), hour: try word())
    }
}
