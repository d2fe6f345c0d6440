/// Conditions, functions and casts.
extension MappingMachine {
    // MARK: Conditions

    @inline(__always) mutating func holds(_ conditions: Run32, _ scope: Int) -> Bool {
        if conditions.count == 0 { return true }
        for index in conditions.indices where !holds(program.conditions[index], scope) { return false }
        return true
    }

    mutating func holds(_ condition: MappingProgram.Condition, _ scope: Int) -> Bool {
        guard let token = value(condition.reference, scope) else { return condition.isNegated }
        if condition.texts.count == 0 { return test(condition.test, token) != condition.isNegated }
        guard !tape.isContainer(token) else { return condition.isNegated }
        let text = plain(token)
        var isFound = false
        for index in condition.texts.indices where !isFound {
            let wanted = program.texts[index]
            let length = Int(wanted.count)
            let bytes = unsafe program.pool.base + Int(wanted.start)
            isFound =
                switch condition.test {
                case .equals: unsafe text.count == length && equalBytes(text.start, bytes, length)
                case .startsWith: unsafe text.count >= length && equalBytes(text.start, bytes, length)
                case .endsWith:
                    unsafe text.count >= length
                        && equalBytes(text.start + (text.count - length), bytes, length)
                default: unsafe Self.find(bytes, length, in: text) != nil
                }
        }
        return isFound != condition.isNegated
    }

    func test(_ test: MappingProgram.TestCode, _ token: Int) -> Bool {
        let byte = tape.byte(token)
        switch test {
        case .present: return true
        case .object: return byte == 0x7B
        case .array: return byte == 0x5B
        case .text: return byte == 0x22
        case .number: return byte == 0x2D || byte &- 0x30 < 10
        default:
            guard byte == 0x22 else { return false }
            let content = tape.content(token)
            switch test {
            case .arn:
                return unsafe content.count > 4
                    && equalBytes(tape.bytes.base + Int(content.start), ("arn:" as StaticString).utf8Start, 4)
            case .ip: return fits(.ip, content)
            default: return fits(.email, content)
            }
        }
    }

    private func fits(_ scalar: OCSFSchema.Scalar, _ content: Extent) -> Bool {
        let buffer = unsafe tape.bytes(content)
        return unsafe fits(scalar, unsafe buffer)
    }

    private func fits(_ scalar: OCSFSchema.Scalar, _ buffer: UnsafeBufferPointer<UInt8>) -> Bool {
        switch scalar {
        case .string, .username, .resourceUID, .url, .fileHash, .fileName, .filePath, .processName,
            .byteString:
            return true
        default:
            let span = unsafe Span(_unsafeElements: buffer)
            return scalar.fault(.string, span, 0..<span.count) == nil
        }
    }

    // MARK: Texts

    /// A scalar's text as it is meant: unescaped if it has to be.
    mutating func plain(_ token: Int) -> Text {
        guard tape.byte(token) == 0x22 else {
            let extent = tape.extent(token)
            return unsafe Text(
                start: tape.bytes.base + Int(extent.start), count: Int(extent.count), isEscaped: true)
        }
        let raw = unsafe tape.bytes(tape.content(token))
        let start = unsafe tape.bytes.base + tape.start(token) + 1
        guard tape.hasBackslash, unsafe raw.contains(0x5C) else {
            return unsafe Text(start: start, count: raw.count, isEscaped: true)
        }
        var decoded: [UInt8] = []
        unsafe JSONText.unescape(raw, into: &decoded)
        return keep(decoded)
    }

    /// Keeps bytes made for one attribute. Up to 64 KiB are held on to; what was kept before stays where it is.
    private mutating func keep(_ bytes: [UInt8]) -> Text {
        made.count = 0
        unsafe bytes.withUnsafeBufferPointer { buffer in
            if let base = buffer.baseAddress { unsafe made.append(copying: base, buffer.count) }
        }
        return unsafe Text(start: UnsafePointer(made.base), count: bytes.count, isEscaped: false)
    }

    /// The text of a value after the functions; `nil` where one yields nothing.
    mutating func text(of token: Int, _ functions: Run32) -> Text? {
        guard !tape.isContainer(token) else { return nil }
        var text = plain(token)
        for index in functions.indices {
            guard let next = apply(program.functions[index], to: text) else { return nil }
            text = next
        }
        return text
    }

    private mutating func apply(_ function: MappingProgram.Function, to text: Text) -> Text? {
        let mark = unsafe program.pool.base + Int(function.text.start)
        let length = Int(function.text.count)
        func part(_ start: Int, _ end: Int) -> Text? {
            guard start <= end else { return nil }
            return unsafe Text(start: text.start + start, count: end - start, isEscaped: text.isEscaped)
        }
        switch function.code {
        case .arnPart, .arnResource, .arnName: return arn(function, text)
        case .lower, .upper:
            let isLower = function.code == .lower
            let bytes = unsafe UnsafeBufferPointer(start: text.start, count: text.count).map {
                byte -> UInt8 in
                if isLower { return byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte }
                return byte >= 0x61 && byte <= 0x7A ? byte & 0xDF : byte
            }
            var kept = keep(bytes)
            kept.isEscaped = text.isEscaped
            return kept
        case .json, .parsedJSON: return text
        case .before: return unsafe Self.find(mark, length, in: text).flatMap { part(0, $0) }
        case .after: return unsafe Self.find(mark, length, in: text).flatMap { part($0 + length, text.count) }
        case .beforeLast: return unsafe Self.findLast(mark, length, in: text).flatMap { part(0, $0) }
        case .afterLast:
            return unsafe Self.findLast(mark, length, in: text).flatMap { part($0 + length, text.count) }
        case .stripPrefix:
            let has = unsafe text.count >= length && equalBytes(text.start, mark, length)
            return has ? part(length, text.count) : text
        case .stripSuffix:
            let has =
                unsafe text.count >= length
                && equalBytes(text.start + (text.count - length), mark, length)
            return has ? part(0, text.count - length) : text
        case .split: return unsafe split(function, text, mark, length)
        }
    }

    private func split(
        _ function: MappingProgram.Function, _ text: Text, _ mark: UnsafePointer<UInt8>, _ length: Int
    ) -> Text? {
        var cuts: [(Int, Int)] = []
        var start = 0
        while true {
            let rest = unsafe Text(start: text.start + start, count: text.count - start, isEscaped: true)
            guard let at = unsafe Self.find(mark, length, in: rest), cuts.count < 64 else { break }
            cuts.append((start, start + at))
            start += at + length
        }
        cuts.append((start, text.count))
        let wanted = function.part < 0 ? cuts.count + Int(function.part) : Int(function.part)
        guard cuts.indices.contains(wanted) else { return nil }
        let (from, to) = cuts[wanted]
        return unsafe Text(start: text.start + from, count: to - from, isEscaped: text.isEscaped)
    }

    /// `arn:partition:service:region:account:resource`; an empty part yields nothing.
    private func arn(_ function: MappingProgram.Function, _ text: Text) -> Text? {
        guard text.count > 4, unsafe text.start[0] == 0x61, unsafe text.start[1] == 0x72,
            unsafe text.start[2] == 0x6E
        else { return nil }
        var colons = 0
        var start = 0
        var index = 0
        let count = text.count
        while index < count {
            if unsafe text.start[index] == 0x3A {
                if function.code == .arnPart, colons == Int(function.part) { break }
                colons += 1
                start = index + 1
                if colons == 5 { break }
            }
            index += 1
        }
        var end = index
        if function.code != .arnPart {
            guard colons == 5 else { return nil }
            end = count
            if function.code == .arnName {
                var last = count
                while last > start, unsafe text.start[last - 1] != 0x2F { last -= 1 }
                if last == start {
                    last = count
                    while last > start, unsafe text.start[last - 1] != 0x3A { last -= 1 }
                }
                start = last
            }
        } else if colons != Int(function.part) || index == count {
            return nil
        }
        guard end > start else { return nil }
        return unsafe Text(start: text.start + start, count: end - start, isEscaped: text.isEscaped)
    }

    private static func find(_ mark: UnsafePointer<UInt8>, _ length: Int, in text: Text) -> Int? {
        var index = 0
        while index + length <= text.count {
            if unsafe text.start[index] == mark[0], unsafe equalBytes(text.start + index, mark, length) {
                return index
            }
            index += 1
        }
        return nil
    }

    private static func findLast(_ mark: UnsafePointer<UInt8>, _ length: Int, in text: Text) -> Int? {
        var index = text.count - length
        while index >= 0 {
            if unsafe text.start[index] == mark[0], unsafe equalBytes(text.start + index, mark, length) {
                return index
            }
            index -= 1
        }
        return nil
    }

    // MARK: Casts

    /// Writes the value at `token` as the attribute's type asks.
    mutating func written(
        _ token: Int, _ expression: MappingProgram.Expression, _ op: MappingProgram.Op
    ) -> Written {
        let byte = tape.byte(token)
        if byte == 0x6E { return .not }
        if expression.functions.count > 0 { return writtenTaken(token, expression, op) }
        switch op.scalar {
        case .json:
            if tape.isContainer(token), !UniqueKeys.hold(in: tape, from: token) { return .not }
            copy(token)
            return .whole
        case .boolean: return writtenBoolean(token)
        case .integer, .long, .port, .float: return writtenNumber(token, op.scalar)
        case .timestamp:
            guard let (time, isWhole) = timestamp(token, expression.readAs) else { return .not }
            out.append(decimal: time.milliseconds)
            return isWhole ? .whole : .part
        case .datetime
        where byte != 0x22 || expression.readAs.rawValue > MappingDocument.ReadAs.Code.time.rawValue:
            guard let (time, isWhole) = timestamp(token, expression.readAs) else { return .not }
            writeISO8601(time)
            return isWhole ? .whole : .part
        default:
            if byte == 0x22 {
                guard fits(op.scalar, tape.content(token)) else { return .not }
                copy(token)
                return .whole
            }
            guard byte != 0x7B, byte != 0x5B, fits(op.scalar, tape.extent(token)) else { return .not }
            out.append(0x22)
            copy(token)
            out.append(0x22)
            return .whole
        }
    }

    private mutating func writeISO8601(_ time: Timestamp) {
        var text: [UInt8] = [0x22]
        time.appendISO8601(to: &text)
        text.append(0x22)
        unsafe text.withUnsafeBufferPointer { buffer in
            if let base = buffer.baseAddress { unsafe out.append(copying: base, buffer.count) }
        }
    }

    private mutating func writtenBoolean(_ token: Int) -> Written {
        let byte = tape.byte(token)
        if byte == 0x74 || byte == 0x66 {
            copy(token)
            return .whole
        }
        guard byte == 0x22 else { return .not }
        let content = tape.content(token)
        let start = unsafe tape.bytes.base + Int(content.start)
        if content.count == 4, unsafe equalBytes(start, ("true" as StaticString).utf8Start, 4) {
            out.append("true")
            return .whole
        }
        if content.count == 5, unsafe equalBytes(start, ("false" as StaticString).utf8Start, 5) {
            out.append("false")
            return .whole
        }
        // `Yes`, `TRUE` and their like cannot be got back.
        if unsafe isWord(start, Int(content.count), "true") || isWord(start, Int(content.count), "yes") {
            out.append("true")
            return .part
        }
        if unsafe isWord(start, Int(content.count), "false") || isWord(start, Int(content.count), "no") {
            out.append("false")
            return .part
        }
        return .not
    }

    private func isWord(_ start: UnsafePointer<UInt8>, _ count: Int, _ word: StaticString) -> Bool {
        guard count == word.utf8CodeUnitCount else { return false }
        for index in 0..<count where unsafe start[index] | 0x20 != word.utf8Start[index] { return false }
        return true
    }

    private mutating func writtenNumber(_ token: Int, _ scalar: OCSFSchema.Scalar) -> Written {
        let isQuoted = tape.byte(token) == 0x22
        let extent = isQuoted ? tape.content(token) : tape.extent(token)
        let span = unsafe Span(_unsafeElements: tape.bytes(extent))
        guard isQuoted || test(.number, token) else { return .not }
        if scalar == .float {
            let end = JSONGrammar.scalarEnd(tape.bytes, Int(extent.start))
            guard extent.count > 0, end == extent.end, test(isNumberAt: Int(extent.start)) else {
                return .not
            }
        } else {
            guard scalar.fault(.integer, span, 0..<span.count) == nil else { return .not }
            // 007 is a text, and `-0` no integer that comes back.
            let first = span[0] == 0x2D ? 1 : 0
            if span.count > first + 1, span[first] == 0x30 { return .not }
            if first == 1, span.count == 2, span[1] == 0x30 { return .not }
        }
        unsafe out.append(tape.bytes.base + Int(extent.start), Int(extent.count))
        return .whole
    }

    private func test(isNumberAt start: Int) -> Bool {
        let byte = tape.bytes[start]
        return byte == 0x2D || byte &- 0x30 < 10
    }

    /// The time at `token`, and whether its milliseconds hold all that was written.
    func timestamp(_ token: Int, _ readAs: MappingDocument.ReadAs.Code) -> (Timestamp, isWhole: Bool)? {
        let isQuoted = tape.byte(token) == 0x22
        let content = isQuoted ? tape.content(token) : tape.extent(token)
        let span = unsafe Span(_unsafeElements: tape.bytes(content))
        if isQuoted, readAs == .natural || readAs == .time, let time = Timestamp(iso8601: span) {
            let last = span[span.count - 1]
            return (time, last == 0x5A && (span.count == 20 || span.count == 24))
        }
        guard let number = decimal(in: span, 0..<span.count) else { return nil }
        switch readAs {
        case .seconds: return (Timestamp(seconds: number), true)
        case .microseconds:
            let (product, overflow) = number.multipliedReportingOverflow(by: 1_000)
            return overflow ? nil : (Timestamp(nanoseconds: product), number % 1_000 == 0)
        case .nanoseconds: return (Timestamp(nanoseconds: number), number % 1_000_000 == 0)
        default: return (Timestamp(milliseconds: number), true)
        }
    }

    /// Writes a value after functions.
    private mutating func writtenTaken(
        _ token: Int, _ expression: MappingProgram.Expression, _ op: MappingProgram.Op
    ) -> Written {
        let last = program.functions[expression.functions.indices.upperBound - 1]
        if last.code == .json, expression.functions.count == 1 {
            let extent = tape.extent(token)
            out.append(0x22)
            unsafe out.append(escaping: tape.bytes.base + Int(extent.start), Int(extent.count))
            out.append(0x22)
            return .whole
        }
        guard let text = text(of: token, expression.functions), text.count > 0 else { return .not }
        if last.code == .parsedJSON { return writtenParsed(text) ? .part : .not }
        let buffer = unsafe UnsafeBufferPointer(start: text.start, count: text.count)
        switch op.scalar {
        case .boolean: return .not
        case .integer, .long, .port, .timestamp, .float:
            let span = unsafe Span(_unsafeElements: buffer)
            guard op.scalar.fault(.integer, span, 0..<span.count) == nil,
                let value = decimal(in: span, 0..<span.count)
            else { return .not }
            out.append(decimal: value)
        default:
            guard unsafe fits(op.scalar, buffer) else { return .not }
            out.append(0x22)
            if text.isEscaped {
                unsafe out.append(copying: text.start, text.count)
            } else {
                unsafe out.append(escaping: text.start, text.count)
            }
            out.append(0x22)
        }
        return .part
    }

    /// Writes the JSON that a string holds, compact, if it is JSON.
    private mutating func writtenParsed(_ text: Text) -> Bool {
        parsed.truncate(to: 0)
        unsafe parsed.append(UnsafeBufferPointer(start: text.start, count: text.count))
        guard case .indexed(let tokens, let count) = parsed.index(from: 0, count: parsed.count), count > 1,
            JSONText.firstBadEscape(parsed.view, from: 0, to: parsed.count) == nil
        else { return false }
        parsed.reserveMatches(count + 1)
        let first = parsed.view[tokens[0]]
        guard first == 0x7B || first == 0x5B,
            case .whole(let next, _) = parsed.check(tokens, count: count, from: 0, bytesFrom: 0),
            next == count
        else { return false }
        let tape = JSONTape(
            bytes: parsed.view, tokens: tokens, matches: parsed.matchView, tokenCount: count,
            hasBackslash: true)
        guard UniqueKeys.hold(in: tape, from: 0) else { return false }
        for token in 0..<count {
            let start = Int(tokens[token])
            var end = token == count - 1 ? start + 1 : Int(tokens[token + 1])
            while end > start + 1, JSONGrammar.isWhite(parsed.view[end - 1]) { end -= 1 }
            unsafe out.append(parsed.view.base + start, end - start)
        }
        return true
    }

    /// Appends the value at `token` as it stands.
    @inline(__always) mutating func copy(_ token: Int) {
        let extent = tape.extent(token)
        unsafe out.append(tape.bytes.base + Int(extent.start), Int(extent.count))
    }
}
