/// Directories whose lists and records name the same thing otherwise: Entra, Okta; and groups in groups.
extension AccessState {
    /// Groups in groups, and roles in roles; of more nothing is told.
    static let nestingMax = 10_000

    /// A snapshot with what it lists put as the changes before it told it.
    ///
    /// Roles get the names that their definitions have, and whoever was renamed keeps the name that is known. What is a
    /// matter of having it or not keeps what was told of it beside, such as that it ends by itself, which its list does
    /// not show.
    func resolved(_ snapshot: AccessSnapshot, _ texts: PolicyTexts) -> AccessSnapshot {
        guard snapshot.service.home != nil, let taken = snapshot.taken else { return snapshot }
        let begun = min(snapshot.begun ?? taken, taken)
        let renamed = renamed(snapshot)
        var facts: [Key: String] = [:]
        var names: [String: String?] = [:]
        for (key, value) in snapshot.facts {
            var key = key
            if let name = renamed[key.subject] { key.subject = name }
            if key.kind == .membership, let name = renamed["group/\(key.part)"] {
                key.part = String(name.dropFirst("group/".utf8.count))
            }
            guard key.kind == .assignment || key.kind == .membership || key.kind == .identity else {
                facts[key] = value
                continue
            }
            var value = value
            if key.kind == .assignment {
                var assignment = AccessAssignment(text: value)
                assignment.principal = key.subject
                value = assignment.text
                if let name = name(ofRole: assignment.role, key.account, taken, texts, &names) {
                    assignment.role = name
                    key.part = EntraRoleItem.part(assignment)
                    value = assignment.text
                }
            }
            if let before = self.value(key, at: begun),
                isSame(key, before, value) || snapshot.service == .entraRoles && isAmong(key, before, value)
            {
                value = before
            }
            facts[key] = value
        }
        var resolved = snapshot
        resolved.replace(facts)
        return resolved
    }

    /// Who is listed under another name than the one that the changes before told, by the id.
    private func renamed(_ snapshot: AccessSnapshot) -> [String: String] {
        var renamed: [String: String] = [:]
        for (key, id) in snapshot.facts where key.kind == .identity && key.part == DirectoryID.part {
            // Of several that share a name nobody can say which was renamed.
            guard let name = name(ofID: id, in: key.account), name != key.subject,
                name.hasPrefix("group/") == key.subject.hasPrefix("group/")
            else { continue }
            renamed[key.subject] = name
        }
        return renamed
    }

    /// Whether an id is one of those that share the name: only the list of all groups shows that there is one less.
    private func isAmong(_ key: Key, _ before: String, _ value: String) -> Bool {
        key.kind == .identity && key.part == DirectoryID.part && DirectoryID.all(in: before).contains(value)
    }

    private func isSame(_ key: Key, _ before: String, _ value: String) -> Bool {
        if key.kind == .identity { return key.part.isEmpty }
        if key.kind == .membership { return true }
        return AccessAssignment(text: before).scope == AccessAssignment(text: value).scope
    }

    private func name(
        ofRole id: String, _ account: String, _ time: Timestamp, _ texts: PolicyTexts,
        _ names: inout [String: String?]
    ) -> String? {
        if let known = names[id] { return known }
        var name: String?
        if DirectoryID.isGUID(id), let text = value(EntraRoleItem.definition(of: id, in: account), at: time) {
            name = texts.document(text)?["roleName"]?.string
        }
        names[id] = .some(name)
        return name
    }

    /// Groups that somebody is in, with those that these are in, each with the one through which; each once, however they
    /// go round.
    package func groups(
        of subject: String, in account: String, at time: Timestamp
    ) -> [(name: String, through: String)] {
        var found: [(name: String, through: String)] = []
        var seen: Set<String> = [subject]
        var next = [subject]
        while let holder = next.popLast(), found.count < Self.nestingMax {
            for part in parts(account, holder, .membership, at: time) {
                let group = "group/\(part.name)"
                guard seen.insert(group).inserted else { continue }
                found.append((group, holder))
                next.append(group)
            }
        }
        return found.sorted { $0.name < $1.name }
    }

    /// Everybody who is in a group, with the groups through which; each once, however they go round.
    func members(
        of group: String, in account: String, at time: Timestamp
    ) -> (people: [(name: String, via: [String])], isAll: Bool) {
        var people: [(name: String, via: [String])] = []
        var seen: Set<String> = [group]
        var next = [(group, [String]())]
        var isAll = true
        var place = 0
        while place < next.count {
            let (holder, via) = next[place]
            place += 1
            let part = String(holder.dropFirst("group/".utf8.count))
            let path = via + ["group \(part)"]
            let members = holders(of: holder, in: account).filter {
                value(Key(account, $0.name, .membership, part), at: time) != nil
            }
            if members.isEmpty { isAll = false }
            for member in members where seen.insert(member.name).inserted {
                guard people.count + next.count < Self.nestingMax * 100 else { return (people, false) }
                if member.name.hasPrefix("group/") {
                    next.append((member.name, path))
                } else {
                    people.append((member.name, path))
                }
            }
        }
        return (people, isAll)
    }
}

extension AccessSnapshot {
    /// Whether no event can be expected of a thing: what a provider does by itself or changes for all, what lists name in
    /// another way than records, and what is known by its id until a list says its name.
    func isUntold(_ key: AccessState.Key, _ value: String) -> Bool {
        switch service {
        case .entraRoles, .entraEligibilities:
            if key.kind != .assignment { return true }
            let assignment = AccessAssignment(text: value)
            return DirectoryID.isGUID(assignment.role) || assignment.scope != EntraRoleItem.tenant
        case .entraGroups: return key.kind != .membership
        case .oktaGroups:
            return key.kind == .identity ? !key.part.isEmpty : value == OktaGroupItem.builtIn
        case .azureRoles: return key.kind == .placement
        default: return false
        }
    }
}

/// Where something is in Azure, by the path that says it.
enum AzureScope {
    /// The management group that a scope is; `nil` for another.
    static func group(of scope: String) -> String? { name(after: "managementgroups", in: scope) }

    /// The subscription that a scope is or is in.
    static func subscription(of scope: String) -> String? { name(after: "subscriptions", in: scope) }

    private static func name(after kind: String, in scope: String) -> String? {
        let parts = scope.lowercased().split(separator: "/")
        guard let place = parts.firstIndex(where: { $0 == kind }), place + 1 < parts.count else { return nil }
        return String(parts[place + 1])
    }

    /// As the state of access calls them.
    static func subject(ofSubscription id: String) -> String { "subscriptions/\(id.lowercased())" }
    static func subject(ofGroup name: String) -> String { "managementgroups/\(name.lowercased())" }
}
