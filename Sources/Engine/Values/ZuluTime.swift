/// `2026-11-24T09:30:00Z`, the form nearly all audit logs write: told and read eight bytes at a time.
enum ZuluTime {
    static let length = 20

    /// Whether the bytes have that shape; the numbers may be out of range. Twenty bytes must be readable.
    @inline(__always) static func isOne(_ bytes: ByteView, at start: Int) -> Bool {
        let (date, time) = (bytes.word64(start), bytes.word64(start &+ 8))
        let end = UInt64(bytes.word32(start &+ 16))
        // `0000-00-`, `00T00:00` and `:00Z` in memory order, from the lowest byte on.
        return date & 0xFF00_00FF_0000_0000 == 0x2D00_002D_0000_0000
            && time & 0x0000_FF00_00FF_0000 == 0x0000_3A00_0054_0000
            && end & 0xFF00_00FF == 0x5A00_003A
            && areDigits(date, 0x00FF_FF00_FFFF_FFFF) && areDigits(time, 0xFFFF_00FF_FF00_FFFF)
            && areDigits(end, 0x00FF_FF00)
    }

    /// Whether the bytes under the mask are `0` to `9`.
    @inline(__always) private static func areDigits(_ word: UInt64, _ mask: UInt64) -> Bool {
        let high: UInt64 = 0xF0F0_F0F0_F0F0_F0F0 & mask
        let digits = word & mask
        let raised = digits &+ (0x0606_0606_0606_0606 & mask)
        return (digits | raised) & high == 0x3030_3030_3030_3030 & mask && digits & high == raised & high
    }

    /// The moment; `nil` where the shape or a number is wrong.
    @inline(__always) static func read(_ bytes: ByteView, at start: Int) -> Timestamp? {
        guard isOne(bytes, at: start) else { return nil }
        @inline(__always) func two(_ offset: Int) -> Int {
            Int(bytes[start &+ offset]) &* 10 &+ Int(bytes[start &+ offset &+ 1]) &- 528
        }
        let (year, month, day) = (two(0) &* 100 &+ two(2), two(5), two(8))
        let (hour, minute, second) = (two(11), two(14), two(17))
        guard year >= 1_700, year <= 2_200, month >= 1, month <= 12, day >= 1,
            day <= CivilTime.days(inMonth: month, of: year), hour < 24, minute < 60, second <= 60
        else { return nil }
        let days = CivilTime(year: year, month: month, day: day, hour: 0, minute: 0, second: 0).daysSinceEpoch
        let seconds = Int64(days) &* 86_400 &+ Int64(hour &* 3_600 &+ minute &* 60 &+ second)
        return Timestamp(nanoseconds: seconds &* 1_000_000_000)
    }
}
