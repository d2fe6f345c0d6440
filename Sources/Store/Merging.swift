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
                $0.rows < limits.mergedRows / 2 && $0.bytes < limits.mergedBytes / 2
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
    /// written anew once for each time that what it is in grows eightfold, and not at every merge.
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
    /// Of the inputs, and of what was merged into them.
    private(set) var names: [String] = []

    init(_ plan: ColumnPlan, _ segments: [Segment], _ source: MemorySource) async throws(Fault) {
        self.plan = plan
        for segment in segments {
            let file = try await SegmentFile.open(segment.path, bytes: segment.bytes, plan, source)
            var starts = [0]
            for group in 0..<file.groups { starts.append(starts[group] + file.rows(in: group)) }
            inputs.append(file)
            groupStarts.append(starts)
            names.append(Segment.name(of: segment.path))
            names += file.inputs
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
