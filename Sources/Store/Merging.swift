import Codecs
import Engine
package import Ports

extension EventStore {
    /// Merges the segments of one day that are due; whether there were any.
    ///
    /// A day is due with `mergeMin` small segments, or with two when nothing was added to it for `mergeIdle`; `all` takes
    /// whatever is more than one.
    package func mergeOnce(all: Bool = false) async throws(Fault) -> Bool {
        guard let (plan, segments) = due(all: all) else { return false }
        var files: [String: [UInt8]] = [:]
        for segment in segments {
            files[segment.path] = try await VolumeSource(volume).read(segment.path, in: 0..<segment.bytes)
        }
        let merge = try await Merge(plan, segments, MemorySource(files: files))
        var options = SegmentEncoder.Options()
        options.zstdLevel = limits.mergedLevel
        let encoder = SegmentEncoder(plan, options)
        var file = begin(plan.table, segments[0].day)
        while try await merge.step(into: encoder, rows: limits.rowGroupRows) {
            try await append(encoder.take(), to: &file)
        }
        let merged = try await finish(encoder, &file, level: 1, inputs: segments.map(\.path))
        guard merged.rows == segments.reduce(0, { $0 + $1.rows }) else {
            throw Fault(.malformed, "merging \(segments.count) segments gave \(merged.rows) rows")
        }
        try await commit(Catalog.Change(add: [merged], remove: segments.map(\.path)))
        return true
    }

    private func due(all: Bool) -> (ColumnPlan, [Segment])? {
        struct Key: Hashable {
            var table: String
            var day: Int
        }
        var days: [Key: [Segment]] = [:]
        for segment in catalog.segments.values
        where segment.rows < limits.mergedRows && segment.bytes < limits.mergedBytes {
            days[Key(table: segment.table, day: segment.day), default: []].append(segment)
        }
        let now = time.now
        for (key, found) in days.sorted(by: { ($0.key.table, $0.key.day) < ($1.key.table, $1.key.day) }) {
            let newest = found.map(\.written).max() ?? .distantPast
            let enough = all || newest + limits.mergeIdle <= now ? 2 : limits.mergeMin
            var chosen: [Segment] = []
            var (bytes, rows): (Int64, Int) = (0, 0)
            for segment in found.sorted(by: { ($0.bytes, $0.path) < ($1.bytes, $1.path) }) {
                bytes += segment.bytes
                rows += segment.rows
                if bytes > limits.mergedBytes || rows > limits.mergedRows || chosen.count >= limits.mergeMax {
                    break
                }
                chosen.append(segment)
            }
            guard chosen.count >= enough, let plan = plans.first(where: { $0.table == key.table }) else {
                continue
            }
            return (plan, chosen.sorted { $0.path < $1.path })
        }
        return nil
    }
}

/// Several sorted segments becoming one.
private final class Merge {
    /// One row of an input, with what it is sorted by.
    private struct Key {
        var head: UInt64
        var time: Int64
        var input: Int32
        var row: Int32
        var text: Extent
    }

    private let plan: ColumnPlan
    private var inputs: [SegmentFile] = []
    /// The rows before each group of each input.
    private var groupStarts: [[Int]] = []
    private var keys: [Key] = []
    private var texts: [UInt8] = []
    private var next = 0

    init(_ plan: ColumnPlan, _ segments: [Segment], _ source: MemorySource) async throws(Fault) {
        self.plan = plan
        for segment in segments {
            let file = try await SegmentFile.open(segment.path, bytes: segment.bytes, plan, source)
            var starts = [0]
            for group in 0..<file.groups { starts.append(starts[group] + file.rows(in: group)) }
            inputs.append(file)
            groupStarts.append(starts)
            try await readKeys(of: inputs.count - 1)
        }
        let texts = self.texts
        keys.sort { Self.isBefore($0, $1, texts) }
    }

    private static func isBefore(_ a: Key, _ b: Key, _ texts: [UInt8]) -> Bool {
        if a.head != b.head { return a.head < b.head }
        if a.text != b.text {
            let (left, right) = (texts[a.text.range], texts[b.text.range])
            if left.lexicographicallyPrecedes(right) { return true }
            if right.lexicographicallyPrecedes(left) { return false }
        }
        return (a.time, a.input, a.row) < (b.time, b.input, b.row)
    }

    private func readKeys(of input: Int) async throws(Fault) {
        let file = inputs[input]
        for group in 0..<file.groups {
            var principals = file.emptyColumn(plan.principal)
            try await file.read(plan.principal, group, into: &principals)
            var times = file.emptyColumn(plan.time)
            try await file.read(plan.time, group, into: &times)
            let first = keys.count
            for row in 0..<file.rows(in: group) {
                keys.append(
                    Key(
                        head: 0, time: 0, input: Int32(input), row: Int32(groupStarts[input][group] + row),
                        text: .none))
            }
            var extents: [Int: Extent] = [:]
            principals.forEachEntry { entry in
                guard entry.value >= 0 else { return }
                let number = principals.text(of: entry.value)
                let extent =
                    extents[number]
                    ?? {
                        let bytes = principals.bytes(ofText: number)
                        let made = Extent(start: texts.count, count: bytes.count)
                        texts.append(contentsOf: bytes)
                        extents[number] = made
                        return made
                    }()
                keys[first + entry.row].text = extent
                keys[first + entry.row].head = ColumnRows.head(of: texts[extent.range])
            }
            times.forEachEntry { entry in
                if entry.value >= 0 { keys[first + entry.row].time = times.words[entry.value] }
            }
        }
    }

    /// Writes the next row group; false once there is none.
    func step(into encoder: SegmentEncoder, rows count: Int) async throws(Fault) -> Bool {
        guard next < keys.count else { return false }
        let slice = keys[next..<min(next + count, keys.count)]
        next = slice.endIndex
        // Each input's rows of the slice follow each other, since the input is sorted the same way.
        var ranges: [Range<Int>] = inputs.map { _ in 0..<0 }
        for key in slice {
            let (input, row) = (Int(key.input), Int(key.row))
            ranges[input] = ranges[input].isEmpty ? row..<row + 1 : ranges[input].lowerBound..<row + 1
        }
        var bases: [Int] = []
        var total = 0
        for range in ranges {
            bases.append(total)
            total += range.count
        }
        guard total == slice.count else { throw Fault(.malformed, "a segment is not sorted") }
        for leaf in plan.leaves.indices {
            var column = inputs[0].emptyColumn(leaf)
            for (input, range) in ranges.enumerated() {
                try await read(leaf, of: input, range, into: &column, at: bases[input])
            }
            encoder.fill(leaf, with: column)
        }
        let order = slice.map {
            UInt32(bases[Int($0.input)] + Int($0.row) - ranges[Int($0.input)].lowerBound)
        }
        let times = slice.reduce(into: (Int64.max, Int64.min)) {
            $0 = (min($0.0, $1.time), max($0.1, $1.time))
        }
        try EventStore.coded { () throws(CodecError) in
            try encoder.endGroup(rows: total, order: order, times: times.0...times.1)
        }
        return true
    }

    private func read(
        _ leaf: Int, of input: Int, _ range: Range<Int>, into column: inout ParquetColumn, at base: Int
    ) async throws(Fault) {
        let starts = groupStarts[input]
        for group in 0..<inputs[input].groups {
            let own =
                max(
                    range.lowerBound, starts[group])..<max(
                    max(range.lowerBound, starts[group]), min(range.upperBound, starts[group + 1]))
            if own.isEmpty { continue }
            try await inputs[input].read(
                leaf, group, rows: own.lowerBound - starts[group]..<own.upperBound - starts[group],
                into: &column, at: base + own.lowerBound - range.lowerBound)
        }
    }
}
