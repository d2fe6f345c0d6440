import Codecs
import Engine
package import Ports

extension EventStore {
    /// Merges the segments of one day that are due; whether there were any.
    ///
    /// A day is due with `mergeMin` segments of about one size, with as many as make a segment that is never merged again,
    /// or with two when nothing was added to it for `mergeIdle`; `all` takes whatever is more than one.
    package func mergeOnce(all: Bool = false) async throws(Fault) -> Bool {
        guard let (plan, segments) = due(all: all) else { return false }
        var files: [[UInt8]] = []
        for segment in segments {
            files.append(try await VolumeSource(volume).read(segment.path, in: 0..<segment.bytes))
        }
        let merge = try await Merge(plan, segments, files)
        var options = SegmentEncoder.Options()
        options.zstdLevel = limits.mergedLevel
        let encoder = SegmentEncoder(plan, options)
        var file = begin(plan.table, segments[0].day)
        try await merge.run(into: encoder, groupRows: limits.rowGroupRows)
        try await append(encoder.take(), to: &file)
        var merged = try await finish(encoder, &file, level: 1, inputs: merge.names)
        // Rows that no retention has looked at since they were old enough are still to be looked at.
        merged.written =
            segments.map { $0.level == 0 ? Timestamp(milliseconds: $0.to) : $0.written }.min()
            ?? merged.written
        guard merged.rows == segments.reduce(0, { $0 + $1.rows }) else {
            throw Fault(.malformed, "merging \(segments.count) segments gave \(merged.rows) rows")
        }
        try await commit(Catalog.Change(add: [merged], remove: segments.map(\.path)))
        return true
    }

    private func due(all: Bool) -> (ColumnPlan, [Segment])? {
        let now = time.now
        for (_, folder) in catalog.folders.sorted(by: { $0.key < $1.key }) where folder.count > 1 {
            let small = folder.values.filter {
                $0.rows < limits.mergedRows / 3 && $0.bytes < limits.mergedBytes / 3
            }.sorted { ($0.bytes, $0.path) < ($1.bytes, $1.path) }
            let newest = small.map(\.written).max() ?? .distantPast
            let chosen =
                all || newest + limits.mergeIdle <= now
                ? fitting(small[...], atLeast: 2) : worthwhile(small)
            guard let first = chosen.first, let plan = plans.first(where: { $0.table == first.table })
            else { continue }
            return (plan, chosen.sorted { $0.path < $1.path })
        }
        return nil
    }

    /// Enough for a segment that is never merged again, or `mergeMin` that are about as large as each other: so a row is
    /// written anew once for each time that what it is in grows so many times, and not at every merge.
    private func worthwhile(_ small: [Segment]) -> [Segment] {
        let (bytes, rows) = small.reduce((Int64(0), 0)) { ($0.0 + $1.bytes, $0.1 + $1.rows) }
        if bytes >= limits.mergedBytes || rows >= limits.mergedRows {
            let chosen = fitting(small[...], atLeast: 2)
            if !chosen.isEmpty { return chosen }
        }
        var rest = small[...]
        while let first = rest.first {
            let alike = rest.prefix { $0.bytes <= max(first.bytes, 1) * Self.alike }
            let chosen = fitting(alike, atLeast: limits.mergeMin)
            if !chosen.isEmpty { return chosen }
            rest = rest.dropFirst(alike.count)
        }
        return []
    }

    /// How much larger than another a segment is at most, for both to be about as large.
    private static let alike: Int64 = 8

    /// The first of them that may be merged at once; none where there are fewer than it takes.
    private func fitting(_ segments: ArraySlice<Segment>, atLeast least: Int) -> [Segment] {
        var chosen: [Segment] = []
        var (bytes, rows): (Int64, Int) = (0, 0)
        for segment in segments {
            bytes += segment.bytes
            rows += segment.rows
            if bytes > limits.mergedBytes || rows > limits.mergedRows || chosen.count >= limits.mergeMax {
                break
            }
            chosen.append(segment)
        }
        return chosen.count >= least ? chosen : []
    }
}

/// Several sorted segments becoming one.
///
/// Column by column: each page of each input is unpacked once, and what is in memory is the inputs' files, a page of each,
/// a row group's column, and what was written so far.
private final class Merge {
    private let plan: ColumnPlan
    private var inputs: [SegmentFile] = []
    private let files: [[UInt8]]
    /// The rows before each input, and, last, all.
    private var starts = [0]
    private var times: [Int64] = []
    /// All rows, counted through the inputs, as they are to stand.
    private var order: [UInt32] = []
    /// Of the inputs, and of what was merged into them.
    private(set) var names: [String] = []

    init(_ plan: ColumnPlan, _ segments: [Segment], _ files: [[UInt8]]) async throws(Fault) {
        self.plan = plan
        self.files = files
        for (segment, bytes) in zip(segments, files) {
            let source = MemorySource(files: [segment.path: bytes])
            let file = try await SegmentFile.open(segment.path, bytes: segment.bytes, plan, source)
            inputs.append(file)
            starts.append((0..<file.groups).reduce(starts[starts.count - 1]) { $0 + file.rows(in: $1) })
            names.append(Segment.name(of: segment.path))
            names += file.inputs
        }
        let all = starts[starts.count - 1]
        var principals = inputs[0].emptyColumn(plan.principal, isShared: true)
        var found = inputs[0].emptyColumn(plan.time)
        for (number, input) in inputs.enumerated() {
            var base = starts[number]
            for group in 0..<input.groups {
                try await input.read(plan.principal, group, into: &principals, at: base)
                try await input.read(plan.time, group, into: &found, at: base)
                base += input.rows(in: group)
            }
        }
        times = [Int64](repeating: 0, count: all)
        found.forEachEntry { if $0.value >= 0 { times[$0.row] = found.word(of: $0.value) } }
        order = ParquetOrder.sorted(
            Array(0..<UInt32(all)), ranks: principals.ranks(rows: all), times: times)
    }

    /// A row group of the result: how many rows of each input, and how they are to stand once they lie input by input.
    private struct Group {
        var counts: [Int]
        var order: [UInt32]
        var times: ClosedRange<Int64>
    }

    func run(into encoder: SegmentEncoder, groupRows: Int) async throws(Fault) {
        let groups = try plan(groupRows: groupRows)
        var packed = groups.map { _ in [ParquetWriter.Packed]() }
        for index in packed.indices { packed[index].reserveCapacity(plan.leaves.count) }
        for leaf in plan.leaves.indices {
            try merge(leaf, groups, encoder, &packed)
            // Deliveries go on between the columns.
            await Task.yield()
        }
        for (index, group) in groups.enumerated() {
            encoder.append(packed[index], rows: group.order.count, times: group.times)
            packed[index] = []
        }
    }

    private func merge(
        _ leaf: Int, _ groups: [Group], _ encoder: SegmentEncoder, _ packed: inout [[ParquetWriter.Packed]]
    ) throws(Fault) {
        let column = inputs[0].emptyColumn(leaf, isShared: true)
        let streams = inputs.indices.map { ColumnStream(inputs[$0], leaf, files[$0]) }
        for (index, group) in groups.enumerated() {
            column.removeAll()
            var base = 0
            for (stream, count) in zip(streams, group.counts) where count > 0 {
                try stream.read(count, into: column, at: base)
                base += count
            }
            try EventStore.coded { () throws(CodecError) in
                packed[index].append(try encoder.pack(column, leaf, rows: base, order: group.order))
            }
        }
    }

    private func plan(groupRows: Int) throws(Fault) -> [Group] {
        var groups: [Group] = []
        var taken = [Int](starts.dropLast())
        for first in stride(from: 0, to: order.count, by: groupRows) {
            let rows = order[first..<min(first + groupRows, order.count)]
            // Each input's rows in the group follow each other, since the input is sorted the same way.
            var counts = [Int](repeating: 0, count: inputs.count)
            for row in rows { counts[input(of: Int(row))] += 1 }
            var shifts: [Int] = []
            var base = 0
            for (number, count) in counts.enumerated() {
                shifts.append(base - taken[number])
                base += count
            }
            var group = Group(counts: counts, order: [], times: 0...0)
            group.order.reserveCapacity(rows.count)
            var (from, to) = (Int64.max, Int64.min)
            for row in rows {
                let number = input(of: Int(row))
                guard Int(row) < taken[number] + counts[number] else {
                    throw Fault(.malformed, "\(inputs[number].path) is not sorted")
                }
                group.order.append(UInt32(truncatingIfNeeded: Int(row) + shifts[number]))
                (from, to) = (min(from, times[Int(row)]), max(to, times[Int(row)]))
            }
            group.times = from...to
            guard group.order.allSatisfy({ $0 < base }) else {
                throw Fault(.malformed, "segments of \(plan.table) cannot be merged")
            }
            for number in counts.indices { taken[number] += counts[number] }
            groups.append(group)
        }
        return groups
    }

    private func input(of row: Int) -> Int {
        var (low, high) = (0, inputs.count - 1)
        while low < high {
            let middle = (low + high + 1) / 2
            if starts[middle] <= row { low = middle } else { high = middle - 1 }
        }
        return low
    }
}
