package import Engine

/// When something is due: the five fields of cron, in a time zone.
///
/// Minute, hour, day of the month, month, day of the week; `*`, lists, ranges, steps and English names. As in cron, where
/// both days are limited either counts. A local time that a change of clocks leaves out is due when the clocks have
/// changed; one that comes twice is due the first time.
package struct CronSchedule: Hashable, Sendable {
    /// Days looked through for the next time; no schedule that is ever due is due more seldom (29 February).
    private static let daysMax = 366 * 9

    private let minutes: [Int]
    private let hours: [Int]
    private let daysOfMonth: Set<Int>
    private let months: Set<Int>
    private let daysOfWeek: Set<Int>
    private let isAnyDayOfMonth: Bool
    private let isAnyDayOfWeek: Bool
    package let zone: TimeZoneRules

    package struct Malformed: Error, Hashable {
        package var message: String
    }

    package init(_ text: String, in zone: TimeZoneRules) throws(Malformed) {
        self.zone = zone
        let shorthand = [
            "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@weekly": "0 0 * * 1", "@monthly": "0 0 1 * *",
        ]
        let fields = (shorthand[text] ?? text).split(separator: " ").map { String($0) }
        guard fields.count == 5 else {
            throw Malformed(
                message:
                    "“\(text)” has \(fields.count) fields, and a schedule has five: minute, hour, day of the month, "
                    + "month, day of the week, as in “0 8 * * mon”")
        }
        minutes = try Self.values(fields[0], "minute", 0...59).sorted()
        hours = try Self.values(fields[1], "hour", 0...23).sorted()
        daysOfMonth = try Self.values(fields[2], "day of the month", 1...31)
        months = try Self.values(
            fields[3], "month", 1...12,
            names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"])
        // Sunday is 0 and 7.
        daysOfWeek = Set(
            try Self.values(
                fields[4], "day of the week", 0...7, names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
            ).map { $0 % 7 })
        isAnyDayOfMonth = fields[2].hasPrefix("*")
        isAnyDayOfWeek = fields[4].hasPrefix("*")
        if next(after: .epoch) == nil { throw Malformed(message: "“\(text)” is never due") }
    }

    private static func values(
        _ text: String, _ name: String, _ range: ClosedRange<Int>, names: [String] = []
    ) throws(Malformed) -> Set<Int> {
        func number(_ text: Substring) throws(Malformed) -> Int {
            if let place = names.firstIndex(of: text.lowercased()) {
                return place + (range.lowerBound == 1 ? 1 : 0)
            }
            guard let number = Int(text), range.contains(number) else {
                throw Malformed(
                    message: "“\(text)” is no \(name): it is from \(range.lowerBound) to \(range.upperBound)")
            }
            return number
        }
        var all: Set<Int> = []
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            let parts = item.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
            let step = parts.count == 2 ? Int(parts[1]) ?? 0 : 1
            guard step > 0, let first = parts.first else {
                throw Malformed(message: "“\(item)” is no \(name): a step is a number from 1")
            }
            let ends = first.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
            let low = first == "*" ? range.lowerBound : try number(ends.first ?? "")
            let isOpen = first == "*" || (parts.count == 2 && ends.count == 1)
            let high = isOpen ? range.upperBound : try number(ends.last ?? "")
            guard low <= high else { throw Malformed(message: "“\(item)” goes backwards") }
            all.formUnion(stride(from: low, through: high, by: step))
        }
        return all
    }

    /// The first time it is due after a moment.
    package func next(after time: Timestamp) -> Timestamp? {
        let local = time.seconds + Int64(zone.offset(at: time.seconds))
        // A day before: a change of clocks may put what is later in local time earlier.
        let first = floorDivide(local, 86_400) - 1
        for day in first..<first + Int64(Self.daysMax) where isDue(on: day) {
            for hour in hours {
                for minute in minutes {
                    let due = Timestamp(
                        seconds: zone.instant(ofLocal: day * 86_400 + Int64(hour * 3_600 + minute * 60)))
                    if due > time { return due }
                }
            }
        }
        return nil
    }

    /// Of a day since 1970.
    private func isDue(on day: Int64) -> Bool {
        let (_, month, dayOfMonth) = CivilDay.date(of: day)
        guard months.contains(month) else { return false }
        let isMonthDay = daysOfMonth.contains(dayOfMonth)
        let isWeekDay = daysOfWeek.contains(CivilDay.weekday(of: day))
        if !isAnyDayOfMonth, !isAnyDayOfWeek { return isMonthDay || isWeekDay }
        return isMonthDay && isWeekDay
    }
}

/// Days since 1970 as dates of the Gregorian calendar.
enum CivilDay {
    static func date(of day: Int64) -> (year: Int, month: Int, day: Int) {
        // Counted from 1 March 0000, in eras of 400 years.
        let shifted = day + 719_468
        let era = floorDivide(shifted, 146_097)
        let ofEra = Int(shifted - era * 146_097)
        let yearOfEra = (ofEra - ofEra / 1_460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * ofYear + 2) / 153
        let dayOfMonth = ofYear - (153 * month + 2) / 5 + 1
        let civilMonth = month < 10 ? month + 3 : month - 9
        return (yearOfEra + Int(era) * 400 + (civilMonth <= 2 ? 1 : 0), civilMonth, dayOfMonth)
    }

    static func day(year: Int, month: Int, day: Int) -> Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = floorDivide(Int64(shiftedYear), 400)
        let yearOfEra = Int64(shiftedYear) - era * 400
        let ofYear = Int64((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1)
        let ofEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + ofYear
        return era * 146_097 + ofEra - 719_468
    }

    /// Sunday is 0.
    static func weekday(of day: Int64) -> Int { Int(((day + 4) % 7 + 7) % 7) }
}
