/// Every change's verdict, and what follows from verdicts alone: D1, D10, D14 and D17.
extension DriftView {
    /// How a kind of thing is compared.
    private enum Nature {
        /// More of it is more access.
        case document(PolicyJudge.Form)
        /// More of it is less access: where it is gone, everything is allowed.
        case guardrail
        /// It is there or not; to have it is to have access.
        case given
        /// It is there or not; to have it is to be held back.
        case limit
        case voucher
        case plain

        init(_ kind: AccessState.Kind) {
            switch kind {
            case .inline: self = .document(.identity)
            case .trust: self = .document(.trust)
            case .resourcePolicy: self = .document(.resource)
            case .guardrail: self = .guardrail
            case .attachment, .membership, .assignment, .sharing, .accessKey, .password: self = .given
            case .boundary, .mfa, .publicAccessBlock, .guardrailTarget, .recording: self = .limit
            case .federation: self = .voucher
            case .roleDefinition: self = .document(.azureRole)
            case .identity, .version, .defaultVersion, .placement: self = .plain
            }
        }
    }

    mutating func readChanges() {
        for slot in holding.slots {
            if case .plain = Nature(slot.kind) { continue }
            let key = self.key(slot.kind, slot.part)
            guard isTold(key) else { continue }
            transitions(key, slot.history)
        }
        // A managed policy is one document, whichever keys it hangs on.
        guard let counted = holding.slot(.defaultVersion, "") else { return }
        let key = self.key(.defaultVersion)
        guard isTold(key) else { return }
        let entries = (holding.slots(.version).flatMap(\.history) + counted.history)
            .sorted(by: AccessState.Entry.precedes)
        var last: AccessState.Entry?
        var steps: [AccessState.Entry] = []
        for entry in entries where entry.time != last?.time || entry.uid != last?.uid {
            if steps.last?.time == entry.time { steps.removeLast() }
            steps.append(entry)
            last = entry
        }
        transitions(key, steps, steps.map { state.document(of: subject.name, subject.account, at: $0.time) })
    }

    /// Whether a change of the key can be worth a word, whoever made it.
    private func isTold(_ key: AccessState.Key) -> Bool {
        wantsChanges || !settings.pipelines.isEmpty || code(key, isGone: false) != nil
    }

    /// Goes through the values that a key had: those of its entries where none are given.
    private mutating func transitions(
        _ key: AccessState.Key, _ entries: [AccessState.Entry], _ values: [String?]? = nil
    ) {
        var before: String?
        var isKnown = false
        var open: [OpenChange] = []
        for (place, entry) in entries.enumerated() {
            let value = if let values { values[place] } else { entry.value }
            close(&open, key, entry, value)
            // The first that is known of something may be its end.
            let isSame = isKnown && before == value
            let code = isSame ? nil : code(key, entry)
            if !isSame, wantsChanges || code != nil,
                let change = change(key, entry, from: before, to: value, isKnown: isKnown)
            {
                if wantsChanges { changes.append(change) }
                if let code, Self.opens(code, change) {
                    open.append(
                        OpenChange(code: code, change: change, entry: entry, base: before, value: value))
                }
            }
            before = value
            isKnown = true
        }
        for one in open { tell(one, key, closed: nil) }
    }

    /// A change that somebody should look at, and what there was before it.
    private struct OpenChange {
        var code: DriftCode
        var change: DriftChange
        var entry: AccessState.Entry
        var base: String?
        var value: String?
    }

    /// Adds the finding that a change is, unless it was told so.
    private mutating func tell(_ one: OpenChange, _ key: AccessState.Key, closed: AccessState.Entry?) {
        var change = one.change
        let bare = DriftFinding(
            one.code, provider: provider, account: subject.account, subject: subject.name,
            object: Self.object(change), opened: change.cause, words: "")
        if isKept(bare, isOpen: closed == nil) { return }
        if !wantsChanges, !change.isFirstSight {
            change.consequence = consequence(key, from: one.base, to: one.value, at: one.entry.time)
        }
        var finding = self.finding(condition(one.code, change, from: one.base, to: one.value), one.entry)
        finding.opened = change.cause
        finding.closed = closed.map { cause($0) }
        findings.append(finding)
    }

    private static func object(_ change: DriftChange) -> String { "\(change.kind.rawValue) \(change.object)" }

    /// Closes what is no wider any more than before it was opened, or has since been declared.
    private mutating func close(
        _ open: inout [OpenChange], _ key: AccessState.Key, _ entry: AccessState.Entry, _ value: String?
    ) {
        guard !open.isEmpty else { return }
        let isDeclared = actors.pipeline(of: entry.actor, human: entry.human) != nil
        open.removeAll { one in
            guard
                isDeclared && one.code == .outOfBand
                    || !compare(key, from: one.base, to: value, at: entry.time).isWider
            else { return false }
            tell(one, key, closed: entry)
            return true
        }
    }

    /// What a change would open if it gave more: asked before documents are compared, which takes longer.
    private func code(_ key: AccessState.Key, _ entry: AccessState.Entry) -> DriftCode? {
        if Self.isFirstSight(entry) { return nil }
        if let code = code(key, isGone: entry.value == nil) { return code }
        guard !settings.pipelines.isEmpty, entry.unseenSince == nil,
            actors.pipeline(of: entry.actor, human: entry.human) == nil
        else { return nil }
        return .outOfBand
    }

    /// The same by what is changed, whoever does it.
    private func code(_ key: AccessState.Key, isGone: Bool) -> DriftCode? {
        switch Nature(key.kind) {
        case .voucher: .federation
        case .guardrail: .guardrail
        // What is gone stands as a condition of its own; another boundary is known by its document alone.
        case .limit where key.kind == .boundary && !isGone: .guardrail
        case .document where key.kind == .roleDefinition && key.account == GoogleRoleItem.provider:
            // Of roles that nobody has, nobody wants to know.
            state.holders(of: key.subject, in: key.account).isEmpty ? nil : .provider
        default:
            // A principal, a group and a resource are not asked about: policies alone are the provider's.
            key.subject.utf8.starts(with: "arn:".utf8) && judge.known(key.subject).isProviders
                ? .provider : nil
        }
    }

    private static func opens(_ code: DriftCode, _ change: DriftChange) -> Bool {
        change.isWider && (code != .outOfBand || change.effect > .none)
    }

    private func condition(
        _ code: DriftCode, _ change: DriftChange, from before: String?, to value: String?
    ) -> DriftCondition {
        let what = DriftWords.thing(change.kind, change.object)
        let isLimit = if case .limit = Nature(change.kind) { true } else { false }
        let words =
            switch code {
            case .federation: "\(change.subject): who vouches for identities was set or changed"
            case .guardrail: "\(change.subject): \(what) allows more than before"
            case .provider: "\(change.subject), the provider's own, allows more than before"
            default:
                "\(change.subject): \(what) \(isLimit ? "is gone or looser" : "gives more than before"), "
                    + "outside the declared pipelines"
            }
        var condition = DriftCondition(
            code, Self.object(change), effect: change.effect, words)
        condition.verdict = change.verdict
        condition.witness = change.witness.isEmpty ? change.doubt : change.witness
        condition.gained = change.gained
        condition.consequence = change.consequence
        // The version that counted before; of other changes there is none.
        let version = history(key(.defaultVersion)).last { $0.time < change.cause.time }?.value
        condition.remedies = DriftRemedy.undoing(change, to: before, from: value, version: version)
        return condition
    }

    // MARK: Verdicts

    private func isForServices(_ trust: String) -> Bool {
        guard let policy = judge.policy(trust, .trust) else { return false }
        return policy.statements.allSatisfy { statement in
            !statement.isAllow
                || !statement.principals.isComplement
                    && statement.principals.elements.allSatisfy {
                        if case .service = $0 { true } else { false }
                    }
        }
    }

    private func change(
        _ key: AccessState.Key, _ entry: AccessState.Entry, from old: String?, to new: String?, isKnown: Bool
    ) -> DriftChange? {
        var judgement = compare(key, from: old, to: new, at: entry.time)
        if !isKnown, new == nil {
            // Gone, and what it was is not known.
            switch Nature(key.kind) {
            case .limit, .guardrail:
                judgement.verdict = .widened
                judgement.effect = limitEffect(key.kind)
            default: judgement.verdict = .narrowed
            }
        }
        guard judgement.verdict != .equal else { return nil }
        var change = DriftChange(
            cause: cause(entry), provider: provider, account: subject.account, subject: subject.name,
            object: key.kind == .defaultVersion ? "" : key.part, kind: key.kind, verdict: judgement.verdict,
            effect: judgement.isWider ? judgement.effect : .none)
        change.witness = judgement.witness
        change.gained = judgement.gained
        if key.kind == .trust, let new { change.isForServices = isForServices(new) }
        change.doubt = judgement.doubt
        change.isFirstSight = Self.isFirstSight(entry)
        // What it comes to is worked out where it is told.
        if change.isWider, !change.isFirstSight, wantsChanges {
            change.consequence = consequence(key, from: old, to: new, at: entry.time)
        }
        return change
    }

    private func compare(
        _ key: AccessState.Key, from old: String?, to new: String?, at time: Timestamp
    ) -> PolicyJudge.Judgement {
        if old == new { return PolicyJudge.Judgement() }
        switch Nature(key.kind) {
        case .document(let form):
            let own: PolicyJudge.Form = form == .azureRole && provider == "GCP" ? .googleRole : form
            return judge.judge(old: old ?? Self.empty(own), new: new ?? Self.empty(own), own)
        case .plain:
            return judge.judge(old: old ?? PolicyJudge.nothing, new: new ?? PolicyJudge.nothing, .identity)
        case .guardrail:
            return judge.judge(
                old: old ?? PolicyJudge.everything, new: new ?? PolicyJudge.everything, .identity)
        case .given: return given(key, old, new, at: time)
        case .limit:
            if key.kind == .boundary, let old, let new, let before = document(of: old, at: time),
                let after = document(of: new, at: time)
            {
                return judge.judge(old: before, new: after, .identity)
            }
            let isLoose = new == nil || new?.hasPrefix("off") == true
            return PolicyJudge.Judgement(
                verdict: isLoose ? .widened : .narrowed, effect: isLoose ? limitEffect(key.kind) : .none)
        case .voucher:
            return PolicyJudge.Judgement(
                verdict: new == nil ? .narrowed : .widened, effect: new == nil ? .none : .permissions)
        }
    }

    private func given(
        _ key: AccessState.Key, _ old: String?, _ new: String?, at time: Timestamp
    ) -> PolicyJudge.Judgement {
        guard let new, key.kind != .accessKey || new == "Active" else {
            return PolicyJudge.Judgement(verdict: .narrowed)
        }
        // The same assignment with another end, and a password anew, give nothing that was not there.
        if key.kind == .password, old != nil { return PolicyJudge.Judgement() }
        let effect = effect(of: key, new, at: time)
        return PolicyJudge.Judgement(verdict: effect == .none ? .equal : .widened, effect: effect)
    }

    /// What having a thing comes to.
    func effect(of key: AccessState.Key, _ value: String, at time: Timestamp) -> DriftFinding.Effect {
        switch key.kind {
        case .attachment: effect(ofPolicy: key.part, at: time)
        case .inline: judge.effect(of: value)
        case .membership: effect(ofGroup: key.part, at: time)
        case .assignment: effect(ofAssignment: value, at: time)
        case .sharing:
            value == "all" || isOutside(KeyGrant(text: value).grantee) ? .reads : .cosmetic
        case .accessKey, .password: .cosmetic
        default: .none
        }
    }

    /// What a group's policies come to; of a group that nothing is known of, its name is judged.
    func effect(ofGroup name: String, at time: Timestamp) -> DriftFinding.Effect {
        let group = "group/\(name)"
        let inline = state.parts(subject.account, group, .inline, at: time).map { judge.effect(of: $0.value) }
        let attached = state.parts(subject.account, group, .attachment, at: time)
            .map { effect(ofPolicy: $0.name, at: time) }
        let given = state.parts(subject.account, group, .assignment, at: time)
            .map { judge.effect(ofAssignment: $0.value) }
        if let most = (inline + attached + given).max() { return most }
        let isKnown = state.keys(of: AccessState.Subject(account: subject.account, name: group)).isEmpty
        return isKnown && name.lowercased().contains("admin") ? .permissions : .cosmetic
    }

    private func limitEffect(_ kind: AccessState.Kind) -> DriftFinding.Effect {
        switch kind {
        case .boundary, .guardrail: .permissions
        case .guardrailTarget: .writes
        case .publicAccessBlock: .reads
        default: .cosmetic
        }
    }

    private static func empty(_ form: PolicyJudge.Form) -> String {
        switch form {
        case .azureRole: #"{"permissions":[]}"#
        case .googleRole: #"{"includedPermissions":[]}"#
        default: PolicyJudge.nothing
        }
    }
}
