import Codecs
import Engine
import Ports

/// Finds the rows of a segment that a query asks for, looking first where it costs least.
struct SegmentScan: Sendable {
    struct Hit: Sendable {
        var group: Int
        var row: Int
        var time: Int64
    }

    let query: EventQuery

    /// The rows that fit, in the order of the file.
    func hits(_ file: SegmentFile) async throws(Fault) -> [Hit] {
        var groups = (0..<file.groups).filter { mayOverlap(file, $0) }
        for condition in query.conditions where !groups.isEmpty {
            groups = try await remaining(of: groups, condition, file)
        }
        if groups.isEmpty { return [] }
        try await file.begin()
        var hits: [Hit] = []
        for group in groups { try await scan(file, group, into: &hits) }
        return hits
    }

    private func scan(_ file: SegmentFile, _ group: Int, into hits: inout [Hit]) async throws(Fault) {
        let count = file.rows(in: group)
        let isWithin = isWithin(file, group)
        var times: [Int64]?
        var isHit = [Bool](repeating: true, count: count)
        if !isWithin {
            let read = try await self.times(file, group, rows: nil)
            isHit = read.map { query.times.contains($0) }
            times = read
        }
        guard var stretch = Self.stretch(isHit) else { return }
        for (leaf, values) in query.numbers {
            var holds = [Bool](repeating: false, count: stretch.count)
            for (_, column) in try await file.columns([leaf], group, rows: .range(stretch)) {
                column.forEachEntry {
                    if $0.value >= 0, values.contains(column.word(of: $0.value)) { holds[$0.row] = true }
                }
            }
            guard let left = Self.narrow(&isHit, stretch, holds) else { return }
            stretch = left
        }
        for condition in query.conditions {
            var holds = [Bool](repeating: false, count: stretch.count)
            let isWhole = try await mark(&holds, condition.leaves, condition, file, group, stretch)
            if !isWhole { _ = try await mark(&holds, condition.otherwise, condition, file, group, stretch) }
            guard let left = Self.narrow(&isHit, stretch, holds) else { return }
            stretch = left
        }
        let rows = stretch.filter { isHit[$0] }
        if let times {
            for row in rows { hits.append(Hit(group: group, row: row, time: times[row])) }
        } else {
            let times = try await self.times(file, group, rows: .picked(rows))
            for (row, time) in zip(rows, times) { hits.append(Hit(group: group, row: row, time: time)) }
        }
    }

    /// The times of a group's rows, or of some of them.
    private func times(
        _ file: SegmentFile, _ group: Int, rows: ParquetRowChoice?
    ) async throws(Fault) -> [Int64] {
        var times = [Int64](repeating: 0, count: rows?.count ?? file.rows(in: group))
        for (_, column) in try await file.columns([query.plan.time], group, rows: rows) {
            column.forEachEntry { if $0.value >= 0 { times[$0.row] = column.word(of: $0.value) } }
        }
        return times
    }

    /// Whether the footer tells that all of the group's times are asked for.
    private func isWithin(_ file: SegmentFile, _ group: Int) -> Bool {
        if query.times == .min ..< .max { return true }
        guard let bounds = file.chunk(query.plan.time, group)?.bounds?.integers else { return false }
        return query.times.contains(bounds.min) && query.times.contains(bounds.max)
    }

    /// By the least and the greatest time that the footer tells.
    private func mayOverlap(_ file: SegmentFile, _ group: Int) -> Bool {
        guard let bounds = file.chunk(query.plan.time, group)?.bounds, let min = bounds.integers?.min,
            let max = bounds.integers?.max
        else { return true }
        return min < query.times.upperBound && max >= query.times.lowerBound
    }

    /// The groups that bounds and bloom filters do not rule out, where every pattern is one value.
    private func remaining(
        of groups: [Int], _ condition: EventQuery.Condition, _ file: SegmentFile
    ) async throws(Fault) -> [Int] {
        let values = condition.patterns.compactMap(\.value)
        if values.count < condition.patterns.count { return groups }
        var open: [(group: Int, leaf: Int)] = []
        for group in groups {
            for leaf in condition.leaves where !file.isEmpty(leaf, group) {
                if let bounds = file.chunk(leaf, group)?.bounds,
                    values.allSatisfy({ !bounds.mayHold(text: $0) })
                {
                    continue
                }
                open.append((group, leaf))
            }
        }
        let fetched = try await file.fetch(open.compactMap { file.filterRange($0.leaf, $0.group) })
        var left: Set<Int> = []
        for (group, leaf) in open where !left.contains(group) {
            if try await file.mayContain(values, leaf, group, fetched) { left.insert(group) }
        }
        return groups.filter(left.contains)
    }

    /// Marks the rows in which some value of the leaves fits.
    ///
    /// - Returns: whether every row has a value in them.
    private func mark(
        _ holds: inout [Bool], _ leaves: [Int], _ condition: EventQuery.Condition, _ file: SegmentFile,
        _ group: Int, _ stretch: Range<Int>
    ) async throws(Fault) -> Bool {
        if let isWhole = try await search(&holds, leaves, condition, file, group, stretch) { return isWhole }
        // A large column goes through in parts, so that the same memory serves for each.
        let unpacked = leaves.map { file.chunk($0, group)?.unpackedByteCount ?? 0 }.max() ?? 0
        let step = unpacked > Self.columnBytesMax ? Self.rowsAtOnce : stretch.count
        var values: [Int: Int] = [:]
        for start in stride(from: stretch.lowerBound, to: stretch.upperBound, by: step) {
            let part = start..<min(start + step, stretch.upperBound)
            for (leaf, column) in try await file.columns(leaves, group, rows: .range(part)) {
                Self.mark(&holds, column, condition.patterns, from: start - stretch.lowerBound)
                values[leaf, default: 0] += column.valueCount
            }
        }
        return values.values.contains(stretch.count)
    }

    /// The same where one text is looked for inside the values of one leaf, by searching its pages as they are; `nil`
    /// where that is not so, or only few rows are asked for.
    private func search(
        _ holds: inout [Bool], _ leaves: [Int], _ condition: EventQuery.Condition, _ file: SegmentFile,
        _ group: Int, _ stretch: Range<Int>
    ) async throws(Fault) -> Bool? {
        let count = file.rows(in: group)
        guard leaves.count == 1, condition.patterns.count == 1, stretch.count * 4 >= count,
            query.plan.leaves[leaves[0]].repetitionMax == 0, let needle = condition.patterns[0].contained
        else { return nil }
        for row in try await file.rows(containing: needle, leaves[0], group) where stretch.contains(row) {
            holds[row - stretch.lowerBound] = true
        }
        // Of some rows nobody has counted the nulls.
        return file.chunk(leaves[0], group)?.nullCount == 0
    }

    /// What of a column is in memory at once: bytes, and rows where it has more.
    private static let columnBytesMax = 8 << 20
    private static let rowsAtOnce = 4_096

    /// Each different text is compared once.
    private static func mark(
        _ holds: inout [Bool], _ column: ParquetColumn, _ patterns: [TextPattern], from first: Int
    ) {
        var fits = [Bool](repeating: false, count: column.textCount)
        var isAny = false
        for pattern in patterns {
            if let contained = pattern.contained {
                for text in column.texts(containing: contained) {
                    fits[text] = true
                    isAny = true
                }
                continue
            }
            for text in 0..<column.textCount
            where unsafe !fits[text] && pattern.fits(column.bytes(ofText: text)) {
                fits[text] = true
                isAny = true
            }
        }
        guard isAny else { return }
        column.forEachEntry { entry in
            if entry.value >= 0, fits[column.text(of: entry.value)] { holds[first + entry.row] = true }
        }
    }

    private static func stretch(_ isHit: [Bool]) -> Range<Int>? {
        guard let first = isHit.firstIndex(of: true), let last = isHit.lastIndex(of: true) else { return nil }
        return first..<last + 1
    }

    private static func narrow(_ isHit: inout [Bool], _ stretch: Range<Int>, _ holds: [Bool]) -> Range<Int>? {
        var left: Range<Int>?
        for row in stretch where isHit[row] {
            if holds[row - stretch.lowerBound] {
                left = (left?.lowerBound ?? row)..<row + 1
            } else {
                isHit[row] = false
            }
        }
        return left
    }
}
