/// Values as an attribute's type asks for them.
extension MappingMachine {
    /// Writes the value at `token` as the attribute's type asks.
    mutating func written(
        _ token: Int, _ expression: Int, _ op: Int
    ) -> Written {
        let byte = tape.byte(token)
        if byte == 0x6E { return .not }
        if program.expressions[expression].functions.count > 0 { return writtenTaken(token, expression, op) }
        let scalar = program.ops[op].scalar
        switch scalar {
        case .json:
            if tape.isContainer(token), !UniqueKeys.hold(in: tape, from: token) { return .not }
            copy(token)
            return .whole
        case .boolean: return writtenBoolean(token)
        case .integer, .long, .port, .float: return writtenNumber(token, scalar)
        case .timestamp:
            guard let (time, isWhole) = timestamp(token, program.expressions[expression].readAs) else {
                return .not
            }
            out.append(decimal: time.milliseconds)
            return isWhole ? .whole : .part
        case .datetime
        where byte != 0x22
            || program.expressions[expression].readAs.rawValue > MappingDocument.ReadAs.Code.time.rawValue:
            guard let (time, isWhole) = timestamp(token, program.expressions[expression].readAs) else {
                return .not
            }
            writeISO8601(time)
            return isWhole ? .whole : .part
        default:
            if byte == 0x22 {
                let content = tape.content(token)
                let isZulu =
                    scalar == .datetime && content.count == ZuluTime.length
                    && ZuluTime.isOne(tape.bytes, at: Int(content.start))
                guard isZulu || fits(scalar, content) else { return .not }
                copy(token)
                return .whole
            }
            guard byte != 0x7B, byte != 0x5B, fits(scalar, tape.extent(token)) else { return .not }
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
        if isQuoted, content.count == ZuluTime.length, readAs == .natural || readAs == .time,
            let time = ZuluTime.read(tape.bytes, at: Int(content.start))
        {
            return (time, true)
        }
        return timestamp(in: unsafe Span(_unsafeElements: tape.bytes(content)), isText: isQuoted, readAs)
    }

    /// The same of a text that functions made.
    func timestamp(_ text: Text, _ readAs: MappingDocument.ReadAs.Code) -> Timestamp? {
        let buffer = unsafe UnsafeBufferPointer(start: text.start, count: text.count)
        return timestamp(in: unsafe Span(_unsafeElements: buffer), isText: true, readAs)?.0
    }

    private func timestamp(
        in span: Span<UInt8>, isText: Bool, _ readAs: MappingDocument.ReadAs.Code
    ) -> (Timestamp, isWhole: Bool)? {
        if isText, readAs == .natural || readAs == .time, let time = Timestamp(iso8601: span) {
            let last = span[span.count - 1]
            return (time, last == 0x5A && (span.count == 20 || span.count == 24))
        }
        if readAs == .seconds, let time = fractionalSeconds(in: span) { return time }
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

    /// Seconds with up to nine digits behind a point, as Snowflake, Slack and the file systems' times are written.
    private func fractionalSeconds(in span: Span<UInt8>) -> (Timestamp, isWhole: Bool)? {
        var point = 0
        while point < span.count, span[point] != 0x2E { point += 1 }
        let digits = span.count - point - 1
        guard (1...9).contains(digits), span[0] != 0x2D, let seconds = decimal(in: span, 0..<point),
            var fraction = decimal(in: span, point + 1..<span.count), fraction >= 0
        else { return nil }
        for _ in digits..<9 { fraction *= 10 }
        return (Timestamp(seconds: seconds) + .nanoseconds(fraction), digits <= 3)
    }

    /// Writes a value after functions.
    private mutating func writtenTaken(
        _ token: Int, _ expression: Int, _ op: Int
    ) -> Written {
        let functions = program.expressions[expression].functions
        let scalar = program.ops[op].scalar
        let last = program.functions[functions.indices.upperBound - 1]
        if last.code == .json, functions.count == 1 {
            let extent = tape.extent(token)
            out.append(0x22)
            unsafe out.append(escaping: tape.bytes.base + Int(extent.start), Int(extent.count))
            out.append(0x22)
            return .whole
        }
        guard let text = text(of: token, functions), text.count > 0 else { return .not }
        if last.code == .parsedJSON { return writtenParsed(text) ? .part : .not }
        let buffer = unsafe UnsafeBufferPointer(start: text.start, count: text.count)
        switch scalar {
        case .boolean: return .not
        case .timestamp:
            guard let time = timestamp(text, program.expressions[expression].readAs) else { return .not }
            out.append(decimal: time.milliseconds)
        case .integer, .long, .port, .float:
            let span = unsafe Span(_unsafeElements: buffer)
            guard scalar.fault(.integer, span, 0..<span.count) == nil,
                let value = decimal(in: span, 0..<span.count)
            else { return .not }
            out.append(decimal: value)
        default:
            guard unsafe fits(scalar, buffer) else { return .not }
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
        parsedTokens = nil
        parsed.truncate(to: 0)
        unsafe parsed.append(UnsafeBufferPointer(start: text.start, count: text.count))
        guard case .indexed(let tokens, let count) = parsed.index(from: 0, count: parsed.count), count > 1,
            JSONText.firstFlaw(parsed.view, from: 0, to: parsed.count) == nil
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
