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
            return .success(flat.json)
        }
        if isSyslog, let brace = text.firstIndex(of: 0x7B) { return .success(Array(text[brace...])) }
        return .failure(.notARecord)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

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
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        return months.contains { rest.starts(with: $0.utf8) && rest.dropFirst(3).first == 0x20 }
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
    private static func fields(_ text: ArraySlice<UInt8>, _ count: Int) -> [[UInt8]]? {
        var parts: [[UInt8]] = []
        var part: [UInt8] = []
        var index = text.startIndex
        while index < text.endIndex {
            // What has neither a bar nor an escape, at once.
            let run = text[index...].firstIndex { $0 == 0x7C || $0 == 0x5C } ?? text.endIndex
            if run > index {
                part.append(contentsOf: text[index..<run])
                index = run
                continue
            }
            let byte = text[index]
            if byte == 0x5C, index + 1 < text.endIndex, text[index + 1] == 0x7C || text[index + 1] == 0x5C {
                part.append(text[index + 1])
                index += 2
                continue
            }
            index += 1
            if byte == 0x7C {
                parts.append(part)
                part = []
                if parts.count == count { return parts + [Array(text[index...])] }
            } else {
                part.append(byte)
            }
        }
        return nil
    }

    /// The time and the host a syslog line begins with: often the only time that a CEF or LEEF record has.
    private struct SyslogHeader {
        var time: [UInt8]?
        var host: [UInt8]?

        /// RFC 5424's header, or RFC 3164's, whose time has no year and is kept as it is.
        init(_ header: ArraySlice<UInt8>) {
            let afterPriority = header.firstIndex(of: 0x3E).map { header[($0 + 1)...] } ?? header
            var words = afterPriority.split(separator: 0x20).map { Array($0) }[...]
            if let version = words.first, version.count <= 2, version.allSatisfy(TextLine.isDigit) {
                words.removeFirst()
            }
            guard let first = words.first else { return }
            let isISO = first.count >= 19 && first[4] == 0x2D
            let count = isISO ? 1 : 3
            guard words.count >= count else { return }
            time = Array(words.prefix(count).joined(separator: [0x20]))
            host = words.dropFirst(count).first
        }

        func add(to flat: inout FlatObject) {
            if let time { flat.add(Array("syslogTime".utf8), time) }
            if let host, host != [0x2D] { flat.add(Array("syslogHost".utf8), host) }
        }
    }

    private static func cef(
        _ text: ArraySlice<UInt8>, _ header: SyslogHeader
    ) -> Result<[UInt8], Refused> {
        guard let parts = fields(text.dropFirst(4), 7) else { return .failure(.badCEF) }
        var flat = FlatObject()
        header.add(to: &flat)
        let names = [
            "cefVersion", "deviceVendor", "deviceProduct", "deviceVersion", "deviceEventClassId", "name",
            "severity",
        ]
        for (name, value) in zip(names, parts) { flat.add(Array(name.utf8), value) }
        // A value ends where the next `key=` begins, so that it may hold spaces.
        let body = parts[7]
        var keys: [(start: Int, equals: Int)] = []
        var start = 0
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
            let end = number + 1 < keys.count ? max(key.equals + 1, keys[number + 1].start - 1) : body.count
            flat.add(body[key.start..<key.equals], unescaped(body[(key.equals + 1)..<end]))
        }
        return .success(flat.json)
    }

    /// CEF's escapes in extensions: `\=`, `\\`, `\n`, `\r`.
    private static func unescaped(_ text: ArraySlice<UInt8>) -> [UInt8] {
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

    private static func leef(
        _ text: ArraySlice<UInt8>, _ header: SyslogHeader
    ) -> Result<[UInt8], Refused> {
        guard var parts = fields(text.dropFirst(5), 5) else { return .failure(.badLEEF) }
        var delimiter: UInt8 = 0x09
        if parts[0].starts(with: "2".utf8), let bar = parts[5].firstIndex(of: 0x7C), bar <= 4 {
            let given = parts[5][..<bar]
            if given.count == 1, let only = given.first {
                delimiter = only
                parts[5].removeFirst(bar + 1)
            } else if given.isEmpty {
                parts[5].removeFirst(bar + 1)
            } else if let hex = UInt8(
                String(decoding: given.drop { $0 == 0x78 || $0 == 0x30 }, as: UTF8.self), radix: 16)
            {
                delimiter = hex
                parts[5].removeFirst(bar + 1)
            }
        }
        var flat = FlatObject()
        header.add(to: &flat)
        for (name, value) in zip(["leefVersion", "vendor", "product", "productVersion", "eventId"], parts) {
            flat.add(Array(name.utf8), value)
        }
        unsafe parts[5].withUnsafeBufferPointer { body in
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
        return .success(flat.json)
    }
}
