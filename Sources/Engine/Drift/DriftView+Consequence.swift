/// What a change comes to for those whom it reaches: through attachments, groups, boundaries and guardrails.
extension DriftView {
    /// Principals looked at for one change; of more the rest is counted only.
    static let reachedMax = 2_000
    /// Names said.
    private static let namesMax = 3

    /// In words; empty where the change is of the subject alone and its policies tell all.
    func consequence(
        _ key: AccessState.Key, from old: String?, to new: String?, at time: Timestamp
    ) -> String {
        switch key.kind {
        case .defaultVersion, .inline, .attachment, .boundary, .membership: break
        default: return ""
        }
        let reached = reached(by: key, at: time)
        if key.kind == .defaultVersion, reached.isEmpty { return "attached to nobody that is known of" }
        if new != nil, isUnknown(key, at: time) {
            return key.kind == .membership
                ? "what the group may do is not known: no event or snapshot told it"
                : "what the policy allows is not known: no event or snapshot told it"
        }
        var gaining: [AccessState.Subject] = []
        var blocked = 0
        var gained = PolicyProbes.Mask()
        let documents = (documentOf(key, old, at: time), documentOf(key, new, at: time))
        let limits = guardrails(at: time)
        let gives = documents.1.effective - documents.0.effective
        for principal in reached.prefix(Self.reachedMax) {
            let before = probes(of: principal, key, documents.0, limits, at: time)
            let after = probes(of: principal, key, documents.1, limits, at: time)
            let more = after.effective - before.effective
            if more.isEmpty {
                if !gives.isEmpty, after.isHeldBack { blocked += 1 }
            } else {
                gaining.append(principal)
                gained = gained | more
            }
        }
        let text = words(reached, gaining, gained, blocked, gives)
        // Where somebody gains, what nobody told of the organization could still take it away.
        let doubts = gaining.isEmpty ? [] : state.guardrails(over: subject.account, at: time).doubts
        guard let first = doubts.first else { return text }
        return "\(text); not known: \(first)\(doubts.count > 1 ? " and \(doubts.count - 1) more" : "")"
    }

    private func words(
        _ reached: [AccessState.Subject], _ gaining: [AccessState.Subject], _ gained: PolicyProbes.Mask,
        _ blocked: Int, _ gives: PolicyProbes.Mask
    ) -> String {
        let count = reached.count
        guard !gaining.isEmpty else {
            if blocked > 0 {
                return
                    "a boundary or guardrail still blocks it for \(blocked == count ? "all" : "\(blocked) of the") "
                    + "\(count) it reaches"
            }
            let whom = reached.first.map { count == 1 ? $0.name : "\(count) principals" } ?? "nobody"
            if gives.isEmpty { return "reaches \(whom); nothing that leads to more access" }
            return "\(whom) had it already"
        }
        let names = gaining.prefix(Self.namesMax).map(\.name).joined(separator: ", ")
        let more = gaining.count > Self.namesMax ? " and \(gaining.count - Self.namesMax) more" : ""
        let actions = gained.names
        let shown = actions.prefix(Self.namesMax).joined(separator: ", ")
        let rest = actions.count > Self.namesMax ? " and \(actions.count - Self.namesMax) more" : ""
        var text = "\(names)\(more) can now do \(shown)\(rest)"
        if blocked > 0 { text += "; a boundary or guardrail blocks it for \(blocked)" }
        return text
    }

    /// Whether nothing is known of what somebody was given.
    private func isUnknown(_ key: AccessState.Key, at time: Timestamp) -> Bool {
        switch key.kind {
        case .attachment: document(of: key.part, at: time) == nil
        case .membership:
            state.keys(of: AccessState.Subject(account: subject.account, name: "group/\(key.part)")).isEmpty
        default: false
        }
    }

    /// Users and roles that the change is about, in order.
    private func reached(by key: AccessState.Key, at time: Timestamp) -> [AccessState.Subject] {
        if key.kind == .defaultVersion {
            let holders = state.holders(of: subject.name, in: subject.account)
            return holders.flatMap { holder in
                state.value(
                    AccessState.Key(holder.account, holder.name, .attachment, subject.name), at: time) == nil
                    ? [] : members(of: holder, at: time)
            }
        }
        return members(of: subject, at: time)
    }

    private func members(of holder: AccessState.Subject, at time: Timestamp) -> [AccessState.Subject] {
        guard holder.name.hasPrefix("group/") else { return [holder] }
        let name = String(holder.name.dropFirst(6))
        return state.holders(of: holder.name, in: holder.account).filter {
            state.value(AccessState.Key($0.account, $0.name, .membership, name), at: time) != nil
        }
    }

    // MARK: Probes

    private func documentOf(_ key: AccessState.Key, _ value: String?, at time: Timestamp) -> PolicyProbes {
        guard let value else { return key.kind == .boundary ? .everything : .nothing }
        switch key.kind {
        case .attachment: return document(of: key.part, at: time).map { judge.probes($0) } ?? .nothing
        case .boundary: return document(of: value, at: time).map { judge.probes($0) } ?? .everything
        case .membership: return probes(ofHolder: "group/\(key.part)", except: nil, at: time)
        default: return judge.probes(value)
        }
    }

    private struct Limited {
        var probes: PolicyProbes
        /// A boundary or a guardrail takes something away.
        var isHeldBack: Bool
        var effective: PolicyProbes.Mask { probes.effective }
    }

    /// Everything a principal has, with one of its parts as it was or is.
    private func probes(
        of principal: AccessState.Subject, _ key: AccessState.Key, _ changed: PolicyProbes,
        _ limits: [PolicyProbes],
        at time: Timestamp
    ) -> Limited {
        var all = probes(ofHolder: principal.name, except: key, at: time)
        for group in state.parts(principal.account, principal.name, .membership, at: time)
        where !(key.kind == .membership && key.subject == principal.name && key.part == group.name) {
            all = all | probes(ofHolder: "group/\(group.name)", except: key, at: time)
        }
        if key.kind != .boundary { all = all | changed }
        let free = all
        if key.kind == .boundary {
            all = all.limited(by: changed)
        } else if let boundary = state.value(
            AccessState.Key(principal.account, principal.name, .boundary), at: time)
        {
            all = all.limited(by: document(of: boundary, at: time).map { judge.probes($0) } ?? .everything)
        }
        for guardrail in limits { all = all.limited(by: guardrail) }
        return Limited(probes: all, isHeldBack: all.effective != free.effective)
    }

    /// What a user, role or group has by itself, less the one policy that changes.
    private func probes(ofHolder name: String, except key: AccessState.Key?, at time: Timestamp)
        -> PolicyProbes
    {
        var all = PolicyProbes.nothing
        for part in state.parts(subject.account, name, .inline, at: time)
        where !(key?.kind == .inline && key?.subject == name && key?.part == part.name) {
            all = all | judge.probes(part.value)
        }
        for part in state.parts(subject.account, name, .attachment, at: time) {
            if key?.kind == .attachment, key?.subject == name, key?.part == part.name { continue }
            if key?.kind == .defaultVersion, key?.subject == part.name { continue }
            if let document = document(of: part.name, at: time) { all = all | judge.probes(document) }
        }
        return all
    }

    /// What the service control policies of each level that is known leave: the account's, its unit's, up to the root's.
    private func guardrails(at time: Timestamp) -> [PolicyProbes] {
        let found = state.guardrails(over: subject.account, at: time)
        if found.isManagement || found.isOff { return [] }
        return found.levels.filter { !$0.documents.isEmpty || !$0.isOpen }.map { level in
            var all = level.documents.reduce(PolicyProbes.nothing) { $0 | judge.probes($1.text) }
            // What nobody told the words of may allow everything that the level needs.
            if level.isOpen || !level.unknown.isEmpty { all = all | .everything }
            return all
        }
    }
}
