import Codecs
package import Engine
package import Ports

/// Reads one segment's rows: single columns, or whole events.
package struct SegmentReader: ~Copyable {
    private let file: SegmentFile
    private let plan: ColumnPlan

    package init(
        _ segment: Segment, _ plan: ColumnPlan, _ source: any SegmentSource
    ) async throws(Fault) {
        self.plan = plan
        file = try await SegmentFile.open(segment.path, bytes: segment.bytes, plan, source)
    }

    package var groups: Int { file.groups }
    /// Of the segments whose rows are in this one, beside its own.
    package var names: [String] { file.inputs }

    /// The same, of a segment in memory.
    package static func names(
        in bytes: [UInt8], _ path: String, _ plan: ColumnPlan
    ) async throws(Fault) -> [String] {
        let held = MemorySource(files: [path: bytes])
        return try await SegmentFile.open(path, bytes: Int64(bytes.count), plan, held).inputs
    }

    /// `texts` of a segment in memory.
    package static func texts(
        _ leaf: Int, in bytes: [UInt8], _ path: String, _ plan: ColumnPlan
    ) async throws(Fault) -> [String?] {
        let held = MemorySource(files: [path: bytes])
        let file = try await SegmentFile.open(path, bytes: Int64(bytes.count), plan, held)
        return try await SegmentReader(file: file, plan: plan).texts(leaf)
    }

    private init(file: SegmentFile, plan: ColumnPlan) {
        self.file = file
        self.plan = plan
    }

    /// A column of texts, `nil` for nulls; of a list the first element.
    package func texts(_ leaf: Int) async throws(Fault) -> [String?] {
        var texts: [String?] = []
        for group in 0..<file.groups {
            let first = texts.count
            texts.append(contentsOf: repeatElement(nil, count: file.rows(in: group)))
            var column = file.emptyColumn(leaf)
            try await file.read(leaf, group, into: &column)
            column.forEachEntry { entry in
                guard entry.value >= 0, entry.repetition == 0 else { return }
                texts[first + entry.row] = unsafe String(
                    decoding: column.bytes(of: entry.value), as: UTF8.self)
            }
        }
        return texts
    }

    /// Every event, as it was delivered but for the order of attributes.
    package func events(withRaw: Bool) async throws(Fault) -> [String] {
        var events: [String] = []
        for group in 0..<file.groups {
            let rows = try await file.rows(group, leaves: Array(plan.leaves.indices), rows: nil)
            var writer = RowText(plan)
            for row in 0..<rows.count {
                var out: [UInt8] = []
                writer.append(rows.entries[rows.entries(of: row)], rows.bytes, withRaw: withRaw, to: &out)
                events.append(String(decoding: out, as: UTF8.self))
            }
        }
        return events
    }
}

extension SegmentFile {
    /// Rows of a group with the entries of some leaves: all of them, or those in ascending `rows`.
    func rows(_ group: Int, leaves: [Int], rows wanted: [Int]?) async throws(Fault) -> ColumnRows {
        let count = wanted?.count ?? rows(in: group)
        var columns: [(leaf: Int, column: ParquetColumn)] = []
        var stretch = wanted.flatMap { list in list.first.map { $0..<(list.last ?? $0) + 1 } }
        var choice = stretch.map { ParquetRowChoice.range($0) }
        if let wanted, wanted.count * 4 < rows(in: group), wanted.count < stretch?.count ?? 0 {
            // Scattered, and few.
            choice = .picked(wanted)
            stretch = nil
        }
        for (leaf, column) in try await self.columns(leaves, group, rows: choice)
        where column.valueCount > 0 || column.maxRepetition > 0 {
            columns.append((leaf, column))
        }
        /// Where each row of the stretch goes; -1 for one that is not wanted.
        var places: [Int]?
        if let wanted, let stretch {
            var made = [Int](repeating: -1, count: stretch.count)
            for (place, row) in wanted.enumerated() { made[row - stretch.lowerBound] = place }
            places = made
        }
        var out = ColumnRows()
        var counts = [Int](repeating: 0, count: count)
        for (_, column) in columns {
            column.forEachEntry { entry in
                let place = places.map { $0[entry.row] } ?? entry.row
                if place >= 0 { counts[place] += 1 }
            }
        }
        var total = 0
        var starts: [Int] = []
        for count in counts {
            starts.append(total)
            total += count
            out.ends.append(total)
        }
        out.entries = [ColumnEntry](repeating: ColumnEntry(leaf: 0, definition: 0), count: total)
        out.times = [Int64](repeating: 0, count: count)
        out.principals = [Extent](repeating: .none, count: count)
        for (leaf, column) in columns {
            let isTime = leaf == plan.time
            column.forEachEntry { entry in
                let place = places.map { $0[entry.row] } ?? entry.row
                guard place >= 0 else { return }
                var made = ColumnEntry(
                    leaf: leaf, repetition: Int(entry.repetition), definition: Int(entry.definition))
                if entry.value >= 0 {
                    if column.type.isBytes {
                        let bytes = unsafe column.bytes(of: entry.value)
                        made.bits = UInt64(out.bytes.count)
                        made.count = UInt32(truncatingIfNeeded: bytes.count)
                        unsafe out.bytes.append(contentsOf: bytes)
                    } else {
                        made.bits = UInt64(bitPattern: column.word(of: entry.value))
                        if isTime { out.times[place] = column.word(of: entry.value) }
                    }
                }
                out.entries[starts[place]] = made
                starts[place] += 1
            }
        }
        return out
    }
}
