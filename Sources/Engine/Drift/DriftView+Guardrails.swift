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
            follow([key]) { time, _ in
                guard view.value(key, at: time) == nil, !view.isFirstSight(key, at: time) else {
                    return []
                }
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

    /// How many principals a guardrail on an account was over.
    private var freed: String {
        guard subject.name.hasPrefix("target/") else { return "" }
        let account = String(subject.name.dropFirst(7))
        let count = state.count(ofIdentitiesIn: account)
        return count == 0 ? "" : "it was over the \(count) known principals of \(account)"
    }

    // MARK: What no event told

    mutating func readUnseen() {
        guard state.unseenCount > 0 else { return }
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
