/// JSON inside texts.
extension MappingMachine {
    /// The text at a path of `JSONSteps` in the JSON that a text holds: a container as compact JSON, nothing where the
    /// path leads nowhere, to null or to an empty text, or where the text is no JSON.
    mutating func inJSON(_ path: Run32, _ text: Text) -> Text? {
        guard let (tokens, count) = indexed(text) else { return nil }
        let tape = JSONTape(
            bytes: parsed.view, tokens: tokens, matches: parsed.matchView, tokenCount: count,
            hasBackslash: true)
        guard tape.after(1) == Int(tape.matches[0]),
            let token = unsafe JSONSteps.follow(
                program.pool.pointer(at: Int(path.start)), Int(path.count), in: tape, from: 1)
        else { return nil }
        return kept(token, in: tape)
    }

    /// Where the marks of the JSON that a text holds stand, in `parsed`; several paths may lead into the same text.
    private mutating func indexed(_ text: Text) -> (view: TokenView, count: Int)? {
        if let known = parsedTokens, parsed.count == text.count + 2,
            unsafe equalBytes(parsed.view.base + 1, text.start, text.count)
        {
            return known
        }
        parsedTokens = nil
        // In brackets, so that a single value has a container as well.
        parsed.truncate(to: 0)
        parsed.append(0x5B)
        unsafe parsed.append(UnsafeBufferPointer(start: text.start, count: text.count))
        parsed.append(0x5D)
        guard case .indexed(let tokens, let count) = parsed.index(from: 0, count: parsed.count), count > 2,
            JSONText.firstFlaw(parsed.view, from: 0, to: parsed.count) == nil
        else { return nil }
        parsed.reserveMatches(count + 1)
        guard
            case .whole(let next, let isCompact) = parsed.check(tokens, count: count, from: 0, bytesFrom: 0),
            next == count
        else { return nil }
        if !isCompact { return indexed(compact(tokens, count)) }
        parsedTokens = (tokens, count)
        return parsedTokens
    }

    /// The JSON between the brackets, without the white space.
    private mutating func compact(_ tokens: TokenView, _ count: Int) -> Text {
        var compact: [UInt8] = []
        compact.reserveCapacity(parsed.count)
        for token in 1..<count - 1 {
            let start = Int(tokens[token])
            var end = Int(tokens[token + 1])
            while end > start + 1, JSONGrammar.isWhite(parsed.view[end - 1]) { end -= 1 }
            for index in start..<end { compact.append(parsed.view[index]) }
        }
        return keep(compact)
    }

    private mutating func kept(_ token: Int, in tape: JSONTape) -> Text? {
        guard tape.byte(token) != 0x6E else { return nil }
        let isText = tape.byte(token) == 0x22
        let content = isText ? tape.content(token) : tape.extent(token)
        guard content.count > 0 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(content.count))
        if isText {
            unsafe JSONText.unescape(tape.bytes(content), into: &bytes)
        } else {
            unsafe bytes.append(contentsOf: tape.bytes(content))
        }
        return keep(bytes)
    }

    /// A scalar's text after the functions, for what is looked up once and remembered.
    mutating func bytes(of token: Int, _ functions: Run32) -> [UInt8] {
        guard let text = text(of: token, functions) else { return [] }
        return unsafe [UInt8](UnsafeBufferPointer(start: text.start, count: text.count))
    }
}

/// A path of keys and element numbers as bytes, so that a program can hold it.
enum JSONSteps {
    /// Each step is a letter, four bytes of a length or a number, and a key's bytes.
    static func encoded(_ path: KeyPath) -> [UInt8] {
        var bytes: [UInt8] = []
        func append(_ letter: UInt8, _ number: Int) {
            bytes.append(letter)
            for shift in [0, 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: number >> shift)) }
        }
        for step in path.steps {
            switch step {
            case .key(let key):
                append(0x6B, key.count)
                bytes += key
            case .element(let number): append(0x65, number)
            case .object: preconditionFailure("an element known by what it holds is no step into JSON")
            }
        }
        return bytes
    }

    /// The token that such a path of `count` bytes leads to.
    static func follow(_ path: UnsafePointer<UInt8>, _ count: Int, in tape: JSONTape, from start: Int) -> Int?
    {
        var token = start
        var index = 0
        while index < count {
            let isKey = unsafe path[index] == 0x6B
            var number = 0
            for byte in 0..<4 { unsafe number |= Int(path[index + 1 + byte]) << (byte * 8) }
            index += 5
            if isKey {
                let key = unsafe UnsafeBufferPointer(start: path + index, count: number)
                guard let found = unsafe member(key, in: tape, of: token) else { return nil }
                token = found
                index += number
            } else {
                guard tape.byte(token) == 0x5B else { return nil }
                let close = Int(tape.matches[token])
                var element = token + 1
                while number > 0, element < close {
                    element = tape.after(element) + 1
                    number -= 1
                }
                guard element < close else { return nil }
                token = element
            }
        }
        return token
    }

    private static func member(_ key: UnsafeBufferPointer<UInt8>, in tape: JSONTape, of open: Int) -> Int? {
        guard tape.byte(open) == 0x7B, let wanted = key.baseAddress else { return nil }
        let close = Int(tape.matches[open])
        var token = open + 1
        while token < close {
            let name = tape.content(token)
            if unsafe Int(name.count) == key.count
                && equalBytes(tape.bytes.base + Int(name.start), wanted, key.count)
            {
                return token + 2
            }
            token = tape.after(token + 2) + 1
        }
        return nil
    }
}

extension MappingDocument.Test {
    /// Whether the value at `token` meets it; for what is asked of a record before its mapping is known.
    func holds(for token: Int, in tape: JSONTape) -> Bool {
        let byte = tape.byte(token)
        let isScalar = byte != 0x7B && byte != 0x5B
        func fits(_ scalar: OCSFSchema.Scalar) -> Bool {
            guard byte == 0x22 else { return false }
            let text = Array(tape.string(token).utf8)
            return scalar.fault(.string, text.span, 0..<text.count) == nil
        }
        switch self {
        case .present: return true
        case .object: return byte == 0x7B
        case .array: return byte == 0x5B
        case .text: return byte == 0x22
        case .number: return byte == 0x2D || byte &- 0x30 < 10
        case .ip: return fits(.ip)
        case .email: return fits(.email)
        case .arn: return isScalar && tape.string(token).hasPrefix("arn:")
        case .equals(let texts): return isScalar && texts.contains(tape.string(token))
        case .startsWith(let texts):
            return isScalar && texts.contains { tape.string(token).hasPrefix($0) }
        case .endsWith(let texts):
            return isScalar && texts.contains { tape.string(token).hasSuffix($0) }
        case .contains(let texts):
            return isScalar && texts.contains { tape.string(token).contains($0) }
        }
    }
}
