/// Finds a context in which one set of conditions holds and none of several others.
struct ConditionCover {
    /// Steps of the search for one question.
    static let nodesMax = 20_000
    /// Conditions on the right, in all.
    static let conditionsMax = 4_000

    enum Answer {
        /// There is none.
        case covered
        case gap(Assignment)
        /// The search was given up, or could have missed one.
        case unknown
    }

    /// Values of keys, and what conditions with variables are to be.
    struct Assignment: Sendable {
        var values: [(key: String, value: PolicyContext.Value)] = []
        var opaque: [(condition: PolicyCondition, holds: Bool)] = []
    }

    /// A key, or a condition with variables, which is true or false by itself.
    private struct Dimension {
        var key: String
        var values: [PolicyContext.Value?]
        var opaque: PolicyCondition?
    }

    /// Where one condition holds in its dimension.
    private struct Atom {
        var dimension: Int
        var holds: [UInt64]
    }

    private var dimensions: [Dimension] = []
    private var isComplete = true
    private var nodes = 0
    private var rights: [[Atom]] = []

    static func gap(_ left: [PolicyCondition], outside rights: [[PolicyCondition]]) -> Answer {
        if rights.isEmpty, left.isEmpty { return .gap(Assignment()) }
        if rights.contains(where: \.isEmpty) { return .covered }
        // Nearly always one of them asks no more than the left does, text by text.
        let isKnown = { (condition: PolicyCondition) in left.contains { $0.canonical == condition.canonical }
        }
        if rights.contains(where: { $0.allSatisfy(isKnown) }) { return .covered }
        guard rights.reduce(left.count, { $0 + $1.count }) <= conditionsMax else { return .unknown }
        var cover = ConditionCover()
        return cover.answer(left, rights)
    }

    private mutating func answer(_ left: [PolicyCondition], _ rights: [[PolicyCondition]]) -> Answer {
        let all = left + rights.flatMap(\.self)
        let atoms = atoms(of: all)
        var open = dimensions.map { Self.full($0.values.count) }
        for condition in left {
            guard let atom = atoms[condition.canonical] else { continue }
            open[atom.dimension] = Self.and(open[atom.dimension], atom.holds)
            if open[atom.dimension].allSatisfy({ $0 == 0 }) { return isComplete ? .covered : .unknown }
        }
        self.rights = rights.map { $0.compactMap { atoms[$0.canonical] } }.sorted { $0.count < $1.count }
        switch search(&open, from: 0) {
        case true?: return .gap(assignment(open, preferring: all))
        case false?: return isComplete ? .covered : .unknown
        case nil: return .unknown
        }
    }

    private mutating func atoms(of conditions: [PolicyCondition]) -> [String: Atom] {
        var byKey: [String: [PolicyCondition]] = [:]
        var order: [String] = []
        var known = Set<String>()
        var atoms: [String: Atom] = [:]
        for condition in conditions where known.insert(condition.canonical).inserted {
            if condition.hasVariable {
                atoms[condition.canonical] = Atom(dimension: dimensions.count, holds: [0b10])
                dimensions.append(
                    Dimension(key: condition.keyText, values: [nil, nil], opaque: condition))
                continue
            }
            if byKey[condition.key] == nil { order.append(condition.key) }
            byKey[condition.key, default: []].append(condition)
        }
        let empty = PolicyContext()
        for key in order {
            guard let list = byKey[key] else { continue }
            let domain = ConditionDomain(list)
            if !domain.isComplete { isComplete = false }
            for condition in list {
                var bits = [UInt64](repeating: 0, count: (domain.values.count + 63) / 64)
                for (index, value) in domain.values.enumerated() where condition.holds(for: value, in: empty)
                {
                    bits[index / 64] |= 1 << UInt64(index % 64)
                }
                atoms[condition.canonical] = Atom(dimension: dimensions.count, holds: bits)
            }
            dimensions.append(Dimension(key: list[0].keyText, values: domain.values))
        }
        return atoms
    }

    /// Makes one set of conditions after the other false; true if all are, `nil` if it takes too long.
    private mutating func search(_ open: inout [[UInt64]], from start: Int) -> Bool? {
        nodes += 1
        if nodes > Self.nodesMax { return nil }
        var number = start
        // One that is false already needs nothing.
        while number < rights.count,
            rights[number].contains(where: { Self.isDisjoint(open[$0.dimension], $0.holds) })
        {
            number += 1
        }
        if number == rights.count { return true }
        for atom in rights[number] {
            let before = open[atom.dimension]
            let left = Self.without(before, atom.holds)
            if left.allSatisfy({ $0 == 0 }) { continue }
            open[atom.dimension] = left
            guard let found = search(&open, from: number + 1) else { return nil }
            if found { return true }
            open[atom.dimension] = before
        }
        return false
    }

    private func assignment(_ open: [[UInt64]], preferring conditions: [PolicyCondition]) -> Assignment {
        var assignment = Assignment()
        for (dimension, bits) in zip(dimensions, open) {
            guard let word = bits.firstIndex(where: { $0 != 0 }) else { continue }
            let number = word * 64 + bits[word].trailingZeroBitCount
            if let opaque = dimension.opaque {
                // Undetermined: what an absent key gives.
                let isBoth = bits[0] == 0b11
                let absent = opaque.holds(for: nil, in: PolicyContext())
                assignment.opaque.append((opaque, isBoth ? absent : number == 1))
            } else if let value = dimension.values[number] {
                assignment.values.append((dimension.key, value))
            }
        }
        return assignment
    }

    // MARK: Bits

    private static func full(_ count: Int) -> [UInt64] {
        var bits = [UInt64](repeating: .max, count: (count + 63) / 64)
        if count % 64 != 0 { bits[bits.count - 1] = (1 << UInt64(count % 64)) - 1 }
        return bits
    }

    private static func and(_ a: [UInt64], _ b: [UInt64]) -> [UInt64] { zip(a, b).map { $0 & $1 } }
    private static func without(_ a: [UInt64], _ b: [UInt64]) -> [UInt64] { zip(a, b).map { $0 & ~$1 } }
    private static func isDisjoint(_ a: [UInt64], _ b: [UInt64]) -> Bool {
        zip(a, b).allSatisfy { $0 & $1 == 0 }
    }
}
