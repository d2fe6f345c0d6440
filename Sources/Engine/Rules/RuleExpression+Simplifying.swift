extension RuleExpression {
    /// Flattens, drops constants, and makes one question of several texts that a field may hold in the same
    /// shape.
    func simplified() -> RuleExpression {
        switch self {
        case .constant, .test: return self
        case .not(let inner):
            switch inner.simplified() {
            case .constant(let value): return .constant(!value)
            case .not(let twice): return twice
            case let simple: return .not(simple)
            }
        case .all(let terms):
            var flat: [RuleExpression] = []
            for term in terms {
                switch term.simplified() {
                case .constant(true): continue
                case .constant(false): return .constant(false)
                case .all(let inner): flat += inner
                case let simple: flat.append(simple)
                }
            }
            return flat.isEmpty ? .constant(true) : flat.count == 1 ? flat[0] : .all(flat)
        case .any(let terms):
            var flat: [RuleExpression] = []
            for term in terms {
                switch term.simplified() {
                case .constant(false): continue
                case .constant(true): return .constant(true)
                case .any(let inner): flat += inner
                case let simple: flat.append(simple)
                }
            }
            flat = Self.merged(flat)
            return flat.isEmpty ? .constant(false) : flat.count == 1 ? flat[0] : .any(flat)
        }
    }

    private static func merged(_ terms: [RuleExpression]) -> [RuleExpression] {
        struct Key: Hashable {
            var field: String?
            var shape: RuleCheck.Shape
            var isCased: Bool
        }
        var places: [Key: Int] = [:]
        var result: [RuleExpression] = []
        for term in terms {
            guard case .test(let test) = term, case .text(let shape, let texts, let isCased) = test.check
            else {
                result.append(term)
                continue
            }
            let key = Key(field: test.field, shape: shape, isCased: isCased)
            if let place = places[key], case .test(var first) = result[place],
                case .text(_, let before, _) = first.check
            {
                first.check = .text(shape, before + texts, isCased: isCased)
                result[place] = .test(first)
            } else {
                places[key] = result.count
                result.append(term)
            }
        }
        return result
    }

    /// Roughly, in units of one comparison of a short text.
    var cost: Int {
        switch self {
        case .constant: 0
        case .not(let inner): inner.cost
        case .all(let terms), .any(let terms): terms.reduce(0) { $0 + $1.cost }
        case .test(let test):
            switch test.check {
            case .exists, .null: 1
            case .text(.equals, _, _): 2
            case .text(.contains, let texts, _): (test.field == nil ? 200 : 5) + texts.count * 2
            case .text(_, let texts, _): 2 + texts.count
            case .number, .datePart, .network: 20
            case .field: 10
            case .glob: test.field == nil ? 2_000 : 20
            case .pattern: test.field == nil ? 2_000 : 100
            }
        }
    }
}
