import Engine

/// The offsets from UTC that a place has had and will have, as a file of the system's zoneinfo says (TZif, RFC 9636).
package struct TimeZoneRules: Hashable, Sendable {
    /// Where systems keep them.
    package static let folder = "/usr/share/zoneinfo"
    package static let fileBytesMax: Int64 = 1 << 20
    package static let utc = TimeZoneRules()

    private var transitions: [Int64] = []
    private var offsets: [Int] = []
    private var first = 0
    private var rule: YearlyRule?

    private init() {}

    /// A name that can stand below the folder; `nil` for one that would leave it.
    package static func path(of name: String) -> String? {
        let isPlain = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "_"),
                UInt8(ascii: "-"),
                UInt8(ascii: "+"):
                true
            default: false
            }
        }
        return isPlain && !name.isEmpty && !name.hasPrefix("/") ? "\(folder)/\(name)" : nil
    }

    /// `nil` where the bytes are no TZif file of version 2 or later.
    package init?(file: [UInt8]) {
        guard file.count >= 44, file.starts(with: "TZif".utf8), file[4] >= UInt8(ascii: "2"),
            let old = Header(file, 0)
        else { return nil }
        let start = 44 + old.bytes(timeBytes: 4)
        guard let header = Header(file, start), start + 44 + header.bytes(timeBytes: 8) <= file.count else {
            return nil
        }
        var at = start + 44
        for index in 0..<header.times { transitions.append(Self.integer(file, at + index * 8, 8)) }
        at += header.times * 8
        let indices = file[at..<at + header.times].map { Int($0) }
        at += header.times
        var types: [Int] = []
        for index in 0..<header.types { types.append(Int(Self.integer(file, at + index * 6, 4))) }
        guard let begin = types.first, indices.allSatisfy({ types.indices.contains($0) }) else { return nil }
        offsets = indices.map { types[$0] }
        first = begin
        let footer = start + 44 + header.bytes(timeBytes: 8)
        let text = file[min(footer + 1, file.count)...].prefix { $0 != 0x0A }
        rule = YearlyRule(String(decoding: text, as: UTF8.self))
    }

    private struct Header {
        var flags: Int
        var standard: Int
        var leaps: Int
        var times: Int
        var types: Int
        var letters: Int

        init?(_ file: [UInt8], _ start: Int) {
            guard start + 44 <= file.count, file[start...].starts(with: "TZif".utf8) else { return nil }
            func count(_ place: Int) -> Int { Int(TimeZoneRules.integer(file, start + 20 + place * 4, 4)) }
            (flags, standard, leaps, times, types, letters) = (
                count(0), count(1), count(2), count(3), count(4), count(5)
            )
            guard [flags, standard, leaps, times, types, letters].allSatisfy({ (0...100_000).contains($0) })
            else {
                return nil
            }
        }

        func bytes(timeBytes: Int) -> Int {
            times * timeBytes + times + types * 6 + letters + leaps * (timeBytes + 4) + standard + flags
        }
    }

    /// Big-endian, two's complement; 0 beyond the end.
    fileprivate static func integer(_ bytes: [UInt8], _ at: Int, _ count: Int) -> Int64 {
        guard at >= 0, at + count <= bytes.count else { return 0 }
        var value: UInt64 = 0
        for byte in bytes[at..<at + count] { value = value << 8 | UInt64(byte) }
        return count == 4 ? Int64(Int32(truncatingIfNeeded: value)) : Int64(bitPattern: value)
    }

    // MARK: Asking

    /// Seconds that local time is ahead of UTC.
    package func offset(at seconds: Int64) -> Int {
        guard let last = transitions.last else { return rule?.offset(at: seconds) ?? first }
        if seconds >= last, let rule { return rule.offset(at: seconds) }
        let place = transitions.partitioningIndex { $0 > seconds }
        return place == 0 ? first : offsets[place - 1]
    }

    /// The instant of a local time: the first of two, and when the clocks have changed for one that is left out.
    func instant(ofLocal local: Int64) -> Int64 {
        let before = offset(at: local - 86_400)
        let after = offset(at: local + 86_400)
        let early = local - Int64(before)
        if offset(at: early) == before { return early }
        let late = local - Int64(after)
        return offset(at: late) == after ? late : early
    }
}

extension [Int64] {
    /// The first place at which it holds, of places behind which it always does.
    fileprivate func partitioningIndex(_ holds: (Int64) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if holds(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

/// The rule that a zone follows from its last recorded change on: `CET-1CEST,M3.5.0,M10.5.0/3`.
private struct YearlyRule: Hashable, Sendable {
    private struct Change: Hashable, Sendable {
        var month = 0
        var week = 0
        var weekday = 0
        /// Local seconds of the day.
        var time = 7_200
    }

    private var standard = 0
    private var summer: Int?
    private var begin = Change()
    private var end = Change()

    init?(_ text: String) {
        var rest = Array(text.utf8)[...]
        guard Self.skipName(&rest), let offset = Self.offset(&rest) else { return nil }
        standard = -offset
        if rest.isEmpty { return }
        guard Self.skipName(&rest) else { return nil }
        var ahead = standard + 3_600
        if let first = rest.first, first != UInt8(ascii: ",") {
            guard let offset = Self.offset(&rest) else { return nil }
            ahead = -offset
        }
        summer = ahead
        let parts = rest.split(separator: UInt8(ascii: ","))
        // Only the form that all zones of today have.
        guard parts.count == 2, let begin = Self.change(parts[0]), let end = Self.change(parts[1]) else {
            return nil
        }
        (self.begin, self.end) = (begin, end)
    }

    private static func skipName(_ rest: inout ArraySlice<UInt8>) -> Bool {
        if rest.first == UInt8(ascii: "<") {
            guard let close = rest.firstIndex(of: UInt8(ascii: ">")) else { return false }
            rest = rest[(close + 1)...]
            return true
        }
        let letters = rest.prefix { $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A }
        rest = rest.dropFirst(letters.count)
        return letters.count >= 3
    }

    /// `-1`, `5:30`.
    private static func offset(_ rest: inout ArraySlice<UInt8>) -> Int? {
        var sign = 1
        if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") {
            sign = rest.first == UInt8(ascii: "-") ? -1 : 1
            rest = rest.dropFirst()
        }
        let text = rest.prefix { $0 >= 0x30 && $0 <= 0x3A }
        rest = rest.dropFirst(text.count)
        let parts = text.split(separator: UInt8(ascii: ":")).compactMap {
            Int(String(decoding: $0, as: UTF8.self))
        }
        guard let hours = parts.first, hours < 200 else { return nil }
        let minutes = parts.count > 1 ? parts[1] : 0
        return sign * (hours * 3_600 + minutes * 60)
    }

    private static func change(_ text: ArraySlice<UInt8>) -> Change? {
        let halves = text.split(separator: UInt8(ascii: "/"), maxSplits: 1)
        guard let day = halves.first, day.first == UInt8(ascii: "M") else { return nil }
        let numbers = day.dropFirst().split(separator: UInt8(ascii: ".")).compactMap {
            Int(String(decoding: $0, as: UTF8.self))
        }
        guard numbers.count == 3, (1...12).contains(numbers[0]), (1...5).contains(numbers[1]),
            (0...6).contains(numbers[2])
        else { return nil }
        var change = Change(month: numbers[0], week: numbers[1], weekday: numbers[2])
        if halves.count == 2 {
            var rest = halves[1]
            guard let time = offset(&rest) else { return nil }
            change.time = time
        }
        return change
    }

    func offset(at seconds: Int64) -> Int {
        guard let summer else { return standard }
        let year = CivilDay.date(of: floorDivide(seconds + Int64(standard), 86_400)).year
        let from = instant(begin, year, ahead: standard)
        let to = instant(end, year, ahead: summer)
        let isSummer = from < to ? seconds >= from && seconds < to : seconds >= from || seconds < to
        return isSummer ? summer : standard
    }

    private func instant(_ change: Change, _ year: Int, ahead: Int) -> Int64 {
        let first = CivilDay.day(year: year, month: change.month, day: 1)
        var day =
            first + Int64((change.weekday - CivilDay.weekday(of: first) + 7) % 7)
            + Int64((change.week - 1) * 7)
        let next =
            change.month == 12
            ? CivilDay.day(year: year + 1, month: 1, day: 1)
            : CivilDay.day(year: year, month: change.month + 1, day: 1)
        while day >= next { day -= 7 }
        return day * 86_400 + Int64(change.time - ahead)
    }
}
