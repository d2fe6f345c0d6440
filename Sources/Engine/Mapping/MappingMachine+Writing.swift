/// Attributes' values, the observables and what is left.
extension MappingMachine {
    // MARK: Values

    /// What an enum's value was: its id, or -1 where what was written is none.
    struct Outcome {
        var id: Int32 = -1
        var caption = Run32.none
        /// Where it was told from, or -1.
        var sourceToken = -1
        var reference: Int32 = 0
    }

    /// Writes what an expression yields; `false` if that is nothing. Of an enum, `outcome` tells more.
    mutating func write(_ expression: Int, _ op: Int) -> Bool {
        switch program.expressions[expression].kind {
        case .constant:
            append(program.expressions[expression].text)
            outcome = Outcome(
                id: program.expressions[expression].id, caption: program.expressions[expression].caption)
            return true
        case .join: return join(expression)
        case .items, .each, .nothing: return false
        case .paths:
            let references = program.expressions[expression].references
            let test = program.expressions[expression].test
            for index in references.indices {
                let reference = program.references[index]
                guard let token = value(reference) else { continue }
                if test != .none, self.test(test, token) == program.expressions[expression].isTestNegated {
                    continue
                }
                if program.ops[op].isArray, program.ops[op].scalar != .json {
                    if writeList(token, expression, op, reference) { return true }
                } else if writeOne(token, expression, op, reference) {
                    return true
                }
            }
            return false
        }
    }

    private mutating func join(_ expression: Int) -> Bool {
        let start = out.count
        out.append(0x22)
        let references = program.expressions[expression].references
        for index in references.indices {
            guard let token = value(program.references[index]), !tape.isContainer(token) else {
                out.count = start
                return false
            }
            if index > Int(references.start) { append(program.expressions[expression].text) }
            let part = tape.byte(token) == 0x22 ? tape.content(token) : tape.extent(token)
            unsafe out.append(tape.bytes.base + Int(part.start), Int(part.count))
        }
        out.append(0x22)
        return true
    }

    private mutating func writeList(
        _ token: Int, _ expression: Int, _ op: Int, _ reference: Int32
    ) -> Bool {
        let start = out.count
        out.append(0x5B)
        let isWhole = forEach(token) { machine, element in
            let mark = machine.out.count
            let members = machine.program.expressions[expression].members
            var value: Int? = element
            for index in members.indices { value = value.flatMap { machine.member(index, of: $0) } }
            guard let element = value else { return false }
            let outcome = machine.written(element, expression, op)
            if outcome == .not {
                machine.out.count = mark
            } else {
                let kind = machine.program.ops[op].observable
                if kind >= 0 { machine.observe(kind, mark, machine.out.count) }
                machine.out.append(0x2C)
            }
            return outcome == .whole
        }
        if unsafe out.base[out.count - 1] == 0x5B {
            out.count = start
            return false
        }
        unsafe out.base[out.count - 1] = 0x5D
        if isWhole, program.expressions[expression].members.count == 0 { carry(reference) }
        return true
    }

    private func member(_ text: Int, of token: Int) -> Int? {
        guard tape.byte(token) == 0x7B else { return nil }
        let key = program.texts[text]
        return unsafe tape.member(program.pool.pointer(at: Int(key.start)), Int(key.count), of: token)
    }

    private mutating func writeOne(_ token: Int, _ expression: Int, _ op: Int, _ reference: Int32) -> Bool {
        if program.expressions[expression].cases.count > 0 || program.expressions[expression].otherwise >= 0
            || program.ops[op].values.count > 0
        {
            return writeEnum(token, expression, op, reference)
        }
        switch written(token, expression, op) {
        case .not: return false
        case .whole: carry(reference)
        case .part: break
        }
        return true
    }

    private mutating func writeEnum(_ token: Int, _ expression: Int, _ op: Int, _ reference: Int32) -> Bool {
        let functions = program.expressions[expression].functions
        let cases = program.expressions[expression].cases
        let otherwise = program.expressions[expression].otherwise
        guard let text = text(of: token, functions) else { return false }
        let isOwn = cases.count == 0 && otherwise < 0
        var found = findCase(isOwn ? program.ops[op].values : cases, text)
        if found == nil, otherwise >= 0 { found = Int(otherwise) }
        guard let found else { return false }
        append(program.cases[found].output)
        outcome = Outcome(
            id: program.cases[found].id, caption: program.cases[found].caption,
            sourceToken: isOwn ? -1 : token, reference: reference)
        if isOwn, functions.count == 0 { carry(reference) }
        return true
    }

    enum Written { case not, part, whole }

    private func findCase(_ cases: Run32, _ text: Text) -> Int? {
        for index in cases.indices {
            let length = Int(program.cases[index].text.count)
            if program.cases[index].isPrefix ? length <= text.count : length == text.count {
                let start = Int(program.cases[index].text.start)
                if unsafe equalBytes(program.pool.pointer(at: start), text.start, length) { return index }
            }
        }
        return nil
    }

    // MARK: Observables

    mutating func observe(_ kind: Int32, _ start: Int, _ end: Int) {
        guard observed.count < Self.observablesMax else { return }
        observed.append(
            Observed(
                kind: kind, start: Int32(truncatingIfNeeded: start),
                count: Int32(truncatingIfNeeded: end - start),
                isText: unsafe out.base[start] == 0x22))
    }

    mutating func writeObservables() {
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
    mutating func writeUnmapped() -> Bool {
        let start = out.count
        out.append("\"unmapped\":{")
        guard unsafe carried[0] == 0 else {
            out.count = start
            return true
        }
        guard unsafe writeLeft(0, walks[0].members.count) else { return false }
        close(start, 0x7B, 0x7D)
        return true
    }

    private mutating func writeLeft(_ from: Int, _ to: Int) -> Bool {
        var index = from
        while index < to {
            let member = unsafe walks[0].members[index]
            let value = Int(member.key) + 2
            let next = max(index + 1, Int(member.exit))
            let isNull = tape.byte(value) == 0x6E
            let isCarried = unsafe member.node >= 0 && carried[Int(member.node)] == 1
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
