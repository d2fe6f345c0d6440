import Engine
package import Store

/// What a store holds, by table and day.
package struct StoreDays: Sendable {
    package struct Day: Sendable {
        package var table: String
        package var day: Int
        package var segments = 0
        package var merged = 0
        package var rows = 0
        package var bytes: Int64 = 0
        package var from = Int64.max
        package var to = Int64.min

        package var name: String { Segment.dayText(day) }

        package var json: String {
            "{\"table\":\"\(table)\",\"day\":\"\(name)\",\"segments\":\(segments),\"merged\":\(merged),\"rows\":\(rows),"
                + "\"bytes\":\(bytes),\"from\":\"\(Timestamp(milliseconds: from).iso8601)\","
                + "\"to\":\"\(Timestamp(milliseconds: to).iso8601)\"}"
        }
    }

    package private(set) var all: [Day] = []

    package init(_ reader: StoreReader) {
        struct Key: Hashable {
            var table: String
            var day: Int
        }
        var days: [Key: Day] = [:]
        for segment in reader.parts.flatMap(\.segments) {
            let key = Key(table: segment.table, day: segment.day)
            var day = days[key] ?? Day(table: segment.table, day: segment.day)
            day.segments += 1
            day.merged += segment.level > 0 ? 1 : 0
            day.rows += segment.rows
            day.bytes += segment.bytes
            day.from = min(day.from, segment.from)
            day.to = max(day.to, segment.to)
            days[key] = day
        }
        all = days.values.sorted { ($0.table, $0.day) < ($1.table, $1.day) }
    }
}
