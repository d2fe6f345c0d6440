import Codecs
import Engine
import Ports

/// Finds the rows of a row group that a query asks for, looking first where it costs least.
struct SegmentScan {
    let query: EventQuery

    /// The rows that fit, ascending, with their times.
    func hits(_ file: SegmentFile, _ group: Int) async throws(Fault) -> [(row: Int, time: Int64)] {
        guard mayOverlap(file, group) else { return [] }
        for condition in query.conditions where try await !mayHold(condition, file, group) { return [] }
        let count = file.rows(in: group)
        var times = [Int64](repeating: 0, count: count)
        var column = file.emptyColumn(query.plan.time)
        try await file.read(query.plan.time, group, into: &column)
        column.forEachEntry { if $0.value >= 0 { times[$0.row] = column.words[$0.value] } }
        var isHit = times.map { query.times.contains($0) }
        guard var stretch = Self.stretch(isHit) else { return [] }
        for (leaf, values) in query.numbers {
            var holds = [Bool](repeating: false, count: stretch.count)
            var column = file.emptyColumn(leaf)
            try await file.read(leaf, group, rows: stretch, into: &column)
            column.forEachEntry {
                if $0.value >= 0, values.contains(column.words[$0.value]) { holds[$0.row] = true }
            }
            guard let left = Self.narrow(&isHit, stretch, holds) else { return [] }
            stretch = left
        }
        for condition in query.conditions {
            var holds = [Bool](repeating: false, count: stretch.count)
            for leaf in condition.leaves where !file.isEmpty(leaf, group) {
                var column = file.emptyColumn(leaf)
                try await file.read(leaf, group, rows: stretch, into: &column)
                Self.mark(&holds, column, condition.patterns)
            }
            guard let left = Self.narrow(&isHit, stretch, holds) else { return [] }
            stretch = left
        }
        return stretch.filter { isHit[$0] }.map { ($0, times[$0]) }
    }

    /// By the least and the greatest time that the footer tells.
    private func mayOverlap(_ file: SegmentFile, _ group: Int) -> Bool {
        guard let bounds = file.chunk(query.plan.time, group)?.bounds, let min = bounds.integers?.min,
            let max = bounds.integers?.max
        else { return true }
        return min < query.times.upperBound && max >= query.times.lowerBound
    }

    /// By bloom filters, where every pattern is one value.
    private func mayHold(
        _ condition: EventQuery.Condition, _ file: SegmentFile, _ group: Int
    ) async throws(Fault) -> Bool {
        let values = condition.patterns.compactMap(\.value)
        for leaf in condition.leaves where !file.isEmpty(leaf, group) {
            if values.count < condition.patterns.count { return true }
            if let bounds = file.chunk(leaf, group)?.bounds,
                values.allSatisfy({ !bounds.mayHold(text: $0) })
            {
                continue
            }
            if try await file.mayContain(values, leaf, group) { return true }
        }
        return false
    }

    /// Each different text is compared once.
    private static func mark(_ holds: inout [Bool], _ column: ParquetColumn, _ patterns: [TextPattern]) {
        var fits = [Bool](repeating: false, count: column.textCount)
        var isAny = false
        for text in 0..<column.textCount {
            let bytes = column.bytes(ofText: text)
            if patterns.contains(where: { $0.fits(bytes) }) {
                fits[text] = true
                isAny = true
            }
        }
        guard isAny else { return }
        column.forEachEntry { entry in
            if entry.value >= 0, fits[column.text(of: entry.value)] { holds[entry.row] = true }
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
