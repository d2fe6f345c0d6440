/// The rules of a set of files, and everything that is wrong with them.
package struct RuleSet: Sendable {
    package var rules: [SigmaRule] = []
    /// Each behind the correlations that it is made of.
    package var correlations: [SigmaCorrelation] = []
    /// One for each rule that is not loaded, and why; the others load on.
    package var problems: [Problem] = []
    /// Rules written twice in the same words under the same id; one of them is used.
    package var repeated = 0
    /// Filter documents, which are in the rules that they are for.
    package var filters = 0
    /// Named files and folders that are not there; they are among the problems, too.
    package var absent: [Problem] = []

    package init() {}

    /// The rules that are wrong: left out where something runs, and what `validate` refuses.
    package var errors: [Problem] { problems.filter { !$0.isWarning } }
    /// The rules that are sound and are left out: of no use without rules or values that only the user knows.
    package var warnings: [Problem] { problems.filter(\.isWarning) }

    /// Nothing runs with rules that were named and are not there: that is a slip in a command or a file.
    package func throwAbsent() throws(Problems) {
        if !absent.isEmpty { throw Problems(absent) }
    }

    /// Rules, correlations and filters in all documents of all files.
    ///
    /// - Parameters:
    ///   - placeholders: the values of `%name%` under `expand`.
    ///   - schema: what the fields of rules on OCSF events are checked against.
    package init(
        reading documents: [Document], placeholders: [String: [String]] = [:], schema: OCSFSchema? = nil
    ) {
        var seen: [String: SourcePosition] = [:]
        var places: [String: Int] = [:]
        var unresolved: [SigmaCorrelation] = []
        var waiting: [SigmaFilter] = []
        for document in documents where !document.isNull {
            do throws(Problem) {
                if document["correlation"] != nil {
                    let correlation = try SigmaCorrelation(reading: document)
                    try Self.note(correlation.head, in: document, &seen)
                    unresolved.append(correlation)
                } else if document["filter"] != nil {
                    waiting.append(try SigmaFilter(reading: document, placeholders: placeholders))
                } else {
                    let rule = try SigmaRule(reading: document, placeholders: placeholders)
                    if let schema { try rule.checkFields(against: schema) }
                    if let place = places[rule.id], rules[place] == rule {
                        repeated += 1
                    } else {
                        try Self.note(rule.head, in: document, &seen)
                        places[rule.id] = rules.count
                        rules.append(rule)
                    }
                }
            } catch {
                problems.append(error)
            }
        }
        for filter in waiting { apply(filter) }
        resolve(unresolved)
    }

    /// An id is one rule's.
    private static func note(
        _ head: RuleHead, in document: Document, _ seen: inout [String: SourcePosition]
    ) throws(Problem) {
        if let first = seen[head.id] {
            throw Problem(
                at: document["id"]?.position ?? document.position,
                "the id \(head.id) is already taken by another rule", hint: "see \(first.file):\(first.line)")
        }
        seen[head.id] = head.position
    }

    // MARK: Filters

    /// Adds a filter's condition to the rules that it is for.
    private mutating func apply(_ filter: SigmaFilter) {
        var isUsed = false
        var missing: String?
        for name in filter.rules {
            let found = rules.indices.filter { rules[$0].head.isCalled(name) }
            if found.isEmpty, missing == nil { missing = name }
        }
        for index in rules.indices where filter.applies(to: rules[index]) {
            rules[index].expression = .all([rules[index].expression, filter.expression])
            isUsed = true
        }
        filters += isUsed ? 1 : 0
        if let missing {
            problems.append(unknown(missing, at: filter.position, isWarning: true))
        } else if !isUsed {
            problems.append(
                Problem(
                    at: filter.position, "no loaded rule has the filter's logsource",
                    hint: filter.logsource.description, isWarning: true))
        }
    }

    // MARK: Correlations

    /// Puts what correlations refer to in place of its names; those that refer to something absent, or to themselves
    /// by a detour, are not loaded.
    private mutating func resolve(_ unresolved: [SigmaCorrelation]) {
        var left = unresolved
        var isMoving = true
        while isMoving, !left.isEmpty {
            isMoving = false
            var waiting: [SigmaCorrelation] = []
            for var correlation in left {
                guard let members = members(of: correlation) else {
                    waiting.append(correlation)
                    continue
                }
                correlation.members = members
                if let problem = groupProblem(of: correlation) {
                    problems.append(problem)
                } else {
                    correlations.append(correlation)
                }
                isMoving = true
            }
            left = waiting
        }
        for correlation in left { problems.append(unresolvable(correlation, among: left)) }
    }

    /// `nil` while one of them is not there (yet).
    private func members(of correlation: SigmaCorrelation) -> [SigmaCorrelation.Member]? {
        var members: [SigmaCorrelation.Member] = []
        for reference in correlation.references {
            if let index = rules.firstIndex(where: { $0.head.isCalled(reference.name) }) {
                members.append(.rule(index))
            } else if let index = correlations.firstIndex(where: { $0.head.isCalled(reference.name) }) {
                members.append(.correlation(index))
            } else {
                return nil
            }
        }
        return members
    }

    /// A correlation of correlations sees only what those group by.
    private func groupProblem(of correlation: SigmaCorrelation) -> Problem? {
        for (reference, member) in zip(correlation.references, correlation.members) {
            guard case .correlation(let inner) = member else { continue }
            let known = correlations[inner].groupBy
            for field in correlation.fields(of: reference.name) where !known.contains(field) {
                return Problem(
                    at: reference.position, "“\(reference.name)” does not group by \(field)",
                    hint: "it groups by \(known.joined(separator: ", "))")
            }
        }
        return nil
    }

    private func unresolvable(_ correlation: SigmaCorrelation, among left: [SigmaCorrelation]) -> Problem {
        for reference in correlation.references {
            let isKnown =
                rules.contains { $0.head.isCalled(reference.name) }
                || (correlations + left).contains { $0.head.isCalled(reference.name) }
            if !isKnown { return unknown(reference.name, at: reference.position, isWarning: true) }
        }
        return Problem(
            at: correlation.head.position, "the correlation refers to itself, or to one that is not loaded")
    }

    private func unknown(_ name: String, at position: SourcePosition, isWarning: Bool) -> Problem {
        let names = rules.flatMap { [$0.name ?? $0.title, $0.id] }
        let near = nearestName(to: name, among: names)
        return Problem(
            at: position, "no loaded rule is called “\(name)”",
            hint: near.map { "did you mean “\($0)”?" } ?? "load the file that has it, too",
            isWarning: isWarning)
    }
}

extension RuleHead {
    /// Whether a correlation or a filter means this rule: by id or name, or by title, as some packs do.
    func isCalled(_ reference: String) -> Bool {
        id == reference || name == reference || title == reference
    }
}
