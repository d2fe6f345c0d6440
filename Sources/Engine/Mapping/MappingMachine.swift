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

    private struct Observed: BitwiseCopyable {
        var kind: Int32
        var start: Int32
        var count: Int32
        var isText: Bool
    }

    var out = ByteWriter(capacity: 1 << 18)
    var walks: [RecordWalk]
    /// Texts that functions made, for one attribute.
    var made = ByteWriter(capacity: 1 << 12)
    let parsed = JSONBuffer(capacity: 1 << 12)
    private var observed = ScratchRow<Observed>(capacity: observablesMax)
    var program: MappingProgram
    private let tries: [KeyPathTrie]
    var tape: JSONTape
    /// Of the event being written.
    var statusID: UInt8 = 0
    var severityID: UInt8 = 1
    /// Where the value of `metadata.uid` goes, and what it is: set before a run.
    var uid = ByteWriter(capacity: 256)
    private(set) var uidExtent = Extent.none
    var time = Timestamp.epoch

    init(tries: [KeyPathTrie], program: MappingProgram, tape: JSONTape) {
        self.tries = tries
        self.program = program
        self.tape = tape
        walks = tries.map { RecordWalk($0) }
    }

    func deallocate() {
        out.deallocate()
        made.deallocate()
        uid.deallocate()
        observed.deallocate()
        for walk in walks { walk.deallocate() }
    }

    // MARK: One record

    mutating func begin(_ record: RawRecord, in tape: JSONTape) -> Bool {
        self.tape = tape
        return walks[0].walk(tries[0], tape, record.open)
    }

    var duplicateKey: String { tape.string(walks[0].duplicate) }

    mutating func use(_ program: MappingProgram) { self.program = program }

    /// The value's token at one of the record's slots; `nil` where there is none, or null.
    @inline(__always) func token(_ slot: Int) -> Int? {
        let token = unsafe Int(walks[0].slots[slot])
        return token < 0 || tape.byte(token) == 0x6E ? nil : token
    }

    mutating func carry(_ slot: Int) { unsafe walks[0].carried[slot] = 1 }

    /// The event's time by the program's expressions, `nil` if none of them is one.
    mutating func eventTime() -> Timestamp? {
        for index in program.timeExpressions.indices {
            let expression = program.expressions[index]
            guard holds(expression.conditions, 0) else { continue }
            for number in expression.references.indices {
                let reference = program.references[number]
                guard let token = value(reference, 0) else { continue }
                if let (time, isWhole) = timestamp(token, expression.readAs) {
                    if isWhole { carry(reference, 0) }
                    return time
                }
            }
        }
        return nil
    }

    /// Writes the event; `false` if a value that is copied whole has a key twice.
    mutating func write(unmapped: Bool = true) -> Bool {
        statusID = 0
        severityID = 1
        observed.count = 0
        uidExtent = .none
        run(program.main, inner: false, scope: 0)
        writeObservables()
        guard writeUnmapped() else { return false }
        return true
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

    // MARK: Steps

    private mutating func run(_ ops: Run32, inner: Bool, scope: Int) {
        var opens = InlineArray<32, Int32>(repeating: 0)
        var depth = 0
        for index in ops.indices {
            let op = inner ? program.innerOps[index] : program.ops[index]
            switch op.code {
            case .literal: append(op.text)
            case .open:
                if depth < 32 { opens[depth] = Int32(truncatingIfNeeded: out.count) }
                depth += 1
                append(op.text)
            case .close:
                depth -= 1
                close(depth < 32 ? Int(opens[depth]) : 0, 0x7B, 0x7D)
            case .leaf: leaf(op, scope)
            case .array: array(op, scope)
            case .uid:
                append(op.text)
                out.append(0x22)
                uidExtent = Extent(start: out.count, count: uid.count)
                unsafe out.append(copying: UnsafePointer(uid.base), uid.count)
                out.append(0x22)
                out.append(0x2C)
            case .time:
                append(op.text)
                out.append(decimal: time.milliseconds)
                out.append(0x2C)
            }
        }
    }

    /// Ends what was opened at `start`, or takes it back if nothing is in it.
    private mutating func close(_ start: Int, _ open: UInt8, _ close: UInt8) {
        let last = unsafe out.base[out.count - 1]
        if last == open {
            out.count = start
        } else {
            unsafe out.base[out.count - 1] = close
            out.append(0x2C)
        }
    }

    @inline(__always) private mutating func append(_ text: Run32) {
        unsafe out.append(program.pool.base + Int(text.start), Int(text.count))
    }

    private mutating func leaf(_ op: MappingProgram.Op, _ scope: Int) {
        let mark = out.count
        for index in op.expressions.indices {
            let expression = program.expressions[index]
            guard holds(expression.conditions, scope) else { continue }
            if expression.kind == .nothing { return }
            append(op.text)
            let start = out.count
            if let outcome = write(expression, op, scope) {
                if op.observable >= 0, !op.isArray { observe(op.observable, start, out.count) }
                out.append(0x2C)
                if op.captures != .nothing, outcome.id >= 0 {
                    if op.captures == .status { statusID = UInt8(clamping: outcome.id) }
                    if op.captures == .severity { severityID = UInt8(clamping: outcome.id) }
                }
                if op.sibling.count > 0 { writeSibling(op.sibling, outcome) }
                return
            }
            out.count = mark
        }
    }

    private mutating func writeSibling(_ key: Run32, _ outcome: Outcome) {
        if outcome.id == 99, outcome.sourceToken >= 0, tape.byte(outcome.sourceToken) == 0x22 {
            append(key)
            copy(outcome.sourceToken)
            out.append(0x2C)
            carry(outcome.reference, outcome.scope)
        } else if outcome.caption.count > 0 {
            append(key)
            append(outcome.caption)
            out.append(0x2C)
        }
    }

    private mutating func array(_ op: MappingProgram.Op, _ scope: Int) {
        let mark = out.count
        for index in op.expressions.indices {
            let expression = program.expressions[index]
            guard holds(expression.conditions, scope) else { continue }
            if expression.kind == .nothing { return }
            append(op.text)
            if expression.kind == .items {
                for number in expression.items.indices { item(program.items[number], scope) }
            } else {
                each(expression, scope)
            }
            if unsafe out.base[out.count - 1] == 0x5B {
                out.count = mark
                continue
            }
            unsafe out.base[out.count - 1] = 0x5D
            out.append(0x2C)
            return
        }
    }

    private mutating func item(_ item: MappingProgram.Item, _ scope: Int) {
        guard holds(item.conditions, scope) else { return }
        let start = out.count
        out.append(0x7B)
        run(item.ops, inner: true, scope: scope)
        close(start, 0x7B, 0x7D)
    }

    /// Writes an object for each element; the array counts as carried if every member of every element was.
    private mutating func each(_ expression: MappingProgram.Expression, _ scope: Int) {
        guard expression.references.count > 0, expression.items.count > 0 else { return }
        let reference = program.references[Int(expression.references.start)]
        guard let token = value(reference, scope) else { return }
        let inner = Int(expression.trie)
        let item = program.items[Int(expression.items.start)]
        var isWhole = true
        if tape.byte(token) == 0x5B {
            let end = Int(tape.matches[token])
            var element = token + 1
            var number = 0
            while element < end {
                if number == Self.elementsMax {
                    isWhole = false
                    break
                }
                isWhole = self.element(element, item, inner) && isWhole
                element = tape.after(element) + 1
                number += 1
            }
        } else {
            isWhole = self.element(token, item, inner)
        }
        if isWhole { carry(reference, scope) }
    }

    private mutating func element(_ token: Int, _ item: MappingProgram.Item, _ scope: Int) -> Bool {
        if tape.byte(token) == 0x7B {
            guard walks[scope].walk(tries[scope], tape, token) else { return false }
        } else {
            unsafe walks[scope].slots.update(repeating: -1, count: walks[scope].slotCount)
            unsafe walks[scope].carried.update(repeating: 0, count: walks[scope].slotCount)
            walks[scope].members.count = 0
            unsafe walks[scope].slots[0] = Int32(truncatingIfNeeded: token)
        }
        self.item(item, scope)
        return isCarried(scope, tape.byte(token) == 0x7B)
    }

    /// Whether all of the element last walked is in the event.
    private func isCarried(_ scope: Int, _ isObject: Bool) -> Bool {
        let walk = walks[scope]
        if unsafe walk.carried[0] == 1 { return true }
        guard isObject else { return false }
        var index = 0
        while index < walk.members.count {
            let member = walk.members[index]
            if member.node >= 0, unsafe walk.carried[Int(member.node)] == 1 {
                index = max(index + 1, Int(member.exit))
            } else if member.exit > 0 {
                index += 1
            } else {
                return false
            }
        }
        return true
    }

    // MARK: Values

    /// What was written for an attribute.
    private struct Outcome {
        var id: Int32 = -1
        var caption = Run32.none
        var sourceToken = -1
        var reference: Int32 = 0
        var scope = 0
    }

    /// The value's token a reference leads to; `nil` where there is none, or null.
    @inline(__always) func value(_ reference: Int32, _ scope: Int) -> Int? {
        let isRoot = reference & MappingProgram.rootBit != 0
        let walk = isRoot ? 0 : scope
        let token = unsafe Int(walks[walk].slots[Int(reference & ~MappingProgram.rootBit)])
        return token < 0 || tape.byte(token) == 0x6E ? nil : token
    }

    @inline(__always) private mutating func carry(_ reference: Int32, _ scope: Int) {
        let isRoot = reference & MappingProgram.rootBit != 0
        unsafe walks[isRoot ? 0 : scope].carried[Int(reference & ~MappingProgram.rootBit)] = 1
    }

    private mutating func write(
        _ expression: MappingProgram.Expression, _ op: MappingProgram.Op, _ scope: Int
    ) -> Outcome? {
        switch expression.kind {
        case .constant:
            append(expression.text)
            return Outcome(id: expression.id, caption: expression.caption)
        case .join: return join(expression, scope) ? Outcome() : nil
        case .items, .each, .nothing: return nil
        case .paths:
            for index in expression.references.indices {
                let reference = program.references[index]
                guard let token = value(reference, scope) else { continue }
                if expression.test != .none, test(expression.test, token) == expression.isTestNegated {
                    continue
                }
                if op.isArray, op.scalar != .json {
                    if writeList(token, expression, op, reference, scope) { return Outcome() }
                } else if let outcome = writeOne(token, expression, op, reference, scope) {
                    return outcome
                }
            }
            return nil
        }
    }

    private mutating func join(_ expression: MappingProgram.Expression, _ scope: Int) -> Bool {
        let start = out.count
        out.append(0x22)
        for (number, index) in expression.references.indices.enumerated() {
            guard let token = value(program.references[index], scope), !tape.isContainer(token) else {
                out.count = start
                return false
            }
            if number > 0 { append(expression.text) }
            let part = tape.byte(token) == 0x22 ? tape.content(token) : tape.extent(token)
            unsafe out.append(tape.bytes.base + Int(part.start), Int(part.count))
        }
        out.append(0x22)
        return true
    }

    private mutating func writeList(
        _ token: Int, _ expression: MappingProgram.Expression, _ op: MappingProgram.Op, _ reference: Int32,
        _ scope: Int
    ) -> Bool {
        let start = out.count
        out.append(0x5B)
        var isWhole = true
        func one(_ machine: inout MappingMachine, _ element: Int) {
            let mark = machine.out.count
            let carried = machine.written(element, expression, op)
            if carried == .not {
                machine.out.count = mark
            } else {
                if op.observable >= 0 { machine.observe(op.observable, mark, machine.out.count) }
                machine.out.append(0x2C)
            }
            isWhole = isWhole && carried == .whole
        }
        if tape.byte(token) == 0x5B {
            let end = Int(tape.matches[token])
            var element = token + 1
            var number = 0
            while element < end {
                if number == Self.elementsMax {
                    isWhole = false
                    break
                }
                one(&self, element)
                element = tape.after(element) + 1
                number += 1
            }
        } else {
            one(&self, token)
        }
        if unsafe out.base[out.count - 1] == 0x5B {
            out.count = start
            return false
        }
        unsafe out.base[out.count - 1] = 0x5D
        if isWhole { carry(reference, scope) }
        return true
    }

    private mutating func writeOne(
        _ token: Int, _ expression: MappingProgram.Expression, _ op: MappingProgram.Op, _ reference: Int32,
        _ scope: Int
    ) -> Outcome? {
        if expression.cases.count > 0 || expression.otherwise >= 0 {
            guard let text = text(of: token, expression.functions) else { return nil }
            var found = findCase(expression.cases, text)
            if found == nil, expression.otherwise >= 0 { found = Int(expression.otherwise) }
            guard let found else { return nil }
            let entry = program.cases[found]
            append(entry.output)
            return Outcome(
                id: entry.id, caption: entry.caption, sourceToken: token, reference: reference, scope: scope)
        }
        if op.values.count > 0 {
            guard let text = text(of: token, expression.functions), let found = findCase(op.values, text)
            else { return nil }
            let entry = program.cases[found]
            append(entry.output)
            if expression.functions.count == 0 { carry(reference, scope) }
            return Outcome(id: entry.id, caption: entry.caption, reference: reference, scope: scope)
        }
        switch written(token, expression, op) {
        case .not: return nil
        case .whole: carry(reference, scope)
        case .part: break
        }
        return Outcome()
    }

    enum Written { case not, part, whole }

    private func findCase(_ cases: Run32, _ text: Text) -> Int? {
        for index in cases.indices {
            let entry = program.cases[index]
            let length = Int(entry.text.count)
            if entry.isPrefix ? length <= text.count : length == text.count {
                if unsafe equalBytes(program.pool.base + Int(entry.text.start), text.start, length) {
                    return index
                }
            }
        }
        return nil
    }

    private mutating func observe(_ kind: Int32, _ start: Int, _ end: Int) {
        guard observed.count < Self.observablesMax else { return }
        observed.append(
            Observed(
                kind: kind, start: Int32(truncatingIfNeeded: start),
                count: Int32(truncatingIfNeeded: end - start),
                isText: unsafe out.base[start] == 0x22))
    }

    private mutating func writeObservables() {
        guard observed.count > 0 else { return }
        out.append("\"observables\":[")
        for index in 0..<observed.count {
            let item = observed[index]
            append(program.observables[Int(item.kind)])
            if !item.isText { out.append(0x22) }
            out.reserve(Int(item.count) + 32)
            unsafe out.append(UnsafePointer(out.base + Int(item.start)), Int(item.count))
            if !item.isText { out.append(0x22) }
            out.append(0x7D)
            out.append(0x2C)
        }
        unsafe out.base[out.count - 1] = 0x5D
        out.append(0x2C)
    }

    // MARK: What is left

    /// Writes `unmapped`; `false` if an object in it has a key twice.
    private mutating func writeUnmapped() -> Bool {
        let start = out.count
        out.append("\"unmapped\":{")
        guard unsafe walks[0].carried[0] == 0 else {
            out.count = start
            return true
        }
        guard writeLeft(0, walks[0].members.count) else { return false }
        close(start, 0x7B, 0x7D)
        return true
    }

    private mutating func writeLeft(_ from: Int, _ to: Int) -> Bool {
        var index = from
        while index < to {
            let member = walks[0].members[index]
            let value = Int(member.key) + 2
            let next = max(index + 1, Int(member.exit))
            let isNull = tape.byte(value) == 0x6E
            let isCarried = unsafe member.node >= 0 && walks[0].carried[Int(member.node)] == 1
            if isCarried || (member.node >= 0 && isNull) {
                index = next
                continue
            }
            let start = tape.start(Int(member.key))
            if member.exit > 0 {
                let mark = out.count
                let head = tape.start(value) + 1 - start
                unsafe out.append(tape.bytes.base + start, head)
                guard writeLeft(index + 1, next) else { return false }
                close(mark, 0x7B, 0x7D)
            } else {
                if tape.isContainer(value), !UniqueKeys.hold(in: tape, from: value) { return false }
                unsafe out.append(tape.bytes.base + start, tape.end(value) - start)
                out.append(0x2C)
            }
            index = next
        }
        return true
    }
}
