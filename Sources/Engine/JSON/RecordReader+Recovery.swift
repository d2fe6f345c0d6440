/// What happens to bytes that are not JSON: isolated, so that only the record that holds them is refused.
extension RecordReader {
    /// Indexes `main[cursor..<end]` as a window, mending what would spoil the index for every record in it.
    ///
    /// A byte that is not UTF-8 becomes `?`, a control character in a string a space, and both are marked: the record
    /// that holds one is refused, with its bytes as they came. A string that runs over the end of a line behind which an
    /// object begins ends the window there. Half a surrogate pair becomes U+FFFD, and the record is read. All of it holds
    /// for this window only, which begins between records, so that what is made of a record is the same however the
    /// bytes arrived. `false` if nothing was left to read, or the window was refused as a whole.
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
                    putBackOriginals()
                    beginSkipping("the record has more than \(Self.recordTokensMax) values and marks")
                    return false
                }
                main.reserveMatches(count + 1)
                window = Window(
                    start: start, end: end, reach: reach, tokens: tokens, count: count,
                    hasBackslash: markEscapes(from: start, to: end),
                    isClosed: isCut || (isFinished && end == main.count), isCut: isCut, behind: behind)
                return true
            case .nothing:
                restore()
                putBackOriginals()
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
                return giveUp(from: start, to: end)
            }
        }
        return giveUp(from: start, to: end)
    }

    private func giveUp(from start: Int, to end: Int) -> Bool {
        refuse(from: start, to: end, "the text cannot be indexed")
        putBackOriginals()
        cursor = end
        return false
    }

    /// Marks bad escapes and replaces halves of surrogate pairs; answers whether there is a backslash at all.
    private func markEscapes(from start: Int, to end: Int) -> Bool {
        let view = main.view
        guard JSONText.firstBackslash(unsafe ByteView(main.bytes + start), end - start) != nil else {
            return false
        }
        var index = start
        while let flaw = JSONText.firstFlaw(view, from: index, to: end) {
            if flaw.isHalf {
                keepOriginals(from: start, to: end)
                JSONText.replaceHalf(main, at: flaw.offset)
                index = flaw.offset + JSONText.numberedEscapeBytes
            } else {
                mark(flaw.offset)
                index = flaw.offset + 1
            }
        }
        return true
    }

    /// Replaces what is not UTF-8 and control characters in strings; the end of a line that cannot be right, if the
    /// window has to end there.
    private func mend(from start: Int, to end: Int) -> (end: Int, isClosed: Bool)? {
        let view = main.view
        keepOriginals(from: start, to: end)
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
            } else if byte == 0x5C, index + 1 < end, view[index + 1] >= 0x20 {
                // To the index a backslash takes the next character's meaning away wherever it stands.
                index += 1
            } else if isInString, byte < 0x20 {
                if byte == 0x0A {
                    // Whether an object begins behind it may not be known yet.
                    if index + 1 == main.count, !isFinished { return (index, false) }
                    if index + 1 < main.count, view[index + 1] == 0x7B { return (index, true) }
                }
                mark(index)
                unsafe main.bytes[index] = 0x20
            }
            index += 1
        }
        return nil
    }

    /// Goes on behind a window that ended in the middle of something: in an array behind a cut the next element begins.
    func endCut(of window: Window) {
        if window.isCut, case .elements(let isWrapped, _) = mode {
            mode = .elements(isWrapped: isWrapped, expecting: .value)
        } else {
            mode = .top
        }
    }

    // MARK: Originals

    /// Holds the window's bytes as they are, before the first of them is replaced.
    private func keepOriginals(from start: Int, to end: Int) {
        guard originals.isEmpty else { return }
        unsafe originals.hold(main.bytes + start, from: start, count: end - start)
    }

    /// Undoes all replacements and marks.
    func putBackOriginals() {
        poison.removeAll(keepingCapacity: true)
        guard let held = unsafe originals.part(from: 0, to: main.count) else { return }
        unsafe main.overwrite(at: held.start, with: held.bytes)
        originals.removeAll()
    }

    /// The bytes of `main` as they came.
    func originalBytes(from start: Int, to end: Int) -> [UInt8] {
        var raw = unsafe [UInt8](UnsafeBufferPointer(start: main.bytes + start, count: end - start))
        if let held = unsafe originals.part(from: start, to: end) {
            let first = unsafe held.start - start
            unsafe raw.replaceSubrange(first..<first + held.bytes.count, with: held.bytes)
        }
        return raw
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
