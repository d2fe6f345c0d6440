package import Engine

/// One Parquet file of the store: the rows of one table and one day, sorted by principal and time.
package struct Segment: Hashable, Sendable {
    package var table: String
    /// Days since 1970-01-01, in UTC.
    package var day: Int
    /// Below the store's folder: `events/day=2026-11-24/0000000000000001.parquet`.
    package var path: String
    package var rows: Int
    package var bytes: Int64
    /// Event time of the oldest and the newest row: milliseconds since 1970.
    package var from: Int64
    package var to: Int64
    /// 0 as it was delivered, 1 once segments were merged into it.
    package var level: Int
    /// When it was written, for retention and for the grace that readers have.
    package var written: Timestamp

    package init(
        table: String, day: Int, number: UInt64, rows: Int, bytes: Int64, from: Int64, to: Int64, level: Int,
        written: Timestamp
    ) {
        self.table = table
        self.day = day
        path = Self.path(table: table, day: day, number: number)
        self.rows = rows
        self.bytes = bytes
        self.from = from
        self.to = to
        self.level = level
        self.written = written
    }

    /// The part of a path before the file's name.
    package static func folder(of path: String) -> String {
        path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[..<$0]) } ?? ""
    }

    /// The number with which a file's name begins.
    static func number(of path: String) -> UInt64 {
        let bytes = path.utf8
        var index = bytes.lastIndex(of: UInt8(ascii: "/")).map { bytes.index(after: $0) } ?? bytes.startIndex
        var number: UInt64 = 0
        while index < bytes.endIndex, bytes[index] &- 0x30 < 10 {
            let (tens, isOver) = number.multipliedReportingOverflow(by: 10)
            let (sum, isOverToo) = tens.addingReportingOverflow(UInt64(bytes[index] &- 0x30))
            if isOver || isOverToo { return 0 }
            number = sum
            index = bytes.index(after: index)
        }
        return number
    }

    /// A file's name as others mention it: `42`, or `42-1f3a5b7c` for one that came from another store.
    package static func name(of path: String) -> String {
        let name = (path.split(separator: "/").last ?? "").prefix { $0 != "." }
        let short = name.drop { $0 == "0" }
        return short.isEmpty || short.hasPrefix("-") ? "0" + short : String(short)
    }

    /// The same name, with its store's in it.
    package static func name(of path: String, in store: String) -> String {
        qualified(name(of: path), store)
    }

    package static func qualified(_ name: String, _ store: String) -> String {
        name.contains("-") ? name : "\(name)-\(store)"
    }

    /// Where the segment is kept outside its own store: beside those of others, and under the same name every time.
    package static func sharedPath(_ path: String, of store: String) -> String {
        let name = path.split(separator: "/").last ?? ""
        if name.contains("-") || store.isEmpty { return path }
        return "\(folder(of: path))/\(name.prefix { $0 != "." })-\(store).parquet"
    }

    package static func path(table: String, day: Int, number: UInt64) -> String {
        let digits = String(number)
        let name = String(repeating: "0", count: max(0, 16 - digits.count)) + digits
        return "\(table)/day=\(dayText(day))/\(name).parquet"
    }

    /// One that is known by its path.
    init(
        path: String, day: Int, rows: Int, bytes: Int64, from: Int64, to: Int64, level: Int,
        written: Timestamp
    ) {
        table = path.utf8.firstIndex(of: UInt8(ascii: "/")).map { String(path[..<$0]) } ?? ""
        self.day = day
        self.path = path
        self.rows = rows
        self.bytes = bytes
        self.from = from
        self.to = to
        self.level = level
        self.written = written
    }

    /// `2026-11-24`.
    package static func dayText(_ day: Int) -> String {
        String(Timestamp(seconds: Int64(clamping: day) &* 86_400).iso8601.prefix(10))
    }

    package static func day(of milliseconds: Int64) -> Int { Int(floorDivide(milliseconds, 86_400_000)) }

    /// Whether some row may lie in the stretch of event time.
    package func overlaps(_ times: Range<Int64>) -> Bool { from < times.upperBound && to >= times.lowerBound }
}
