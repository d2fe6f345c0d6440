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
                return view.opened(text, view.before(key, time), isBlocked: isBlocked)
            }
        }
        for key in keys(.sharing) {
            follow([key, self.key(.identity)]) { time, _ in
                guard view.isThere(time), let value = view.value(key, at: time) else { return [] }
                return view.shared(key, KeyGrant(text: value).grantee)
            }
        }
        for key in keys(.assignment) where mayBeEverybodys(key) {
            follow([key]) { time, _ in view.value(key, at: time).map { view.assigned(key, $0) } ?? [] }
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

    /// How a thing stood before it stood as it does at a time; `nil` where that is not known.
    func before(_ key: AccessState.Key, _ time: Timestamp) -> AccessState.Entry? {
        let history = history(key)
        guard let at = history.lastIndex(where: { $0.time <= time }) else { return nil }
        return history[..<at].last { $0.value != history[at].value }
    }

    private func opened(
        _ text: String, _ before: AccessState.Entry?, isBlocked: Bool
    ) -> [DriftCondition] {
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
            if outsider.isEverybody, !isBlocked {
                condition.remedies = DriftRemedy.blockingPublic(subject.name)
            }
            condition.remedies +=
                before.map { $0.value == nil } == true
                ? DriftRemedy.deletingPolicy(subject.name)
                : DriftRemedy.restoringPolicy(subject.name, before?.value)
            return condition
        }
    }

    /// Names by which everybody is given a role.
    private static let everybody: [(name: String, words: String)] = [
        ("allUsers", "everybody"), ("allAuthenticatedUsers", "everybody with a Google account"),
        ("User/system:anonymous", "everybody who reaches the cluster"),
        ("Group/system:unauthenticated", "everybody who reaches the cluster"),
        ("Group/system:authenticated", "everybody with an account of the cluster"),
    ]

    /// Most assignments are one person's or one group's, and need no look at what they name.
    private func mayBeEverybodys(_ key: AccessState.Key) -> Bool {
        subject.name.hasPrefix("all") || subject.account == AccessChanges.kubernetes
    }

    private func assigned(_ key: AccessState.Key, _ value: String) -> [DriftCondition] {
        let assignment = AccessAssignment(text: value)
        // A cluster lets everybody ask what it is, as it comes.
        if assignment.role.hasPrefix("ClusterRole/system:") { return [] }
        let names = assignment.principal.split(separator: ",").map { $0.drop { $0 == " " } }
        return Self.everybody.compactMap { name, words in
            guard names.contains(where: { $0 == name }) else { return nil }
            var condition = DriftCondition(
                .exposure, name, effect: .reads,
                "\(assignment.scope) is open to \(words): \(name) has \(assignment.role)")
            condition.severity = .critical
            condition.remedies = DriftRemedy.removing(key, value, provider)
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
