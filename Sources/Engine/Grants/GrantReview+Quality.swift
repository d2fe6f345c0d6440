/// What is to be said of each grant.
extension GrantReview {
    /// Words in a role's name that stand for everything.
    private static let administrators = ["owner", "admin", "administrator", "root", "superuser", "poweruser"]

    mutating func judge(_ people: GrantPeople) {
        for act in acts {
            guard let place = act.grant, act.label == .inGrant || act.label == .breakGlass else { continue }
            grants[place].acts += 1
            grants[place].firstUse = min(grants[place].firstUse ?? act.time, act.time)
            grants[place].lastUse = max(grants[place].lastUse ?? act.time, act.time)
        }
        var late: [Int: Int] = [:]
        for act in acts where act.label == .afterExpiry || act.label == .afterRevocation {
            if let place = act.grant { late[place, default: 0] += 1 }
        }
        let privileges = usedPrivileges
        for place in grants.indices {
            let reviewed = grants[place]
            let grant = reviewed.grant
            var flags: [Flag] = []
            // Of a grant whose first acts may be forgotten nobody can say that it was not used.
            let isWhole = forgottenBefore.map { $0 <= (grant.start ?? .distantPast) } ?? true
            if isWhole, let since = grant.end, reviewed.acts == 0, since + policy.skew < latest {
                flags.append(.unused)
            }
            if isWhole, let text = excess(reviewed, privileges[place] ?? []) { flags.append(.wider(text)) }
            flags += approvals(grant, people)
            if grant.extensions > policy.renewalsMax { flags.append(.renewed(grant.extensions)) }
            if grant.isEmergency, grant.ticket == nil { flags.append(.emergencyWithoutTicket) }
            if let longest = grant.longest, longest > policy.durationMax { flags.append(.tooLong(longest)) }
            if !grant.isApproved, grant.windows.contains(where: { !$0.isActivated }), !grant.isEmergency {
                flags.append(.approvalNotSeen)
            }
            if grant.refused != nil, let use = grant.uses.first {
                flags.append(.usedThoughRefused(uid: use.uid))
            }
            if let count = late[place] { flags.append(.usedAfterEnd(count)) }
            if grant.isStanding { flags.append(.standing) }
            grants[place].flags = flags
        }
        countRenewals(people)
    }

    private var usedPrivileges: [Int: Set<Privilege>] {
        var used: [Int: Set<Privilege>] = [:]
        for act in acts where act.label == .inGrant || act.label == .breakGlass {
            if let place = act.grant { used[place, default: []].insert(act.privilege) }
        }
        return used
    }

    /// What a used grant gave beyond what was used.
    private func excess(_ reviewed: Reviewed, _ used: Set<Privilege>) -> String? {
        guard reviewed.acts > 0, let end = reviewed.grant.end, end < latest else { return nil }
        let grant = reviewed.grant
        let isAdministrator = grant.roleNames.contains { name in
            let words = name.lowercased().split { !$0.isLetter }
            return words.contains { Self.administrators.contains(String($0)) }
                || Self.administrators.contains { $0.utf8.count > 4 && name.lowercased().hasSuffix($0) }
        }
        if isAdministrator, !used.contains(.permissions), !used.contains(.session), !used.contains(.secret) {
            return "an administrator's role, and no permission was changed"
        }
        let touched = touchedResources(reviewed)
        if grant.resources.count > 1, touched > 0, touched < grant.resources.count {
            return "\(touched) of \(grant.resources.count) resources"
        }
        return nil
    }

    private func touchedResources(_ reviewed: Reviewed) -> Int {
        let used = Set(
            reviewed.grant.uses.flatMap(\.grant.resources).compactMap { $0.uid ?? $0.name })
        return reviewed.grant.resources.count { used.contains($0.uid ?? $0.name ?? "") }
    }

    private func approvals(_ grant: GrantHistory, _ people: GrantPeople) -> [Flag] {
        var askers = Set(people.keys(of: grant.requester, in: grant.system))
        askers.formUnion(people.keys(of: grant.target, in: grant.system))
        guard !askers.isEmpty else { return [] }
        for approval in grant.approvals {
            if !askers.isDisjoint(with: people.keys(of: approval.by, in: grant.system)) {
                return [.selfApproved(uid: approval.uid)]
            }
            if !approval.session.isEmpty, approval.session == grant.askedSession {
                return [.sameHands(uid: approval.uid, "session")]
            }
            if !approval.address.isEmpty, approval.address == grant.askedAddress {
                return [.sameHands(uid: approval.uid, "address")]
            }
        }
        return []
    }

    /// Grants of one person for one thing, each beginning where the last one ends.
    private mutating func countRenewals(_ people: GrantPeople) {
        var rows: [String: [(start: Timestamp, end: Timestamp, place: Int)]] = [:]
        for (place, reviewed) in grants.enumerated() {
            let grant = reviewed.grant
            guard let start = grant.start, let end = grant.end, !grant.isGroup else { continue }
            let scope =
                [grant.key.provider, grant.who, grant.account?.uid ?? ""] + grant.roleNames.sorted()
                + grant.resources.compactMap { $0.uid ?? $0.name }.sorted()
            rows[scope.joined(separator: "\n"), default: []].append((start, end, place))
        }
        for group in rows.values {
            var count = 0
            var until: Timestamp?
            for row in group.sorted(by: { ($0.start, $0.end, $0.place) < ($1.start, $1.end, $1.place) }) {
                let isNext = until.map { row.start <= $0 + policy.renewalGap } ?? false
                count = isNext ? count + 1 : 0
                until = max(until ?? row.end, row.end)
                if count > policy.renewalsMax { grants[row.place].flags.append(.renewed(count)) }
            }
        }
    }
}
