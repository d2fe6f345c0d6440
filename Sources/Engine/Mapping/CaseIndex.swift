/// Finds the first of a mapping's cases that a record's values match: those without a `*` by their text, the others one
/// after the other.
struct CaseIndex: Sendable {
    private var exact: [[[UInt8]]: Int] = [:]
    /// How many values the exact ones ask for.
    private var counts: Set<Int> = []
    private var others: [(index: Int, pattern: [[UInt8]])] = []

    init(_ patterns: [MappingDocument.Pattern]) {
        for (index, pattern) in patterns.enumerated() {
            let parts = pattern.parts.map { Array($0.utf8) }
            if parts.contains(where: { $0.contains(UInt8(ascii: "*")) }) {
                others.append((index, parts))
            } else if exact[parts] == nil {
                exact[parts] = index
                counts.insert(parts.count)
            }
        }
    }

    /// By place among the patterns; values that a pattern does not ask for may be anything.
    func first(matching values: [[UInt8]]) -> Int? {
        let found = counts.compactMap { $0 <= values.count ? exact[Array(values[..<$0])] : nil }.min()
        for (index, pattern) in others {
            if let found, found < index { break }
            if MappingDocument.Pattern.match(pattern, values) { return index }
        }
        return found
    }
}
