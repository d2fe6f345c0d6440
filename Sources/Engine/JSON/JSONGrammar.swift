/// The JSON grammar (RFC 8259), checked over simdjson's structural index.
///
/// Stage 1 proves UTF-8, pairs quotes and finds tokens; what may follow what is checked here, in one pass that also
/// stores where each container closes. Escapes are checked apart, over the window, because only strings that hold a
/// backslash need it (`JSONText.firstFlaw`).
enum JSONGrammar {
    /// Containers inside each other; deeper records are refused, so no later walk can run out of stack.
    static let depthMax = 128

    enum Verdict {
        /// The container is whole; the token after its closing bracket, and whether it holds no white space.
        case whole(next: Int, isCompact: Bool)
        /// The tokens ran out first.
        case incomplete
        /// Wrong at this byte offset.
        case broken(offset: Int, Reason)
    }

    enum Reason: Sendable {
        case keyExpected, colonExpected, valueExpected, commaExpected, badNumber, badLiteral, tooDeep

        var text: StaticString {
            switch self {
            case .keyExpected: "a quoted key or a closing brace is expected"
            case .colonExpected: "a colon is expected after the key"
            case .valueExpected: "a value is expected"
            case .commaExpected: "a comma or the closing bracket is expected"
            case .badNumber: "not a number as JSON writes it"
            case .badLiteral: "neither true, false nor null"
            case .tooDeep: "nested more than 128 deep"
            }
        }
    }

    /// Checks the container that opens at `start`.
    ///
    /// `tokens` can be read three past `count`, the first of them being the end of the bytes, where a zero byte
    /// stands; `matches` has room for `count` tokens.
    static func check(
        bytes: ByteView, tokens: TokenView, count: Int, matches: UnsafeMutablePointer<UInt32>,
        stack: UnsafeMutablePointer<UInt32>, from start: Int
    ) -> Verdict {
        var token = start
        var depth = 0
        var gap: UInt32 = 0
        var inObject = bytes[tokens[start]] == 0x7B

        containers: while true {
            if depth == depthMax { return .broken(offset: Int(tokens[token]), .tooDeep) }
            unsafe stack[depth] = UInt32(truncatingIfNeeded: token)
            depth += 1
            let first = tokens[token + 1]
            gap |= first &- tokens[token] &- 1
            var byte = bytes[first]
            token += 1
            var isClosing = byte == (inObject ? 0x7D : 0x5D)

            members: while true {
                if !isClosing {
                    if inObject {
                        guard byte == 0x22 else { return fail(.keyExpected, token, tokens, count) }
                        let colon = tokens[token + 1]
                        guard bytes[colon] == 0x3A else {
                            return fail(.colonExpected, token + 1, tokens, count)
                        }
                        gap |= UInt32(bytes[colon &- 1] ^ 0x22)
                        let value = tokens[token + 2]
                        gap |= value &- colon &- 1
                        token += 2
                        byte = bytes[value]
                    }
                    switch byte {
                    case 0x22:
                        gap |= UInt32(bytes[tokens[token + 1] &- 1] ^ 0x22)
                    case 0x7B:
                        if token >= count { return .incomplete }
                        inObject = true
                        continue containers
                    case 0x5B:
                        if token >= count { return .incomplete }
                        inObject = false
                        continue containers
                    case 0x2D, 0x30...0x39, 0x74, 0x66, 0x6E:
                        let end = scalarEnd(bytes, Int(tokens[token]))
                        let next = Int(tokens[token + 1])
                        if end != next, !(end > 0 && end < next && isWhite(bytes[end])) {
                            if token + 1 >= count { return .incomplete }
                            let reason: Reason = byte == 0x2D || byte < 0x3A ? .badNumber : .badLiteral
                            return fail(reason, token, tokens, count)
                        }
                        gap |= UInt32(truncatingIfNeeded: next &- end)
                    default:
                        return fail(.valueExpected, token, tokens, count)
                    }
                    token += 1
                }

                // After a value, or at the bracket that closes an empty container.
                while true {
                    let position = tokens[token]
                    byte = bytes[position]
                    if byte == 0x2C {
                        let next = tokens[token + 1]
                        gap |= next &- position &- 1
                        token += 1
                        byte = bytes[next]
                        isClosing = false
                        continue members
                    }
                    guard byte == (inObject ? 0x7D : 0x5D) else {
                        return fail(.commaExpected, token, tokens, count)
                    }
                    depth -= 1
                    unsafe matches[Int(stack[depth])] = UInt32(truncatingIfNeeded: token)
                    token += 1
                    if depth == 0 { return .whole(next: token, isCompact: gap == 0) }
                    gap |= tokens[token] &- position &- 1
                    inObject = unsafe bytes[tokens[stack[depth - 1]]] == 0x7B
                }
            }
        }
    }

    /// A fault at or after the last token is only the end of what there is.
    private static func fail(_ reason: Reason, _ token: Int, _ tokens: TokenView, _ count: Int) -> Verdict {
        token >= count ? .incomplete : .broken(offset: Int(tokens[token]), reason)
    }

    @inline(__always) static func isWhite(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }

    /// One past the number or literal at `start`, or 0 where it is neither.
    @inline(__always) static func scalarEnd(_ bytes: ByteView, _ start: Int) -> Int {
        switch bytes[start] {
        case 0x74: return bytes.word32(start) == 0x6575_7274 ? start + 4 : 0
        case 0x6E: return bytes.word32(start) == 0x6C6C_756E ? start + 4 : 0
        case 0x66: return bytes.word32(start) == 0x736C_6166 && bytes[start + 4] == 0x65 ? start + 5 : 0
        default: return numberEnd(bytes, start)
        }
    }

    @inline(__always) private static func digitsEnd(_ bytes: ByteView, _ start: Int) -> Int {
        var index = start
        while bytes[index] &- 0x30 < 10 { index += 1 }
        return index
    }

    private static func numberEnd(_ bytes: ByteView, _ start: Int) -> Int {
        var index = start
        if bytes[index] == 0x2D { index += 1 }
        if bytes[index] == 0x30 {
            index += 1
        } else {
            let end = digitsEnd(bytes, index)
            if end == index { return 0 }
            index = end
        }
        if bytes[index] == 0x2E {
            let end = digitsEnd(bytes, index + 1)
            if end == index + 1 { return 0 }
            index = end
        }
        if bytes[index] | 0x20 == 0x65 {
            index += 1
            if bytes[index] == 0x2B || bytes[index] == 0x2D { index += 1 }
            let end = digitsEnd(bytes, index)
            if end == index { return 0 }
            index = end
        }
        return index
    }
}
