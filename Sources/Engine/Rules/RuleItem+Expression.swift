/// What is left behind the last modifier, as an expression.
extension RuleItem {
    func finish() throws(Problem) -> RuleExpression {
        if isAll, operands.count < 2 {
            throw fault("'all' needs a list of at least two values", hint: "remove '|all'")
        }
        var terms: [RuleExpression] = []
        for operand in operands { terms.append(try expression(operand)) }
        let linked: RuleExpression = terms.count == 1 ? terms[0] : isAll ? .all(terms) : .any(terms)
        return isNegated ? .not(linked) : linked
    }

    private func expression(_ operand: Operand) throws(Problem) -> RuleExpression {
        func test(_ check: RuleCheck) -> RuleExpression {
            .test(RuleTest(field: field, check: check, position: operand.position))
        }
        if datePart != nil || comparison != nil { return test(try measured(operand)) }
        switch operand.value {
        case .text(let text): return try textual(text, operand)
        case .bytes(let bytes): return try textual(try Self.text(of: bytes, operand), operand)
        case .number(let number, let text):
            guard field != nil else { return try textual(SigmaText(literal: operand.written), operand) }
            if text.utf8.allSatisfy({ $0 == UInt8(ascii: "-") || (48...57).contains($0) }) {
                return test(.text(.equals, [text], isCased: false))
            }
            return test(.number(.equal, number))
        case .bool(let bool):
            return test(.text(field == nil ? .contains : .equals, ["\(bool)"], isCased: false))
        case .null:
            guard field != nil else { throw Problem(at: operand.position, "null cannot be a keyword") }
            return test(.null)
        case .pattern(let pattern): return test(try checked(pattern, operand))
        case .check(.null): return .not(test(.exists))
        case .check(let check): return test(check)
        case .field(let name):
            guard field != nil else {
                throw Problem(at: operand.position, "'fieldref' needs a field to compare with")
            }
            return test(.field(name, shape, isCased: isCased))
        }
    }

    /// Wildcards at the ends become a prefix, a suffix or a substring; what is left is a glob.
    private func textual(_ written: SigmaText, _ operand: Operand) throws(Problem) -> RuleExpression {
        var text = written
        if field == nil { text.open(front: true, back: true) }
        func test(_ check: RuleCheck) -> RuleExpression {
            .test(RuleTest(field: field, check: check, position: operand.position))
        }
        var middle = text.parts[...]
        while middle.count > 1, middle.first == .anyRun, middle.dropFirst().first == .anyRun {
            middle = middle.dropFirst()
        }
        while middle.count > 1, middle.last == .anyRun, middle.dropLast().last == .anyRun {
            middle = middle.dropLast()
        }
        if middle.count == 1, middle.first == .anyRun { return test(.text(.contains, [""], isCased: false)) }
        let opensFront = middle.first == .anyRun
        let opensBack = middle.last == .anyRun
        if opensFront { middle = middle.dropFirst() }
        if opensBack { middle = middle.dropLast() }
        guard let plain = SigmaText(parts: Array(middle)).plain else {
            return test(.glob(text, isCased: isCased))
        }
        let shape: RuleCheck.Shape =
            opensFront ? (opensBack ? .contains : .endsWith) : opensBack ? .startsWith : .equals
        return test(.text(shape, [plain], isCased: isCased))
    }

    private func checked(_ pattern: String, _ operand: Operand) throws(Problem) -> RuleCheck {
        if let lowered = PatternShape.lowered(pattern, flags) { return lowered }
        do throws(SearchPattern.Refused) {
            _ = try SearchPattern(pattern, flags)
        } catch {
            throw Problem(at: operand.position, "the regular expression is refused: \(error.reason)")
        }
        return .pattern(pattern, flags)
    }

    private func measured(_ operand: Operand) throws(Problem) -> RuleCheck {
        let number: Double
        switch operand.value {
        case .number(let value, _): number = value
        case .text:
            guard let value = Double(operand.written) else { fallthrough }
            number = value
        default: throw Problem(at: operand.position, "expected a number, found '\(operand.written)'")
        }
        guard let part = datePart else { return .number(comparison ?? .equal, number) }
        return .datePart(part, comparison ?? .equal, number)
    }
}
