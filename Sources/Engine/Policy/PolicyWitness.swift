/// A request that shows a difference between two policies, confirmed by evaluating both.
package struct PolicyWitness: Sendable {
    package var request: PolicyRequest
    package var before: PolicyDecision
    package var after: PolicyDecision
    /// The statement that makes the difference, and whether it is one of the new policy.
    package var statement: PolicyStatement?
    package var isNewStatement: Bool
    package var reading: ResourceReading
}

/// Makes requests of gaps: with real actions and likely names where that shows the difference, else with letters that
/// no policy holds.
struct WitnessMaker {
    private let catalogue: ActionCatalogue?
    private let principals: [RequestPrincipal]
    /// Resources of either side that hold variables, which may need values whatever the gap is.
    private let variables: [WildcardPattern]

    /// Resources by the kind they are of, as far as they were asked for.
    private struct Likely {
        var pattern: ResourcePattern
        var texts: [Int: [String]] = [:]
    }
    /// Of the last pattern, by the actions' form: what actions of one form ask for is the same.
    private var likely: [Int: Likely] = [:]

    init(_ comparison: PolicyComparison) {
        catalogue = comparison.catalogue
        principals = comparison.principals
        variables = (comparison.old.statements + comparison.new.statements).flatMap { statement in
            statement.resources.elements.filter(\.hasVariable).map(\.whole)
        }
    }

    /// How fresh letters are written.
    private enum Style: CaseIterable {
        case likely, plain, strange
    }

    /// The first request that `confirm` takes; `nil` if none of the likely ones does.
    ///
    /// - Parameter one: the action that the gap is of, where it is one there is.
    mutating func request(
        _ gap: PolicyGap, of one: ActionCatalogue.Action? = nil, confirm: (PolicyRequest) -> Bool
    ) -> PolicyRequest? {
        for style in Style.allCases {
            for action in one.map({ [$0.name] }) ?? actions(gap, style) {
                if style == .likely, let known = one ?? catalogue?.action(action) {
                    for place in known.resources.indices {
                        for resource in likely(place, of: known, gap.resourcePattern) {
                            if let found = request(gap, action, resource, style, confirm) { return found }
                        }
                    }
                }
                let resource = gap.resource.isSpecial ? "*" : Self.text(gap.resource, action, style)
                if let found = request(gap, action, resource, style, confirm) { return found }
            }
        }
        return nil
    }

    private func request(
        _ gap: PolicyGap, _ action: String, _ resource: String, _ style: Style,
        _ confirm: (PolicyRequest) -> Bool
    ) -> PolicyRequest? {
        for assigned in variables.isEmpty ? [false] : [false, true] {
            let request = request(gap, action, resource, style, assigned)
            if confirm(request) { return request }
        }
        return nil
    }

    /// Likely resources of one of the kinds that an action is asked on, within a pattern.
    private mutating func likely(
        _ place: Int, of action: ActionCatalogue.Action, _ pattern: ResourcePattern
    ) -> [String] {
        if likely[action.form]?.pattern != pattern { likely[action.form] = Likely(pattern: pattern) }
        if let known = likely[action.form]?.texts[place] { return known }
        var texts: [String] = []
        if let template = catalogue?.resource(place, of: action) {
            for pattern in (template.intersection(pattern, .segment) ?? []).prefix(4) {
                for instance in (pattern.instances(against: 0, .segment) ?? []).prefix(2) {
                    texts.append(Self.text(instance, action.name, .likely))
                }
            }
        }
        likely[action.form]?.texts[place] = texts
        return texts
    }

    private func actions(_ gap: PolicyGap, _ style: Style) -> [String] {
        if let catalogue, style == .likely, !gap.actionPattern.isLiteral {
            let real = catalogue.actions(gap.actionPattern)
                .filter { action in
                    !gap.box.exceptActions.contains { $0.pattern.matches(action.pattern.pattern.symbols) }
                }
                .map { (gravity: catalogue.gravity($0.name), name: $0.name) }
                .sorted { ($0.gravity, $1.name) > ($1.gravity, $0.name) }
            if !real.isEmpty { return real.prefix(24).map(\.name) }
        }
        if let catalogue, let known = catalogue.action(gap.actionPattern.folded) { return [known.name] }
        if gap.actionPattern.isLiteral { return [gap.actionPattern.text] }
        return [Self.text(gap.action, style)]
    }

    private static func word(_ style: Style) -> String {
        switch style {
        case .likely: "example"
        case .plain: "q7xk2w"
        case .strange: ""
        }
    }

    /// Of a place that takes one letter only.
    private static func letter(_ style: Style) -> String { style == .strange ? "~" : "q" }

    private static func text(_ symbols: [WildcardPattern.Symbol], _ style: Style) -> String {
        WildcardPattern.text(symbols, word: word(style), letter: letter(style))
    }

    private static func text(_ resource: ResourceText, _ action: String, _ style: Style) -> String {
        guard resource.segments.count == 6 else {
            return resource.isSpecial ? "*" : text(resource.whole, style)
        }
        let likely = ["arn", "aws", String(action.prefix { $0 != ":" }), "us-east-1", "111122223333"]
        return resource.segments.enumerated().map { index, segment in
            let isWhole = segment == [WildcardPattern.fresh, WildcardPattern.fresh]
            if index < 5, isWhole, style == .likely { return likely[index] }
            return text(segment, style)
        }.joined(separator: ":")
    }

    /// With the values found for the keys; then for the variables of action, resource and conditions, if `assigned`.
    private func request(
        _ gap: PolicyGap, _ action: String, _ resource: String, _ style: Style, _ assigned: Bool
    ) -> PolicyRequest {
        var context = PolicyContext()
        for (key, value) in gap.assignment.values { context[key] = Self.written(value, style) }
        for (condition, holds) in gap.assignment.opaque {
            Self.settle(condition, holds, &context, Self.value(style))
        }
        let symbols = ResourcePattern(resource, variables: true)
        if symbols.hasVariable { Self.assign(symbols.whole, &context, Self.value(style)) }
        if assigned {
            for pattern in variables { Self.assign(pattern, &context, Self.value(style)) }
        }
        let text = symbols.whole.hasVariable ? Self.substituted(resource, context) : resource
        let principal = principals[gap.principal]
        return PolicyRequest(
            action: action, resource: text, principal: principal, context: context)
    }

    /// Of a key that a variable names.
    private static func value(_ style: Style) -> String { style == .strange ? "~~" : word(style) }

    private static func written(_ value: PolicyContext.Value, _ style: Style) -> PolicyContext.Value {
        guard style != .strange else { return value }
        let word = word(style)
        func written(_ text: String) -> String {
            guard text.utf8.contains(0xEE) else { return text }
            // Two letters stand for what a `*` takes, one for a single letter.
            var text = text
            for (number, letter) in ConditionDomain.fresh.enumerated() {
                text = text.replacing(letter + letter, with: number == 0 ? word : word + "2")
                    .replacing(letter, with: number == 0 ? "q" : "r")
            }
            return text
        }
        switch value {
        case .single(let text): return .single(written(text))
        case .list(let texts): return .list(texts.map(written))
        }
    }

    /// Gives values to the keys that variables name, where they have none.
    private static func assign(_ pattern: WildcardPattern, _ context: inout PolicyContext, _ word: String) {
        for (key, fallback) in pattern.variables where context[key] == nil && fallback == nil {
            context[key] = .single(word)
        }
    }

    private static func substituted(_ resource: String, _ context: PolicyContext) -> String {
        let pattern = WildcardPattern(resource.replacing("*", with: "${*}"), variables: true)
        return pattern.resolved(in: context)?.description ?? resource
    }

    /// Makes a condition with variables hold or not.
    private static func settle(
        _ condition: PolicyCondition, _ holds: Bool, _ context: inout PolicyContext, _ word: String
    ) {
        if condition.holds(in: context) == holds { return }
        guard let value = condition.values.first else { return }
        assign(value.pattern, &context, word)
        if condition.holds(in: context) == holds { return }
        let before = context[condition.keyText]
        let equal = value.pattern.resolved(in: context).map {
            WildcardPattern.text($0.generic, word: word, letter: "q")
        }
        for text in [equal ?? word, word + "-other"] {
            context[condition.keyText] = .single(text)
            if condition.holds(in: context) == holds { return }
        }
        context[condition.keyText] = before
    }
}
