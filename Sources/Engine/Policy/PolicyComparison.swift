/// What changed between two AWS policy documents, by meaning.
///
/// The order asked is the *contextual* one: the old policy allows no more than the new one, whatever other policies
/// stand beside them. So what one allows and does not deny must be allowed by the other, and what the other denies must
/// be denied by the one: a denial that is dropped is access gained as soon as something else allows it. The *isolated*
/// order, of what the documents allow by themselves, is told beside it.
package struct PolicyComparison: Sendable {
    package enum Verdict: String, Sendable {
        case equal, narrowed, widened, incomparable

        init(gained: Bool, lost: Bool) {
            self = gained ? (lost ? .incomparable : .widened) : (lost ? .narrowed : .equal)
        }
    }

    package enum Method: String, Sendable {
        /// Each difference has a request that shows it; where there is none, none can exist.
        case exact
        /// As much is known, of a part of it from a solver.
        case solver
        /// A part could not be decided, and counts as widened.
        case undecided
    }

    /// What one of the two has that the other has not.
    package struct Direction: Sendable {
        /// A request that is allowed on the one side alone.
        package var allowed: PolicyWitness?
        /// A request that is denied on the other side alone; needs something else that allows it.
        package var undenied: PolicyWitness?
        package var isUndecided = false
        /// Whether a solver's answer stands where the procedure of our own had none.
        package var isSettled = false
        /// Where the readings of `*` do not agree.
        package var differsByReading = false

        package var isGap: Bool { allowed != nil || undenied != nil }
    }

    package var old: AccessPolicy
    package var new: AccessPolicy
    package var place: AccessPolicy.Place
    package var gained = Direction()
    package var lost = Direction()
    let principals: [RequestPrincipal]
    var catalogue: ActionCatalogue?

    /// Gaps of one kind that are tried before a direction is given up as undecided.
    static let attemptsMax = 24
    /// Statements on the right of one question, and statements times principals.
    private static let statementsMax = 20_000
    private static let mentionsMax = 4_000_000
    /// With more statements than this, those that both sides have word for word are left out first.
    private static let repeatsMin = 1_000
    /// Statements that the other side has not word for word; of small documents all, which is as fast.
    private let own: (old: [PolicyStatement], new: [PolicyStatement])

    package init(
        old: AccessPolicy, new: AccessPolicy, place: AccessPolicy.Place, catalogue: ActionCatalogue? = nil
    ) {
        self.old = old
        self.new = new
        self.place = place
        self.catalogue = catalogue
        own = Self.own(old.statements, new.statements)
        principals =
            place == .identity ? [RequestPrincipal("")] : PrincipalList(old.statements + new.statements).all
        gained = direction(isGained: true)
        lost = direction(isGained: false)
    }

    /// In every context; what is undecided counts as widened.
    package var verdict: Verdict {
        Verdict(gained: gained.isGap || gained.isUndecided, lost: lost.isGap || isLossUnproved)
    }

    /// Of the documents by themselves.
    package var isolated: Verdict {
        let isUnproved = lost.isUndecided && gained.allowed == nil && !gained.isUndecided
        return Verdict(
            gained: gained.allowed != nil || gained.isUndecided, lost: lost.allowed != nil || isUnproved)
    }

    /// Nothing was gained and nothing seen to be lost, and yet that it is the same is not proved.
    var isLossUnproved: Bool { lost.isUndecided && !gained.isGap && !gained.isUndecided }

    package var method: Method {
        let isOpen = (gained.isUndecided && !gained.isGap) || (lost.isUndecided && !lost.isGap)
        return isOpen ? .undecided : gained.isSettled || lost.isSettled ? .solver : .exact
    }

    // MARK: Directions

    /// The side that may have more, and the other.
    func sides(isGained: Bool) -> (more: AccessPolicy, less: AccessPolicy) {
        isGained ? (new, old) : (old, new)
    }

    /// The questions of a direction: boxes, and what must cover them.
    enum Question: CaseIterable {
        /// Allowed by the one side, and neither allowed by the other nor denied by the one.
        case allowed
        /// Allowed by the one side, and denied by the other alone.
        case overruled
        /// Denied by the other side alone.
        case undenied
    }

    func boxes(_ question: Question, _ reading: ResourceReading, isGained: Bool) -> [AccessBox]? {
        let more = sides(isGained: isGained).more
        let (ofMore, ofLess) = isGained ? (own.new, own.old) : (own.old, own.new)
        // What both sides have lies inside the other side's.
        let denials = ofLess.filter { !$0.isAllow }
        switch question {
        case .allowed: return boxes(ofMore.filter(\.isAllow))
        case .undenied: return boxes(denials)
        case .overruled:
            guard !denials.isEmpty else { return [] }
            let allowing = boxes(more.statements.filter(\.isAllow))
            let denying = boxes(denials)
            guard allowing.count * denying.count <= 4_096 else { return nil }
            var both: [AccessBox] = []
            for allow in allowing {
                for deny in denying {
                    guard let box = allow.intersection(deny, reading) else { return nil }
                    if !box.actions.isEmpty, !box.resources.isEmpty { both.append(box) }
                }
            }
            return both
        }
    }

    private func boxes(_ statements: [PolicyStatement]) -> [AccessBox] {
        statements.map { statement in
            var set = StatementSet()
            for (number, principal) in principals.enumerated() where statement.concerns(principal: principal)
            {
                set.insert(number)
            }
            return AccessBox(statement, principals: set)
        }
    }

    func covering(_ question: Question, isGained: Bool) -> [PolicyStatement] {
        let (more, less) = sides(isGained: isGained)
        let denials = more.statements.filter { !$0.isAllow }
        return question == .allowed ? less.statements.filter(\.isAllow) + denials : denials
    }

    private func direction(isGained: Bool) -> Direction {
        var direction = Direction()
        for question in Question.allCases {
            // Of the documents alone it matters only who wins where both have a say.
            if question == .overruled, direction.allowed != nil { continue }
            var answers: [Bool] = []
            for reading in ResourceReading.allCases {
                let result = ask(question, reading, isGained: isGained)
                if let witness = result.witness {
                    if question == .undenied {
                        direction.undenied = witness
                    } else {
                        direction.allowed = witness
                    }
                }
                if result.isUndecided { direction.isUndecided = true }
                answers.append(result.witness != nil || result.isUndecided)
                if reading == .segment, !result.readingsDiffer { break }
                if result.witness != nil, reading == .segment { break }
            }
            if answers.count == 2, answers[0] != answers[1] { direction.differsByReading = true }
        }
        return direction
    }

    private func ask(
        _ question: Question, _ reading: ResourceReading, isGained: Bool
    ) -> (witness: PolicyWitness?, isUndecided: Bool, readingsDiffer: Bool) {
        let rights = covering(question, isGained: isGained)
        guard !isTooLarge(rights), let boxes = boxes(question, reading, isGained: isGained) else {
            return (nil, true, false)
        }
        guard !boxes.isEmpty else { return (nil, false, false) }
        var inclusion = PolicyInclusion(rights, reading, principals: principals)
        var maker = WitnessMaker(self)
        var attempts = 0
        var isUndecided = false
        let isLarge = rights.count > Self.repeatsMin
        for box in boxes where isLarge || !inclusion.repeats(box) {
            // The first gap is nearly always confirmed; only then are more of them looked for.
            for most in [1, Self.attemptsMax] {
                let gaps = inclusion.gaps(box, max: most).dropFirst(most == 1 ? 0 : 1)
                for gap in gaps {
                    let request = maker.request(gap) { shows($0, question, gap.reading, isGained: isGained) }
                    if let request {
                        let witness = witness(request, gap.reading, isGained: isGained)
                        return (witness, false, inclusion.readingsDiffer)
                    }
                    isUndecided = true
                    attempts += 1
                    if attempts >= Self.attemptsMax { return (nil, true, inclusion.readingsDiffer) }
                }
                if gaps.isEmpty { break }
            }
            if inclusion.isUndecided, isUndecided { break }
        }
        return (nil, isUndecided || inclusion.isUndecided, inclusion.readingsDiffer)
    }

    /// Whether the evaluator sees the difference in this request.
    func shows(
        _ request: PolicyRequest, _ question: Question, _ reading: ResourceReading, isGained: Bool
    ) -> Bool {
        let (more, less) = sides(isGained: isGained)
        let prepared = PreparedRequest(request, reading)
        let one = more.decision(prepared).0
        let other = less.decision(prepared).0
        return switch question {
        case .allowed: one == .allow && other != .allow
        case .overruled: one == .allow && other == .deny
        case .undenied: one != .deny && other == .deny
        }
    }

    func witness(_ request: PolicyRequest, _ reading: ResourceReading, isGained: Bool) -> PolicyWitness {
        let prepared = PreparedRequest(request, reading)
        let before = old.decision(prepared)
        let after = new.decision(prepared)
        // What allows now; or what denied, where that is what changed.
        let showsNew = after.1 != nil && (isGained == (after.0 == .allow))
        return PolicyWitness(
            request: request, before: before.0, after: after.0,
            statement: showsNew ? after.1 : before.1 ?? after.1,
            isNewStatement: showsNew || before.1 == nil, reading: reading)
    }

    /// Whether there is too much on the right of a question to be looked at.
    func isTooLarge(_ rights: [PolicyStatement]) -> Bool {
        rights.count > Self.statementsMax || rights.count * principals.count > Self.mentionsMax
    }

    private static func own(
        _ old: [PolicyStatement], _ new: [PolicyStatement]
    ) -> (old: [PolicyStatement], new: [PolicyStatement]) {
        guard old.count + new.count > repeatsMin else { return (old, new) }
        let (oldKeys, newKeys) = (old.map { Repeat($0) }, new.map { Repeat($0) })
        let (ofOld, ofNew) = (Set(oldKeys), Set(newKeys))
        return (
            zip(old, oldKeys).filter { !ofNew.contains($1) }.map(\.0),
            zip(new, newKeys).filter { !ofOld.contains($1) }.map(\.0)
        )
    }

    private struct Repeat: Hashable {
        var isAllow: Bool
        var actions: Set<String>
        var exceptActions: Set<String>
        var isActionComplement: Bool
        var resources: Set<ResourcePattern>
        var isResourceComplement: Bool
        var principals: Set<PrincipalPattern>
        var isPrincipalComplement: Bool
        var conditions: String

        init(_ statement: PolicyStatement) {
            isAllow = statement.isAllow
            actions = Set(statement.actions.elements.map(\.folded))
            exceptActions = Set(statement.exceptActions.map(\.folded))
            isActionComplement = statement.actions.isComplement
            resources = Set(statement.resources.elements)
            isResourceComplement = statement.resources.isComplement
            principals = Set(statement.principals.elements)
            isPrincipalComplement = statement.principals.isComplement
            conditions = statement.conditionKey
        }
    }
}

/// Principals of whom one stands for all that two policies cannot tell apart.
struct PrincipalList {
    static let max = 4_096
    private(set) var all: [RequestPrincipal] = []
    private var seen = Set<String>()

    init(_ statements: [PolicyStatement]) {
        for statement in statements {
            for pattern in statement.principals.elements { add(pattern) }
        }
        for text in [
            "anonymous", "arn:aws:iam::999988887777:role/example", "example.amazonaws.com", "example.com",
        ] { add(text) }
    }

    private mutating func add(_ text: String) {
        guard all.count < Self.max, seen.insert(text).inserted else { return }
        all.append(RequestPrincipal(text))
    }

    private mutating func add(_ pattern: PrincipalPattern) {
        switch pattern {
        case .everyone: break
        case .account(let account): add("arn:aws:iam::\(account):role/example")
        case .service(let name), .federated(let name), .canonical(let name): add(name)
        case .arn(let arn):
            add(arn)
            let principal = RequestPrincipal(arn)
            guard let account = principal.account else { return }
            add("arn:aws:iam::\(account):role/example")
            if principal.kind == .role, let role = principal.roleName {
                add("arn:aws:sts::\(account):assumed-role/\(role)/example")
            }
        }
    }
}
