/// Privileged access that stands without an end (D3), and access of those who are gone (D15).
extension DriftView {
    mutating func readStanding() {
        // What a permission set, or a role of Snowflake's, gives stands where somebody has it.
        let isRole = provider == AccessChanges.snowflake && subject.name.hasPrefix("role/")
        guard !settings.allowsStanding(subject.name), !AccessAssignment.isPermissionSet(subject.name), !isRole
        else { return }
        for kind in [AccessState.Kind.attachment, .inline, .membership, .assignment] {
            for key in keys(kind) where mayStand(key) { standing(key) }
        }
    }

    /// Whether a thing ever gave what must not stand: what did not needs no look at each of its changes.
    private func mayStand(_ key: AccessState.Key) -> Bool {
        switch key.kind {
        case .attachment: mayGovern(key.part)
        case .inline: history(key).contains { $0.value.map { judge.effect(of: $0) } == .permissions }
        case .membership: mayGovern(group: key.part)
        default:
            // What somebody who is gone has is told whatever it is.
            !keys(.identity).isEmpty || isDefined(key)
                || history(key).contains { $0.value.map { judge.effect(ofAssignment: $0) } == .permissions }
        }
    }

    private func mayGovern(_ arn: String) -> Bool {
        judge.known(arn).effect == .permissions
            || governing.contains(AccessState.Subject(account: subject.account, name: arn))
    }

    private func mayGovern(group: String) -> Bool {
        let name = "group/\(group)"
        // Of a group that nothing is known of, its name is judged.
        guard let holding = state.holding(subject.account, name) else {
            return effect(ofGroup: group, at: .distantFuture) == .permissions
        }
        return holding.slots.contains { slot in
            switch slot.kind {
            case .attachment: mayGovern(slot.part)
            case .inline, .assignment:
                slot.history.contains { entry in
                    entry.value.map {
                        slot.kind == .inline ? judge.effect(of: $0) : judge.effect(ofAssignment: $0)
                    } == .permissions
                }
            default: false
            }
        }
    }

    /// Whether anything is known of what a role gives, beside its name.
    private func isDefined(_ key: AccessState.Key) -> Bool { !definitions(of: key).isEmpty }

    /// The keys that say what a role gives.
    private func definitions(of key: AccessState.Key) -> [AccessState.Key] {
        history(key).compactMap(\.value).flatMap { value -> [AccessState.Key] in
            guard let home = AccessAssignment(text: value).home(in: key.account) else { return [] }
            return state.keys(of: home).filter {
                $0.kind != .identity && $0.kind != .boundary && $0.kind != .assignment
            }
        }
    }

    private mutating func standing(_ key: AccessState.Key) {
        var concerned = [key, self.key(.identity)]
        switch key.kind {
        case .attachment: concerned += keys(ofPolicy: key.part)
        case .membership:
            let group = AccessState.Subject(account: subject.account, name: "group/\(key.part)")
            for own in state.keys(of: group) {
                concerned.append(own)
                if own.kind == .attachment { concerned += keys(ofPolicy: own.part) }
            }
        case .assignment: concerned += definitions(of: key)
        default: break
        }
        let view = self
        follow(concerned) { time, _ in view.standingConditions(key, at: time) }
    }

    private func standingConditions(_ key: AccessState.Key, at time: Timestamp) -> [DriftCondition] {
        guard let value = value(key, at: time) else { return [] }
        guard isThere(time) else {
            guard key.kind == .assignment else { return [] }
            let role = AccessAssignment(text: value).role
            return [
                DriftCondition(.dangling, key.part, "\(subject.name) is gone and still has \(role)")
            ]
        }
        let effect = effect(of: key, value, at: time)
        guard effect == .permissions else { return [] }
        var condition = DriftCondition(.standing, key.part, effect: effect, "")
        switch key.kind {
        case .attachment:
            condition.words = "\(subject.name) can give itself more by \(key.part), for good"
            condition.gained = governing(document(of: key.part, at: time))
        case .inline:
            condition.words = "\(subject.name) can give itself more by its own policy \(key.part), for good"
            condition.gained = governing(value)
        case .membership: condition.words = "\(subject.name) is in \(key.part), which is privileged, for good"
        default:
            let assignment = AccessAssignment(text: value)
            guard assignment.expiry.isEmpty else { return [] }
            if !assignment.principal.isEmpty { condition.subject = assignment.principal }
            condition.object = "\(assignment.role) at \(assignment.scope)"
            condition.words =
                "\(assignment.principal) has \(assignment.role) at \(assignment.scope), for good"
        }
        condition.remedies = DriftRemedy.removing(key, value, provider)
        return [condition]
    }

    private func governing(_ document: String?) -> [String] {
        guard let document else { return [] }
        let probes = judge.probes(document)
        return ((probes.anywhere - probes.denied) & PolicyProbes.governing).names
    }
}
