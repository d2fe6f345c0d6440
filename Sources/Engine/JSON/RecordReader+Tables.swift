import CJSON

/// Lines of text, and the tables that a feed's mapping names.
extension RecordReader {
    /// Members of an object that are looked at for a table: who wraps one says little else.
    private static let tableMembersMax = 4

    /// Takes a line that is a table's header, or a row below it; `false` where it is neither.
    private func readTableLine(_ line: Span<UInt8>) -> Bool {
        if table == nil, layouts.tables.isEmpty { return false }
        let text = unsafe line.withUnsafeBufferPointer { unsafe Array($0) }
        if let table {
            let source = Extent(start: cursor - sourceStart, count: 0)
            rewrite(text: TableLine.record(text, columns: table).span, source: source)
            return true
        }
        guard layouts.tables.contains(where: { text.starts(with: $0.mark) }) else { return false }
        table = TableLine.columns(text)
        return true
    }

    /// The table in a member of the object at `open`, where a feed has such: the text that the string there holds, or
    /// what that is in base64.
    func carriedTable(by open: Int, _ bytes: ByteView, _ tokens: TokenView) -> [UInt8]? {
        let close = Int(tape.matches[open])
        var key = open + 1
        var members = 0
        while key < close, members < Self.tableMembersMax {
            let value = key + 2
            let byte = bytes[tokens[value]]
            if byte == 0x22 {
                let name = unsafe tape.bytes(stringContent(key, tokens, bytes))
                for table in layouts.tables where unsafe name.elementsEqual(table.member.utf8) {
                    let text = unsafe tape.bytes(stringContent(value, tokens, bytes))
                    let mark = table.mark
                    if unsafe text.starts(with: mark) {
                        var plain: [UInt8] = []
                        unsafe JSONText.unescape(text, into: &plain)
                        return plain
                    }
                    if let plain = unsafe Base64Text.decode(text), plain.starts(with: mark) { return plain }
                }
            }
            members += 1
            key = (byte == 0x7B || byte == 0x5B ? Int(tape.matches[value]) + 1 : value + 1) + 1
        }
        return nil
    }

    /// Takes each line below the first of a table that stood in an object.
    func rewrite(table text: [UInt8], source: Extent) {
        for record in TableLine.records(of: text) {
            rewrite(text: record.span, source: Extent(start: Int(source.start), count: 0))
        }
    }

    /// Reads lines of text up to the next one that begins an object or an array; `false` when more bytes are needed.
    func readTextLines() -> Bool {
        let view = main.view
        sourceStart = cursor
        while cursor < main.count, !isRunFull {
            let byte = view[cursor]
            if JSONGrammar.isWhite(byte) {
                cursor += 1
                continue
            }
            if table == nil, beginsText(cursor) != true { break }
            let end = unsafe cursor + martlet_find_byte(main.bytes + cursor, main.count - cursor, 0x0A)
            if end - cursor > Self.recordBytesMax {
                beginSkipping("the line is larger than \(Self.recordBytesMax >> 20) MiB", isLine: true)
                return true
            }
            if end == main.count, !isFinished {
                needed = end - cursor + 1
                return !rewritten.isEmpty || !refusals.isEmpty
            }
            let line = unsafe UnsafeBufferPointer(start: main.bytes + cursor, count: end - cursor)
            let text = unsafe Span(_unsafeElements: line)
            if !readTableLine(text) {
                rewrite(text: text, source: Extent(start: cursor - sourceStart, count: end - cursor))
            }
            cursor = end
            needed = 0
        }
        return true
    }
}

/// RFC 4648, without which an answer's table cannot be read.
enum Base64Text {
    static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3)
        var held: UInt32 = 0
        var bits = 0
        for byte in text {
            let value: UInt32
            switch byte {
            case 0x41...0x5A: value = UInt32(byte - 0x41)
            case 0x61...0x7A: value = UInt32(byte - 0x61) + 26
            case 0x30...0x39: value = UInt32(byte - 0x30) + 52
            case 0x2B: value = 62
            case 0x2F: value = 63
            case 0x3D: continue
            default: return nil
            }
            held = held << 6 | value
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: held >> UInt32(bits)))
            }
        }
        return bytes
    }
}
