/// What policies say of requests that a log tells, as far as it tells them.
///
/// A log leaves out values that conditions ask for, and sometimes the resource. Each request is therefore asked twice:
/// with all that is not told in favour of it, and with all against it. Where both say the same, that is the answer.
package struct RequestJudge: Sendable {
    package enum Answer: Sendable {
        case allowed
        case denied(PolicyVerdict)
        /// Depends on what the log does not tell: says what that is.
        case undecided(String)
    }

    private struct Pair: Sendable {
        var favourable: PolicyLayers
        var adverse: PolicyLayers
    }

    private let told: Pair
    private let untold: Pair
    private let untoldKeys: [String]

    package init(_ layers: PolicyLayers) {
        var keys: Set<String> = []
        for policy in Self.all(layers) {
            for statement in policy.statements {
                for condition in statement.conditions where !ObservedRequest.toldKeys.contains(condition.key)
                {
                    keys.insert(condition.keyText)
                }
            }
        }
        untoldKeys = keys.sorted()
        told = Pair(
            favourable: Self.changed(layers, isFavourable: true, knowsResource: true),
            adverse: Self.changed(layers, isFavourable: false, knowsResource: true))
        untold = Pair(
            favourable: Self.changed(layers, isFavourable: true, knowsResource: false),
            adverse: Self.changed(layers, isFavourable: false, knowsResource: false))
    }

    package func answer(_ request: ObservedRequest, at time: Timestamp) -> Answer {
        let pair = request.resource == nil ? untold : told
        let asked = request.policyRequest(at: time)
        let best = PolicyEvaluator.verdict(asked, under: Self.delegating(pair.favourable, asked))
        if best.decision != .allow { return .denied(best) }
        let worst = PolicyEvaluator.verdict(asked, under: Self.delegating(pair.adverse, asked))
        if worst.decision == .allow { return .allowed }
        var missing: [String] = request.resource == nil ? ["the resource"] : []
        missing += untoldKeys
        return .undecided(missing.joined(separator: ", "))
    }

    /// With a role's trust that leaves it to the account, where none is given: the call was made, so the role's own did
    /// allow it.
    private static func delegating(_ layers: PolicyLayers, _ request: PolicyRequest) -> PolicyLayers {
        guard layers.resource.isEmpty, let account = request.principal.account,
            request.action.lowercased().hasPrefix("sts:assumerole")
        else { return layers }
        let statement = PolicyStatement(
            index: 0, sid: nil, isAllow: true, actions: .everything, resources: .everything,
            principals: PolicyStatement.Choice(elements: [.account(account)], isComplement: false))
        var layers = layers
        layers.resource = [PolicyLayers.Named("trust", AccessPolicy(statements: [statement]))]
        return layers
    }

    private static func all(_ layers: PolicyLayers) -> [AccessPolicy] {
        (layers.identity + layers.resource + layers.boundary + layers.session + layers.scp.flatMap(\.self)
            + layers.rcp.flatMap(\.self)).map(\.policy)
    }

    /// The layers with what the log does not tell decided one way.
    private static func changed(
        _ layers: PolicyLayers, isFavourable: Bool, knowsResource: Bool
    ) -> PolicyLayers {
        func change(_ named: [PolicyLayers.Named]) -> [PolicyLayers.Named] {
            named.map { document in
                var document = document
                document.policy.statements = document.policy.statements.compactMap {
                    changed($0, isFavourable: isFavourable, knowsResource: knowsResource)
                }
                return document
            }
        }
        var sided = layers
        sided.identity = change(layers.identity)
        sided.resource = change(layers.resource)
        sided.boundary = change(layers.boundary)
        sided.session = change(layers.session)
        sided.scp = layers.scp.map(change)
        sided.rcp = layers.rcp.map(change)
        return sided
    }

    private static func changed(
        _ statement: PolicyStatement, isFavourable: Bool, knowsResource: Bool
    ) -> PolicyStatement? {
        var statement = statement
        // In favour: an allowance holds, a denial does not.
        let holds = statement.isAllow == isFavourable
        if statement.conditions.contains(where: { !ObservedRequest.toldKeys.contains($0.key) }) {
            if !holds { return nil }
            statement.conditions.removeAll { !ObservedRequest.toldKeys.contains($0.key) }
        }
        if !knowsResource, !statement.isAboutEverything {
            if !holds { return nil }
            statement.resources = .everything
        }
        return statement
    }
}

extension PolicyStatement {
    /// Whether its resources are all there are.
    var isAboutEverything: Bool {
        if resources.isComplement { return resources.elements.isEmpty }
        return resources.elements.contains { $0.isAny }
    }
}
