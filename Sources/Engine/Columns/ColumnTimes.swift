/// Reads dates and times as texts; the last day and its date are remembered, since most events are of one day.
struct ColumnTimes {
    /// `2026-11-02T`, as two words that overlap, and the day's first millisecond.
    private var dateHead: UInt64 = 0
    private var dateTail: UInt64 = 0
    private var dayStart: Int64 = 0
    private var scratch: [UInt8] = []

    /// The time of a text, and whether the text is how we write it; `nil` where it is none.
    mutating func read(_ text: UnsafeBufferPointer<UInt8>) -> (milliseconds: Int64, isOurs: Bool)? {
        if let known = unsafe ofKnownDay(text) { return (known, true) }
        guard let time = unsafe Timestamp(iso8601: Span(_unsafeElements: text)) else { return nil }
        let milliseconds = time.milliseconds
        scratch.removeAll(keepingCapacity: true)
        Timestamp(milliseconds: milliseconds).appendISO8601(to: &scratch)
        guard unsafe scratch.count == text.count && text.elementsEqual(scratch) else {
            return (milliseconds, false)
        }
        let bytes = UnsafeRawBufferPointer(text)
        dateHead = unsafe bytes.loadUnaligned(as: UInt64.self)
        dateTail = unsafe bytes.loadUnaligned(fromByteOffset: 3, as: UInt64.self)
        let day: Int64 = 86_400_000
        dayStart = milliseconds - ((milliseconds % day) + day) % day
        return (milliseconds, true)
    }

    /// `2026-11-02T10:11:12Z` and `2026-11-02T10:11:12.345Z` of the day at hand: how we write times of whole seconds and
    /// of milliseconds.
    private func ofKnownDay(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
        guard text.count == 20 || text.count == 24 else { return nil }
        let bytes = UnsafeRawBufferPointer(text)
        guard unsafe bytes.loadUnaligned(as: UInt64.self) == dateHead,
            unsafe bytes.loadUnaligned(fromByteOffset: 3, as: UInt64.self) == dateTail,
            unsafe bytes[13] == 0x3A, unsafe bytes[16] == 0x3A, unsafe bytes[text.count - 1] == 0x5A
        else { return nil }
        func two(_ at: Int) -> Int64 {
            let (high, low) = unsafe (Int64(bytes[at]) - 48, Int64(bytes[at + 1]) - 48)
            return high >= 0 && high < 10 && low >= 0 && low < 10 ? high * 10 + low : 1_000
        }
        let (hours, minutes, seconds) = (two(11), two(14), two(17))
        guard hours < 24, minutes < 60, seconds < 60 else { return nil }
        var milliseconds = (hours * 3_600 + minutes * 60 + seconds) * 1_000
        if text.count == 24 {
            let fraction = unsafe two(20) * 10 + Int64(bytes[22]) - 48
            // Whole seconds are written without a fraction.
            guard unsafe bytes[19] == 0x2E, unsafe bytes[22] &- 48 < 10, fraction > 0, fraction < 1_000 else {
                return nil
            }
            milliseconds += fraction
        }
        return dayStart + milliseconds
    }
}
