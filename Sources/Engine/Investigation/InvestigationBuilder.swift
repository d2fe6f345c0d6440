extension Investigation {
    private static let pivotsMax = 40

    /// What a finished gathering tells; `nil` where nothing bears the name.
    ///
    /// - Parameter window: what is told of it; what comes before serves to say what was new.
    package init?(_ gathered: Investigator, _ found: CaseFindings, from: Timestamp?, to: Timestamp?) {
        guard let kind = gathered.kind else { return nil }
        let all = gathered.acts.values.sorted(by: CaseEvent.isEarlier)
        guard let first = all.first, let last = all.last else { return nil }
        let start = from ?? first.time
        let end = to ?? .distantFuture
        let told = all.filter { $0.time >= start && $0.time <= end }
        let own = all.filter { gathered.relations[$0.uid] != .affected && $0.time <= end }
        let toldOwn = own.filter { $0.time >= start }
        entity = gathered.entity
        self.kind = kind
        alsoKinds = gathered.kindsFound.filter { $0 != kind }.sorted()
        subject = gathered.human ?? gathered.entity.name
        isWhole = gathered.human != nil
        nature = gathered.human.flatMap { gathered.behind[$0]?.nature } ?? kind.rawValue
        behind = gathered.behind.map { ($0.key, $0.value.nature, $0.value.events) }
            .sorted { ($1.2, $0.0) < ($0.2, $1.0) }
        data = first.time...last.time
        window = min(start, last.time)...max(min(start, last.time), min(end, last.time))
        events = told.count
        leftOut = gathered.leftOut
        let tree = CaseSessions(toldOwn, human: gathered.human, asked: gathered.entity)
        sessions = tree.sessions
        let firsts = CaseFirsts(own, from: start)
        self.firsts = firsts.firsts
        findings = found.standing.filter { $0.time >= start && $0.time <= end }
        scores = CaseFindings.scores(findings)
        var folded = CaseSteps(told, gathered.relations, tree)
        folded.mark(firsts.firsts, findings)
        steps = folded.steps
        let later = (all + gathered.later.values).sorted(by: CaseEvent.isEarlier)
        let made = CaseThings(acts: toldOwn, later: later, uses: later)
        things = made.things
        places = Self.uses(toldOwn, firsts.firsts, "address", gathered) {
            ($0.address, [$0.network, $0.country].filter { !$0.isEmpty }.joined(separator: " "))
        }
        agents = Self.uses(toldOwn, firsts.firsts, "program", gathered) { ($0.agentFamily, "") }
        pivots = Self.pivots(toldOwn, gathered)
        principals = Self.principals(toldOwn)
        var proof = told
        let shown = Set(
            made.things.compactMap { thing -> String? in
                if case .undone(_, _, let evidence, _) = thing.standing { evidence } else { nil }
            }
        ).union(tree.sessions.map(\.evidence))
        let toldUIDs = Set(told.map(\.uid))
        proof += later.filter { shown.contains($0.uid) && !toldUIDs.contains($0.uid) }
        evidence = proof.map {
            CaseEvidence(uid: $0.uid, time: $0.time, digest: $0.digest, isOfRecord: $0.isOfRecord)
        }.sorted { ($0.time, $0.uid) < ($1.time, $1.uid) }
        notes = []
        note(first, last, tree, firsts, folded, made, found)
    }

    private mutating func note(
        _ first: CaseEvent, _ last: CaseEvent, _ tree: CaseSessions, _ firsts: CaseFirsts,
        _ folded: CaseSteps,
        _ made: CaseThings, _ found: CaseFindings
    ) {
        let days = (window.lowerBound - first.time).nanoseconds / 86_400_000_000_000
        if window.lowerBound == first.time {
            notes.append(
                "What was new is told against the days that are gathered here, and nothing before them.")
        } else if days < 7 {
            notes.append("Only \(days) days before the window are there to tell what was new.")
        }
        if !isWhole, kind.leadsToHuman {
            notes.append(
                behind.count > 1
                    ? "\(behind.count) identities are behind this name: only what bears it is told."
                    : "Nobody is known to be behind it: only what bears the name is told.")
        }
        let open = things.filter { $0.standing == .stands }.count
        if open > 0 { notes.append("What stands, stands as far as events up to the last one tell.") }
        for (count, what) in [
            (leftOut, "events beyond the limit were left out, those that only looked first"),
            (tree.leftOut, "links of further sessions were left out"),
            (firsts.leftOut, "further first times were left out"), (folded.leftOut, "events are in no step"),
            (made.leftOut, "further changes were left out"),
            (found.leftOut, "further findings were left out"),
        ] where count > 0 { notes.append("\(count) \(what).") }
    }

    private static func uses(
        _ acts: [CaseEvent], _ firsts: [CaseFirst], _ dimension: String, _ gathered: Investigator,
        _ value: (CaseEvent) -> (String, String)
    ) -> [CaseUse] {
        var all: [String: CaseUse] = [:]
        for event in acts {
            let (name, of) = value(event)
            guard !name.isEmpty else { continue }
            var use = all[name] ?? CaseUse(name: name, of: of, first: event.time, last: event.time)
            if use.of.isEmpty { use.of = of }
            use.count += 1
            use.last = max(use.last, event.time)
            all[name] = use
        }
        for first in firsts where first.dimension == dimension && first.daysBefore > 0 {
            all[first.value]?.isNew = true
        }
        if dimension == "address" {
            for event in gathered.later.values.sorted(by: CaseEvent.isEarlier) {
                guard var use = all[event.address], use.others.count < 10 else { continue }
                if !use.others.contains(event.actor) { use.others.append(event.actor) }
                all[event.address] = use
            }
        }
        return all.values.sorted { ($0.first, $0.name) < ($1.first, $1.name) }
    }

    private static func principals(_ acts: [CaseEvent]) -> [CasePrincipal] {
        /// `nil` of what is none.
        var places: [String: Int?] = [:]
        var all: [CasePrincipal] = []
        for event in acts {
            let arn = event.role.isEmpty ? event.principal : event.role
            if let known = places[arn] {
                if let place = known { all[place].last = event.time }
                continue
            }
            guard places.count < pivotsMax else { continue }
            places[arn] = .some(nil)
            let parts = arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
            guard parts.count == 6, parts[2] == "iam" else { continue }
            let path = parts[5].split(separator: "/")
            guard path.count > 1, path[0] == "role" || path[0] == "user", let name = path.last else {
                continue
            }
            places[arn] = all.count
            all.append(
                CasePrincipal(
                    account: String(parts[4]), subject: "\(path[0])/\(name)", first: event.time,
                    last: event.time))
        }
        return all
    }

    /// What they touched, the most often first: what an investigation may go on with.
    private static func pivots(_ acts: [CaseEvent], _ gathered: Investigator) -> [CasePivot] {
        struct Key: Hashable {
            var kind: CaseEntity.Kind
            var name: String
        }
        var counts: [Key: Int] = [:]
        func add(_ kind: CaseEntity.Kind, _ name: String) {
            if !name.isEmpty, name.lowercased() != gathered.human?.lowercased(), name != gathered.entity.name
            {
                counts[Key(kind: kind, name: name), default: 0] += 1
            }
        }
        for event in acts {
            add(.role, event.role)
            add(.address, event.address)
            add(.key, event.credential)
            if event.root.uid != event.principal { add(.principal, event.principal) }
            for target in Set(event.targets.map(\.label)).sorted() { add(.resource, target) }
            if event.who != event.affectedEmail { add(.human, event.affectedEmail) }
        }
        let sorted = counts.sorted {
            ($1.value, $0.key.kind, $0.key.name) < ($0.value, $1.key.kind, $1.key.name)
        }
        return sorted.prefix(pivotsMax).map { key, count in
            let why =
                switch key.kind {
                case .human: "was acted on"
                case .resource: "was touched"
                case .address: "came from there"
                case .key, .session: "was used"
                case .role, .principal: "was acted as"
                }
            return CasePivot(kind: key.kind, name: key.name, count: count, why: why)
        }
    }
}
