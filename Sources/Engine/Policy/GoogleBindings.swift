/// An allow policy of Google's IAM: who has which role, under which condition.
package struct GoogleBindings: Sendable {
    package struct Binding: Sendable {
        package var role: String
        package var members: [String]
        package var condition: GoogleCondition?
        package var position: SourcePosition
    }

    package var bindings: [Binding]

    /// Reads what `gcloud projects get-iam-policy --format json` answers.
    package init(_ document: Document) throws(Problems) {
        var problems: [Problem] = []
        guard document.map != nil else {
            throw Problems([
                Problem(at: document.position, "a policy is a mapping, and this is \(document.kind)")
            ])
        }
        let list = document["bindings"]
        if list == nil, document["etag"] == nil, document["version"] == nil {
            problems.append(Problem(at: document.position, "a policy has `bindings`, and this has none"))
        }
        bindings = (list?.list ?? []).compactMap { item in
            guard let role = item["role"]?.string, let members = item["members"]?.list else {
                problems.append(Problem(at: item.position, "a binding has `role` and `members`"))
                return nil
            }
            let texts = members.compactMap(\.string)
            if texts.count != members.count {
                problems.append(Problem(at: item.position, "members are texts", hint: "user:ada@example.com"))
            }
            let condition = item["condition"]
            let expression = condition?["expression"]?.string
            if let condition, !condition.isNull, expression == nil {
                problems.append(Problem(at: condition.position, "a condition has an `expression`"))
            }
            return Binding(
                role: role, members: texts, condition: expression.map { GoogleCondition($0) },
                position: item.position)
        }
        if let list, list.list == nil {
            problems.append(Problem(at: list.position, "`bindings` is a list, and this is \(list.kind)"))
        }
        if !problems.isEmpty { throw Problems(Array(problems.prefix(100))) }
    }

    /// As statements: roles are the actions, members the resources. `false`: a condition has too many alternatives,
    /// and counts as none.
    var policy: (policy: AccessPolicy, isExact: Bool) {
        var statements: [PolicyStatement] = []
        var isExact = true
        for (index, binding) in bindings.enumerated() {
            var alternatives: [[PolicyCondition]] = [[]]
            if let condition = binding.condition {
                if let found = condition.alternatives { alternatives = found } else { isExact = false }
            }
            for conditions in alternatives {
                var statement = PolicyStatement(
                    index: index, sid: nil, isAllow: true,
                    actions: .init(
                        elements: Self.implied(by: binding.role).map { ActionPattern("role:" + $0) },
                        isComplement: false),
                    resources: .init(elements: binding.members.map(Self.pattern), isComplement: false),
                    position: binding.position)
                statement.conditions = conditions
                statement.conditionKey = conditions.map(\.canonical).sorted().joined(separator: "\n")
                statements.append(statement)
            }
        }
        return (AccessPolicy(statements: statements), isExact)
    }

    /// The basic roles contain each other; of all others only the name is known here.
    private static func implied(by role: String) -> [String] {
        switch role {
        case "roles/owner": ["roles/owner", "roles/editor", "roles/viewer"]
        case "roles/editor": ["roles/editor", "roles/viewer"]
        default: [role]
        }
    }

    /// How grave a role is, by its name: what gives access, then what changes anything, then what reads.
    static func gravity(of role: String) -> Int {
        if role == "roles/owner" { return 5 }
        let folded = role.lowercased()
        if ["roles/iam.", "roles/resourcemanager.", "roles/orgpolicy."].contains(where: folded.hasPrefix) {
            return folded.hasSuffix("viewer") ? 0 : 4
        }
        if folded.contains("admin") { return 3 }
        return folded.hasSuffix("viewer") || folded.hasSuffix("reader") ? 0 : 2
    }

    /// A member as a set of names: `allUsers` holds everybody, `allAuthenticatedUsers` all with a name, a domain its
    /// users.
    static func pattern(_ member: String) -> ResourcePattern {
        let folded = member.lowercased()
        if folded == "allusers" { return ResourcePattern("*") }
        if folded == "allauthenticatedusers" { return ResourcePattern(plain: "*:*") }
        if folded.hasPrefix("domain:") {
            let domain = folded.dropFirst("domain:".count)
            return ResourcePattern(plain: "user:*@\(domain)")
        }
        // Names of people and groups are the same in any case, those of workload identities are not.
        let isPath = folded.hasPrefix("principal")
        return ResourcePattern(plain: isPath ? member : folded)
    }
}

extension PolicyChange {
    /// What changed between two allow policies of one resource.
    package static func ofGoogleBindings(old: GoogleBindings, new: GoogleBindings) -> PolicyChange {
        let before = old.policy
        let after = new.policy
        let comparison = PolicyComparison(old: before.policy, new: after.policy, place: .identity)
        var change = comparison.change()
        func plain(_ action: String) -> String {
            action.hasPrefix("role:") ? String(action.dropFirst("role:".count)) : action
        }
        for (side, isGained) in [(\PolicyChange.gained, true), (\PolicyChange.lost, false)] {
            comparison.tell(&change[keyPath: side], isGained: isGained) {
                GoogleBindings.gravity(of: plain($0.request.action))
            }
            change[keyPath: side].actions = change[keyPath: side].actions.map(plain).sorted()
        }
        for index in change.gained.witnesses.indices { change.gained.witnesses[index].becomeGoogle(plain) }
        for index in change.lost.witnesses.indices { change.lost.witnesses[index].becomeGoogle(plain) }
        if !before.isExact || !after.isExact {
            change.method = .undecided
            if change.verdict == .equal || change.verdict == .narrowed {
                change.verdict = Verdict(gained: true, lost: change.verdict == .narrowed)
            }
            change.notes.append("a condition is too large to be taken apart: it counts as widened")
        }
        return change
    }

    private typealias Verdict = PolicyComparison.Verdict
}

extension PolicyChange.Witness {
    fileprivate mutating func becomeGoogle(_ plain: (String) -> String) {
        // Fresh letters on both sides of the colon: somebody with any name.
        principal =
            resource == "*" ? "allUsers" : resource == "example:example" ? "allAuthenticatedUsers" : resource
        action = plain(action)
        resource = "the policy's resource and all below"
        because = because.replacing("statement", with: "binding")
    }
}
