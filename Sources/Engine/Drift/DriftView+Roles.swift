/// What roles give, where their definitions are known: permission sets, roles of Azure's, Google's and of clusters.
extension DriftView {
    /// What an assignment comes to at most: by what is known of its role, else by the role's name.
    func effect(ofAssignment value: String, at time: Timestamp) -> DriftFinding.Effect {
        let assignment = AccessAssignment(text: value)
        guard !assignment.isEligible, let home = assignment.home(in: subject.account),
            let definition = state.holding(home.account, home.name)
        else { return judge.effect(ofAssignment: value) }
        if AccessAssignment.isPermissionSet(assignment.role) {
            return effect(ofPermissionSet: definition, home.account, at: time)
                ?? judge.effect(ofAssignment: value)
        }
        guard let text = definition.value(.roleDefinition, "", at: time) else {
            return judge.effect(ofAssignment: value)
        }
        return judge.effect(ofRole: text)
    }

    /// `nil` where nothing is known of what it gives.
    private func effect(
        ofPermissionSet set: AccessHolding, _ account: String, at time: Timestamp
    ) -> DriftFinding.Effect? {
        let own = set.slots(.inline).compactMap { $0.value(at: time) }.map { judge.effect(of: $0) }
        let attached = set.slots(.attachment).filter { $0.value(at: time) != nil }
            .map { effect(ofPolicy: $0.part, at: time) }
        return (own + attached).max()
    }
}

extension PolicyJudge {
    /// Google's owner has over ten thousand permissions. Bytes.
    private static let roleBytesMax = 4 << 20

    /// What a role lets its holder do at most, by its definition's text.
    func effect(ofRole text: String) -> DriftFinding.Effect {
        remembered(text) {
            guard text.utf8.count <= Self.roleBytesMax, let document = texts.document(text) else {
                return .permissions
            }
            if document["includedPermissions"] != nil {
                guard let role = try? GoogleRole(document) else { return .permissions }
                return role.granted.map { Self.effect(ofGooglePermission: $0) }.max() ?? .none
            }
            guard let role = try? AzureRole(document) else { return .permissions }
            return role.blocks.flatMap { $0.actions + $0.dataActions }.map { Self.effect(ofAction: $0) }.max()
                ?? .none
        }
    }

    /// What an action of Azure's, or a permission of a cluster's, can do at most.
    static func effect(ofAction action: String) -> DriftFinding.Effect {
        let folded = action.lowercased()
        if folded.hasPrefix("rbac:") { return KubernetesRole.effect(of: folded) }
        if folded.hasSuffix("/read") { return .reads }
        if folded == "*" || folded.hasPrefix("microsoft.authorization/") { return .permissions }
        return .writes
    }

    static func effect(ofGooglePermission permission: String) -> DriftFinding.Effect {
        let verb = permission.split(separator: ".").last.map { String($0) } ?? permission
        let governing = [
            "setIamPolicy", "actAs", "getAccessToken", "getOpenIdToken", "signBlob", "signJwt",
            "implicitDelegation",
        ]
        if governing.contains(verb) || permission == "iam.serviceAccountKeys.create"
            || permission == "iam.roles.update" || permission == "deploymentmanager.deployments.create"
        {
            return .permissions
        }
        return verb.hasPrefix("get") || verb.hasPrefix("list") || verb.hasPrefix("search") ? .reads : .writes
    }
}
