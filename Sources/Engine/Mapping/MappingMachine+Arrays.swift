/// Arrays of objects.
extension MappingMachine {
    mutating func array(_ op: Int) {
        let mark = out.count
        let expressions = program.ops[op].expressions
        for index in expressions.indices {
            guard holds(program.expressions[index].conditions) else { continue }
            let kind = program.expressions[index].kind
            if kind == .nothing { return }
            append(program.ops[op].text)
            if kind == .items {
                let items = program.expressions[index].items
                for number in items.indices { item(number) }
            } else {
                each(index)
            }
            if isEmpty(0x5B) {
                out.count = mark
                continue
            }
            unsafe out.base[out.count - 1] = 0x5D
            out.append(0x2C)
            return
        }
    }

    private mutating func item(_ number: Int) {
        guard holds(program.items[number].conditions) else { return }
        let start = out.count
        out.append(0x7B)
        let required = program.items[number].required
        if required.count > 0 {
            run(required)
            if isEmpty(0x7B) {
                out.count = start
                return
            }
        }
        run(program.items[number].ops)
        close(start, 0x7B, 0x7D)
    }

    /// Writes an object for each element; the array counts as carried if every member of every element was.
    private mutating func each(_ expression: Int) {
        let (references, items) = (
            program.expressions[expression].references, program.expressions[expression].items
        )
        guard references.count > 0, items.count > 0 else { return }
        let reference = program.references[Int(references.start)]
        guard let token = value(reference) else { return }
        let walk = Int(program.expressions[expression].trie)
        let isWhole = forEach(token) { machine, element in
            machine.element(element, Int(items.start), walk)
        }
        if isWhole { carry(reference) }
    }

    /// Calls `body` with each element of an array, or with the value itself; whether all were looked at and every
    /// call said yes.
    @inline(__always)
    mutating func forEach(_ token: Int, _ body: (inout MappingMachine, Int) -> Bool) -> Bool {
        guard tape.byte(token) == 0x5B else { return body(&self, token) }
        let end = Int(tape.matches[token])
        var element = token + 1
        var number = 0
        var isWhole = true
        while element < end {
            if number == Self.elementsMax { return false }
            isWhole = body(&self, element) && isWhole
            element = tape.after(element) + 1
            number += 1
        }
        return isWhole
    }

    private mutating func element(_ token: Int, _ item: Int, _ walk: Int) -> Bool {
        let isObject = tape.byte(token) == 0x7B
        if isObject {
            guard unsafe walks[walk].walk(tape, token) else { return false }
        } else {
            unsafe walks[walk].take(tape, token)
        }
        self.item(item)
        return isCarried(walk, isObject)
    }

    /// Whether all of the element last walked is in the event.
    private func isCarried(_ number: Int, _ isObject: Bool) -> Bool {
        let walk = unsafe walks[number]
        if unsafe walk.carried[0] == 1 { return true }
        guard isObject else { return false }
        var index = 0
        while index < walk.members.count {
            let member = walk.members[index]
            // A null at a path that the mapping names is nothing to keep.
            if member.node >= 0,
                unsafe walk.carried[Int(member.node)] == 1 || walk.slots[Int(member.node)] == -2
            {
                index = max(index + 1, Int(member.exit))
            } else if member.exit > 0 {
                index += 1
            } else {
                return false
            }
        }
        return true
    }
}
