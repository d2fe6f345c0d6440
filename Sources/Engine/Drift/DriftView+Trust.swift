/// Who may take a role: strangers (D8) and those who are gone (D15).
extension DriftView {
    mutating func readTrust() {
        guard let key = keys(.trust).first else { return }
        let mentioned = history(key).compactMap(\.value).flatMap { ownPrincipals($0) }
        let identities = mentioned.map { AccessState.Key(subject.account, $0, .identity) }
        let view = self
        follow([key, self.key(.identity)] + identities) { time, _ in
            guard view.isThere(time), let text = view.value(key, at: time) else { return [] }
            return view.strangers(
                text, view.before(key, time)?.value, isFirstSight: view.isFirstSight(key, at: time))
                + view.ghosts(text, at: time)
        }
    }

    private func strangers(
        _ text: String, _ before: String?, isFirstSight: Bool
    ) -> [DriftCondition] {
        guard let policy = judge.policy(text, .trust) else { return [] }
        return DriftOutsiders(own: own, isTrust: true).all(of: policy).compactMap { outsider in
            // What a role was trusted with from the beginning was not widened, unless it is open to everybody.
            guard outsider.isEverybody || !isFirstSight else { return nil }
            let lack = outsider.lack.isEmpty ? "" : ": \(outsider.lack)"
            var condition = DriftCondition(
                .trustWidened, outsider.name, effect: .permissions,
                "\(subject.name) can be taken by \(outsider.name)\(lack)")
            condition.verdict = .widened
            if outsider.isEverybody { condition.severity = .critical }
            condition.remedies = DriftRemedy.restoringTrust(subject.name, before)
            return condition
        }
    }

    private func ghosts(_ text: String, at time: Timestamp) -> [DriftCondition] {
        var found: [DriftCondition] = []
        for id in unknownIDs(text) {
            found.append(
                DriftCondition(
                    .dangling, id, "\(subject.name) trusts \(id), which stands where a deleted principal was")
            )
        }
        for name in ownPrincipals(text) {
            guard let entry = entry(AccessState.Key(subject.account, name, .identity), at: time),
                entry.value == nil
            else { continue }
            found.append(
                DriftCondition(
                    .dangling, name,
                    "\(subject.name) trusts \(name), which was deleted: whoever makes it anew does not "
                        + "get it, and nobody else should have it"))
        }
        return found.map { condition in
            var condition = condition
            condition.remedies = DriftRemedy.restoringTrust(subject.name)
            return condition
        }
    }

    private func principals(_ text: String) -> [String] {
        guard let policy = judge.policy(text, .trust) else { return [] }
        return policy.statements.filter(\.isAllow).flatMap { statement in
            statement.principals.elements.compactMap { principal in
                if case .arn(let text) = principal { text } else { nil }
            }
        }
    }

    /// AWS writes a principal's id in its place once it is gone.
    private func unknownIDs(_ text: String) -> [String] {
        principals(text).filter { $0.hasPrefix("AROA") || $0.hasPrefix("AIDA") }.sorted()
    }

    /// Users and roles of the same account, as subjects.
    private func ownPrincipals(_ text: String) -> [String] {
        principals(text).compactMap { arn in
            let principal = RequestPrincipal(arn)
            guard principal.account == subject.account else { return nil }
            return principal.subjectName
        }
    }
}
