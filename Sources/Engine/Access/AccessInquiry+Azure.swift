/// Azure's principals, by the roles that they are assigned and what those permit, as far as anybody told.
extension AccessInquiry {
    /// What is asked of data, not of what holds it: `data:Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read`.
    private static let dataPrefix = "data:"

    func azure(_ question: Question) -> [Answer] {
        let isData = question.action.hasPrefix(Self.dataPrefix)
        let request = AzureAccess.Request(
            action: isData ? String(question.action.dropFirst(Self.dataPrefix.count)) : question.action,
            isData: isData, scope: question.resource, principals: [], ancestors: [], time: time,
            context: question.context)
        var permitting: [String: Bool?] = [:]
        let denials = denials(over: request)
        var answers: [Answer] = []
        for subject in state.allSubjects {
            for part in state.parts(subject.account, subject.name, .assignment, at: time) {
                let assignment = AccessAssignment(text: part.value)
                guard let role = assignment.azureRole, let reach = Self.reach(of: assignment.scope, request)
                else { continue }
                let permitted: Bool?
                if let known = permitting[role] {
                    permitted = known
                } else {
                    permitted = permits(role, in: subject.account, request)
                    permitting[role] = .some(permitted)
                }
                if permitted == false { continue }
                var answer = answer(subject, assignment, permitted, reach, request)
                answer.unknown += denials
                answers.append(answer)
            }
        }
        return answers
    }

    private func answer(
        _ subject: AccessState.Subject, _ assignment: AccessAssignment, _ permitted: Bool?, _ reach: Reach,
        _ request: AzureAccess.Request
    ) -> Answer {
        let role = assignment.role.split(separator: "/").last.map { String($0) } ?? assignment.role
        var answer = Answer(
            principal: assignment.principal, account: subject.account,
            isAllowed: permitted == true && reach == .certain && !assignment.isEligible,
            reason: permitted == true
                ? "role \(role) at \(assignment.scope) permits it" : "has role \(role) at \(assignment.scope)"
        )
        if permitted == nil { answer.unknown.append("what role \(role) permits") }
        if reach == .possible { answer.unknown.append("whether the resource is in \(assignment.scope)") }
        if assignment.isEligible { answer.unknown.append("whether the role is activated") }
        if !assignment.condition.isEmpty, !holds(assignment.condition, request) {
            answer.isAllowed = false
            answer.unknown.append("whether the condition holds: \(assignment.condition)")
        }
        return answer
    }

    private enum Reach { case certain, possible }

    /// Whether what is assigned at a scope holds for a resource; `nil` where it does not.
    private static func reach(of scope: String, _ request: AzureAccess.Request) -> Reach? {
        if request.scope == "*" || AzureAccess.covers(scope, request) { return .certain }
        // Nobody told which subscriptions are in which management group.
        return scope.lowercased().contains("/managementgroups/") ? .possible : nil
    }

    /// Whether a role has an action; `nil` where nobody told what it permits. Microsoft's own have one id everywhere.
    private func permits(_ role: String, in account: String, _ request: AzureAccess.Request) -> Bool? {
        for holder in [account] + state.accounts.sorted() {
            guard
                let text = state.value(AccessState.Key(holder, "role/\(role)", .roleDefinition), at: time),
                let document = judge.texts.document(text), let definition = try? AzureRole(document)
            else { continue }
            return definition.blocks.contains { $0.allows(request.action, isData: request.isData) }
        }
        return nil
    }

    /// Whether a condition is known to hold; what is not understood, or asks for what was not given, is not.
    private func holds(_ text: String, _ request: AzureAccess.Request) -> Bool {
        var lacking: [String] = []
        return AzureCondition(text)?.holds(
            AzureCondition.Question(action: request.action, context: request.context, time: time),
            lacking: &lacking) == true
    }

    /// What deny assignments refuse is not kept, only that they are there.
    private func denials(over request: AzureAccess.Request) -> [String] {
        state.allSubjects.filter { $0.name.hasPrefix("denyassignments/") }.flatMap { subject in
            state.parts(subject.account, subject.name, .guardrailTarget, at: time)
                .filter { request.scope == "*" || AzureAccess.covers($0.name, request) }
                .map { "what the deny assignment at \($0.name) refuses" }
        }
    }
}
