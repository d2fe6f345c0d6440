/// The proleptic Gregorian calendar in UTC, by Howard Hinnant's `days_from_civil` and its inverse
/// (http://howardhinnant.github.io/date_algorithms.html).
package struct CivilTime: Hashable, Sendable {
    package var year: Int
    package var month: Int
    package var day: Int
    package var hour = 0
    package var minute = 0
    package var second = 0
    package var nanosecond = 0

    package init(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0) {
        self.year = year
        self.month = month
        self.day = day
        self.hour = hour
        self.minute = minute
        self.second = second
    }

    package init(_ time: Timestamp) {
        let seconds = time.seconds
        let days = Int(floorDivide(seconds, 86_400))
        let ofDay = Int(seconds - Int64(days) * 86_400)
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        hour = ofDay / 3_600
        minute = ofDay / 60 % 60
        second = ofDay % 60
        nanosecond = Int(time.nanoseconds &- seconds &* 1_000_000_000)
    }

    /// Days since 1970-01-01.
    package var daysSinceEpoch: Int {
        let y = month <= 2 ? year - 1 : year
        let era = (y >= 0 ? y : y - 399) / 400
        let yearOfEra = y - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    package var timestamp: Timestamp {
        let seconds = Int64(daysSinceEpoch) * 86_400 + Int64(hour * 3_600 + minute * 60 + second)
        let base = Timestamp(seconds: seconds)
        let (sum, overflow) = base.nanoseconds.addingReportingOverflow(Int64(nanosecond))
        return overflow ? base : Timestamp(nanoseconds: sum)
    }

    static func days(inMonth month: Int, of year: Int) -> Int {
        switch month {
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

extension Timestamp {
    /// RFC 3339 in UTC with as many fraction digits as the value needs: none, 3, 6 or 9.
    package var iso8601: String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(30)
        appendISO8601(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    package func appendISO8601(to bytes: inout [UInt8]) {
        let civil = CivilTime(self)
        func two(_ value: Int, _ mark: UInt8) {
            bytes.append(48 + UInt8(truncatingIfNeeded: value / 10))
            bytes.append(48 + UInt8(truncatingIfNeeded: value % 10))
            if mark != 0 { bytes.append(mark) }
        }
        two(civil.year / 100, 0)
        two(civil.year % 100, 0x2D)
        two(civil.month, 0x2D)
        two(civil.day, 0x54)
        two(civil.hour, 0x3A)
        two(civil.minute, 0x3A)
        two(civil.second, 0)
        if civil.nanosecond != 0 {
            bytes.append(0x2E)
            let digits = civil.nanosecond % 1_000_000 == 0 ? 3 : civil.nanosecond % 1_000 == 0 ? 6 : 9
            var divisor = 100_000_000
            for _ in 0..<digits {
                bytes.append(48 + UInt8(truncatingIfNeeded: civil.nanosecond / divisor % 10))
                divisor /= 10
            }
        }
        bytes.append(0x5A)
    }

    package init?(iso8601 text: String) {
        var copy = text
        let parsed = copy.withUTF8 { bytes in unsafe Timestamp(iso8601: Span(_unsafeElements: bytes)) }
        guard let parsed else { return nil }
        self = parsed
    }

    /// Reads `YYYY-MM-DD[T ]hh:mm:ss[.f{1,9}][Z|±hh[:]mm]`; a missing zone is UTC, as Microsoft and Britive send it.
    ///
    /// `nil` for anything else, impossible dates and digits after the ninth included; a leap second counts as the
    /// second after it.
    package init?(iso8601 bytes: Span<UInt8>) {
        guard bytes.count >= 19 else { return nil }
        func number(_ start: Int, _ count: Int) -> Int {
            var value = 0
            for index in start..<start + count {
                let digit = Int(bytes[index]) - 48
                if digit < 0 || digit > 9 { return -1 }
                value = value * 10 + digit
            }
            return value
        }
        guard bytes[4] == 0x2D, bytes[7] == 0x2D, bytes[10] == 0x54 || bytes[10] == 0x20 || bytes[10] == 0x74,
            bytes[13] == 0x3A, bytes[16] == 0x3A
        else { return nil }
        let year = number(0, 4)
        let month = number(5, 2)
        let day = number(8, 2)
        let hour = number(11, 2)
        let minute = number(14, 2)
        let second = number(17, 2)
        guard year >= 1_700, year <= 2_200, month >= 1, month <= 12, day >= 1,
            day <= CivilTime.days(inMonth: month, of: year), hour >= 0, hour < 24, minute >= 0, minute < 60,
            second >= 0, second <= 60
        else { return nil }

        var cursor = 19
        var nanosecond = 0
        if cursor < bytes.count, bytes[cursor] == 0x2E {
            cursor += 1
            var scale = 100_000_000
            let start = cursor
            while cursor < bytes.count, bytes[cursor] >= 48, bytes[cursor] <= 57 {
                guard scale > 0 else { return nil }
                nanosecond += Int(bytes[cursor] - 48) * scale
                scale /= 10
                cursor += 1
            }
            if cursor == start { return nil }
        }

        var offset = 0
        if cursor < bytes.count {
            switch bytes[cursor] {
            case 0x5A, 0x7A:
                cursor += 1
            case 0x2B, 0x2D:
                let sign = bytes[cursor] == 0x2B ? 1 : -1
                guard cursor + 5 <= bytes.count else { return nil }
                let hours = number(cursor + 1, 2)
                let minutesAt = bytes[cursor + 3] == 0x3A ? cursor + 4 : cursor + 3
                guard minutesAt + 2 <= bytes.count else { return nil }
                let minutes = number(minutesAt, 2)
                guard hours >= 0, hours < 24, minutes >= 0, minutes < 60 else { return nil }
                offset = sign * (hours * 3_600 + minutes * 60)
                cursor = minutesAt + 2
            default: return nil
            }
        }
        guard cursor == bytes.count else { return nil }
        var civil = CivilTime(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
        civil.nanosecond = nanosecond
        self = civil.timestamp - .seconds(offset)
    }
}
