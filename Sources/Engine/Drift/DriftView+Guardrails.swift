/// Guardrails that are gone (D10), and records that are no longer made (D16).
extension DriftView {
    mutating func readGuardrails() {
        let view = self
        if let key = keys(.boundary).first {
            follow([key, self.key(.identity)]) { time, _ in
                guard view.isThere(time), view.value(key, at: time) == nil,
                    !view.isFirstSight(key, at: time)
                else { return [] }
                var condition = DriftCondition(
                    .guardrail, "permissions boundary", effect: .permissions,
                    "\(view.subject.name) has no permissions boundary any more")
                let before = view.history(key).last { $0.value != nil && $0.time < time }?.value
                condition.remedies = DriftRemedy.settingBoundary(view.subject.name, before)
                return [condition]
            }
        }
        for key in keys(.guardrailTarget) {
            if key.part == AccessState.openPolicy {
                opened(key)
                continue
            }
            follow([key]) { time, _ in
                guard view.value(key, at: time) == nil, !view.isFirstSight(key, at: time),
                    !view.onlyAllows(key.part, at: time)
                else { return [] }
                var condition = DriftCondition(
                    .guardrail, key.part.isEmpty ? "off" : key.part, effect: .writes,
                    key.part.isEmpty
                        ? "\(view.subject.name) is off or gone"
                        : "\(view.subject.name): \(key.part) does not hold any more")
                condition.consequence = view.freed
                condition.remedies = DriftRemedy.attachingGuardrail(key)
                return [condition]
            }
        }
        for key in keys(.recording) {
            follow([key]) { time, _ in
                guard view.value(key, at: time) == nil else { return [] }
                let part = key.part.isEmpty ? "" : " \(key.part)"
                var condition = DriftCondition(
                    .telemetryGap, key.part.isEmpty ? "recording" : key.part,
                    "\(view.subject.name) does not record\(part): what happened since is not seen")
                condition.severity = .high
                condition.remedies = DriftRemedy.recording(view.subject.name, key.part)
                return [condition]
            }
        }
    }

    /// A level that allowed only what its policies list, and allows everything again.
    private mutating func opened(_ key: AccessState.Key) {
        let view = self
        follow([key]) { time, _ in
            let closed = view.history(key).last { $0.time <= time && $0.value == nil }
            guard view.value(key, at: time) != nil, closed != nil else { return [] }
            var condition = DriftCondition(
                .guardrail, key.part, effect: .permissions,
                "\(view.subject.name): everything is allowed at this level, and not only what its policies list"
            )
            condition.consequence = view.freed
            condition.remedies = DriftRemedy.detachingGuardrail(key)
            return [condition]
        }
    }

    /// Whether a policy denies nothing: where it is taken off, nobody may do more.
    private func onlyAllows(_ policy: String, at time: Timestamp) -> Bool {
        guard let text = state.guardrail(policy, at: time), let document = judge.policy(text) else {
            return false
        }
        return !document.statements.isEmpty && document.statements.allSatisfy(\.isAllow)
    }

    /// How many principals a guardrail on an account was over.
    private var freed: String {
        guard subject.name.hasPrefix("target/") else { return "" }
        let account = String(subject.name.dropFirst(7))
        let count = state.count(ofIdentitiesIn: account)
        return count == 0 ? "" : "it was over the \(count) known principals of \(account)"
    }

    // MARK: What no event told

    mutating func readUnseen() {
        // What the provider changes of its own no event tells: that is D14.
        guard state.unseenCount > 0, subject.account != GoogleRoleItem.provider,
            !judge.known(subject.name).isProviders
        else { return }
        for slot in holding.slots where slot.history.contains(where: { $0.unseenSince != nil }) {
            unseen(key(slot.kind, slot.part), slot.history)
        }
    }

    private mutating func unseen(_ key: AccessState.Key, _ history: [AccessState.Entry]) {
        var open: DriftFinding?
        var before: String?
        for entry in history {
            if var closed = open {
                closed.closed = cause(entry)
                findings.append(closed)
                open = nil
            }
            // An event that came late may tell it after all.
            if let since = entry.unseenSince, entry.value != before {
                let thing = DriftWords.thing(key.kind, key.part)
                let from = since == .distantPast ? "" : " between \(DriftFinding.text(since)) and"
                var condition = DriftCondition(
                    .telemetryGap, "\(key.kind.rawValue) \(key.part)",
                    "\(subject.name): \(thing) was \(entry.value == nil ? "taken away" : "changed")\(from)"
                        + " before \(DriftFinding.text(entry.time)), and no event told it")
                condition.remedies = ["martlet ledger"]
                open = finding(condition, entry)
            }
            before = entry.value
        }
        if let open { findings.append(open) }
    }
}
