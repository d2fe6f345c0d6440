/// What documents mean and what changes of them mean, remembered by their text.
///
/// Everything it says is a function of the texts; its memory has a limit, past which it begins anew.
package final class PolicyJudge {
    /// A longer document is none of AWS's: it counts as widened without a look. Bytes.
    package static let documentBytesMax = 128 << 10
    /// Documents, and pairs of them, remembered.
    static let rememberedMax = 20_000

    /// What a change of a document comes to.
    package struct Judgement: Hashable, Sendable {
        package var verdict: PolicyComparison.Verdict = .equal
        package var effect: DriftFinding.Effect = .none
        package var witness = ""
        package var gained: [String] = []
        /// A document could not be read, or the comparison not be decided: why.
        package var doubt = ""

        package var isWider: Bool { verdict == .widened || verdict == .incomparable }
    }

    /// How a document is compared.
    package enum Form: Hashable, Sendable {
        case identity, resource, trust, azureRole, googleRole

        var place: AccessPolicy.Place {
            switch self {
            case .trust: .trust
            case .resource: .resource
            default: .identity
            }
        }
    }

    private struct Pair: Hashable {
        var old: String
        var new: String
        var form: Form
    }

    private struct Reading: Hashable {
        var text: String
        var form: Form
    }

    /// A document that allows everything: what holds where a guardrail does not.
    static let everything =
        #"{"Statement":[{"Action":"*","Effect":"Allow","Resource":"*"}],"Version":"2012-10-17"}"#
    static let nothing = "{}"

    let texts = PolicyTexts()
    private let catalogue: ActionCatalogue?
    private var policies: [Reading: AccessPolicy?] = [:]
    private var probed: [String: PolicyProbes] = [:]
    private var effects: [String: DriftFinding.Effect] = [:]
    private var assigned: [String: DriftFinding.Effect] = [:]
    private var known: [String: KnownPolicies.Fact] = [:]
    private var judged: [Pair: Judgement] = [:]
    /// What was judged before that was begun: of what is asked again, little is older.
    private var judgedBefore: [Pair: Judgement] = [:]

    package init(_ catalogue: ActionCatalogue?) { self.catalogue = catalogue }

    // MARK: Documents

    /// A document as the evaluator takes it; `nil` where it is none by our reading.
    func policy(_ text: String, _ form: Form = .identity) -> AccessPolicy? {
        let reading = Reading(text: text, form: form)
        if let known = policies[reading] { return known }
        if policies.count >= Self.rememberedMax { policies = [:] }
        var policy: AccessPolicy?
        if text.utf8.count <= Self.documentBytesMax, let document = texts.document(text) {
            // Nothing at all allows nothing; some records show no more of a document.
            policy =
                document.map?.isEmpty == true
                ? AccessPolicy(statements: []) : try? AccessPolicy(document, for: form.place)
        }
        policies[reading] = .some(policy)
        return policy
    }

    /// What a document lets its holder do of what leads to more; of what cannot be read, everything.
    func probes(_ text: String) -> PolicyProbes {
        if let known = probed[text] { return known }
        if probed.count >= Self.rememberedMax { probed = [:] }
        let probes = policy(text).map { PolicyProbes($0) } ?? .everything
        probed[text] = probes
        return probes
    }

    /// What a document lets its holder do at most.
    func effect(of text: String) -> DriftFinding.Effect {
        remembered(text) {
            policy(text).map { self.effect(of: $0, probes(text)) } ?? DriftFinding.Effect.permissions
        }
    }

    /// The effect of a text that was worked out before, or is now.
    func remembered(_ text: String, _ work: () -> DriftFinding.Effect) -> DriftFinding.Effect {
        if let known = effects[text] { return known }
        if effects.count >= Self.rememberedMax { effects = [:] }
        let effect = work()
        effects[text] = effect
        return effect
    }

    /// What an assignment comes to at most, by its text.
    func effect(ofAssignment text: String) -> DriftFinding.Effect {
        if let known = assigned[text] { return known }
        if assigned.count >= Self.rememberedMax { assigned = [:] }
        let effect = AccessAssignment(text: text).effect
        assigned[text] = effect
        return effect
    }

    /// What is known of a policy by its ARN alone.
    func known(_ arn: String) -> KnownPolicies.Fact {
        if let fact = known[arn] { return fact }
        if known.count >= Self.rememberedMax { known = [:] }
        let fact = KnownPolicies.Fact(arn)
        known[arn] = fact
        return fact
    }

    private func effect(of policy: AccessPolicy, _ probes: PolicyProbes) -> DriftFinding.Effect {
        if probes.isGoverning { return .permissions }
        var effect = DriftFinding.Effect.none
        for statement in policy.statements where statement.isAllow {
            if statement.actions.isComplement || !probes.effective.isEmpty { return .writes }
            for pattern in statement.actions.elements {
                for action in catalogue?.actions(pattern) ?? [] {
                    if action.level >= .tagging { return .writes }
                    effect = .reads
                }
                if effect == .none { effect = .cosmetic }
            }
        }
        return effect
    }

    // MARK: Changes

    /// What the new document allows that the old one did not.
    func judge(old: String, new: String, _ form: Form) -> Judgement {
        if old == new { return Judgement() }
        let pair = Pair(old: old, new: new, form: form)
        if let known = judged[pair] { return known }
        let judgement = judgedBefore[pair] ?? compare(pair)
        if judged.count >= Self.rememberedMax / 2 {
            judgedBefore = judged
            judged = [:]
        }
        judged[pair] = judgement
        return judgement
    }

    private func compare(_ pair: Pair) -> Judgement {
        switch pair.form {
        case .azureRole:
            guard let old = role(pair.old), let new = role(pair.new) else { return unreadable(pair) }
            return judgement(of: .ofAzureRoles(old: old, new: new))
        case .googleRole:
            guard let old = texts.document(pair.old).flatMap({ try? GoogleRole($0) }),
                let new = texts.document(pair.new).flatMap({ try? GoogleRole($0) })
            else { return unreadable(pair) }
            return judgement(of: .ofGoogleRoles(old: old, new: new))
        default: break
        }
        guard let old = policy(pair.old, pair.form), let new = policy(pair.new, pair.form) else {
            return unreadable(pair)
        }
        let quick = PolicyComparison(old: old, new: new, place: pair.form.place)
        guard quick.verdict == .widened || quick.verdict == .incomparable else {
            return Judgement(verdict: quick.verdict)
        }
        if quick.method != .undecided, !quick.gained.isUndecided, !quick.lost.isUndecided {
            // What is decided stays so: only the actions that exist are looked at beside it.
            var named = quick
            named.catalogue = catalogue
            let change = named.gain()
            if !change.gained.actions.isEmpty || !change.gained.undenied.isEmpty {
                return judgement(of: change)
            }
        }
        let whole = PolicyComparison(old: old, new: new, place: pair.form.place, catalogue: catalogue)
        return judgement(of: whole.gain())
    }

    private func role(_ text: String) -> AzureRole? { texts.document(text).flatMap { try? AzureRole($0) } }

    private func unreadable(_ pair: Pair) -> Judgement {
        let isNew = policy(pair.new, pair.form) == nil
        let size = isNew ? pair.new.utf8.count : pair.old.utf8.count
        let why =
            size > Self.documentBytesMax
            ? "has \(size) bytes, more than any policy may have" : "cannot be read as a policy"
        return Judgement(
            verdict: .widened, effect: .permissions,
            doubt: "the \(isNew ? "new" : "old") document \(why): it counts as widened")
    }

    private func judgement(of change: PolicyChange) -> Judgement {
        var judgement = Judgement(verdict: change.realisable ?? change.verdict)
        let gained = change.gained.actions + change.gained.undenied
        judgement.gained = Array(gained.prefix(DriftFinding.listMax))
        judgement.witness = change.gained.witnesses.first.map(Self.words) ?? ""
        if change.method == .undecided {
            judgement.verdict = change.verdict
            judgement.doubt = change.notes.first ?? "a part could not be decided, and counts as widened"
        }
        guard judgement.isWider else { return judgement }
        judgement.effect = gain(gained)
        if judgement.effect == .none { judgement.effect = judgement.doubt.isEmpty ? .cosmetic : .permissions }
        return judgement
    }

    private func gain(_ actions: [String]) -> DriftFinding.Effect {
        var effect = DriftFinding.Effect.none
        for name in actions {
            let folded = name.lowercased()
            let known = catalogue?.action(folded)?.level
            if known == .permissions || PolicyProbes.isGoverning(folded) { return .permissions }
            guard let level = known else {
                if folded.hasPrefix("rbac:") {
                    effect = max(effect, KubernetesRole.effect(of: folded))
                    continue
                }
                // A cloud whose levels are not known: by the verb.
                effect = max(effect, folded.hasSuffix("/read") || folded.contains(".get") ? .reads : .writes)
                continue
            }
            effect = max(effect, level >= .tagging ? .writes : .reads)
        }
        return effect
    }

    /// `now allowed: iam:PassRole on arn:… (statement 2 of the new policy)`.
    static func words(_ witness: PolicyChange.Witness) -> String {
        let word = witness.after == .allow ? "now allowed" : "no longer denied"
        return "\(word): \(witness.words)"
    }
}
