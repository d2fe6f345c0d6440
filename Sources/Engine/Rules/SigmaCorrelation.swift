/// One loaded Sigma correlation: what must come together, for whom, and within which time.
package struct SigmaCorrelation: Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        case eventCount = "event_count"
        case valueCount = "value_count"
        case temporal
        case temporalOrdered = "temporal_ordered"
        case valueSum = "value_sum"
        case valueAverage = "value_avg"
        case valuePercentile = "value_percentile"
        case valueMedian = "value_median"
    }

    /// One comparison of a condition; all of them must hold.
    struct Bound: Hashable, Sendable {
        enum Operator: String, CaseIterable, Sendable { case gt, gte, lt, lte, eq, neq }
        var comparison: Operator
        var value: Double
    }

    /// A rule as the correlation names it.
    struct Reference: Hashable, Sendable {
        var name: String
        var position: SourcePosition
    }

    /// What a reference names, by its place in the rule set.
    enum Member: Hashable, Sendable {
        case rule(Int)
        case correlation(Int)
    }

    package var head: RuleHead
    package var kind: Kind
    var references: [Reference]
    /// One for each reference, once they are looked up.
    var members: [Member] = []
    /// Fields, or names of `aliases`.
    package var groupBy: [String]
    /// The distance between the first event and the last may be so much.
    package var timespan: Duration
    /// By alias, then by the rule's name: the field that it stands for there.
    var aliases: [String: [String: String]]
    var bounds: [Bound]
    /// Whose values are counted or added up.
    var valueFields: [String]
    /// From 0 to 100; of `value_percentile`.
    var percentile: Double
    /// A temporal condition over the rules' names; pySigma's extension.
    var expression: RuleCondition?
    /// Whether the rules that it is made of alert by themselves, too.
    var generate: Bool

    /// What it asks, as a name: signals kept under another one are not its own any more.
    package var definition: String {
        StableDigest.identifier(
            of: [
                head.id, kind.rawValue, "\(timespan)", "\(bounds)", "\(percentile)", "\(aliases)",
                expression.map { "\($0)" } ?? "",
            ] + references.map(\.name) + ["by"] + groupBy + ["of"] + valueFields)
    }

    /// Whether it asks which rules were met, not how often.
    var isTemporal: Bool { kind == .temporal || kind == .temporalOrdered }

    /// What a group-by name is called in one of the rules.
    func field(_ name: String, of rule: String) -> String { aliases[name]?[rule] ?? name }

    /// The fields that it looks at in one of the rules.
    func fields(of rule: String) -> [String] { groupBy.map { field($0, of: rule) } + valueFields }
}

extension SigmaCorrelation {
    private static let keys = [
        "type", "rules", "group-by", "timespan", "aliases", "condition", "generate",
    ]
    private static let conditionKeys = Bound.Operator.allCases.map(\.rawValue) + ["field", "percentile"]
    /// Rules under one correlation.
    private static let referencesMax = 64
    /// Fields under `group-by`.
    private static let groupByMax = 16

    init(reading document: Document) throws(Problem) {
        head = try RuleHead(reading: document)
        guard let body = document["correlation"], let entries = body.map else {
            throw Problem(at: document["correlation"]?.position, "'correlation' must be a mapping")
        }
        for entry in entries where !Self.keys.contains(entry.key) {
            throw Problem(
                at: entry.keyPosition, "a correlation has no '\(entry.key)'",
                hint: Self.near(entry.key, Self.keys))
        }
        kind = try Self.kind(body)
        groupBy = try RuleHead.texts(body, "group-by")
        guard groupBy.count <= Self.groupByMax else {
            throw Problem(at: body["group-by"]?.position, "more than \(Self.groupByMax) fields to group by")
        }
        timespan = try Self.timespan(body)
        aliases = try Self.aliases(body)
        generate = try Self.flag(body, "generate")
        (bounds, valueFields, percentile, expression) = ([], [], 50, nil)
        references = try Self.references(body)
        try readCondition(body)
        if references.isEmpty {
            throw Problem(at: body.position, "the correlation names no rules", hint: "rules: [name, …]")
        }
        if head.id.isEmpty {
            let parts = [head.title, kind.rawValue] + references.map(\.name) + groupBy
            head.id = StableDigest.identifier(of: parts + ["\(timespan)", "\(bounds)", "\(valueFields)"])
        }
    }

    private static func near(_ key: String, _ keys: [String]) -> String {
        nearestName(to: key, among: keys).map { "did you mean '\($0)'?" }
            ?? "one of \(keys.joined(separator: ", "))"
    }

    private static func kind(_ body: Document) throws(Problem) -> Kind {
        guard let value = body["type"], let text = value.string else {
            throw Problem(at: body.position, "the correlation has no 'type'")
        }
        guard let kind = Kind(rawValue: text) else {
            throw Problem(
                at: value.position, "unknown type '\(text)'", hint: near(text, Kind.allCases.map(\.rawValue)))
        }
        return kind
    }

    private static func flag(_ body: Document, _ key: String) throws(Problem) -> Bool {
        guard let value = body[key], !value.isNull else { return false }
        guard let flag = value.bool else {
            throw Problem(at: value.position, "'\(key)' is true or false, found \(value.kind)")
        }
        return flag
    }

    private static func references(_ body: Document) throws(Problem) -> [Reference] {
        guard let rules = body["rules"], !rules.isNull else { return [] }
        let items = rules.list ?? [rules]
        guard items.count <= referencesMax else {
            throw Problem(at: rules.position, "more than \(referencesMax) rules in one correlation")
        }
        var references: [Reference] = []
        for item in items {
            guard let name = item.string ?? item.text else {
                throw Problem(
                    at: item.position, "'rules' names rules by id or name, found \(item.kind)")
            }
            references.append(Reference(name: name, position: item.position))
        }
        return references
    }

    /// `5m`: a whole number and s, m, h, d; with pySigma w, M (a twelfth of a year) and y.
    private static func timespan(_ body: Document) throws(Problem) -> Duration {
        guard let value = body["timespan"] else {
            throw Problem(at: body.position, "the correlation has no 'timespan'")
        }
        let text = value.string ?? value.text ?? ""
        let units: [Character: Int64] = [
            "s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800, "M": 2_629_746, "y": 31_556_952,
        ]
        guard let unit = text.last.flatMap({ units[$0] }), let count = Int64(text.dropLast()), count > 0,
            count <= 9_000_000_000 / unit
        else {
            throw Problem(at: value.position, "“\(text)” is no timespan", hint: "30s, 5m, 1h, 7d")
        }
        return .seconds(count * unit)
    }

    private static func aliases(_ body: Document) throws(Problem) -> [String: [String: String]] {
        guard let value = body["aliases"], !value.isNull else { return [:] }
        guard let entries = value.map else {
            throw Problem(at: value.position, "'aliases' must be a mapping, found \(value.kind)")
        }
        var aliases: [String: [String: String]] = [:]
        for entry in entries {
            guard let rules = entry.value.map else {
                throw Problem(
                    at: entry.value.position, "an alias says for each rule which field it is",
                    hint: "\(entry.key): {rule_name: field}")
            }
            for rule in rules {
                guard let field = rule.value.string ?? rule.value.text else {
                    throw Problem(
                        at: rule.value.position, "expected a field's name, found \(rule.value.kind)")
                }
                aliases[entry.key, default: [:]][rule.key] = field
            }
        }
        return aliases
    }

    // MARK: Condition

    private mutating func readCondition(_ body: Document) throws(Problem) {
        guard let condition = body["condition"], !condition.isNull else {
            if isTemporal { return }
            throw Problem(
                at: body.position, "\(kind.rawValue) needs a 'condition'", hint: "condition: {gte: 10}")
        }
        if let text = condition.string {
            guard isTemporal else {
                throw Problem(
                    at: condition.position, "\(kind.rawValue) needs a comparison, such as {gte: 10}")
            }
            return try readExpression(text, at: condition.position)
        }
        guard let entries = condition.map else {
            throw Problem(at: condition.position, "'condition' must be a mapping, found \(condition.kind)")
        }
        for entry in entries {
            if entry.key == "field" {
                valueFields = try RuleHead.texts(condition, "field")
            } else if entry.key == "percentile" {
                percentile = try Self.number(entry.value)
                guard (0...100).contains(percentile) else {
                    throw Problem(at: entry.value.position, "a percentile is from 0 to 100")
                }
            } else if let comparison = Bound.Operator(rawValue: entry.key) {
                bounds.append(Bound(comparison: comparison, value: try Self.number(entry.value)))
            } else {
                throw Problem(
                    at: entry.keyPosition, "a condition has no '\(entry.key)'",
                    hint: Self.near(entry.key, Self.conditionKeys))
            }
        }
        guard !bounds.isEmpty else {
            throw Problem(at: condition.position, "the condition compares with nothing", hint: "{gte: 10}")
        }
        guard kind == .eventCount || isTemporal || !valueFields.isEmpty else {
            throw Problem(at: condition.position, "\(kind.rawValue) needs the condition's 'field'")
        }
        guard valueFields.count <= 1 || kind == .valueCount else {
            throw Problem(at: condition.position, "\(kind.rawValue) looks at one field")
        }
    }

    private static func number(_ value: Document) throws(Problem) -> Double {
        switch value.value {
        case .integer(let integer): return Double(integer)
        case .number(let number) where number.isFinite: return number
        default: throw Problem(at: value.position, "expected a number, found \(value.kind)")
        }
    }

    private mutating func readExpression(_ text: String, at position: SourcePosition) throws(Problem) {
        let condition: RuleCondition
        do throws(RuleCondition.Invalid) { condition = try RuleCondition(parsing: text) } catch {
            var place = position
            place.column += error.column
            throw Problem(at: place, error.message, hint: error.hint)
        }
        let names = condition.names
        if references.isEmpty { references = names.map { Reference(name: $0, position: position) } }
        if let name = names.first(where: { name in !references.contains { $0.name == name } }) {
            throw Problem(
                at: position, "'rules' does not have “\(name)”",
                hint: Self.near(name, references.map(\.name)))
        }
        expression = condition
    }
}

extension RuleCondition {
    /// The names in it, each once, in their order.
    var names: [String] {
        var found: [String] = []
        func walk(_ condition: RuleCondition) {
            switch condition {
            case .name(let name, _): if !found.contains(name) { found.append(name) }
            case .quantified: break
            case .not(let inner): walk(inner)
            case .all(let terms), .any(let terms): for term in terms { walk(term) }
            }
        }
        walk(self)
        return found
    }

    /// Whether it holds where just `present` are there; a quantifier means names among `all`.
    func holds(_ present: (String) -> Bool, among all: [String]) -> Bool {
        switch self {
        case .name(let name, _): present(name)
        case .not(let inner): !inner.holds(present, among: all)
        case .all(let terms): terms.allSatisfy { $0.holds(present, among: all) }
        case .any(let terms): terms.contains { $0.holds(present, among: all) }
        case .quantified(let pattern, let isAll, _):
            isAll
                ? all.filter { Self.fits($0, pattern) }.allSatisfy(present)
                : all.filter { Self.fits($0, pattern) }.contains(where: present)
        }
    }

    /// Whether a quantifier's pattern, in which `*` stands for anything, means a name.
    static func fits(_ name: String, _ pattern: String) -> Bool {
        if pattern == "them" { return !name.hasPrefix("_") }
        let glob = Glob(SigmaText(parts: SigmaText(reading: pattern).parts), folding: false)
        return glob.matches(Array(name.utf8).span)
    }
}
