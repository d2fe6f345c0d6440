/// One value of one field of the record at hand.
struct FieldValue: BitwiseCopyable {
    /// `text` is a string's inside, still escaped; the others stand as the record writes them.
    enum Kind: UInt8, BitwiseCopyable { case text, number, bool, null, object, emptyList, decoded }

    var kind: Kind
    var isFolded = false
    var isPlain = false
    /// The next value of the same field; -1 at the end.
    var next: Int32
    /// In the tape's bytes; in the arena where `kind` is `decoded`.
    var source: Extent
    /// Unescaped and lower-cased, in the arena, once `isFolded`.
    var folded = Extent.none
    /// Unescaped, once `isPlain`: in the arena where `isPlainInArena`, else in the tape.
    var plain = Extent.none
    var isPlainInArena = false
    var hash: UInt64 = 0
}

/// The values of the fields that a program reads, of one record; filled by one walk, folded when first asked for.
struct FieldValues: Sendable {
    /// Values kept of one record; a record with more (an array of a hundred thousand elements) is matched on
    /// the first.
    static let valuesMax = 65_536
    /// The arena is given back after a record that needed more.
    static let arenaBytesKept = 4 << 20

    /// The whole record's text, and the same with its escapes undone (absent where there are none).
    static let record: Int32 = 0
    static let decodedRecord: Int32 = 1

    /// Of the reading under way; whoever asked for it keeps it alive.
    private var trie: FieldTrie.View
    private(set) var heads: [Int32]
    private(set) var values: [FieldValue] = []
    private(set) var arena: [UInt8] = []
    private var used = 0
    /// Whether not every value of the record was looked at.
    private(set) var isCut = false

    init(_ program: RuleProgram) {
        trie = program.firstReading.trie.view
        heads = [Int32](repeating: -1, count: program.fieldCount)
        values.reserveCapacity(256)
    }

    /// Forgets the record before.
    mutating func clear() {
        for i in heads.indices { heads[i] = -1 }
        values.removeAll(keepingCapacity: true)
        if arena.count > Self.arenaBytesKept { arena = [] }
        used = 0
        isCut = false
    }

    /// Adds these fields of the record to what was read of it; none that was read already.
    mutating func read(_ reading: RuleProgram.Reading, of record: RawRecord, _ tape: JSONTape) {
        trie = reading.trie.view
        walk(tape, record.open, trie.tables[0])
        if reading.takesRecord {
            add(Self.record, .object, record.extent)
            if tape.hasBackslash, let decoded = decode(tape, record.extent) {
                add(Self.decodedRecord, .decoded, decoded)
            }
        }
    }

    /// One object; `JSONGrammar.depthMax` bounds the recursion.
    private mutating func walk(_ tape: JSONTape, _ open: Int, _ table: FieldTrie.Table) {
        guard table.mask >= 0 else { return }
        let close = Int(tape.matches[open])
        var key = Self.next(tape, from: open + 1, to: close, table.starts)
        while key < close {
            let value = key + 2
            let start = tape.start(key) + 1
            let count = tape.start(key + 1) - 1 - start
            let hash = FieldTrie.hash(tape.bytes, start, count)
            var place = trie.place(of: hash, in: table)
            var isFound = false
            while trie.slots[Int(table.start) + place].child >= 0 {
                let slot = trie.slots[Int(table.start) + place]
                if slot.hash == hash, trie.isKey(slot, tape.bytes, start, count) {
                    isFound = true
                    visit(tape, value, trie.tables[Int(slot.child)])
                }
                place = (place + 1) & Int(table.mask)
            }
            if !isFound, tape.hasBackslash {
                visitEscaped(tape, Extent(start: start, count: count), value, table)
            }
            key = Self.next(tape, from: tape.after(value) + 1, to: close, table.starts)
        }
    }

    /// The next key that may be one of a node's: of a length and with a first letter that some of them have.
    @inline(__always)
    private static func next(_ tape: JSONTape, from first: Int, to close: Int, _ starts: UInt64) -> Int {
        var key = first
        if tape.hasBackslash { return key }
        while key < close {
            let start = tape.start(key) &+ 1
            let count = tape.start(key &+ 1) &- 1 &- start
            if FieldTrie.start(of: tape.bytes[start], count) & starts != 0 { return key }
            key = tape.after(key &+ 2) &+ 1
        }
        return close
    }

    /// A key with escapes in it, which no vendor writes but anybody may.
    private mutating func visitEscaped(
        _ tape: JSONTape, _ key: Extent, _ value: Int, _ table: FieldTrie.Table
    ) {
        guard Bytes.containsBackslash(tape, key) else { return }
        var decoded: [UInt8] = []
        Bytes.unescape(tape, key, into: &decoded)
        for place in 0...Int(table.mask) {
            let slot = trie.slots[Int(table.start) + place]
            if slot.child >= 0, trie.isKey(slot, decoded) { visit(tape, value, trie.tables[Int(slot.child)]) }
        }
    }

    private mutating func visit(_ tape: JSONTape, _ token: Int, _ table: FieldTrie.Table) {
        let byte = tape.byte(token)
        if byte == UInt8(ascii: "[") {
            let close = Int(tape.matches[token])
            if token + 1 == close { return add(table, .emptyList, tape.extent(token)) }
            var element = token + 1
            while element < close, !isCut {
                visit(tape, element, table)
                element = tape.after(element) + 1
            }
            return
        }
        switch byte {
        case UInt8(ascii: "\""): add(table, .text, tape.content(token))
        case UInt8(ascii: "{"):
            add(table, .object, tape.extent(token))
            walk(tape, token, table)
        case UInt8(ascii: "t"), UInt8(ascii: "f"): add(table, .bool, tape.extent(token))
        case UInt8(ascii: "n"): add(table, .null, tape.extent(token))
        default: add(table, .number, tape.extent(token))
        }
    }

    private mutating func add(_ table: FieldTrie.Table, _ kind: FieldValue.Kind, _ extent: Extent) {
        for i in Int(table.fieldStart)..<Int(table.fieldStart + table.fieldCount) {
            add(trie.fieldsOfNodes[i], kind, extent)
        }
    }

    private mutating func add(_ field: Int32, _ kind: FieldValue.Kind, _ extent: Extent) {
        guard values.count < Self.valuesMax else {
            isCut = true
            return
        }
        // Prepended: the last value of a field is tested first, which only `any` can see.
        values.append(FieldValue(kind: kind, next: heads[Int(field)], source: extent))
        heads[Int(field)] = Int32(truncatingIfNeeded: values.count - 1)
    }

    // MARK: Text

    /// Makes the lower-cased text of a value; once for each value of each record.
    mutating func fold(_ index: Int, _ tape: JSONTape) {
        var value = values[index]
        if value.isFolded { return }
        let start = used
        var met: Bytes.Met
        if value.kind == .decoded {
            met = Bytes.foldArena(&arena, value.source, at: start)
        } else {
            met = Bytes.foldASCII(tape, value.source, into: &arena, at: start)
        }
        used += Int(value.source.count)
        value.folded = Extent(start: start, count: used - start)
        if value.kind == .text, met.contains(.backslash) {
            let plain = plain(index, tape)
            value = values[index]
            met = Bytes.foldArena(&arena, plain, at: used)
            value.folded = Extent(start: used, count: Int(plain.count))
            used += Int(plain.count)
        }
        if met.contains(.nonASCII) {
            let folded = CaseFolding.folded(String(decoding: arena[value.folded.range], as: UTF8.self))
            value.folded = append(folded)
        }
        value.hash = Bytes.hash(arena.span.extracting(value.folded.range))
        value.isFolded = true
        values[index] = value
    }

    /// The text of a value with its escapes undone: in the arena where `isPlainInArena` says so, else in the
    /// tape.
    mutating func plain(_ index: Int, _ tape: JSONTape) -> Extent {
        var value = values[index]
        if value.isPlain { return value.plain }
        value.isPlain = true
        value.plain = value.source
        value.isPlainInArena = value.kind == .decoded
        if value.kind == .text, tape.hasBackslash, let decoded = decode(tape, value.source) {
            value.plain = decoded
            value.isPlainInArena = true
        }
        values[index] = value
        return value.plain
    }

    /// `nil` where nothing is escaped.
    private mutating func decode(_ tape: JSONTape, _ extent: Extent) -> Extent? {
        guard Bytes.containsBackslash(tape, extent) else { return nil }
        var decoded: [UInt8] = []
        Bytes.unescape(tape, extent, into: &decoded)
        return append(decoded)
    }

    private mutating func append(_ bytes: [UInt8]) -> Extent {
        let start = used
        if arena.count > start { arena.removeSubrange(start...) }
        arena.append(contentsOf: bytes)
        used = start + bytes.count
        return Extent(start: start, count: bytes.count)
    }

    func next(_ index: Int32) -> Int32 { values[Int(index)].next }
}
