/// Runs a mapping program over one record at a time.
///
/// Owns every buffer that takes part, so that an event costs no allocation once they have grown.
@safe struct MappingMachine {
    static let observablesMax = 64
    /// Elements of an array that are mapped; an array with more stays in `unmapped` whole as well.
    static let elementsMax = 10_000

    /// A value that may be part of a record or the outcome of a function.
    @safe struct Text: BitwiseCopyable {
        var start: UnsafePointer<UInt8>
        var count: Int
        /// Whether it stands as in a JSON string already, or has to be escaped.
        var isEscaped: Bool
    }

    struct Observed: BitwiseCopyable {
        var kind: Int32
        var start: Int32
        var count: Int32
        var isText: Bool
    }

    var out = ByteWriter(capacity: 1 << 18)
    /// The record's walk, then one for the elements of each `each`. Their slots stand behind each other.
    let walks: UnsafeMutablePointer<RecordWalk>
    let slots: UnsafeMutablePointer<Int32>
    let carried: UnsafeMutablePointer<UInt8>
    /// Texts that functions made, for one attribute.
    var made = ByteWriter(capacity: 1 << 12)
    let parsed = JSONBuffer(capacity: 1 << 12)
    /// The marks of what is between the brackets in `parsed`, where that is whole and compact.
    var parsedTokens: (view: TokenView, count: Int)?
    /// The long text that was asked for last, without its escapes: many functions look into the same one.
    var unescaped = ByteWriter(capacity: 1 << 12)
    var unescapedToken = -1
    var observed = ScratchRow<Observed>(capacity: observablesMax)
    /// Whoever calls `use` keeps the program alive.
    var program: MappingProgram.View
    private let tries: [KeyPathTrie]
    var tape: JSONTape
    /// Of the event being written.
    var statusID: UInt8 = 0
    var severityID: UInt8 = 1
    /// Where the value of `metadata.uid` goes, and what it is: set before a run.
    var uid = ByteWriter(capacity: 256)
    private(set) var uidExtent = Extent.none
    /// Of the enum that was written last.
    var outcome = Outcome()
    var time = Timestamp.epoch

    init(tries: [KeyPathTrie], program: MappingProgram.View, tape: JSONTape) {
        self.tries = tries
        self.program = program
        self.tape = tape
        let slotCount = tries.reduce(0) { $0 + $1.slotCount }
        unsafe slots = .allocate(capacity: slotCount)
        unsafe carried = .allocate(capacity: slotCount)
        unsafe walks = .allocate(capacity: tries.count)
        var offset = 0
        for (index, trie) in tries.enumerated() {
            unsafe (walks + index).initialize(
                to: RecordWalk(trie, slots: slots + offset, carried: carried + offset))
            offset += trie.slotCount
        }
    }

    func deallocate() {
        out.deallocate()
        made.deallocate()
        unescaped.deallocate()
        uid.deallocate()
        observed.deallocate()
        for index in tries.indices { unsafe walks[index].deallocate() }
        unsafe walks.deinitialize(count: tries.count)
        unsafe walks.deallocate()
        unsafe slots.deallocate()
        unsafe carried.deallocate()
    }

    // MARK: One record

    mutating func begin(_ record: RawRecord, in tape: JSONTape) -> Bool {
        self.tape = tape
        unescapedToken = -1
        return unsafe walks[0].walk(tape, record.open)
    }

    /// The places that the record fills.
    var filled: SlotBits { unsafe walks[0].filled }

    var duplicateKey: String { unsafe tape.string(walks[0].duplicate) }

    mutating func use(_ program: MappingProgram.View) { self.program = program }

    /// The value's token at a slot; `nil` where there is none, or null.
    @inline(__always) func value(_ reference: Int32) -> Int? {
        let token = unsafe slots[Int(reference)]
        return token < 0 ? nil : Int(token)
    }

    /// Notes that the value at a slot is in the event.
    @inline(__always) func carry(_ reference: Int32) { unsafe carried[Int(reference)] = 1 }

    /// The event's time by the program's expressions, `nil` if none of them is one.
    mutating func eventTime() -> Timestamp? {
        for index in program.timeExpressions.indices {
            let (conditions, references) = (
                program.expressions[index].conditions, program.expressions[index].references
            )
            guard holds(conditions) else { continue }
            for number in references.indices {
                let reference = program.references[number]
                guard let token = value(reference) else { continue }
                let functions = program.expressions[index].functions
                if functions.count > 0 {
                    guard let text = text(of: token, functions) else { continue }
                    if let time = timestamp(text, program.expressions[index].readAs) { return time }
                    continue
                }
                if let (time, isWhole) = timestamp(token, program.expressions[index].readAs) {
                    if isWhole { carry(reference) }
                    return time
                }
            }
        }
        return nil
    }

    /// Writes the event; `false` if a value that is copied whole has a key twice.
    mutating func write() -> Bool {
        statusID = 0
        severityID = 1
        observed.count = 0
        uidExtent = .none
        run(program.main)
        writeObservables()
        return writeUnmapped()
    }

    /// Writes `raw_data` and its size; what is not UTF-8 was refused long before.
    mutating func writeRaw(_ source: UnsafeBufferPointer<UInt8>) {
        guard let base = source.baseAddress else { return }
        out.append("\"raw_data\":\"")
        unsafe out.append(escaping: base, source.count)
        out.append("\",\"raw_data_hash\":{\"algorithm\":\"SHA-256\",\"algorithm_id\":3,\"value\":\"")
        var hash = SHA256()
        unsafe hash.update(Span(_unsafeElements: source))
        for byte in hash.finish() {
            for digit in [byte >> 4, byte & 15] { out.append(digit < 10 ? 0x30 + digit : 0x57 + digit) }
        }
        out.append("\"},\"raw_data_size\":")
        out.append(decimal: Int64(source.count))
        out.append(0x2C)
    }

    /// Closes the event begun by `write`. A newline that is no part of it follows, so that a batch is NDJSON as it is.
    mutating func end() -> Int {
        if unsafe out.base[out.count - 1] == 0x2C { out.count -= 1 }
        out.append(0x7D)
        out.append(0x0A)
        return out.count - 1
    }

    /// Writes what the record tells of credentials behind all there is; nothing where that is nothing.
    ///
    /// For after `end`: what is read here counts as carried no more.
    mutating func writeAct() -> Bool {
        let start = out.count
        run(program.act)
        guard out.count > start, unsafe out.base[out.count - 1] == 0x2C else { return false }
        unsafe out.base[out.count - 1] = 0x7D
        return true
    }

    // MARK: Steps

    mutating func run(_ ops: Run32) {
        var opens = InlineArray<32, Int32>(repeating: 0)
        var depth = 0
        for index in ops.indices {
            let only = program.ops[index].onlyReference
            if only >= 0, unsafe slots[Int(only)] < 0 { continue }
            switch program.ops[index].code {
            case .literal: append(program.ops[index].text)
            case .open:
                if depth < 32 { opens[depth] = Int32(truncatingIfNeeded: out.count) }
                depth += 1
                append(program.ops[index].text)
            case .close:
                depth -= 1
                close(depth < 32 ? Int(opens[depth]) : 0, 0x7B, 0x7D)
            case .text: text(index)
            case .leaf: leaf(index)
            case .array: array(index)
            case .uid:
                append(program.ops[index].text)
                out.append(0x22)
                uidExtent = Extent(start: out.count, count: uid.count)
                unsafe out.append(copying: UnsafePointer(uid.base), uid.count)
                out.append(0x22)
                out.append(0x2C)
            case .time:
                append(program.ops[index].text)
                out.append(decimal: time.milliseconds)
                out.append(0x2C)
            }
        }
    }

    /// Whether what was opened last is still empty.
    @inline(__always) func isEmpty(_ open: UInt8) -> Bool { unsafe out.base[out.count - 1] == open }

    /// Ends what was opened at `start`, or takes it back if nothing is in it.
    mutating func close(_ start: Int, _ open: UInt8, _ close: UInt8) {
        if isEmpty(open) {
            out.count = start
        } else {
            unsafe out.base[out.count - 1] = close
            out.append(0x2C)
        }
    }

    @inline(__always) mutating func append(_ text: Run32) {
        unsafe out.append(program.pool.pointer(at: Int(text.start)), Int(text.count))
    }

    /// Writes the first string there is as it stands; what is no string goes the long way.
    @inline(__always) private mutating func text(_ op: Int) {
        let references = program.expressions[Int(program.ops[op].expressions.start)].references
        for number in references.indices {
            let reference = program.references[number]
            let token = unsafe Int(slots[Int(reference)])
            if token < 0 { continue }
            let first = tape.start(token)
            guard tape.bytes[first] == 0x22 else { return leaf(op) }
            append(program.ops[op].text)
            let start = out.count
            unsafe out.append(tape.bytes.base + first, tape.start(token &+ 1) &- first)
            carry(reference)
            let kind = program.ops[op].observable
            if kind >= 0 { observe(kind, start, out.count) }
            out.append(0x2C)
            return
        }
    }

    private mutating func leaf(_ op: Int) {
        let mark = out.count
        let expressions = program.ops[op].expressions
        outcome = Outcome()
        for index in expressions.indices {
            guard holds(program.expressions[index].conditions) else { continue }
            let kind = program.expressions[index].kind
            if kind == .nothing { return }
            // Most expressions that come to nothing have no value to begin with.
            if kind == .paths, !hasValue(program.expressions[index].references) { continue }
            append(program.ops[op].text)
            let start = out.count
            guard write(index, op) else {
                out.count = mark
                continue
            }
            let observable = program.ops[op].observable
            if observable >= 0, !program.ops[op].isArray { observe(observable, start, out.count) }
            out.append(0x2C)
            if outcome.id >= 0 {
                switch program.ops[op].captures {
                case .nothing: break
                case .status: statusID = UInt8(clamping: outcome.id)
                case .severity: severityID = UInt8(clamping: outcome.id)
                }
            }
            if program.ops[op].sibling.count > 0 { writeSibling(program.ops[op].sibling) }
            return
        }
    }

    @inline(__always) private func hasValue(_ references: Run32) -> Bool {
        for index in references.indices where unsafe slots[Int(program.references[index])] >= 0 {
            return true
        }
        return false
    }

    private mutating func writeSibling(_ key: Run32) {
        if outcome.id == 99, outcome.sourceToken >= 0, tape.byte(outcome.sourceToken) == 0x22 {
            append(key)
            copy(outcome.sourceToken)
            out.append(0x2C)
            carry(outcome.reference)
        } else if outcome.caption.count > 0 {
            append(key)
            append(outcome.caption)
            out.append(0x2C)
        }
    }
}
