/// Privileged access that stands without an end (D3), and access of those who are gone (D15).
extension DriftView {
    mutating func readStanding() {
        guard !settings.allowsStanding(subject.name) else { return }
        for kind in [AccessState.Kind.attachment, .inline, .membership, .assignment] {
            for key in keys[kind] ?? [] { standing(key) }
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
        default: break
        }
        let view = self
        follow(concerned) { time, _ in view.standingConditions(key, at: time) }
    }

    private func standingConditions(_ key: AccessState.Key, at time: Timestamp) -> [DriftCondition] {
        guard let value = state.value(key, at: time) else { return [] }
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
