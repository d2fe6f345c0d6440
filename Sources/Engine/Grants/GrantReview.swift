/// What is to be said of privileged acts and of the grants that should cover them.
///
/// A function of a book's facts, of who is who and of the house's policy, and of nothing else.
package struct GrantReview: Sendable {
    /// How an act stands to the grants of who did it.
    package enum Label: String, CaseIterable, Sendable {
        case inGrant = "in-grant"
        case outOfScope = "out-of-scope"
        case beforeStart = "before-start"
        case afterExpiry = "after-expiry"
        case afterRevocation = "after-revocation"
        /// Under a grant for an emergency, by an account for emergencies, or by a root user.
        case breakGlass = "break-glass"
        /// No grant of theirs has to do with it.
        case unbrokered
        /// By a program or a provider's service, to which nobody grants anything.
        case machine
    }

    /// A privileged act in full.
    package struct Act: Sendable {
        package var time: Timestamp
        package var uid: String
        package var operation = ""
        package var system = ""
        package var account = ""
        package var role = ""
        package var resource = ""
        package var userUID = ""
        package var userName = ""
        package var userEmail = ""
        package var session = ""
        package var privilege: Privilege
        package var isRoot = false
        var acting = CredentialKey.none
        /// Who the event itself says is behind it, and what kind of doer that is.
        var human = ""
        var nature: Nature?
        /// The grant that the broker itself says it was done under.
        var under: Int?

        /// The human by attribution, else what the record calls the principal.
        package var who = ""
        package var label = Label.unbrokered
        /// The grant that covers it, or that it misses: a place in `grants`.
        package var grant: Int?
        /// How far it is from the grant, where it is before or after it.
        package var distance: Duration?
        /// What they asked for and were refused, within `GrantPolicy.near` before.
        package var refused: Int?
        /// Nobody may do this here without a grant.
        package var isBrokeredPlace = false

        init(time: Timestamp, uid: String, operation: String, system: String, privilege: Privilege) {
            self.time = time
            self.uid = uid
            self.operation = operation
            self.system = system
            self.privilege = privilege
        }

        init(_ act: GrantAct) {
            self.init(
                time: act.time, uid: act.uid, operation: act.operation, system: act.system,
                privilege: act.privilege)
            account = act.account
            role = act.role
            resource = act.resource
            userUID = act.userUID
            userName = act.userName
            userEmail = act.userEmail
            session = act.session
            isRoot = act.isRoot
            acting = act.acting
            human = act.human
            nature = act.nature
        }

        var place: GrantCover.Place {
            GrantCover.Place(system: system, account: account, role: role, resource: resource)
        }
    }

    /// A grant with what is to be said of it.
    package struct Reviewed: Sendable {
        package var grant: GrantHistory
        /// Acts that it covers, and the broker's own records of its use within its time.
        package var acts = 0
        package var firstUse: Timestamp?
        package var lastUse: Timestamp?
        package var flags: [Flag] = []
    }

    /// What of a grant is not as it should be.
    package enum Flag: Hashable, Sendable {
        case unused
        /// It gives more than was used; says what.
        case wider(String)
        /// Approved by who asked for it.
        case selfApproved(uid: String)
        /// Approved by another account in the very session, or from the very address, that it was asked from.
        case sameHands(uid: String, String)
        /// The n-th in a row without a break.
        case renewed(Int)
        case emergencyWithoutTicket
        case tooLong(Duration)
        /// Used though no approval was seen.
        case approvalNotSeen
        case usedThoughRefused(uid: String)
        case usedAfterEnd(Int)
        /// It has no end.
        case standing
    }

    /// A session that went on after the grant it began under.
    package struct Outliving: Sendable {
        package var grant: Int
        package var session: String
        package var act: Act
        /// Its first act of all, and its last.
        package var first: Timestamp
        package var last: Timestamp
        /// Acts after the end.
        package var acts: Int
        package var uids: [String]
        package var revocation: [String]
    }

    /// Uids of acts shown for one session.
    static let uidsMax = 20

    package private(set) var acts: [Act] = []
    package internal(set) var grants: [Reviewed] = []
    package internal(set) var sessions: [Outliving] = []
    package let policy: GrantPolicy
    /// The newest time that the book knows of.
    package let latest: Timestamp
    /// Facts before may be forgotten, so acts before `near` after it may lack their grant.
    package let forgottenBefore: Timestamp?

    package init(_ book: GrantBook, _ attributor: Attributor?, _ policy: GrantPolicy) {
        self.init(book, GrantPeople(attributor), policy)
    }

    init(_ book: GrantBook, _ people: GrantPeople, _ policy: GrantPolicy) {
        var book = book
        var people = people
        book.settle()
        self.policy = policy
        latest = book.latest
        forgottenBefore = book.forgottenBefore
        let histories = GrantHistory.all(book.phases)
        grants = histories.map { Reviewed(grant: $0) }
        acts = Self.acts(book, histories)
        label(&people)
        judge(people)
        sessions = outliving()
    }

    private static func acts(_ book: GrantBook, _ histories: [GrantHistory]) -> [Act] {
        var acts = book.acts.map { Act(book.act($0)) }
        for (place, history) in histories.enumerated() {
            for use in history.uses {
                let name = use.grant.requester ?? use.grant.target ?? history.target ?? history.requester
                var act = Act(
                    time: use.time, uid: use.uid, operation: "use", system: use.system, privilege: .session)
                act.account = use.grant.account?.uid ?? ""
                act.resource = use.grant.resources.first.flatMap { $0.name ?? $0.uid } ?? ""
                act.userUID = name?.uid ?? ""
                act.userName = name?.name ?? ""
                act.userEmail = name?.email ?? ""
                act.under = place
                acts.append(act)
            }
        }
        return acts.sorted { ($0.time, $0.uid) < ($1.time, $1.uid) }
    }

    // MARK: Labels

    private mutating func label(_ people: inout GrantPeople) {
        var byKey: [String: [Int]] = [:]
        for (place, reviewed) in grants.enumerated() {
            let grant = reviewed.grant
            let keys =
                grant.isGroup ? ["group"] : people.keys(of: grant.target ?? grant.requester, in: grant.system)
            for key in keys { byKey[key, default: []].append(place) }
        }
        let cover = GrantCover(policy, grants.map(\.grant))
        for place in acts.indices {
            var act = acts[place]
            let doer = people.doer(act)
            act.who = doer?.name ?? [act.userEmail, act.userUID, act.userName].first { !$0.isEmpty } ?? ""
            var candidates: Set<Int> = []
            for key in people.keys(of: act) { candidates.formUnion(byKey[key] ?? []) }
            if !act.role.isEmpty { candidates.formUnion(byKey["group"] ?? []) }
            label(&act, candidates.sorted(), cover, doer?.nature)
            acts[place] = act
        }
    }

    private func label(_ act: inout Act, _ candidates: [Int], _ cover: GrantCover, _ nature: Nature?) {
        act.isBrokeredPlace = policy.isBrokered(system: act.system, account: act.account, role: act.role)
        var search = GrantSearch(act.time, policy)
        if let under = act.under {
            search.take(under, grants[under].grant, .covers)
        } else {
            for place in candidates where search.isNear(grants[place].grant) {
                let grant = grants[place].grant
                let fit = cover.fit(grant, act.place)
                // Who is in a group no log tells: its grant covers whoever acts in just that role.
                if grant.isGroup, fit != .covers { continue }
                search.take(place, grant, fit)
            }
        }
        act.refused = search.refused
        if let place = search.within {
            act.grant = place
            act.label = grants[place].grant.isEmergency ? .breakGlass : .inGrant
            return
        }
        if act.isRoot || nature == .root
            || policy.isBreakGlass([act.userUID, act.userEmail, act.userName, act.role, act.who])
        {
            act.label = .breakGlass
            return
        }
        if let missed = search.missed {
            act.grant = missed.grant
            act.label = missed.label
            act.distance = missed.distance
        } else if let place = search.elsewhere {
            act.grant = place
            act.label = .outOfScope
        } else {
            let isNobody = act.userUID.isEmpty && act.userName.isEmpty && act.userEmail.isEmpty
            act.label = nature == .service || nature == .workload || isNobody ? .machine : .unbrokered
        }
    }
}

/// The grant that an act belongs to, among those of who did it.
struct GrantSearch {
    private let time: Timestamp
    private let policy: GrantPolicy
    /// The one that covers the act: of several the one that began last.
    private(set) var within: Int?
    private(set) var missed: (grant: Int, label: GrantReview.Label, distance: Duration)?
    /// One that was open at the time, for something else.
    private(set) var elsewhere: Int?
    private(set) var refused: Int?
    private var start = Timestamp.distantPast
    private var elsewhereStart = Timestamp.distantPast
    private var refusal = Timestamp.distantPast

    init(_ time: Timestamp, _ policy: GrantPolicy) {
        self.time = time
        self.policy = policy
    }

    func isNear(_ grant: GrantHistory) -> Bool {
        if let refused = grant.refused, refused <= time, time - refused <= policy.near { return true }
        return grant.windows.contains { window in
            window.start - policy.lead <= time && time <= (window.end ?? .distantFuture) + policy.near
        }
    }

    mutating func take(_ place: Int, _ grant: GrantHistory, _ fit: GrantCover.Fit) {
        if fit == .unrelated { return }
        if let refused = grant.refused, refused <= time, time - refused <= policy.near, refused > refusal {
            refusal = refused
            self.refused = place
        }
        for window in grant.windows {
            let end = window.end ?? .distantFuture
            let isOpen = window.start - policy.skew <= time && time <= end + policy.skew
            if isOpen, fit == .covers {
                if within == nil || window.start > start {
                    within = place
                    start = window.start
                }
            } else if isOpen {
                if elsewhere == nil || window.start > elsewhereStart {
                    elsewhere = place
                    elsewhereStart = window.start
                }
            } else if fit == .covers {
                miss(place, window)
            }
        }
    }

    private mutating func miss(_ place: Int, _ window: GrantHistory.Window) {
        let label: GrantReview.Label
        let distance: Duration
        if let end = window.end, time > end {
            label = window.ending == .revoked || window.ending == .ended ? .afterRevocation : .afterExpiry
            distance = time - end
        } else {
            label = .beforeStart
            distance = window.start - time
        }
        guard distance <= (label == .beforeStart ? policy.lead : policy.near) else { return }
        // The nearest; of two as near the one that is over.
        if let missed, missed.distance < distance || missed.distance == distance && label == .beforeStart {
            return
        }
        missed = (place, label, distance)
    }
}
