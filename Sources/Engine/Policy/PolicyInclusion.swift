/// Whether boxes lie inside what some statements cover together, decided on finitely many requests.
///
/// For each pattern of the box one generic text is looked at, and for complements one for each way in which they can
/// overlap: a statement that takes the generic text takes all that the pattern does. What remains are the conditions of
/// the statements that take it. Found gaps are real as far as this goes; the evaluator confirms each.
struct PolicyInclusion {
    static let stepsMax = 4_000_000
    private static let pointsMax = 4_096

    let rights: [PolicyStatement]
    let reading: ResourceReading
    let principalCount: Int
    /// By principal: the statements that are about it.
    private let rightPrincipals: [StatementSet]

    /// By the whole text of an action without wildcards.
    private var literals: [String: StatementSet] = [:]
    private var wildcards: [(pattern: WildcardPattern, service: String?, statement: Int)] = []
    private var complements: [Int] = []
    private var anyResources = StatementSet()
    private var resources: [(pattern: ResourcePattern, statement: Int)] = []
    private var resourceComplements: [Int] = []
    private var actionOnes = 0
    private var resourceOnes = 0
    private var hasVariables = false

    private struct Question: Hashable {
        var conditions: String
        var rights: StatementSet
    }
    private var answers: [Question: ConditionCover.Answer] = [:]
    private var stepsLeft = Self.stepsMax
    /// Set where something could not be decided: no gap is then no proof.
    var isUndecided = false
    /// Set where the other reading of `*` would cover other resources.
    private(set) var readingsDiffer = false

    init(_ rights: [PolicyStatement], _ reading: ResourceReading, principals: [RequestPrincipal]) {
        self.rights = rights
        self.reading = reading
        principalCount = principals.count
        rightPrincipals = principals.map { principal in
            var set = StatementSet()
            for (number, right) in rights.enumerated() where right.concerns(principal: principal) {
                set.insert(number)
            }
            return set
        }
        for (number, right) in rights.enumerated() { index(right, number) }
    }

    private mutating func index(_ right: PolicyStatement, _ number: Int) {
        if right.actions.isComplement || !right.exceptActions.isEmpty {
            complements.append(number)
            for action in right.actions.elements + right.exceptActions {
                actionOnes = max(actionOnes, action.pattern.oneCount)
            }
        } else {
            for action in right.actions.elements {
                if action.isLiteral {
                    literals[action.folded, default: StatementSet()].insert(number)
                } else {
                    wildcards.append((action.pattern, action.service, number))
                    actionOnes = max(actionOnes, action.pattern.oneCount)
                }
            }
        }
        for resource in right.resources.elements {
            resourceOnes = max(resourceOnes, resource.whole.oneCount)
            if resource.hasVariable { hasVariables = true }
        }
        if right.resources.isComplement {
            if right.resources.elements.isEmpty {
                anyResources.insert(number)
            } else {
                resourceComplements.append(number)
            }
            return
        }
        if right.resources.elements.contains(where: \.isAny) {
            anyResources.insert(number)
        } else {
            for resource in right.resources.elements { resources.append((resource, number)) }
        }
    }

    private mutating func spend(_ steps: Int) -> Bool {
        stepsLeft -= steps
        if stepsLeft < 0 { isUndecided = true }
        return stepsLeft >= 0
    }

    // MARK: Actions

    /// The statements that are about an action, or about all that a pattern takes.
    mutating func coverage(_ action: [WildcardPattern.Symbol], literal: String?, service: String?)
        -> StatementSet
    {
        var set = literal.flatMap { literals[$0] } ?? StatementSet()
        for wildcard in wildcards
        where wildcard.service == nil || service == nil || wildcard.service == service {
            if wildcard.pattern.matches(action) { set.insert(wildcard.statement) }
        }
        for number in complements where rights[number].concerns(action: action) { set.insert(number) }
        _ = spend(wildcards.count + complements.count * 8 + 4)
        return set
    }

    /// Points of which no two are alike to the statements on the right.
    fileprivate struct Classes<Point> {
        private(set) var list: [(coverage: StatementSet, point: Point)] = []
        private var known = Set<StatementSet>()

        mutating func add(_ coverage: StatementSet, _ point: Point) {
            // Most lists have two or three: looking is faster than hashing.
            if list.count < 8 {
                if list.contains(where: { $0.coverage == coverage }) { return }
            } else {
                if known.isEmpty { known = Set(list.map(\.coverage)) }
                if known.contains(coverage) { return }
            }
            if !known.isEmpty { known.insert(coverage) }
            list.append((coverage, point))
        }
    }

    private typealias ActionPoint = (symbols: [WildcardPattern.Symbol], pattern: ActionPattern)

    private mutating func actionClasses(_ box: AccessBox) -> Classes<ActionPoint> {
        var classes = Classes<ActionPoint>()
        if complements.isEmpty, box.exceptActions.isEmpty, actionOnes == 0 {
            for action in box.actions {
                guard stepsLeft > 0 else { break }
                let symbols = action.pattern.generic
                let literal = action.isLiteral ? action.folded : nil
                classes.add(coverage(symbols, literal: literal, service: action.service), (symbols, action))
            }
            return classes
        }
        let others =
            box.exceptActions.map(\.pattern)
            + complements.flatMap { number in
                (rights[number].actions.elements + rights[number].exceptActions).map(\.pattern)
            }
        for action in box.actions {
            guard let parts = split(action.pattern, by: others, { $0.intersection($1) }) else { continue }
            for part in parts {
                guard let instances = part.instances(against: actionOnes), spend(instances.count * 4) else {
                    isUndecided = true
                    continue
                }
                let source = part == action.pattern ? action : ActionPattern(part)
                for symbols in instances
                where !box.exceptActions.contains(where: { $0.pattern.matches(symbols) }) {
                    let literal = part.isLiteral ? source.folded : nil
                    classes.add(
                        coverage(symbols, literal: literal, service: source.service), (symbols, source))
                }
            }
        }
        return classes
    }

    /// The pattern, and all that it has in common with the others and their overlaps.
    private mutating func split<P: Hashable>(_ pattern: P, by others: [P], _ meet: (P, P) -> [P]?) -> [P]? {
        var parts = [pattern]
        var known = Set(parts)
        for other in others {
            for part in parts {
                guard let found = meet(part, other), spend(8) else {
                    isUndecided = true
                    return nil
                }
                for piece in found where known.insert(piece).inserted { parts.append(piece) }
            }
            if parts.count > Self.pointsMax {
                isUndecided = true
                return nil
            }
        }
        return parts
    }

    // MARK: Resources

    private func coverage(_ resource: ResourceText, _ reading: ResourceReading) -> StatementSet {
        var set = anyResources
        for (pattern, number) in resources where pattern.matches(resource, reading) { set.insert(number) }
        for number in resourceComplements
        where !rights[number].resources.elements.contains(where: { $0.matches(resource, reading) }) {
            set.insert(number)
        }
        return set
    }

    typealias ResourcePoint = (resource: ResourceText, pattern: ResourcePattern)

    /// The points that stand for the patterns' resources, less what is excepted.
    mutating func resourcePoints(_ patterns: [ResourcePattern], except: [ResourcePattern]) -> [ResourcePoint]
    {
        let others = except + resourceComplements.flatMap { rights[$0].resources.elements }
        if hasVariables || patterns.contains(where: \.hasVariable) || except.contains(where: \.hasVariable),
            !others.isEmpty || resourceOnes > 0
        {
            isUndecided = true
        }
        var points: [ResourcePoint] = []
        for pattern in patterns {
            let reading = reading
            let parts =
                others.isEmpty
                ? [pattern] : split(pattern, by: others) { $0.intersection($1, reading) } ?? [pattern]
            for part in parts {
                guard let instances = part.instances(against: resourceOnes, reading), spend(instances.count)
                else {
                    isUndecided = true
                    continue
                }
                for resource in instances
                where !except.contains(where: { $0.matches(resource, reading) }) {
                    points.append((resource, part))
                }
            }
        }
        if !others.isEmpty { readingsDiffer = true }
        return points
    }

    private mutating func resourceClasses(_ points: [ResourcePoint]) -> Classes<ResourcePoint> {
        var classes = Classes<ResourcePoint>()
        for point in points {
            guard spend(resources.count + resourceComplements.count * 8 + 1) else { break }
            let set = coverage(point.resource, reading)
            if reading == .segment, !readingsDiffer, !resources.isEmpty,
                coverage(point.resource, .string) != set
            {
                readingsDiffer = true
            }
            classes.add(set, point)
        }
        return classes
    }

    private func principalClasses(_ box: AccessBox) -> Classes<Int> {
        var classes = Classes<Int>()
        for principal in box.principals.numbers { classes.add(rightPrincipals[principal], principal) }
        return classes
    }

    // MARK: Gaps

    /// Whether a statement on the right says the same as the box, pattern by pattern.
    func repeats(_ box: AccessBox) -> Bool {
        rights.contains { right in
            right.actions.elements.count == box.source?.actions.elements.count
                && right.conditionKey == box.conditionKey && right.resources == box.source?.resources
                && right.actions == box.source?.actions && right.exceptActions == box.source?.exceptActions
                && right.principals == box.source?.principals
        }
    }

    /// Gaps of the box, one of each kind, at most so many.
    mutating func gaps(_ box: AccessBox, max: Int) -> [PolicyGap] {
        let points = resourcePoints(box.resources, except: box.exceptResources)
        let actions = actionClasses(box)
        guard !actions.list.isEmpty else { return [] }
        return gaps(box, actions, places(box, points), max: max)
    }

    /// Where a box's actions are asked and by whom: of places that are alike to the statements on the right, one.
    struct Places {
        fileprivate var resources: Classes<ResourcePoint>
        fileprivate var principals: Classes<Int>
    }

    mutating func places(_ box: AccessBox, _ points: [ResourcePoint]) -> Places {
        Places(resources: resourceClasses(points), principals: principalClasses(box))
    }

    private mutating func gaps(
        _ box: AccessBox, _ actions: Classes<ActionPoint>, _ places: Places, max: Int
    ) -> [PolicyGap] {
        var gaps: [PolicyGap] = []
        for (actionCoverage, action) in actions.list {
            for resource in places.resources.list {
                let both = actionCoverage.intersection(resource.coverage)
                for principal in places.principals.list {
                    let covering = both.intersection(principal.coverage)
                    guard case .gap(let assignment) = answer(box, covering) else { continue }
                    gaps.append(
                        PolicyGap(
                            box: box, action: action.symbols, actionPattern: action.pattern,
                            resource: resource.point.resource, resourcePattern: resource.point.pattern,
                            principal: principal.point, assignment: assignment, reading: reading))
                    if gaps.count >= max { return gaps }
                }
            }
        }
        return gaps
    }

    /// A gap of one action there is, at places of the kinds that it is asked on.
    mutating func gap(_ box: AccessBox, action: ActionPattern, _ places: Places) -> PolicyGap? {
        let symbols = action.pattern.symbols
        guard !box.exceptActions.contains(where: { $0.pattern.matches(symbols) }) else { return nil }
        var classes = Classes<ActionPoint>()
        classes.add(coverage(symbols, literal: action.folded, service: action.service), (symbols, action))
        return gaps(box, classes, places, max: 1).first
    }

    private mutating func answer(_ box: AccessBox, _ covering: StatementSet) -> ConditionCover.Answer {
        let question = Question(conditions: box.conditionKey, rights: covering)
        if let known = answers[question] { return known }
        guard spend(4) else { return .unknown }
        let answer = ConditionCover.gap(
            box.conditions, outside: covering.numbers.map { rights[$0].conditions })
        if case .unknown = answer { isUndecided = true }
        if !box.conditions.isEmpty || !covering.isEmpty { _ = spend(64) }
        answers[question] = answer
        return answer
    }
}
