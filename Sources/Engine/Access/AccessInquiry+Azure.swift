/// Azure's principals, by the roles that they are assigned and what those permit, as far as anybody told.
extension AccessInquiry {
    /// What is asked of data, not of what holds it: `data:Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read`.
    private static let dataPrefix = "data:"
    /// Management groups in management groups; Azure allows six.
    private static let depthMax = 16

    func azure(_ question: Question) -> [Answer] {
        let isData = question.action.hasPrefix(Self.dataPrefix)
        let request = AzureAccess.Request(
            action: isData ? String(question.action.dropFirst(Self.dataPrefix.count)) : question.action,
            isData: isData, scope: question.resource, principals: [], ancestors: [], time: time,
            context: question.context)
        var permitting: [String: Bool?] = [:]
        let denials = denials(over: request)
        let above = groups(above: question.resource)
        var answers: [Answer] = []
        for subject in state.allSubjects {
            for part in state.parts(subject.account, subject.name, .assignment, at: time) {
                let assignment = AccessAssignment(text: part.value)
                guard let role = assignment.azureRole,
                    let reach = Self.reach(of: assignment.scope, request, above)
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
                answers += spread(answer, over: assignment)
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

    /// The answer for those who are meant: Azure names everybody by an id, and a group stands for its members, which only
    /// the directory knows.
    private func spread(_ answer: Answer, over assignment: AccessAssignment) -> [Answer] {
        var answer = answer
        let named = names.name(ofID: assignment.principal)
        if let named { answer.principal = named.name }
        guard assignment.isGroups || named?.name.hasPrefix("group/") == true else {
            return [named.map { living(answer, in: $0.account) } ?? answer]
        }
        return members(of: answer, group: named)
    }

    private enum Reach { case certain, possible }

    /// Whether what is assigned at a scope holds for a resource; `nil` where it does not.
    private static func reach(
        of scope: String, _ request: AzureAccess.Request, _ above: (names: Set<String>, isWhole: Bool)
    ) -> Reach? {
        if request.scope == "*" || AzureAccess.covers(scope, request) { return .certain }
        guard let group = AzureScope.group(of: scope) else { return nil }
        if above.names.contains(group) { return .certain }
        return above.isWhole ? nil : .possible
    }

    /// The management groups that a resource's subscription is in, as far as anybody told, and whether that is all of them.
    ///
    /// Each is in another up to the tenant's own, whose name is the tenant's id: only where that is reached nothing more can
    /// stand above.
    private func groups(above resource: String) -> (names: Set<String>, isWhole: Bool) {
        var names: Set<String> = []
        var next: [String] = []
        if let group = AzureScope.group(of: resource) {
            names.insert(group)
            next = [AzureScope.subject(ofGroup: group)]
        } else if let subscription = AzureScope.subscription(of: resource) {
            next = [AzureScope.subject(ofSubscription: subscription)]
        }
        var isWhole = false
        var steps = 0
        while let subject = next.popLast(), steps < Self.depthMax * Self.depthMax {
            steps += 1
            for group in state.placements(of: subject, at: time) where names.insert(group).inserted {
                next.append(AzureScope.subject(ofGroup: group))
                if DirectoryID.isGUID(group) { isWhole = true }
            }
        }
        return (names, isWhole)
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

extension AccessState {
    /// What a subscription or a management group is in, whichever account told it.
    fileprivate func placements(of subject: String, at time: Timestamp) -> [String] {
        (targets[subject] ?? []).sorted().filter { $0.kind == .placement }.compactMap {
            value($0, at: time)?.lowercased()
        }
    }
}
