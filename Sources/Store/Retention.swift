import Codecs
import Engine
package import Ports

/// How long what is stored is kept.
package struct Retention: Hashable, Sendable {
    /// Rows whose event time is further back than this are removed.
    package var age: Duration
    /// Other ages for some classes, by `class_uid`.
    package var classAges: [Int64: Duration]
    /// While the store is larger the oldest days are removed: bytes.
    package var bytesMax: Int64

    package init(age: Duration, classAges: [Int64: Duration] = [:], bytesMax: Int64 = .max) {
        self.age = age
        self.classAges = classAges
        self.bytesMax = bytesMax
    }

    var longest: Duration { classAges.values.reduce(age, max) }

    /// Ages after which some rows of a segment go while others stay.
    var shorter: [Duration] { Set(classAges.values).union([age]).filter { $0 < longest } }

    func keeps(_ classUID: Int64, at time: Int64, now: Timestamp) -> Bool {
        time >= (now - classAges[classUID, default: age]).milliseconds
    }
}

/// Whether the clock can be believed when it comes to removing what is old.
///
/// A clock that has jumped a year ahead would have everything removed. After a jump, or where it is far ahead of what was
/// stored before the start, it is believed once it has gone on steadily for a while.
struct ClockTrust {
    /// A store to which nothing was added for so long may have been idle, or the clock may have jumped.
    static let quiet = Duration.days(7)
    /// How long a clock must go on steadily, and how far apart two looks at it may be.
    static let probation = Duration.hours(1)

    private var since: Timestamp?
    private var last: Timestamp?

    /// - Parameter newest: when something was last stored before the start; `distantPast` for an empty store.
    mutating func trusts(_ now: Timestamp, newest: Timestamp) -> Bool {
        defer { last = now }
        let latest =
            if let last { last + Self.probation } else {
                newest == .distantPast ? now : newest + Self.quiet
            }
        if now > latest || last ?? now > now { since = now }
        guard let since else { return true }
        guard since + Self.probation <= now else { return false }
        self.since = nil
        return true
    }
}

extension EventStore {
    /// Removes what nothing asks to be kept any longer: whole segments, and the rows of classes with a shorter age by
    /// writing their segments anew, once for each age.
    package func expire(_ retention: Retention) async throws(Fault) {
        let now = time.now
        guard clock.trusts(now, newest: newestAtOpen) else { return }
        var change = Catalog.Change()
        let cut = (now - retention.longest).milliseconds
        var kept: [Segment] = []
        for segment in catalog.segments {
            if segment.to < cut { change.remove.append(segment.path) } else { kept.append(segment) }
        }
        var bytes = kept.reduce(0) { $0 + $1.bytes }
        kept.sort { ($0.day, $0.path) > ($1.day, $1.path) }
        while bytes > retention.bytesMax, let oldest = kept.popLast() {
            bytes -= oldest.bytes
            change.remove.append(oldest.path)
        }
        if !change.isEmpty { try await commit(change) }
        for age in retention.shorter {
            let cut = (now - age).milliseconds
            for segment in kept
            where segment.to < cut
                && (segment.level == 0 || segment.written < Timestamp(milliseconds: segment.to) + age)
            {
                if let current = catalog[segment.path], current.written == segment.written {
                    try await prune(current, retention, now)
                }
            }
        }
    }

    /// Writes a segment anew without the rows that are past their age.
    private func prune(_ segment: Segment, _ retention: Retention, _ now: Timestamp) async throws(Fault) {
        guard let plan = plans.first(where: { $0.table == segment.table }),
            let leaf = plan.leaf(at: "class_uid")
        else { return }
        let file = try await SegmentFile.open(
            segment.path, bytes: segment.bytes, plan, VolumeSource(volume))
        var options = SegmentEncoder.Options()
        options.zstdLevel = limits.mergedLevel
        let encoder = SegmentEncoder(plan, options)
        var output = begin(plan.table, segment.day)
        for group in 0..<file.groups {
            let count = file.rows(in: group)
            var (classes, times) = (file.emptyColumn(leaf), file.emptyColumn(plan.time))
            try await file.read(leaf, group, into: &classes)
            try await file.read(plan.time, group, into: &times)
            var keys = [(classUID: Int64, time: Int64)](repeating: (0, 0), count: count)
            classes.forEachEntry { if $0.value >= 0 { keys[$0.row].classUID = classes.word(of: $0.value) } }
            times.forEachEntry { if $0.value >= 0 { keys[$0.row].time = times.word(of: $0.value) } }
            let kept = (0..<count).filter { retention.keeps(keys[$0].classUID, at: keys[$0].time, now: now) }
            if kept.isEmpty { continue }
            let rows = try await file.rows(group, leaves: Array(plan.leaves.indices), rows: kept)
            for row in 0..<rows.count {
                try Self.coded { () throws(CodecError) in try encoder.append(rows, row) }
            }
            if encoder.pendingBytes > 0 { try await append(encoder.take(), to: &output) }
        }
        if encoder.rowCount == segment.rows {
            // Nothing goes: looked at for this age, and left as it is.
            try await volume.remove(output.partial)
            var looked = segment
            looked.written = now
            looked.level = 1
            return try await commit(Catalog.Change(add: [looked]))
        }
        var change = Catalog.Change(remove: [segment.path])
        if encoder.rowCount > 0 {
            let names = [Segment.name(of: segment.path)] + file.inputs
            change.add = [try await finish(encoder, &output, level: 1, inputs: names)]
        } else {
            try await volume.remove(output.partial)
        }
        try await commit(change)
    }
}
