package import Engine

extension Duration {
    /// Reads `15m`, `24h`, `7d`, `90s`, `500ms`, `1h30m`; `nil` for anything else, a bare number included.
    package init?(userText text: String) {
        var total: Int64 = 0
        var rest = Substring(text)
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { $0.isASCII && $0.isLetter }
            rest = rest.dropFirst(unit.count)
            guard let count = Int64(digits), let scale = Self.milliseconds[String(unit)] else { return nil }
            let (part, tooLong) = count.multipliedReportingOverflow(by: scale)
            let (sum, overflow) = total.addingReportingOverflow(part)
            if tooLong || overflow { return nil }
            total = sum
        }
        self = .milliseconds(total)
    }

    private static let milliseconds: [String: Int64] = [
        "ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000,
    ]

    /// The shortest text that `init(userText:)` reads back, to the millisecond.
    package var userText: String {
        let total = max(0, nanoseconds / 1_000_000)
        for (unit, scale) in [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000)]
            as [(String, Int64)]
        where total >= scale && total % scale == 0 {
            return "\(total / scale)\(unit)"
        }
        return total == 0 ? "0s" : "\(total)ms"
    }
}

/// A number of bytes, as users write it: `64MiB`, `1GB`, `512`.
package struct ByteSize: Hashable, Sendable, Comparable {
    package var bytes: Int64

    package init(_ bytes: Int64) { self.bytes = bytes }

    package init?(userText text: String) {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let unit = text.dropFirst(digits.count).drop { $0 == " " }.lowercased()
        guard let count = Int64(digits), let scale = Self.scales[unit] else { return nil }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: scale)
        if overflow { return nil }
        self.bytes = bytes
    }

    private static let scales: [String: Int64] = [
        "": 1, "b": 1, "kb": 1_000, "mb": 1_000_000, "gb": 1_000_000_000, "tb": 1_000_000_000_000,
        "kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30, "tib": 1 << 40,
    ]

    package static func < (a: ByteSize, b: ByteSize) -> Bool { a.bytes < b.bytes }

    /// The text that `init(userText:)` reads back.
    package var userText: String {
        for (unit, shift) in [("TiB", 40), ("GiB", 30), ("MiB", 20), ("KiB", 10)]
        where bytes > 0 && bytes & ((1 << Int64(shift)) - 1) == 0 {
            return "\(bytes >> Int64(shift))\(unit)"
        }
        return "\(bytes)B"
    }

    /// To three digits, for people: `1.21 GiB`.
    package var rounded: String {
        var value = Double(bytes)
        var unit = "B"
        for next in ["KiB", "MiB", "GiB", "TiB"] where value >= 1_024 {
            value /= 1_024
            unit = next
        }
        if unit == "B" { return "\(bytes) B" }
        let hundredths = Int((value * 100).rounded())
        if value >= 100 { return "\((hundredths + 50) / 100) \(unit)" }
        if value >= 10 { return "\(hundredths / 100).\(hundredths / 10 % 10) \(unit)" }
        return "\(hundredths / 100).\(hundredths / 10 % 10)\(hundredths % 10) \(unit)"
    }
}

extension Timestamp {
    /// Reads what users write for a time: RFC 3339, a date, `now`, `today`, `yesterday` (both at 00:00 UTC), or a
    /// duration before now with or without a minus sign (`-24h`, `7d`).
    package init?(userText text: String, now: Timestamp) {
        let midnight = Timestamp(seconds: now.seconds - ((now.seconds % 86_400) + 86_400) % 86_400)
        switch text {
        case "now": self = now
        case "today": self = midnight
        case "yesterday": self = midnight - .days(1)
        default:
            if let exact = Timestamp(iso8601: text) ?? Timestamp(iso8601: text + "T00:00:00Z") {
                self = exact
            } else if let ago = Duration(userText: text.hasPrefix("-") ? String(text.dropFirst()) : text) {
                self = now - ago
            } else {
                return nil
            }
        }
    }
}

extension Int {
    /// `1,234,567`.
    package var groupedText: String {
        var digits = Array(String(magnitude))
        var index = digits.count - 3
        while index > 0 {
            digits.insert(",", at: index)
            index -= 3
        }
        return (self < 0 ? "-" : "") + String(digits)
    }
}
