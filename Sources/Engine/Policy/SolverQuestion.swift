/// One question about two policies as a formula for a solver: is there a request that shows the difference?
///
/// What the comparison's own procedure gives up (policy variables beside exceptions, patterns made to be slow, sets of
/// many values) is asked so. Nothing is approximated: what has no encoding here makes no question.
package struct SolverQuestion: Sendable {
    /// SMT-LIB, ending with the check and with what is wanted of a model.
    package let text: String
    let kind: PolicyComparison.Question
    let reading: ResourceReading
    let isGained: Bool
    private let keys: [SolverKey]
    private let keyTexts: [String: String]
    private let principals: [RequestPrincipal]

    /// What a solver may spend on one question, in Z3's own count: a few seconds.
    static let stepsMax = 5_000_000
    /// Bytes of a question that a solver is worth asking.
    static let bytesMax = 4 << 20

    /// `nil` for what cannot be written as a formula.
    init?(
        _ comparison: PolicyComparison, _ kind: PolicyComparison.Question, _ reading: ResourceReading,
        isGained: Bool
    ) {
        let (more, less) = comparison.sides(isGained: isGained)
        guard var encoder = SolverEncoder(more.statements + less.statements, comparison.principals, reading)
        else { return nil }
        self.kind = kind
        self.reading = reading
        self.isGained = isGained
        principals = comparison.principals
        guard let allows = encoder.any(more.statements.filter(\.isAllow)),
            let denies = encoder.any(more.statements.filter { !$0.isAllow }),
            let otherAllows = encoder.any(less.statements.filter(\.isAllow)),
            let otherDenies = encoder.any(less.statements.filter { !$0.isAllow })
        else { return nil }
        let wanted: [String] =
            switch kind {
            case .allowed: [allows, SolverText.not(denies), SolverText.not(otherAllows)]
            case .overruled: [allows, SolverText.not(denies), otherDenies]
            case .undenied: [SolverText.not(denies), otherDenies]
            }
        keys = encoder.keys
        keyTexts = encoder.keyTexts
        // The same answer on every machine, whatever else it has to do.
        var lines = ["(set-option :rlimit \(Self.stepsMax))"] + encoder.declarations
        lines += wanted.map { "(assert \($0))" }
        lines += ["(check-sat)", "(get-value (\((encoder.unknowns).joined(separator: " "))))"]
        text = lines.joined(separator: "\n") + "\n"
        guard text.utf8.count <= Self.bytesMax else { return nil }
    }

    package enum Answer: Sendable {
        /// No request at all shows the difference.
        case none
        /// This one does, if the evaluator sees it too.
        case request(PolicyRequest)
        case unknown
    }

    /// What a solver's output says.
    package func answer(_ output: String) -> Answer {
        guard let terms = SolverTerm.all(output), let first = terms.first else { return .unknown }
        if first == .word("unsat") { return .none }
        guard first == .word("sat"), terms.count > 1, case .list(let pairs) = terms[1] else {
            return .unknown
        }
        var model: [String: SolverTerm] = [:]
        for pair in pairs {
            guard case .list(let parts) = pair, parts.count == 2, case .word(let name) = parts[0] else {
                continue
            }
            model[name] = parts[1]
        }
        guard let request = request(model) else { return .unknown }
        return .request(request)
    }

    private func request(_ model: [String: SolverTerm]) -> PolicyRequest? {
        guard case .text(let action)? = model["action"] else { return nil }
        var segments: [String] = []
        for number in 0..<6 {
            guard case .text(let segment)? = model["r\(number)"] else { return nil }
            segments.append(segment)
        }
        var principal = RequestPrincipal("")
        if principals.count > 1 {
            guard case .word(let number)? = model["principal"], let index = Int(number),
                principals.indices.contains(index)
            else { return nil }
            principal = principals[index]
        } else if let only = principals.first {
            principal = only
        }
        var context = PolicyContext()
        for key in keys {
            if let value = key.value(in: model) { context[keyTexts[key.key] ?? key.key] = value }
        }
        let isSpecial = model["special"] == .word("true")
        return PolicyRequest(
            action: action, resource: isSpecial ? "*" : segments.joined(separator: ":"), principal: principal,
            context: context)
    }
}
