/// One loaded Sigma rule: what a finding says about it, and what it asks of an event.
package struct SigmaRule: Sendable {
    package enum Level: String, CaseIterable, Sendable { case informational, low, medium, high, critical }

    /// The rule's `id`; where it has none, a digest of its title and detection.
    package var id: String
    package var title: String
    /// Referable from correlations.
    package var name: String?
    package var summary: String
    package var level: Level
    package var status: String
    package var tags: [String]
    package var references: [String]
    package var falsePositives: [String]
    package var logsource: Logsource
    package var position: SourcePosition
    var expression: RuleExpression

    package static func == (a: SigmaRule, b: SigmaRule) -> Bool {
        a.id == b.id && a.logsource == b.logsource && a.expression == b.expression
    }
}

/// Which log a rule is written for.
package struct Logsource: Hashable, Sendable {
    package var category: String?
    package var product: String?
    package var service: String?

    /// `aws/cloudtrail`, `linux/process_creation`, for people.
    package var description: String { [product, category, service].compactMap { $0 }.joined(separator: "/") }
}

/// The rules of a set of files, and everything that is wrong with them.
package struct RuleSet: Sendable {
    package var rules: [SigmaRule] = []
    /// One for each rule that is not loaded, and why; the others load on.
    package var problems: [Problem] = []
    /// Rules written twice in the same words under the same id; one of them is used.
    package var repeated = 0

    package init() {}

    /// The rules that are wrong: what must be mended before anything runs with this set.
    package var errors: [Problem] { problems.filter { !$0.isWarning } }
    /// The rules that are sound and are left out: of a kind that is not evaluated, or without values that only the
    /// user knows.
    package var warnings: [Problem] { problems.filter(\.isWarning) }

    package func throwErrors() throws(Problems) {
        if problems.contains(where: { !$0.isWarning }) { throw Problems(errors) }
    }

    /// Rules in all documents of all files; `placeholders` are the values of `%name%` under `expand`.
    package init(reading documents: [Document], placeholders: [String: [String]] = [:]) {
        var seen: [String: Int] = [:]
        for document in documents where !document.isNull {
            do throws(Problem) {
                let rule = try SigmaRule(reading: document, placeholders: placeholders)
                if let index = seen[rule.id] {
                    guard rules[index] == rule else {
                        let first = rules[index].position
                        throw Problem(
                            at: document["id"]?.position ?? document.position,
                            "the id \(rule.id) is already taken by another rule",
                            hint: "see \(first.file):\(first.line)")
                    }
                    repeated += 1
                } else {
                    seen[rule.id] = rules.count
                    rules.append(rule)
                }
            } catch {
                problems.append(error)
            }
        }
    }
}
