/// What of a review belongs into a drift report: acts outside grants, grants that did not end, and misused ones.
extension GrantReview {
    /// A finding for each thing that is so, in the order of reports.
    ///
    /// - D4: what somebody did outside a grant of theirs, or without one where one is needed: one for each day (of UTC),
    ///   person, grant, label and place.
    /// - D5: a grant that was used after its end.
    /// - D6: a grant that was approved by who asked for it, renewed too often, too long, unticketed, or used though refused.
    /// - D7: grants for one thing of which none was used.
    package func driftFindings() -> [DriftFinding] {
        (outsideWindow() + notRevoked() + abused() + dormant()).sorted(by: DriftFinding.precedes)
    }

    private struct Outside: Hashable {
        var day: Int64
        var who: String
        var label: Label
        var grant: Int?
        var system: String
        var account: String
        var role: String
    }

    private func outsideWindow() -> [DriftFinding] {
        var groups: [Outside: [Act]] = [:]
        for act in acts {
            switch act.label {
            case .outOfScope, .beforeStart, .afterExpiry, .afterRevocation: break
            case .unbrokered where act.isBrokeredPlace || act.refused != nil: break
            default: continue
            }
            let key = Outside(
                day: act.time.seconds / 86_400, who: act.who, label: act.label, grant: act.grant,
                system: act.system, account: act.account,
                role: act.role)
            groups[key, default: []].append(act)
        }
        return groups.values.compactMap { acts in
            guard let first = acts.first else { return nil }
            var finding = DriftFinding(
                .outsideWindow, provider: Self.provider(first.system), account: first.account,
                subject: first.who, object: first.grant.map { grants[$0].grant.key.text } ?? first.role,
                opened: cause(first), effect: Self.effect(acts), words: "")
            let names = Set(acts.map(\.operation)).sorted()
            finding.words =
                "\(first.who) did \(acts.count) privileged act\(acts.count == 1 ? "" : "s") \(first.label.rawValue) "
                + "(\(names.prefix(5).joined(separator: ", "))\(names.count > 5 ? ", …" : "")): \(reason(first))"
            for act in acts { finding.rest(on: act.uid) }
            if let place = first.grant {
                for phase in grants[place].grant.evidence { finding.rest(on: phase.uid) }
            }
            return finding
        }
    }

    private func notRevoked() -> [DriftFinding] {
        grants.indices.compactMap { place in
            let late = acts.filter {
                $0.grant == place && ($0.label == .afterExpiry || $0.label == .afterRevocation)
            }
            guard let first = late.first, let end = grants[place].grant.end else { return nil }
            let grant = grants[place].grant
            var finding = DriftFinding(
                .notRevoked, provider: grant.key.provider, account: grant.account?.uid ?? "",
                subject: grant.who, object: grant.key.text, opened: cause(first), effect: Self.effect(late),
                words: "the grant ended \(end.iso8601), and was used "
                    + "\(late.count == 1 ? "once" : "\(late.count) times") after it, "
                    + "last \((late.last ?? first).time.iso8601)")
            for act in late { finding.rest(on: act.uid) }
            for phase in grant.evidence { finding.rest(on: phase.uid) }
            finding.remedies = sessions.filter { $0.grant == place }.flatMap(\.revocation)
            return finding
        }
    }

    private func abused() -> [DriftFinding] {
        grants.compactMap { reviewed in
            let grant = reviewed.grant
            let flags = reviewed.flags.filter { flag in
                switch flag {
                case .selfApproved, .sameHands, .renewed, .emergencyWithoutTicket, .tooLong,
                    .usedThoughRefused:
                    true
                default: false
                }
            }
            guard !flags.isEmpty, let first = grant.evidence.first else { return nil }
            var finding = DriftFinding(
                .grantAbuse, provider: grant.key.provider, account: grant.account?.uid ?? "",
                subject: grant.who, object: grant.key.text, opened: cause(of: grant, first),
                words: "the grant of \(grant.roleNames.prefix(5).joined(separator: ", ")): "
                    + flags.map(\.text).joined(separator: "; "))
            for flag in flags { if let uid = flag.uid { finding.rest(on: uid) } }
            for phase in grant.evidence { finding.rest(on: phase.uid) }
            return finding
        }
    }

    private func dormant() -> [DriftFinding] {
        var groups: [[String]: [Reviewed]] = [:]
        for reviewed in grants where !reviewed.grant.windows.isEmpty {
            let grant = reviewed.grant
            let what = grant.roleNames.sorted() + grant.resources.compactMap { $0.uid ?? $0.name }.sorted()
            groups[[grant.key.provider, grant.account?.uid ?? "", grant.who] + what, default: []].append(
                reviewed)
        }
        return groups.values.compactMap { all in
            guard all.allSatisfy({ $0.flags.contains(.unused) }), let grant = all.first?.grant,
                let first = grant.evidence.first
            else { return nil }
            var finding = DriftFinding(
                .dormant, provider: grant.key.provider, account: grant.account?.uid ?? "", subject: grant.who,
                object: grant.roleNames.joined(separator: ", "), opened: cause(of: grant, first),
                words: "\(all.count == 1 ? "the grant was" : "all \(all.count) grants were") not used: "
                    + "nobody needs what it gives, or the use of it is not seen")
            for reviewed in all { for phase in reviewed.grant.evidence { finding.rest(on: phase.uid) } }
            return finding
        }
    }

    private func cause(_ act: Act) -> DriftFinding.Cause {
        let principal = act.userUID.isEmpty ? act.userName : act.userUID
        return DriftFinding.Cause(
            uid: act.uid, time: act.time, operation: act.operation, actor: principal,
            human: act.who.isEmpty || act.who == principal ? nil : act.who)
    }

    /// The grants that acts were done under, by the uids of their events: what stands behind a change.
    package func backings() -> [String: DriftFinding.Backing] {
        var backings: [String: DriftFinding.Backing] = [:]
        for act in acts where act.label == .inGrant || act.label == .breakGlass {
            if let place = act.grant { backings[act.uid] = .grant(grants[place].grant.key.text) }
        }
        return backings
    }

    private func cause(
        of grant: GrantHistory, _ phase: (phase: Grant.Phase, time: Timestamp, uid: String)
    ) -> DriftFinding.Cause {
        DriftFinding.Cause(
            uid: phase.uid, time: phase.time, operation: phase.phase.rawValue, actor: grant.who,
            backing: .grant(grant.key.text))
    }

    private static func effect(_ acts: [Act]) -> DriftFinding.Effect {
        if acts.contains(where: { $0.privilege == .permissions }) { return .permissions }
        return acts.contains { $0.privilege == .write } ? .writes : .reads
    }

    private static func provider(_ system: String) -> String {
        switch system {
        case "aws": "AWS"
        case "azure": "Azure"
        case "entra": "Entra ID"
        case "gcp": "Google Cloud"
        case "kubernetes": "Kubernetes"
        case "teleport": "Teleport"
        default: system
        }
    }
}

extension GrantHistory.Key {
    package var text: String { "\(provider) \(uid)" }
}
