extension RuleCompiler {
    /// For each field, the values of which a matching record must hold one; fields without such a need are
    /// absent.
    mutating func requirements(_ expression: RuleExpression, _ logsource: Logsource) -> [Int32: Set<
        [UInt8]
    >] {
        switch expression {
        case .test(let test):
            guard let field = test.field, case .text(.equals, let texts, _) = test.check else { return [:] }
            return [fieldNumber(field, logsource): Set(texts.map(CaseFolding.folded))]
        case .all(let terms):
            var merged: [Int32: Set<[UInt8]>] = [:]
            for term in terms {
                for (field, values) in requirements(term, logsource) {
                    if let other = merged[field], other.count <= values.count { continue }
                    merged[field] = values
                }
            }
            return merged
        case .any(let terms):
            var merged: [Int32: Set<[UInt8]>]?
            for term in terms {
                let needs = requirements(term, logsource)
                guard let before = merged else {
                    merged = needs
                    continue
                }
                merged = before.reduce(into: [:]) { result, need in
                    if let other = needs[need.key] { result[need.key] = need.value.union(other) }
                }
            }
            return merged ?? [:]
        case .constant, .not: return [:]
        }
    }

    /// The program of all rules that were added.
    consuming func finish() -> RuleProgram {
        var left = required
        while program.dispatches.count < Self.dispatchesMax, let field = dispatchField(of: left) {
            var members: [(value: [UInt8], rule: Int32)] = []
            left.removeAll { needs, rule in
                guard let values = needs[field] else { return false }
                members += values.map { ($0, rule) }
                return true
            }
            addDispatch(field, members)
        }
        program.always = left.map(\.rule)
        let first = firstFields()
        program.firstReading = reading(of: first)
        let rest = Set(paths.map(\.field)).union(program.predicates.map(\.field)).subtracting(first)
        if !rest.isEmpty { program.restReading = reading(of: rest) }
        return program
    }

    /// The field that takes the most rules off the always list, and spreads them over the most values.
    private func dispatchField(of rules: [(first: [Int32: Set<[UInt8]>], rule: Int32)]) -> Int32? {
        var gain: [Int32: (rules: Int, values: Set<[UInt8]>)] = [:]
        for (needs, _) in rules {
            for (field, values) in needs {
                gain[field, default: (0, [])].rules += 1
                gain[field, default: (0, [])].values.formUnion(values)
            }
        }
        func rank(_ field: Int32) -> (Int, Int, Int32) {
            let found = gain[field] ?? (0, [])
            return (min(found.rules, found.values.count), found.rules, -field)
        }
        return gain.keys.max { rank($0) < rank($1) }
    }

    private mutating func addDispatch(_ field: Int32, _ members: [(value: [UInt8], rule: Int32)]) {
        let groups = Dictionary(grouping: members, by: \.value)
        var size = 4
        while size < groups.count * 2 { size *= 2 }
        let start = program.slots.count
        program.slots += Array(repeating: .init(), count: size)
        for (value, group) in groups.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            let hash = Bytes.hash(value.span)
            var index = Int(truncatingIfNeeded: hash) & (size - 1)
            while program.slots[start + index].count > 0 { index = (index + 1) & (size - 1) }
            let rules = Set(group.map(\.rule)).sorted()
            program.slots[start + index] = .init(
                hash: hash, bytes: add(value), first: Int32(program.slotRules.count),
                count: Int32(rules.count))
            program.slotRules += rules
        }
        program.dispatches.append(.init(field: field, start: Int32(start), mask: Int32(size - 1)))
    }

    // MARK: Readings

    /// The fields of the dispatches, and of the rules that no dispatch covers.
    private func firstFields() -> Set<Int32> {
        var fields = Set(program.dispatches.map(\.field))
        var seen = Set<Int32>()
        for rule in program.always.map({ program.rules[Int($0)] }) {
            var predicates = rule.evidence.map(\.predicate)
            var open = [rule.entry]
            while let place = open.popLast() {
                guard place >= 0, seen.insert(place).inserted else { continue }
                let branch = program.branches[Int(place)]
                predicates.append(branch.predicate)
                open += [branch.ifTrue, branch.ifFalse]
            }
            for predicate in predicates.map({ program.predicates[Int($0)] }) {
                fields.insert(predicate.field)
                if predicate.operation == .field { fields.insert(predicate.first) }
            }
            for tap in rule.taps { fields.formUnion(tap.group + tap.values) }
        }
        return fields
    }

    private func reading(of fields: Set<Int32>) -> RuleProgram.Reading {
        .init(
            trie: FieldTrie(paths.filter { fields.contains($0.field) }),
            takesRecord: fields.contains(FieldValues.record) || fields.contains(FieldValues.decodedRecord))
    }
}
