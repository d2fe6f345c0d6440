/// Who has a role or is in a group, of directories and of Snowflake.
extension AccessInquiry {
    /// In front of what is no action: `role:Global Administrator`, `group:Platform Admins`.
    static let rolePrefix = "role:"
    static let groupPrefix = "group:"

    /// Names by the ids that other clouds know their holders by.
    struct DirectoryNames {
        private var names: [String: AccessState.Subject] = [:]

        init(_ state: AccessState, at time: Timestamp) {
            for subject in state.allSubjects {
                let key = AccessState.Key(subject.account, subject.name, .identity, DirectoryID.part)
                for id in DirectoryID.all(in: state.value(key, at: time) ?? "") {
                    names[id.lowercased()] = subject
                }
            }
        }

        func name(ofID id: String) -> AccessState.Subject? { names[id.lowercased()] }
    }

    /// Everybody who has a role, by themselves or through a group or another role.
    func holders(ofRole name: String, at resource: String) -> [Answer] {
        let folded = name.lowercased()
        var answers: [Answer] = []
        for subject in state.allSubjects {
            for part in state.parts(subject.account, subject.name, .assignment, at: time) {
                let assignment = AccessAssignment(text: part.value)
                guard Self.isMeant(assignment, folded),
                    resource == "*" || assignment.scope.lowercased() == resource.lowercased()
                else { continue }
                var answer = Answer(
                    principal: assignment.principal, account: subject.account,
                    isAllowed: !assignment.isEligible,
                    reason: "has \(assignment.role) at \(assignment.scope)\(Self.origin(part.entry))")
                if assignment.isEligible { answer.unknown.append("whether the role is activated") }
                answers += people(of: answer, assignment, subject)
            }
        }
        return answers
    }

    private static func isMeant(_ assignment: AccessAssignment, _ folded: String) -> Bool {
        let role = assignment.role.lowercased()
        return role == folded || role.hasSuffix("/\(folded)")
    }

    /// Since when, and whether an event or a snapshot says so.
    private static func origin(_ entry: AccessState.Entry) -> String {
        let since = " since \(DriftFinding.text(entry.time))"
        return entry.isSnapshot
            ? "\(since), shown by snapshot \(entry.uid)" : "\(since), by \(entry.operation)"
    }

    /// Those whom an assignment's holder stands for.
    private func people(
        of answer: Answer, _ assignment: AccessAssignment, _ subject: AccessState.Subject
    ) -> [Answer] {
        if isSnowflakes(subject.account), subject.name.hasPrefix("role/") {
            return users(of: answer, role: subject)
        }
        if subject.name.hasPrefix("group/"), !AccessSnapshot.isOfIdentityCenter(subject.name) {
            return members(of: answer, group: subject)
        }
        guard let named = names.name(ofID: assignment.principal) else {
            return [living(answer, in: subject.account)]
        }
        var answer = answer
        answer.principal = named.name
        return assignment.isGroups || named.name.hasPrefix("group/")
            ? members(of: answer, group: named) : [living(answer, in: named.account)]
    }

    /// The answer, with what a deletion makes of it: whoever is gone may do nothing, whatever is left to them.
    func living(_ answer: Answer, in account: String) -> Answer {
        guard isGone(AccessState.Subject(account: account, name: answer.principal)) else { return answer }
        var answer = answer
        answer.isAllowed = false
        answer.unknown.append("\(answer.principal) was deleted")
        return answer
    }

    private func isGone(_ subject: AccessState.Subject) -> Bool {
        let key = AccessState.Key(subject.account, subject.name, .identity)
        return state.entry(key, at: time).map { $0.value == nil } ?? false
    }

    /// The answer for each member of a group; for the group where nobody told who is in it, or not of all.
    func members(of answer: Answer, group: AccessState.Subject?) -> [Answer] {
        func unknown(_ name: String) -> Answer {
            var rest = answer
            rest.principal = "the members of \(name)"
            rest.unknown.append("who is in \(name)")
            return rest
        }
        guard let group else { return [unknown("group \(answer.principal)")] }
        let title = "group \(group.name.dropFirst("group/".utf8.count))"
        if isGone(group) {
            var gone = answer
            gone.principal = title
            gone.isAllowed = false
            gone.unknown.append("\(title) was deleted")
            return [gone]
        }
        let found = state.members(of: group.name, in: group.account, at: time)
        func isShared(_ title: String) -> Bool {
            let name = "group/\(title.dropFirst("group ".utf8.count))"
            let key = AccessState.Key(group.account, name, .identity, DirectoryID.part)
            return state.value(key, at: time).map { DirectoryID.isShared($0) } ?? false
        }
        let members = found.people.map { person in
            var answer = answer
            for title in person.via where isShared(title) {
                answer.isAllowed = false
                answer.unknown.append("which \(title) is meant, of those that share the name")
            }
            answer.principal = person.name
            answer.via = person.via
            return living(answer, in: group.account)
        }
        return members + (found.isAll ? [] : [unknown(title)])
    }

    /// Everybody who is in a group, by its name or by what the directory calls it.
    func members(ofGroup name: String) -> [Answer] {
        let folded = name.lowercased()
        var groups: Set<AccessState.Subject> = []
        for subject in state.allSubjects {
            for part in state.parts(subject.account, subject.name, .membership, at: time) {
                groups.insert(AccessState.Subject(account: subject.account, name: "group/\(part.name)"))
            }
        }
        return groups.sorted().flatMap { group -> [Answer] in
            let (title, part) = (title(of: group), String(group.name.dropFirst("group/".utf8.count)))
            guard part.lowercased() == folded || title.lowercased() == folded else { return [] }
            let answer = Answer(
                principal: title, account: group.account, isAllowed: true, reason: "is in group \(title)")
            return members(of: answer, group: group).map { answer in
                var answer = answer
                let own = AccessState.Key(group.account, answer.principal, .membership, part)
                if let entry = state.entry(own, at: time), entry.value != nil {
                    answer.reason += Self.origin(entry)
                }
                if AccessSnapshot.isOfIdentityCenter(answer.principal) {
                    let named = AccessState.Key(group.account, answer.principal, .identity)
                    answer.principal = state.value(named, at: time) ?? answer.principal
                    answer.via = ["group \(title)"]
                }
                return answer
            }
        }
    }

    /// What a directory calls a group that it knows by an id.
    private func title(of group: AccessState.Subject) -> String {
        state.value(AccessState.Key(group.account, group.name, .identity), at: time)
            .flatMap { $0.hasPrefix("arn:") ? nil : $0 }
            ?? String(group.name.dropFirst("group/".utf8.count))
    }

    /// What the last snapshots do not tell, where it could make an answer otherwise.
    func shortfalls(for services: [AccessSnapshot.Service]) -> [Answer] {
        shortfalls.filter { services.contains($0.service) }.map { shortfall in
            var answer = Answer(
                principal: shortfall.what, account: shortfall.account, isAllowed: false, reason: shortfall.why
            )
            answer.unknown = [shortfall.why]
            return answer
        }
    }
}
