/// What happens to bytes that are not JSON: isolated, so that only the record that holds them is refused.
extension RecordReader {
    /// Indexes `main[cursor..<end]` as a window, mending what would spoil the index for every record in it.
    ///
    /// A byte that is not UTF-8 becomes `?`, a control character in a string a space, and both are marked: the record
    /// that holds one is refused. A string that runs over the end of a line behind which an object begins ends the
    /// window there. `false` if nothing was left to read, or the window was refused as a whole.
    func indexWindow(to wanted: Int, reach: Int) -> Bool {
        let start = cursor
        var (end, reach) = (wanted, reach)
        var isCut = false
        main.reserve(4)
        // Mending takes two passes at most, closing a string two more: a fifth attempt means a broken invariant.
        for _ in 0..<8 {
            let behind = unsafe (main.bytes[end], main.bytes[end + 1], main.bytes[end + 2])
            unsafe main.bytes[end] = 0
            unsafe main.bytes[end + 1] = 0
            var outcome = main.index(from: start, count: end - start)
            if case .unclosed = outcome {
                unsafe main.bytes[end] = 0x22
                outcome = main.index(from: start, count: end + 1 - start)
                if case .unclosed = outcome {
                    unsafe main.bytes[end + 1] = 0x22
                    unsafe main.bytes[end + 2] = 0
                    outcome = main.index(from: start, count: end + 2 - start)
                }
            }
            func restore() {
                unsafe main.bytes[end] = behind.0
                unsafe main.bytes[end + 1] = behind.1
                unsafe main.bytes[end + 2] = behind.2
            }
            switch outcome {
            case .indexed(let tokens, let count):
                if count > Self.recordTokensMax {
                    restore()
                    beginSkipping("the record has more than \(Self.recordTokensMax) values and marks")
                    return false
                }
                main.reserveMatches(count + 1)
                let view = unsafe ByteView(main.bytes + start)
                window = Window(
                    start: start, end: end, reach: reach, tokens: tokens, count: count,
                    hasBackslash: markEscapes(view, start, end - start),
                    isClosed: isCut || (isFinished && end == main.count), behind: behind)
                return true
            case .nothing:
                restore()
                cursor = end
                return false
            case .badUTF8, .badControl:
                restore()
                if let cut = mend(from: start, to: end) {
                    (end, reach) = (cut.end, cut.end)
                    isCut = cut.isClosed
                    windowLimit = max(windowLimit / 2, Self.windowBytesMin)
                }
            case .unclosed, .failed:
                restore()
                refuse(from: start, to: end, "the text cannot be indexed")
                cursor = end
                return false
            }
        }
        refuse(from: start, to: end, "the text cannot be indexed")
        cursor = end
        return false
    }

    /// Marks bad escapes; answers whether there is a backslash at all.
    private func markEscapes(_ view: ByteView, _ start: Int, _ count: Int) -> Bool {
        guard let first = JSONText.firstBackslash(view, count) else { return false }
        var index = first
        while let bad = JSONText.firstBadEscape(view, from: index, to: count) {
            mark(start + bad)
            index = bad + 1
            // What follows the bad backslash may be a backslash of its own, or a quote it would have escaped.
            if view[index] == 0x5C || view[index] == 0x22 { index += 1 }
        }
        return true
    }

    /// Replaces what is not UTF-8 and control characters in strings; the end of a line that cannot be right, if the
    /// window has to end there.
    private func mend(from start: Int, to end: Int) -> (end: Int, isClosed: Bool)? {
        let view = main.view
        var index = start
        while let bad = JSONText.firstBadUTF8(view, from: index, to: end) {
            mark(bad)
            unsafe main.bytes[bad] = 0x3F
            index = bad + 1
        }
        var isInString = false
        index = start
        while index < end {
            let byte = view[index]
            if byte == 0x22 {
                isInString.toggle()
            } else if isInString, byte == 0x5C, index + 1 < end, view[index + 1] >= 0x20 {
                index += 1
            } else if isInString, byte < 0x20 {
                if byte == 0x0A, mode == .top, index > start {
                    // Whether an object begins behind it may not be known yet.
                    if index + 1 == main.count, !isFinished { return (index, false) }
                    if index + 1 == main.count || view[index + 1] == 0x7B { return (index, true) }
                }
                mark(index)
                unsafe main.bytes[index] = 0x20
            }
            index += 1
        }
        return nil
    }

    // MARK: Marks

    private func mark(_ offset: Int) {
        let word = offset / 64
        if poison.count <= word {
            poison.append(contentsOf: [UInt64](repeating: 0, count: word + 1 - poison.count))
        }
        poison[word] |= 1 << UInt64(offset % 64)
    }

    private func firstMark(_ start: Int, _ end: Int) -> Int? {
        var word = start / 64
        while word * 64 < end, word < poison.count {
            var bits = poison[word]
            if word == start / 64 { bits &= ~0 << UInt64(start % 64) }
            if bits != 0 {
                let offset = word * 64 + bits.trailingZeroBitCount
                return offset < end ? offset : nil
            }
            word += 1
        }
        return nil
    }

    /// Why the record at these bytes of `main` is to be refused, if it holds a mark.
    func poisonReason(_ start: Int, _ end: Int) -> String? {
        guard let offset = firstMark(start, end) else { return nil }
        let what =
            switch main.view[offset] {
            case 0x5C: "not a JSON escape"
            case 0x20: "a raw control character in a string"
            default: "not UTF-8"
            }
        return "\(what) at byte \(offset - start) of the record"
    }

    func shiftPoison(by count: Int) {
        let old = poison
        poison = []
        for (word, bits) in old.enumerated() where bits != 0 {
            for bit in 0..<64 where bits >> UInt64(bit) & 1 == 1 && word * 64 + bit >= count {
                mark(word * 64 + bit - count)
            }
        }
    }

    // MARK: Records too large to hold

    /// How far the scan for the end of a record that is not kept has come.
    struct Skipping {
        var depth = 0
        var isInString = false
        var isEscaped = false
        /// Whether the record is a line of text rather than an object.
        var isLine = false
    }

    /// Refuses the record at `cursor` and reads on to its end without keeping it.
    func beginSkipping(_ reason: String, isLine: Bool = false) {
        refuse(from: cursor, to: min(main.count, cursor + Self.oversizeRawBytes), reason)
        skipping = Skipping(isLine: isLine)
        needed = 0
    }

    /// Goes on skipping; `true` once the record's end is found.
    func skip() -> Bool {
        guard var state = skipping else { return true }
        let view = main.view
        while cursor < main.count {
            let byte = view[cursor]
            if byte == 0x0A, mode == .top {
                if cursor + 1 == main.count, !isFinished { break }
                if state.isLine || cursor + 1 == main.count || view[cursor + 1] == 0x7B {
                    return endSkipping()
                }
            }
            cursor += 1
            if state.isLine { continue }
            if state.isEscaped {
                state.isEscaped = false
            } else if state.isInString {
                if byte == 0x5C { state.isEscaped = true } else if byte == 0x22 { state.isInString = false }
            } else {
                switch byte {
                case 0x22: state.isInString = true
                case 0x7B, 0x5B: state.depth += 1
                case 0x7D, 0x5D:
                    state.depth -= 1
                    if state.depth <= 0 { return endSkipping() }
                default: break
                }
            }
        }
        skipping = state
        if cursor == main.count, isFinished {
            // What was cut off has been refused already.
            skipping = nil
            mode = .top
        }
        return false
    }

    private func endSkipping() -> Bool {
        skipping = nil
        if case .elements(let isWrapped, _) = mode {
            mode = .elements(isWrapped: isWrapped, expecting: .separator)
        }
        return true
    }
}
