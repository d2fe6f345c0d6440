/// Google's members, by the roles that they are given and what those permit, as far as anybody told.
extension AccessInquiry {
    func google(_ question: Question) -> [Answer] {
        var permitting: [String: Bool?] = [:]
        var answers: [Answer] = []
        for subject in state.allSubjects {
            for part in state.parts(subject.account, subject.name, .assignment, at: time) {
                let assignment = AccessAssignment(text: part.value)
                guard let home = assignment.home(in: subject.account), home.name.hasPrefix("role/"),
                    home.name.contains("roles/"), !home.name.contains("roledefinitions"),
                    let reach = Self.reach(of: assignment.scope, over: question.resource)
                else { continue }
                let permitted: Bool?
                if let known = permitting[assignment.role] {
                    permitted = known
                } else {
                    permitted = permits(assignment.role, home, question.action)
                    permitting[assignment.role] = .some(permitted)
                }
                if permitted == false { continue }
                answers.append(answer(subject, assignment, part.name, permitted, reach))
            }
        }
        return answers
    }

    private func answer(
        _ subject: AccessState.Subject, _ assignment: AccessAssignment, _ name: String, _ permitted: Bool?,
        _ reach: Reach
    ) -> Answer {
        let isConditional = name.contains(" if ")
        var answer = Answer(
            principal: assignment.principal, account: subject.account,
            isAllowed: permitted == true && reach == .certain && !isConditional,
            reason: permitted == true
                ? "\(assignment.role) at \(assignment.scope) permits it"
                : "has \(assignment.role) at \(assignment.scope)")
        if permitted == nil { answer.unknown.append("what \(assignment.role) permits") }
        if reach == .possible { answer.unknown.append("whether the resource is in \(assignment.scope)") }
        if isConditional {
            answer.unknown.append(
                "whether the condition holds:\(name.split(separator: "@").last?.drop { $0 != " " } ?? "")")
        }
        return answer
    }

    private enum Reach { case certain, possible }

    /// Whether what is given at a scope holds for a resource; `nil` where it does not.
    private static func reach(of scope: String, over resource: String) -> Reach? {
        let (scope, resource) = (GoogleBindingItem.plain(scope), GoogleBindingItem.plain(resource))
        if resource == "*" || scope == resource || resource.hasPrefix("\(scope)/") { return .certain }
        // Names do not tell which project a bucket, or which folder a project is in.
        if scope.hasPrefix("organizations/") || scope.hasPrefix("folders/") { return .possible }
        let isNamed = resource.hasPrefix("projects/") && !resource.hasPrefix("projects/_/")
        return scope.hasPrefix("projects/") && !scope.hasPrefix("projects/_/") && !isNamed ? .possible : nil
    }

    /// Whether a role has a permission; `nil` where nobody told what it permits.
    private func permits(_ role: String, _ home: AccessState.Subject, _ permission: String) -> Bool? {
        guard
            let text = state.value(AccessState.Key(home.account, home.name, .roleDefinition), at: time),
            let document = judge.texts.document(text), let definition = try? GoogleRole(document)
        else { return nil }
        return definition.granted.contains(permission)
    }
}
