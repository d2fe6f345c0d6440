/// People and groups of a directory, through the permission sets that they are assigned.
extension AccessInquiry {
    /// What one assignment of a permission set is to one account, whoever has it.
    private struct Assigned: Hashable {
        var home: String
        var set: String
        var target: String
    }

    func directory(_ question: Question, _ resource: AccessedResource) -> [Answer] {
        var holders: [Assigned: [String]] = [:]
        for subject in state.allSubjects where AccessSnapshot.isOfIdentityCenter(subject.name) {
            for part in state.parts(subject.account, subject.name, .assignment, at: time) {
                let assignment = AccessAssignment(text: part.value)
                guard AccessAssignment.isPermissionSet(assignment.role) else { continue }
                let assigned = Assigned(
                    home: subject.account, set: assignment.role, target: assignment.scope)
                holders[assigned, default: []].append(subject.name)
            }
        }
        return holders.flatMap { assigned, names in
            let set = permissionSet(assigned)
            return names.flatMap { people(of: $0, assigned) }.compactMap { person in
                answer(question, resource, assigned, set, person)
            }
        }
    }

    private struct Person {
        var name: String
        var group: String?
    }

    /// A user, or a group's members.
    private func people(of holder: String, _ assigned: Assigned) -> [Person] {
        let home = assigned.home
        guard holder.hasPrefix("group/") else { return [Person(name: name(holder, home))] }
        let group = String(holder.dropFirst("group/".count))
        let members = state.holders(of: holder, in: home).filter {
            state.value(AccessState.Key(home, $0.name, .membership, group), at: time) != nil
        }
        let shown = name(holder, home)
        if members.isEmpty { return [Person(name: "the members of \(shown)", group: shown)] }
        return members.map { Person(name: name($0.name, home), group: shown) }
    }

    /// What the directory calls somebody; the id where nobody told.
    private func name(_ subject: String, _ home: String) -> String {
        state.value(AccessState.Key(home, subject, .identity), at: time)
            ?? String(subject.split(separator: "/").last ?? "")
    }

    private func answer(
        _ question: Question, _ resource: AccessedResource, _ assigned: Assigned, _ set: PermissionSet,
        _ person: Person
    ) -> Answer? {
        let principal = RequestPrincipal(
            "arn:aws:sts::\(assigned.target):assumed-role/\(set.role)/\(person.name.prefix(64))")
        guard var answer = answer(question, resource, principal, assigned.target, set.holdings) else {
            return nil
        }
        answer.principal = person.name
        answer.via = [person.group.map { "group \($0)" }, "permission set \(set.name)"].compactMap { $0 }
        return answer
    }

    /// The role that the account has of a permission set: its name ends in letters that only the account tells.
    private func provisioned(_ set: String, in account: String) -> String {
        let prefix = "role/AWSReservedSSO_\(set)_"
        let found = state.allSubjects(of: account, from: prefix).first {
            state.value(AccessState.Key(account, $0.name, .identity), at: time) != nil
        }
        return found.map { String($0.name.dropFirst("role/".count)) } ?? "AWSReservedSSO_\(set)_"
    }

    /// What a permission set gives in an account.
    private struct PermissionSet {
        var name: String
        /// The account's role for it.
        var role: String
        var holdings: AccessState.Holdings
    }

    private func permissionSet(_ assigned: Assigned) -> PermissionSet {
        var holdings = AccessState.Holdings()
        let (home, set) = (assigned.home, assigned.set)
        let name = state.value(AccessState.Key(home, set, .identity), at: time)
        func add(_ title: String, _ text: String?, isBoundary: Bool = false) {
            guard let text else { return holdings.unknown.append(title) }
            guard let policy = judge.policy(text) else { return holdings.unreadable.append(title) }
            let named = PolicyLayers.Named(title, policy)
            if isBoundary {
                holdings.layers.boundary.append(named)
            } else {
                holdings.layers.identity.append(named)
            }
        }
        let shown = name ?? String(set.split(separator: "/").last ?? "")
        for part in state.parts(home, set, .inline, at: time) { add("\(shown)'s own policy", part.value) }
        for part in state.parts(home, set, .attachment, at: time) {
            add(part.name, document(part.name, in: assigned.target))
        }
        if let boundary = state.value(AccessState.Key(home, set, .boundary), at: time) {
            add("the boundary \(boundary)", document(boundary, in: assigned.target), isBoundary: true)
        }
        // Only the assignment is known, and what it gives nobody told.
        if name == nil, holdings.layers.identity.isEmpty, holdings.isWhole {
            holdings.unknown.append("the permission set \(shown)")
        }
        return PermissionSet(
            name: shown, role: provisioned(shown, in: assigned.target), holdings: holdings)
    }

    /// A policy of AWS's, or the account's own of that path and name.
    private func document(_ name: String, in account: String) -> String? {
        guard name.hasPrefix(IdentityCenterItem.customerPrefix) else { return provided(name) }
        let path = name.dropFirst(IdentityCenterItem.customerPrefix.count)
        return state.document(of: "arn:aws:iam::\(account):policy\(path)", account, at: time)
    }
}
