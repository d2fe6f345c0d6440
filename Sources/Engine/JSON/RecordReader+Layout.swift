/// Reading a window: what stands between records, and each record's check.
extension RecordReader {
    /// Reads on in the window until its tokens, or the run, are at an end.
    func readWindow() {
        guard var window else { return }
        sourceStart = window.start
        let bytes = unsafe ByteView(main.bytes + window.start)
        defer { self.window = window }
        if records.isEmpty {
            tape = JSONTape(
                bytes: bytes, tokens: window.tokens, matches: main.matchView, tokenCount: window.count,
                hasBackslash: window.hasBackslash)
        }
        while window.token < window.count {
            if isRunFull { return }
            let offset = Int(window.tokens[window.token])
            let byte = bytes[offset]
            switch mode {
            case .top:
                let isLast = window.start + offset + 1 == window.end
                if byte == 0x5B, isLast, !window.isClosed {
                    return stop(at: window.start + offset, in: &window)
                }
                if byte == 0x5B, isLast || !Self.isWord(bytes[offset + 1]) {
                    mode = .elements(isWrapped: false, expecting: .first)
                    window.token += 1
                } else if byte == 0x7B, layouts.areEvents {
                    guard readRecord(&window, bytes) else { return }
                } else if byte == 0x7B {
                    switch wrapper(at: window.token, in: window, bytes) {
                    case .none:
                        guard readRecord(&window, bytes) else { return }
                    case .array(let array):
                        mode = .elements(isWrapped: true, expecting: .first)
                        window.token = array + 1
                    case .undecided:
                        return stop(at: window.start + offset, in: &window)
                    }
                } else {
                    // A line of text: its quotes mean nothing, so neither does the index from here on.
                    window.isDrained = true
                    cursor = window.start + offset
                    needed = 0
                    windowLimit = max(windowLimit / 2, Self.windowBytesMin)
                    return
                }
            case .elements(let isWrapped, let expecting):
                switch (expecting, byte) {
                case (.first, 0x5D), (.separator, 0x5D):
                    mode = isWrapped ? .tail : .top
                    window.token += 1
                case (.separator, 0x2C):
                    mode = .elements(isWrapped: isWrapped, expecting: .value)
                    window.token += 1
                case (.separator, _):
                    refuse(
                        from: window.start + offset, to: window.start + offset,
                        "a comma or the closing bracket is expected between records")
                    mode = .elements(isWrapped: isWrapped, expecting: .value)
                case (.first, 0x7B), (.value, 0x7B):
                    guard readRecord(&window, bytes) else { return }
                default:
                    guard readNonRecord(&window, bytes, isWrapped: isWrapped) else { return }
                }
            case .tail:
                guard readTail(&window, bytes, byte) else { return }
            }
        }
        let rest = window.end
        stop(at: rest, in: &window)
    }

    /// Reads the record that begins at the window's token; `false` ends the run.
    private func readRecord(_ window: inout Window, _ bytes: ByteView) -> Bool {
        let open = window.token
        let start = Int(window.tokens[open])
        let verdict = main.check(
            window.tokens, count: window.count, from: open, bytesFrom: window.start)
        switch verdict {
        case .incomplete:
            stop(at: window.start + start, in: &window)
            return false
        case .broken(let offset, let reason):
            return skipBroken(
                &window, bytes, at: start, "\(reason.text) at byte \(offset - start) of the record")
        case .whole(let next, let isCompact):
            let end = Int(window.tokens[next - 1]) + 1
            let source = Extent(start: start, count: end - start)
            if !poison.isEmpty, let reason = poisonReason(window.start + start, window.start + end) {
                refuse(from: window.start + start, to: window.start + end, reason)
            } else if end - start > Self.recordBytesMax {
                refuse(
                    from: window.start + start, to: window.start + end,
                    "the record is larger than \(Self.recordBytesMax >> 20) MiB")
            } else {
                tape = JSONTape(
                    bytes: bytes, tokens: window.tokens, matches: main.matchView, tokenCount: window.count,
                    hasBackslash: window.hasBackslash)
                let carried = layouts.areEvents ? .record : carried(by: open, bytes, window.tokens)
                if case .record = carried, isCompact {
                    if !rewritten.isEmpty { return false }
                    records.append(
                        RawRecord(open: open, extent: source, source: source, ordinal: ordinal))
                    ordinal += 1
                } else {
                    if !records.isEmpty { return false }
                    rewrite(carried, at: open, source: source)
                }
            }
            advance(&window, to: next)
            return true
        }
    }

    private func advance(_ window: inout Window, to token: Int) {
        window.token = token
        if case .elements(let isWrapped, _) = mode {
            mode = .elements(isWrapped: isWrapped, expecting: .separator)
        }
    }

    /// An element that is no object is refused, and read past.
    private func readNonRecord(_ window: inout Window, _ bytes: ByteView, isWrapped: Bool) -> Bool {
        let start = Int(window.tokens[window.token])
        let verdict = main.checkValue(
            window.tokens, count: window.count, at: window.token, bytesFrom: window.start)
        switch verdict {
        case .incomplete:
            stop(at: window.start + start, in: &window)
            return false
        case .broken:
            return skipBroken(&window, bytes, at: start, "a record is expected here")
        case .whole(let next, _):
            var end = Int(window.tokens[next])
            while end > start + 1, JSONGrammar.isWhite(bytes[end - 1]) { end -= 1 }
            refuse(from: window.start + start, to: window.start + end, "a record must be a JSON object")
            advance(&window, to: next)
            return true
        }
    }

    /// Reads one more member of the wrapping object, or its end.
    private func readTail(_ window: inout Window, _ bytes: ByteView, _ byte: UInt8) -> Bool {
        let token = window.token
        let start = Int(window.tokens[token])
        if byte == 0x7D {
            mode = .top
            window.token += 1
            return true
        }
        if byte == 0x2C {
            if token + 3 >= window.count {
                stop(at: window.start + start, in: &window)
                return false
            }
            if bytes[window.tokens[token + 1]] == 0x22, bytes[window.tokens[token + 2]] == 0x3A {
                if bytes[window.tokens[token + 3]] == 0x5B,
                    isDeclaredArray(stringContent(token + 1, window.tokens, bytes), bytes)
                {
                    mode = .elements(isWrapped: true, expecting: .first)
                    window.token = token + 4
                    return true
                }
                let verdict = main.checkValue(
                    window.tokens, count: window.count, at: token + 3, bytesFrom: window.start)
                switch verdict {
                case .whole(let next, _):
                    if next < window.count {
                        window.token = next
                        return true
                    }
                    stop(at: window.start + start, in: &window)
                    return false
                case .incomplete:
                    stop(at: window.start + start, in: &window)
                    return false
                case .broken: break
                }
            }
        }
        return skipBroken(&window, bytes, at: start, "the object around the records is broken behind them")
    }

    /// Refuses the broken record that begins at `start` and goes on where the next can begin.
    ///
    /// In an array that is behind the bracket that balances. Elsewhere it is the next line, or the next line that begins
    /// an object where the broken one is pretty-printed; the window ends with it, since a quote too many has turned the
    /// index inside out from there on.
    private func skipBroken(_ window: inout Window, _ bytes: ByteView, at start: Int, _ reason: String)
        -> Bool
    {
        let length = window.end - window.start
        var isInArray = false
        if case .elements = mode { isInArray = true }
        var boundary: Int?
        if !isInArray {
            boundary = lineBoundary(bytes, from: start, to: length)
        } else if let next = balanced(window.tokens, window.count, bytes, from: window.token) {
            boundary = max(start + 1, Int(window.tokens[next - 1]) + 1)
        }
        if boundary == nil, !window.isClosed {
            stop(at: window.start + start, in: &window)
            return false
        }
        let end = boundary ?? length
        refuse(from: window.start + start, to: window.start + end, reason)
        if isInArray, boundary != nil {
            var token = window.token
            while token < window.count, Int(window.tokens[token]) < end { token += 1 }
            advance(&window, to: token)
            return true
        }
        window.isDrained = true
        cursor = window.start + end
        needed = 0
        if isInArray {
            endCut(of: window)
        } else {
            mode = .top
            windowLimit = max(windowLimit / 2, Self.windowBytesMin)
        }
        return false
    }

    /// Where the line, or the pretty-printed object, that begins at `start` ends.
    private func lineBoundary(_ bytes: ByteView, from start: Int, to end: Int) -> Int? {
        // Of a line end that had to be replaced the original counts.
        let bytes = unsafe originals.pointer(at: sourceStart).map { unsafe ByteView($0) } ?? bytes
        let after = start + 1 < end ? bytes[start + 1] : 0
        let isPretty = bytes[start] == 0x7B && (after == 0x0A || after == 0x0D)
        var index = start
        while index < end {
            if bytes[index] == 0x0A {
                if !isPretty { return index }
                if index + 1 < end, bytes[index + 1] == 0x7B || bytes[index + 1] == 0x5B { return index }
            }
            index += 1
        }
        return nil
    }

    /// The token after the bracket that balances the one at `token`; the next token where that is no bracket.
    func balanced(_ tokens: TokenView, _ count: Int, _ bytes: ByteView, from token: Int) -> Int? {
        var depth = 0
        var index = token
        while index < count {
            switch bytes[tokens[index]] {
            case 0x7B, 0x5B: depth += 1
            case 0x7D, 0x5D: depth -= 1
            default: break
            }
            index += 1
            if depth <= 0 { return index }
        }
        return nil
    }

    func refuse(from start: Int, to end: Int, _ reason: String) {
        let kept = min(end - start, Self.recordBytesMax)
        let raw = originalBytes(from: start, to: start + kept)
        refusals.append(Refusal(ordinal: ordinal, line: line(at: start), reason: reason, raw: raw))
        refusedBytes += kept + 256
        ordinal += 1
    }
}
