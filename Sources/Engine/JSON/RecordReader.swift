import CJSON

/// Cuts one object's bytes (a file, a page, a message) into records, whatever layout they come in.
///
/// Fed with pieces of any size, cut anywhere; holds at most one window and what is left of the record it cut. Layouts
/// are told by content: a JSON array; objects after each other, on lines or pretty-printed; an object that wraps an
/// array (`Records`, `value`, `events`, `items`, `entries`, `logEvents`, …); CloudWatch Logs, EventBridge and
/// LookupEvents wrappings; syslog lines that carry JSON, CEF or LEEF. A feed's mapping may name further arrays, and tables
/// of text (`RecordLayouts`).
///
/// ```
/// reader.begin()
/// while let piece = next() { reader.feed(piece); while reader.advance() { use(reader.tape, reader.records) } }
/// reader.finish(); while reader.advance() { use(reader.tape, reader.records) }
/// ```
///
/// Every record comes out once, in order, as a `RawRecord` or as a `Refusal`; a broken record takes no sound one with
/// it as long as its end can be told (the next line, or its closing bracket).
@safe package final class RecordReader {
    /// Bytes that are indexed at once.
    package static let windowBytes = 1 << 20
    /// The least a window shrinks to where the data is so broken that windows are indexed again and again.
    static let windowBytesMin = 1 << 14
    /// How far back from a window's end a better place for it is looked for.
    static let cutBytesMax = 1 << 13
    /// A larger record is refused.
    package static let recordBytesMax = 16 << 20
    /// A record with more structural characters and values is refused, so that its index stays small.
    package static let recordTokensMax = 4 << 20
    /// How much of a record too large to hold a refusal keeps.
    static let oversizeRawBytes = 64 << 10
    /// A run ends when it holds so many refusals, or so many bytes of refused records.
    static let runRefusalsMax = 1_024
    static let runRefusedBytesMax = 8 << 20

    /// The records of the current run, all of them in `tape`.
    package internal(set) var records: [RawRecord] = []
    /// What was refused in the current run.
    package internal(set) var refusals: [Refusal] = []
    package internal(set) var tape: JSONTape

    /// What stands between the records.
    enum Mode: Equatable {
        /// Objects, arrays or lines after each other.
        case top
        /// In an array of records; `isWrapped` if an object holds the array.
        case elements(isWrapped: Bool, expecting: Expectation)
        /// In the wrapping object, behind its array.
        case tail
    }
    enum Expectation { case first, value, separator }

    /// A part of `main` that has been indexed, and how far it has been read.
    struct Window {
        var start: Int
        var end: Int
        /// Behind `end`: how far the bytes were there when it was indexed.
        var reach: Int
        var tokens: TokenView
        var count: Int
        var token = 0
        var hasBackslash: Bool
        /// Whether what is unfinished at the end can never be finished.
        var isClosed: Bool
        /// Whether that is so because a string ran over the end of a line.
        var isCut: Bool
        /// What stood behind the end, where a quote and zeros stand while the window is open.
        var behind: (UInt8, UInt8, UInt8)
        var isDrained = false
    }

    let main = JSONBuffer(capacity: windowBytes * 2)
    let scratch = JSONBuffer(capacity: 1 << 16)
    /// Where lines of text become objects.
    var flat = FlatObject()
    /// The first byte of `main` that has not been read.
    var cursor = 0
    var isFinished = false
    var isAtStart = true
    var mode = Mode.top
    var window: Window?
    var ordinal = 0
    /// Bytes to have before it is worth trying again.
    var needed = 0
    var windowLimit = RecordReader.windowBytes
    /// One bit for each byte of the window that had to be replaced, or begins a bad escape; empty while all is well.
    var poison: [UInt64] = []
    /// The window's bytes as they came, where some had to be replaced; else empty. They are put back when it closes.
    let originals = HeldBytes()
    var skipping: Skipping?
    var layouts = RecordLayouts()
    /// The columns of the table that is being read, once its header was met.
    var table: [[UInt8]]?
    /// Records written to `scratch` in this run.
    var rewritten: [Rewritten] = []
    var refusedBytes = 0
    /// `main`'s offset that `RawRecord.source` counts from in this run.
    var sourceStart = 0
    private var lineAtFront = 1
    private var lineCursor = (offset: 0, line: 1)

    package init() {
        unsafe tape = JSONTape(
            bytes: ByteView(main.bytes), tokens: main.matchView, matches: main.matchView, tokenCount: 0,
            hasBackslash: false)
    }

    deinit { flat.deallocate() }

    /// Forgets everything and begins another object, of the feeds that have these layouts.
    package func begin(_ layouts: RecordLayouts = RecordLayouts()) {
        self.layouts = layouts
        table = nil
        window?.isDrained = true
        closeWindow()
        clearRun()
        main.truncate(to: 0)
        scratch.truncate(to: 0)
        cursor = 0
        isFinished = false
        isAtStart = true
        mode = .top
        ordinal = 0
        needed = 0
        windowLimit = Self.windowBytes
        skipping = nil
        lineAtFront = 1
        lineCursor = (0, 1)
    }

    /// Adds the next bytes of the object. Only when `advance()` has answered `false`.
    package func feed(_ bytes: Span<UInt8>) {
        precondition(window == nil && !isFinished)
        dropRead()
        unsafe bytes.withUnsafeBufferPointer { unsafe main.append($0) }
    }

    /// Says that the object ends here.
    package func finish() { isFinished = true }

    /// Reads the next run of records; `false` when more bytes are needed or, once finished, nothing is left.
    package func advance() -> Bool {
        closeWindow()
        clearRun()
        while true {
            if window == nil { guard openWindow() else { break } }
            readWindow()
            if !records.isEmpty || !rewritten.isEmpty || !refusals.isEmpty { break }
            closeWindow()
        }
        if !rewritten.isEmpty { indexRewritten() }
        if records.isEmpty, refusals.isEmpty, isFinished, window == nil, mode != .top || skipping != nil {
            refuse(from: cursor, to: main.count, "the input ends before its closing bracket: it was cut off")
            mode = .top
            skipping = nil
        }
        return !records.isEmpty || !refusals.isEmpty
    }

    /// The record's bytes as they came. Valid as long as `tape`.
    package func source(of record: RawRecord) -> UnsafeBufferPointer<UInt8> {
        // A line of a table says little without its header: there the record as it was made of it stands in.
        if record.source.count == 0 { return unsafe tape.bytes(record.extent) }
        let start = sourceStart + Int(record.source.start)
        return unsafe UnsafeBufferPointer(
            start: originals.pointer(at: start) ?? UnsafePointer(main.bytes + start),
            count: Int(record.source.count))
    }

    /// The line of the object on which the record begins, from 1; of the current run's records only.
    package func line(of record: RawRecord) -> Int { line(at: sourceStart + Int(record.source.start)) }

    func line(at offset: Int) -> Int {
        if offset < lineCursor.offset { lineCursor = (0, lineAtFront) }
        lineCursor.line += lineEnds(from: lineCursor.offset, to: offset)
        lineCursor.offset = offset
        return lineCursor.line
    }

    /// Line ends as they came: a replaced one counts.
    private func lineEnds(from start: Int, to end: Int) -> Int {
        guard let held = unsafe originals.part(from: start, to: end) else {
            return unsafe martlet_count_byte(main.bytes + start, end - start, 0x0A)
        }
        let behind = unsafe held.start + held.bytes.count
        return unsafe martlet_count_byte(main.bytes + start, held.start - start, 0x0A)
            + held.bytes.count { $0 == 0x0A } + martlet_count_byte(main.bytes + behind, end - behind, 0x0A)
    }

    // MARK: Windows

    private func clearRun() {
        records.removeAll(keepingCapacity: true)
        refusals.removeAll(keepingCapacity: true)
        rewritten.removeAll(keepingCapacity: true)
        if scratch.count > 0 { scratch.truncate(to: 0) }
        refusedBytes = 0
        sourceStart = 0
    }

    /// Moves what has not been read to the front.
    private func dropRead() {
        guard cursor > 0 else { return }
        lineAtFront = line(at: cursor)
        lineCursor = (0, lineAtFront)
        main.dropFirst(cursor)
        cursor = 0
    }

    var isRunFull: Bool {
        refusals.count >= Self.runRefusalsMax || refusedBytes >= Self.runRefusedBytesMax
            || scratch.count >= Self.windowBytes
    }

    /// Ends a drained window; one that holds more stays.
    private func closeWindow() {
        guard let window, window.isDrained else { return }
        unsafe main.bytes[window.end] = window.behind.0
        unsafe main.bytes[window.end + 1] = window.behind.1
        unsafe main.bytes[window.end + 2] = window.behind.2
        putBackOriginals()
        self.window = nil
    }

    /// Indexes the next part of `main`; `false` when there is nothing to index yet.
    private func openWindow() -> Bool {
        while true {
            if skipping != nil, !skip() { return false }
            if isAtStart, !skipByteOrderMark() { return false }
            if mode == .top {
                while cursor < main.count, JSONGrammar.isWhite(main.view[cursor]) { cursor += 1 }
            }
            let available = main.count - cursor
            if available == 0 || (available < needed && !isFinished) { return false }
            sourceStart = cursor
            if mode == .top {
                guard let isText = beginsText(cursor) else {
                    needed = 2
                    return false
                }
                if isText {
                    guard readTextLines() else { return false }
                    if !rewritten.isEmpty || !refusals.isEmpty { return false }
                    continue
                }
            }
            let wanted = max(windowLimit, needed)
            let reach = min(main.count, cursor + wanted)
            var end = reach
            if !(isFinished && end == main.count) {
                let whole = unsafe JSONText.wholeEnd(ByteView(main.bytes + cursor), end - cursor)
                end = objectStart(before: cursor + whole)
            }
            if end == cursor { return false }
            if indexWindow(to: end, reach: reach) { return true }
            if !refusals.isEmpty { return false }
        }
    }

    /// Where the last object before `end` seems to begin, so that a window ends between values: one that ends in
    /// a string is indexed twice. `end` where none is near, or where what is there may be whole.
    private func objectStart(before end: Int) -> Int {
        let view = main.view
        guard end > cursor, ![0x7D, 0x5D, 0x0A].contains(view[end - 1]) else { return end }
        var index = end - 2
        let first = max(cursor, end - Self.cutBytesMax)
        while index > first {
            if view[index] == 0x7B, view[index + 1] == 0x22 { return index }
            index -= 1
        }
        return end
    }

    /// Whether a line of text begins here, neither an object nor an array; `nil` where more has to be seen.
    func beginsText(_ offset: Int) -> Bool? {
        let view = main.view
        if view[offset] == 0x7B { return false }
        guard view[offset] == 0x5B else { return true }
        guard offset + 1 < main.count else { return isFinished ? false : nil }
        return Self.isWord(view[offset + 1])
    }

    /// Whether a byte behind a bracket begins a word in brackets, `[SSH Session] …`, and no value of JSON's.
    static func isWord(_ byte: UInt8) -> Bool {
        let letter = byte | 0x20
        return letter >= 0x61 && letter <= 0x7A && ![0x74, 0x66, 0x6E].contains(byte)
    }

    /// A byte order mark at the very start is no part of the first record.
    private func skipByteOrderMark() -> Bool {
        let view = main.view
        if main.count - cursor < 3, !isFinished { return false }
        isAtStart = false
        if main.count - cursor >= 3, view[cursor] == 0xEF, view[cursor + 1] == 0xBB, view[cursor + 2] == 0xBF
        {
            cursor += 3
        }
        return true
    }

    /// Sets where reading goes on after a window whose tokens ran out at `offset` (in `main`).
    func stop(at offset: Int, in window: inout Window) {
        window.isDrained = true
        let length = window.reach - offset
        cursor = offset
        if length == 0 {
            needed = 0
            windowLimit = min(windowLimit * 2, Self.windowBytes)
        } else if window.isClosed {
            refuse(from: offset, to: window.end, "the record is cut off: it ends before its closing bracket")
            cursor = window.end
            needed = 0
            endCut(of: window)
        } else if length >= Self.recordBytesMax {
            beginSkipping("the record is larger than \(Self.recordBytesMax >> 20) MiB")
        } else if offset > window.start, window.reach < main.count {
            needed = 0
        } else {
            needed = min(length * 2, Self.recordBytesMax + 1)
            if offset > window.start { needed = length + 1 }
        }
    }
}
