/// A line of text that carries a record: syslog around JSON, CEF, LEEF or `key="value"` pairs.
///
/// CEF, LEEF and pairs become flat objects of strings: the header's fields under names of their own (those of syslog too, which
/// may have the only time), each extension under its key. Nothing is interpreted; the mapping does that.
enum TextLine {
    enum Refused: Error {
        case notARecord, notText, badCEF, badLEEF

        var text: String {
            switch self {
            case .notARecord:
                "neither a JSON object nor a line that carries JSON, CEF, LEEF or key=\"value\" pairs"
            case .notText: "not UTF-8"
            case .badCEF: "CEF needs seven fields between bars"
            case .badLEEF: "LEEF needs five fields between bars"
            }
        }
    }

    /// Where the JSON text of a line's record stands; it is checked no further.
    enum Found {
        case inLine(Range<Int>)
        /// It was written there.
        case inFlat
    }

    /// The record in `line`; `flat` is written anew where that is no JSON.
    static func record(in line: Span<UInt8>, _ flat: inout FlatObject) -> Result<Found, Refused> {
        var start = 0
        var end = line.count
        while end > start, JSONGrammar.isWhite(line[end - 1]) { end -= 1 }
        while start < end, JSONGrammar.isWhite(line[start]) { start += 1 }
        // Syslog daemons mark JSON so, behind a header or without one.
        for mark in ["\u{FEFF}", "@cee:"] as [StaticString] where stands(mark, in: line, at: start, end) {
            start += mark.utf8CodeUnitCount
            while start < end, JSONGrammar.isWhite(line[start]) { start += 1 }
        }
        guard start < end else { return .failure(.notARecord) }
        if line[start] == 0x7B { return .success(.inLine(start..<end)) }
        let text = line.extracting(start..<end)
        let isSyslog = isSyslog(text)
        flat.begin()
        if let (isCEF, at) = form(of: text, isSyslog: isSyslog) {
            SyslogHeader(text.extracting(0..<at)).add(text, to: &flat)
            let body = text.extracting(at...)
            return isCEF ? cef(body, &flat) : leef(body, &flat)
        }
        let copy = unsafe text.withUnsafeBufferPointer { unsafe Array($0) }
        if let pairs = QuotedPairs(in: copy[...]) {
            if isSyslog {
                SyslogHeader(text.extracting(0..<pairs.start)).add(text, to: &flat)
            }
            pairs.add(to: &flat)
            flat.end()
            return .success(.inFlat)
        }
        if isSyslog, let brace = copy.firstIndex(of: 0x7B) { return .success(.inLine(start + brace..<end)) }
        return .failure(.notARecord)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    private static func stands(_ mark: StaticString, in text: Span<UInt8>, at start: Int, _ end: Int) -> Bool
    {
        let length = mark.utf8CodeUnitCount
        guard start >= 0, start + length <= end else { return false }
        return unsafe text.withUnsafeBufferPointer { bytes in
            unsafe bytes.baseAddress.map { unsafe equalBytes($0 + start, mark.utf8Start, length) } ?? false
        }
    }

    private static func index(of byte: UInt8, in text: Span<UInt8>, from start: Int, to end: Int) -> Int {
        unsafe text.withUnsafeBufferPointer { unsafe JSONText.index(of: byte, in: $0, from: start, to: end) }
    }

    private static let months: [StaticString] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// `<PRI>`, an octet count before it, or a time as RFC 3164 and RFC 5424 write it.
    private static func isSyslog(_ text: Span<UInt8>) -> Bool {
        func digits(from start: Int) -> Int {
            var end = start
            while end < text.count, isDigit(text[end]) { end += 1 }
            return end - start
        }
        let first = digits(from: 0)
        var at = first > 0 && stands(" <", in: text, at: first, text.count) ? first + 1 : 0
        if at < text.count, text[at] == 0x3C {
            at += 1
            let priority = digits(from: at)
            return (1...3).contains(priority) && at + priority < text.count && text[at + priority] == 0x3E
        }
        if first == 4, text.count > 4, text[4] == 0x2D { return true }
        return text.count > 3 && text[3] == 0x20
            && months.contains { stands($0, in: text, at: 0, text.count) }
    }

    /// Whether it is CEF or LEEF, and where that begins: at the start of a line, or behind syslog's header, before any
    /// brace, since behind one it is the content of a JSON message.
    private static func form(of text: Span<UInt8>, isSyslog: Bool) -> (isCEF: Bool, at: Int)? {
        guard isSyslog else {
            if stands("CEF:", in: text, at: 0, text.count) { return (true, 0) }
            return stands("LEEF:", in: text, at: 0, text.count) ? (false, 0) : nil
        }
        let end = index(of: 0x7B, in: text, from: 0, to: text.count)
        var leef: Int?
        var colon = index(of: 0x3A, in: text, from: 0, to: end)
        while colon < end {
            if stands("CEF", in: text, at: colon - 3, colon) { return (true, colon - 3) }
            if leef == nil, stands("LEEF", in: text, at: colon - 4, colon) { leef = colon - 4 }
            colon = index(of: 0x3A, in: text, from: colon + 1, to: end)
        }
        return leef.map { (false, $0) }
    }

    /// The parts between a header's bars.
    private struct Bars {
        private static let partsMax = 7
        private(set) var parts = InlineArray<7, Range<Int>>(repeating: 0..<0)
        private var escaped: UInt8 = 0
        /// Where the rest begins.
        private(set) var end = 0

        /// Splits at unescaped bars, `count` times; `nil` where there are not so many.
        init?(_ text: Span<UInt8>, from first: Int, count: Int) {
            precondition(count <= Self.partsMax)
            var start = first
            var index = first
            var number = 0
            var isEscaped = false
            while index < text.count {
                let byte = text[index]
                if byte == 0x5C {
                    // It may be before a bar or before itself; before anything else it is a character.
                    isEscaped = true
                    index += 2
                    continue
                }
                if byte == 0x7C {
                    parts[number] = start..<index
                    if isEscaped { escaped |= 1 << UInt8(number) }
                    number += 1
                    start = index + 1
                    isEscaped = false
                    if number == count {
                        end = start
                        return
                    }
                }
                index += 1
            }
            return nil
        }

        func add(_ names: [StaticString], _ text: Span<UInt8>, to flat: inout FlatObject) {
            for (number, name) in names.enumerated() {
                let part = text.extracting(parts[number])
                if escaped >> UInt8(number) & 1 == 0 {
                    flat.add(name, part)
                } else {
                    flat.add(name, Array(TextLine.unescaped(TextLine.copy(part)[...], before: 0x7C)).span)
                }
            }
        }
    }

    private static func copy(_ text: Span<UInt8>) -> [UInt8] {
        unsafe text.withUnsafeBufferPointer { unsafe Array($0) }
    }

    /// Without the backslashes before a mark and before backslashes.
    static func unescaped(_ text: ArraySlice<UInt8>, before mark: UInt8) -> ArraySlice<UInt8> {
        var out: [UInt8] = []
        out.reserveCapacity(text.count)
        var index = text.startIndex
        while index < text.endIndex {
            let isEscape = text[index] == 0x5C && index + 1 < text.endIndex
            if isEscape, text[index + 1] == mark || text[index + 1] == 0x5C { index += 1 }
            out.append(text[index])
            index += 1
        }
        return out[...]
    }

    /// The time and the host a syslog line begins with: often the only time that a CEF or LEEF record has.
    private struct SyslogHeader {
        /// One word, or the three of a time without a year.
        private var first = 0..<0
        private var day = 0..<0
        private var clock = 0..<0
        private var host = 0..<0

        /// RFC 5424's header, or RFC 3164's, whose time has no year and is kept as it is.
        init(_ header: Span<UInt8>) {
            var at = TextLine.index(of: 0x3E, in: header, from: 0, to: header.count) + 1
            if at > header.count { at = 0 }
            var word = Self.word(header, &at)
            if word.count <= 2, word.allSatisfy({ TextLine.isDigit(header[$0]) }) {
                word = Self.word(header, &at)
            }
            guard !word.isEmpty else { return }
            if word.count < 19 || header[word.lowerBound + 4] != 0x2D {
                day = Self.word(header, &at)
                clock = Self.word(header, &at)
                guard !clock.isEmpty else { return }
            }
            first = word
            host = Self.word(header, &at)
        }

        /// The next word; empty where there is none.
        private static func word(_ header: Span<UInt8>, _ at: inout Int) -> Range<Int> {
            while at < header.count, header[at] == 0x20 { at += 1 }
            let start = at
            at = TextLine.index(of: 0x20, in: header, from: start, to: header.count)
            return start..<at
        }

        func add(_ text: Span<UInt8>, to flat: inout FlatObject) {
            if first.isEmpty { return }
            if clock.isEmpty {
                flat.add("syslogTime", text.extracting(first))
            } else {
                // One space between its words, however many there are.
                let words = [first, day, clock].map { TextLine.copy(text.extracting($0)) }
                flat.add("syslogTime", Array(words.joined(separator: [0x20])).span)
            }
            if !host.isEmpty, host.count > 1 || text[host.lowerBound] != 0x2D {
                flat.add("syslogHost", text.extracting(host))
            }
        }
    }

    private static let cefNames: [StaticString] = [
        "cefVersion", "deviceVendor", "deviceProduct", "deviceVersion", "deviceEventClassId", "name",
        "severity",
    ]
    private static let leefNames: [StaticString] = [
        "leefVersion", "vendor", "product", "productVersion", "eventId",
    ]

    private static func cef(_ text: Span<UInt8>, _ flat: inout FlatObject) -> Result<Found, Refused> {
        guard let bars = Bars(text, from: 4, count: 7) else { return .failure(.badCEF) }
        bars.add(cefNames, text, to: &flat)
        // A value ends where the next `key=` begins, so that it may hold spaces.
        var last: (key: Range<Int>, value: Int)?
        func close(at end: Int) {
            guard let last else { return }
            let value = text.extracting(last.value..<max(last.value, end))
            let key = text.extracting(last.key)
            if index(of: 0x5C, in: value, from: 0, to: value.count) == value.count {
                flat.add(key, value)
            } else {
                flat.add(key, unescaped(copy(value)))
            }
        }
        var start = bars.end
        for index in bars.end..<text.count {
            let byte = text[index]
            if byte == 0x20 { start = index + 1 }
            guard byte == 0x3D, index > start, text[index - 1] != 0x5C else { continue }
            guard (start..<index).allSatisfy({ isKey(text[$0]) }) else { continue }
            close(at: start - 1)
            last = (start..<index, index + 1)
            start = text.count
        }
        close(at: text.count)
        flat.end()
        return .success(.inFlat)
    }

    private static func isKey(_ byte: UInt8) -> Bool {
        isDigit(byte) || (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7A || byte == 0x5F || byte == 0x2E
            || byte == 0x2D
    }

    /// CEF's escapes in extensions: `\=`, `\\`, `\n`, `\r`.
    private static func unescaped(_ text: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        var index = text.startIndex
        while index < text.endIndex {
            if text[index] == 0x5C, index + 1 < text.endIndex {
                let next = text[index + 1]
                out.append(next == 0x6E ? 0x0A : next == 0x72 ? 0x0D : next)
                index += 2
            } else {
                out.append(text[index])
                index += 1
            }
        }
        return out
    }

    private static func leef(_ text: Span<UInt8>, _ flat: inout FlatObject) -> Result<Found, Refused> {
        guard let bars = Bars(text, from: 5, count: 5) else { return .failure(.badLEEF) }
        bars.add(leefNames, text, to: &flat)
        var start = bars.end
        var delimiter: UInt8 = 0x09
        if !bars.parts[0].isEmpty, text[bars.parts[0].lowerBound] == UInt8(ascii: "2") {
            (delimiter, start) = Self.delimiter(text, from: start)
        }
        while start < text.count {
            let end = index(of: delimiter, in: text, from: start, to: text.count)
            let equals = index(of: 0x3D, in: text, from: start, to: end)
            if equals < end { flat.add(text.extracting(start..<equals), text.extracting(equals + 1..<end)) }
            start = end + 1
        }
        flat.end()
        return .success(.inFlat)
    }

    /// What stands between LEEF 2.0's attributes, as its header says (`^`, `x5E`, `0x5E`), and where they begin.
    private static func delimiter(_ text: Span<UInt8>, from start: Int) -> (delimiter: UInt8, start: Int) {
        let reach = min(text.count, start + 5)
        let bar = index(of: 0x7C, in: text, from: start, to: reach)
        guard bar < reach else { return (0x09, start) }
        let given = text.extracting(start..<bar)
        if given.count == 1 { return (given[0], bar + 1) }
        let digits = copy(given).drop { $0 == 0x78 || $0 == 0x30 }
        if let hex = UInt8(String(decoding: digits, as: UTF8.self), radix: 16) { return (hex, bar + 1) }
        return (0x09, given.isEmpty ? bar + 1 : start)
    }
}
