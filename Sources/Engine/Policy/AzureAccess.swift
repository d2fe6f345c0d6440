/// Who may do what in Azure: assignments less deny assignments, with what could be activated beside it.
package struct AzureAccess: Sendable {
    /// A role given to a principal at a scope.
    package struct Assignment: Sendable {
        package var name: String
        package var principal: String
        package var role: String
        package var scope: String
        package var condition: String?
        /// Past it the assignment grants nothing.
        package var end: Timestamp?
    }

    /// What is refused, whatever is assigned.
    package struct Denial: Sendable {
        package var name: String
        package var blocks: [AzureRole.Block]
        package var principals: [String]
        package var excluded: [String]
        package var scope: String
        package var isForScopeOnly: Bool
    }

    package struct Request: Sendable {
        package var action: String
        package var isData: Bool
        package var scope: String
        /// The principal's id and those of its groups.
        package var principals: Set<String>
        /// Management groups above the subscription.
        package var ancestors: [String]
        package var time: Timestamp?
        /// What the attributes of conditions hold, under their names: `@Resource[…]`.
        package var context: PolicyContext

        package init(
            action: String, isData: Bool, scope: String, principals: Set<String>, ancestors: [String],
            time: Timestamp?, context: PolicyContext = PolicyContext()
        ) {
            self.action = action
            self.isData = isData
            self.scope = scope
            self.principals = principals
            self.ancestors = ancestors
            self.time = time
            self.context = context
        }
    }

    /// Everybody, in a deny assignment.
    private static let everyone = "00000000-0000-0000-0000-000000000000"

    package var roles: [AzureRole] = []
    package var assignments: [Assignment] = []
    /// Roles that can be activated, and are not.
    package var eligible: [Assignment] = []
    package var denials: [Denial] = []

    package init() {}

    package func verdict(_ request: Request) -> (decision: PolicyDecision, because: String, name: String) {
        for denial in denials where denial.applies(to: request, everyone: Self.everyone) {
            return (.deny, "the deny assignment refuses it", denial.name)
        }
        var hint = "no assignment allows it"
        for assignment in assignments where reaches(assignment, request) {
            if let lack = lack(assignment, request) {
                hint = "an assignment would allow it, but \(lack) (\(assignment.name))"
                continue
            }
            return (.allow, "role \(assignment.role) at \(assignment.scope) allows it", assignment.name)
        }
        if let assignment = eligible.first(where: { reaches($0, request) }) {
            hint += "; \(assignment.role) could be activated and would"
        }
        return (.implicitDeny, hint, "")
    }

    /// Why an assignment's condition does not let it grant; `nil` where it does.
    private func lack(_ assignment: Assignment, _ request: Request) -> String? {
        guard let text = assignment.condition, !text.isEmpty else { return nil }
        guard let condition = AzureCondition(text) else { return "its condition is not understood" }
        var lacking: [String] = []
        let question = AzureCondition.Question(
            action: request.action, context: request.context, time: request.time)
        switch condition.holds(question, lacking: &lacking) {
        case true?: return nil
        case false?: return "its condition does not hold"
        case nil:
            let names = lacking.isEmpty ? "a value is of another kind" : "\(lacking[0]) is not in the context"
            return "its condition cannot be evaluated: \(names)"
        }
    }

    private func reaches(_ assignment: Assignment, _ request: Request) -> Bool {
        guard request.principals.contains(assignment.principal.lowercased()),
            Self.covers(assignment.scope, request)
        else { return false }
        if let end = assignment.end, let time = request.time, time >= end { return false }
        let wanted = assignment.role.lowercased()
        return roles.contains { role in
            let id = role.id.lowercased()
            let isMeant =
                id == wanted || role.name.lowercased() == wanted
                || id.split(separator: "/").last == wanted.split(separator: "/").last
            return isMeant && role.blocks.contains { $0.allows(request.action, isData: request.isData) }
        }
    }

    /// A scope covers itself and all below; the root and a subscription's management groups cover it, too.
    static func covers(_ scope: String, _ request: Request) -> Bool {
        var scope = scope.lowercased()
        while scope.hasSuffix("/") { scope.removeLast() }
        let wanted = request.scope.lowercased()
        if scope.isEmpty || wanted == scope || wanted.hasPrefix(scope + "/") { return true }
        return request.ancestors.contains { $0.lowercased() == scope }
    }
}

extension AzureAccess.Denial {
    fileprivate func applies(to request: AzureAccess.Request, everyone: String) -> Bool {
        func holds(_ list: [String]) -> Bool {
            list.contains { $0 == everyone || request.principals.contains($0.lowercased()) }
        }
        guard holds(principals), !holds(excluded) else { return false }
        if isForScopeOnly, scope.lowercased() != request.scope.lowercased() { return false }
        return AzureAccess.covers(scope, request)
            && blocks.contains { $0.allows(request.action, isData: request.isData) }
    }
}

extension AzureRole.Block {
    /// Whether the block grants the action, or refuses it in a deny assignment.
    func allows(_ action: String, isData: Bool) -> Bool {
        let letters = WildcardPattern.letters(action.lowercased())
        func takes(_ list: [String]) -> Bool {
            list.contains { WildcardPattern($0, isLowercased: true).matches(letters) }
        }
        return isData ? takes(dataActions) && !takes(notDataActions) : takes(actions) && !takes(notActions)
    }
}

// MARK: Reading

extension AzureAccess {
    /// Reads a list of assignments as `az role assignment list` or Azure Resource Manager answer it.
    package static func assignments(_ document: Document, name: String) throws(Problems) -> [Assignment] {
        var problems: [Problem] = []
        let list = items(document).map { item in
            let body = item.member("properties") ?? item
            func text(_ name: String) -> String? { body.member(name)?.string ?? item.member(name)?.string }
            let principal = text("principalId")
            let role = text("roleDefinitionId") ?? text("roleDefinitionName")
            let scope = text("scope")
            if principal == nil || role == nil || scope == nil {
                problems.append(
                    Problem(
                        at: item.position, "an assignment has `principalId`, `roleDefinitionId` and `scope`"))
            }
            let end = text("endDateTime").flatMap { PolicyNumber.time($0) }
            return Assignment(
                name: item.member("name")?.string ?? name, principal: principal ?? "", role: role ?? "",
                scope: scope ?? "", condition: text("condition"), end: end)
        }
        if !problems.isEmpty { throw Problems(Array(problems.prefix(100))) }
        return list
    }

    package static func denials(_ document: Document, name: String) throws(Problems) -> [Denial] {
        var reader = AzureReader()
        let list = items(document).map { item in
            let body = item.member("properties") ?? item
            func ids(_ name: String) -> [String] {
                (body.member(name)?.list ?? []).compactMap { $0.string ?? $0.member("id")?.string }
            }
            return Denial(
                name: body.member("denyAssignmentName")?.string ?? item.member("name")?.string ?? name,
                blocks: reader.blocks(body), principals: ids("principals"),
                excluded: ids("excludePrincipals"),
                scope: body.member("scope")?.string ?? "",
                isForScopeOnly: body.member("doNotApplyToChildScopes")?.bool ?? false)
        }
        if !reader.problems.isEmpty { throw Problems(reader.problems) }
        return list
    }

    package static func roles(_ document: Document) throws(Problems) -> [AzureRole] {
        var roles: [AzureRole] = []
        for item in items(document) { roles.append(try AzureRole(item)) }
        return roles
    }

    private static func items(_ document: Document) -> [Document] {
        document.list ?? document.member("value")?.list ?? [document]
    }
}
