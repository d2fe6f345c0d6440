/// Who may do something in a tenant of Entra's, by the directory roles that they have and what those permit.
extension AccessInquiry {
    /// In front of what only Entra has.
    static let directoryPrefix = "microsoft.directory/"

    func entra(_ question: Question) -> [Answer] {
        let action = EntraAction(question.action)
        var definitions: [AccessState.Subject: [(action: EntraAction, condition: String)]] = [:]
        var answers: [Answer] = []
        // Of actions that Azure has as well, only what is known to permit them says that they are Entra's.
        let isEntras = question.action.lowercased().hasPrefix(Self.directoryPrefix)
        for definition in state.allSubjects where definition.name.hasPrefix("role/") {
            guard let (name, blocks) = blocks(of: definition) else { continue }
            let role = AccessState.Subject(account: definition.account, name: name)
            definitions[role, default: []] += blocks
        }
        guard isEntras || !definitions.isEmpty else { return [] }
        for subject in state.allSubjects {
            for part in state.parts(subject.account, subject.name, .assignment, at: time) {
                let assignment = AccessAssignment(text: part.value)
                guard Self.isDirectorys(assignment) else { continue }
                let role = AccessState.Subject(account: subject.account, name: assignment.role)
                guard let blocks = definitions[role] else {
                    if isEntras { answers += unknown(subject, assignment, question) }
                    continue
                }
                let permitting = blocks.filter { $0.action.covers(action) }
                if permitting.isEmpty { continue }
                var answer = answer(subject, assignment, question)
                let conditions = permitting.map(\.condition)
                if !conditions.contains("") {
                    answer.isAllowed = false
                    answer.unknown.append("whether the condition holds: \(conditions[0])")
                }
                answers += spread(answer, subject)
            }
        }
        return answers
    }

    private static func isDirectorys(_ assignment: AccessAssignment) -> Bool {
        assignment.scope == EntraRoleItem.tenant || assignment.scope.hasPrefix("/administrativeUnits/")
    }

    private func blocks(
        of definition: AccessState.Subject
    ) -> (name: String, blocks: [(action: EntraAction, condition: String)])? {
        let key = AccessState.Key(definition.account, definition.name, .roleDefinition)
        guard let text = state.value(key, at: time), let document = judge.texts.document(text),
            // Azure's roles have lists of scopes, Google's their permissions.
            document["assignableScopes"] == nil, let name = document["roleName"]?.string,
            let permissions = document["permissions"]?.list
        else { return nil }
        let blocks = permissions.flatMap { block in
            (block["actions"]?.list ?? []).compactMap(\.string).map {
                (EntraAction($0), block["condition"]?.string ?? "")
            }
        }
        return (name, blocks)
    }

    private func answer(
        _ subject: AccessState.Subject, _ assignment: AccessAssignment, _ question: Question
    ) -> Answer {
        let isTenants = assignment.scope == EntraRoleItem.tenant
        let isWhole = isTenants || question.resource == "*" || question.resource == assignment.scope
        var answer = Answer(
            principal: assignment.principal, account: subject.account,
            isAllowed: isWhole && !assignment.isEligible,
            reason:
                "directory role \(assignment.role)\(isTenants ? "" : " at \(assignment.scope)") permits it")
        if !isWhole { answer.unknown.append("whether the resource is in \(assignment.scope)") }
        if assignment.isEligible { answer.unknown.append("whether the role is activated") }
        return answer
    }

    private func unknown(
        _ subject: AccessState.Subject, _ assignment: AccessAssignment, _ question: Question
    ) -> [Answer] {
        var answer = answer(subject, assignment, question)
        answer.isAllowed = false
        answer.reason = "has directory role \(assignment.role)"
        answer.unknown.append("what directory role \(assignment.role) permits")
        return spread(answer, subject)
    }

    private func spread(_ answer: Answer, _ subject: AccessState.Subject) -> [Answer] {
        subject.name.hasPrefix("group/")
            ? members(of: answer, group: subject) : [living(answer, in: subject.account)]
    }
}

/// An action of Entra's: `microsoft.directory/users/password/update`. Between what is acted on and how may stand which of
/// its properties, and each of the three may be all there are.
struct EntraAction: Hashable, Sendable {
    private var space = ""
    private var entity = ""
    private var properties = ""
    private var task = ""

    init(_ text: String) {
        var parts = text.lowercased().split(separator: "/", omittingEmptySubsequences: false).map {
            String($0)
        }
        if let last = parts.popLast() { task = last }
        if !parts.isEmpty { space = parts.removeFirst() }
        if !parts.isEmpty { entity = parts.removeFirst() }
        properties = parts.joined(separator: "/")
    }

    func covers(_ other: EntraAction) -> Bool {
        guard space == other.space, entity == other.entity || entity == "allentities" else { return false }
        let isWhole = properties == "allproperties" || entity == "allentities" && properties.isEmpty
        guard properties == other.properties || isWhole else { return false }
        return task == other.task || task == "alltasks"
    }
}
