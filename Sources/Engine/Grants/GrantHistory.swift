/// One grant through all its phases.
package struct GrantHistory: Sendable {
    /// A time in which access was there.
    package struct Window: Hashable, Sendable {
        package var start: Timestamp
        /// Told, planned, or not known: then access stands.
        package var end: Timestamp?
        /// How it came to its end; `nil` while only the plan says so.
        package var ending: Grant.Phase?
        /// Whether an activation opened it, and not only the approval.
        var isActivated: Bool
    }

    /// Somebody who allowed it, and from where.
    package struct Approval: Hashable, Sendable {
        package var by: Grant.Name
        package var time: Timestamp
        package var uid: String
        package var session: String
        package var address: String
    }

    /// Phases kept for show; more are counted.
    package static let evidenceMax = 64

    package var key: Key
    package var system: String
    package var requester: Grant.Name?
    package var target: Grant.Name?
    package var approvals: [Approval] = []
    package var roles: [Grant.Name] = []
    package var resources: [Grant.Name] = []
    package var account: Grant.Name?
    package var justification: String?
    package var ticket: Grant.Name?
    package var isEmergency = false
    package var windows: [Window] = []
    package var asked: Timestamp?
    package var askedSession = ""
    package var askedAddress = ""
    package var refused: Timestamp?
    package var isApproved = false
    /// Times it was made longer.
    package var extensions = 0
    package var evidence: [(phase: Grant.Phase, time: Timestamp, uid: String)] = []
    /// Records of the broker's own by which a session or a secret was taken under it.
    var uses: [GrantPhase] = []
    private var duration: Duration?
    private var plannedStart: Timestamp?
    private var plannedEnd: Timestamp?

    /// What tells a grant from another: its broker, and the broker's id of it.
    package struct Key: Hashable, Comparable, Sendable {
        package var provider: String
        package var uid: String

        package static func < (a: Key, b: Key) -> Bool { (a.provider, a.uid) < (b.provider, b.uid) }
    }

    init(_ key: Key, _ phases: [GrantPhase]) {
        self.key = key
        system = phases.first?.system ?? ""
        for phase in phases { take(phase) }
        // A broker hands nothing out that was not allowed: its approval was not seen.
        if windows.isEmpty, let use = uses.first, refused == nil {
            windows = [
                Window(
                    start: min(plannedStart ?? use.time, use.time), end: plannedEnd, ending: nil,
                    isActivated: false)
            ]
        }
    }

    /// Every grant, from phases in order of time.
    static func all(_ phases: [GrantPhase]) -> [GrantHistory] {
        var groups: [Key: [GrantPhase]] = [:]
        for phase in phases {
            // Without an id of the broker's each record stands for itself.
            let uid = phase.grant.uid ?? "record \(phase.uid)"
            groups[Key(provider: phase.grant.provider ?? phase.system, uid: uid), default: []].append(phase)
        }
        return groups.keys.sorted().map { GrantHistory($0, groups[$0] ?? []) }
    }

    // MARK: Phases

    private mutating func take(_ phase: GrantPhase) {
        let grant = phase.grant
        if evidence.count < Self.evidenceMax { evidence.append((grant.phase, phase.time, phase.uid)) }
        describe(grant)
        switch grant.phase {
        case .requested:
            if asked == nil {
                asked = phase.time
                askedSession = phase.session
                askedAddress = phase.address
            }
        case .reviewed: approve(phase, isFinal: false)
        case .approved:
            approve(phase, isFinal: true)
            open(at: phase.time, isActivated: false)
        case .activated: open(at: phase.time, isActivated: true)
        case .used: uses.append(phase)
        case .extended:
            extensions += 1
            extend(grant)
        case .ended, .expired, .revoked: close(phase)
        case .denied: refused = refused ?? phase.time
        case .cancelled, .failed:
            if windows.isEmpty { refused = refused ?? phase.time } else { close(phase) }
        }
    }

    private mutating func describe(_ grant: Grant) {
        if requester == nil, let name = Self.known(grant.requester) { requester = name }
        if let name = Self.known(grant.target), target == nil || target == requester { target = name }
        // Who used it tells less of what it is for than who asked for it.
        if grant.phase != .used {
            if roles.isEmpty { roles = grant.roles }
            if resources.isEmpty { resources = grant.resources }
        }
        if account == nil { account = grant.account }
        if justification == nil { justification = grant.justification }
        if ticket == nil { ticket = grant.ticket }
        if grant.isEmergency { isEmergency = true }
        if let told = grant.duration { duration = told }
        if let start = grant.start { plannedStart = start }
        if let end = grant.end { plannedEnd = end }
    }

    /// Mappings write `Unknown` where OCSF needs a name and the record has none.
    private static func known(_ name: Grant.Name?) -> Grant.Name? {
        guard let name, name.uid != nil || name.email != nil || name.name != "Unknown" else { return nil }
        return name
    }

    private mutating func approve(_ phase: GrantPhase, isFinal: Bool) {
        if isFinal { isApproved = true }
        for name in phase.grant.approvers where !approvals.contains(where: { $0.by == name }) {
            approvals.append(
                Approval(
                    by: name, time: phase.time, uid: phase.uid, session: phase.session, address: phase.address
                ))
        }
    }

    private mutating func open(at time: Timestamp, isActivated: Bool) {
        let start = plannedStart ?? time
        var end = plannedEnd
        if end == nil, let duration { end = start + duration }
        // A plan that is over when access begins is an earlier one's.
        if let planned = end, planned <= time { end = duration.map { time + $0 } }
        guard let last = windows.last, last.ending == nil else {
            let begins = windows.isEmpty ? start : max(start, time)
            windows.append(Window(start: begins, end: end, ending: nil, isActivated: isActivated))
            return
        }
        if isActivated, !last.isActivated {
            windows[windows.count - 1] = Window(start: start, end: end, ending: nil, isActivated: true)
        } else if let end, end > last.end ?? .distantPast {
            windows[windows.count - 1].end = end
        }
    }

    private mutating func extend(_ grant: Grant) {
        guard let last = windows.last else { return }
        if let end = grant.end {
            windows[windows.count - 1].end = end
        } else if let more = grant.duration, let end = last.end {
            windows[windows.count - 1].end = end + more
        }
    }

    private mutating func close(_ phase: GrantPhase) {
        guard let last = windows.last, last.ending == nil else { return }
        windows[windows.count - 1].ending = phase.grant.phase
        // What runs out ends when it was to end, however late that is told; what is taken away ends then.
        let isPlanned = phase.grant.phase == .expired && (last.end ?? .distantFuture) <= phase.time
        if !isPlanned { windows[windows.count - 1].end = phase.time }
    }

    // MARK: What it amounts to

    /// The approval that names the beneficiary or the requester.
    package var start: Timestamp? { windows.first?.start }
    package var end: Timestamp? { windows.last?.end }
    /// Access without an end.
    package var isStanding: Bool { windows.last.map { $0.end == nil } ?? false }
    package var isGroup: Bool { target?.type?.lowercased() == "group" }

    /// The longest window, where it has an end.
    package var longest: Duration? {
        windows.compactMap { window in window.end.map { $0 - window.start } }.max()
    }

    package var roleNames: [String] { roles.compactMap { $0.name ?? $0.uid } }
    package var who: String {
        let name = target ?? requester
        return name?.email ?? name?.name ?? name?.uid ?? "unknown"
    }
}
