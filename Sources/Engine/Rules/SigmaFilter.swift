/// A Sigma filter: a condition that rules of its logsource must meet besides their own.
///
/// Follows pySigma, where the filter's condition is added with `and`, so that what is to be left out is written
/// `not selection`; the specification's own example has it the other way round.
struct SigmaFilter: Sendable {
    var position: SourcePosition
    var logsource: Logsource
    /// Ids, names or titles; empty for all rules of the logsource.
    var rules: [String]
    var expression: RuleExpression

    init(reading document: Document, placeholders: [String: [String]]) throws(Problem) {
        guard let filter = document["filter"], filter.map != nil else {
            throw Problem(at: document["filter"]?.position, "'filter' must be a mapping")
        }
        guard let logsource = document["logsource"] else {
            throw Problem(at: document.position, "the filter has no 'logsource'")
        }
        position = document.position
        self.logsource = try Logsource(reading: logsource)
        rules = []
        if let named = filter["rules"], !named.isNull, named.string != "any" {
            for item in named.list ?? [named] {
                guard let text = item.string ?? item.text else {
                    throw Problem(at: item.position, "'rules' names rules by id or name, found \(item.kind)")
                }
                rules.append(text)
            }
        }
        let detection = Document(
            .map((filter.map ?? []).filter { $0.key != "rules" }), at: filter.position)
        expression = try DetectionReader(placeholders: placeholders).read(detection)
    }

    /// The filter's logsource must be the rule's, or more general.
    func applies(to rule: SigmaRule) -> Bool {
        for (wanted, has) in [
            (logsource.category, rule.logsource.category), (logsource.product, rule.logsource.product),
            (logsource.service, rule.logsource.service),
        ] where wanted != nil && wanted != has { return false }
        return rules.isEmpty || rules.contains { rule.head.isCalled($0) }
    }
}
