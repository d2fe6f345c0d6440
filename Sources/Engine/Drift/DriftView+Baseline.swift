/// What differs from what was approved (D2).
extension DriftView {
    mutating func readBaseline() {
        // What the provider permits by its own roles nobody of ours approves.
        guard let baseline = settings.baseline, subject.account != GoogleRoleItem.provider else { return }
        let approved = baseline.facts.of(subject)
        // Of a subject that it does not know, a baseline of some policies says nothing.
        guard baseline.isWhole || !approved.isEmpty else { return }
        let kinds = Set(approved.map(\.key.kind))
        for (key, wanted) in concerned(approved) {
            guard AccessSnapshot.covers(key) || wanted != nil || baseline.judges(key),
                baseline.isWhole || kinds.contains(key.kind),
                history(key).contains(where: { $0.value != wanted })
            else { continue }
            let view = self
            follow([key], from: baseline.time) { time, _ in
                let value = view.value(key, at: time)
                guard value != wanted else { return [] }
                return view.difference(key, wanted, value, baseline).map { [$0] } ?? []
            }
        }
    }

    /// Every key that the subject has or is approved to have, with the value that it should have.
    private func concerned(_ approved: [DriftBaseline.Facts.Fact]) -> [(AccessState.Key, String?)] {
        var all: [(AccessState.Key, String?)] = []
        var rest = approved[...]
        for slot in holding.slots {
            let key = self.key(slot.kind, slot.part)
            while let next = rest.first, next.key < key {
                all.append((next.key, next.value))
                rest.removeFirst()
            }
            if let next = rest.first, next.key == key {
                all.append((key, next.value))
                rest.removeFirst()
            } else {
                all.append((key, nil))
            }
        }
        return all + rest.map { ($0.key, $0.value) }
    }

    private func difference(
        _ key: AccessState.Key, _ wanted: String?, _ value: String?, _ baseline: DriftBaseline
    ) -> DriftCondition? {
        let thing = DriftWords.thing(key.kind, key.part)
        var condition = DriftCondition(
            .baselineDifference, "\(key.kind.rawValue) \(key.part)", "")
        if let wanted, let value, let form = Self.form(key.kind) {
            let judgement = judge.judge(old: wanted, new: value, form)
            guard judgement.verdict != .equal else { return nil }
            condition.verdict = judgement.verdict
            condition.effect = judgement.isWider ? judgement.effect : .none
            condition.witness = judgement.witness.isEmpty ? judgement.doubt : judgement.witness
            condition.gained = judgement.gained
            condition.words =
                "\(subject.name): \(thing) is \(judgement.verdict.rawValue) against \(baseline.name)"
        } else if let value, wanted == nil {
            condition.verdict = .widened
            condition.effect = max(.cosmetic, effect(of: key, value, at: .distantFuture))
            condition.words = "\(subject.name): \(thing) is not in \(baseline.name)"
        } else {
            condition.verdict = value == nil ? .narrowed : .incomparable
            condition.effect = value == nil ? .none : .cosmetic
            condition.words =
                "\(subject.name): \(thing) is \(value == nil ? "missing" : "other") against \(baseline.name)"
        }
        return condition
    }

    private static func form(_ kind: AccessState.Kind) -> PolicyJudge.Form? {
        switch kind {
        case .inline, .version, .guardrail: .identity
        case .trust: .trust
        case .resourcePolicy: .resource
        default: nil
        }
    }
}
