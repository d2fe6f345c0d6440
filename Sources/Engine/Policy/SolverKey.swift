/// A key of the request's context as unknowns of a formula: absent, one value, or several.
struct SolverKey {
    enum Kind { case text, number, time, address }

    /// In lower case.
    let key: String
    let kind: Kind
    /// How many values it may hold at once.
    ///
    /// As many as there are conditions with `ForAnyValue` and `ForAllValues` on it are enough: each is made to hold, or
    /// not to hold, by one value at most, and taking the others away changes no other.
    let slots: Int
    private let name: String

    init(_ key: String, _ kind: Kind, slots: Int, number: Int) {
        self.key = key
        self.kind = kind
        self.slots = slots
        name = "k\(number)"
    }

    var present: String { "\(name).present" }
    func value(_ slot: Int) -> String { "\(name).\(slot)" }
    /// An address of IPv6 stands in 128 bits.
    func wide(_ slot: Int) -> String { "\(name).\(slot).wide" }
    func isWide(_ slot: Int) -> String { "\(name).\(slot).v6" }
    /// Whether a value is of the kind at all: a number, a time, an address.
    func isValid(_ slot: Int) -> String { slot < 0 || kind == .text ? "true" : "\(name).\(slot).valid" }
    /// The first is always used where the key is there.
    func isUsed(_ slot: Int) -> String { slot == 0 ? "true" : "\(name).\(slot).used" }
    var isSingle: String { slots == 1 ? "true" : SolverText.not(isUsed(1)) }

    var declarations: [String] {
        var lines = ["(declare-const \(present) Bool)"]
        for slot in 0..<slots {
            if slot > 0 { lines.append("(declare-const \(isUsed(slot)) Bool)") }
            // They are filled from the first on.
            if slot > 1 { lines.append("(assert \(SolverText.implies(isUsed(slot), isUsed(slot - 1))))") }
            switch kind {
            case .text: lines.append("(declare-const \(value(slot)) String)")
            case .number: lines.append("(declare-const \(value(slot)) Real)")
            case .time: lines.append("(declare-const \(value(slot)) Int)")
            case .address:
                lines.append("(declare-const \(value(slot)) (_ BitVec 32))")
                lines.append("(declare-const \(wide(slot)) (_ BitVec 128))")
                lines.append("(declare-const \(isWide(slot)) Bool)")
                // What is mapped into IPv6 is an address of IPv4.
                lines.append(
                    "(assert (not (= ((_ extract 127 32) \(wide(slot))) #x\(String(repeating: "0", count: 20))ffff)))"
                )
            }
            if kind != .text { lines.append("(declare-const \(isValid(slot)) Bool)") }
        }
        return lines
    }

    /// What is asked of a model.
    var unknowns: [String] {
        var names = [present]
        for slot in 0..<slots {
            names.append(value(slot))
            if slot > 0 { names.append(isUsed(slot)) }
            if kind != .text { names.append(isValid(slot)) }
            if kind == .address { names += [wide(slot), isWide(slot)] }
        }
        return names
    }

    /// The key's value in a model; `nil` where it is absent, or the model says something else than was asked.
    func value(in model: [String: SolverTerm]) -> PolicyContext.Value? {
        guard model[present] == .word("true") else { return nil }
        var texts: [String] = []
        for slot in 0..<slots where slot == 0 || model[isUsed(slot)] == .word("true") {
            guard let text = text(slot, in: model) else { return nil }
            texts.append(text)
        }
        return texts.count == 1 ? .single(texts[0]) : .list(texts)
    }

    private func text(_ slot: Int, in model: [String: SolverTerm]) -> String? {
        if kind != .text, model[isValid(slot)] != .word("true") { return "none" }
        switch (kind, model[value(slot)]) {
        case (.text, .text(let text)): return text
        case (.number, let term?): return Self.number(term)
        case (.time, let term?):
            return Self.number(term).flatMap { Int64($0.prefix { $0 != "." }) }
                .map { Timestamp(milliseconds: $0).iso8601 }
        case (.address, .word(let bits)):
            if model[isWide(slot)] == .word("true") {
                guard case .word(let wide)? = model[wide(slot)], wide.hasPrefix("#x") else { return nil }
                let digits = Array(wide.dropFirst(2))
                return stride(from: 0, to: digits.count, by: 4).map {
                    String(digits[$0..<min($0 + 4, digits.count)])
                }
                .joined(separator: ":")
            }
            guard bits.hasPrefix("#x"), let address = UInt32(bits.dropFirst(2), radix: 16) else { return nil }
            return (0..<4).map { "\(address >> (24 - 8 * UInt32($0)) & 0xFF)" }.joined(separator: ".")
        default: return nil
        }
    }

    /// `5`, `5.0`, `(- 5.0)`, `(/ 5.0 2.0)`.
    private static func number(_ term: SolverTerm) -> String? {
        switch term {
        case .word(let word): return Double(word) == nil ? nil : word
        case .text: return nil
        case .list(let parts):
            guard case .word(let operation)? = parts.first else { return nil }
            let rest = parts.dropFirst().compactMap(number)
            switch (operation, rest.count) {
            case ("-", 1): return rest[0].hasPrefix("-") ? nil : "-" + rest[0]
            case ("/", 2):
                guard let above = Double(rest[0]), let below = Double(rest[1]), below != 0 else { return nil }
                return "\(above / below)"
            default: return nil
            }
        }
    }
}
