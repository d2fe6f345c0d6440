/// All policies that have a say in a request.
package struct PolicyLayers: Sendable {
    /// A document with the name it is told by.
    package struct Named: Sendable {
        package var name: String
        package var policy: AccessPolicy

        package init(_ name: String, _ policy: AccessPolicy) {
            self.name = name
            self.policy = policy
        }
    }

    package var identity: [Named] = []
    package var resource: [Named] = []
    package var boundary: [Named] = []
    package var session: [Named] = []
    /// From the organization's root to the account.
    package var scp: [[Named]] = []
    package var rcp: [[Named]] = []

    package init() {}

    /// Where a policy stands among the others.
    package enum Layer: String, Sendable {
        case identity, resource, boundary, session, scp, rcp
        /// No policy decided, but a rule of AWS's.
        case none
    }
}

/// A decision with the statement it rests on.
package struct PolicyVerdict: Sendable {
    package var decision: PolicyDecision
    package var layer: PolicyLayers.Layer
    /// The document's name; empty where no statement decided.
    package var policy = ""
    package var statement: PolicyStatement?
    /// In words.
    package var reason: String
}

/// Decides about a request under all layers, as AWS documents it.
package struct PolicyEvaluator {
    /// Services that resource control policies reach.
    static let rcpServices: Set<String> = [
        "s3", "sts", "sqs", "kms", "secretsmanager", "ecr", "aoss", "cognito-idp", "cognito-identity",
        "dynamodb",
        "logs",
    ]

    private let layers: PolicyLayers
    private let request: PolicyRequest
    private let prepared: PreparedRequest
    private let withoutPrincipal: PreparedRequest

    private init(_ layers: PolicyLayers, _ request: PolicyRequest, _ reading: ResourceReading) {
        self.layers = layers
        self.request = request
        prepared = PreparedRequest(request, reading)
        withoutPrincipal = PreparedRequest(request, reading, asksPrincipal: false)
    }

    package static func verdict(
        _ request: PolicyRequest, under layers: PolicyLayers, _ reading: ResourceReading = .segment
    ) -> PolicyVerdict {
        PolicyEvaluator(layers, request.completed, reading).verdict()
    }

    private var service: String { String(request.action.lowercased().prefix { $0 != ":" }) }

    private var isTrust: Bool {
        ["sts:assumerole", "sts:assumerolewithsaml", "sts:assumerolewithwebidentity"].contains(
            request.action.lowercased())
    }

    private func verdict() -> PolicyVerdict {
        if request.action.lowercased() == "sts:getcalleridentity" {
            return PolicyVerdict(
                decision: .allow, layer: .none,
                reason: "sts:GetCallerIdentity needs no permission, and cannot be denied")
        }
        if let denial = firstDenial() { return denial }
        if let missing = scpGap() { return missing }
        let account = request.resourceAccount ?? request.principal.account
        let isCross = request.principal.account != nil && request.principal.account != account
        return isCross ? crossAccount() : sameAccount()
    }

    // MARK: Denials

    private var reachedBySCP: Bool { request.principal.kind.isAWS && !request.principal.isServiceLinked }
    private var reachedByRCP: Bool {
        Self.rcpServices.contains(service) && !request.principal.isServiceLinked
    }

    private func firstDenial() -> PolicyVerdict? {
        let hasIdentity = request.principal.kind.isAWS
        for (layer, documents) in [
            (PolicyLayers.Layer.scp, reachedBySCP ? layers.scp.flatMap(\.self) : []),
            (.rcp, reachedByRCP ? layers.rcp.flatMap(\.self) : []), (.resource, layers.resource),
            (.identity, hasIdentity ? layers.identity : []), (.boundary, hasIdentity ? layers.boundary : []),
            (.session, hasIdentity ? layers.session : []),
        ] {
            for document in documents {
                let asked = layer == .resource || layer == .rcp ? prepared : withoutPrincipal
                guard case (.deny, let statement?) = document.policy.decision(asked) else { continue }
                return PolicyVerdict(
                    decision: .deny, layer: layer, policy: document.name, statement: statement,
                    reason: "\(statement.title) of \(document.name) denies it")
            }
        }
        return nil
    }

    /// Every level of the organization must allow; resource control policies always have AWS's own allowance.
    private func scpGap() -> PolicyVerdict? {
        guard reachedBySCP else { return nil }
        for level in layers.scp where !level.isEmpty {
            guard allowing(level, withoutPrincipal) == nil else { continue }
            let names = level.map(\.name).joined(separator: ", ")
            return PolicyVerdict(
                decision: .implicitDeny, layer: .scp, policy: level[0].name,
                reason: "no service control policy at this level allows it (\(names))")
        }
        return nil
    }

    // MARK: Grants

    private struct Grant {
        var document: PolicyLayers.Named
        var statement: PolicyStatement
    }

    private func allowing(_ documents: [PolicyLayers.Named], _ asked: PreparedRequest) -> Grant? {
        for document in documents {
            if case (.allow, let statement?) = document.policy.decision(asked) {
                return Grant(document: document, statement: statement)
            }
        }
        return nil
    }

    /// How far a grant of the resource's policy goes.
    private enum Reach: Int, Comparable {
        /// The account only: its own policies must allow as well.
        case delegation
        /// The role: its boundary and the session's policy still limit it.
        case role
        /// This very principal: only denials limit it.
        case principal

        static func < (a: Reach, b: Reach) -> Bool { a.rawValue < b.rawValue }
    }

    private func resourceGrant() -> (Grant, Reach)? {
        var best: (Grant, Reach)?
        for document in layers.resource {
            for statement in document.policy.statements where statement.isAllow && statement.matches(prepared)
            {
                let reach = reach(of: statement.principals)
                if best.map({ $0.1 < reach }) ?? true {
                    best = (Grant(document: document, statement: statement), reach)
                }
            }
        }
        return best
    }

    private func reach(of principals: PolicyStatement.Choice<PrincipalPattern>) -> Reach {
        if principals.isComplement { return .principal }
        var reach = Reach.delegation
        for pattern in principals.elements where pattern.matches(request.principal) {
            switch pattern {
            case .everyone, .service, .federated, .canonical: reach = .principal
            case .account: break
            case .arn(let arn):
                let isRole = arn != request.principal.text || request.principal.kind == .role
                reach = max(reach, isRole ? .role : .principal)
            }
        }
        return reach
    }

    private enum Side {
        case allowed(Grant?)
        case missing(PolicyVerdict)
    }

    /// What boundary and session leave of what is granted.
    private func limitGap() -> PolicyVerdict? {
        for (layer, documents, name) in [
            (PolicyLayers.Layer.boundary, layers.boundary, "permissions boundary"),
            (.session, layers.session, "session policy"),
        ] where !documents.isEmpty && allowing(documents, withoutPrincipal) == nil {
            return PolicyVerdict(
                decision: .implicitDeny, layer: layer, policy: documents[0].name,
                reason: "the \(name) does not allow it (\(documents.map(\.name).joined(separator: ", ")))")
        }
        return nil
    }

    /// The principal's own side: its policies, within boundary and session.
    private func identitySide() -> Side {
        if request.principal.kind == .root { return limitGap().map { .missing($0) } ?? .allowed(nil) }
        guard request.principal.kind.isAWS, let grant = allowing(layers.identity, withoutPrincipal) else {
            return .missing(
                PolicyVerdict(
                    decision: .implicitDeny, layer: .identity,
                    reason: request.principal.kind.isAWS
                        ? "no identity policy allows it" : "the principal has no identity policies"))
        }
        return limitGap().map { .missing($0) } ?? .allowed(grant)
    }

    private func allowed(_ grant: Grant?, _ layer: PolicyLayers.Layer, _ extra: String = "") -> PolicyVerdict
    {
        guard let grant else {
            return PolicyVerdict(
                decision: .allow, layer: .none, reason: "the account's root user may do everything\(extra)")
        }
        return PolicyVerdict(
            decision: .allow, layer: layer, policy: grant.document.name, statement: grant.statement,
            reason: "\(grant.statement.title) of \(grant.document.name) allows it\(extra)")
    }

    private func sameAccount() -> PolicyVerdict {
        let grant = resourceGrant()
        if let (grant, reach) = grant, reach == .principal { return allowed(grant, .resource) }
        if let (grant, reach) = grant, reach == .role {
            return limitGap() ?? allowed(grant, .resource)
        }
        // A role's trust and a key's policy must allow by themselves, at least their account.
        if isTrust || service == "kms", grant == nil, !layers.resource.isEmpty || isTrust {
            return PolicyVerdict(
                decision: .implicitDeny, layer: .resource, policy: layers.resource.first?.name ?? "",
                reason: "the \(isTrust ? "role's trust" : "key's") policy does not allow it, which it must")
        }
        switch identitySide() {
        case .allowed(let identity): return allowed(identity, .identity)
        case .missing(let verdict): return verdict
        }
    }

    private func crossAccount() -> PolicyVerdict {
        guard let (grant, _) = resourceGrant() else {
            return PolicyVerdict(
                decision: .implicitDeny, layer: .resource, policy: layers.resource.first?.name ?? "",
                reason: layers.resource.isEmpty
                    ? "the resource is in another account, and no policy of it is given"
                    : "the resource is in another account, and its policy does not allow it")
        }
        switch identitySide() {
        case .allowed:
            return allowed(grant, .resource, ", and the principal's own account does, too")
        case .missing(var verdict):
            verdict.reason += "; the resource's policy in the other account does (\(grant.document.name))"
            return verdict
        }
    }
}

extension PolicyStatement {
    /// How the statement is told: its name, or its number from 1.
    package var title: String {
        if let sid, !sid.isEmpty { return "statement \(index + 1) (\(sid))" }
        return "statement \(index + 1)"
    }
}

extension PolicyRequest {
    /// The request with what follows from its other parts: the resource's account and the principal's keys.
    fileprivate var completed: PolicyRequest {
        var request = self
        if request.resourceAccount == nil {
            let parts = resource.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
            let account = parts.count == 6 ? String(parts[4]) : ""
            request.resourceAccount = account.isEmpty || account == "aws" ? principal.account : account
        }
        func derive(_ key: String, _ value: String?) {
            guard let value, request.context[key] == nil else { return }
            request.context[key] = .single(value)
        }
        derive("aws:ResourceAccount", request.resourceAccount)
        guard principal.kind.isAWS else { return request }
        derive("aws:PrincipalAccount", principal.account)
        derive("aws:username", principal.userName.map { String($0) })
        if principal.kind == .session, let account = principal.account, let role = principal.roleName {
            derive("aws:PrincipalArn", "arn:aws:iam::\(account):role/\(role)")
        } else if !principal.text.isEmpty, principal.account != nil {
            derive("aws:PrincipalArn", principal.text)
        }
        return request
    }
}
