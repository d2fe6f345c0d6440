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

    /// The JSON text of the record in `line`; checked no further.
    static func record(in line: [UInt8]) -> Result<[UInt8], Refused> {
        var text = line[...]
        while let last = text.last, JSONGrammar.isWhite(last) { text.removeLast() }
        while let first = text.first, JSONGrammar.isWhite(first) { text.removeFirst() }
        // Syslog daemons mark JSON so, behind a header or without one.
        for mark in ["\u{FEFF}", "@cee:"] where text.starts(with: mark.utf8) {
            text = text.dropFirst(mark.utf8.count).drop { JSONGrammar.isWhite($0) }
        }
        if text.first == 0x7B { return .success(Array(text)) }
        let isSyslog = isSyslog(text)
        if let at = position(of: "CEF:", in: text, atStart: !isSyslog) {
            return cef(text[at...], SyslogHeader(text[..<at]))
        }
        if let at = position(of: "LEEF:", in: text, atStart: !isSyslog) {
            return leef(text[at...], SyslogHeader(text[..<at]))
        }
        if let pairs = QuotedPairs(in: text) {
            var flat = FlatObject()
            if isSyslog { SyslogHeader(text[..<pairs.start]).add(to: &flat) }
            pairs.add(to: &flat)
            return .success(flat.json())
        }
        if isSyslog, let brace = text.firstIndex(of: 0x7B) { return .success(Array(text[brace...])) }
        return .failure(.notARecord)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ].map { Array($0.utf8) }

    /// `<PRI>`, an octet count before it, or a time as RFC 3164 and RFC 5424 write it.
    private static func isSyslog(_ text: ArraySlice<UInt8>) -> Bool {
        var rest = text
        let digits = rest.prefix { isDigit($0) }
        if !digits.isEmpty, rest.dropFirst(digits.count).starts(with: " <".utf8) {
            rest = rest.dropFirst(digits.count + 1)
        }
        if rest.first == 0x3C {
            let priority = rest.dropFirst().prefix { isDigit($0) }
            return (1...3).contains(priority.count) && rest.dropFirst(1 + priority.count).first == 0x3E
        }
        if digits.count == 4, rest.dropFirst(4).first == 0x2D { return true }
        return rest.count > 3 && rest[rest.startIndex + 3] == 0x20
            && months.contains { rest.starts(with: $0) }
    }

    /// Where the mark stands: at the start, or before any brace, since behind one it is the content of a JSON message.
    private static func position(of mark: StaticString, in text: ArraySlice<UInt8>, atStart: Bool) -> Int? {
        unsafe text.withUnsafeBufferPointer { bytes in
            guard let base = bytes.baseAddress else { return nil }
            let length = mark.utf8CodeUnitCount
            let first = unsafe mark.utf8Start[0]
            let last = atStart ? 0 : bytes.count - length
            var index = 0
            while index <= last, index + length <= bytes.count {
                let byte = unsafe bytes[index]
                if byte == 0x7B { return nil }
                if byte == first, unsafe equalBytes(base + index, mark.utf8Start, length) {
                    return text.startIndex + index
                }
                index += 1
            }
            return nil
        }
    }

    /// Splits at unescaped bars, `count` times; the rest is the last part.
    private static func fields(_ text: ArraySlice<UInt8>, _ count: Int) -> [ArraySlice<UInt8>]? {
        var parts: [ArraySlice<UInt8>] = []
        parts.reserveCapacity(count + 1)
        var start = text.startIndex
        var index = start
        var isEscaped = false
        while index < text.endIndex {
            let byte = text[index]
            if byte == 0x5C {
                // It may be before a bar or before itself; before anything else it is a character.
                isEscaped = true
                index += 2
                continue
            }
            if byte == 0x7C {
                let part = text[start..<index]
                parts.append(isEscaped ? unescaped(part, before: 0x7C) : part)
                start = index + 1
                isEscaped = false
                if parts.count == count {
                    parts.append(text[start...])
                    return parts
                }
            }
            index += 1
        }
        return nil
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
        var time: ArraySlice<UInt8>?
        var host: ArraySlice<UInt8>?

        /// RFC 5424's header, or RFC 3164's, whose time has no year and is kept as it is.
        init(_ header: ArraySlice<UInt8>) {
            let afterPriority = header.firstIndex(of: 0x3E).map { header[($0 + 1)...] } ?? header
            var rest = afterPriority
            var first = Self.word(&rest)
            if let version = first, version.count <= 2, version.allSatisfy(TextLine.isDigit) {
                first = Self.word(&rest)
            }
            guard let first else { return }
            if first.count >= 19, first[first.startIndex + 4] == 0x2D {
                time = first
            } else {
                guard let day = Self.word(&rest), let clock = Self.word(&rest) else { return }
                time = (first + [0x20] + day + [0x20] + clock)[...]
            }
            host = Self.word(&rest)
        }

        /// Takes the next word off what is left.
        private static func word(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
            guard let start = rest.firstIndex(where: { $0 != 0x20 }) else { return nil }
            let end = rest[start...].firstIndex(of: 0x20) ?? rest.endIndex
            defer { rest = rest[end...] }
            return rest[start..<end]
        }

        func add(to flat: inout FlatObject) {
            if let time { flat.add("syslogTime", time) }
            if let host, host != [0x2D] { flat.add("syslogHost", host) }
        }
    }

    private static let cefNames: [StaticString] = [
        "cefVersion", "deviceVendor", "deviceProduct", "deviceVersion", "deviceEventClassId", "name",
        "severity",
    ]
    private static let leefNames: [StaticString] = [
        "leefVersion", "vendor", "product", "productVersion", "eventId",
    ]

    private static func cef(
        _ text: ArraySlice<UInt8>, _ header: SyslogHeader
    ) -> Result<[UInt8], Refused> {
        guard let parts = fields(text.dropFirst(4), 7) else { return .failure(.badCEF) }
        var flat = FlatObject()
        header.add(to: &flat)
        for (name, value) in zip(cefNames, parts) { flat.add(name, value) }
        // A value ends where the next `key=` begins, so that it may hold spaces.
        let body = parts[7]
        var keys: [(start: Int, equals: Int)] = []
        var start = body.startIndex
        for index in body.indices {
            if body[index] == 0x20 { start = index + 1 }
            guard body[index] == 0x3D, index > start, body[index - 1] != 0x5C else { continue }
            if body[start..<index].allSatisfy({
                isDigit($0) || ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A || $0 == 0x5F || $0 == 0x2E
                    || $0 == 0x2D
            }) {
                keys.append((start, index))
                start = body.endIndex
            }
        }
        for (number, key) in keys.enumerated() {
            let end =
                number + 1 < keys.count ? max(key.equals + 1, keys[number + 1].start - 1) : body.endIndex
            flat.add(body[key.start..<key.equals], unescaped(body[(key.equals + 1)..<end]))
        }
        return .success(flat.json())
    }

    /// CEF's escapes in extensions: `\=`, `\\`, `\n`, `\r`.
    private static func unescaped(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        if !text.contains(0x5C) { return text }
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
        return out[...]
    }

    private static func leef(
        _ text: ArraySlice<UInt8>, _ header: SyslogHeader
    ) -> Result<[UInt8], Refused> {
        guard let parts = fields(text.dropFirst(5), 5) else { return .failure(.badLEEF) }
        var delimiter: UInt8 = 0x09
        var pairs = parts[5]
        if parts[0].first == UInt8(ascii: "2"), let bar = pairs.prefix(5).firstIndex(of: 0x7C) {
            let given = pairs[..<bar]
            let hex = UInt8(
                String(decoding: given.drop { $0 == 0x78 || $0 == 0x30 }, as: UTF8.self), radix: 16)
            if given.count == 1, let only = given.first {
                delimiter = only
            } else if let hex {
                delimiter = hex
            }
            if given.count < 2 || hex != nil { pairs = pairs[(bar + 1)...] }
        }
        var flat = FlatObject()
        header.add(to: &flat)
        for (name, value) in zip(leefNames, parts) { flat.add(name, value) }
        unsafe pairs.withUnsafeBufferPointer { body in
            var start = 0
            while start < body.count {
                let end = unsafe JSONText.index(of: delimiter, in: body, from: start, to: body.count)
                let equals = unsafe JSONText.index(of: 0x3D, in: body, from: start, to: end)
                if equals < end {
                    unsafe flat.add(
                        UnsafeBufferPointer(rebasing: body[start..<equals]),
                        UnsafeBufferPointer(rebasing: body[(equals + 1)..<end]))
                }
                start = end + 1
            }
        }
        return .success(flat.json())
    }
}
