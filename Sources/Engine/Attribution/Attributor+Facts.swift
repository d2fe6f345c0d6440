extension Attributor {
    /// Acts that told something new, each with the event that tells of it: all their texts one behind the other, for
    /// there can be as many as events.
    package struct Facts: Sendable {
        package struct Row: Sendable {
            package var time: Int64
            /// Where the event's uid stands in `bytes`, and behind it the act as the mapping wrote it.
            package var uid: Range<Int>
            package var act: Range<Int>
        }

        package private(set) var rows: [Row] = []
        package private(set) var bytes: [UInt8] = []

        package init() {}

        package var isEmpty: Bool { rows.isEmpty }

        /// Lets go of all, and of the memory as well where it was an unusual lot.
        package mutating func clear() {
            let isUsual = bytes.capacity <= Self.bytesKept
            bytes.removeAll(keepingCapacity: isUsual)
            rows.removeAll(keepingCapacity: isUsual)
        }

        private static let bytesKept = 4 << 20

        mutating func append(_ event: Event, of batch: borrowing EventBatch) {
            let start = bytes.count
            bytes.append(batch.bytes.span.extracting(event.uid.range))
            let middle = bytes.count
            bytes.append(batch.acts.span.extracting(event.act.range))
            rows.append(
                Row(time: event.time.milliseconds, uid: start..<middle, act: middle..<bytes.count))
        }

        package static func += (all: inout Facts, more: Facts) {
            let shift = all.bytes.count
            all.bytes += more.bytes
            for row in more.rows {
                all.rows.append(
                    Row(
                        time: row.time, uid: row.uid.lowerBound + shift..<row.uid.upperBound + shift,
                        act: row.act.lowerBound + shift..<row.act.upperBound + shift))
            }
        }
    }
}
