/// Which of the permissions that lead to others a document gives or denies: a bit for each.
///
/// Bits stand for `ActionCatalogue.escalating` in the order of the names. Whole documents come down to a few words, so
/// that what a change means to a thousand principals is a thousand comparisons of words.
package struct PolicyProbes: Hashable, Sendable {
    /// Two words hold all of the table.
    package struct Mask: Hashable, Sendable {
        var low: UInt64 = 0
        var high: UInt64 = 0

        /// Every permission of the table, and no bit that stands for none.
        static let all: Mask = {
            var mask = Mask()
            for bit in PolicyProbes.actions.indices { mask.insert(bit) }
            return mask
        }()

        var isEmpty: Bool { low == 0 && high == 0 }

        mutating func insert(_ bit: Int) {
            if bit < 64 { low |= 1 << UInt64(bit) } else if bit < 128 { high |= 1 << UInt64(bit - 64) }
        }

        func contains(_ bit: Int) -> Bool {
            bit < 64 ? low >> UInt64(bit) & 1 == 1 : bit < 128 && high >> UInt64(bit - 64) & 1 == 1
        }

        static func | (a: Mask, b: Mask) -> Mask { Mask(low: a.low | b.low, high: a.high | b.high) }
        static func & (a: Mask, b: Mask) -> Mask { Mask(low: a.low & b.low, high: a.high & b.high) }
        static func - (a: Mask, b: Mask) -> Mask { Mask(low: a.low & ~b.low, high: a.high & ~b.high) }

        /// The permissions' names: those that change who may do what before the others, each in order.
        package var names: [String] {
            let all = PolicyProbes.actions.enumerated().filter { contains($0.offset) }.map(\.element)
            return all.filter { PolicyProbes.isGoverning($0) } + all.filter { !PolicyProbes.isGoverning($0) }
        }
    }

    /// The permissions asked for, in the order of their bits.
    static let actions = ActionCatalogue.escalating.sorted()
    private static let symbols = actions.map { WildcardPattern.letters($0) }
    /// Those that change who may do what by themselves: whoever has one on any resource is an administrator.
    static let governing: Mask = {
        var mask = Mask()
        for (bit, action) in actions.enumerated()
        where isGoverning(action) { mask.insert(bit) }
        return mask
    }()

    /// Of an action in lower case.
    static func isGoverning(_ action: String) -> Bool {
        ActionCatalogue.escalating.contains(action)
            && (action.hasPrefix("iam:") || action == "sts:assumerole")
    }

    /// On some resource or another, perhaps under a condition.
    package var somewhere = Mask()
    /// On any resource, without a condition.
    package var anywhere = Mask()
    /// Denied on all resources, without a condition.
    package var denied = Mask()

    static let nothing = PolicyProbes()
    static let everything = PolicyProbes(somewhere: .all, anywhere: .all, denied: Mask())

    init(somewhere: Mask = Mask(), anywhere: Mask = Mask(), denied: Mask = Mask()) {
        self.somewhere = somewhere
        self.anywhere = anywhere
        self.denied = denied
    }

    init(_ policy: AccessPolicy) {
        self.init()
        for statement in policy.statements {
            let isOpen =
                statement.conditions.isEmpty
                && (statement.resources.isComplement
                    ? statement.resources.elements.isEmpty
                    : statement.resources.elements.contains(where: \.isAny))
            for (bit, action) in Self.symbols.enumerated() where statement.concerns(action: action) {
                if statement.isAllow {
                    somewhere.insert(bit)
                    if isOpen { anywhere.insert(bit) }
                } else if isOpen {
                    denied.insert(bit)
                }
            }
        }
    }

    /// Of all of a principal's policies together.
    static func | (a: PolicyProbes, b: PolicyProbes) -> PolicyProbes {
        PolicyProbes(
            somewhere: a.somewhere | b.somewhere, anywhere: a.anywhere | b.anywhere,
            denied: a.denied | b.denied)
    }

    /// Within a boundary, or under a guardrail.
    func limited(by limit: PolicyProbes) -> PolicyProbes {
        PolicyProbes(
            somewhere: somewhere & limit.somewhere, anywhere: anywhere & limit.anywhere,
            denied: denied | limit.denied)
    }

    /// What is allowed and not denied.
    var effective: Mask { somewhere - denied }

    /// Whether whoever has it can give themselves more.
    var isGoverning: Bool { !((anywhere - denied) & Self.governing).isEmpty }
}
