/// Resources that are open to outside or to everybody (D9).
extension DriftView {
    /// Whether a name on a list of shares is of somebody else: another account, or another account's principal.
    func isOutside(_ name: String) -> Bool {
        let account = RequestPrincipal(name).account
        return account.map { !own.contains($0) } ?? false
    }

    mutating func readExposure() {
        let view = self
        let blocks = keys(.publicAccessBlock)
        for key in keys(.resourcePolicy) {
            let identity = self.key(.identity)
            follow([key, identity] + blocks) { time, _ in
                guard view.isThere(time), let text = view.value(key, at: time) else { return [] }
                let isBlocked = blocks.contains { view.value($0, at: time) == "on" }
                return view.opened(text, isBlocked: isBlocked)
            }
        }
        for key in keys(.sharing) {
            follow([key, self.key(.identity)]) { time, _ in
                guard view.isThere(time), let who = view.value(key, at: time) else { return [] }
                return view.shared(key, who)
            }
        }
        for key in blocks {
            follow([key, self.key(.identity)]) { time, _ in
                guard view.isThere(time), !view.isFirstSight(key, at: time) else { return [] }
                let value = view.value(key, at: time)
                guard value != "on" else { return [] }
                var condition = DriftCondition(
                    .exposure, "public access block", effect: .reads,
                    value.map { "\(view.subject.name): its public access block is partly \($0)" }
                        ?? "\(view.subject.name): its public access block was removed; what makes it public takes effect"
                )
                condition.remedies = DriftRemedy.blockingPublic(view.subject.name)
                return [condition]
            }
        }
    }

    private func opened(_ text: String, isBlocked: Bool) -> [DriftCondition] {
        guard let policy = judge.policy(text, .resource) else { return [] }
        return DriftOutsiders(own: own, isTrust: false).all(of: policy).map { outsider in
            var condition = DriftCondition(
                .exposure, outsider.name, effect: .reads,
                "\(subject.name) is open to \(outsider.name) by its policy")
            condition.verdict = .widened
            if outsider.isEverybody {
                condition.severity = isBlocked ? .low : .critical
                if isBlocked { condition.consequence = "the public access block still keeps everybody out" }
            }
            condition.remedies = DriftRemedy.restoringPolicy(subject.name)
            return condition
        }
    }

    private func shared(_ key: AccessState.Key, _ who: String) -> [DriftCondition] {
        let isEverybody = who == "all" || who == "*"
        guard isEverybody || isOutside(who) else { return [] }
        let name = isEverybody ? "everybody" : RequestPrincipal(who).account.map { "account \($0)" } ?? who
        var condition = DriftCondition(
            .exposure, key.part, effect: .reads, "\(subject.name) is shared with \(name)")
        condition.severity = isEverybody ? .critical : .high
        condition.remedies = DriftRemedy.removing(key, who, provider)
        return [condition]
    }
}
