/// What `%name%` stands for under `expand`.
package enum RulePlaceholders {
    /// Reads a mapping of names to a value or a list of values.
    package static func read(_ document: Document) throws(Problems) -> [String: [String]] {
        guard let entries = document.map else {
            if document.isNull { return [:] }
            throw Problems([
                Problem(at: document.position, "expected names with lists of values, found \(document.kind)")
            ])
        }
        var values: [String: [String]] = [:]
        var problems: [Problem] = []
        for entry in entries {
            for item in entry.value.list ?? [entry.value] {
                if let text = item.string ?? item.text {
                    values[entry.key, default: []].append(text)
                } else {
                    problems.append(Problem(at: item.position, "expected text, found \(item.kind)"))
                }
            }
        }
        if !problems.isEmpty { throw Problems(problems) }
        return values
    }
}
