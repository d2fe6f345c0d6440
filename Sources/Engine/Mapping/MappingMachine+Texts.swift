/// Conditions, and texts with their functions.
extension MappingMachine {
    // MARK: Conditions

    @inline(__always) mutating func holds(_ conditions: Run32) -> Bool {
        if conditions.count == 0 { return true }
        for index in conditions.indices where !holds(program.conditions[index]) { return false }
        return true
    }

    mutating func holds(_ condition: MappingProgram.Condition) -> Bool {
        guard let token = value(condition.reference) else { return condition.isNegated }
        if condition.texts.count == 0 { return test(condition.test, token) != condition.isNegated }
        guard !tape.isContainer(token) else { return condition.isNegated }
        if condition.test == .equals { return equals(condition, token) != condition.isNegated }
        let text = plain(token)
        var isFound = false
        for index in condition.texts.indices where !isFound {
            let wanted = program.texts[index]
            let length = Int(wanted.count)
            let bytes = unsafe program.pool.pointer(at: Int(wanted.start))
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

    /// Whether a scalar's text is one of a condition's.
    @inline(__always)
    private mutating func equals(_ condition: MappingProgram.Condition, _ token: Int) -> Bool {
        let content = tape.byte(token) == 0x22 ? tape.content(token) : tape.extent(token)
        for index in condition.texts.indices {
            let wanted = program.texts[index]
            // A text with escapes is longer as it is written; one without is as long.
            if content.count < UInt32(truncatingIfNeeded: wanted.count) { continue }
            if content.count == UInt32(truncatingIfNeeded: wanted.count),
                unsafe equalBytes(
                    tape.bytes.base + Int(content.start), program.pool.pointer(at: Int(wanted.start)),
                    Int(wanted.count)),
                !tape.hasBackslash || !tape.bytes.hasBackslash(Int(content.start), Int(content.count))
            {
                return true
            }
            if tape.hasBackslash, content.count > UInt32(truncatingIfNeeded: wanted.count),
                tape.bytes.hasBackslash(Int(content.start), Int(content.count))
            {
                let text = plain(token)
                let length = Int(wanted.count)
                if unsafe text.count == length
                    && equalBytes(text.start, program.pool.pointer(at: Int(wanted.start)), length)
                {
                    return true
                }
            }
        }
        return false
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

    func fits(_ scalar: OCSFSchema.Scalar, _ content: Extent) -> Bool {
        let buffer = unsafe tape.bytes(content)
        return unsafe fits(scalar, unsafe buffer)
    }

    func fits(_ scalar: OCSFSchema.Scalar, _ buffer: UnsafeBufferPointer<UInt8>) -> Bool {
        if scalar.isAnyString { return true }
        let span = unsafe Span(_unsafeElements: buffer)
        return scalar.fault(.string, span, 0..<span.count) == nil
    }

    // MARK: Texts

    /// Texts from so many bytes to so many are remembered without their escapes.
    private static let remembered = 128...65_536

    /// A scalar's text as it is meant: unescaped if it has to be.
    mutating func plain(_ token: Int) -> Text {
        guard tape.byte(token) == 0x22 else {
            let extent = tape.extent(token)
            return unsafe Text(
                start: tape.bytes.base + Int(extent.start), count: Int(extent.count), isEscaped: true)
        }
        if token == unescapedToken {
            return unsafe Text(
                start: UnsafePointer(unescaped.base), count: unescaped.count, isEscaped: false)
        }
        let content = tape.content(token)
        let start = unsafe tape.bytes.base + Int(content.start)
        guard tape.hasBackslash, tape.bytes.hasBackslash(Int(content.start), Int(content.count)) else {
            return unsafe Text(start: start, count: Int(content.count), isEscaped: true)
        }
        var decoded: [UInt8] = []
        unsafe JSONText.unescape(tape.bytes(content), into: &decoded)
        guard Self.remembered.contains(decoded.count) else { return keep(decoded) }
        unescaped.count = 0
        unsafe decoded.withUnsafeBufferPointer { unsafe unescaped.append(copying: $0.baseAddress!, $0.count) }
        unescapedToken = token
        return unsafe Text(start: UnsafePointer(unescaped.base), count: unescaped.count, isEscaped: false)
    }

    /// Keeps bytes made for one attribute. Up to 64 KiB are held on to; what was kept before stays where it is.
    mutating func keep(_ bytes: [UInt8]) -> Text {
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
        let mark = unsafe program.pool.pointer(at: Int(function.text.start))
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
        case .inJSON: return inJSON(function.text, text)
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
        guard length > 0 else { return nil }
        let first = unsafe UInt64(mark[0]) &* 0x0101_0101_0101_0101
        var index = 0
        // Eight bytes at a time where the mark's first byte is not: a long text is looked through often.
        while index &+ 8 <= text.count, index &+ length <= text.count {
            let word = unsafe UnsafeRawPointer(text.start + index).loadUnaligned(as: UInt64.self) ^ first
            let hits = (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
            guard hits != 0 else {
                index &+= 8
                continue
            }
            index &+= hits.trailingZeroBitCount >> 3
            guard index &+ length <= text.count else { return nil }
            if unsafe equalBytes(text.start + index, mark, length) { return index }
            index &+= 1
        }
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
}

extension OCSFSchema.Scalar {
    /// Whether any text is one.
    var isAnyString: Bool {
        switch self {
        case .string, .username, .resourceUID, .url, .fileHash, .fileName, .filePath, .processName,
            .byteString:
            true
        default: false
        }
    }
}
