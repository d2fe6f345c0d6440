/// Second factors (D11) and long-lived credentials (D13).
extension DriftView {
    mutating func readCredentials() {
        readFactors()
        readKeys()
    }

    private mutating func readFactors() {
        let factors = keys(.mfa)
        if factors.isEmpty { return }
        let view = self
        follow(factors + [key(.identity)]) { time, _ in
            guard view.isThere(time) else { return [] }
            let entries = factors.compactMap { view.entry($0, at: time) }
            guard let last = entries.max(by: AccessState.Entry.precedes),
                !entries.contains(where: { $0.value != nil })
            else { return [] }
            var condition = DriftCondition(
                .mfa, "second factor", "\(view.subject.name) has no second factor left that is known of")
            if last.operation.contains("reset") {
                condition.words = "all factors of \(view.subject.name) were reset"
            }
            condition.remedies = DriftRemedy.askingFactor(view.subject.name, view.provider)
            return [condition]
        }
    }

    private mutating func readKeys() {
        let all = keys(.accessKey)
        if all.isEmpty { return }
        let view = self
        func active(_ time: Timestamp) -> [AccessState.Key] {
            all.filter { view.value($0, at: time) == "Active" }
        }
        follow(all + [key(.identity)]) { time, _ in
            guard view.isThere(time) else { return [] }
            let count = active(time).count
            guard count >= 2 else { return [] }
            return [
                DriftCondition(
                    .keyAge, "several active keys",
                    "\(view.subject.name) has \(count) active long-lived keys at once")
            ]
        }
        for key in all {
            let first = history(key).first { $0.value != nil }
            if let first { waitForAge(of: first) }
            follow([key, self.key(.identity)]) { time, _ in
                guard view.isThere(time), view.value(key, at: time) == "Active", let first else {
                    return []
                }
                return view.keyConditions(key, first)
            }
        }
    }

    /// What is not old yet is looked at when it will be.
    private mutating func waitForAge(of first: AccessState.Entry) {
        let time = first.time + settings.keyAge
        if time > now { due = min(due ?? time, time) }
    }

    private func keyConditions(_ key: AccessState.Key, _ first: AccessState.Entry) -> [DriftCondition] {
        let name = key.part.hasPrefix("of ") ? "a key" : "the key \(key.part)"
        var found: [DriftCondition] = []
        if !first.isSnapshot, let owner = owner, !isSame(first.actor, owner) {
            var condition = DriftCondition(
                .keyAge, "\(key.part) made by another",
                "\(name) of \(subject.name) was made by somebody else, who may have it still")
            condition.remedies = DriftRemedy.removing(key, "Active", provider)
            found.append(condition)
        }
        let age = now - first.time
        if age >= settings.keyAge {
            var condition = DriftCondition(
                .keyAge, "\(key.part) is old",
                "\(name) of \(subject.name) is \(age.components.seconds / 86_400) days old")
            condition.remedies = DriftRemedy.removing(key, "Active", provider)
            found.append(condition)
        }
        return found
    }

    /// The user that a key is for; `nil` for what makes no keys for itself.
    private var owner: String? {
        subject.name.hasPrefix("user/") ? String(subject.name.dropFirst(5)) : nil
    }

    private func isSame(_ actor: String, _ owner: String) -> Bool {
        RequestPrincipal(actor).userName.map { $0 == owner } ?? (actor == owner)
    }
}
